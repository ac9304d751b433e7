"""The bound on what one person can store: STORAGE_PER_USER."""
from __future__ import annotations

from uuid import UUID

import settings
from persistence import database
from persistence.database import Session
from persistence.queries import storage as counter
from persistence.queries.storage import ROW_BYTES
from resolvers.errors import StorageExceeded


def limit() -> int | None:
    """Return the bytes that one person may store; None for any number."""
    return settings.current().storage_per_user or None


def size(*texts: str | None) -> int:
    """Return the bytes that a row with these texts is counted as."""
    return ROW_BYTES + sum(len(text.encode("utf-8", "surrogatepass")) for text in texts if text)


async def add(session: Session, user_id: UUID, size: int) -> None:
    """Count `size` bytes more within the caller's transaction. Raises `StorageExceeded`."""
    most = limit()
    if await counter.add(session, user_id, size, most):
        return
    assert most is not None, "only a limit refuses"
    if await counter.recount(session, user_id) + size > most:
        raise StorageExceeded(most)
    await counter.add(session, user_id, size, None)


async def has_room(user_id: UUID, size: int) -> bool:
    """Return True when `size` more bytes fit, by a sum over what is there if that was not made lately."""
    most = limit()
    if most is None:
        return True
    async with database.transaction() as session:
        return await counter.recount(session, user_id) + size <= most
