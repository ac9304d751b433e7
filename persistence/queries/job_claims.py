"""Claims of items that call the model, within the limits of tokens and calls: one transaction selects, counts and reserves them.

Items of users below their share of the day's tokens come first; then, in order of tokens used, those of the other users. Once nothing fits,
days are claimed without tokens: they get their fallback entry and stay due.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Uuid, and_, case, exists, func, literal, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from persistence.bulk import values_table
from persistence.ids import uuid7
from persistence.models import ActiveDay, JobItem, NightShare
from persistence.models.jobs import ItemStatus, Job
from persistence.queries import model_limits
from persistence.queries.execution_options import QUIET
from persistence.queries.job_queue import Claim, is_expired, is_ready, is_status
from persistence.queries.token_reservations import Budget, book, lock_budget, today

OUT_OF_BUDGET = "NIGHT_BUDGET"
OUT_OF_OWN = "NIGHT_USER_BUDGET"
OUT_OF_SHARE = "NIGHT_SHARE"
PACE = "MODEL_PACE"
REFUSALS = (OUT_OF_BUDGET, OUT_OF_OWN)
_KEY = {name: JobItem.__table__.c[name].type for name in ("user_id", "job", "period")}


@dataclass(frozen=True)
class Terms:
    """Limits of the jobs' tokens and calls; 0 means no limit. `each` is the average number of tokens per item.

    `share` is what each active user may use before any user gets more, and `held_back` is kept for users whose day ends later today.
    """

    each: int
    cap: int = 0
    per_user: int = 0
    share: int = 0
    held_back: int = 0
    calls_per_minute: int = 0


@dataclass(frozen=True)
class Wanted:
    """The claims that a run requests: at most `limit` of a job's items, leased for `lease`; with `only_run` only those that it planned."""

    job: Job
    run_id: UUID
    limit: int
    lease: timedelta
    only_run: bool = False
    expired_too: bool = False


@dataclass(frozen=True)
class Claimed:
    """The claims; `exhausted` is the code of the limit that kept due items from being claimed."""

    claims: Sequence[Claim] = ()
    exhausted: str | None = None


@dataclass(frozen=True)
class _Candidate:
    user_id: UUID
    job: Job
    period: date
    need: int
    used: int

    @property
    def key(self) -> tuple[UUID, Job, date]:
        return self.user_id, self.job, self.period


async def read_terms(session: AsyncSession, terms: Terms) -> Terms:
    """Return the terms with today's share: the budget divided by the number of users with items to process today."""
    if not terms.cap:
        return terms
    asks = JobItem.job.in_([Job.DAILY_DIARY, Job.WEEKLY_PROFILE])
    due = asks & is_status(ItemStatus.PENDING) & (JobItem.due_at <= func.now())
    active = union(
        select(NightShare.user_id).where(NightShare.day == today()), select(JobItem.user_id).where(due),
        select(JobItem.user_id).where(asks & is_status(ItemStatus.RUNNING)),
    ).subquery("active")
    midnight = func.timezone("UTC", func.date_trunc("day", func.timezone("UTC", func.now())) + timedelta(days=1))
    later = select(ActiveDay.user_id).distinct().where(
        ActiveDay.diary_revision < ActiveDay.revision, ActiveDay.ends_at > func.now(), ActiveDay.ends_at <= midnight,
        ~exists().where(NightShare.user_id == ActiveDay.user_id, NightShare.day == today()),
        ~exists().where(JobItem.user_id == ActiveDay.user_id, due),
    ).subquery("later")
    here, coming = (await session.execute(select(*(select(func.count()).select_from(of).scalar_subquery() for of in (active, later))))).one()
    share = terms.cap // max(1, here + coming)
    return replace(terms, share=share, held_back=share * coming)


async def claim_within(session: AsyncSession, wanted: Wanted, terms: Terms) -> Claimed:
    """Claim the items that fit and reserve their tokens. Locks the day's budget until the transaction ends."""
    budget = await lock_budget(session)
    ready = is_ready(wanted.job)
    if wanted.only_run:
        ready = and_(ready, JobItem.run_id == wanted.run_id)
    chosen, within = await _choose(session, budget, ready, wanted, terms), True
    if not chosen:
        chosen, within = await _choose(session, budget, ready, wanted, terms, beyond_share=True), False
    if not chosen and wanted.expired_too:
        chosen = await _choose(session, budget, is_expired(wanted.job), replace(wanted, limit=1), terms, beyond_share=True)
    if chosen and terms.calls_per_minute:
        chosen = chosen[: await model_limits.lease_calls(session, wanted=len(chosen), per_minute=terms.calls_per_minute)]
        if not chosen:
            return Claimed(exhausted=PACE)
    if chosen:
        claims = await _claim(session, wanted, [(one, one.need, uuid7(), None) for one in chosen], budget.day)
        await book(session, {budget.day: 0})
        return Claimed([replace(claim, within_share=within and terms.share > 0) for claim in claims])
    return await _claim_refused(session, budget, ready, wanted, terms)


