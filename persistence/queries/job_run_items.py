"""Items of job runs with their current state: those that a run requested, those that it planned or claimed and that are unfinished, and others
that it finished. The functions load several runs at once.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Subquery,
    Text,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import values_table
from persistence.models import JobAttempt, JobItem, JobRun
from persistence.models.jobs import ItemStatus, Job
from persistence.paging import PageRange

if TYPE_CHECKING:
    from persistence.orm import AnySelect

OPEN_STATUSES = (ItemStatus.PENDING, ItemStatus.RUNNING)


@dataclass(frozen=True)
class RunCounts:
    """Current counts of a run's items by status. Tokens and costs are those of the run itself and, for items that it requested, of other runs that
    processed them since.
    """

    succeeded: int = 0
    skipped: int = 0
    failed: int = 0
    pending: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    thinking_tokens: int = 0
    costs: Mapping[str, int] = field(default_factory=dict)
    """Cost by currency, in billionths; empty where no price was known."""

    @property
    def total(self) -> int:
        return self.succeeded + self.skipped + self.failed + self.pending


@dataclass(frozen=True)
class RunItem:
    """A user's item within a run. Tokens and costs are sums over all attempts for this run; the prompt version is that of the last attempt."""

    user_id: UUID
    period: date
    job: Job
    attempt: int
    status: ItemStatus
    error_code: str | None
    lease_until: datetime | None
    finished_at: datetime | None
    provider_status: int | None = None
    provider_code: str | None = None
    provider_message: str | None = None
    started_at: datetime | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    thinking_tokens: int = 0
    costs: Mapping[str, int] = field(default_factory=dict)
    prompt_version: str | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Counts of claims that the last attempt with a checked draft dropped, by reason."""
    checks: Mapping[str, Any] = field(default_factory=dict)
    """The second reading of the last attempt that had one, as its row has it."""

    @property
    def key(self) -> tuple[UUID, date, Job]:
        return self.user_id, self.period, self.job

    @property
    def position(self) -> tuple[UUID, date, str]:
        return self.user_id, self.period, self.job.value


async def load_counts(session: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, RunCounts]:
    """Load the current counts of several runs in three statements."""
    items = _items(run_ids)
    found: dict[UUID, dict[str, int]] = {run_id: {} for run_id in run_ids}
    costs: dict[UUID, dict[str, int]] = {run_id: {} for run_id in run_ids}
    standing = select(items.c.run_id, items.c.status, func.count()).group_by(items.c.run_id, items.c.status)
    for run_id, status, count in await session.execute(standing):
        name = "pending" if status in OPEN_STATUSES else status.value.lower()
        found[run_id][name] = found[run_id].get(name, 0) + count
    for statement in (_spent_by(run_ids), _spent_for(run_ids)):
        for run_id, currency, nano, *amounts in await session.execute(statement):
            for name, amount in zip(_AMOUNTS, amounts):
                found[run_id][name] = found[run_id].get(name, 0) + amount
            if currency is not None:
                costs[run_id][currency] = costs[run_id].get(currency, 0) + nano
    return {run_id: RunCounts(**counts, costs=costs[run_id]) for run_id, counts in found.items()}


class ItemPage(NamedTuple):
    """A page of a run's items: at most `limit` between two positions, read from the end if `backward`; with `status`, only items in that status."""

    run_id: UUID
    status: ItemStatus | None
    limit: int
    after: tuple[UUID, date, str] | None = None
    before: tuple[UUID, date, str] | None = None
    backward: bool = False


async def load_item_pages(session: AsyncSession, pages: Sequence[ItemPage]) -> Mapping[ItemPage, Sequence[RunItem]]:
    """Load pages, each in the order of user, period and job, or backward; in two statements, whatever the number of pages."""
    found: dict[ItemPage, list[RunItem]] = {page: [] for page in pages}
    every = union_all(*(_page(page, number) for number, page in enumerate(found))).subquery("pages")
    asked = list(found)
    for _, *columns, number in await session.execute(select(every).order_by(every.c.number, *_order(every))):
        found[asked[number]].append(RunItem(*columns))
    for page, items_read in found.items():
        if page.backward:
            items_read.reverse()
    return await _with_attempts(session, found)


class ItemKey(NamedTuple):
    """The key of an item within a run."""

    run_id: UUID
    user_id: UUID
    period: date
    job: Job


