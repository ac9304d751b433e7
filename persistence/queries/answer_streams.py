"""Statements of streams besides those of the exchange: checkpoints, requests to stop, reading on from another instance, and streams of dead processes.

Each is one statement, so it is one transaction and needs no connection that outlives it: LISTEN would not work through a pooler in transaction mode. All
times are the database's, so that instances with different clocks agree.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.queries.row_size import ROW_BYTES

SILENT_SECONDS: Final = 15
"""Seconds without a checkpoint after which the process of a stream counts as dead."""
WATCHED_SECONDS: Final = 3
"""Seconds for which a reader at another instance keeps a stream going."""

IS_ABANDONED: Final = f"(s.lease <= now() or s.beat_at < now() - interval '{SILENT_SECONDS} seconds')"
"""The condition of a stream `s` whose process has died."""

HAS_ABANDONED: Final = f"exists (select from answer_streams s where s.user_id = $1 and {IS_ABANDONED})"
"""The condition of a user `$1` who has such a stream. It must be stored as an answer (`store_abandoned`) before its conversation continues."""


@dataclass(frozen=True)
class StreamState:
    """The state of a stream that its instance keeps at a checkpoint; `content` comes after the first `start` characters of the answer."""

    user_id: UUID
    question_id: UUID
    lease: datetime
    answer_id: UUID
    continues: bool
    start: int
    content: str
    sources: str
    erasures: int = 0
    """The number of the user's erasures when the inputs of the prompt were read."""


@dataclass(frozen=True)
class Checkpoint:
    """The findings of a checkpoint: whether the user asked to stop, and whether another instance reads along for a client."""

    stop_requested: bool
    is_watched: bool


_STORE_CHECKPOINT = f"""
insert into answer_streams (user_id, question_id, lease, answer_id, continues, start, content, sources, beat_at)
select $1, m.id, $3, $4, $5, $6, case when erasures_of($1) = $9::int then $7 else '' end, $8, now()
from messages m where m.user_id = $1 and m.id = $2 and m.answer_lease_until = $3
on conflict (user_id, question_id) do update set lease = excluded.lease, answer_id = excluded.answer_id, continues = excluded.continues,
  start = excluded.start, content = excluded.content, sources = excluded.sources, beat_at = excluded.beat_at,
  stop_requested = answer_streams.stop_requested and answer_streams.lease = excluded.lease,
  watched_at = case when answer_streams.lease = excluded.lease then answer_streams.watched_at end
returning stop_requested, coalesce(watched_at > now() - interval '{WATCHED_SECONDS} seconds', false)"""


async def store_checkpoint(connection: SupportsFetch, state: StreamState) -> Checkpoint | None:
    """Store the text so far. Return None when the stream has lost its question: it was deleted, or another call took it over.

    After an erasure no text is kept any more: it may repeat what was erased, and only the process that makes the answer can tell.
    """
    found = await connection.fetch(
        _STORE_CHECKPOINT, state.user_id, state.question_id, state.lease, state.answer_id, state.continues, state.start, state.content, state.sources,
        state.erasures)
    return Checkpoint(*found[0]) if found else None


_REQUEST_STOP = """
insert into answer_streams (user_id, question_id, lease, content, stop_requested)
select $1, m.id, m.answer_lease_until, '', true from messages m where m.user_id = $1 and m.id = $2 and m.answer_lease_until > now()
on conflict (user_id, question_id) do update set stop_requested = excluded.stop_requested
returning 1"""


async def request_stop(connection: SupportsFetch, user_id: UUID, question_id: UUID) -> bool:
    """Ask the instance that answers the question to stop, and return whether it is being answered."""
    return bool(await connection.fetch(_REQUEST_STOP, user_id, question_id))


async def is_stop_requested(connection: SupportsFetch, user_id: UUID, question_id: UUID, lease: datetime) -> bool:
    """Return whether the user asked to stop an answer that is not streamed."""
    statement = "select 1 from answer_streams where user_id = $1 and question_id = $2 and lease = $3 and stop_requested"
    return bool(await connection.fetch(statement, user_id, question_id, lease))


@dataclass(frozen=True)
class StreamText:
    """A stream as another instance sees it. `has_begun` is false while there was no checkpoint."""

    start: int
    content: str
    has_begun: bool
    is_abandoned: bool


_READ_TEXT = f"""
update answer_streams s set watched_at = now() where s.user_id = $1 and s.question_id = $2 and s.lease = $3
returning s.start, substr(s.content, greatest(1, $4::int - s.start + 1)), s.beat_at is not null, {IS_ABANDONED}"""


