"""Fixtures of the chat's tests."""
from __future__ import annotations

from tests.resolvers.chat.chat_setup import model

__all__ = ["model"]
