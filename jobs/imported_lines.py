"""Hashes of lines of memory texts that were imported, by which a second import of the same text adds nothing. Made as those of deleted messages are."""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.deleted_messages import line_digests
from persistence.queries import imported_values as stored

if TYPE_CHECKING:
    from persistence.database import Session


async def find_imported_lines(session: Session, user_id: UUID, lines: Collection[str]) -> frozenset[str]:
    """Return those of the lines that the user imported before."""
    digests = {line: line_digests(user_id, line) for line in lines}
    found = await stored.find_lines(session, user_id, [digest for each in digests.values() for digest in each])
    return frozenset(line for line, each in digests.items() if not found.isdisjoint(each))


async def remember_lines(session: Session, user_id: UUID, lines: Collection[str]) -> None:
    """Store the hashes of lines in the transaction that imports them."""
    await stored.save_lines(session, user_id, [line_digests(user_id, line)[0] for line in lines])
