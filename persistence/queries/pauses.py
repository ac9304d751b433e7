"""Why the model is not asked now. Health asks it too, as the first thing in a function's life, so in PostgreSQL's own words."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from persistence.links import Reading
from persistence.models.kinds import PauseKind


@dataclass(frozen=True)
class PresentPause:
    """After `probe_at` one call may try whether it is over; None for what only an admin ends."""

    kind: PauseKind
    reason: str
    since: datetime
    probe_at: datetime | None


async def list_pauses(reading: Reading) -> list[PresentPause]:
    rows = await reading.fetch("select kind, reason, since, probe_at from pauses order by kind")
    return [PresentPause(PauseKind[kind], reason, since, probe_at) for kind, reason, since, probe_at in rows]
