"""Ends of attempts: an item is finished with an outcome, or released. Times come from the database's clock, never from the instance's.

A worker that finishes an item must still hold its lease in the transaction that writes the result, so a worker that was suspended beyond its lease
writes nothing.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Boolean, Interval, LargeBinary, Uuid, and_, case, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from persistence.bulk import bulk_insert, values_table
from persistence.models import JobAttempt, JobItem
from persistence.models.jobs import ItemStatus
from persistence.provider_replies import NO_REPLY, StoredReply
from persistence.queries.job_queue import KEY, Claim
from persistence.queries.usage import Money

_ENDED = {name: JobItem.__table__.c[name].type for name in ("status", "error_code", *NO_REPLY.columns)}
_OUTCOME = {**_ENDED, "retry_after": Interval(), "refund": Boolean(), "text_digest": LargeBinary()}


class LeaseLost(Exception):
    """The loss of an item's lease: another worker has claimed the item, or it was released. This worker must not write its result."""


class AlreadyFinished(Exception):
    """The outcome of this attempt is already stored: an earlier commit succeeded although its acknowledgement was lost."""

    def __init__(self, end: StoredEnd) -> None:
        super().__init__()
        self.end = end


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
    checks: Mapping[str, object] | None = None
    """The answers of a second reading: the number of claims by answer, model and prompt version; None if none was needed. It holds no text."""
    retry_after: timedelta = timedelta(0)
    refund: bool = False
    text_digest: bytes | None = None
    """Hash of the day's text from which the model's entry was generated; stored with the item."""
    stops_run: bool = False
    """True if the cause is an account-wide provider error (a rejected key, an empty account), so that calls for other users would fail too."""
    reply: StoredReply = NO_REPLY
    """The provider's error response."""


def lease_lost(outcome: Outcome) -> Outcome:
    """Return the outcome of an attempt that finished after its lease ended: it does not change the item, but what it used is billed."""
    return replace(outcome, status=ItemStatus.SKIPPED, error_code="LEASE_LOST", retry_after=timedelta(0), refund=False)


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
    locked = await lock_claims(session, [ending.claim for ending in endings])
    await store_ends(session, [ending for ending in endings if ending.claim in locked], locked)
    return await to_finish_result(session, [ending.claim for ending in endings], locked)


async def to_finish_result(session: AsyncSession, claims: Sequence[Claim], locked: LockedClaims) -> FinishResult:
    """Return the result for these claims after the outcomes of the `held` ones were stored."""
    return FinishResult(frozenset(locked), await _find_ends(session, [claim for claim in claims if claim not in locked]))


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


async def lock_claims(session: AsyncSession, claims: Sequence[Claim]) -> LockedClaims:
    """Lock the items whose lease this worker still holds, so that no other worker claims them before the transaction ends.

    All transactions lock items in the order of their keys.
    """
    asked = values_table("asked", {**KEY, "lease_token": Uuid()}, [(claim.user_id, claim.job, claim.period, claim.lease_token) for claim in claims])
    statement = (
        select(JobItem.user_id, JobItem.job, JobItem.period, JobItem.lease_token, func.clock_timestamp())
        .join(asked, and_(*(JobItem.__table__.c[name] == asked.c[name] for name in (*KEY, "lease_token"))))
        .where(_leased()).order_by(JobItem.user_id, JobItem.job, JobItem.period).with_for_update(of=JobItem)
    )
    locked = {tuple(row[:4]): row[4] for row in await session.execute(statement)}
    return {claim: locked[key] for claim in claims if (key := (claim.user_id, claim.job, claim.period, claim.lease_token)) in locked}


async def store_ends(session: AsyncSession, endings: Sequence[AttemptEnd], locked: LockedClaims) -> None:
    """Store the outcomes of attempts at locked items."""
    if not endings:
        return
    rows = [
        (claim.user_id, claim.job, claim.period, outcome.status, outcome.error_code, *outcome.reply, outcome.retry_after, outcome.refund,
         outcome.text_digest)
        for claim, outcome in ((ending.claim, ending.outcome) for ending in endings)
    ]
    ended = values_table("ended", {**KEY, **_OUTCOME}, rows)
    await session.execute(
        update(JobItem)
        .where(*(JobItem.__table__.c[name] == ended.c[name] for name in KEY))
        .values(
            **{name: ended.c[name] for name in _ENDED}, due_at=func.now() + ended.c.retry_after, lease_token=None, lease_until=None,
            attempts=JobItem.attempts - case((ended.c.refund, 1), else_=0),
            finished_at=case((ended.c.status == ItemStatus.PENDING.value, None), else_=func.now()),
            text_digest=func.coalesce(ended.c.text_digest, JobItem.text_digest),
            estimated_tokens=case((ended.c.status == ItemStatus.PENDING.value, JobItem.estimated_tokens), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    await bulk_insert(session, JobAttempt, [_attempt(ending, locked[ending.claim]) for ending in endings])


def _attempt(ending: AttemptEnd, ended_at: datetime) -> Mapping[str, object]:
    claim, outcome = ending.claim, ending.outcome
    return {
        "user_id": claim.user_id, "id": claim.attempt_id, "run_id": claim.run_id, "job": claim.job, "period": claim.period, "attempt": claim.attempt,
        "status": outcome.status, "error_code": outcome.error_code, "model_calls": outcome.model_calls, "input_tokens": outcome.input_tokens,
        "output_tokens": outcome.output_tokens, "cached_tokens": outcome.cached_tokens, "thinking_tokens": outcome.thinking_tokens,
        "cost_nano": outcome.cost.nano if outcome.cost else 0, "cost_currency": outcome.cost and outcome.cost.currency,
        "prompt_version": outcome.prompt_version, "dropped": None if outcome.dropped is None else dict(outcome.dropped),
        "checks": None if outcome.checks is None else dict(outcome.checks),
        "started_at": ended_at - ending.took, "finished_at": ended_at,
        **outcome.reply.columns,
    }


async def release_claims(session: AsyncSession, claims: Sequence[Claim], *, postponed: Sequence[Claim] = (), delay: timedelta = timedelta(0)) -> None:
    """Release unfinished items at the deadline: they are due at once, and the attempt is refunded.

    Those in `postponed` are due one by one from `delay` to twice `delay` after now. An item whose lease is over is not changed, and its attempt counts.
    """
    keys = [(claim.user_id, claim.job, claim.period) for claim in claims]
    later = [
        (and_(JobItem.user_id == claim.user_id, JobItem.job == claim.job, JobItem.period == claim.period), func.now() + delay * (1 + index / len(postponed)))
        for index, claim in enumerate(postponed)
    ]
    due = {"due_at": case(*later, else_=JobItem.due_at)} if later else {}
    await session.execute(
        update(JobItem)
        .where(tuple_(JobItem.user_id, JobItem.job, JobItem.period).in_(keys), JobItem.lease_token.in_({claim.lease_token for claim in claims}), _leased())
        .values(status=ItemStatus.PENDING, attempts=JobItem.attempts - 1, lease_token=None, lease_until=None, **due)
        .execution_options(synchronize_session=False)
    )


def _leased() -> ColumnElement[bool]:
    """Match items whose lease has not ended at this moment. `now()` is the transaction's start, and its worker may have been suspended since."""
    return JobItem.lease_until > func.clock_timestamp()
