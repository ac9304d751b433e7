"""The WEEKLY_PROFILE job: it reviews the seven days of a week together.

The model proposes patterns and near-duplicate values, and code decides on them. Evidence of the daily diaries is not counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from jobs.converters import to_prompt_messages, to_source_messages, to_stored_signals
from jobs.delimiter_seeds import prompt_seed
from jobs.item_results import amounts, record_wasted_call, wasted_call
from jobs.memory_policy import MemoryPolicy, allowed_signals, lock_policies, policy_of
from jobs.profile_inputs import to_value
from jobs.profile_update import ProfileUpdate, update_profile
from jobs.prompt_slots import lines_with_codes, open_signals, personal_guides, signals_with_keys, slot_guides, to_code
from jobs.retries import outcome_after_failure, retry_while_unavailable
from jobs.rules.diary.assistant_names import drop_assistant
from jobs.rules.diary.draft_check import CheckedDraft, DraftCheck
from jobs.rules.diary.happens_on import same_calendar
from jobs.rules.memory import MEMORY_OFF
from jobs.rules.profile.merges import Merges, decide_merges
from jobs.rules.profile.polarity import is_negated, plain_key
from jobs.rules.search.dates.named_days import make_calendar
from jobs.run_context import RunContext, Stopwatch, TokensUsedUp
from jobs.second_reading import ReadDraft, check_draft_twice, outcome_of_reading
from jobs.token_estimates import estimate_check, estimate_week
from jobs.user_edits import save_week_signals
from jobs.user_slots import Slots, load_user_slots
from llm.call_log import name_caller
from llm.errors import ModelError, ModelPaused
from llm.usage import Usage
from llm.week import PROMPT_VERSION, KnownValue, WeekDay, WeekDraft, WeekRequest, review_week
from persistence import database
from persistence.database import Session
from persistence.models import ProfileValue, User
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole
from persistence.models.enums import Learning
from persistence.models.jobs import DAY_CHANGED, ItemStatus
from persistence.models.profile import ValueStatus
from persistence.queries import profile_writes as profiles
from persistence.queries.diary_edits import list_revisions
from persistence.queries.erasure_counts import find_erasures, lock_erasure_counts
from persistence.queries.job_attempts import AlreadyFinished, LeaseLost, Outcome, finish, lease_lost
from persistence.queries.job_inputs import NEGATIVE, LearnableMessage, list_assistant_names, list_learnable, list_lines_between, load_known_values
from persistence.queries.job_queue import Claim
from persistence.queries.token_reservations import release
from persistence.queries.usage import record_usages
from persistence.queries.users import get_user

DAYS = timedelta(days=6)


@dataclass(frozen=True)
class Week:
    user: User
    messages: Sequence[LearnableMessage]
    lines: Sequence[WeekDay]
    values: Sequence[ProfileValue]
    rejected: Sequence[str]
    slots: Slots
    revisions: Mapping[date, int]
    """The state of each day's messages when they were loaded."""
    erasures: int
    """The number of the user's erasures before the rest was read: the values and lines of other days may repeat what was erased since."""
    assistant_names: Sequence[str] = ()


@dataclass(frozen=True)
class _Result:
    """The result of one attempt at a week, with or without a draft of the model. `usage` is None when the model was not called."""

    claim: Claim
    watch: Stopwatch
    outcome: Outcome
    week: Week | None = None
    draft: WeekDraft | None = None
    checked: CheckedDraft | None = None
    usage: Usage | None = None
    waits: bool = False
    """True if claims of the draft wait for their second reading, so that the week stays due although the draft is used."""