async def load_run_items(session: AsyncSession, keys: Sequence[ItemKey]) -> Mapping[ItemKey, RunItem]:
    """Load items of runs, in two statements."""
    items = _items(list({key.run_id for key in keys}))
    wanted = values_table("wanted", {"run_id": Uuid(), "user_id": Uuid(), "period": Date(), "job": JobItem.__table__.c.job.type}, keys)
    same = [items.c[name] == wanted.c[name] for name in ItemKey._fields]
    found: dict[ItemPage, list[RunItem]] = {}
    for run_id, *columns in await session.execute(select(items).join(wanted, and_(*same))):
        found.setdefault(ItemPage(run_id, None, 0, None), []).append(RunItem(*columns))
    complete = await _with_attempts(session, found)
    return {ItemKey(page.run_id, *item.key): item for page, of_run in complete.items() for item in of_run}


async def load_item_counts(session: AsyncSession, runs: Sequence[tuple[UUID, ItemStatus | None]]) -> Mapping[tuple[UUID, ItemStatus | None], int]:
    counted = union_all(*(select(literal(number), func.count()).select_from(_standing(*run)) for number, run in enumerate(runs)))
    return {runs[number]: count for number, count in await session.execute(counted)}


def _page(page: ItemPage, number: int) -> AnySelect:
    items = _standing(page.run_id, page.status)
    keys = PageRange(page.limit, page.after, page.before, page.backward)
    chosen = select(items).where(*keys.bounds(tuple_(*_order(items)))).order_by(*keys.order(*_order(items))).limit(page.limit)
    return select(chosen.subquery("page"), literal(number).label("number"))


def _standing(run_id: UUID, status: ItemStatus | None) -> Subquery:
    items = _items([run_id])
    return items if status is None else select(items).where(items.c.status == status).subquery("standing")


def _order(items: Subquery) -> tuple[Any, ...]:
    return items.c.user_id, items.c.period, cast(items.c.job, Text)


async def count_error_codes(session: AsyncSession, run_id: UUID) -> list[tuple[str, int]]:
    """Count the run's items that failed or wait for a retry, by error code; the most frequent first."""
    items = _items([run_id])
    unfinished = items.c.status.in_([ItemStatus.FAILED, ItemStatus.PENDING]) & items.c.error_code.is_not(None)
    statement = select(items.c.error_code, func.count()).where(unfinished).group_by(items.c.error_code)
    return [(code, count) for code, count in await session.execute(statement.order_by(func.count().desc(), items.c.error_code))]


async def _with_attempts(session: AsyncSession, pages: Mapping[ItemPage, Sequence[RunItem]]) -> dict[ItemPage, list[RunItem]]:
    """Return the items with what their attempts for their run used."""
    keys = [(page.run_id, *item.key) for page, items in pages.items() for item in items]
    if not keys:
        return {page: [] for page in pages}
    wanted = values_table("wanted", {"run_id": Uuid(), "user_id": Uuid(), "period": Date(), "job": JobItem.__table__.c.job.type}, keys)
    its = (JobAttempt.user_id == wanted.c.user_id, JobAttempt.period == wanted.c.period, JobAttempt.job == wanted.c.job)
    asked = exists().where(JobItem.requested_by_run_id == wanted.c.run_id, *_same_item())
    versions = func.array_agg(aggregate_order_by(JobAttempt.prompt_version, JobAttempt.finished_at.desc()), type_=ARRAY(Text))
    dropped = func.array_agg(aggregate_order_by(JobAttempt.dropped, JobAttempt.finished_at.desc()), type_=ARRAY(JSONB)).filter(JobAttempt.dropped.is_not(None))
    checks = func.array_agg(aggregate_order_by(JobAttempt.checks, JobAttempt.finished_at.desc()), type_=ARRAY(JSONB)).filter(JobAttempt.checks.is_not(None))
    statement = (
        select(*wanted.c, func.min(JobAttempt.started_at), func.sum(JobAttempt.model_calls), *_tokens(), versions[1], dropped[1], checks[1], *_costs())
        .join(JobRun, JobRun.id == wanted.c.run_id).join(JobAttempt, and_(*its))
        .where(or_(JobAttempt.run_id == wanted.c.run_id, asked & (JobAttempt.finished_at >= JobRun.started_at)))
        .group_by(*wanted.c)
    )
    used = {tuple(row[:4]): row[4:] for row in await session.execute(statement)}
    return {page: [_used(item, used.get((page.run_id, *item.key))) for item in items] for page, items in pages.items()}


