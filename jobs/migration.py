"""The operator's event `{"job": "migrate"}`: the function upgrades the schema itself, for a database that no operator's machine can reach."""
from __future__ import annotations

import asyncio
from typing import Any

import logs
import settings
from jobs.deadline import Deadline
from persistence.database import dispose, engine
from persistence.errors import MigrationFailed
from persistence.migrator import UpgradeResult, upgrade_schema

MARGIN_SECONDS = 3.0
"""Seconds reserved for rolling back before the platform ends the function."""


class MigrationNotAllowed(Exception):
    """The error of a migration by event that the settings do not allow. The message says how to allow it, and how to migrate without it."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__(
            "migrations by event are not allowed; nothing was changed: set MIGRATE_BY_EVENT=true until the migration is done and send the event again, "
            "or run `unilife migrate up` on a machine that can connect to the database"
        )


async def run_migration(deadline: Deadline) -> dict[str, Any]:
    """Upgrade the schema and return a summary in plain JSON values.

    Raises `MigrationNotAllowed`, `MigrationFailed`, `DatabaseUnavailable`; then nothing was changed.
    """
    if not settings.current().migrate_by_event:
        raise MigrationNotAllowed()
    try:
        moved = await asyncio.wait_for(upgrade_schema(engine()), deadline.remaining() - MARGIN_SECONDS)
    except asyncio.TimeoutError:
        raise MigrationFailed(
            "the function's time limit was too short; nothing was changed: raise it, or run `unilife migrate up` on a machine that reaches the database"
        ) from None
    finally:
        await dispose()  # the open connections have cached the earlier schema
    summary = _summary(moved)
    logs.write("schema_upgraded", **summary)
    return summary


def _summary(moved: UpgradeResult) -> dict[str, Any]:
    return {"job": "MIGRATE", "from": moved.before, "to": moved.after, "applied": list(moved.applied), "already_current": not moved.applied}
