"""Pieces of exported files, and the sessions that read them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from persistence import database
from persistence.database import Session
from persistence.queries import portability as stored

PAGE_ROWS = 100
"""Rows that are read at once: with the longest texts a few megabytes."""

Position: TypeAlias = "tuple[Any, Sequence[Any] | None]"
"""The table or day that a file continues with, and the key of the last row of it that was written."""
Sessions: TypeAlias = "Callable[[], AbstractAsyncContextManager[Session]]"
"""Opens the session for one page: a new one, or always the same one with its snapshot."""


@dataclass(frozen=True)
class Piece:
    """The next text of the file `name`; `then` is the position after it, None at the export's end."""

    name: str
    text: str
    then: Position | None


Pieces: TypeAlias = "AsyncGenerator[Sequence[Piece]]"


@dataclass
class State:
    """The digests of a user's rows when the export began."""

    user_id: UUID
    before: Mapping[str, str]
    changed: list[str] | None = None
    """The tables that had changed when they were last compared."""

    async def list_changed(self, sessions: Sessions) -> list[str]:
        """Return the tables whose rows have changed since the export began."""
        now = (await measure(self.user_id, sessions)).before
        self.changed = sorted(name for name, digest in now.items() if self.before[name] != digest)
        return self.changed


async def measure(user_id: UUID, sessions: Sessions) -> State:
    """Read all of a user's rows once. The caller's limit for a statement does not apply: the time grows with the account."""
    with database.without_time_limit():
        async with sessions() as session:
            return State(user_id, await stored.measure_state(session, user_id))


@asynccontextmanager
async def open_snapshot() -> AsyncIterator[Sessions]:
    """Yield sessions that all see the state of the first statement. They hold a connection, so this is not for a slow reader."""
    async with database.transaction(snapshot=True) as session:

        @asynccontextmanager
        async def same() -> AsyncIterator[Session]:
            yield session

        yield same
