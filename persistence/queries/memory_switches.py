"""The switches of memory: the users' settings, locked against changes, and the messages that were written while a switch was off."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Text, cast, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from persistence.bulk import any_of
from persistence.connection_holder import SupportsFetch
from persistence.models import User
from persistence.models.enums import Learning
from persistence.queries.prompt_inputs import learning


async def lock_switches(session: AsyncSession, user_ids: Iterable[UUID]) -> Sequence[User]:
    """Return the users, whose switches stay as they are until the transaction ends.

    The lock is the one that a computation of the profile takes (`lock_user`), since a weaker one that is raised later would end in deadlocks.
    """
    ids = sorted(set(user_ids))
    statement = select(User).where(User.id == any_of(ids)).order_by(User.id).with_for_update(key_share=True)
    return (await session.scalars(statement, execution_options={"populate_existing": True})).all() if ids else ()


def is_diary_off() -> ColumnElement[bool]:
    """Return the condition that a user's diary is off now: switched off, or paused until a later day of theirs."""
    local = func.timezone(User.time_zone, func.now()) - User.day_ends_at * text("interval '1 hour'")
    off = User.memory_off.contains(cast(["DIARY"], ARRAY(Text)))
    return or_(off, func.coalesce(User.memory_paused_until > cast(local, Date), literal(False)))


@dataclass(frozen=True)
class Gap:
    """Messages of the user that were written while a switch was off, which is on now: the first, the last, their number and that of their days."""

    first: datetime
    last: datetime
    messages: int
    days: int


def _learnable(off: str) -> str:
    """Return the condition that more may be learned from a message by now than when it was written; `off` are the switches that are off now."""
    return f"""(m.learning = 'NONE' and 'DIARY' <> all({off}) or m.learning = 'DIARY' and 'DIARY' <> all({off}) and 'PROFILE' <> all({off}))"""


_NOW_OFF = "(c.memory_off || cast($2 as text[]))"
_IN_GAP = f"""from messages m join conversations c on c.user_id = m.user_id and c.id = m.conversation_id
where m.user_id = $1 and m.in_gap and not c.temporary and ($3::uuid is null or c.id = $3) and {_learnable(_NOW_OFF)}"""
_FIND_GAP = f"select min(m.created_at), max(m.created_at), count(*), count(distinct m.day) {_IN_GAP}"
_CLOSE_GAP = f"""
update messages u set in_gap = $4 and found.now <> 'ALL', learning = case when $4 then found.now else u.learning end
from (select m.id, {learning(_NOW_OFF)} as now {_IN_GAP}) found where u.user_id = $1 and u.id = found.id
returning u.day"""
_ANSWERS = """
update messages a set learning = q.learning from messages q
where a.user_id = $1 and q.user_id = $1 and a.reply_to = q.id and a.role = 'ASSISTANT' and a.learning <> q.learning
  and ($2::uuid is null or q.conversation_id = $2)
returning a.id"""


async def find_gap(session: SupportsFetch, user_id: UUID, off: Sequence[str], conversation_id: UUID | None = None) -> Gap | None:
    """Return the messages that were written while a switch was off that is on now, and about which the user has not decided yet; None without any.

    `off` are the account's switches that are off now.
    """
    [row] = await session.fetch(_FIND_GAP, user_id, list(off), conversation_id)
    return None if not row[2] else Gap(row[0], row[1], row[2], row[3])


async def close_gap(session: SupportsFetch, user_id: UUID, off: Sequence[str], *, learn: bool, conversation_id: UUID | None = None) -> Sequence[date]:
    """Allow learning from the messages of the gap, or forbid it permanently; return their days. The caller makes the days due."""
    days = {row[0] for row in await session.fetch(_CLOSE_GAP, user_id, list(off), conversation_id, learn)}
    await session.fetch(_ANSWERS, user_id, conversation_id)
    return sorted(days)


