"""Planning of job items: one set-based statement per job, never a loop over users."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, case, cast, func, literal, literal_column, null, or_, select, text, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement, FromClause

from persistence.models import ActiveDay, Diary, JobAttempt, JobItem, User
from persistence.models.account import MAY_BE_WITHOUT_DIARY
from persistence.models.jobs import DAY_CHANGED, WORKER_LOST, ItemStatus, Job
from persistence.orm import count_written
from persistence.provider_replies import NO_REPLY
from persistence.queries.memory_switches import is_diary_off

if TYPE_CHECKING:
    from persistence.orm import AnySelect

MAX_PLANNED_PER_RUN = 200_000
"""The most items that a timer's run plans, so that planning fits into a function's time limit. The next timer plans the rest, and passes over these again."""


@dataclass(frozen=True)
class Scope:
    """The scope of a run. Without dates and users: everything due for all users. `force` also includes items that are up to date."""

    first: date | None = None
    last: date | None = None
    user_ids: Sequence[UUID] | None = None
    force: bool = False
    retry_failed_after: timedelta = timedelta(0)
    rewrite_after: timedelta = timedelta(0)
    """In a run without an explicit scope, how long after a day was written it may be written again."""

    @property
    def is_explicit(self) -> bool:
        return self.force or self.first is not None or self.last is not None or self.user_ids is not None


async def plan(session: AsyncSession, job: Job, run_id: UUID, scope: Scope) -> int:
    """Enqueue the job's due items and return how many. Running items are left alone.

    One run plans at a time. A timer's run that finds another one planning plans nothing, since both would plan the same items.
    """
    if job is not Job.DAILY_DIARY and not scope.is_explicit:
        return 0  # a finished diary has made them due already
    if not await _may_plan(session, job, wait=scope.is_explicit):
        return 0
    source = {Job.DAILY_DIARY: _days, Job.DAILY_PROFILE: _diaries, Job.WEEKLY_PROFILE: _weeks}[job](scope)
    due = _due(source, job, scope)
    if scope.is_explicit or (planned := await _insert_new(session, due, job, run_id, scope)) is None:
        planned = count_written(await session.execute(_upsert(due.subquery("due"), job, run_id, scope)))
    return planned


async def _insert_new(session: AsyncSession, due: AnySelect, job: Job, run_id: UUID, scope: Scope) -> int | None:
    """Insert the new items of a timer's run without looking for conflicts, which takes most of them a third less time, and plan the others again.

    Return how many; None, with nothing written, when another transaction enqueued one of the new items meanwhile.
    """
    found = due.cte("due").prefix_with("MATERIALIZED")
    new = _insert(found, job, run_id, scope, ~found.c.known).returning(JobItem.user_id).cte("new")
    again = _upsert(found, job, run_id, scope, found.c.known).returning(JobItem.user_id).cte("again")
    counts = [select(func.count()).select_from(written).scalar_subquery() for written in (new, again)]
    try:
        async with session.begin_nested():
            return await session.scalar(select(counts[0] + counts[1]))
    except IntegrityError:
        return None


def _insert(due: FromClause, job: Job, run_id: UUID, scope: Scope, *conditions: ColumnElement[bool]) -> Insert:
    rows = select(
        due.c.user_id, literal(job.value), due.c.period, literal(ItemStatus.PENDING.value), func.now(), literal(run_id),
        literal(run_id) if scope.is_explicit else null().cast(JobItem.requested_by_run_id.type),
    ).where(*conditions)
    return insert(JobItem).from_select(["user_id", "job", "period", "status", "due_at", "run_id", "requested_by_run_id"], rows)


def _upsert(due: FromClause, job: Job, run_id: UUID, scope: Scope, *conditions: ColumnElement[bool]) -> Insert:
    return _insert(due, job, run_id, scope, *conditions).on_conflict_do_update(
        index_elements=[JobItem.user_id, JobItem.job, JobItem.period],
        set_={
            "status": ItemStatus.PENDING, "due_at": func.now(), "attempts": 0, "error_code": None, "finished_at": None,
            "run_id": run_id, "requested_by_run_id": _requesting_run(job, run_id, scope), "estimated_tokens": None,
            **NO_REPLY.columns,
            **({"text_digest": None} if scope.force else {}),
        },
        where=_can_be_replanned(scope),
    )


def _requesting_run(job: Job, run_id: UUID, scope: Scope) -> Any:
    """Return the run to store as `requested_by_run_id` of an existing item. An item that a finished diary made due stays due by itself."""
    asking = run_id if scope.is_explicit else None
    if job is Job.DAILY_DIARY or asking is None:
        return asking
    due_by_itself = (JobItem.status == ItemStatus.PENDING) & JobItem.requested_by_run_id.is_(None)
    return case((due_by_itself, null()), else_=literal(asking))


async def _may_plan(session: AsyncSession, job: Job, *, wait: bool) -> bool:
    """Take the lock for planning this job until the transaction ends. Return False, unless `wait`, when another run holds it."""
    key = func.hashtext(f"unilife plans {job.value}")
    if wait:
        await session.execute(select(func.pg_advisory_xact_lock(key)))
        return True
    return await session.scalar(select(func.pg_try_advisory_xact_lock(key))) or False


SAME_NIGHT = timedelta(hours=20)
"""For this long after its end, an attempt belongs to the same night's job runs."""
_WITHOUT_CALL = ("NO_MESSAGES", "ACCOUNT_DISABLED", "MEMORY_OFF", "CANCELLED")
"""Codes of items that were skipped without a call to the model."""


