"""The purposes for which the model thinks before it answers, as set by `MODEL_THINKING`."""

from __future__ import annotations

from typing import Literal

import settings

Purpose = Literal["chat", "title", "summary", "diary", "week", "check", "memory"]


def is_wanted(purpose: Purpose) -> bool:
    """Return whether the model thinks for this purpose; it never does for a title, a second reading or a memory text, whose answers are
    a few words each."""
    return purpose in settings.current().model_thinking
