"""Inputs of a chat prompt: the conversation's history, profile values and own slots' names, the latest diaries, and the pauses of the model.

They are read by the statement that opens an exchange (persistence/queries/exchange_opening.py), as texts in JSON: the driver asks the server for the
type of each array of rows or of ids, which would cost three round trips, and what it makes of the type `json` depends on who uses the connection.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from persistence.connection_holder import SupportsFetch
from persistence.ids import parse_id
from persistence.models.enums import MessageRole, PauseKind, ValueOrigin, ValuePolarity, ValueStatus
from persistence.queries.events import PromptEvent, to_prompt_events

MAX_MESSAGES = 400
"""Maximum messages of one conversation that are read for a question, besides those in its running summary."""
LAST_DIARIES = 3
"""Number of the newest diaries whose summaries are read."""


OUTDATED = "[removed]"
"""Replaces an answer to the earlier text of an edited question, which the model is not shown."""


STOPPED = "\n\n[stopped here]"
"""Ends an answer that was stopped, so that the model does not take it for a whole one."""


class HistoryMessage(NamedTuple):
    """An earlier message of the conversation."""

    id: UUID
    role: MessageRole
    reply_to: UUID | None
    content: str
    said_at: datetime | None = None
    """The time of a question in the time zone in which the user sent it; None for answers."""


class PromptValue(NamedTuple):
    """A profile value that is ACTIVE or DISPUTED, with the columns of its table under the same names."""

    id: UUID
    slot: str
    value: str
    value_key: str
    status: ValueStatus
    confidence: float
    locked: bool
    origin: ValueOrigin
    first_seen_at: datetime
    last_seen_at: datetime
    ended_at: None
    evidence: tuple[UUID, ...]
    """The messages that support the value, oldest first; loaded for DISPUTED values only."""
    polarity: ValuePolarity
    since: str | None
    until: str | None
    condition: str | None


class Asked(NamedTuple):
    """The dispute of a slot that a prompt last included, and the user's message that the prompt answered."""

    dispute_digest: str
    question_id: UUID


class WithheldSource(NamedTuple):
    """A source as resolvers/answer_sources.py names it; for a value that the user rejected or called over also its text and status."""

    source: str
    text: str | None = None
    status: str | None = None


class PromptCompanion(NamedTuple):
    """The user's companion, with the columns of its table under the same names."""

    version: int
    name: str | None
    tone: str | None
    form_of_address: str | None
    language: str | None
    instructions: str | None


class PromptInputs(NamedTuple):
    history: Sequence[HistoryMessage]
    """Answered questions and their answers, in no particular order."""
    values: Sequence[PromptValue]
    asked: Mapping[str, Asked]
    """The dispute that a prompt last included, by slot."""
    diaries: Sequence[tuple[date, str]]
    """The newest diaries' days and summaries, newest first, without empty summaries."""
    pauses: frozenset[PauseKind]
    own_slots: Sequence[tuple[UUID, str, bool]]
    """The slots that the user defined: ids, names, and whether several values can hold at once."""
    told: bool = True
    """False if the user switched off that prompts contain anything about them: then the inputs have the history only."""
    withheld: Sequence[WithheldSource] = ()
    """The sources that the user withheld from this conversation."""
    ahead: Sequence[PromptEvent] = ()
    """The events of the days ahead, today's first."""
    passed: Sequence[PromptEvent] = ()
    """Events of one day that are over, about which the answer may ask."""
    companion: PromptCompanion | None = None
    """The newest version of the user's companion, without the form of address unless `told`; None if it says nothing."""
    erasures: int = 0
    """The number of the user's erasures when these inputs were read."""


