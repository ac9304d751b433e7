"""The limit on a user's chat tokens per day."""
from __future__ import annotations

from typing import TYPE_CHECKING

import settings

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


def chat_limit(user: AnyUser) -> int | None:
    """Return the user's chat tokens per day: their own limit, else CHAT_TOKENS_PER_DAY; None for no limit."""
    return user.chat_tokens_per_day if user.chat_tokens_per_day is not None else settings.current().chat_tokens_per_day or None
