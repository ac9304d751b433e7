"""Texts in which words of deleted messages may be left: those that the model made, in diaries and profile, and those that the user wrote by hand.

Texts are found by LIKE patterns over folded text, as in persistence/queries/repetitions.py. Each function runs inside the caller's transaction.
"""
from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from persistence.orm import Session
from persistence.queries.imported_values import clear_quotes
from persistence.queries.search_candidates import folded

LINE, REPLACED, SUMMARY, SIGNAL, DETAIL, VERDICT, ALIAS, REPLY = "LINE", "REPLACED", "SUMMARY", "SIGNAL", "DETAIL", "VERDICT", "ALIAS", "REPLY"
"""Kinds of texts that the model made: a diary's line, the line that the user reworded, a version's summary, a signal's value, the circumstances of a quote,
a value under a verdict, the keys of merged values, and a provider's error message."""
IMPORTED, IMPORTED_QUOTE = "IMPORTED", "IMPORTED_QUOTE"
"""Kinds of texts of imported memory texts, which count as made by a model: a suggested value, and its sentence."""
VALUE: Final = "VALUE"
"""The kind of the profile's values, as it was last computed from signals and verdicts. It is computed anew, so nothing is deleted of it."""
OWN_DIARY, OWN_VALUE, OWN_REASON, OWN_CONVERSATION, OWN_SLOT = "OWN_DIARY", "OWN_VALUE", "OWN_REASON", "OWN_CONVERSATION", "OWN_SLOT"
"""Kinds of texts that the user wrote by hand: in a diary, a value that they set or locked, the reason of a rejection, a title or tags, a slot."""
OWN_COMPANION: Final = "OWN_COMPANION"
"""The kind of what the user wrote in a version of the companion, which has no id: without the instructions if they came from a preset."""


class FoundText(NamedTuple):
    """A text with the id of its row; `number` is the version of a summary and the position of a quote, `slot` the slot of merged values."""

    kind: str
    id: UUID | None
    number: int
    slot: str
    text: str


def _like(text: str) -> str:
    return f"{folded(text)} like any (array(select json_array_elements_text($2::json)))"


_OF_VALUE = "profile_values p where p.user_id = v.user_id and p.slot = v.slot and p.value_key = v.value_key"
_ACTIVE_LOCK = f"v.kind = 'LOCK' and exists (select from {_OF_VALUE} and p.locked)"
_ITS_VALUE = f"(select p.id from {_OF_VALUE})"

_SOURCES = f"""
select '{LINE}' as kind, l.id, 0 as number, '' as slot, l.text from diary_lines l where l.user_id = $1 and not l.by_person
union all select '{REPLACED}', l.id, 0, '', l.replaced_text from diary_lines l where l.user_id = $1 and l.replaced_text is not null
union all select '{SUMMARY}', v.diary_id, v.version, '', v.summary from diary_versions v where v.user_id = $1 and not v.summary_by_person
union all select '{SIGNAL}', s.id, 0, '', s.value from signals s where s.user_id = $1
union all select '{VALUE}', p.id, 0, '', p.value from profile_values p where p.user_id = $1
union all select '{DETAIL}', e.signal_id, e.position, '', concat_ws(E'\\n', e.condition, e.since, e.until) from signal_evidence e
  where e.user_id = $1 and (e.condition is not null or e.since is not null or e.until is not null)
union all select '{VERDICT}', v.id, 0, '', v.value from verdicts v where v.user_id = $1 and v.kind not in ('SET', 'REVERT') and not ({_ACTIVE_LOCK})
union all select '{IMPORTED}', i.id, 0, '', i.value from imported_values i where i.user_id = $1
union all select '{IMPORTED_QUOTE}', i.id, 0, '', i.quote from imported_values i where i.user_id = $1 and i.quote is not null
union all select '{ALIAS}', null, 0, a.slot, a.from_key || E'\\n' || a.into_key from profile_aliases a where a.user_id = $1
union all select '{REPLY}', null, 0, '', i.provider_message from job_items i where i.user_id = $1 and i.provider_message is not null
union all select '{REPLY}', i.id, 0, '', i.provider_message from job_attempts i where i.user_id = $1 and i.provider_message is not null
union all select '{OWN_DIARY}', l.diary_id, 0, '', l.text from diary_lines l where l.user_id = $1 and l.by_person
union all select '{OWN_DIARY}', v.diary_id, 0, '', v.summary from diary_versions v where v.user_id = $1 and v.summary_by_person
union all select '{OWN_DIARY}', d.id, 0, '', array_to_string(d.tags, E'\\n') from diaries d where d.user_id = $1 and d.tags <> '{{}}'
union all select '{OWN_VALUE}', {_ITS_VALUE}, 0, '', v.value from verdicts v where v.user_id = $1 and (v.kind = 'SET' or {_ACTIVE_LOCK})
union all select '{OWN_REASON}', {_ITS_VALUE}, 0, '', v.reason from verdicts v where v.user_id = $1 and v.reason is not null
union all select '{OWN_CONVERSATION}', c.id, 0, '', concat_ws(E'\\n', case when c.title_by_person then c.title end, array_to_string(c.tags, E'\\n'))
  from conversations c where c.user_id = $1 and (c.title_by_person or c.tags <> '{{}}')
union all select '{OWN_SLOT}', o.id, 0, '', o.name || E'\\n' || o.guide from own_slots o where o.user_id = $1
union all select '{OWN_COMPANION}', null, 0, '', concat_ws(E'\\n', c.name, c.form_of_address, case when c.preset is null then c.instructions end)
  from companion_versions c where c.user_id = $1"""

