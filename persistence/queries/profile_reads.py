"""Queries of the profile as users see it: values, the quotes that support them, and their changes. They select plain columns, no entities."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, JSON, ColumnElement, Date, Text, Uuid, and_, case, cast, column, exists, func, literal, null, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import Diary, ImportedValue, JobRun, ProfileAlias, ProfileChange, ProfileValue, Signal, SignalEvidence
from persistence.models.diary import Polarity, StatementRelation
from persistence.models.jobs import Job
from persistence.models.profile import ValueOrigin, ValuePolarity, ValueStatus
from persistence.paging import PageRange
from persistence.queries.value_keys import NOT

if TYPE_CHECKING:
    from persistence.orm import AnySelect

ValueKey = tuple[str, str]
"""A slot and the normalised key of a value in it (jobs.rules.slots.value_key)."""


class Value(NamedTuple):
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
    ended_at: datetime | None
    evidence: Sequence[UUID]
    """The messages that support the value, the oldest first."""
    polarity: ValuePolarity = ValuePolarity.IS
    since: str | None = None
    until: str | None = None
    condition: str | None = None


class ValueQuote(NamedTuple):
    """A quote of a message; without `message_id` the sentence of an imported memory text, with the day and the time of the import."""

    message_id: UUID | None
    quote: str
    start: int
    day: date
    said_at: datetime
    cited_start: int
    cited_end: int
    noted_on: date | None = None


class Change(NamedTuple):
    id: UUID
    slot: str
    value_key: str
    before: str | None
    after: str | None
    status_before: ValueStatus | None
    status_after: ValueStatus | None
    confidence_before: float | None
    confidence_after: float | None
    reason: str
    created_at: datetime
    run_id: UUID | None
    job: Job | None
    run_started_at: datetime | None


_OF_VALUE = (
    ProfileValue.id, ProfileValue.slot, ProfileValue.value, ProfileValue.value_key, ProfileValue.status,
    ProfileValue.confidence, ProfileValue.locked, ProfileValue.origin, ProfileValue.first_seen_at,
    ProfileValue.last_seen_at, ProfileValue.ended_at, ProfileValue.evidence, ProfileValue.polarity, ProfileValue.since,
    ProfileValue.until, ProfileValue.condition,
)  # fmt: skip
_OF_CHANGE = (
    ProfileChange.id, ProfileChange.slot, ProfileChange.value_key, ProfileChange.before, ProfileChange.after,
    ProfileChange.status_before, ProfileChange.status_after, ProfileChange.confidence_before,
    ProfileChange.confidence_after, ProfileChange.reason, ProfileChange.created_at, ProfileChange.run_id, JobRun.job,
    JobRun.started_at,
)  # fmt: skip


async def list_values(session: AsyncSession, user_id: UUID) -> list[Value]:
    """List all values of the stored profile, whatever their status, in no particular order."""
    return [Value._make(row) for row in await session.execute(_values(user_id))]


async def load_values(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Value]:
    rows = await session.execute(_values(user_id).where(ProfileValue.id == any_of(ids)))
    return {value.id: value for value in map(Value._make, rows)}


async def load_values_by_key(session: AsyncSession, user_id: UUID, keys: Sequence[ValueKey]) -> Mapping[ValueKey, Value]:
    wanted = _wanted(keys)
    same = and_(ProfileValue.slot == wanted.c.slot, ProfileValue.value_key == wanted.c.value_key)
    rows = await session.execute(_values(user_id).join(wanted, same))
    return {(value.slot, value.value_key): value for value in map(Value._make, rows)}


async def load_values_of_messages(session: AsyncSession, user_id: UUID, message_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Value]]:
    """Load the values of the stored profile that each message supports, whatever their status, in no particular order."""
    wanted = set(message_ids)
    found: dict[UUID, list[Value]] = {}
    for value in map(Value._make, await session.execute(_values(user_id).where(ProfileValue.evidence.overlap(list(wanted))))):
        for message_id in wanted.intersection(value.evidence):
            found.setdefault(message_id, []).append(value)
    return found


async def load_quotes(
    session: AsyncSession, user_id: UUID, keys: Sequence[ValueKey]
) -> Mapping[ValueKey, Sequence[ValueQuote]]:
    """Load the quotes that support each value, the oldest first.

    They come from the current versions of diaries and from weekly reviews, also for every value that was merged into it. A quote that is in both
    a diary and a weekly review is returned once. Denials support the negation of a value, and statements of its end support a value that is over.
    The sentences of memory texts that suggest the value are returned with them.
    """
    names = _with_merged(user_id, keys)
    same = and_(Signal.slot == names.c.slot, Signal.value_key == names.c.value_key)
    ended = SignalEvidence.relation == StatementRelation.ENDED
    denied = SignalEvidence.relation.in_((StatementRelation.DISLIKES, StatementRelation.IS_NOT))
    held = and_(Signal.polarity == Polarity.POSITIVE, SignalEvidence.relation.is_distinct_from(StatementRelation.CORRECTED))
    supports = case((names.c.negated, and_(Signal.polarity == Polarity.NEGATIVE, denied)), else_=or_(held, ended))
    quoted = and_(SignalEvidence.user_id == Signal.user_id, SignalEvidence.signal_id == Signal.id)
    diary = and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id)
    columns = (
        names.c.slot, names.c.root, SignalEvidence.message_id, SignalEvidence.quote, SignalEvidence.start,
        SignalEvidence.day, SignalEvidence.said_at,
        func.coalesce(SignalEvidence.cited_start, SignalEvidence.start).label("cited_start"),
        func.coalesce(SignalEvidence.cited_end, SignalEvidence.start + func.length(SignalEvidence.quote)).label("cited_end"),
        cast(null(), Date).label("noted_on"),
    )  # fmt: skip
    said = (
        select(*columns)
        .distinct()
        .select_from(Signal)
        .join(names, same)
        .join(SignalEvidence, quoted)
        .outerjoin(Diary, diary)
        .where(Signal.user_id == user_id, supports, SignalEvidence.withdrawn.is_(False))
        .where((Diary.version == Signal.version) | Signal.week.is_not(None))
    )
    found_by = said.union_all(_imported_quotes(user_id, names))
    statement = found_by.order_by(found_by.selected_columns.said_at, found_by.selected_columns.message_id, found_by.selected_columns.start)
    found: dict[ValueKey, list[ValueQuote]] = {}
    for slot, root, *quote in await session.execute(statement):
        found.setdefault((slot, root), []).append(ValueQuote._make(quote))
    return found


def _imported_quotes(user_id: UUID, names: CTE) -> AnySelect:
    """Return the sentences of memory texts that suggest the values of `names`, in the columns of quotes."""
    key = case((names.c.negated, literal(NOT) + names.c.value_key), else_=names.c.value_key)
    same = and_(ImportedValue.slot == names.c.slot, ImportedValue.value_key == key)
    columns = (
        names.c.slot, names.c.root, cast(null(), Uuid).label("message_id"), ImportedValue.quote, literal(0).label("start"), ImportedValue.day,
        ImportedValue.created_at.label("said_at"), ImportedValue.cited_start, ImportedValue.cited_end, ImportedValue.noted_on,
    )  # fmt: skip
    return select(*columns).select_from(ImportedValue).join(names, same).where(ImportedValue.user_id == user_id, ImportedValue.quote.is_not(None))


async def load_suggested_by(session: AsyncSession, user_id: UUID, keys: Sequence[ValueKey]) -> Mapping[ValueKey, str]:
    """Load the name of the personal access token by which another assistant suggested each value, also one that was merged into it: the first one."""
    names = _with_merged(user_id, keys)
    key = case((names.c.negated, literal(NOT) + names.c.value_key), else_=names.c.value_key)
    same = and_(ImportedValue.slot == names.c.slot, ImportedValue.value_key == key)
    statement = select(names.c.slot, names.c.root, ImportedValue.suggested_by).select_from(ImportedValue).join(names, same)
    rows = await session.execute(statement.where(ImportedValue.user_id == user_id, ImportedValue.suggested_by.is_not(None)).order_by(ImportedValue.id.desc()))
    return {(slot, root): name for slot, root, name in rows}


async def list_changes(session: AsyncSession, user_id: UUID, slots: Sequence[str], page: PageRange) -> list[Change]:
    """List a page of the changes in these slots and in the user's own ones, which are listed the newest first."""
    statement = _changes().where(*_in_slots(user_id, slots), *page.bounds(ProfileChange.id, descending=True))
    statement = statement.order_by(*page.order(ProfileChange.id, descending=True)).limit(page.limit)
    return [Change._make(row) for row in await session.execute(statement)]


