"""The job queue: items are claimed, finished and released. Times come from the database's clock, never from the instance's.

An attempt counts from its claim. A worker that finishes an item must still hold its lease in the transaction that writes the result, so a
worker that was suspended beyond its lease writes nothing. There are two claims, each with its partial index: of due items, and of items
whose worker was lost.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Boolean, Interval, LargeBinary, Select, Uuid, and_, case, exists, func, literal_column, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from persistence.bulk import bulk_insert, values_table
from persistence.ids import uuid7
from persistence.models import JobAttempt, JobItem
from persistence.models.jobs import ItemStatus, Job
from persistence.provider_replies import NO_REPLY, StoredReply
from persistence.queries.usage import Money


class LeaseLost(Exception):
    """The loss of an item's lease: another worker has claimed the item, or it was released. This worker must not write its result."""


class AlreadyFinished(Exception):
    """The outcome of this attempt is already stored: an earlier commit succeeded although its acknowledgement was lost."""

    def __init__(self, end: StoredEnd) -> None:
        super().__init__()
        self.end = end


@dataclass(frozen=True)
class Claim:
    """An item that is in flight until its lease ends."""

    user_id: UUID
    job: Job
    period: date
    attempt: int
    lease_token: UUID
    run_id: UUID
    attempt_id: UUID = field(default_factory=uuid7, compare=False)
    """Id of the `job_attempts` row that will store the outcome. It is chosen at the claim, so that a worker that stores the outcome twice
    detects it. The attempt's token reservation has the same id."""
    refusal: str | None = field(default=None, compare=False)
    """Code of the limit because of which the model is not called for this item; None where tokens are reserved for the call."""
    within_share: bool = field(default=False, compare=False)
    """True if the item was claimed within the user's share of the day's token budget. Its call must then not exceed that share."""
    words_digest: bytes | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Outcome:
    """The outcome of an attempt. With PENDING the item becomes due again after `retry_after`; with `refund` the attempt does not count."""

    status: ItemStatus
    error_code: str | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    thinking_tokens: int = 0
    cost: Money | None = None
    prompt_version: str | None = None
    dropped: Mapping[str, int] | None = None
    """Number of lines, signals and quotes of the model's draft that failed the checks, by reason; None if no draft was checked."""
    retry_after: timedelta = timedelta(0)
    refund: bool = False
    words_digest: bytes | None = None
    """Hash of the day's text from which the model's entry was generated; stored with the item."""
    stops_run: bool = False
    """True if the cause is an account-wide provider error (a rejected key, an empty account), so that calls for other users would fail too."""
    reply: StoredReply = NO_REPLY
    """The provider's error response."""


def lease_lost(outcome: Outcome) -> Outcome:
    """Return the outcome of an attempt that finished after its lease ended: it does not change the item, but what it used is billed."""
    return replace(outcome, status=ItemStatus.SKIPPED, error_code="LEASE_LOST", retry_after=timedelta(0), refund=False)


async def claim_ready(session: AsyncSession, job: Job, run_id: UUID, *, limit: int, lease: timedelta, this_run_only: bool) -> list[Claim]:
    """Claim up to `limit` due items, those due longest and then the oldest periods first; with `this_run_only`, only those that this run planned."""
    mine = [JobItem.run_id == run_id] if this_run_only else []
    ready = and_(is_ready(job), *mine)
    return await _claim(session, select_keys().where(ready).order_by(JobItem.due_at, JobItem.period).limit(limit), run_id, lease)


async def claim_expired(session: AsyncSession, job: Job, run_id: UUID, *, lease: timedelta) -> list[Claim]:
    """Claim one item whose worker was lost. It is claimed alone: if it crashes its worker again, no other item is affected."""
    return await _claim(session, select_keys().where(is_expired(job)).order_by(JobItem.lease_until).limit(1), run_id, lease)


def is_ready(job: Job) -> ColumnElement[bool]:
    """Match due items of the job without a token reservation of an earlier attempt, which has to be settled first."""
    return and_(JobItem.job == job, is_status(ItemStatus.PENDING), JobItem.due_at <= func.now(), JobItem.reserved_by.is_(None))


