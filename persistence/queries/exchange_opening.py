"""The first statement of an exchange: it stores the question, or leases one that is to be answered again, and reads what the prompt needs.

Each is one statement, so it is one transaction, and refuses as a whole. Only one question of a conversation is answered at a time. The conversation's
row serializes the statements: each updates it, provided that its version (`xmin`) is still the one that the statement's snapshot saw, since a
statement that waited for the row would not see the question that another one has just stored. Such a statement changes nothing and is repeated.

Rows are locked in the order that edits and deletions use: conversation, message, day, usage, and the user's storage counter last.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from persistence.connection_holder import Row, SupportsFetch
from persistence.queries.answer_streams import HAS_ABANDONED
from persistence.queries.events import PASSED, ahead_of, passed_of, reserve_passed
from persistence.queries.exchange_rows import ConversationRow, MessageRow, columns_of, to_conversation, to_message
from persistence.queries.prompt_inputs import (
    COMPANION,
    ERASURES,
    INPUTS,
    MAX_MESSAGES,
    PromptInputs,
    account_switches,
    history_of,
    learning,
    to_inputs,
    told_condition,
    withheld_in,
)
from persistence.queries.token_quota import CREATE_QUOTA_ROWS

NO_LIMIT = 2**62
MAX_SIBLINGS = 50
"""Answers to one question, and questions in one place of a conversation."""
QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
"""The error code of a question that the user's daily quota refused: the jobs do not read it until it is answered."""
_MESSAGES, _CONVERSATIONS = len(MessageRow._fields), len(ConversationRow._fields)


class KeyDeleted(Exception):
    """The user deleted the message with this idempotency key, or the conversation with this id that the client made. Nothing was stored."""


class KeyTaken(Exception):
    """The user has a message with this idempotency key. Nothing was stored."""


class HasAbandonedStream(Exception):
    """Raised when a process died while it streamed an answer of the user: its text must be stored first. Nothing was stored."""


class StorageFull(Exception):
    """The user's counter of stored bytes would exceed its limit. Nothing was stored."""


class ChangedMeanwhile(Exception):
    """Another statement changed the conversation at the same time. Nothing was stored, and the statement can be repeated."""


TAKEN: Mapping[str, type[Exception]] = {"uq_messages_idempotency_key": KeyTaken, "pk_conversations": ChangedMeanwhile}
"""Errors by the constraint that is violated when another statement has just stored the same key, or a conversation with the same id of a client."""


@dataclass(frozen=True)
class BusyUntil:
    """Another question of the conversation is being answered, at the latest until `until`. Nothing was stored."""

    until: datetime


@dataclass(frozen=True)
class NewQuestion:
    """A question to store. `size` is what it adds to the user's stored bytes; `storage_limit` is None for no limit.

    `temporary`, unless it is None, must be what the conversation is. With `limited`, the rows of the day's quota are created as well. A new conversation
    that exists already, because the client made its id, is continued.
    """

    user_id: UUID
    id: UUID
    conversation_id: UUID
    is_new_conversation: bool
    temporary: bool | None
    content: str
    day: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    idempotency_key: str | None
    lease: datetime
    now: datetime
    size: int
    storage_limit: int | None
    limited: bool
    key_digests: Sequence[bytes] = ()
    """The hashes under which a deletion of the key's message is known: with the current secret key, and with the previous one."""
    memory_off: Sequence[str] = ()
    """The switches that are off in the new conversation."""
    conversation_digests: Sequence[bytes] = ()
    """For a new conversation whose id the client made: the hashes under which its deletion is known."""


@dataclass(frozen=True)
class Opened:
    """A question whose lease the caller holds. `revision` is that of the question's day if the statement made the day's diary due."""

    question: MessageRow
    conversation: ConversationRow
    inputs: PromptInputs
    revision: int | None
    answer: MessageRow | None = None


@dataclass(frozen=True)
class WrongKind:
    """The conversation is temporary and the question said that it is not, or the other way round; or switches are on that the question said are off.
    Nothing was stored."""


_COUNT_DAY = """
  on conflict (user_id, day) do update set revision = active_days.revision + 1,
    starts_at = least(active_days.starts_at, excluded.starts_at), ends_at = greatest(active_days.ends_at, excluded.ends_at)
  returning revision"""

