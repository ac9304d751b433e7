"""Storing of search terms: which users lack some, the texts to make them of, and how far each user's are made.

A user's messages up to `search_states.through` have terms. Rows are written by what changes a message's text afterwards (`store_message_terms`), and an
import of older messages calls `reset_progress`. Every statement names its user, and terms are sent as JSON.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.ids import uuid7
from persistence.models import DiaryTerms, Message, MessageTerms
from persistence.orm import Session

SETTLED = timedelta(hours=1)
"""After this time a message's transaction has ended, so that no message with an older id appears any more, except by an import."""
BATCH_SIZE = 500
"""Texts that one statement reads."""
SWEEP_KEY = 0x736561726368
"""A number that no other program is likely to lock: the ASCII bytes of "search"."""


_LOCK = "insert into search_states (user_id) values ($1::uuid) on conflict (user_id) do update set user_id = excluded.user_id returning version, through"


class Progress(NamedTuple):
    """The version of a user's terms and the last message that has them; None if no message is known to have them."""

    version: int
    through: UUID | None


class Text(NamedTuple):
    """A text without terms of the present version: of a message, or of a diary's version."""

    id: UUID
    text: str
    diary_version: int = 0


async def claim_sweep(session: Session) -> UUID | None:
    """Lock the round through the users until the transaction ends, and return the last user that it has passed. Return None while another call holds it."""
    if not (await session.fetch("select pg_try_advisory_xact_lock($1::bigint)", SWEEP_KEY))[0][0]:
        return None
    found = await session.fetch("select after from search_sweeps")
    return (found[0][0] if found else None) or UUID(int=0)


async def move_sweep(session: Session, after: UUID) -> None:
    await session.fetch("insert into search_sweeps (id, after) values (1, $1::uuid) on conflict (id) do update set after = excluded.after returning id", after)


_NEXT = """
with passed as materialized (select id from users where id > $1 order by id limit $2)
select id, exists (
  select from messages m where m.user_id = u.id and m.id <= $4
  and m.id > coalesce((select through from search_states s where s.user_id = u.id and s.version = $3), '00000000-0000-0000-0000-000000000000')
) from passed u order by id
"""


async def list_users(session: Session, after: UUID, limit: int, version: int, due_after: timedelta) -> Sequence[tuple[UUID, bool]]:
    """List the users after one, each with whether a message that was sent longer than `due_after` ago lacks terms.

    Diaries get theirs with the messages of the days after; until then a search reads their texts.
    """
    rows = await session.fetch(_NEXT, after, limit, version, _last_id(due_after))
    return [(row[0], row[1]) for row in rows]


async def lock_progress(session: Session, user_id: UUID) -> Progress:
    """Lock the user's progress until the transaction ends, so that no other call makes terms and no import ends meanwhile."""
    return Progress(*(await session.fetch(_LOCK, user_id))[0])


_UNREAD = """
select m.id, case when t.version = $2 then null else m.content end
from messages m left join message_terms t on t.user_id = m.user_id and t.message_id = m.id
where m.user_id = $1 and m.id > $3 and m.id <= $4 order by m.id limit $5
"""


async def list_messages_after(session: Session, user_id: UUID, version: int, after: UUID) -> tuple[Sequence[Text], UUID, bool]:
    """Return the next messages without terms of this version, the last id that was looked at, and whether messages are left after it."""
    last = _last_id(SETTLED)
    rows = await session.fetch(_UNREAD, user_id, version, after, last, BATCH_SIZE)
    more = len(rows) == BATCH_SIZE
    return [Text(row[0], row[1]) for row in rows if row[1] is not None], rows[-1][0] if more else max(after, last), more


_STORE = """
insert into message_terms (user_id, message_id, version, day, length, by_user, recallable, terms)
select m.user_id, m.id, $2, m.day, length(m.content), m.role = 'USER',
       not m.copied and not m.withdrawn and not c.temporary and not c.play and m.learning <> 'NONE',
       array(select found.value::bigint from json_array_elements_text(given.terms) found)
from json_to_recordset($3::json) as given (id uuid, terms json)
join messages m on m.user_id = $1 and m.id = given.id
join conversations c on c.user_id = $1 and c.id = m.conversation_id
for key share of m skip locked
on conflict (user_id, message_id) do update
set version = excluded.version, day = excluded.day, length = excluded.length, by_user = excluded.by_user, recallable = excluded.recallable,
    terms = excluded.terms
where $4 or message_terms.version <> excluded.version
returning message_id
"""


