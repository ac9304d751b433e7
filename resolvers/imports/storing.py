"""Storage of read conversations, batch by batch: an interrupted import keeps what it stored, and a repeated one adds only what is new.

The same code previews an import: it counts what would come, and estimates what the nightly jobs would use for the days that it touches.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

from jobs.deleted_messages import leave_out_deleted
from jobs.memory_policy import policy_of
from jobs.rules.day import day_bounds
from jobs.token_estimates import estimate_diaries
from llm.usage import Cost
from persistence import database
from persistence.database import Session
from persistence.models.chat import MessageRole
from persistence.models.enums import Learning
from persistence.queries import storage
from persistence.queries.chat_import import ImportedMessage, find_stored_keys, import_messages
from persistence.queries.erasure_counts import lock_erasure_counts
from persistence.queries.profile_writes import lock_user
from resolvers import storage_quota
from resolvers.errors import Unauthenticated
from resolvers.imports.day_assignment import Clock, assign_days
from resolvers.imports.records import ParsedConversation, ReadReport, Record, Suggestion

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

BATCH_SIZE = 500
"""Minimum messages per transaction; a conversation is never split between two."""

DELETED = "deleted by the user earlier"
"""The reason for leaving out a message, and the answer to it."""

Advance = Callable[[int], None]


@dataclass
class ImportSummary:
    """The result of an import, or its preview: conversations, messages, days with new messages of the user, values that a memory text suggests, and why
    others were left out.

    `size` is what the new rows count against the storage limit. `tokens` and `cost` estimate the diaries of `days` and the reviews of their weeks;
    they are known for a preview only.
    """

    conversations: int = 0
    messages: int = 0
    already_there: int = 0
    days: set[date] = field(default_factory=set)
    report: ReadReport = field(default_factory=ReadReport)
    suggestions: list[Suggestion] = field(default_factory=list)
    size: int = 0
    tokens: int = 0
    cost: Cost | None = None


async def store(
    user: AnyUser, conversations: Iterable[ParsedConversation], *, due: bool = True, counted: bool = False, advance: Advance = lambda number: None
) -> ImportSummary:
    """Store the messages that are not stored yet, and make their days due for the nightly jobs if `due`.

    `counted` adds the new rows to the user's storage; the caller has checked the limit, so that no import stops half-way. Raises
    `Unauthenticated` if the user was deleted meanwhile.
    """
    done = ImportSummary()
    for batch in _batches(user, conversations, done.report.skipped):
        async with database.transaction() as session:
            await lock_erasure_counts(session, [user.id])  # what is being deleted counts as deleted
            locked = await lock_user(session, user.id)
            if locked is None:
                raise Unauthenticated
            kept = await _without_deleted(session, user, batch, done.report.skipped)
            if counted:
                stored_keys = await find_stored_keys(session, user.id, [message.key for message in kept])
                await storage.add(session, user.id, _size(_first_of_each(kept, stored_keys)), None)
            stored = await import_messages(
                session, user.id, kept, day_bounds=lambda day: day_bounds(day, user.time_zone, user.day_ends_at), due=due,
                learning=find_learning(locked))
        done.conversations += stored.conversations
        done.messages += stored.added
        done.already_there += stored.already_there
        done.days |= stored.days
        advance(len(batch))
    return done


async def preview(user: AnyUser | None, conversations: Iterable[ParsedConversation], clock: Clock) -> ImportSummary:
    """Return the report of `store` without writing. Without a user, nothing is stored yet."""
    found = Preview(user, clock)
    await found.add(conversations)
    return found.finish()


class Preview:
    """A preview that is made of several parts; what an earlier part would add is stored already for a later one."""

    def __init__(self, user: AnyUser | None, clock: Clock) -> None:
        self._user, self._clock = user, clock
        self._found = ImportSummary()
        self._seen = dict[str, int | None]()
        """The conversations of the messages that would be stored, by key, as `import_messages` joins them; None for one that is stored already."""
        self._said: defaultdict[date, list[tuple[bool, str]]] = defaultdict(list)

    async def add(self, conversations: Iterable[ParsedConversation]) -> None:
        for batch in _batches(self._clock, conversations, self._found.report.skipped):
            stored_keys = set[str]()
            if self._user is not None:
                async with database.session() as session:
                    batch = await _without_deleted(session, self._user, batch, self._found.report.skipped)
                    stored_keys = await find_stored_keys(session, self._user.id, [message.key for message in batch])
            self._count(batch, stored_keys)

    def finish(self) -> ImportSummary:
        """Return the numbers, with an estimate of the diaries of the days that have new messages of the user."""
        found = self._found
        found.tokens, found.cost = estimate_diaries({day: texts for day, texts in self._said.items() if day in found.days})
        return found

    def _count(self, batch: list[ImportedMessage], stored_keys: set[str]) -> None:
        found = self._found
        chats = {message.conversation: self._seen.get(message.key) for message in reversed(batch) if message.key in stored_keys or message.key in self._seen}
        added = _first_of_each(batch, stored_keys | self._seen.keys())
        for message in batch:
            if message.key in stored_keys or message.key in self._seen:
                chats[message.conversation] = self._seen.get(message.key)
                continue
            if message.conversation not in chats:
                found.conversations += 1
                chats[message.conversation] = found.conversations
            self._seen[message.key] = chats[message.conversation]
        found.messages += len(added)
        found.already_there += len(batch) - len(added)
        found.size += _size(added)
        for message in added:
            own = message.role is MessageRole.USER
            self._said[message.day].append((own, message.content))
            if own:
                found.days.add(message.day)


def find_learning(user: AnyUser) -> Learning:
    """Return which learning the user's switches allow from messages that are imported now."""
    policy = policy_of(user)
    return Learning.ALL if policy.profile else Learning.DIARY if policy.diary else Learning.NONE


def clock_of(user: AnyUser) -> Clock:
    return Clock(user.time_zone, user.day_ends_at, datetime.now(timezone.utc))


async def _without_deleted(session: Session, user: AnyUser, batch: list[ImportedMessage], skipped: Counter[str]) -> list[ImportedMessage]:
    kept = await leave_out_deleted(session, user.id, batch)
    if len(kept) < len(batch):
        skipped[DELETED] += len(batch) - len(kept)
    return kept


def _first_of_each(batch: list[ImportedMessage], stored_keys: Collection[str]) -> list[ImportedMessage]:
    """Return the messages that are not stored yet; of several with the same key the first, as `import_messages` does."""
    added: dict[str, ImportedMessage] = {}
    for message in batch:
        if message.key not in stored_keys:
            added.setdefault(message.key, message)
    return list(added.values())


def _size(messages: list[ImportedMessage]) -> int:
    rows = len({message.conversation for message in messages})
    return rows * storage_quota.size() + sum(storage_quota.size(message.content) for message in messages)


def _batches(user: AnyUser | Clock, conversations: Iterable[ParsedConversation], skipped: Counter[str]) -> Iterator[list[ImportedMessage]]:
    """Yield the messages with their days; those without a usable day are counted in `skipped`."""
    clock = user if isinstance(user, Clock) else clock_of(user)
    records: list[Record] = []
    for parsed in conversations:
        records += parsed.records
        if len(records) >= BATCH_SIZE:
            yield _place(records, clock, skipped)
            records = []
    if records:
        yield _place(records, clock, skipped)


def _place(records: list[Record], clock: Clock, skipped: Counter[str]) -> list[ImportedMessage]:
    placed, left_out = assign_days(records, clock)
    skipped.update(left_out)
    return placed