_OPEN = f"""
with account as materialized (
  {account_switches("$7")}
), earlier as materialized (
  select id from messages where user_id = $1 and idempotency_key = $9
), deleted as materialized (
  select digest from deleted_digests where user_id = $1 and (digest in ($17::bytea, $18::bytea)
    or digest in ($20::bytea, $21::bytea) and not exists (select from conversations where user_id = $1 and id = $2))
), recent as materialized (
  select id, role, status, reply_to, content, created_at, edited_at, cut_off, answer_lease_until, time_zone, sources, prompt_version from messages
  where user_id = $1 and conversation_id = $2 and not off_path order by id desc limit {MAX_MESSAGES}
), held as materialized (
  select id, ($4::boolean is not null and temporary <> $4) or not memory_off @> $19::text[] as is_other_kind, xmin as version,
    (select max(answer_lease_until) from recent where answer_lease_until > $11) as busy_until, {HAS_ABANDONED} as has_abandoned
  from conversations where user_id = $1 and id = $2
), touched as (
  update conversations c set last_message_at = $11, updated_at = now() from held
  where c.user_id = $1 and c.id = held.id and c.xmin = held.version and held.busy_until is null and not held.has_abandoned
    and not held.is_other_kind and not exists (select from earlier) and not exists (select from deleted)
  returning c.*
), created as (
  insert into conversations (user_id, id, temporary, created_at, updated_at, last_message_at, memory_off)
  select $1, $2, coalesce($4::boolean, false), $11, $11, $11, $19::text[]
  where $3::boolean and not exists (select from held) and not exists (select from earlier) and not exists (select from deleted)
  returning *
), opened as materialized (
  select * from touched union all select * from created
), switched as materialized (
  select o.id, o.temporary, o.current_branch_id, {learning("a.off || o.memory_off")} as learning from opened o cross join account a
), asked as (
  insert into messages (
    user_id, id, conversation_id, role, content, status, day, time_zone, idempotency_key, answer_lease_until, created_at, learning, in_gap,
    branch_id)
  select $1, $5, id, 'USER', $6, 'PENDING', $7, $8, $9, $10, $11, learning, learning <> 'ALL' and not temporary, current_branch_id from switched
  returning *
), counted as (
  insert into active_days (user_id, day, starts_at, ends_at, revision, diary_revision)
  select $1, $7, $12, $13, 1, 0 from asked cross join opened where not opened.temporary and asked.learning <> 'NONE'{_COUNT_DAY}
), quota as (
  {CREATE_QUOTA_ROWS.format(day="$7", source="asked left join counted on true where $16::boolean")}
), stored as (
  insert into user_storage (user_id, bytes)
  select $1, case when $14::bigint <= $15::bigint then $14 else -1 end from asked left join counted on true cross join (select count(*) from quota) q
  on conflict (user_id) do update set bytes = case when user_storage.bytes + excluded.bytes <= $15 then user_storage.bytes + excluded.bytes else -1 end
  returning bytes
), {reserve_passed("$7", "asked", "opened", "$11", told_condition("o"))}
select earlier.id, exists (select from deleted), held.id, held.is_other_kind, held.busy_until, held.has_abandoned,
  counted.revision, {columns_of(MessageRow, "a")}, {columns_of(ConversationRow, "o")},
  {history_of("recent", "o", "$5")}, {INPUTS}, {told_condition("o")}, {withheld_in("o.id")}, {ahead_of("$7")}, {PASSED}, {COMPANION}, {ERASURES}
from (values (1)) one left join earlier on true left join held on true left join opened o on true left join asked a on true left join counted on true"""
"""A counter below 0 breaks the table's check, which undoes the statement: that is how a full storage refuses it as a whole."""


async def open_question(connection: SupportsFetch, new: NewQuestion) -> Opened | BusyUntil | WrongKind | None:
    """Store a question with a new conversation or in the given one, and return it with the inputs of its prompt.

    Return None when the user has no such conversation. Raises `KeyTaken`, `KeyDeleted`, `StorageFull`, `HasAbandonedStream`,
    `ChangedMeanwhile`.
    """
    limit = NO_LIMIT if new.storage_limit is None else new.storage_limit
    given = (
        new.user_id, new.conversation_id, new.is_new_conversation, new.temporary, new.id, new.content, new.day, new.time_zone, new.idempotency_key,
        new.lease, new.now, new.starts_at, new.ends_at, new.size, limit, new.limited, *_two(new.key_digests),
        list(new.memory_off), *_two(new.conversation_digests),
    )
    try:
        [row] = await connection.fetch(_OPEN, *given)
    except asyncpg.UniqueViolationError as error:
        taken = TAKEN.get(error.constraint_name or "")
        if taken is None:
            raise
        raise taken from error
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != "ck_user_storage_counted":
            raise
        raise StorageFull from error
    earlier, deleted, found, is_other_kind, busy_until, has_abandoned, revision, *rest = row
    if earlier is not None:
        raise KeyTaken
    if deleted:
        raise KeyDeleted
    if rest[0] is not None:
        return _to_opened(rest, revision)
    if found is None:
        return None
    if is_other_kind:
        return WrongKind()
    if has_abandoned:
        raise HasAbandonedStream
    if busy_until is None:
        raise ChangedMeanwhile
    return BusyUntil(busy_until)


