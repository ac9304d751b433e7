"""The DAILY_DIARY job: it generates the diary of each claimed day (jobs/diary_generation.py) and stores it with the outcome of the item.

When the model is unavailable or its draft is unusable, the day gets an entry that is generated without the model and marked FALLBACK; the item stays due,
and a later attempt replaces that entry.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import settings
from jobs.diary_generation import (
    Day,
    DiaryUnsupported,
    is_as_loaded,
    load_inputs,
    make_entry,
    make_fallback_if_needed,
    make_request,
    messages_digest,
    store_entries,
    week_item,
    wordless_entry,
    write_checked_draft,
)
from jobs.item_results import amounts, wasted_call
from jobs.memory_policy import MemoryPolicy, lock_policies
from jobs.retries import outcome_after_failure
from jobs.rules.memory import MEMORY_OFF
from jobs.run_context import RunContext, Stopwatch, TokensUsedUp
from jobs.second_reading import outcome_of_reading
from jobs.token_estimates import estimate_check, estimate_day
from llm.diary import PROMPT_VERSION
from llm.errors import ModelError, ModelFiltered, ModelPaused
from llm.usage import Usage
from persistence import database
from persistence.models.diary import Origin
from persistence.models.jobs import DAY_CHANGED, ItemStatus, Job
from persistence.provider_replies import NO_REPLY
from persistence.queries import diary_writes as diaries
from persistence.queries.day_locks import lock_days
from persistence.queries.diary_writes import NewEntry
from persistence.queries.erasure_counts import lock_erasure_counts
from persistence.queries.job_attempts import AttemptEnd, LeaseLost, Outcome, finish_attempts, lease_lost
from persistence.queries.job_inputs import DayKey
from persistence.queries.job_queue import Claim, DueItem, enqueue_items
from persistence.queries.token_reservations import release
from persistence.queries.usage import record_usages


@dataclass(frozen=True)
class _Result:
    """The result of one attempt at a day.

    `entry` is the entry to store, if any; `done` means that the stored diary then covers the day's messages. `usage` is None when the model was not called.
    """

    claim: Claim
    watch: Stopwatch
    day: Day | None
    outcome: Outcome
    entry: NewEntry | None = None
    done: bool = False
    usage: Usage | None = None
    answered: bool = False
    """True if the model's response was recorded as a successful call, even if it is not used."""
    waits: bool = False
    """True if claims of the stored entry's draft wait for their second reading, so that the day stays due although `entry` is used."""
    weeks_after: timedelta = timedelta(0)

    @property
    def key(self) -> DayKey:
        return self.claim.user_id, self.claim.period


async def perform(claim: Claim, context: RunContext) -> Outcome:
    """Generate one user's diary of a day. Raises `SlotsLost`."""
    watch = Stopwatch()
    day = await context.batched(load_inputs)((claim.user_id, claim.period))
    if (skipped := _skipped(claim, day, watch)) is not None:
        return await context.batched(_store_all)(skipped)
    assert day is not None
    return await context.batched(_store_all)(await _call_model(claim, day, watch, context))


async def fail_item(claim: Claim, outcome: Outcome, context: RunContext) -> Outcome:
    """End an item with `outcome` until it is planned again, without a further model call, and store a fallback entry for a day that has no better one."""
    watch = Stopwatch()
    day = await context.batched(load_inputs)((claim.user_id, claim.period))
    if (skipped := _skipped(claim, day, watch)) is not None:
        return await context.batched(_store_all)(skipped)
    assert day is not None
    return await context.batched(_store_all)(_Result(claim, watch, day, outcome, await _fallback(claim, day), answered=context.is_billed(claim)))


async def _call_model(claim: Claim, day: Day, watch: Stopwatch, context: RunContext) -> _Result:
    digest = messages_digest(day)
    if digest == claim.text_digest and day.current is not None and day.current.origin is Origin.MODEL:
        return _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, "UNCHANGED"), done=True)
    if not day.has_words:
        return _finished(claim, watch, day, wordless_entry(day, run_id=claim.run_id).entry)
    request = make_request(claim.period, day)
    try:
        write = partial(write_checked_draft, claim.period, day, request, check_seconds=context.check_timeout, find_block=context.find_block)
        written = await make_entry(claim.period, day, await context.ask(claim, estimate_day(request) + estimate_check(), write), run_id=claim.run_id)
    except TokensUsedUp as error:
        return _Result(claim, watch, day, Outcome(ItemStatus.PENDING, error.code, refund=True), await _fallback(claim, day))
    except LeaseLost:
        return _Result(claim, watch, day, lease_lost(Outcome(ItemStatus.SKIPPED)))
    except ModelError as error:
        outcome = outcome_after_failure(claim, error.code, retry_after=error.retry_after, affects_all_users=error.affects_all_users, reply=error.reply)
        usage = None if isinstance(error, ModelPaused) else error.usage
        final = isinstance(error, ModelFiltered)  # the provider would refuse it again: keep the fallback entry until the messages change
        answered = isinstance(error, DiaryUnsupported) and context.is_billed(claim)
        if isinstance(error, DiaryUnsupported):
            outcome = replace(outcome_of_reading(claim, error.reading, context) or outcome, dropped=error.dropped, checks=error.reading.record)
        outcome = _spent(outcome, error.usage)
        if isinstance(error, DiaryUnsupported):
            outcome = replace(outcome, model_calls=outcome.model_calls + error.reading.calls)
        return _Result(claim, watch, day, outcome, await _fallback(claim, day), done=final, usage=usage, answered=answered)
    repeats = day.current is not None and diaries.is_same_entry(day.current, written.entry)
    ended = Outcome(ItemStatus.SKIPPED, "UNCHANGED") if repeats else Outcome(ItemStatus.SUCCEEDED)
    waiting = outcome_of_reading(claim, written.reading, context)
    outcome = replace(_spent(waiting or ended, written.usage), model_calls=written.calls, dropped=written.dropped, checks=written.reading.record)
    return _Result(
        claim, watch, day, outcome if waiting else replace(outcome, text_digest=digest), None if repeats else written.entry, done=waiting is None,
        usage=written.usage, answered=context.is_billed(claim), waits=waiting is not None, weeks_after=context.rewrite_after,
    )