def is_expired(job: Job) -> ColumnElement[bool]:
    return and_(JobItem.job == job, is_status(ItemStatus.RUNNING), JobItem.lease_until <= func.now(), JobItem.reserved_by.is_(None))


def is_status(status: ItemStatus) -> ColumnElement[bool]:
    """Match items in a status. The status is a literal, because the plan of a prepared statement uses no partial index for a parameter."""
    return JobItem.status == literal_column(f"'{status.value}'")


def select_keys() -> Select[tuple[UUID, Job, date]]:
    return select(JobItem.user_id, JobItem.job, JobItem.period)


async def _claim(session: AsyncSession, picked: Select[tuple[UUID, Job, date]], run_id: UUID, lease: timedelta) -> list[Claim]:
    token = uuid7()
    chosen = picked.with_for_update(skip_locked=True).cte("picked").prefix_with("MATERIALIZED")
    statement = (
        update(JobItem)
        .where(JobItem.user_id == chosen.c.user_id, JobItem.job == chosen.c.job, JobItem.period == chosen.c.period)
        .values(status=ItemStatus.RUNNING, attempts=JobItem.attempts + 1, lease_token=token, lease_until=func.now() + lease, run_id=run_id)
        .returning(JobItem.user_id, JobItem.job, JobItem.period, JobItem.attempts, JobItem.words_digest)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(statement)).all()
    claims = (Claim(*row[:4], lease_token=token, run_id=run_id, words_digest=row[4]) for row in rows)
    return sorted(claims, key=lambda claim: (claim.period, claim.user_id))


@dataclass(frozen=True)
class AttemptEnd:
    """An attempt with its outcome; `took` is its duration."""

    claim: Claim
    outcome: Outcome
    took: timedelta


@dataclass(frozen=True)
class StoredEnd:
    """The outcome of an attempt, as the database has it."""

    status: ItemStatus
    error_code: str | None

    def of(self, outcome: Outcome) -> Outcome:
        """Return this worker's outcome of the attempt with the stored status and error code."""
        return replace(outcome, status=self.status, error_code=self.error_code)


@dataclass(frozen=True)
class FinishResult:
    """The attempts whose outcome is stored: `finished` by this transaction, `already_finished` by an earlier one whose acknowledgement was lost.

    Any other attempt lost its lease.
    """

    finished: frozenset[Claim]
    already_finished: Mapping[Claim, StoredEnd]

    def outcome(self, claim: Claim, outcome: Outcome) -> Outcome:
        """Return the actual outcome of an attempt for which the worker intended to store `outcome`."""
        if claim in self.already_finished:
            return self.already_finished[claim].of(outcome)
        return outcome if claim in self.finished else lease_lost(outcome)


async def finish(session: AsyncSession, claim: Claim, outcome: Outcome, took: timedelta) -> None:
    """Store the outcome of one attempt. Raises `LeaseLost` when this worker no longer holds the item's lease, and `AlreadyFinished`."""
    finished = await finish_attempts(session, [AttemptEnd(claim, outcome, took)])
    if claim in finished.already_finished:
        raise AlreadyFinished(finished.already_finished[claim])
    if claim not in finished.finished:
        raise LeaseLost()


async def finish_attempts(session: AsyncSession, endings: Sequence[AttemptEnd]) -> FinishResult:
    """Store the outcomes of attempts; nothing is written for items whose lease this worker no longer holds."""
    held = await lock_claims(session, [ending.claim for ending in endings])
    await store_ends(session, [ending for ending in endings if ending.claim in held], held)
    return await finished(session, [ending.claim for ending in endings], held)


async def finished(session: AsyncSession, claims: Sequence[Claim], held: LockedClaims) -> FinishResult:
    """Return the result for these claims after the outcomes of the `held` ones were stored."""
    return FinishResult(frozenset(held), await _find_ends(session, [claim for claim in claims if claim not in held]))


