"""Health check of database and model, for monitors and for operators of a new installation. It raises no error and shows no secret."""
from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import settings
from persistence import database
from persistence.errors import DatabaseError
from persistence.models.enums import PauseKind
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF, list_pauses

DATABASE_SECONDS = 5.0
"""Seconds; a monitor's own timeout is commonly ten."""
OFFLINE = "OFFLINE"
OFFLINE_MODEL = "unilife-offline"


class HealthStatus(enum.Enum):
    OK = "OK"
    DATABASE_UNREACHABLE = "DATABASE_UNREACHABLE"
    DATABASE_NOT_MIGRATED = "DATABASE_NOT_MIGRATED"


class ModelState(enum.Enum):
    """The state of the model's provider."""

    OK = "OK"
    KEY_REJECTED = "KEY_REJECTED"
    NAME_REJECTED = "NAME_REJECTED"
    BALANCE_EMPTY = "BALANCE_EMPTY"
    REFUSED = "REFUSED"
    SWITCHED_OFF = "SWITCHED_OFF"
    UNKNOWN = "UNKNOWN"


MODEL_STATES = {
    None: ModelState.OK,
    MODEL_SWITCHED_OFF: ModelState.SWITCHED_OFF,
    "MODEL_UNAUTHORIZED": ModelState.KEY_REJECTED,
    "MODEL_NOT_FOUND": ModelState.NAME_REJECTED,
    "MODEL_QUOTA_EXCEEDED": ModelState.BALANCE_EMPTY,
}
"""States by the reason of the model's pause; any other reason is REFUSED."""


@dataclass(frozen=True)
class Health:
    """The health of the database and the model.

    `model` is the host of the model's endpoint, or OFFLINE for the offline model; `model_paused` is the reason of its pause, or None.
    `model_state` is the same as an enum. It is UNKNOWN when the database cannot be read.
    """

    status: HealthStatus
    version: str
    database_reachable: bool
    migrations_current: bool
    model: str
    model_paused: str | None
    model_state: ModelState

    @property
    def healthy(self) -> bool:
        return self.status is HealthStatus.OK


async def check() -> Health:
    """Return the current health. The model is not called, because every check would cost money."""
    with database.urgently():
        status = await _database_status()
        paused, state = await _model_state() if status is HealthStatus.OK else (None, ModelState.UNKNOWN)
    return Health(
        status,
        settings.VERSION,
        database_reachable=status is not HealthStatus.DATABASE_UNREACHABLE,
        migrations_current=status is HealthStatus.OK,
        model=_model(),
        model_paused=paused,
        model_state=state,
    )


async def _database_status() -> HealthStatus:
    try:
        current = await asyncio.wait_for(database.is_schema_compatible(), DATABASE_SECONDS)
    except Exception:
        return HealthStatus.DATABASE_UNREACHABLE
    return HealthStatus.OK if current else HealthStatus.DATABASE_NOT_MIGRATED


async def _model_state() -> tuple[str | None, ModelState]:
    """Return why the model is paused, as a code and as a state. The texts of admins and of the provider are shown only to admins (`nights`)."""
    if not settings.current().model_enabled:
        return MODEL_SWITCHED_OFF, ModelState.SWITCHED_OFF
    try:
        async with database.connection() as connection:
            pauses = await list_pauses(connection)
    except DatabaseError:
        return None, ModelState.UNKNOWN
    reasons = {pause.kind: MODEL_SWITCHED_OFF if pause.kind is PauseKind.SWITCH else pause.reason for pause in pauses}
    reason = reasons.get(PauseKind.SWITCH) or reasons.get(PauseKind.MODEL)
    return reason, MODEL_STATES.get(reason, ModelState.REFUSED)


def _model() -> str:
    """Return only the host name of the endpoint: its URL may contain a password or a key."""
    current = settings.current()
    host = urlsplit(current.deepseek_base_url).hostname or ""  # the settings accept no URL without a host
    return OFFLINE if current.deepseek_model == OFFLINE_MODEL and _is_loopback(host) else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