async def count_changes(session: AsyncSession, user_id: UUID, slots: Sequence[str]) -> int:
    return await session.scalar(select(func.count()).where(*_in_slots(user_id, slots))) or 0


async def load_changes(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Change]:
    named = ProfileChange.id == any_of(ids)
    rows = await session.execute(_changes().where(ProfileChange.user_id == user_id, named))
    return {change.id: change for change in map(Change._make, rows)}


async def load_changes_of_values(
    session: AsyncSession, user_id: UUID, keys: Sequence[ValueKey], *, limit: int
) -> Mapping[ValueKey, Sequence[Change]]:
    """Load at most `limit` changes of each value, the newest first."""
    wanted = _wanted(keys)
    newest = (
        _changes()
        .where(ProfileChange.user_id == user_id)
        .where(ProfileChange.slot == wanted.c.slot, ProfileChange.value_key == wanted.c.value_key)
        .order_by(ProfileChange.id.desc())
        .limit(limit)
        .lateral("newest")
    )
    rows = await session.execute(select(newest).select_from(wanted).join(newest, true()).order_by(newest.c.id.desc()))
    found: dict[ValueKey, list[Change]] = {}
    for change in map(Change._make, rows):
        found.setdefault((change.slot, change.value_key), []).append(change)
    return found


