"""What a run may use of the model, across all instances: places, pace, a night's tokens, and whether it may be asked at all."""
from __future__ import annotations

from datetime import timedelta

import logs
import settings
from jobs.desk import Desk, Stopwatch
from jobs.retrying import PAUSE
from llm.errors import ProviderReply
from persistence.database import Session, transaction
from persistence.models.jobs import ItemStatus, Job
from persistence.models.limits import PauseKind
from persistence.queries import limits
from persistence.queries.ledger import Outcome

ASKS_MODEL = frozenset({Job.DAILY_DIARY, Job.WEEKLY_PROFILE})
SLOT_LEASE = timedelta(seconds=90)
"""How long a dead run's places stay taken."""
KEEP_PLACES = SLOT_LEASE / 3
"""A living run renews them so often."""
ITEM_TOKENS = 6000
"""Set aside of the night's budget for an item in hand: what a day of about fifty messages takes, prompt and answer. More where items took more lately."""
SWITCHED_OFF = "MODEL_SWITCHED_OFF"
OUT_OF_BUDGET = "NIGHT_BUDGET"
PACE = "MODEL_PACE"
NO_PLACE = "MODEL_BUSY"


class Allowance:
    """One drain's share. Without the model everything is allowed; while the model is paused items run without asking it."""

    def __init__(self, job: Job, desk: Desk) -> None:
        self._asks = job in ASKS_MODEL
        self._desk = desk
        self._renewed = Stopwatch()
        self._slots = 0
        self._paused = False  # the model's pause is known to all instances
        self._budget = _Budget()
        self.probing = False
        self.exhausted: str | None = None

    async def open(self) -> None:
        """Find out whether the model may be asked, and take places for as many calls as the settings allow at once."""
        if not self._asks:
            return
        present = settings.current()
        async with transaction() as writing:
            await self._find_pause(writing, may_probe=True)
            if self._desk.refusal is None:
                wanted = 1 if self.probing else present.night_concurrency
                self._slots = await limits.take_slots(writing, self._desk.run_id, wanted=wanted, cap=present.model_concurrency, lease=SLOT_LEASE)
        if self._desk.refusal is None and not self._slots:
            self.exhausted = NO_PLACE

    async def _find_pause(self, writing: Session, *, may_probe: bool) -> None:
        """Also in the middle of a run: an admin's switch holds at once, and another instance may have been refused meanwhile."""
        pauses = {found.kind: found for found in await limits.list_pauses(writing)}
        if PauseKind.SWITCH in pauses or not settings.current().model_enabled:
            self._desk.refusal, self._desk.refusal_reply = SWITCHED_OFF, None
        elif PauseKind.MODEL in pauses and not self.probing:
            self.probing = may_probe and await limits.take_probe(writing, PAUSE)
            self._desk.refusal = None if self.probing else pauses[PauseKind.MODEL].reason
            self._desk.refusal_reply = ProviderReply(*pauses[PauseKind.MODEL].reply)
        self._paused = self._paused or self._desk.refusal is not None

    @property
    def width(self) -> int:
        """How many items may be in hand at once."""
        return self._slots if self._asks and self._desk.refusal is None else settings.current().night_concurrency

    async def keep(self) -> None:
        """Renew the places in time, however long the calls take; those that were lost all the same (the process stood still) are let go."""
        if self._slots and self._renewed.took >= KEEP_PLACES:
            async with transaction() as writing:
                self._slots = await limits.renew_slots(writing, self._desk.run_id, SLOT_LEASE)
            self.exhausted = self.exhausted if self._slots else NO_PLACE
            self._renewed = Stopwatch()

    async def take(self, wanted: int) -> int:
        """How many more items may be claimed now; `exhausted` says why there are fewer."""
        if not self._asks or self._desk.refusal is not None:
            return wanted
        present = settings.current()
        async with transaction() as writing:
            await self._find_pause(writing, may_probe=False)
            if self._desk.refusal is not None:
                return wanted
            granted = wanted if self._slots else 0
            if granted and present.model_calls_per_minute:
                granted = await limits.take_calls(writing, wanted=granted, per_minute=present.model_calls_per_minute)
                self.exhausted = None if granted else PACE
            if granted and present.night_tokens_per_day:
                granted = await self._reserve(writing, granted, present.night_tokens_per_day)
        return granted

    async def _reserve(self, writing: Session, items: int, cap: int) -> int:
        """As many of the items as the night's budget still has tokens for."""
        await self._budget.settle(writing)
        while items and not await limits.reserve_tokens(writing, tokens=items * self._budget.each, cap=cap):
            items //= 2
        self._budget.reserved(items)
        self.exhausted = self.exhausted if items else OUT_OF_BUDGET
        return items

    async def note(self, outcome: Outcome) -> None:
        """An item ended: a refusal of everyone pauses the model for all instances, a probe's success ends the pause."""
        self._budget.ended(outcome)
        if outcome.stops_run and outcome.error_code and not self._paused:
            self._paused = True
            async with transaction() as writing:
                await limits.pause_model(writing, outcome.error_code, PAUSE, outcome.reply)
            logs.write("model_paused", level="ERROR", run_id=self._desk.run_id, error_code=outcome.error_code, **outcome.reply.columns)
        elif self.probing and outcome.model_calls and outcome.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED):
            self.probing = False
            async with transaction() as writing:
                await limits.resume_model(writing)
                wanted = settings.current().night_concurrency - self._slots
                self._slots += await limits.take_slots(writing, self._desk.run_id, wanted=wanted, cap=settings.current().model_concurrency, lease=SLOT_LEASE)
            logs.write("model_resumed", run_id=self._desk.run_id)

    async def close(self, spent: int) -> None:
        """Give back what was taken; `spent` tokens count against the night's budget."""
        if not self._asks:
            return
        async with transaction() as writing:
            if self._slots:
                await limits.release_slots(writing, self._desk.run_id)
            await self._budget.close(writing, spent)


class _Budget:
    """A drain's part of the night's tokens: set aside for what is in hand, settled as items end."""

    def __init__(self) -> None:
        self._in_hand, self._set_aside = 0, 0
        self._freed, self._unsettled, self._spent = 0, 0, 0
        self._asked = 0

    @property
    def each(self) -> int:
        """Tokens to set aside for one more item: what items took on the average, but never less than `ITEM_TOKENS`."""
        return max(ITEM_TOKENS, self._spent // self._asked if self._asked else 0)

    def reserved(self, items: int) -> None:
        self._in_hand, self._set_aside = self._in_hand + items, self._set_aside + items * self.each

    def ended(self, outcome: Outcome) -> None:
        share = self._set_aside // self._in_hand if self._in_hand else 0
        self._in_hand, self._set_aside, self._freed = max(0, self._in_hand - 1), self._set_aside - share, self._freed + share
        took = outcome.input_tokens + outcome.output_tokens
        self._unsettled, self._spent, self._asked = self._unsettled + took, self._spent + took, self._asked + bool(took)

    async def settle(self, writing: Session) -> None:
        """What ended counts with what it took instead of what was set aside for it."""
        if self._freed or self._unsettled:
            await limits.settle_tokens(writing, reserved=self._freed, spent=self._unsettled)
            self._freed = self._unsettled = 0

    async def close(self, writing: Session, spent: int) -> None:
        """`spent` is what the whole drain took, items that ended at the deadline included."""
        self._unsettled += spent - self._spent
        self._freed, self._set_aside, self._in_hand = self._freed + self._set_aside, 0, 0
        await self.settle(writing)