async def _choose(
    session: AsyncSession, budget: Budget, due: ColumnElement[bool], wanted: Wanted, terms: Terms, *, beyond_share: bool = False
) -> list[_Candidate]:
    """Return the items that fit into what is left of the day's and the user's tokens and, unless `beyond_share`, of the user's share."""
    bounds = [bound for bound in (terms.per_user, 0 if beyond_share else terms.share) if bound]
    room = terms.cap - budget.used - (terms.held_back if beyond_share else 0) if terms.cap else None
    if room is not None and room <= 0:
        return []
    found = await _candidates(session, budget.day, due, wanted.limit, terms.each, bound=min(bounds, default=None), room=room, by_use=beyond_share)
    chosen, used = list[_Candidate](), dict[UUID, int]()
    for one in found:
        taken = used.get(one.user_id, one.used) + one.need
        if (room is None or one.need <= room) and (not bounds or taken <= min(bounds)):
            chosen.append(one)
            used[one.user_id] = taken
            room = None if room is None else room - one.need
    return chosen


async def _candidates(
    session: AsyncSession, day: date, due: ColumnElement[bool], limit: int, each: int, *, bound: int | None, room: int | None, by_use: bool
) -> list[_Candidate]:
    """Lock and return due items until the transaction ends, skipping those that other transactions have locked."""
    live = (
        select(JobItem.user_id, func.sum(JobItem.reserved_tokens).label("reserved"))
        .where(JobItem.reserved_by_attempt_id.is_not(None), JobItem.reserved_on == day).group_by(JobItem.user_id).cte("live").prefix_with("MATERIALIZED")
    )
    need = func.coalesce(JobItem.estimated_tokens, literal(each, BigInteger))
    used = func.coalesce(NightShare.spent, 0) + func.coalesce(live.c.reserved, 0)
    fits = [*([] if bound is None else [used + need <= bound]), *([] if room is None else [need <= room])]
    order = (JobItem.lease_until, used, JobItem.due_at, JobItem.period) if by_use else (JobItem.due_at, JobItem.period)
    statement = (
        select(JobItem.user_id, JobItem.job, JobItem.period, need, used)
        .outerjoin(NightShare, (NightShare.user_id == JobItem.user_id) & (NightShare.day == day))
        .outerjoin(live, live.c.user_id == JobItem.user_id)
        .where(due, *fits).order_by(*order).limit(limit).with_for_update(of=JobItem, skip_locked=True)
    )
    return [_Candidate(*row) for row in await session.execute(statement)]


async def _claim_refused(session: AsyncSession, budget: Budget, ready: ColumnElement[bool], wanted: Wanted, terms: Terms) -> Claimed:
    """Claim days without tokens once nothing fits, so that they get their fallback entry, once each time they become due."""
    refused = JobItem.error_code.in_(REFUSALS)
    if wanted.job is Job.DAILY_DIARY:
        fresh = and_(ready, or_(JobItem.error_code.is_(None), ~refused))
        if found := await _candidates(session, budget.day, fresh, wanted.limit, terms.each, bound=None, room=None, by_use=False):
            codes = [OUT_OF_OWN if terms.per_user and one.used + one.need > terms.per_user else OUT_OF_BUDGET for one in found]
            return Claimed(await _claim(session, wanted, [(one, 0, None, code) for one, code in zip(found, codes)], budget.day), codes[0])
        if wanted.expired_too and (lost := await _candidates(session, budget.day, is_expired(wanted.job), 1, 0, bound=None, room=None, by_use=False)):
            return Claimed(await _claim(session, wanted, [(lost[0], 0, None, OUT_OF_BUDGET)], budget.day), OUT_OF_BUDGET)
    left = select(func.coalesce(JobItem.error_code, OUT_OF_BUDGET)).where(ready).limit(1)
    code = await session.scalar(left)
    return Claimed(exhausted=code if code is None or code in REFUSALS else OUT_OF_BUDGET)


_Row = tuple[_Candidate, int, "UUID | None", "str | None"]
"""A locked item, the tokens to reserve, the attempt that reserves them, and the code of the limit that refuses it."""


async def _claim(session: AsyncSession, wanted: Wanted, rows: Sequence[_Row], day: date) -> list[Claim]:
    token = uuid7()
    given = values_table("given", {**_KEY, "tokens": BigInteger(), "attempt_id": Uuid()}, [(*one.key, tokens, attempt) for one, tokens, attempt, _ in rows])
    until = func.now() + wanted.lease
    statement = (
        update(JobItem)
        .where(*(JobItem.__table__.c[name] == given.c[name] for name in _KEY))
        .values(
            status=ItemStatus.RUNNING, attempts=JobItem.attempts + 1, lease_token=token, lease_until=until, run_id=wanted.run_id,
            reserved_by_attempt_id=given.c.attempt_id, reserved_tokens=given.c.tokens, reserved_on=day, reserved_until=until, call_started_at=None,
        )
        .returning(JobItem.user_id, JobItem.job, JobItem.period, JobItem.attempts, JobItem.text_digest)
        .execution_options(**QUIET)
    )
    of = {one.key: (attempt, code) for one, _, attempt, code in rows}
    claims = []
    for user_id, job, period, attempts, digest in await session.execute(statement):
        attempt_id, code = of[user_id, job, period]
        claims.append(Claim(user_id, job, period, attempts, token, wanted.run_id, attempt_id or uuid7(), code, text_digest=digest))
    return sorted(claims, key=lambda claim: (claim.period, claim.user_id))


