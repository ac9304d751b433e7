"""The limit on the data that one user can store: STORAGE_PER_USER."""
from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import settings
from persistence import database
from persistence.queries import storage as counter
from persistence.queries.row_size import row_size
from resolvers.errors import StorageExceeded

if TYPE_CHECKING:
    from persistence.database import Session


def limit() -> int | None:
    """Return the bytes that one user may store; None for no limit."""
    return settings.current().storage_per_user or None


def size(*texts: str | None) -> int:
    """Return the bytes that are counted for a row with these texts."""
    return row_size(*texts)


async def add(session: Session, user_id: UUID, size: int) -> None:
    """Add `size` bytes to the user's counter within the caller's transaction. Raises `StorageExceeded`."""
    most = limit()
    if await counter.add(session, user_id, size, most):
        return
    assert most is not None, "only a limit refuses"
    if await counter.recount(session, user_id) + size > most:
        raise StorageExceeded(most)
    await counter.add(session, user_id, size, None)


async def has_room(user_id: UUID, size: int) -> bool:
    """Return whether `size` more bytes fit, after recounting the stored rows unless they were recounted recently."""
    most = limit()
    if most is None:
        return True
    async with database.transaction() as session:
        return await counter.recount(session, user_id) + size <= most
