"""Rows of several users with the same ids. The keys allow them, so that a statement that compares ids without their owner is noticed."""
from __future__ import annotations

from sqlalchemy import text

from persistence import database
from persistence.models import User

TABLES = ("conversations", "messages", "diaries", "diary_versions", "diary_lines", "line_evidence", "signals", "signal_evidence", "profile_values")
"""The tables of a user's diaries and profile, each after those that it references."""


async def copy_rows(user: User, *others: User) -> None:
    """Store each row of the user, with its id, for other users too."""
    async with database.transaction() as session:
        for other in others:
            for table in TABLES:
                copied = f"jsonb_populate_record(null::{table}, to_jsonb(own) || jsonb_build_object('user_id', cast(:other as text)))"
                statement = text(f"insert into {table} select ({copied}).* from {table} own where user_id = :own")
                await session.execute(statement, {"own": user.id, "other": str(other.id)})