def _used(item: RunItem, used: Sequence[Any] | None) -> RunItem:
    if used is None:
        return item
    started_at, calls, *amounts, version, dropped, checks, currencies, nanos = used
    costs: dict[str, int] = {}
    for currency, nano in zip(currencies, nanos):
        if currency is not None:
            costs[currency] = costs.get(currency, 0) + nano
    told = {"prompt_version": version, "costs": costs, "dropped": dropped or {}, "checks": checks or {}}
    return replace(item, started_at=started_at, model_calls=calls, **told, **dict(zip(_AMOUNTS, amounts)))


def _items(run_ids: Sequence[UUID]) -> Subquery:
    """Return the items that the runs requested, those that they planned or claimed and that are unfinished, both by their rows in the job queue;
    and others that they finished, by the last attempt.
    """
    asked = select(JobItem.requested_by_run_id.label("run_id"), *_of_ledger()).where(JobItem.requested_by_run_id.in_(run_ids))
    others = JobItem.requested_by_run_id.is_distinct_from(JobItem.run_id)
    in_hand = select(JobItem.run_id, *_of_ledger()).where(JobItem.run_id.in_(run_ids), others, JobItem.status.in_(OPEN_STATUSES))
    counted = exists().where(
        or_(JobItem.requested_by_run_id == JobAttempt.run_id, (JobItem.run_id == JobAttempt.run_id) & JobItem.status.in_(OPEN_STATUSES)), *_same_item()
    )
    of_item = (JobAttempt.run_id, JobAttempt.user_id, JobAttempt.period, JobAttempt.job)
    ended = [*of_item, JobAttempt.attempt, JobAttempt.status, JobAttempt.error_code, null().cast(JobItem.lease_until.type), JobAttempt.finished_at]
    ended += [JobAttempt.provider_status, JobAttempt.provider_code, JobAttempt.provider_message]
    place = func.row_number().over(partition_by=of_item, order_by=JobAttempt.finished_at.desc()).label("place")
    attempts = select(*ended, place).where(JobAttempt.run_id.in_(run_ids), JobAttempt.status != ItemStatus.PENDING, ~counted).subquery()
    last = select(*list(attempts.c)[: len(ended)]).where(attempts.c.place == 1)
    return union_all(asked, in_hand, last).subquery("items")


def _of_ledger() -> tuple[Any, ...]:
    ended_at = case((JobItem.status.in_(OPEN_STATUSES), null()), else_=JobItem.finished_at)
    reply = JobItem.provider_status, JobItem.provider_code, JobItem.provider_message
    return JobItem.user_id, JobItem.period, JobItem.job, JobItem.attempts, JobItem.status, JobItem.error_code, JobItem.lease_until, ended_at, *reply


def _same_item() -> tuple[ColumnElement[bool], ...]:
    return JobItem.user_id == JobAttempt.user_id, JobItem.job == JobAttempt.job, JobItem.period == JobAttempt.period


_AMOUNTS = ("input_tokens", "output_tokens", "cached_tokens", "thinking_tokens")


def _tokens() -> list[ColumnElement[int]]:
    return [func.sum(getattr(JobAttempt, name)).cast(BigInteger) for name in _AMOUNTS]


def _costs() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return the currency and the cost of each attempt, in the same order."""
    return func.array_agg(JobAttempt.cost_currency, type_=ARRAY(Text)), func.array_agg(JobAttempt.cost_nano, type_=ARRAY(BigInteger))


def _spent() -> tuple[ColumnElement[Any], ...]:
    return JobAttempt.cost_currency.expression, func.sum(JobAttempt.cost_nano).cast(BigInteger), *_tokens()


def _spent_by(run_ids: Sequence[UUID]) -> AnySelect:
    """Select what the runs themselves used, one row per run and currency."""
    return select(JobAttempt.run_id, *_spent()).where(JobAttempt.run_id.in_(run_ids)).group_by(JobAttempt.run_id, JobAttempt.cost_currency)


def _spent_for(run_ids: Sequence[UUID]) -> AnySelect:
    """Select what other runs used, since the start of these, for items that these requested; one row per run and currency."""
    return (
        select(JobItem.requested_by_run_id, *_spent())
        .join(JobRun, JobRun.id == JobItem.requested_by_run_id)
        .join(JobAttempt, and_(*_same_item()))
        .where(JobItem.requested_by_run_id.in_(run_ids), JobAttempt.run_id != JobItem.requested_by_run_id, JobAttempt.finished_at >= JobRun.started_at)
        .group_by(JobItem.requested_by_run_id, JobAttempt.cost_currency)
    )