def _two(digests: Sequence[bytes]) -> tuple[bytes | None, ...]:
    """Return the digests as two parameters: an array of bytes would have the driver ask the server for its type."""
    return (*digests, None, None)[:2]


def _to_opened(columns: Sequence[Any], revision: int | None) -> Opened:
    """Return the opened exchange from the columns of question, conversation and inputs."""
    question, rest = columns[:_MESSAGES], columns[_MESSAGES:]
    return Opened(to_message(question), to_conversation(rest[:_CONVERSATIONS]), to_inputs(*rest[_CONVERSATIONS:]), revision)


@dataclass(frozen=True)
class Repetition:
    """A question to answer again, named by its id or by its answer's.

    `bounds` are those of the question's day, which a question that the quota refused needs: its day becomes due. `today` is the day of the quota.
    """

    user_id: UUID
    message_id: UUID
    lease: datetime
    now: datetime
    today: date
    limited: bool
    bounds: tuple[datetime, datetime] | None = None
    continues: bool = False
    """True to continue the chosen answer, so that no answer is added."""


@dataclass(frozen=True)
class NeedsBounds:
    """The quota refused the question before, so its day becomes due: the statement needs the bounds of that day. Nothing was stored."""

    day: date
    time_zone: str


@dataclass(frozen=True)
class NoQuestion:
    """The message is an answer without a question. Nothing was stored."""


@dataclass(frozen=True)
class OffPath:
    """The question is not on the current path of its conversation. Nothing was stored."""


@dataclass(frozen=True)
class TooManySiblings:
    """The question has `MAX_SIBLINGS` answers. Nothing was stored."""


_REOPEN = f"""
with account as materialized (
  {account_switches("$7::date")}
), named as materialized (
  select id, case when role = 'USER' then id else reply_to end as question_id from messages where user_id = $1 and id = $2
), asked as materialized (
  select m.* from messages m join named on m.id = named.question_id where m.user_id = $1
), recent as materialized (
  select answer_lease_until from messages
  where user_id = $1 and conversation_id = (select conversation_id from asked) order by id desc limit {MAX_MESSAGES}
), held as materialized (
  select c.id, c.xmin as version, not c.temporary and asked.learning <> 'NONE' and asked.error_code is not distinct from '{QUOTA_EXCEEDED}' as makes_due,
    greatest((select max(answer_lease_until) from recent where answer_lease_until > $3),
      case when asked.answer_lease_until > $3 then asked.answer_lease_until end) as busy_until, {HAS_ABANDONED} as has_abandoned,
    asked.off_path, (select count(*) from messages a where a.user_id = $1 and a.reply_to = asked.id) >= {MAX_SIBLINGS} as is_full
  from conversations c join asked on c.id = asked.conversation_id where c.user_id = $1
), touched as (
  update conversations c set updated_at = now() from held
  where c.user_id = $1 and c.id = held.id and c.xmin = held.version and held.busy_until is null and not held.has_abandoned
    and (not held.makes_due or $5::timestamptz is not null) and not held.off_path and not (held.is_full and not $9::boolean)
  returning c.*
), leased as (
  update messages m set status = case when m.status = 'COMPLETE' then m.status else 'PENDING' end, error_code = null, answer_lease_until = $4
  from touched where m.user_id = $1 and m.id = (select id from asked) and (m.answer_lease_until is null or m.answer_lease_until <= $3)
  returning m.*
), counted as (
  insert into active_days (user_id, day, starts_at, ends_at, revision, diary_revision)
  select $1, leased.day, $5, $6::timestamptz, 1, 0 from leased cross join held where held.makes_due{_COUNT_DAY}
), quota as (
  {CREATE_QUOTA_ROWS.format(day="$7::date", source="leased left join counted on true where $8::boolean")}
), answer as materialized (
  select * from messages where user_id = $1 and reply_to = (select id from asked) order by chosen desc, id desc limit 1
), earlier as materialized (
  select id, role, status, reply_to, content, created_at, edited_at, cut_off, time_zone, sources, prompt_version from messages
  where user_id = $1 and conversation_id = (select conversation_id from asked) and id <= (select id from asked) and not off_path
  order by id desc limit {MAX_MESSAGES}
)
select named.id, asked.id, asked.day, asked.time_zone, held.has_abandoned, held.busy_until, held.makes_due, held.off_path, held.is_full, counted.revision,
  {columns_of(MessageRow, "a")}, {columns_of(MessageRow, "l")}, {columns_of(ConversationRow, "t")}, {history_of("earlier", "t", "l.id")}, {INPUTS},
  {told_condition("t")}, {withheld_in("t.id")}, {ahead_of("$7")}, {passed_of("l.id")}, {COMPANION}, {ERASURES}
from (values (1)) one left join named on true left join asked on true left join held on true left join leased l on true
  left join touched t on true left join counted on true left join answer a on true"""


