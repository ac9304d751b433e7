"""The active pauses of model calls.

Health reads them too, as the first query of a new function instance. To keep the cold start short, the module uses plain SQL and stays small.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from persistence.connection_holder import SupportsFetch
from persistence.models.enums import PauseKind
from persistence.provider_replies import NO_REPLY, StoredReply

MODEL_SWITCHED_OFF = "MODEL_SWITCHED_OFF"
"""The code of calls that are not made because an admin, or MODEL_ENABLED=false, has stopped all use of the model."""


@dataclass(frozen=True)
class ActivePause:
    """A pause of model calls. After `probe_at` one probe call may test whether it is over; None if only an admin can end it.

    `reply` is the provider's error response.
    """

    kind: PauseKind
    reason: str
    since: datetime
    probe_at: datetime | None
    reply: StoredReply = NO_REPLY


async def list_pauses(connection: SupportsFetch) -> list[ActivePause]:
    rows = await connection.fetch("select kind, reason, since, probe_at, provider_status, provider_code, provider_message from model_pauses order by kind")
    return [ActivePause(PauseKind[kind], reason, since, probe_at, StoredReply(*reply)) for kind, reason, since, probe_at, *reply in rows]
