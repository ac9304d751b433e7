"""Seeds of the delimiters in prompts, derived from JWT_SECRET_KEY: one for each conversation, and one for all job prompts of a version.

A delimiter that stays the same lets the provider's prompt cache serve the text behind it. A new JWT_SECRET_KEY changes only the delimiters.
"""

from __future__ import annotations

from uuid import UUID

import settings
from llm import delimiters


def conversation_seed(conversation_id: UUID) -> bytes:
    return _seed("conversation", str(conversation_id))


def prompt_seed(version: str) -> bytes:
    """Return the seed of a prompt version such as "diary/5", which is the same for all users."""
    return _seed("prompt", version)


def _seed(*scope: str) -> bytes:
    return delimiters.seed(settings.current().jwt_secret_key.reveal(), *scope)
