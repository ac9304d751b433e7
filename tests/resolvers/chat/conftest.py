from __future__ import annotations

from tests.resolvers.chat.scene import model

__all__ = ["model"]
