"""Texts that may repeat deleted text: answers, generated titles and running summaries, with the messages in which the user still says the same.

Texts are found by LIKE patterns over folded text, as a search finds messages without stored terms; the caller looks for the terms themselves. Lists are
sent as JSON. Each function runs inside the caller's transaction.
"""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from persistence.orm import Session
from persistence.queries.search_candidates import folded

MAX_SAID = 200
"""Messages of the user that are looked at for each term, the newest."""


class TellingAnswer(NamedTuple):
    """An answer with one of the terms, or one to which a search showed a deleted message (`found_deleted`).

    `told_of_lost_value` is true for an answer with a value among its sources that the profile has no more, so that its text is unknown.
    `companion` is the version of the companion that its prompt had. `withdrawn` is true for one that repeated, or was told of, what was deleted before.
    """

    id: UUID
    conversation_id: UUID
    content: str
    sources: str | None
    found_deleted: bool
    told_of_lost_value: bool
    companion: int | None
    withdrawn: bool


class GeneratedTexts(NamedTuple):
    """A conversation's title, None if the user wrote it, and its running summary."""

    id: UUID
    title: str | None
    summary: str | None


class SupportedValue(NamedTuple):
    """A value that the messages support; `alone` if nothing else does."""

    id: UUID
    slot: str
    value_key: str
    alone: bool


_PATTERNS = "any (array(select json_array_elements_text({})))"

_ANSWERS = f"""
select a.id, a.conversation_id, a.content, a.sources, a.found_deleted, exists (
  select from json_array_elements_text(a.sources::json -> 'values') s
  where s.value not in (select v.id::text from profile_values v where v.user_id = $1)
), a.companion_version, a.withdrawn from (
  select m.id, m.companion_version, m.withdrawn,
    m.conversation_id, m.content, m.sources, {folded("m.content")} like {_PATTERNS.format("$3::json")} as telling, exists (
    select from json_array_elements_text(m.sources::json -> 'messages') s where s.value in (select value from json_array_elements_text($4::json))
  ) as found_deleted
  from messages m where m.user_id = $1 and m.role = 'ASSISTANT' and (m.id > $2 or m.withdrawn)
) a where a.telling or a.found_deleted order by a.id"""

_SAID = f"""
with own as materialized (
  select id, content, {folded("content")} as plain from messages where user_id = $1 and role = 'USER'
)
select x.term, x.content from (
  select t.term, o.content, row_number() over (partition by t.term order by o.id desc) as place
  from own o join json_to_recordset($2::json) as t (term text, pattern text) on o.plain like t.pattern
) x where x.place <= {MAX_SAID}"""

_GENERATED = f"""
select c.id, case when not c.title_by_person then c.title end, c.summary from conversations c
where c.user_id = $1 and (not c.title_by_person and {folded("c.title")} like {_PATTERNS.format("$2::json")}
  or {folded("c.summary")} like {_PATTERNS.format("$2::json")}) order by c.id for update"""

_SUPPORTED = """
select v.id, v.slot, v.value_key, not exists (select from unnest(v.evidence) e where e::text not in (select value from json_array_elements_text($2::json)))
from profile_values v where v.user_id = $1
  and exists (select from unnest(v.evidence) e where e::text in (select value from json_array_elements_text($2::json)))"""

_WITHDRAW_TOLD = """
update messages m set withdrawn = true where m.user_id = $1 and m.role = 'ASSISTANT' and not m.withdrawn and m.id > $2::uuid and (
  m.conversation_id in (select value::uuid from json_array_elements_text($3::json -> 'conversations'))
  or m.reply_to in (select value::uuid from json_array_elements_text($3::json -> 'questions'))
  or m.sources is not null and exists (
    select from json_each($3::json) told cross join json_array_elements_text(told.value) id
    where told.key in ('values', 'days', 'messages') and exists (
      select from json_array_elements_text(m.sources::json -> told.key) s where s.value = id.value)))
returning m.id"""

_BLANK = """
update messages m set content = b.content, redacted = m.redacted or b.redacted, withdrawn = true
from json_to_recordset($2::json) as b (id uuid, content text, redacted bool) where m.user_id = $1 and m.id = b.id returning m.id"""