class ChangeRun(NamedTuple):
    """A job run that changed the user's profile."""

    id: UUID
    job: Job | None
    started_at: datetime


async def load_change_runs(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, ChangeRun]:
    """Load those of the job runs that changed the user's profile."""
    changed = exists().where(ProfileChange.user_id == user_id, ProfileChange.run_id == JobRun.id)
    rows = await session.execute(select(JobRun.id, JobRun.job, JobRun.started_at).where(JobRun.id == any_of(ids), changed))
    return {row.id: ChangeRun._make(row) for row in rows}


def _values(user_id: UUID) -> AnySelect:
    return select(*_OF_VALUE).where(ProfileValue.user_id == user_id)


def _changes() -> AnySelect:
    return select(*_OF_CHANGE).select_from(ProfileChange).outerjoin(JobRun, JobRun.id == ProfileChange.run_id)


def _in_slots(user_id: UUID, slots: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return ProfileChange.user_id == user_id, or_(ProfileChange.slot == any_of(slots, Text()), ProfileChange.slot.like("own.%"))


def _wanted(keys: Sequence[ValueKey]) -> Any:
    given = json.dumps([{"slot": slot, "value_key": key} for slot, key in keys])
    columns = (column("slot", Text()), column("value_key", Text()))
    return func.json_to_recordset(cast(literal(given, Text()), JSON)).table_valued(*columns).render_derived("wanted", with_types=True)


def _with_merged(user_id: UUID, keys: Sequence[ValueKey]) -> CTE:
    """Return the wanted values with all keys of their words: `root` is the wanted key, `value_key` is that of its words or one that was merged into it.

    `negated` tells whether the wanted key is that of a negation.
    """
    wanted = _wanted(keys)
    words, negated = func.ltrim(wanted.c.value_key, NOT), wanted.c.value_key.startswith(NOT)
    names = select(wanted.c.slot, words.label("value_key"), wanted.c.value_key.label("root"), negated.label("negated")).cte("names", recursive=True)
    merged = tuple_(ProfileAlias.slot, ProfileAlias.into_key) == tuple_(names.c.slot, names.c.value_key)
    further = select(ProfileAlias.slot, ProfileAlias.from_key, names.c.root, names.c.negated).join(names, merged)
    return names.union(further.where(ProfileAlias.user_id == user_id))