_UNREAD = """
with temporary as (select id from conversations where user_id = $1 and temporary)
update messages m set learning = $2, in_gap = true
where m.user_id = $1 and m.role = 'USER' and not m.copied and ($3::uuid is null or m.conversation_id = $3)
  and (m.learning = 'ALL' or m.learning = 'DIARY' and $2 = 'NONE')
  and (m.conversation_id in (select id from temporary) or m.day in (select d.day from active_days d where d.user_id = $1 and d.diary_revision < d.revision))
returning m.day, m.conversation_id not in (select id from temporary)"""


async def mark_unread(session: SupportsFetch, user_id: UUID, learning: Learning, conversation_id: UUID | None = None) -> Sequence[date]:
    """Mark messages of days that the nightly jobs have not read yet as written while a switch was off; return their days.

    Those of temporary conversations are marked as well, in case these are kept later, but make no day due.
    """
    days = {row[0] for row in await session.fetch(_UNREAD, user_id, learning.value, conversation_id) if row[1]}
    await session.fetch(_ANSWERS, user_id, conversation_id)
    return sorted(days)


MAX_UNREAD = 400
"""Maximum number of messages that a wish to forget is compared with, the newest ones."""
_LIST_UNREAD = f"""
select m.id, m.content from messages m join conversations c on c.user_id = m.user_id and c.id = m.conversation_id
where m.user_id = $1 and m.role = 'USER' and not m.copied and m.learning <> 'NONE' and not c.temporary and not c.play
  and m.day in (select d.day from active_days d where d.user_id = $1 and d.diary_revision < d.revision)
order by m.id desc limit {MAX_UNREAD}"""
_EXCLUDE = """
update messages m set learning = 'NONE', in_gap = false from messages b
where m.user_id = $1 and b.user_id = $1 and b.id = m.id and m.id = any(cast(cast($2 as text[]) as uuid[])) and m.learning <> 'NONE'
returning m.id, m.day, b.learning"""
_INCLUDE = f"""
update messages u set learning = found.learning, in_gap = found.whole and found.learning <> 'ALL'
from (
  select m.id, m.id::text = any($3) as whole,
    case when {learning(_NOW_OFF)} = 'ALL' and m.id::text <> all($3) then 'DIARY' else {learning(_NOW_OFF)} end as learning
  from messages m join conversations c on c.user_id = m.user_id and c.id = m.conversation_id
  where m.user_id = $1 and m.id = any(cast(cast($4 as text[]) as uuid[])) and m.learning = 'NONE') found
where u.user_id = $1 and u.id = found.id
returning u.id, u.day"""


async def list_unread(session: SupportsFetch, user_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return the user's own messages of days that the nightly jobs have not read yet, as far as these may learn from them, with their texts, newest first."""
    return [(row[0], row[1]) for row in await session.fetch(_LIST_UNREAD, user_id)]


async def exclude_from_memory(session: SupportsFetch, user_id: UUID, message_ids: Iterable[UUID]) -> tuple[Mapping[UUID, Learning], Sequence[date]]:
    """Have nothing be learned from these messages and their answers, and no gap ask for them; return what might be learned before, and the days.

    Messages from which nothing is learned are left out. The caller makes the days due.
    """
    found = await session.fetch(_EXCLUDE, user_id, [str(id) for id in message_ids])
    await session.fetch(_ANSWERS, user_id, None)
    return {row[0]: Learning(row[2]) for row in found}, sorted({row[1] for row in found})


async def include_in_memory(
    session: SupportsFetch, user_id: UUID, off: Sequence[str], before: Mapping[UUID, Learning]
) -> tuple[Sequence[UUID], Sequence[date]]:
    """Have as much be learned from these messages as `before` says, unless the switches forbid it by now; return those that are changed, and the days.

    `off` are the account's switches that are off now. The caller makes the days due.
    """
    whole = [str(id) for id, might in before.items() if might is Learning.ALL]
    found = await session.fetch(_INCLUDE, user_id, list(off), whole, [str(id) for id in before])
    await session.fetch(_ANSWERS, user_id, None)
    return [row[0] for row in found], sorted({row[1] for row in found})
