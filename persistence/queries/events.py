"""Events: lines of diaries and signals of the profile that are about another day than that on which they were said.

Lines and signals of one statement and one day are one event, with the text of the first line in the diary's order. Plain SQL, like the statements of the
message path, which reads some of them (persistence/queries/exchange_opening.py).
"""
from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.paging import PageRange

DAYS_AHEAD = 14
"""Days, today included, whose events a prompt lists as lying ahead."""
MAX_AHEAD = 8
DAYS_PASSED = 7
"""Days after an event in which an answer may ask about it."""
MAX_PASSED = 3
"""Maximum past events of one day in a prompt."""


class PromptEvent(NamedTuple):
    """An event as a prompt contains it: its day, the day on which it was said, and the text of the line or the value of the signal."""

    happens_on: date
    said_on: date
    text: str


class Event(NamedTuple):
    """An event with its line or signal: `kind` is a line's, `slot` a signal's."""

    id: UUID
    happens_on: date
    said_on: date
    text: str
    kind: str | None
    slot: str | None


class EventQuote(NamedTuple):
    owner_id: UUID
    message_id: UUID
    quote: str
    start: int
    cited_start: int
    cited_end: int


def events_between(first: str, last: str) -> str:
    """Return a query of the user's events on the days from `first` to `last`, both SQL expressions; `$1` is the user."""
    return f"""
  select distinct on (u.happens_on, u.message_id, u.start) u.* from (
    select n.happens_on, coalesce(e.message_id, n.id) as message_id, coalesce(e.start, 0) as start, d.day as said_on, n.id, n.text, n.kind, null as slot,
      0 as rank, n.position
    from diary_lines n join diaries d on d.user_id = n.user_id and d.id = n.diary_id and d.version = n.version
      left join lateral (select e.message_id, e.start from line_evidence e where e.user_id = $1 and e.line_id = n.id order by e.position limit 1) e on true
    where n.user_id = $1 and n.happens_on is not null and n.happens_on between {first} and {last} and not n.hidden
    union all
    select s.happens_on, e.message_id, e.start, e.day, s.id, s.value, null, s.slot, 1, s.position
    from signals s left join diaries d on d.user_id = s.user_id and d.id = s.diary_id and d.version = s.version
      join lateral (
        select e.message_id, e.start, e.day from signal_evidence e where e.user_id = $1 and e.signal_id = s.id and not e.withdrawn order by e.position limit 1
      ) e on true
    where s.user_id = $1 and s.happens_on is not null and s.happens_on between {first} and {last} and s.polarity = 'POSITIVE'
      and (s.week is not null or d.id is not null)
  ) u order by u.happens_on, u.message_id, u.start, u.rank, u.position, u.id"""


def ahead_of(today: str) -> str:
    """Return a select expression of the events that lie ahead on the day `today`, an SQL expression, as JSON for `to_prompt_events`."""
    return f"""(select json_agg(json_build_array(a.happens_on, a.said_on, a.text))::text from (
    select * from ({events_between(f"{today}::date", f"{today}::date + {DAYS_AHEAD - 1}")}) v order by v.happens_on, v.said_on, v.id limit {MAX_AHEAD}) a)"""


_PASSED = "(select json_agg(json_build_array(p.happens_on, p.said_on, p.text) order by p.said_on, p.id)::text from {} p)"
PASSED = _PASSED.format("asking_about")
"""The select expression of the events that the relations of `reserve_passed` allow a question's answer to ask about."""


def reserve_passed(today: str, question: str, conversation: str, now: str, told: str) -> str:
    """Return relations that record, for the row of `question`, the latest day whose events have passed and were not asked about, and that hold its events.

    Of concurrent statements one records an event, because the key of its row is the event's. Events of temporary conversations and of play are not asked
    about there, since no nightly job would read what the user replies, nor is anything while the diary is off, or unless the condition `told` holds.
    """
    return f"""passed as materialized (
  select v.* from ({events_between(f"{today}::date - {DAYS_PASSED}", f"{today}::date - 1")}) v
  where v.said_on < v.happens_on and v.message_id <> v.id and not exists (
    select from event_questions q where q.user_id = $1 and q.message_id = v.message_id and q.happens_on = v.happens_on)
), reserved_events as (
  insert into event_questions (user_id, message_id, happens_on, question_id, created_at)
  select distinct $1::uuid, p.message_id, p.happens_on, a.id, {now}::timestamptz
  from passed p cross join {question} a cross join {conversation} o
  where not o.temporary and not o.play and a.learning <> 'NONE' and {told} and p.happens_on = (select max(happens_on) from passed)
  on conflict do nothing
  returning message_id, happens_on
), asking_about as (
  select p.* from passed p join reserved_events r on r.message_id = p.message_id and r.happens_on = p.happens_on order by p.said_on, p.id limit {MAX_PASSED}
)"""


def passed_of(question_id: str) -> str:
    """Return a select expression of the events that were recorded for a question before, which another answer to it may ask about in place of the first."""
    recorded = f"(select happens_on from event_questions where user_id = $1 and question_id = {question_id})"
    return _PASSED.format(f"""(
    select v.* from ({events_between(f"(select min(r.happens_on) from {recorded} r)", f"(select max(r.happens_on) from {recorded} r)")}) v
    join event_questions q on q.user_id = $1 and q.message_id = v.message_id and q.happens_on = v.happens_on and q.question_id = {question_id}
    order by v.said_on, v.id limit {MAX_PASSED})""")


def to_prompt_events(text: str | None) -> Sequence[PromptEvent]:
    return [PromptEvent(date.fromisoformat(day), date.fromisoformat(said_on), words) for day, said_on, words in json.loads(text)] if text else ()


Position = tuple[date, UUID]
"""The day of an event and its id, by which events are sorted."""

_QUOTES = """
  select e.line_id as owner_id, e.position, e.message_id, e.quote, e.start, e.cited_start, e.cited_end
  from line_evidence e join page p on e.line_id = p.id where e.user_id = $1
  union all
  select e.signal_id, e.position, e.message_id, e.quote, e.start, e.cited_start, e.cited_end
  from signal_evidence e join page p on e.signal_id = p.id where e.user_id = $1 and not e.withdrawn"""

def _list(condition: str, order: str) -> str:
    return f"""
with found as materialized ({events_between("$2::date", "$3::date")}
), page as materialized (
  select * from found where true{condition} order by {order} limit $4
)
select p.id, p.happens_on, p.said_on, p.text, p.kind, p.slot, (
  select json_agg(json_build_array(e.message_id, e.quote, e.start, coalesce(e.cited_start, e.start), coalesce(e.cited_end, e.start + length(e.quote)))
    order by e.position)::text from ({_QUOTES}) e where e.owner_id = p.id)
from page p order by {order}"""

_COUNT = f"select count(*) from ({events_between('$2::date', '$3::date')}) found"


async def list_events(
    connection: SupportsFetch, user_id: UUID, first: date, last: date, page: PageRange
) -> list[tuple[Event, list[EventQuote]]]:
    """Return a page of the events from `first` to `last` with their quotes, which are listed in the order of their days."""
    condition, order, position = page.keyset({"happens_on": "date", "id": "uuid"}, 5)
    rows = await connection.fetch(_list(condition, order), user_id, first, last, page.limit, *position)
    return [(event := Event._make(row[:6]), [EventQuote(event.id, UUID(id), *rest) for id, *rest in json.loads(row[6] or "[]")]) for row in rows]


async def count_events(connection: SupportsFetch, user_id: UUID, first: date, last: date) -> int:
    [[count]] = await connection.fetch(_COUNT, user_id, first, last)
    return int(count)
