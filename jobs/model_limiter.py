"""Limits of a run's model calls, across all instances: model slots, calls per minute, the jobs' tokens, and pauses of the model.

The state in this process changes only after the commit is acknowledged, so that each method may be repeated.
"""
from __future__ import annotations

from datetime import timedelta

import logs
import settings
from jobs.retries import MODEL_PAUSE
from jobs.run_context import RunContext, Stopwatch
from llm.errors import ProviderReply
from persistence import database
from persistence.database import Session
from persistence.errors import DatabaseUnavailable
from persistence.models.jobs import ItemStatus, Job
from persistence.models.limits import PauseKind
from persistence.queries import job_queue, job_runs, model_limits
from persistence.queries.job_attempts import Outcome
from persistence.queries.job_claims import OUT_OF_BUDGET as OUT_OF_BUDGET
from persistence.queries.job_claims import PACE as PACE
from persistence.queries.job_claims import Claimed, Terms, Wanted, claim_within, read_terms
from persistence.queries.job_planning import tokens_per_item
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF
from persistence.queries.token_reservations import end_expired_reservations

MODEL_JOBS = frozenset({Job.DAILY_DIARY, Job.WEEKLY_PROFILE})
SLOT_LEASE = timedelta(seconds=90)
"""The lease of a model slot: how long a dead run's slots stay taken."""
SLOT_RENEWAL_INTERVAL = SLOT_LEASE / 3
"""The interval at which a live run renews its slots."""
ITEM_TOKENS = 6000
"""Tokens that a claim reserves while there are no past items to take the average of: prompt and response for a day of about fifty messages."""
MODEL_BUSY = "MODEL_BUSY"


