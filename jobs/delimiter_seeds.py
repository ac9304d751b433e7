"""Seeds of the borders in prompts, derived from JWT_SECRET_KEY: one for each conversation, one for all nightly prompts of a version.

A border that stays the same lets the provider's cache serve the text behind it. A new JWT_SECRET_KEY only changes the borders.
"""

from __future__ import annotations

from uuid import UUID

import settings
from llm import delimiters


def conversation_seed(conversation_id: UUID) -> bytes:
    return _seed("conversation", str(conversation_id))


def prompt_seed(version: str) -> bytes:
    """Return the seed of a prompt that is equal for everybody, such as "diary/2"."""
    return _seed("prompt", version)


def _seed(*scope: str) -> bytes:
    return delimiters.seed(settings.current().jwt_secret_key.reveal(), *scope)