_WITHDRAW_TERMS = """
update message_terms t set recallable = false
where t.user_id = $1 and t.message_id in (select value::uuid from json_array_elements_text($2::json)) returning t.message_id"""

_CLEAR = """
update conversations c set title = case when b.title then null else c.title end, summary = case when b.summary then null else c.summary end,
  summary_through_message_id = case when b.summary then null else c.summary_through_message_id end
from json_to_recordset($2::json) as b (id uuid, title bool, summary bool) where c.user_id = $1 and c.id = b.id returning c.id"""


_CLEAR_REPLIES = """
update messages set suggested_replies = '{}' where user_id = $1 and id > $2 and role = 'ASSISTANT' and suggested_replies <> '{}' returning id"""


async def list_telling_answers(
    session: Session, user_id: UUID, patterns: Sequence[str], deleted: Iterable[UUID], since: UUID
) -> Sequence[TellingAnswer]:
    """List the answers that match a pattern, or whose sources name a deleted message: those after the message `since`, and those withdrawn before."""
    rows = await session.fetch(_ANSWERS, user_id, since, json.dumps(patterns), _to_json(deleted))
    return [TellingAnswer(*row) for row in rows]


async def list_said(session: Session, user_id: UUID, patterns: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, str]]:
    """List the user's messages that match the patterns of a term, each with that term."""
    asked = json.dumps([{"term": term, "pattern": pattern} for term, given in patterns.items() for pattern in given])
    return [(row[0], row[1]) for row in await session.fetch(_SAID, user_id, asked)]


async def list_own_texts(session: Session, user_id: UUID) -> Sequence[str]:
    """List the texts of all messages of the user."""
    return [row[0] for row in await session.fetch("select content from messages where user_id = $1 and role = 'USER'", user_id)]


async def list_supported_values(session: Session, user_id: UUID, messages: Iterable[UUID]) -> Sequence[SupportedValue]:
    """List the values that the messages support, as the profile was last computed."""
    return [SupportedValue(*row) for row in await session.fetch(_SUPPORTED, user_id, _to_json(messages))]


async def withdraw_told_answers(session: Session, user_id: UUID, since: UUID, told: Mapping[str, Iterable[object]]) -> None:
    """Keep answers after the message `since` from being recalled, by what their prompts contained: `conversations`, `questions` that they answer, and `values`,
    `days` and `messages` among their sources."""
    ids = await session.fetch(_WITHDRAW_TOLD, user_id, since, json.dumps({name: sorted(map(str, given)) for name, given in told.items()}))
    if ids:
        await session.fetch(_WITHDRAW_TERMS, user_id, _to_json(row[0] for row in ids))


async def lock_generated_texts(session: Session, user_id: UUID, patterns: Sequence[str]) -> Sequence[GeneratedTexts]:
    """Lock the conversations whose generated title or summary matches a pattern, and return these texts."""
    return [GeneratedTexts(*row) for row in await session.fetch(_GENERATED, user_id, json.dumps(patterns))]


async def withdraw_answers(session: Session, user_id: UUID, answers: Collection[tuple[UUID, str, bool]]) -> None:
    """Store the texts of answers, given with their ids and whether sentences were blanked, and keep them from being recalled."""
    rows = json.dumps([{"id": str(id), "content": content, "redacted": redacted} for id, content, redacted in answers])
    await session.fetch(_BLANK, user_id, rows)
    await session.fetch(_WITHDRAW_TERMS, user_id, _to_json(id for id, _, _ in answers))


async def clear_suggested_replies(session: Session, user_id: UUID, since: UUID) -> None:
    """Remove the suggested replies of all answers after the message `since`. They may repeat it in words of the model, so their words are not compared."""
    await session.fetch(_CLEAR_REPLIES, user_id, since)


async def clear_texts(session: Session, user_id: UUID, cleared: Collection[tuple[UUID, bool, bool]]) -> None:
    """Clear the titles and summaries of conversations, given by their ids and which of the two to clear."""
    await session.fetch(_CLEAR, user_id, json.dumps([{"id": str(id), "title": title, "summary": summary} for id, title, summary in cleared]))


def _to_json(ids: Iterable[UUID]) -> str:
    return json.dumps(list(map(str, ids)))
