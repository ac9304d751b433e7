"""Use cases of clients that keep a copy of the user's data: the feed of changes, and the notice that there are new ones."""
from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from contextvars import Context
from datetime import datetime, timezone
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import logs
from persistence import database
from persistence.errors import DatabaseError
from persistence.queries import changes as reading
from persistence.queries.changes import RETENTION, TABLES, Change, Feed, FeedPosition, Snapshot
from persistence.queries.users import get_user

if TYPE_CHECKING:
    from persistence.models import User

STREAM_SECONDS = 900.0
"""Time after which a stream ends and is opened again, with an access token that is valid then."""
POLL_SECONDS = 2.0
"""Interval at which a process asks for all its subscribers together whether their feeds have grown."""
_KINDS = sorted(TABLES)
_FIRST = UUID(int=0)
_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
_USER_BITS = 2**63 - 1
"""The bits of a user's id that are part of their epochs."""


class Cursor(NamedTuple):
    """The state of a client's copy. `epoch` differs between databases, and between users.

    It has the changes of all transactions that were over in the snapshot `since`, and of those that were in `until` the ones up to `position`.
    While it gets its first copy, `copied` is the last object of it.
    """

    epoch: int
    at: datetime
    since: Snapshot
    until: Snapshot | None = None
    position: FeedPosition = FeedPosition()
    copied: tuple[str, UUID] | None = None


class ChangePage(NamedTuple):
    """A page of changes; with `anew` it begins a new copy, and the client discards what it has."""

    changes: Sequence[Change]
    cursor: Cursor
    has_more: bool
    anew: bool


async def list_changes(user_id: UUID, cursor: Cursor | None, limit: int) -> ChangePage:
    """Return the next page for the user's copy: all objects for a client without a copy, then the changes.

    A client whose cursor is of another user or database, ahead of the database, or older than `RETENTION` begins anew.
    """
    async with database.connection() as session:
        wanted = limit + 1 if cursor and not cursor.copied else 0
        since = cursor or Cursor(0, _NEVER, Snapshot(1))
        feed = await reading.list_changes(session, user_id, since.since, since.until, since.position, wanted)
        epoch = feed.epoch ^ (user_id.int & _USER_BITS)
        anew = cursor is None or since.epoch != epoch or since.since.end > feed.snapshot.end or since.at < feed.at - RETENTION
        if anew:
            since = Cursor(epoch, feed.at, feed.snapshot, copied=(_KINDS[0], _FIRST))
        if since.copied is None:
            return _page_of(feed, since, limit)
        copied = await _list_objects(session, user_id, since.copied, limit)
    last = (copied[-1].kind, copied[-1].id) if len(copied) == limit else None
    return ChangePage(copied, since._replace(copied=last), True, anew)


def _page_of(feed: Feed, since: Cursor, limit: int) -> ChangePage:
    """Return a page of the feed. The first page fixes the snapshot up to which the next pages go; the changes since then follow on later pages."""
    until, shown = since.until or feed.snapshot, feed.changes[:limit]
    if len(feed.changes) > limit:
        position = FeedPosition(shown[-1].changed_in, shown[-1].kind, shown[-1].id)
        return ChangePage(shown, since._replace(until=until, position=position), True, False)
    return ChangePage(shown, Cursor(since.epoch, since.at if since.until else feed.at, until), since.until is not None, False)


async def _list_objects(session: database.SupportsFetch, user_id: UUID, after: tuple[str, UUID], limit: int) -> list[Change]:
    """Return the user's objects after one of them, in the order of their types and ids."""
    kind, id = after
    found: list[Change] = []
    for name in _KINDS[_KINDS.index(kind) :]:
        ids = await reading.list_ids(session, user_id, name, id if name == kind else _FIRST, limit - len(found))
        found += [Change(name, id, 0, False) for id in ids]
        if len(found) == limit:
            break
    return found


class _Watch:
    """A task of this process that asks for the feeds of all subscribed users while there are any."""

    def __init__(self) -> None:
        self._subscribers: dict[UUID, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()

    async def follow(self, user_id: UUID) -> AsyncGenerator[None, None]:
        """Yield once as soon as nothing that changes from then on can be missed, and then whenever the user's feed has grown."""
        grown = asyncio.Event()
        self._subscribers.setdefault(user_id, set()).add(grown)
        if self._task is None:
            self._begun = asyncio.Event()
            self._task = Context().run(asyncio.ensure_future, self._poll())  # its statements are no user's
        try:
            await self._begun.wait()
            while True:
                yield
                await grown.wait()
                grown.clear()
        finally:
            self._leave(user_id, grown)

    def _leave(self, user_id: UUID, grown: asyncio.Event) -> None:
        events = self._subscribers[user_id]
        events.discard(grown)
        if not events:
            del self._subscribers[user_id]
        if not self._subscribers and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _poll(self) -> None:
        since: reading.Snapshot | None = None
        while True:
            try:
                async with database.connection() as session:
                    now = await reading.find_snapshot(session)
                    changed = await reading.list_changed_users(session, list(self._subscribers), since) if since else []
            except DatabaseError as error:  # the streams stay open: a later poll finds what changed meanwhile
                logs.write("changes_poll_failed", level="WARNING", error_code=error.code)
            else:
                since = now
                self._begun.set()
                for grown in chain.from_iterable(self._subscribers.get(user_id, ()) for user_id in changed):
                    grown.set()
            await asyncio.sleep(POLL_SECONDS)


_watch = _Watch()


async def follow(user_id: UUID) -> AsyncGenerator[None, None]:
    """Yield at once and then whenever the user's feed has grown, for `STREAM_SECONDS`."""
    end = time.monotonic() + STREAM_SECONDS
    async with aclosing(_watch.follow(user_id)) as changes:
        with suppress(asyncio.TimeoutError, StopAsyncIteration):
            while True:
                await asyncio.wait_for(anext(changes), max(0.0, end - time.monotonic()))
                yield


async def load_user(user_id: UUID) -> User:
    """Return the user as stored now, not as read when the request began."""
    async with database.session() as session:
        return await get_user(session, user_id)