async def read_text(connection: SupportsFetch, user_id: UUID, question_id: UUID, lease: datetime, offset: int) -> StreamText | None:
    """Return the kept text from the character `offset` of the answer on, and keep the stream going for its reader. None when nothing is kept (any more)."""
    found = await connection.fetch(_READ_TEXT, user_id, question_id, lease, offset)
    return StreamText(*found[0]) if found else None


_STORE_ABANDONED = f"""
with due as materialized (
  select s.question_id, s.lease, s.answer_id, s.continues, s.content as text, s.sources as told, m.conversation_id, m.content as asked
  from answer_streams s join messages m on m.user_id = s.user_id and m.id = s.question_id where s.user_id = $1 and {IS_ABANDONED}
), held as materialized (
  select c.id from conversations c where c.user_id = $1 and c.id in (select conversation_id from due) order by c.id for no key update
), ended as (
  update messages m set answer_lease_until = null,
    status = case when d.text <> '' or m.status = 'COMPLETE' then 'COMPLETE' else 'FAILED' end,
    error_code = case when d.text <> '' or m.status = 'COMPLETE' then null else 'MODEL_INTERRUPTED' end
  from due d cross join (select count(*) from held) h
  where m.user_id = $1 and m.id = d.question_id and m.answer_lease_until = d.lease
  returning m.id, m.conversation_id, m.day, m.time_zone, m.copied, m.learning, m.branch_id, m.off_path, d.answer_id, d.continues, d.text, d.told, d.asked
), continued as (
  update messages a set content = a.content || e.text, cut_off = 'STOPPED', edited_at = now(), sources = e.told
  from ended e where a.user_id = $1 and a.id = e.answer_id and e.continues and e.text <> ''
  returning a.id
), added as (
  insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, reply_to, cut_off, copied, created_at, sources, learning,
    branch_id, off_path)
  select $1, e.answer_id, e.conversation_id, 'ASSISTANT', e.text, 'COMPLETE', e.day, e.time_zone, e.id, 'STOPPED', e.copied, now(), e.told, e.learning,
    e.branch_id, e.off_path
  from ended e where not e.continues and e.text <> ''
  returning id, content, reply_to, conversation_id
), set_aside as (
  update messages m set chosen = false, off_path = true from added a where m.user_id = $1 and m.reply_to = a.reply_to
  returning m.id, m.conversation_id
), uncovered as (
  select conversation_id, min(id::text)::uuid as first from set_aside group by conversation_id
), touched as (
  update conversations c set updated_at = now(),
    summary = case when u.first <= c.summary_through_message_id then null else c.summary end,
    summary_through_message_id = case when u.first <= c.summary_through_message_id then null else c.summary_through_message_id end,
    title = coalesce(c.title, case when exists (
    select from users u where u.id = $1 and u.topics_off = '{{}}' and u.names_off = '{{}}'
  ) then left(regexp_replace(trim(e.asked), '\\s+', ' ', 'g'), 40) end)
  from ended e left join uncovered u on u.conversation_id = e.conversation_id where c.user_id = $1 and c.id = e.conversation_id
), stored as (
  insert into user_storage (user_id, bytes) select $1, sum(octet_length(content) + {ROW_BYTES}) from added having count(*) > 0
  on conflict (user_id) do update set bytes = user_storage.bytes + excluded.bytes
), outdated as (
  delete from message_terms t using continued a where t.user_id = $1 and t.message_id = a.id
), unread as (
  update search_states s set version = 0, through = null
  where s.user_id = $1 and s.through >= (select min(id::text)::uuid from (select id from added union all select id from continued) a)
), settled as (
  delete from answer_streams s using due d cross join (select count(*) from ended) e
  where s.user_id = $1 and s.question_id = d.question_id and s.lease = d.lease
)
select id from ended"""


async def has_abandoned(connection: SupportsFetch, user_id: UUID) -> bool:
    """Return whether the user has streams of dead processes."""
    [[found]] = await connection.fetch(f"select {HAS_ABANDONED}", user_id)
    return bool(found)


async def store_abandoned(connection: SupportsFetch, user_id: UUID) -> int:
    """Store the text of the user's abandoned streams as answers that are marked as stopped, and return the number of questions that this ended.

    A conversation without a title gets one with a later answer if the user has topics that are never kept, which only the rules find.
    A question without any text becomes FAILED, unless it has an earlier answer. The tokens that were reserved for a dead call stay counted. A process that
    was only slow has lost its lease then, so its own answer is not stored a second time.
    """
    return len(await connection.fetch(_STORE_ABANDONED, user_id))
