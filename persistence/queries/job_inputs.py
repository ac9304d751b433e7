"""Inputs of the nightly jobs: many users' days, loaded together before the model is called."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, FromClause, Uuid, case, distinct, exists, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import values_table
from persistence.models import ActiveDay, CompanionVersion, Conversation, Diary, DiaryDeletion, DiaryLine, Message, ProfileValue, User, UserStorage
from persistence.models.enums import Learning, MessageRole, MessageStatus, ValueStatus
from persistence.queries.users import load_users
from persistence.queries.value_keys import NOT

if TYPE_CHECKING:
    from sqlalchemy import FunctionFilter

    from persistence.orm import AnySelect

DayKey = tuple[UUID, date]
"""A user and one of their days."""


class LearnableMessage(NamedTuple):
    """A message with the columns that the nightly jobs need."""

    id: UUID
    user_id: UUID
    conversation_id: UUID
    role: MessageRole
    content: str
    day: date
    time_zone: str
    tool_calls: int
    created_at: datetime
    filtered: bool = False
    """True if a provider's content filter refused this question."""
    refused: bool = False
    """True if this is a question that the user's daily quota refused and that has no answer yet."""
    play: bool = False
    """True in a conversation that is play: the diary says that the user played, and nothing else is learned from it."""
    learning: Learning = Learning.ALL
    """ALL, or DIARY for a message that the profile may not use."""
    branch_id: UUID | None = None
    not_play: bool = False
    """True in a conversation of which the user said that it is no play: then the rules look for no game in it."""
    undone_exclusion: UUID | None = None
    """The question, on an answer whose call to keep messages out was undone: all of it is learned from again."""

    @property
    def thread_id(self) -> UUID:
        """The conversation, or the branch of it in which the message was written: only messages of one thread follow each other."""
        return self.branch_id or self.conversation_id


@dataclass(frozen=True)
class DayRow:
    """A day's inputs. `revision` is the state of its messages, `has_diary` whether an entry exists already."""

    user: User
    revision: int
    has_diary: bool
    messages: Sequence[LearnableMessage]
    known: Sequence[str]
    rejected: Sequence[str]
    refused: int = 0
    """The number of messages of the day that the user's quota refused; they are not among `messages`."""
    assistant_names: Sequence[str] = ()
    """The names that the user gave the assistant, in the versions of the companion that are kept."""
    erasures: int = 0
    """The number of the user's erasures before the rest was read."""


def days_table(keys: Sequence[DayKey]) -> FromClause:
    return values_table("wanted", {"user_id": Uuid(), "day": Date()}, keys)


async def load_days(session: AsyncSession, keys: Sequence[DayKey], *, include_deleted: bool = False) -> dict[DayKey, DayRow]:
    """Load the days on which their users wrote; with `include_deleted`, with messages from before the user deleted the day's diary."""
    wanted = days_table(keys)
    names = select(names_of_assistant()).where(CompanionVersion.user_id == ActiveDay.user_id).correlate(ActiveDay).scalar_subquery()
    erased = select(UserStorage.erasures).where(UserStorage.user_id == ActiveDay.user_id).correlate(ActiveDay).scalar_subquery().label("erasures")
    states = select(ActiveDay.user_id, ActiveDay.day, ActiveDay.revision, Diary.id, names.label("names"), erased).join(
        wanted, (wanted.c.user_id == ActiveDay.user_id) & (wanted.c.day == ActiveDay.day)
    ).outerjoin(Diary, (Diary.user_id == ActiveDay.user_id) & (Diary.day == ActiveDay.day))
    rows = (await session.execute(states)).all()
    users = await load_users(session, {row.user_id for row in rows})
    known = await load_known_values(session, list(users))
    messages = await _load_messages(session, keys, include_deleted)
    return {
        (user_id, day): _row(users[user_id], revision, diary_id is not None, messages.get((user_id, day), ()), known[user_id], names, erasures or 0)
        for user_id, day, revision, diary_id, names, erasures in rows if user_id in users
    }


def _row(
    user: User, revision: int, has_diary: bool, messages: Sequence[LearnableMessage], known: tuple[Sequence[str], Sequence[str]], names: Sequence[str] | None,
    erasures: int,
) -> DayRow:
    read = [message for message in messages if not message.refused]
    return DayRow(user, revision, has_diary, read, *known, refused=len(messages) - len(read), assistant_names=names or (), erasures=erasures)


def names_of_assistant() -> FunctionFilter[Any]:
    """Return the expression that aggregates the names in versions of a companion; null without any."""
    return func.array_agg(aggregate_order_by(distinct(CompanionVersion.name), CompanionVersion.name)).filter(CompanionVersion.name.is_not(None))


async def list_assistant_names(session: AsyncSession, user_id: UUID) -> Sequence[str]:
    """Return the names that the user gave the assistant."""
    return await session.scalar(select(names_of_assistant()).where(CompanionVersion.user_id == user_id)) or ()


