"""For which purposes the model thinks before it answers, by `MODEL_THINKING`."""

from __future__ import annotations

from typing import Literal

import settings

Purpose = Literal["chat", "title", "summary", "diary", "week"]


def wanted(purpose: Purpose) -> bool:
    """A title is never worth a thought."""
    return purpose != "title" and purpose in settings.current().model_thinking