class ModelLimiter:
    """The limiter of one worker's claims. It limits only jobs that call the model; while the model is paused, their items run without calling it."""

    def __init__(self, job: Job, context: RunContext) -> None:
        self._job, self._asks = job, job in MODEL_JOBS
        self._context = context
        self._renewed = Stopwatch()
        self._slots = 0
        self._paused = False  # whether the pause is already stored for all instances
        self.probing = False
        self._probed = False
        self._first_alone = False  # whether one item has to be stored before further ones call the model
        self.limit_code: str | None = None

    async def acquire(self) -> None:
        """Check whether the model may be called, and lease slots for as many calls as the settings allow at once.

        It is one slot for a probe, and after a run that the database ended: where only some tables take writes, the calls of each run would be billed in vain.
        """
        if not self._asks:
            return
        async with database.transaction() as session:
            refusal, probing = await self._find_pause(session, may_probe=True)
            alone = await job_runs.last_error(session) == DatabaseUnavailable.__name__
            slots = 0 if refusal else await self._lease_slots(session, 1 if probing or alone else settings.current().night_concurrency)
            terms = await _read_terms(session, self._job)
        self._note_pause(refusal, probing)
        self._slots, self._context.terms, self._first_alone = slots, terms, alone
        if self._context.model_block_code is None and not slots:
            self.limit_code = MODEL_BUSY

    async def _lease_slots(self, session: Session, wanted: int) -> int:
        """Lease slots in place of those that the run has, so that a repetition does not lease more. Return the number of slots."""
        await model_limits.release_slots(session, self._context.run_id)
        return await model_limits.lease_slots(session, self._context.run_id, wanted=wanted, cap=settings.current().model_concurrency, lease=SLOT_LEASE)

    async def _find_pause(self, session: Session, *, may_probe: bool) -> tuple[str | None, bool]:
        """Return the code that blocks model calls, if any, and whether this run probes whether the pause is over.

        It is also checked during a run: an admin's switch takes effect at once, and another instance may have met an account-wide provider error.
        """
        pauses = {found.kind: found for found in await model_limits.list_pauses(session)}
        if PauseKind.SWITCH in pauses or not settings.current().model_enabled:
            self._context.refusal_reply = None
            return MODEL_SWITCHED_OFF, self.probing
        if PauseKind.MODEL not in pauses or self.probing:
            return self._context.model_block_code, self.probing
        probing = may_probe and await model_limits.claim_probe(session, MODEL_PAUSE)
        self._context.refusal_reply = None if probing else ProviderReply(*pauses[PauseKind.MODEL].reply)
        return (None if probing else pauses[PauseKind.MODEL].reason), probing

    def _note_pause(self, refusal: str | None, probing: bool) -> None:
        self._context.model_block_code, self.probing = refusal, probing
        self._paused = self._paused or refusal is not None

    @property
    def max_in_flight(self) -> int:
        """The number of items that may be in flight at once."""
        return self._slots if self._asks and self._context.model_block_code is None else settings.current().night_concurrency

    @property
    def spare(self) -> int:
        """The number of items beyond `max_in_flight` to read and store while others call the model; none beside an item that is tried alone."""
        return 0 if self.probing or self._first_alone else self.max_in_flight // 2

    async def renew(self) -> None:
        """Renew the slots in time, however long the calls take. Slots whose lease has expired all the same (the process was suspended) are no longer used."""
        if self._slots and self._renewed.elapsed >= SLOT_RENEWAL_INTERVAL:
            async with database.transaction() as session:
                kept = await model_limits.renew_slots(session, self._context.run_id, SLOT_LEASE)
            self._slots, self._renewed = kept, Stopwatch()
            self.limit_code = self.limit_code if kept else MODEL_BUSY

    async def claim(self, wanted: Wanted) -> Claimed:
        """Claim items within the limits; `limit_code` is then the code of the limit that kept due items from being claimed."""
        if not self._asks:
            return await _claim_all(wanted)
        async with database.transaction() as session:
            refusal, probing = await self._find_pause(session, may_probe=False)
        self._note_pause(refusal, probing)
        if refusal is not None:
            return await _claim_all(wanted)
        if not self._slots:
            return Claimed()
        async with database.transaction() as session:
            await end_expired_reservations(session)
        async with database.transaction() as session:
            claimed = await claim_within(session, wanted, self._context.terms)
        self.limit_code = claimed.exhausted
        return claimed

    async def record(self, outcome: Outcome) -> None:
        """Record an item's outcome: an account-wide provider error pauses the model for all instances, and a successful probe ends the pause."""
        self._probed = self._probed or outcome.stops_run or bool(outcome.model_calls)
        if outcome.stops_run and outcome.error_code and not self._paused:
            async with database.transaction() as session:
                await model_limits.pause_model(session, outcome.error_code, MODEL_PAUSE, outcome.reply)
            self._paused = True
            logs.write("model_paused", level="ERROR", run_id=self._context.run_id, error_code=outcome.error_code, **outcome.reply.columns)
        elif self.probing and outcome.model_calls and outcome.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED):
            async with database.transaction() as session:
                await model_limits.resume_model(session)
                slots = await self._lease_slots(session, settings.current().night_concurrency)
            self.probing, self._first_alone, self._slots = False, False, slots
            logs.write("model_resumed", run_id=self._context.run_id)
        elif self._first_alone and not self.probing and outcome.status is ItemStatus.SUCCEEDED:
            async with database.transaction() as session:
                slots = await self._lease_slots(session, settings.current().night_concurrency)
            self._first_alone, self._slots = False, slots

    async def release(self) -> None:
        """Release the run's model slots."""
        if self.probing and not self._probed:  # without due items of this job: another job's item may be the probe
            async with database.transaction() as session:
                await model_limits.return_probe(session)
        if self._slots:
            async with database.transaction() as session:
                await model_limits.release_slots(session, self._context.run_id)
            self._slots = 0


async def _claim_all(wanted: Wanted) -> Claimed:
    """Claim without the model's limits."""
    async with database.transaction() as session:
        await end_expired_reservations(session)
    async with database.transaction() as session:
        claims = await job_queue.claim_ready(
            session, wanted.job, wanted.run_id, limit=wanted.limit, lease=wanted.lease, this_run_only=wanted.only_run)
        if not claims and wanted.expired_too:
            claims = await job_queue.claim_expired(session, wanted.job, wanted.run_id, lease=wanted.lease)
    return Claimed(claims)


async def _read_terms(session: Session, job: Job) -> Terms:
    values = settings.current()
    lately = await tokens_per_item(session, job)
    each = max(1, round(sum(lately))) if lately else ITEM_TOKENS
    terms = Terms(each, values.night_tokens_per_day, values.night_tokens_per_user, calls_per_minute=values.model_calls_per_minute)
    return await read_terms(session, terms)
