"""Limits of the texts that users send.

They are apart from resolvers/text_validation.py, because the first page of a new process needs the limits of a search, but validates nothing.
"""
from __future__ import annotations

MAX_CONTENT_LENGTH = 20_000
"""Characters of a message."""
MAX_TITLE_LENGTH = 200
MAX_TAG_LENGTH = 40
MAX_TAGS = 20
"""Tags of one conversation or diary."""
MAX_KEY_LENGTH = 200
"""Characters of an idempotency key."""
MAX_SEARCH_LENGTH = 200
MAX_SEARCH_WORDS = 10
MAX_API_TOKEN_NAME_LENGTH = 60
"""Characters of the name of a personal access token."""
MAX_CLIENT_NAME_LENGTH = 60
"""Characters of the name that a client gives itself at sign-in."""