def _finished(claim: Claim, watch: Stopwatch, day: Day, entry: NewEntry) -> _Result:
    """Return the result of a day whose entry needed no model."""
    repeats = day.current is not None and diaries.is_same_entry(day.current, entry)
    outcome = Outcome(ItemStatus.SKIPPED, "UNCHANGED") if repeats else Outcome(ItemStatus.SUCCEEDED)
    return _Result(claim, watch, day, outcome, None if repeats else entry, done=True)


async def _fallback(claim: Claim, day: Day) -> NewEntry | None:
    return await make_fallback_if_needed(claim.period, day, run_id=claim.run_id)


def _skipped(claim: Claim, day: Day | None, watch: Stopwatch) -> _Result | None:
    """Return the result of an item that needs no entry, else None.

    The day of a disabled account, and of one whose diary is off, is not marked as done, so it is planned again once that has changed.
    """
    if day is None or not day.has_user_messages:
        return _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, "NO_MESSAGES"), done=day is not None)
    if day.user.disabled:
        return _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, "ACCOUNT_DISABLED"))
    return None if day.policy.diary else _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, MEMORY_OFF))


async def _store_all(results: Sequence[_Result]) -> list[Outcome]:
    """Store each day's entry, its item's outcome and the follow-up items in one transaction. The cost of the model calls is recorded before this."""
    async with database.transaction() as session:
        erasures = await lock_erasure_counts(session, {result.claim.user_id for result in results})
        locked = await lock_days(session, sorted({result.key for result in results}))
        current = [result if result.day is None or is_as_loaded(locked[result.key], result.day, erasures.get(result.claim.user_id, 0)) else _changed(result)
                   for result in results]
        policies = await lock_policies(session, {result.claim.user_id for result in results if result.entry is not None})
        current = [_switched_off(result) if _is_off(result, policies) else result for result in current]
        finished = await finish_attempts(session, [AttemptEnd(result.claim, result.outcome, result.watch.elapsed) for result in current])
        kept = [result for result in current if result.claim in finished.finished]
        await store_entries(session, [(*result.key, result.entry) for result in kept if result.entry is not None], policies)
        await diaries.mark_days_written(session, [(*result.key, result.day.revision) for result in kept if result.done and result.day is not None])
        await enqueue_items(session, [due for result in kept if (result.done or result.waits) and result.entry is not None for due in _follow_up_items(result)],
                       weeks_after=max(result.weeks_after for result in results))
        in_vain = [result for result in current if result.answered and not ((result.done or result.waits) and result.claim in finished.finished)]
        await record_usages(session, [wasted_call(result.claim) for result in in_vain if result.claim not in finished.already_finished])
        await release(session, [(result.claim.user_id, result.claim.attempt_id) for result in current if result.usage is None])
        await session.note_changes(result.claim.user_id for result in kept if result.entry is not None)
    return [finished.outcome(result.claim, result.outcome) for result in current]


def _changed(result: _Result) -> _Result:
    """Return the result for a day that changed during the attempt: no entry, and the item is due again at once.

    An attempt whose call was billed counts, so that a day which keeps changing is marked as FAILED once its attempts are used up.
    """
    over = result.answered and result.claim.attempt >= settings.current().item_attempts
    status = ItemStatus.FAILED if over else ItemStatus.PENDING
    outcome = replace(
        result.outcome, status=status, error_code=DAY_CHANGED, refund=not result.answered, retry_after=timedelta(0), text_digest=None, reply=NO_REPLY
    )
    return replace(result, outcome=outcome, entry=None, done=False, waits=False)


def _is_off(result: _Result, policies: Mapping[UUID, MemoryPolicy]) -> bool:
    policy = policies.get(result.claim.user_id)
    return result.entry is not None and policy is not None and not policy.diary


def _switched_off(result: _Result) -> _Result:
    """Return the result for a user who switched off the diary during the attempt: no entry, and the day stays due."""
    return replace(result, outcome=replace(result.outcome, status=ItemStatus.SKIPPED, error_code=MEMORY_OFF), entry=None, done=False, waits=False)


def _follow_up_items(result: _Result) -> list[DueItem]:
    """Return the items that a stored diary makes due: the profile at once, and the review of its week once the week is over."""
    assert result.day is not None
    user_id, period = result.key
    return [DueItem(user_id, Job.DAILY_PROFILE, period), week_item(result.day.user, period)]


def _spent(outcome: Outcome, usage: Usage) -> Outcome:
    called = 1 if usage.input_tokens or outcome.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED) else 0
    return replace(outcome, model_calls=called, prompt_version=PROMPT_VERSION, **amounts(usage))