def _can_be_replanned(scope: Scope) -> ColumnElement[bool]:
    """Return the condition under which an existing item may be planned again.

    Without an explicit scope, an item that failed by a program error waits for the next night: its call was billed, and would be billed again.
    """
    ended = JobItem.finished_at
    failed = (JobItem.status == ItemStatus.FAILED) & (ended <= func.now() - scope.retry_failed_after)
    if scope.is_explicit:
        return or_(JobItem.status.in_([ItemStatus.SUCCEEDED, ItemStatus.SKIPPED, ItemStatus.PENDING]), failed)
    of_model = or_(JobItem.error_code.like(r"MODEL\_%"), JobItem.error_code.in_([WORKER_LOST, DAY_CHANGED]))
    lately = ended > func.now() - scope.rewrite_after
    done = JobItem.status.in_([ItemStatus.SUCCEEDED, ItemStatus.SKIPPED]) & or_(
        ended.is_(None), ~lately, (JobItem.status == ItemStatus.SKIPPED) & JobItem.error_code.in_(_WITHOUT_CALL))
    return or_(done, failed & or_(of_model, ended <= func.now() - SAME_NIGHT))


def _due(source: AnySelect, job: Job, scope: Scope) -> AnySelect:
    """Select the items to write, and whether their rows are known, without those that are PENDING already: a conflict would lock their rows against the
    workers.
    """
    found = source.subquery("found")
    is_it = (JobItem.user_id == found.c.user_id) & (JobItem.job == job) & (JobItem.period == found.c.period)
    due = (
        select(found.c.user_id, found.c.period, JobItem.user_id.is_not(None).label("known"))
        .outerjoin(JobItem, is_it).where(JobItem.user_id.is_(None) | _can_be_replanned(scope))
    )
    return due if scope.is_explicit else due.limit(MAX_PLANNED_PER_RUN)


def _days(scope: Scope) -> AnySelect:
    stale = [] if scope.force else [ActiveDay.diary_revision < ActiveDay.revision]
    # An index has the few users without a diary, and NOT IN reads them once, however many the planner expects; a join would look up each of the others.
    without = select(User.id).where(literal_column(f"({MAY_BE_WITHOUT_DIARY})"), User.disabled | is_diary_off())
    return (
        select(ActiveDay.user_id, ActiveDay.day.label("period"))
        .where(ActiveDay.ends_at <= func.now(), ActiveDay.user_id.not_in(without), *stale, *_within(scope, ActiveDay.user_id, ActiveDay.day))
    )


def _diaries(scope: Scope) -> AnySelect:
    return (
        select(Diary.user_id, Diary.day.label("period"))
        .join(User, User.id == Diary.user_id)
        .where(User.disabled.is_(False), *_within(scope, Diary.user_id, Diary.day))
    )


def _weeks(scope: Scope) -> AnySelect:
    """Select the weeks (from Monday) with a diary that are over in the user's time zone."""
    monday = cast(func.date_trunc("week", Diary.day), Date)
    next_monday = cast(monday + literal(7, Integer), DateTime) + User.day_ends_at * text("interval '1 hour'")
    return (
        select(Diary.user_id, monday.label("period"))
        .join(User, User.id == Diary.user_id)
        .where(User.disabled.is_(False), *_within(scope, Diary.user_id, Diary.day), func.timezone(User.time_zone, next_monday) <= func.now())
        .distinct()
    )


def _within(scope: Scope, user_id: Any, day: Any) -> list[Any]:
    conditions = []
    if scope.user_ids is not None:
        conditions.append(user_id.in_(scope.user_ids))
    if scope.first is not None:
        conditions.append(day >= scope.first)
    if scope.last is not None:
        conditions.append(day <= scope.last)
    return conditions


async def plan_failed(session: AsyncSession, of_run: UUID, run_id: UUID) -> int:
    """Move the items that a run left FAILED, and that no run has retried since, into a new run."""
    statement = (
        update(JobItem).where(or_(JobItem.run_id == of_run, JobItem.requested_by_run_id == of_run), JobItem.status == ItemStatus.FAILED)
        .values(status=ItemStatus.PENDING, due_at=func.now(), attempts=0, error_code=None, finished_at=None, run_id=run_id, requested_by_run_id=run_id,
                **NO_REPLY.columns)
        .execution_options(synchronize_session=False)
    )
    return count_written(await session.execute(statement))


async def tokens_per_item(session: AsyncSession, job: Job | None) -> tuple[float, float, float] | None:
    """Return the average prompt, answer and cached prompt tokens of the job's last 1000 attempts; None without any."""
    lately = (
        select(JobAttempt.input_tokens, JobAttempt.output_tokens, JobAttempt.cached_tokens)
        .where(JobAttempt.job == job, JobAttempt.input_tokens > 0).order_by(JobAttempt.finished_at.desc()).limit(1000).subquery()
    )
    prompts, answers, cached = (await session.execute(select(*map(func.avg, lately.c)))).one()
    return None if prompts is None else (float(prompts), float(answers), float(cached))
