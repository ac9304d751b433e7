"""The last statement of an exchange: it ends the question's lease and stores the answer or the failure, with the usage of all calls.

A call stores its outcome only while it holds the lease; its usage counts in any case. Rows are locked in the order of
persistence/queries/exchange_opening.py. The conversation is locked before the messages are read in their latest version (`for share`), so that an
answer does not keep a summary of a message that was edited or deleted at the same time.

An answer is only stored if nothing was erased since the inputs of its prompt were read. The statement waits for an erasure that is in progress before it
locks any row, and the next erasure waits for it and finds the answer.
"""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import asyncpg

from persistence.connection_holder import SupportsFetch
from persistence.models.enums import CutOff, Purpose
from persistence.queries.exchange_rows import ConversationRow, MessageRow, columns_of, to_conversation, to_message
from persistence.queries.usage_amounts import Tokens

_MESSAGES = len(MessageRow._fields)


class AccountDeleted(Exception):
    """The user's account was deleted meanwhile. Nothing was stored, the usage of the calls included."""


class ErasedMeanwhile(Exception):
    """The user deleted or changed something since the inputs of the prompt were read. Nothing was stored."""


@contextmanager
def _translate_missing_user() -> Iterator[None]:
    """Translate the violation of a foreign key, which only a deleted account leaves without its row. Raises `AccountDeleted`."""
    try:
        yield
    except asyncpg.ForeignKeyViolationError as error:
        raise AccountDeleted from error


@contextmanager
def _translate_erasure() -> Iterator[None]:
    """Translate the violation of the counter's check. Raises `ErasedMeanwhile`."""
    try:
        yield
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != "ck_user_storage_counted":
            raise
        raise ErasedMeanwhile from error


@dataclass(frozen=True)
class Lease:
    """A question with the lease that the caller took, and the user's day that counts the usage."""

    user_id: UUID
    question_id: UUID
    conversation_id: UUID
    until: datetime
    today: date


class CallUsage(NamedTuple):
    """The usage of one model call."""

    purpose: Purpose
    tokens: Tokens
    failed: bool = False


@dataclass(frozen=True)
class NewAnswer:
    """An answer. It is added as the message `id`, and chosen in place of earlier answers. `size` is what it adds to the stored bytes.

    With `replaces`, `content` is appended to that message, and the numbers are added to its own.
    """

    id: UUID
    replaces: UUID | None
    content: str
    model: str | None
    prompt_version: str
    input_tokens: int
    output_tokens: int
    latency_ms: int
    tool_calls: int
    cut_off: CutOff | None
    now: datetime
    size: int
    sources: str
    """Ids of what the prompt and the tools contained, as JSON."""
    suggested_replies: Sequence[str] = ()
    companion_version: int | None = None
    error_code: str | None = None
    """The error that ended an answer of which a part is kept."""


@dataclass(frozen=True)
class NewSummary:
    """A running summary of messages, given by their ids and the texts that were summarised; it continues the one through the message `continues`."""

    text: str
    covers: Mapping[UUID, str]
    continues: UUID | None


_USAGE = """
used as (
  insert into usage (user_id, day, purpose, calls, failed_calls, input_tokens, output_tokens, cached_tokens, thinking_tokens)
  select $1, {day}::date, u.purpose, 1, u.failed, u.input, u.output, u.cached, u.thinking
  from json_to_recordset({usage}::text::json) u(purpose text, failed int, input bigint, output bigint, cached bigint, thinking bigint)
    cross join (select count(*) from {after}) a
  order by u.purpose
  on conflict (user_id, day, purpose) do update set
    calls = usage.calls + excluded.calls, failed_calls = usage.failed_calls + excluded.failed_calls,
    input_tokens = usage.input_tokens + excluded.input_tokens, output_tokens = usage.output_tokens + excluded.output_tokens,
    cached_tokens = usage.cached_tokens + excluded.cached_tokens, thinking_tokens = usage.thinking_tokens + excluded.thinking_tokens,
    reserved_tokens = case when excluded.purpose = 'CHAT' then greatest(0, usage.reserved_tokens - {reserved}::bigint) else usage.reserved_tokens end
  returning purpose
), priced as (
  insert into usage_costs (user_id, day, purpose, currency, nano)
  select $1, {day}, u.purpose, u.currency, u.nano
  from json_to_recordset({usage}::json) u(purpose text, currency text, nano bigint) cross join (select count(*) from used) a
  where u.nano is not null order by u.purpose
  on conflict (user_id, day, purpose, currency) do update set nano = usage_costs.nano + excluded.nano
  returning purpose
)"""
"""The usage of all calls, one row per purpose, and their costs; written after the rows of `after` are locked."""