async def perform(claim: Claim, context: RunContext) -> Outcome:
    """Review one user's week, which begins on the Monday `claim.period`. Raises `SlotsLost`."""
    watch = Stopwatch()
    week = await retry_while_unavailable(lambda: _read(claim), context.deadline)
    if week.user.disabled:
        return await _store_or_discard(_Result(claim, watch, Outcome(ItemStatus.SKIPPED, "ACCOUNT_DISABLED")), context)
    if not policy_of(week.user).profile:
        return await _store_or_discard(_Result(claim, watch, Outcome(ItemStatus.SKIPPED, MEMORY_OFF)), context)
    if not any(message.role is MessageRole.USER for message in week.messages):
        return await _store_or_discard(_Result(claim, watch, Outcome(ItemStatus.SKIPPED, "NO_MESSAGES")), context)
    request = _request(claim, week)
    try:
        read = await context.ask(claim, estimate_week(request) + estimate_check(), partial(_checked_draft, claim.period, week, request, context))
    except TokensUsedUp as error:
        return await _store_or_discard(_Result(claim, watch, Outcome(ItemStatus.PENDING, error.code, refund=True)), context)
    except LeaseLost:
        return lease_lost(Outcome(ItemStatus.SKIPPED))
    except ModelError as error:
        outcome = outcome_after_failure(claim, error.code, retry_after=error.retry_after, affects_all_users=error.affects_all_users, reply=error.reply)
        usage = None if isinstance(error, ModelPaused) else error.usage
        return await _store_or_discard(_Result(claim, watch, _spent(outcome, error.usage), usage=usage), context)
    checked = read.require_checked()
    waiting = outcome_of_reading(claim, read.reading, context)
    spent = _spent(waiting or Outcome(ItemStatus.SUCCEEDED), read.usage)
    outcome = replace(spent, model_calls=read.calls, dropped=checked.dropped, checks=read.reading.record)
    return await _store_or_discard(_Result(claim, watch, outcome, week, read.draft, checked, read.usage, waits=waiting is not None), context)


async def _checked_draft(first: date, week: Week, request: WeekRequest, context: RunContext, seconds: float) -> ReadDraft[WeekDraft]:
    name_caller(purpose=Purpose.WEEK.value)
    draft = await review_week(request, seed=prompt_seed(PROMPT_VERSION), timeout=seconds)
    days = [first + timedelta(days=number) for number in range(7)]

    def judge() -> DraftCheck:
        signals = drop_assistant(signals_with_keys(draft.signals, week.slots), week.assistant_names)
        calendar = same_calendar(make_calendar(first, week.user.locale, week.user.time_zone))
        return DraftCheck((), signals, to_source_messages(week.messages), days, slots=week.slots, trimmed=draft.trimmed, calendar=calendar)

    return await check_draft_twice(draft, judge, seconds=context.check_timeout, find_block=context.find_block)


async def _read(claim: Claim) -> Week:
    first, last = claim.period, claim.period + DAYS
    async with database.session() as session:
        user = await get_user(session, claim.user_id)
        erasures = await find_erasures(session, claim.user_id)
        revisions = await list_revisions(session, claim.user_id, first, last)
        messages = [message for message in await list_learnable(session, claim.user_id, first, last) if message.learning is Learning.ALL]
        lines = await list_lines_between(session, claim.user_id, first, last)
        values = await profiles.list_values(session, claim.user_id)
        _, rejected = (await load_known_values(session, [claim.user_id]))[claim.user_id]
        slots = (await load_user_slots(session, [user]))[user.id]
        names = await list_assistant_names(session, claim.user_id)
    shown = sorted((row for row in values if row.status is ValueStatus.ACTIVE), key=lambda row: (-row.confidence, row.slot, row.value_key))
    days = [WeekDay(day, texts) for day, texts in lines.items()]
    return Week(user, messages, days, shown, lines_with_codes(rejected, slots), slots, revisions, erasures, names)


def _request(claim: Claim, week: Week) -> WeekRequest:
    said = [message for message in to_prompt_messages(week.messages) if message.role == "user"]
    days = {day.day: day for day in week.lines}
    own = {message.number: message for message in said}
    for number, message in enumerate(week.messages, start=1):
        if number in own:
            day = days.setdefault(message.day, WeekDay(message.day))
            days[message.day] = replace(day, messages=[*day.messages, own[number]])
    return WeekRequest(
        first_day=claim.period,
        last_day=claim.period + DAYS,
        time_zone=week.user.time_zone,
        locale=week.user.locale,
        days=[days[day] for day in sorted(days)],
        slots=slot_guides(),
        rejected=week.rejected,
        personal_slots=personal_guides(week.slots),
        assistant_names=week.assistant_names,
        values=[
            KnownValue(number, to_code(row.slot, week.slots), f"{row.value}{NEGATIVE if is_negated(row.value_key) else ''}")
            for number, row in enumerate(week.values, start=1)
        ],
    )