async def _load_messages(session: AsyncSession, keys: Sequence[DayKey], include_deleted: bool) -> dict[DayKey, list[LearnableMessage]]:
    wanted = days_table(keys)
    statement = select_learnable(include_deleted).join(wanted, (wanted.c.user_id == Message.user_id) & (wanted.c.day == Message.day))
    found: dict[DayKey, list[LearnableMessage]] = {}
    for row in await session.execute(statement.order_by(Message.id)):
        said = LearnableMessage._make(row)
        found.setdefault((said.user_id, said.day), []).append(said)
    return found


REFUSED = (Message.role == MessageRole.USER) & (Message.status == MessageStatus.FAILED) & (func.coalesce(Message.error_code, "") == "QUOTA_EXCEEDED")


_UNDONE_EXCLUSION = case((Message.sources.contains('"undone": true, "kept_out"'), Message.reply_to))
"""See resolvers/answer_sources.py: the record of a call that kept messages out, once it is undone."""
_FILTERED = (Message.role == MessageRole.USER) & (Message.error_code == "MODEL_FILTERED")


def select_learnable(include_deleted: bool = False) -> AnySelect:
    """Select the messages to learn from: no temporary conversation, no copy in a fork, none from before the deletion of its day's diary, none that
    was written while the diary was off, and no answer beside which another one was chosen. Of the branches of a conversation all are read."""
    deleted = exists().where(DiaryDeletion.user_id == Message.user_id, DiaryDeletion.day == Message.day, Message.id <= DiaryDeletion.through_message_id)
    return (
        select(
            Message.id, Message.user_id, Message.conversation_id, Message.role, Message.content, Message.day, Message.time_zone, Message.tool_calls,
            Message.created_at, func.coalesce(_FILTERED, False), REFUSED.label("refused"), Conversation.play,
            Message.learning, Message.branch_id, Conversation.not_play, _UNDONE_EXCLUSION.label("undone_exclusion"),
        )
        .join(Conversation, (Conversation.user_id == Message.user_id) & (Conversation.id == Message.conversation_id))
        .where(
            Conversation.temporary.is_(False), Message.copied.is_(False), Message.learning != Learning.NONE, Message.chosen,
            ~deleted | literal(include_deleted))
    )


async def list_learnable(session: AsyncSession, user_id: UUID, first: date, last: date) -> list[LearnableMessage]:
    """Return one user's messages of the days from `first` to `last`, in order, without those that the quota refused and those of play."""
    wanted = (~REFUSED, Conversation.play.is_(False), Message.user_id == user_id, Message.day.between(first, last))
    rows = await session.execute(select_learnable().where(*wanted).order_by(Message.id))
    return [LearnableMessage._make(row) for row in rows]


NEGATIVE = " (NEGATIVE)"
"""Follows a value that is known not to hold, in the terms of the prompts."""
_SHOWN = (ValueStatus.ACTIVE, ValueStatus.DISPUTED, ValueStatus.REJECTED)


async def load_known_values(session: AsyncSession, user_ids: Sequence[UUID]) -> Mapping[UUID, tuple[list[str], list[str]]]:
    """Load each user's current values and rejected values as `slot: value` lines, highest confidence first, for the model to compare with."""
    wanted = values_table("wanted", {"user_id": Uuid()}, [(user_id,) for user_id in user_ids])
    statement = (
        select(ProfileValue.user_id, ProfileValue.slot, ProfileValue.value, ProfileValue.status, ProfileValue.value_key)
        .join(wanted, wanted.c.user_id == ProfileValue.user_id).where(ProfileValue.status.in_(_SHOWN))
        .order_by(ProfileValue.confidence.desc(), ProfileValue.slot, ProfileValue.value_key)
    )
    found: dict[UUID, tuple[list[str], list[str]]] = {user_id: ([], []) for user_id in user_ids}
    for user_id, slot, value, status, key in await session.execute(statement):
        found[user_id][status is ValueStatus.REJECTED].append(f"{slot}: {value}{NEGATIVE if key.startswith(NOT) else ''}")
    return found


async def list_lines_between(session: AsyncSession, user_id: UUID, first: date, last: date) -> dict[date, list[str]]:
    """Return the visible lines of the current versions from `first` to `last`, by day."""
    statement = (
        select(Diary.day, DiaryLine.text)
        .join(DiaryLine, (DiaryLine.user_id == Diary.user_id) & (DiaryLine.diary_id == Diary.id) & (DiaryLine.version == Diary.version))
        .where(Diary.user_id == user_id, Diary.day.between(first, last), DiaryLine.hidden.is_(False))
        .order_by(Diary.day, DiaryLine.position)
    )
    days: dict[date, list[str]] = {}
    for day, text in await session.execute(statement):
        days.setdefault(day, []).append(text)
    return days
