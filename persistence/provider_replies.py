"""The model provider's own words about a refusal, as rows keep them. Loaded by health, so without SQLAlchemy."""
from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class StoredReply(NamedTuple):
    """HTTP status, the provider's error code and message. Each is None where the provider gave none, or where it may not be kept."""

    status: int | None = None
    code: str | None = None
    message: str | None = None

    def __str__(self) -> str:
        return " · ".join(str(part) for part in self if part)

    @property
    def columns(self) -> Mapping[str, object]:
        """Values by column, for the three tables that have these columns."""
        return {"provider_status": self.status, "provider_code": self.code, "provider_message": self.message}


NO_REPLY = StoredReply()