async def _store_or_discard(result: _Result, context: RunContext) -> Outcome:
    """Store the result and return the outcome. When the lease is lost, nothing is stored; a billed call with a draft then counts as failed."""
    try:
        return await retry_while_unavailable(lambda: _store(result), context.deadline)
    except AlreadyFinished as found:
        return found.end.of(result.outcome)
    except LeaseLost:
        if result.draft is not None and context.is_billed(result.claim):
            await retry_while_unavailable(lambda: record_wasted_call(result.claim), context.deadline)
        return lease_lost(result.outcome)


async def _store(result: _Result) -> Outcome:
    """Store the review, if there is one, and recompute the profile, because confidences also fall with time, unless it is off. Return the outcome.

    When the week's messages changed during the model call, the review is discarded and the item is due again.
    """
    async with database.transaction() as session:
        outcome, claim, unused, updated = result.outcome, result.claim, False, ProfileUpdate()
        if result.week is not None and not await _is_unchanged(session, claim, result.week):
            outcome, unused = replace(outcome, status=ItemStatus.PENDING, error_code=DAY_CHANGED, refund=True), True
        else:
            await _save_review(session, result)
            if outcome.error_code != MEMORY_OFF:
                updated = await update_profile(session, claim.user_id, reason="WEEK", run_id=claim.run_id)
            if result.draft is not None and not result.waits and not updated.changes:
                outcome = replace(outcome, status=ItemStatus.SKIPPED, error_code="UNCHANGED")
        await finish(session, claim, outcome, result.watch.elapsed)
        if result.draft is not None and unused:
            await record_usages(session, [wasted_call(claim)])
        if result.usage is None:
            await release(session, [(claim.user_id, claim.attempt_id)])
        await session.note_changes([claim.user_id] if updated.changes else [])
    return outcome


async def _is_unchanged(session: Session, claim: Claim, week: Week) -> bool:
    """Return whether the week's messages are those that the model received, and nothing was erased; otherwise its draft may quote deleted text. Locks the
    week's days."""
    erasures = await lock_erasure_counts(session, [claim.user_id])
    if erasures[claim.user_id] != week.erasures:
        return False
    return await list_revisions(session, claim.user_id, claim.period, claim.period + DAYS, lock=True) == week.revisions


async def _save_review(session: Session, result: _Result) -> None:
    if result.week is None or result.draft is None or result.checked is None:
        return
    claim, week, draft, checked = result.claim, result.week, result.draft, result.checked
    merges = decide_merges({number: to_value(row) for number, row in enumerate(week.values, start=1)}, draft.merges, week.slots)
    policy = (await lock_policies(session, [claim.user_id])).get(claim.user_id, MemoryPolicy())
    if not policy.profile:
        return
    signals = allowed_signals(await open_signals(session, claim.user_id, to_stored_signals(checked.signals, week.messages)), policy)
    await save_week_signals(session, claim.user_id, claim.period, signals)
    await _save_merges(session, claim, merges)


async def _save_merges(session: Session, claim: Claim, merges: Merges) -> None:
    """Store the merges whose two values still exist: the text behind a value may have been deleted during the model call."""
    await profiles.lock_user(session, claim.user_id)
    names = {(row.slot, plain_key(row.value_key)) for row in await profiles.list_values(session, claim.user_id)}
    kept = [found for found in merges.accepted if {(found.slot, found.from_key), (found.slot, found.into_key)} <= names]
    await profiles.save_aliases(session, claim.user_id, {(found.slot, found.from_key): found.into_key for found in kept}, claim.run_id)


def _spent(outcome: Outcome, usage: Usage) -> Outcome:
    return replace(outcome, model_calls=1 if usage.input_tokens else 0, prompt_version=PROMPT_VERSION, **amounts(usage))