_ROLES = MessageRole.__members__
_AT: Callable[[Any], datetime] = lambda seconds: datetime.fromtimestamp(seconds, timezone.utc)  # noqa: E731
_VALUE_COLUMNS: Mapping[str, tuple[str, Callable[[Any], Any] | None]] = {
    "id": ("p.id", parse_id),
    "slot": ("p.slot", None),
    "value": ("p.value", None),
    "value_key": ("p.value_key", None),
    "status": ("p.status", ValueStatus),
    "confidence": ("p.confidence", None),
    "locked": ("p.locked", None),
    "origin": ("p.origin", ValueOrigin),
    "first_seen_at": ("extract(epoch from p.first_seen_at)", _AT),
    "last_seen_at": ("extract(epoch from p.last_seen_at)", _AT),
    "ended_at": ("null", None),
    "evidence": ("case when p.status = 'DISPUTED' then p.evidence end", lambda ids: tuple(map(parse_id, ids or ()))),
    "polarity": ("p.polarity", ValuePolarity),
    "since": ("p.since", None),
    "until": ("p.until", None),
    "condition": ("p.condition", None),
}
"""The columns of `PromptValue`: each with its SQL expression, and a conversion from JSON unless the value stays as it is."""

INPUTS = f"""
  (select json_agg(json_build_array({", ".join(sql for sql, _ in _VALUE_COLUMNS.values())}))::text from profile_values p
    where p.user_id = $1 and p.status in ('ACTIVE', 'DISPUTED')),
  (select json_agg(json_build_array(q.slot, q.dispute_digest, q.question_id))::text from dispute_questions q where q.user_id = $1),
  (select json_agg(json_build_array(l.day, l.summary))::text from (
    select d.day, v.summary from diaries d join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version
    where d.user_id = $1 and v.summary <> '' order by d.day desc limit {LAST_DIARIES}) l),
  (select json_agg(kind)::text from model_pauses),
  (select json_agg(json_build_array(o.id, o.name, o.many))::text from own_slots o where o.user_id = $1)"""
"""The select list of the inputs besides the history; `$1` is the user."""


COMPANION = f"""(select json_build_array({", ".join(PromptCompanion._fields)})::text from companion_versions
    where user_id = $1 order by version desc limit 1)"""
"""The select expression of the user's companion."""


ERASURES = "coalesce((select s.erasures from user_storage s where s.user_id = $1), 0)"
"""The select expression of the number of the user's erasures, as of the same snapshot as the other inputs."""


_STOPPED_SQL = "E'{}'".format(STOPPED.replace("\n", "\\n"))


def withheld_in(conversation: str) -> str:
    """Return a select expression of the sources that the user `$1` withheld from a conversation or from all; for a value that a verdict rejected or ended,
    as long as it is so, with its text and its status."""
    return f"""(select json_agg(json_build_array(s.source, p.value, p.status))::text from source_verdicts s
    left join profile_values p on p.user_id = s.user_id and p.status in ('REJECTED', 'SUPERSEDED') and s.source = 'value:' || p.id
    where s.user_id = $1 and s.withheld and (s.conversation_id is null or s.conversation_id = {conversation})
      and (p.id is not null or s.conversation_id is not null or s.source not like 'value:%'))"""


def account_switches(today: str) -> str:
    """Return a query of the account `$1`: the switches that are off on the day `today`, as `off` (in a pause all are), and the nickname."""
    return f"""select case when memory_paused_until > {today} then array['DIARY', 'PROFILE', 'TOLD'] else memory_off end as off, nickname
  from users where id = $1"""


_OUTSIDE = f"""with account as ({account_switches('$2::date')})
select coalesce((select 'TOLD' <> all(off) from account), false), {INPUTS}, {withheld_in('null::uuid')}"""


async def find_told_inputs(connection: SupportsFetch, user_id: UUID, today: date) -> PromptInputs:
    """Return what a prompt of a new conversation would contain about the user, without history, events and companion."""
    [[told, values, asked, diaries, pauses, own_slots, withheld]] = await connection.fetch(_OUTSIDE, user_id, today)
    return to_inputs(None, values, asked, diaries, pauses, own_slots, told, withheld)


def told_condition(conversation: str) -> str:
    """Return the condition that a prompt of the relation `conversation` may contain anything about the user; the relation `account` has their
    switches."""
    return f"(select 'TOLD' <> all(s.off || {conversation}.memory_off) from account s)"


def learning(off: str) -> str:
    """Return an expression of what may be learned from a message that is written while the switches `off` are off."""
    return f"case when 'DIARY' = any({off}) then 'NONE' when 'PROFILE' = any({off}) then 'DIARY' else 'ALL' end"