async def _find_ends(session: AsyncSession, claims: Sequence[Claim]) -> Mapping[Claim, StoredEnd]:
    """Find outcomes that are already stored, for workers that repeat a transaction because the database connection broke at the commit."""
    if not claims:
        return {}
    keys = [(claim.user_id, claim.attempt_id) for claim in claims]
    rows = await session.execute(
        select(JobAttempt.user_id, JobAttempt.id, JobAttempt.status, JobAttempt.error_code).where(tuple_(JobAttempt.user_id, JobAttempt.id).in_(keys))
    )
    found = {(user_id, attempt_id): StoredEnd(status, code) for user_id, attempt_id, status, code in rows}
    return {claim: found[key] for claim, key in zip(claims, keys) if key in found}


LockedClaims = Mapping[Claim, datetime]
"""Items whose lease this worker still holds, each with the time at which that was checked."""


_KEY = {name: JobItem.__table__.c[name].type for name in ("user_id", "job", "period")}
_ENDED = {name: JobItem.__table__.c[name].type for name in ("status", "error_code", *NO_REPLY.columns)}
_OUTCOME = {**_ENDED, "retry_after": Interval(), "refund": Boolean(), "words_digest": LargeBinary()}


async def lock_claims(session: AsyncSession, claims: Sequence[Claim]) -> LockedClaims:
    """Lock the items whose lease this worker still holds, so that no other worker claims them before the transaction ends.

    All transactions lock items in the order of their keys.
    """
    asked = values_table("asked", {**_KEY, "lease_token": Uuid()}, [(claim.user_id, claim.job, claim.period, claim.lease_token) for claim in claims])
    statement = (
        select(JobItem.user_id, JobItem.job, JobItem.period, JobItem.lease_token, func.clock_timestamp())
        .join(asked, and_(*(JobItem.__table__.c[name] == asked.c[name] for name in (*_KEY, "lease_token"))))
        .where(_leased()).order_by(JobItem.user_id, JobItem.job, JobItem.period).with_for_update(of=JobItem)
    )
    held = {tuple(row[:4]): row[4] for row in await session.execute(statement)}
    return {claim: held[key] for claim in claims if (key := (claim.user_id, claim.job, claim.period, claim.lease_token)) in held}