_UNSTREAM = "unstreamed as (delete from answer_streams s using ended e where s.user_id = $1 and s.question_id = e.id returning s.question_id)"
"""The text that was kept while the answer was streamed is deleted with the lease."""

_NOTE_CHANGE = """noted as (
  insert into user_changes (user_id, changed_at)
  select $1, clock_timestamp() from (select count(*) from priced) p cross join (select count(*) from unstreamed) s
  on conflict (user_id) do update set changed_at = greatest(excluded.changed_at, user_changes.changed_at + interval '1 microsecond')
)"""
"""A failure changes no conversation, so it notes the time of the change itself, after all other rows are locked."""

_STORE_ANSWER = f"""
with fence as materialized (
  select erasures_of($1) = $27::int as holds
), held as materialized (
  select c.id from fence f cross join conversations c where c.user_id = $1 and c.id = $4 for no key update of c
), ended as (
  update messages m set status = 'COMPLETE', error_code = null, answer_lease_until = null from held
  where m.user_id = $1 and m.id = $2 and m.answer_lease_until = $3
  returning m.*
), replaced as (
  update messages m set model = $8, prompt_version = $9, cut_off = $14, rating = null, edited_at = $5, sources = $24, content = m.content || $7,
    input_tokens = coalesce(m.input_tokens, 0) + $10::int, output_tokens = coalesce(m.output_tokens, 0) + $11::int,
    latency_ms = coalesce(m.latency_ms, 0) + $12::int, tool_calls = m.tool_calls + $13::int, suggested_replies = $25::text[],
    companion_version = $26::int, error_code = $28::text
  from ended where m.user_id = $1 and m.id = $15::uuid
  returning m.*
), added as (
  insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, reply_to, model, prompt_version, input_tokens,
    output_tokens, latency_ms, tool_calls, cut_off, copied, created_at, sources, learning, suggested_replies, branch_id, off_path,
    companion_version, error_code)
  select $1, $6, e.conversation_id, 'ASSISTANT', $7, 'COMPLETE', e.day, e.time_zone, e.id, $8, $9, $10, $11, $12, $13, $14, e.copied, $5, $24, e.learning,
    $25, e.branch_id, e.off_path, $26::int, $28::text
  from ended e where $15::uuid is null
  returning *
), set_aside as (
  update messages m set chosen = false, off_path = true from added a where m.user_id = $1 and m.reply_to = a.reply_to
  returning m.id
), answer as materialized (
  select * from replaced union all select * from added
), covered as materialized (
  select m.id from messages m join json_each_text($19::text::json) w on m.id = w.key::uuid cross join held
  where m.user_id = $1 and encode(sha256(convert_to(m.content, 'UTF8')), 'hex') = w.value
  for share of m
), touched as (
  update conversations c set last_message_at = $5, updated_at = now(), title = coalesce(c.title, $16),
    summary = case when s.aside <= c.summary_through_message_id then null
      when s.is_current and c.summary_through_message_id is not distinct from $18::uuid then $17 else c.summary end,
    summary_through_message_id = case when s.aside <= c.summary_through_message_id then null
      when s.is_current and c.summary_through_message_id is not distinct from $18 then s.through else c.summary_through_message_id end
  from answer cross join (
    select count(*) > 0 and count(*) = (select count(*) from json_object_keys($19::json)) as is_current, max(id::text)::uuid as through,
      (select min(id::text)::uuid from set_aside) as aside
    from covered
  ) s
  where c.user_id = $1 and c.id = $4
  returning c.*
), {_USAGE.format(day="$20", usage="$21", reserved="$22", after="touched").lstrip()}, stored as (
  insert into user_storage (user_id, bytes)
  select $1, case when f.holds then $23::bigint else -1 end
  from (select from added union all select from replaced) a cross join fence f cross join (select count(*) from priced) p
  on conflict (user_id) do update set bytes = case when excluded.bytes < 0 then -1 else user_storage.bytes + excluded.bytes end
), outdated as (
  delete from message_terms t using replaced r where t.user_id = $1 and t.message_id = r.id
), unread as (
  update search_states s set version = 0, through = null from answer a where s.user_id = $1 and s.through >= a.id
), {_UNSTREAM}
select {columns_of(MessageRow, "e")}, {columns_of(MessageRow, "a")}, {columns_of(ConversationRow, "t")} from ended e cross join answer a cross join touched t"""
"""A counter below 0 breaks the table's check, which undoes the statement: nothing is stored, the usage included, after an erasure."""