async def reopen_question(connection: SupportsFetch, again: Repetition) -> Opened | BusyUntil | NeedsBounds | NoQuestion | OffPath | TooManySiblings | None:
    """Lease a question that is not being answered, and return it with its answer, if any, and the inputs of its prompt.

    Return None when the user has no such message. Raises `HasAbandonedStream`, `ChangedMeanwhile`.
    """
    starts_at, ends_at = again.bounds or (None, None)
    [row] = await connection.fetch(
        _REOPEN, again.user_id, again.message_id, again.now, again.lease, starts_at, ends_at, again.today, again.limited,
        again.continues)
    named, asked, day, time_zone, has_abandoned, busy_until, makes_due, off_path, is_full, revision, *rest = row
    answer, opened = rest[:_MESSAGES], rest[_MESSAGES:]
    if opened[0] is not None:
        found = _to_opened(opened, revision)
        return Opened(found.question, found.conversation, found.inputs, found.revision, None if answer[0] is None else to_message(answer))
    if named is None:
        return None
    if asked is None:
        return NoQuestion()
    if has_abandoned:
        raise HasAbandonedStream
    if busy_until is not None:
        return BusyUntil(busy_until)
    if off_path:
        return OffPath()
    if is_full and not again.continues:
        return TooManySiblings()
    if makes_due and again.bounds is None:
        return NeedsBounds(day, time_zone)
    raise ChangedMeanwhile


_EXCHANGE = f"""
select {columns_of(MessageRow, "q")}, {columns_of(ConversationRow, "c")}, {columns_of(MessageRow, "a")}
from messages q join conversations c on c.user_id = q.user_id and c.id = q.conversation_id
  left join lateral (select * from messages m where m.user_id = q.user_id and m.reply_to = q.id order by m.chosen desc, m.id desc limit 1) a on true
where q.user_id = $1 and """
_BY_KEY, _BY_ID = f"{_EXCHANGE}q.idempotency_key = $2", f"{_EXCHANGE}q.id = $2"


async def find_by_key(connection: SupportsFetch, user_id: UUID, idempotency_key: str) -> tuple[MessageRow, ConversationRow, MessageRow | None] | None:
    """Return the message with this idempotency key, its conversation and its chosen answer; None if the user has no such message."""
    return _to_exchange(await connection.fetch(_BY_KEY, user_id, idempotency_key))


_IDS_BY_KEYS = "select idempotency_key, id from messages where user_id = $1 and idempotency_key = any($2::text[])"


async def find_ids_by_keys(connection: SupportsFetch, user_id: UUID, keys: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of the messages with these idempotency keys, by key."""
    return {row[0]: row[1] for row in await connection.fetch(_IDS_BY_KEYS, user_id, list(keys))}


async def find_by_id(connection: SupportsFetch, user_id: UUID, message_id: UUID) -> tuple[MessageRow, ConversationRow, MessageRow | None] | None:
    """Return a message, its conversation and its chosen answer; None if the user has no such message."""
    return _to_exchange(await connection.fetch(_BY_ID, user_id, message_id))


def _to_exchange(rows: Sequence[Row]) -> tuple[MessageRow, ConversationRow, MessageRow | None] | None:
    for row in rows:
        question, conversation, answer = row[:_MESSAGES], row[_MESSAGES : _MESSAGES + _CONVERSATIONS], row[_MESSAGES + _CONVERSATIONS :]
        return to_message(question), to_conversation(conversation), None if answer[0] is None else to_message(answer)
    return None
