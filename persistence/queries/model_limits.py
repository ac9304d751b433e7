"""Limits of model calls across all instances: slots, the rate of calls, pauses. Each is checked and taken by one statement.

Times come from the database's clock. For tokens see token_reservations.py.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Integer, and_, cast, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence import models
from persistence.models import ModelPause, ModelRateBucket, ModelSlot
from persistence.models.enums import ItemStatus, Job, PauseKind
from persistence.provider_replies import NO_REPLY, StoredReply
from persistence.queries.model_pauses import ActivePause as ActivePause
from persistence.queries.model_pauses import list_pauses as list_pauses

REFUSALS = ("MODEL_UNAUTHORIZED", "MODEL_QUOTA_EXCEEDED", "MODEL_NOT_FOUND")
"""Codes of account-wide provider errors, as stored with items that wait for the end of the pause."""


async def lease_slots(session: AsyncSession, run_id: UUID, *, wanted: int, cap: int, lease: timedelta) -> int:
    """Lease up to `wanted` of the `cap` model slots to a run, and return how many it got.

    The free slots are chosen by a materialized CTE: PostgreSQL may plan a sub-select as the inner side of a nested loop, which would run it, with
    its LIMIT, once for each row.
    """
    if wanted <= 0:
        return 0
    if await _slots_missing(session, cap):
        await session.execute(insert(ModelSlot).from_select(["slot"], select(func.generate_series(1, cap))).on_conflict_do_nothing())
    free = or_(ModelSlot.lease_until.is_(None), ModelSlot.lease_until <= func.now())
    picked = select(ModelSlot.slot).where(ModelSlot.slot <= cap, free).order_by(ModelSlot.slot).limit(wanted).with_for_update(skip_locked=True)
    chosen = picked.cte("chosen").prefix_with("MATERIALIZED")
    taken = update(ModelSlot).where(ModelSlot.slot == chosen.c.slot).values(run_id=run_id, lease_until=func.now() + lease)
    return len((await session.scalars(taken.returning(ModelSlot.slot).execution_options(synchronize_session=False))).all())


async def _slots_missing(session: AsyncSession, cap: int) -> bool:
    return (await session.scalar(select(func.max(ModelSlot.slot))) or 0) < cap


async def renew_slots(session: AsyncSession, run_id: UUID, lease: timedelta) -> int:
    """Renew the leases of a run's model slots, and return how many it still held."""
    kept = update(ModelSlot).where(ModelSlot.run_id == run_id, ModelSlot.lease_until > func.now()).values(lease_until=func.now() + lease)
    return len((await session.scalars(kept.returning(ModelSlot.slot).execution_options(synchronize_session=False))).all())


async def release_slots(session: AsyncSession, run_id: UUID) -> None:
    await session.execute(
        update(ModelSlot).where(ModelSlot.run_id == run_id).values(run_id=None, lease_until=None).execution_options(synchronize_session=False)
    )


async def lease_calls(session: AsyncSession, *, wanted: int, per_minute: int) -> int:
    """Take up to `wanted` (0 or more) calls from a token bucket that refills by `per_minute` and holds one minute's calls; return how many it gave."""
    await session.execute(insert(ModelRateBucket).values(id=1, available=per_minute).on_conflict_do_nothing())
    refilled = func.least(
        float(per_minute), ModelRateBucket.available + func.extract("epoch", func.clock_timestamp() - ModelRateBucket.refilled_at) * per_minute / 60.0
    )
    held = select(ModelRateBucket.id, refilled.label("available")).where(ModelRateBucket.id == 1).with_for_update().cte("held")
    granted = func.least(wanted, cast(func.floor(held.c.available), Integer))
    statement = (
        update(ModelRateBucket)
        .where(ModelRateBucket.id == held.c.id)
        .values(available=held.c.available - granted, refilled_at=func.clock_timestamp())
        .returning(granted)
        .execution_options(synchronize_session=False)
    )
    return int(await session.scalar(statement) or 0)


async def pause_model(session: AsyncSession, reason: str, probe_after: timedelta, reply: StoredReply = NO_REPLY) -> None:
    """Pause the model for all users because of an account-wide provider error. After `probe_after` one probe call may be made."""
    row = insert(ModelPause).values(kind=PauseKind.MODEL, reason=reason, probe_at=func.now() + probe_after, **reply.columns)
    changed = {"reason": reason, "probe_at": row.excluded.probe_at, **reply.columns}
    await session.execute(row.on_conflict_do_update(index_elements=[ModelPause.kind], set_=changed))


async def pause_model_after_chat(session: AsyncSession, reason: str, probe_after: timedelta, reply: StoredReply) -> bool:
    """Pause the model because the provider rejected a chat's call. Return True if the model was not paused before.

    Unlike with `pause_model`, an existing pause gets the latest reason but keeps its `probe_at`: chats continue to call the model and would
    postpone the nightly jobs' probe for ever.
    """
    row = insert(ModelPause).values(kind=PauseKind.MODEL, reason=reason, probe_at=func.now() + probe_after, **reply.columns)
    statement = row.on_conflict_do_update(index_elements=[ModelPause.kind], set_={"reason": reason, **reply.columns})
    return bool(await session.scalar(statement.returning(literal_column("xmax = 0")).execution_options(synchronize_session=False)))


async def claim_probe(session: AsyncSession, next_probe_after: timedelta) -> bool:
    """Claim the probe call that tests whether the model's pause is over, if it is due; the next one is due after `next_probe_after`.

    Return whether this caller may make the call; of several callers only one may.
    """
    due = and_(ModelPause.kind == PauseKind.MODEL, ModelPause.probe_at <= func.now())
    statement = update(ModelPause).where(due).values(probe_at=func.now() + next_probe_after)
    return await session.scalar(statement.returning(ModelPause.kind).execution_options(synchronize_session=False)) is not None


async def return_probe(session: AsyncSession) -> None:
    """Make the next probe due at once, because the run that claimed it called no model."""
    await session.execute(update(ModelPause).where(ModelPause.kind == PauseKind.MODEL).values(probe_at=func.now()))


async def resume_model(session: AsyncSession) -> None:
    """End the pause after a successful call, and make the items that waited for its end due at once.

    Items with any code of `REFUSALS` are included, since the pause may have had another reason before.
    """
    reason = await session.scalar(delete(ModelPause).where(ModelPause.kind == PauseKind.MODEL).returning(ModelPause.reason))
    if reason is not None:
        waiting = and_(
            models.JobItem.status == ItemStatus.PENDING,
            models.JobItem.job.in_([Job.DAILY_DIARY, Job.WEEKLY_PROFILE]),
            models.JobItem.error_code.in_({reason, *REFUSALS}),
        )
        await session.execute(update(models.JobItem).where(waiting).values(due_at=func.now()).execution_options(synchronize_session=False))


async def disable_model(session: AsyncSession, requested_by: UUID, reason: str) -> None:
    row = insert(ModelPause).values(kind=PauseKind.SWITCH, reason=reason, requested_by=requested_by)
    await session.execute(
        row.on_conflict_do_update(index_elements=[ModelPause.kind], set_={"reason": reason, "requested_by": requested_by, "since": func.now()})
    )


async def enable_model(session: AsyncSession) -> bool:
    """Enable the model, and return whether it was disabled."""
    return await session.scalar(delete(ModelPause).where(ModelPause.kind == PauseKind.SWITCH).returning(ModelPause.kind)) is not None