async def close_with_answer(
    connection: SupportsFetch, lease: Lease, answer: NewAnswer, title: str, summary: NewSummary | None, usages: Sequence[CallUsage], reserved: int,
    erasures: int,
) -> tuple[MessageRow, MessageRow, ConversationRow] | None:
    """Store the answer and return question, answer and conversation. Return None when the question was deleted or leased by another call.

    `title` is stored if the conversation has none; the summary unless one of its messages or the stored summary changed meanwhile. The usage counts in
    any case, and the `reserved` tokens are released. `erasures` is their number when the inputs of the prompt were read.

    Raises `AccountDeleted`; `ErasedMeanwhile` if there were more since.
    """
    made = summary or NewSummary("", {}, None)
    covers = {str(id): sha256(text.encode()).hexdigest() for id, text in made.covers.items()}
    with _translate_missing_user(), _translate_erasure():
        found = await connection.fetch(
            _STORE_ANSWER, lease.user_id, lease.question_id, lease.until, lease.conversation_id, answer.now, answer.id, answer.content, answer.model,
            answer.prompt_version, answer.input_tokens, answer.output_tokens, answer.latency_ms, answer.tool_calls, answer.cut_off and answer.cut_off.value,
            answer.replaces, title, made.text, made.continues, json.dumps(covers), lease.today, _to_json(usages), reserved, answer.size, answer.sources,
            list(answer.suggested_replies), answer.companion_version, erasures, answer.error_code,
        )
    for row in found:
        return to_message(row[:_MESSAGES]), to_message(row[_MESSAGES : 2 * _MESSAGES]), to_conversation(row[2 * _MESSAGES :])
    return None


_STORE_FAILURE = f"""
with uncounted as (
  update active_days set diary_revision = $8::int where user_id = $1 and day = $7 and revision = $8 and diary_revision = $8 - 1
  returning day
), ended as (
  update messages m set status = $4, error_code = $5, answer_lease_until = null from (select count(*) from uncounted) u
  where m.user_id = $1 and m.id = $2 and m.answer_lease_until = $3
  returning m.*
), released as (
  delete from dispute_questions where user_id = $1 and question_id = $2 and dispute_digest = $6
), unasked as (
  delete from event_questions where user_id = $1 and question_id = $2 and $4 = 'FAILED'
), {_USAGE.format(day="$9", usage="$10", reserved="$11", after="ended").lstrip()}, {_UNSTREAM}, {_NOTE_CHANGE}
select {columns_of(MessageRow, "e")} from ended e"""


@dataclass(frozen=True)
class Failure:
    """The outcome of a question without a new answer.

    `error_code` is None for a question that keeps its earlier answer. `dispute` is the digest of the dispute whose claim is released. `refused_day` is
    the day that this call made due, with its revision: it is marked as written again, unless it was due before or changed since.
    """

    error_code: str | None
    dispute: str | None = None
    refused_day: tuple[date, int] | None = None


async def close_with_failure(connection: SupportsFetch, lease: Lease, failure: Failure, usages: Sequence[CallUsage], reserved: int) -> MessageRow | None:
    """Store the failure and return the question. Return None when it was deleted or leased by another call; the usage counts all the same.

    The events that a question without an answer was to ask about may be asked about by a later one.

    Raises `AccountDeleted`.
    """
    status = "COMPLETE" if failure.error_code is None else "FAILED"
    day, revision = failure.refused_day or (None, None)
    with _translate_missing_user():
        found = await connection.fetch(
            _STORE_FAILURE, lease.user_id, lease.question_id, lease.until, status, failure.error_code, failure.dispute, day, revision, lease.today,
            _to_json(usages), reserved,
        )
    return to_message(found[0]) if found else None


def _to_json(usages: Sequence[CallUsage]) -> str:
    return json.dumps([
        {
            "purpose": call.purpose.value, "failed": int(call.failed), "input": call.tokens.input_tokens, "output": call.tokens.output_tokens,
            "cached": call.tokens.cached_tokens, "thinking": call.tokens.thinking_tokens,
            **({} if call.tokens.cost is None else {"currency": call.tokens.cost.currency, "nano": call.tokens.cost.nano}),
        }
        for call in usages
    ])


_CLAIM_DISPUTE = """
insert into dispute_questions (user_id, slot, dispute_digest, question_id, created_at) values ($1, $2, $3, $4, $5)
on conflict (user_id, slot) do update set dispute_digest = excluded.dispute_digest, question_id = excluded.question_id, created_at = excluded.created_at
where dispute_questions.dispute_digest <> excluded.dispute_digest
returning slot"""


async def claim_dispute(connection: SupportsFetch, user_id: UUID, slot: str, dispute: str, question_id: UUID, now: datetime) -> bool:
    """Return whether this question may include the dispute in its prompt; of several concurrent questions, one may."""
    return bool(await connection.fetch(_CLAIM_DISPUTE, user_id, slot, dispute, question_id, now))