async def store_message_terms(session: Session, user_id: UUID, version: int, keys: Mapping[UUID, Sequence[int]], *, changed: bool) -> None:
    """Store the keys of messages' terms. Unless the texts were `changed`, terms of this version are kept, since an edit may have made them meanwhile.

    Messages that another transaction is deleting are left out instead of waited for, so that the two cannot lock each other out.
    """
    if keys:
        given = json.dumps([{"id": str(id), "terms": terms} for id, terms in keys.items()])
        await session.fetch(_STORE, user_id, version, given, changed)


_LACKING_DIARIES = """
select d.id, concat_ws(E'\\n', v.summary, (
  select string_agg(l.text, E'\\n') from diary_lines l
  where l.user_id = d.user_id and l.diary_id = d.id and l.version = d.version and not l.hidden)), d.version
from diaries d join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version
left join diary_terms t on t.user_id = d.user_id and t.diary_id = d.id and t.diary_version = d.version and t.version = $2
where d.user_id = $1 and t.user_id is null order by d.id limit $3 for share of d skip locked
"""
_STORE_DIARIES = """
insert into diary_terms (user_id, diary_id, version, diary_version, terms)
select $1, given.id, $2, given.diary_version, array(select found.value::bigint from json_array_elements_text(given.terms) found)
from json_to_recordset($3::json) as given (id uuid, diary_version int, terms json)
on conflict (user_id, diary_id) do update set version = excluded.version, diary_version = excluded.diary_version, terms = excluded.terms
returning diary_id
"""


async def list_diaries_without_terms(session: Session, user_id: UUID, version: int) -> Sequence[Text]:
    """Return the present texts of diaries without terms, and lock these diaries against changes until the transaction ends. Locked ones are left out."""
    return [Text(*row) for row in await session.fetch(_LACKING_DIARIES, user_id, version, BATCH_SIZE)]


async def store_diary_terms(session: Session, user_id: UUID, version: int, given: Sequence[tuple[UUID, int, Sequence[int]]]) -> None:
    if given:
        rows = json.dumps([{"id": str(id), "diary_version": number, "terms": terms} for id, number, terms in given])
        await session.fetch(_STORE_DIARIES, user_id, version, rows)


_RECOUNT = """
with counted as materialized (
  select count(*) as messages, coalesce(sum(length), 0) as characters, count(*) filter (where recallable) as recallable,
         coalesce(sum(length) filter (where recallable), 0) as recallable_characters,
         coalesce(sum(length * case when by_user then 1.0 else $3::float8 end) filter (where recallable), 0) as weighted,
         count(distinct day) filter (where recallable) as days
  from message_terms where user_id = $1 and message_id <= $2
), there as (select count(*) as messages from messages where user_id = $1 and id <= $2)
update search_states s set messages = c.messages, characters = c.characters, recallable = c.recallable, recallable_characters = c.recallable_characters,
       weighted = c.weighted, days = c.days, through = case when c.messages = there.messages then s.through end
from counted c, there where s.user_id = $1
returning s.through
"""


async def save_progress(session: Session, user_id: UUID, version: int, through: UUID) -> None:
    await session.fetch("update search_states set version = $2, through = $3 where user_id = $1 returning user_id", user_id, version, through)


async def recount(session: Session, user_id: UUID, through: UUID, assistant: float) -> bool:
    """Store the sums over the messages up to `through`. Return False, and begin again, if one of them turns out to have no terms."""
    return (await session.fetch(_RECOUNT, user_id, through, assistant))[0][0] is not None


async def reset_progress(session: AsyncSession, user_id: UUID) -> None:
    """Note that older messages were added, in the transaction that adds them: all of the user's texts are looked at again."""
    await session.execute(_RESET, {"user_id": user_id})


_RESET = text("insert into search_states (user_id) values (:user_id) on conflict (user_id) do update set version = 0, through = null")


async def delete_conversation_terms(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> None:
    """Delete the terms of a conversation's messages, which become recallable or cease to be. Until new ones are made, a search reads their texts."""
    messages = select(Message.id).where(Message.user_id == user_id, Message.conversation_id == conversation_id)
    gone = delete(MessageTerms).where(MessageTerms.user_id == user_id, MessageTerms.message_id.in_(messages))
    await session.execute(gone.execution_options(synchronize_session=False))
    await reset_progress(session, user_id)


async def delete_diary_terms(session: AsyncSession, user_id: UUID, diary_ids: Iterable[UUID]) -> None:
    """Delete the terms of diaries of which a version lost text. Until new ones are made, a search reads their texts."""
    gone = delete(DiaryTerms).where(DiaryTerms.user_id == user_id, DiaryTerms.diary_id == any_of(diary_ids))
    await session.execute(gone.execution_options(synchronize_session=False))


def _last_id(ago: timedelta) -> UUID:
    """Return an id that is greater than those of messages sent at least so long ago."""
    return uuid7(datetime.now(timezone.utc) - ago)
