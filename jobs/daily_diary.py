"""DAILY_DIARY: a person's day becomes their diary.

The model proposes, the check keeps what the person's own words support. When the model is down or wrong the day still gets an entry,
written without it and marked FALLBACK; the item stays due and a later attempt replaces that entry.
"""
from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from jobs.counting import keep_or_count
from jobs.desk import Desk, Stopwatch
from jobs.patience import patiently
from jobs.reading import for_check, for_model, slot_guides
from jobs.retrying import after_failure
from jobs.rewriting import keep_hand, withdraw
from jobs.rules.day import bounds
from jobs.rules.evidence import Checked, check
from jobs.rules.fallback import fallback
from jobs.storing import stored_lines, stored_signals
from llm.diary import PROMPT_VERSION, DayRequest, DiaryDraft, write_diary
from llm.errors import ModelError
from llm.usage import Usage
from persistence.database import Session, session, transaction
from persistence.models import Message, User
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind, Origin
from persistence.models.jobs import ItemStatus, Job
from persistence.queries import diary_writing as diaries
from persistence.queries.diary_editing import Hand, find_hand, hold_day
from persistence.queries.diary_writing import Entry, PresentEntry, StoredLine
from persistence.queries.ledger import Claim, Outcome, finish, make_due
from persistence.queries.people import get_user
from persistence.queries.profile_writing import list_known_values
from persistence.queries.usage import record_usage

CHANGED = "DAY_CHANGED"
"""Of an attempt during which the day's messages or its diary changed: what it made is dropped, and the day is written again at once."""


class DiaryUnsupported(ModelError):
    """Every summary sentence of the draft failed the check."""

    code = "MODEL_UNSUPPORTED"
    summary = "nothing that the language model wrote stands in the person's own words"


@dataclass(frozen=True)
class Written:
    """What the model made of a day, checked, and what that cost."""

    entry: Entry
    usage: Usage


@dataclass(frozen=True)
class Day:
    """What the night reads before it asks the model; `revision` is the state of the messages that it saw."""

    user: User
    revision: int
    messages: Sequence[Message]
    present: PresentEntry | None
    hand: Hand
    known: Sequence[str]
    rejected: Sequence[str]

    @property
    def written(self) -> bool:
        return any(message.role is MessageRole.USER for message in self.messages)


async def perform(claim: Claim, desk: Desk) -> Outcome:
    """Write one person's day. Raises `LeaseLost`."""
    watch = Stopwatch()
    day = await patiently(lambda: read(claim.user_id, claim.period), desk.deadline)
    if day is None or not day.written:
        return await _skip(claim, day, watch)
    try:
        desk.raise_refusal()
        written = await write(claim.period, day, run_id=claim.run_id, timeout=desk.model_seconds())
    except ModelError as error:
        outcome = after_failure(claim, error.code, retry_after=error.retry_after, concerns_everyone=error.concerns_everyone)
        usage = error.usage
        return await _keep(claim, usage, desk, lambda: _fall_back(claim, day, outcome, usage, watch))
    return await _keep(claim, written.usage, desk, lambda: _store(claim, day, written, watch))


async def _keep(claim: Claim, usage: Usage, desk: Desk, store: Callable[[], Awaitable[Outcome]]) -> Outcome:
    return await keep_or_count(claim, Purpose.DIARY, claim.period, usage, desk.deadline, store)


async def give_up(claim: Claim, outcome: Outcome) -> Outcome:
    """End an item for good, without asking the model; the day gets its fallback entry. Raises `LeaseLost`."""
    watch = Stopwatch()
    day = await read(claim.user_id, claim.period)
    if day is None or not day.written:
        return await _skip(claim, day, watch)
    return await _fall_back(claim, day, outcome, Usage.none(), watch)


async def read(user_id: UUID, period: date, *, despite_deletion: bool = False) -> Day | None:
    """None for a day on which the person did not write. `despite_deletion`: also what was said before they deleted its diary."""
    async with session() as reading:
        user = await get_user(reading, user_id)
        active = await diaries.find_active_day(reading, user_id, period)
        if active is None:
            return None
        messages = await diaries.list_messages_between(reading, user_id, period, period, despite_deletion=despite_deletion)
        present = await diaries.find_present_entry(reading, user_id, period)
        hand = await find_hand(reading, user_id, period) if present is not None else Hand()
        known, rejected = await list_known_values(reading, user_id)
    return Day(user, active.revision, messages, present, hand, known, rejected)


async def write(period: date, day: Day, *, run_id: UUID | None, timeout: float) -> Written:
    """Ask the model, within `timeout` seconds, keep what the check lets through and what the person did by hand. Raises `ModelError`."""
    draft = await write_diary(_request(period, day), timeout=timeout)
    checked = check(draft.lines, draft.signals, for_check(day.messages), period)
    if not any(line.kind == LineKind.SUMMARY.value for line in checked.lines):
        raise DiaryUnsupported(usage=draft.usage)
    return Written(_entry(run_id, day, draft, checked), draft.usage)


async def still_as_read(writing: Session, user_id: UUID, period: date, day: Day) -> bool:
    """Whether neither the day's messages nor its diary changed since they were read; holds both until the transaction ends."""
    held = await hold_day(writing, user_id, period)
    return held.revision == day.revision and held.version == (day.present and day.present.version)