async def store_ends(session: AsyncSession, endings: Sequence[AttemptEnd], held: LockedClaims) -> None:
    """Store the outcomes of attempts at locked items."""
    if not endings:
        return
    rows = [
        (claim.user_id, claim.job, claim.period, outcome.status, outcome.error_code, *outcome.reply, outcome.retry_after, outcome.refund,
         outcome.words_digest)
        for claim, outcome in ((ending.claim, ending.outcome) for ending in endings)
    ]
    ended = values_table("ended", {**_KEY, **_OUTCOME}, rows)
    await session.execute(
        update(JobItem)
        .where(*(JobItem.__table__.c[name] == ended.c[name] for name in _KEY))
        .values(
            **{name: ended.c[name] for name in _ENDED}, due_at=func.now() + ended.c.retry_after, lease_token=None, lease_until=None,
            attempts=JobItem.attempts - case((ended.c.refund, 1), else_=0),
            finished_at=case((ended.c.status == ItemStatus.PENDING.value, None), else_=func.now()),
            words_digest=func.coalesce(ended.c.words_digest, JobItem.words_digest),
            estimated_tokens=case((ended.c.status == ItemStatus.PENDING.value, JobItem.estimated_tokens), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    await bulk_insert(session, JobAttempt, [_attempt(ending, held[ending.claim]) for ending in endings])


def _attempt(ending: AttemptEnd, ended_at: datetime) -> Mapping[str, object]:
    claim, outcome = ending.claim, ending.outcome
    return {
        "user_id": claim.user_id, "id": claim.attempt_id, "run_id": claim.run_id, "job": claim.job, "period": claim.period, "attempt": claim.attempt,
        "status": outcome.status, "error_code": outcome.error_code, "model_calls": outcome.model_calls, "input_tokens": outcome.input_tokens,
        "output_tokens": outcome.output_tokens, "cached_tokens": outcome.cached_tokens, "thinking_tokens": outcome.thinking_tokens,
        "cost_nano": outcome.cost.nano if outcome.cost else 0, "cost_currency": outcome.cost and outcome.cost.currency,
        "prompt_version": outcome.prompt_version, "dropped": None if outcome.dropped is None else dict(outcome.dropped),
        "started_at": ended_at - ending.took, "finished_at": ended_at,
        **outcome.reply.columns,
    }


async def release_claims(session: AsyncSession, claims: Sequence[Claim]) -> None:
    """Release unfinished items at the deadline: they are due at once, and the attempt is refunded.

    An item whose lease is over is not changed, and its attempt counts.
    """
    keys = [(claim.user_id, claim.job, claim.period) for claim in claims]
    await session.execute(
        update(JobItem)
        .where(tuple_(JobItem.user_id, JobItem.job, JobItem.period).in_(keys), JobItem.lease_token.in_({claim.lease_token for claim in claims}), _leased())
        .values(status=ItemStatus.PENDING, attempts=JobItem.attempts - 1, lease_token=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class DueItem:
    """A user's item of a job that becomes due, at `at` or at once."""

    user_id: UUID
    job: Job
    period: date
    at: datetime | None = None


async def enqueue_items(session: AsyncSession, items: Iterable[DueItem], *, weeks_after: timedelta = timedelta(0)) -> None:
    """Make the items that follow from another job due. An item that is running runs again afterwards; of an item given twice, the last one counts.

    A week that was already reviewed becomes due `weeks_after` that review at the earliest.
    """
    named = {(item.user_id, item.job, item.period): item.at for item in items}
    if not named:
        return
    columns = {**_KEY, "due_at": JobItem.__table__.c.due_at.type}
    given = values_table("given", columns, [(*key, named[key]) for key in sorted(named, key=_in_order)])
    rows = select(given.c.user_id, given.c.job, given.c.period, literal_column(f"'{ItemStatus.PENDING.value}'"), func.coalesce(given.c.due_at, func.now()))
    row = insert(JobItem).from_select(["user_id", "job", "period", "status", "due_at"], rows)
    await session.execute(row.on_conflict_do_update(
        index_elements=[JobItem.user_id, JobItem.job, JobItem.period],
        set_={
            "status": ItemStatus.PENDING, "due_at": _not_before(row.excluded.due_at, weeks_after), "attempts": 0, "error_code": None,
            "lease_token": None, "lease_until": None, "run_id": None, "asked_by": None, "estimated_tokens": None, **NO_REPLY.columns,
        },
    ))


def _not_before(due_at: ColumnElement[datetime], weeks_after: timedelta) -> ColumnElement[datetime]:
    if not weeks_after:
        return due_at
    reviewed = (JobItem.job == Job.WEEKLY_PROFILE) & JobItem.finished_at.is_not(None)
    return case((reviewed, func.greatest(due_at, JobItem.finished_at + weeks_after)), else_=due_at)


def _in_order(key: tuple[UUID, Job, date]) -> tuple[UUID, str, date]:
    return key[0], key[1].value, key[2]


async def count_pending(session: AsyncSession, jobs: Sequence[Job], run_id: UUID, *, this_run_only: bool) -> int:
    """Count the PENDING items that this run worked on or planned and, unless `this_run_only`, all others that are due now."""
    waiting = JobItem.run_id == run_id
    if not this_run_only:
        waiting = or_(waiting, JobItem.due_at <= func.now())
    return await session.scalar(select(func.count()).where(JobItem.job.in_(jobs), is_status(ItemStatus.PENDING), waiting)) or 0


async def any_claimable(session: AsyncSession, jobs: Sequence[Job]) -> bool:
    """Return whether there is an item that a run could claim now: a due one, or one whose worker was lost."""
    due = [(JobItem.job == job) & is_status(ItemStatus.PENDING) & (JobItem.due_at <= func.now()) for job in jobs]
    lost = [(JobItem.job == job) & is_status(ItemStatus.RUNNING) & (JobItem.lease_until <= func.now()) for job in jobs]
    return await session.scalar(select(or_(*(exists().where(condition) for condition in (*due, *lost))))) or False


def _leased() -> ColumnElement[bool]:
    """Match items whose lease has not ended at this moment. `now()` is the transaction's start, and its worker may have been suspended since."""
    return JobItem.lease_until > func.clock_timestamp()


def _is(claim: Claim) -> ColumnElement[bool]:
    return and_(JobItem.user_id == claim.user_id, JobItem.job == claim.job, JobItem.period == claim.period)