@dataclass(frozen=True)
class Beginning:
    """A call that is about to be made for a claim, and the tokens that its actual prompt needs."""

    claim: Claim
    need: int


async def begin_calls(session: AsyncSession, beginnings: Sequence[Beginning], terms: Terms) -> list[str | None]:
    """Record that calls begin, and reserve what each needs in place of the average.

    Return for each call None, or the code of the limit that it would exceed, so that it must not be made; LEASE_LOST when its lease is lost.
    """
    keys = values_table("asked", {"user_id": Uuid(), "reserved_by_attempt_id": Uuid()}, [(one.claim.user_id, one.claim.attempt_id) for one in beginnings])
    leased = JobItem.reserved_until > func.clock_timestamp()
    held = (
        select(JobItem.reserved_by_attempt_id, JobItem.reserved_tokens, JobItem.reserved_on)
        .join(keys, (keys.c.user_id == JobItem.user_id) & (keys.c.reserved_by_attempt_id == JobItem.reserved_by_attempt_id))
        .where(leased, JobItem.lease_token.in_({one.claim.lease_token for one in beginnings}))
        .order_by(JobItem.user_id, JobItem.job, JobItem.period).with_for_update(of=JobItem)
    )
    # A reservation always has its day; the condition is for the type alone.
    reserved = {attempt: (tokens, day) for attempt, tokens, day in await session.execute(held) if day is not None}
    codes: dict[UUID, str | None] = {}
    for day in sorted({day for _, day in reserved.values()}):
        budget = await lock_budget(session, day)
        of_day = [one for one in beginnings if reserved.get(one.claim.attempt_id, (0, None))[1] == day]
        used = await _used(session, day, {one.claim.user_id for one in of_day}) if terms.cap or terms.per_user else {}
        free = terms.cap - budget.used
        for one in of_day:
            more = one.need - reserved[one.claim.attempt_id][0]
            codes[one.claim.attempt_id] = code = _passed(one, more, used.get(one.claim.user_id, 0), free, terms)
            if code is None:
                free, used[one.claim.user_id] = free - more, used.get(one.claim.user_id, 0) + more
        await _note(session, of_day, codes)
        await book(session, {day: 0})
    return [codes.get(one.claim.attempt_id, "LEASE_LOST") for one in beginnings]


def _passed(one: Beginning, more: int, used: int, free: int, terms: Terms) -> str | None:
    if terms.cap and more > free:
        return OUT_OF_BUDGET
    if terms.per_user and used + more > terms.per_user:
        return OUT_OF_OWN
    return OUT_OF_SHARE if one.claim.within_share and used + more > terms.share else None


async def _used(session: AsyncSession, day: date, user_ids: set[UUID]) -> dict[UUID, int]:
    spent = select(NightShare.user_id, NightShare.spent).where(NightShare.day == day, NightShare.user_id.in_(user_ids))
    live = (
        select(JobItem.user_id, func.sum(JobItem.reserved_tokens))
        .where(JobItem.user_id.in_(user_ids), JobItem.reserved_by_attempt_id.is_not(None), JobItem.reserved_on == day).group_by(JobItem.user_id)
    )
    used: dict[UUID, int] = {}
    for statement in (spent, live):
        for user_id, tokens in await session.execute(statement):
            used[user_id] = used.get(user_id, 0) + int(tokens)
    return used


async def _note(session: AsyncSession, beginnings: Sequence[Beginning], codes: dict[UUID, str | None]) -> None:
    """Store on all items how many tokens they need, and on the admitted ones the time at which their call began."""
    rows: list[Any] = [(one.claim.user_id, one.claim.attempt_id, one.need, codes[one.claim.attempt_id] is None) for one in beginnings]
    given = values_table("given", {"user_id": Uuid(), "attempt_id": Uuid(), "need": BigInteger(), "goes": Boolean()}, rows)
    await session.execute(
        update(JobItem).where(JobItem.user_id == given.c.user_id, JobItem.reserved_by_attempt_id == given.c.attempt_id)
        .values(
            estimated_tokens=given.c.need, reserved_tokens=case((given.c.goes, given.c.need), else_=JobItem.reserved_tokens),
            call_started_at=case((given.c.goes, func.clock_timestamp()), else_=None),
        )
        .execution_options(**QUIET)
    )
