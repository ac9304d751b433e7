"""The model provider's own reply to a failed call, as rows store it. The health check loads this module, so it imports no SQLAlchemy."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class StoredReply(NamedTuple):
    """HTTP status, error code and message of the provider. Each is None if the provider gave none or it must not be stored."""

    status: int | None = None
    code: str | None = None
    message: str | None = None

    def __str__(self) -> str:
        return " · ".join(str(part) for part in self if part)

    @property
    def columns(self) -> Mapping[str, Any]:
        """The values by column name, for the three tables that have these columns."""
        return {"provider_status": self.status, "provider_code": self.code, "provider_message": self.message}


NO_REPLY = StoredReply()