_MAY_REPEAT = r"""(m.role = 'ASSISTANT' and (case
        when m.sources is null then m.prompt_version is not null or m.cut_off is not distinct from 'STOPPED' else m.sources ~ '\[\s*[^]\s]' end
        or exists (select from account s where strpos(lower(m.content), lower(s.nickname)) > 0)
        or exists (select from companion_versions v where v.user_id = $1 and strpos(lower(m.content), lower(v.form_of_address)) > 0)))"""
"""The condition that an answer may repeat what its prompt contained about the user: a list of its sources is not empty, its sources are unknown, or it has
the name or a form of address."""


def history_of(messages: str, conversation: str, before: str) -> str:
    """Return a select expression of the history: the complete messages of the relation `messages` that the conversation's summary does not cover.

    `OUTDATED` replaces an answer whose question was edited after it, and `STOPPED` ends an answer that was stopped. While the user has switched off that
    prompts contain anything about them, `OUTDATED` also replaces each answer whose prompt did, and those with the user's name: they may repeat it. A
    summary that covers `before`, the question, or later messages does not count: a regenerated question must not know what followed it.
    """
    through = f"{conversation}.summary_through_message_id"
    covered = f"{conversation}.summary is not null and {through} is not null and {through} < {before} and m.id <= {through}"
    return f"""(select json_agg(json_build_array(m.id, m.role, m.reply_to,
      case when a.edited_at > coalesce(m.edited_at, m.created_at) or (not {told_condition(conversation)} and {_MAY_REPEAT}) then '{OUTDATED}'
        when m.cut_off = 'STOPPED' then m.content || {_STOPPED_SQL} else m.content end,
      case when m.role = 'USER' then extract(epoch from m.created_at) end, m.time_zone))::text
    from {messages} m left join {messages} a on a.id = m.reply_to
    where m.status = 'COMPLETE' and m.id <> {before} and m.reply_to is distinct from {before} and not ({covered}))"""


def to_inputs(
    history: str | None, values: str | None, asked: str | None, diaries: str | None, pauses: str | None, own_slots: str | None, told: bool = True,
    withheld: str | None = None, ahead: str | None = None, passed: str | None = None,
    companion: str | None = None, erasures: int = 0,
) -> PromptInputs:
    """Return the inputs from the JSON of `history_of`, of the columns of `INPUTS`, of `withheld_in`, of the events (persistence/queries/events.py) and of
    `COMPANION`, and from `ERASURES`; unless `told`, without those about the user."""
    if not told:
        values = asked = diaries = own_slots = withheld = ahead = passed = None
    return PromptInputs(
        [
            HistoryMessage(
                parse_id(id), _ROLES[role], reply_to and parse_id(reply_to), content, None if at is None else datetime.fromtimestamp(at, ZoneInfo(zone)),
            )
            for id, role, reply_to, content, at, zone in _read(history)
        ],
        [_to_value(value) for value in _read(values)],
        {slot: Asked(digest, UUID(question_id)) for slot, digest, question_id in _read(asked)},
        [(date.fromisoformat(day), summary) for day, summary in _read(diaries)],
        frozenset(map(PauseKind, _read(pauses))),
        [(UUID(id), name, many) for id, name, many in _read(own_slots)],
        told,
        [WithheldSource(*found) for found in _read(withheld)],
        to_prompt_events(ahead),
        to_prompt_events(passed),
        _to_companion(companion, told=told),
        erasures,
    )


def _to_companion(given: str | None, *, told: bool) -> PromptCompanion | None:
    if given is None:
        return None
    companion = PromptCompanion(*_read(given))
    companion = companion if told else companion._replace(form_of_address=None)
    return companion if any(companion[1:]) else None


def _to_value(given: Sequence[Any]) -> PromptValue:
    kinds = _VALUE_COLUMNS.items()
    return PromptValue(**{name: value if convert is None else convert(value) for (name, (_, convert)), value in zip(kinds, given)})


def _read(text: str | None) -> Sequence[Any]:
    return json.loads(text) if text else ()