_FIND = f"select t.kind, t.id, t.number, t.slot, t.text from ({_SOURCES}) t where {_like('t.text')}"


async def list_derived_texts(session: Session, user_id: UUID, patterns: Sequence[str]) -> Sequence[FoundText]:
    """List the texts that match a pattern, besides messages, answers and what the model made of a conversation."""
    return [FoundText(*row) for row in await session.fetch(_FIND, user_id, json.dumps(patterns))]


_CLEAR_REPLACED = """
update diary_lines l set replaced_text = null where l.user_id = $1 and l.id in (select value::uuid from json_array_elements_text($2::json))
returning l.id"""
_CLEAR_DETAILS = """
update signal_evidence e set condition = null, since = null, until = null from json_to_recordset($2::json) as b (id uuid, number int)
where e.user_id = $1 and e.signal_id = b.id and e.position = b.number returning e.signal_id"""
_DELETE_VERDICTS = "delete from verdicts v where v.user_id = $1 and v.id in (select value::uuid from json_array_elements_text($2::json)) returning v.id"
_DELETE_ALIASES = """
delete from profile_aliases a using json_to_recordset($2::json) as b (slot text, keys text)
where a.user_id = $1 and a.slot = b.slot and a.from_key || E'\\n' || a.into_key = b.keys
  and not exists (select from signals s where s.user_id = $1 and s.slot = a.slot and s.value_key in (a.from_key, a.into_key)) returning a.slot"""
_CLEAR_REPLIES = """
with items as (
  update job_items i set provider_message = null where i.user_id = $1 and i.provider_message in (select value from json_array_elements_text($2::json))
), attempts as (
  update job_attempts i set provider_message = null where i.user_id = $1 and i.provider_message in (select value from json_array_elements_text($2::json))
) select 1"""


async def clear_derived_texts(session: Session, user_id: UUID, found: Collection[FoundText]) -> None:
    """Clear or delete texts of the kinds that nothing is supported by. Lines, summaries and signals are deleted elsewhere
    (evidence_erasure.py), imported values by `delete_values` (imported_values.py)."""
    def ids(kind: str) -> str:
        return json.dumps([str(text.id) for text in found if text.kind == kind])

    kinds = {text.kind for text in found}
    if REPLACED in kinds:
        await session.fetch(_CLEAR_REPLACED, user_id, ids(REPLACED))
    if DETAIL in kinds:
        await session.fetch(_CLEAR_DETAILS, user_id, json.dumps([{"id": str(text.id), "number": text.number} for text in found if text.kind == DETAIL]))
    if VERDICT in kinds:
        await session.fetch(_DELETE_VERDICTS, user_id, ids(VERDICT))
    if ALIAS in kinds:
        await session.fetch(_DELETE_ALIASES, user_id, json.dumps([{"slot": text.slot, "keys": text.text} for text in found if text.kind == ALIAS]))
    if IMPORTED_QUOTE in kinds:
        await clear_quotes(session, user_id, [text.id for text in found if text.kind == IMPORTED_QUOTE and text.id is not None])
    if REPLY in kinds:
        await session.fetch(_CLEAR_REPLIES, user_id, json.dumps([text.text for text in found if text.kind == REPLY]))


_WORDINGS = "concat_ws(E'\\n', c.before, c.after)"
_CHANGES = f"""
select c.id, {_WORDINGS}, exists (
  select from profile_values p where p.user_id = c.user_id and p.slot = c.slot and p.value_key = c.value_key)
from profile_changes c where c.user_id = $1 and {_like(_WORDINGS)}"""
_CLEAR_CHANGES = """
update profile_changes c set before = null, after = null where c.user_id = $1 and c.id in (select value::uuid from json_array_elements_text($2::json))
returning c.id"""


async def list_changes(session: Session, user_id: UUID, patterns: Sequence[str]) -> Sequence[tuple[UUID, str, bool]]:
    """List the profile's changes whose wordings match a pattern: id, wordings, and whether the profile still has the value."""
    return [(row[0], row[1], row[2]) for row in await session.fetch(_CHANGES, user_id, json.dumps(patterns))]


async def clear_changes(session: Session, user_id: UUID, ids: Collection[UUID]) -> None:
    """Clear the wordings of changes; the rest of the rows stays."""
    await session.fetch(_CLEAR_CHANGES, user_id, json.dumps(list(map(str, ids))))


_MAKE_DUE = """
update active_days a set revision = a.revision + 1 from (
  select day from active_days where user_id = $1 and day in (select value::date from json_array_elements_text($2::json)) order by day for update skip locked
) d where a.user_id = $1 and a.day = d.day returning a.day"""


async def make_days_due(session: Session, user_id: UUID, days: Collection[date]) -> None:
    """Raise the revision of other days that lost text, so that the next nightly job writes them again.

    A day that another transaction is working on is left out instead of waited for, so that the two cannot lock each other out.
    """
    await session.fetch(_MAKE_DUE, user_id, json.dumps(sorted(map(str, days))))
