"""Why the model is not asked now. Health asks it too, as the first thing in a function's life, so in PostgreSQL's own words."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from persistence.models.enums import PauseKind
from persistence.pool import SupportsFetch
from persistence.provider_replies import NO_REPLY, StoredReply


@dataclass(frozen=True)
class ActivePause:
    """After `probe_at` one call may try whether it is over; None for what only an admin ends. `reply` is the provider's refusal in its own words."""

    kind: PauseKind
    reason: str
    since: datetime
    probe_at: datetime | None
    reply: StoredReply = NO_REPLY


async def list_pauses(reading: SupportsFetch) -> list[ActivePause]:
    rows = await reading.fetch("select kind, reason, since, probe_at, provider_status, provider_code, provider_message from pauses order by kind")
    return [ActivePause(PauseKind[kind], reason, since, probe_at, StoredReply(*reply)) for kind, reason, since, probe_at, *reply in rows]