async def save(writing: Session, user_id: UUID, period: date, day: Day, entry: Entry) -> bool:
    """Store the entry as the day's next version, unless it would only repeat the present one. Answers whether it did."""
    if day.present is not None and diaries.same(day.present, entry):
        return False
    await diaries.save_entry(writing, user_id, period, entry)
    await withdraw(writing, user_id, [period])
    return True


def _request(period: date, day: Day) -> DayRequest:
    zone = day.messages[0].time_zone
    starts_at, ends_at = bounds(period, zone, day.user.day_ends_at)
    return DayRequest(
        day=period, time_zone=zone, starts_at=starts_at.astimezone(ZoneInfo(zone)), ends_at=ends_at.astimezone(ZoneInfo(zone)), locale=day.user.locale,
        nickname=day.user.nickname, messages=for_model(day.messages), slots=slot_guides(), known=day.known, rejected=day.rejected,
    )


def _entry(run_id: UUID | None, day: Day, draft: DiaryDraft, checked: Checked) -> Entry:
    bare = _bare_entry(run_id, day, Origin.MODEL, stored_lines(checked.lines, day.messages))
    made = replace(bare, mood=draft.mood, signals=stored_signals(checked.signals, day.messages), dropped_count=sum(checked.dropped.values()),
                   model=draft.model, prompt_version=draft.prompt_version)
    return keep_hand(made, day.hand)


def _fallback_entry(claim: Claim, day: Day) -> Entry:
    own = for_check(day.messages)
    checked = check(fallback(own, day.user.locale).lines, (), own, claim.period)
    return keep_hand(_bare_entry(claim.run_id, day, Origin.FALLBACK, stored_lines(checked.lines, day.messages)), day.hand)


def _bare_entry(run_id: UUID | None, day: Day, origin: Origin, lines: Sequence[StoredLine]) -> Entry:
    return Entry(
        origin=origin, summary="", mood=None, lines=lines, signals=(),
        conversation_count=len({message.conversation_id for message in day.messages}), message_count=len(day.messages),
        tool_call_count=sum(message.tool_calls for message in day.messages), run_id=run_id,
    )


async def _skip(claim: Claim, day: Day | None, watch: Stopwatch) -> Outcome:
    outcome = Outcome(ItemStatus.SKIPPED, "NO_MESSAGES")
    async with transaction() as writing:
        if day is not None:
            await diaries.mark_written(writing, claim.user_id, claim.period, day.revision)
        await finish(writing, claim, outcome, watch.took)
    return outcome


async def _store(claim: Claim, day: Day, written: Written, watch: Stopwatch) -> Outcome:
    usage = written.usage
    async with transaction() as writing:
        if not await still_as_read(writing, claim.user_id, claim.period, day):
            return await _again(writing, claim, usage, watch)
        stored = await save(writing, claim.user_id, claim.period, day, written.entry)
        outcome = _spent(Outcome(ItemStatus.SUCCEEDED) if stored else Outcome(ItemStatus.SKIPPED, "UNCHANGED"), usage)
        await finish(writing, claim, outcome, watch.took)
        if stored:
            await make_due(writing, claim.user_id, Job.DAILY_PROFILE, claim.period)
            await make_week_due(writing, day.user, claim.period)
        await diaries.mark_written(writing, claim.user_id, claim.period, day.revision)
        await record_usage(writing, claim.user_id, claim.period, Purpose.DIARY, usage)
    return outcome


async def _fall_back(claim: Claim, day: Day, outcome: Outcome, usage: Usage, watch: Stopwatch) -> Outcome:
    """Give the day an entry if it has none; an entry that the model once wrote is better than a fallback and stays."""
    outcome = _spent(outcome, usage)
    async with transaction() as writing:
        if not await still_as_read(writing, claim.user_id, claim.period, day):
            return await _again(writing, claim, usage, watch)
        await finish(writing, claim, outcome, watch.took)
        if day.present is None or day.present.origin is Origin.FALLBACK:
            await save(writing, claim.user_id, claim.period, day, _fallback_entry(claim, day))
        await record_usage(writing, claim.user_id, claim.period, Purpose.DIARY, usage, failed=True)
    return outcome


async def _again(writing: Session, claim: Claim, usage: Usage, watch: Stopwatch) -> Outcome:
    outcome = _spent(Outcome(ItemStatus.PENDING, CHANGED, refund=True), usage)
    await finish(writing, claim, outcome, watch.took)
    await record_usage(writing, claim.user_id, claim.period, Purpose.DIARY, usage)
    return outcome


def _spent(outcome: Outcome, usage: Usage) -> Outcome:
    called = 1 if usage.input_tokens or outcome.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED) else 0
    return replace(outcome, model_calls=called, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, prompt_version=PROMPT_VERSION)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def make_week_due(writing: Session, user: User, period: date) -> None:
    """Have the week of this day reviewed, anew if it was, once it is over."""
    await make_due(writing, user.id, Job.WEEKLY_PROFILE, monday(period), _week_ends_at(period, user))


def _week_ends_at(day: date, user: User) -> datetime:
    return bounds(monday(day) + timedelta(days=6), user.time_zone, user.day_ends_at)[1]
