"""The DAILY_DIARY job: it generates a user's diary from the messages of one day.

The model writes a draft, and `check_draft` keeps what the user's own text supports. When the model is unavailable or its draft is unusable, the day
gets an entry that is generated without the model and marked FALLBACK; the item stays due, and a later attempt replaces that entry.

Checks and fallback entries are computed in threads: a long day takes seconds, and meanwhile the items of other users proceed and the deadline is kept.
"""
from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import settings
from jobs.delimiter_seeds import prompt_seed
from jobs.item_results import amounts, wasted_call
from jobs.reading import slot_guides, to_prompt_messages, to_source_messages
from jobs.retrying import outcome_after_failure
from jobs.rules.day import day_bounds
from jobs.rules.diary.draft_check import CheckedDraft, check_draft
from jobs.rules.diary.drafts import DropReason
from jobs.rules.diary.fallback import fallback
from jobs.run_context import ModelPaused, RunContext, Stopwatch, TokensUsedUp
from jobs.storing import to_stored_lines, to_stored_signals
from jobs.token_estimates import estimate_day
from jobs.user_edits import apply_user_edits, update_withdrawn_quotes
from llm.call_log import name_caller
from llm.diary import PROMPT_VERSION, DayRequest, DiaryDraft, write_diary
from llm.errors import ModelError, ModelFiltered
from llm.usage import Usage
from persistence import database
from persistence.database import Session
from persistence.models import User
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind, Origin
from persistence.models.jobs import ItemStatus, Job
from persistence.provider_replies import NO_REPLY
from persistence.queries import diary_writes as diaries
from persistence.queries.diary_edits import LockedDay, UserEdits, find_edited_days, find_user_edits, lock_day, lock_days
from persistence.queries.diary_writes import CurrentEntry, NewEntry, StoredLine
from persistence.queries.job_inputs import DayKey, DayRow, LearnableMessage, load_days
from persistence.queries.job_queue import AttemptEnd, Claim, DueItem, LeaseLost, Outcome, enqueue_items, finish_attempts, lease_lost
from persistence.queries.token_reservations import release
from persistence.queries.usage import record_usages

CHANGED = "DAY_CHANGED"
"""The code of an attempt during which the day's messages or its diary changed: its result is discarded, and the day is due again at once."""


class DiaryUnsupported(ModelError):
    """The error of a draft that has no summary sentence left after the check."""

    code = "MODEL_UNSUPPORTED"
    summary = "nothing that the language model wrote stands in the person's own words"

    def __init__(self, dropped: Mapping[DropReason, int], *, usage: Usage) -> None:
        super().__init__(usage=usage)
        self.dropped = dropped


@dataclass(frozen=True)
class GeneratedEntry:
    """A day's entry made of the checked draft of the model, and the usage of the model calls."""

    entry: NewEntry
    usage: Usage
    dropped: Mapping[DropReason, int]


@dataclass(frozen=True)
class Day:
    """A day's inputs, loaded before the model is called.

    `revision` is the state of the messages when they were loaded, `present` the current entry, and `hand` holds the user's edits of it.
    """

    user: User
    revision: int
    messages: Sequence[LearnableMessage]
    present: CurrentEntry | None
    hand: UserEdits
    known: Sequence[str]
    rejected: Sequence[str]
    refused: int = 0
    """The number of further messages that the user's quota refused: they count as messages of the day, but are not used until they are answered."""

    @property
    def has_user_messages(self) -> bool:
        return any(message.role is MessageRole.USER for message in self.messages)


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
    weeks_after: timedelta = timedelta(0)

    @property
    def key(self) -> DayKey:
        return self.claim.user_id, self.claim.period


async def perform(claim: Claim, desk: RunContext) -> Outcome:
    """Generate one user's diary of a day. Raises `SlotsLost`."""
    watch = Stopwatch()
    day = await desk.batched(_read_all)((claim.user_id, claim.period))
    if (skipped := _skipped(claim, day, watch)) is not None:
        return await desk.batched(_store_all)(skipped)
    assert day is not None
    return await desk.batched(_store_all)(await _call_model(claim, day, watch, desk))


async def fail_item(claim: Claim, outcome: Outcome, desk: RunContext) -> Outcome:
    """End an item with `outcome` until it is planned again, without a further model call, and store a fallback entry for a day that has no better one."""
    watch = Stopwatch()
    day = await desk.batched(_read_all)((claim.user_id, claim.period))
    if (skipped := _skipped(claim, day, watch)) is not None:
        return await desk.batched(_store_all)(skipped)
    assert day is not None
    return await desk.batched(_store_all)(_Result(claim, watch, day, outcome, await _fallback_if_needed(claim, day), answered=desk.is_billed(claim)))


async def _call_model(claim: Claim, day: Day, watch: Stopwatch, desk: RunContext) -> _Result:
    digest = _digest(day)
    if digest == claim.words_digest and day.present is not None and day.present.origin is Origin.MODEL:
        return _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, "UNCHANGED"), done=True)
    request = _request(claim.period, day)
    try:
        draft = await desk.ask(claim, estimate_day(request), partial(_draft, request))
        written = await _check(claim.period, day, draft, run_id=claim.run_id)
    except TokensUsedUp as error:
        return _Result(claim, watch, day, Outcome(ItemStatus.PENDING, error.code, refund=True), await _fallback_if_needed(claim, day))
    except LeaseLost:
        return _Result(claim, watch, day, lease_lost(Outcome(ItemStatus.SKIPPED)))
    except ModelError as error:
        outcome = outcome_after_failure(claim, error.code, retry_after=error.retry_after, affects_all_users=error.affects_all_users, reply=error.reply)
        usage = None if isinstance(error, ModelPaused) else error.usage
        final = isinstance(error, ModelFiltered)  # the provider would refuse it again: keep the fallback entry until the messages change
        answered = isinstance(error, DiaryUnsupported) and desk.is_billed(claim)
        outcome = replace(outcome, dropped=error.dropped) if isinstance(error, DiaryUnsupported) else outcome
        return _Result(claim, watch, day, _spent(outcome, error.usage), await _fallback_if_needed(claim, day), done=final, usage=usage, answered=answered)
    repeats = day.present is not None and diaries.is_same_entry(day.present, written.entry)
    outcome = _spent(Outcome(ItemStatus.SKIPPED, "UNCHANGED") if repeats else Outcome(ItemStatus.SUCCEEDED), written.usage)
    return _Result(
        claim, watch, day, replace(outcome, words_digest=digest, dropped=written.dropped), None if repeats else written.entry, done=True, usage=written.usage,
        answered=desk.is_billed(claim), weeks_after=desk.rewrite_after,
    )


async def _draft(request: DayRequest, seconds: float) -> DiaryDraft:
    name_caller(purpose=Purpose.DIARY.value)
    return await write_diary(request, seed=prompt_seed(PROMPT_VERSION), timeout=seconds)


def _digest(day: Day) -> bytes:
    """Return the SHA-256 digest of all messages that the model would receive: ids, roles and text."""
    words = sha256()
    for message in day.messages:
        words.update(f"{message.id} {message.role.value} {len(message.content)} {message.content}\n".encode(errors="surrogatepass"))
    return words.digest()


def _skipped(claim: Claim, day: Day | None, watch: Stopwatch) -> _Result | None:
    """Return the result of an item that needs no entry, else None.

    The day of a disabled account is not marked as done, so it is planned again once the account is enabled.
    """
    if day is None or not day.has_user_messages:
        return _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, "NO_MESSAGES"), done=day is not None)
    return _Result(claim, watch, day, Outcome(ItemStatus.SKIPPED, "ACCOUNT_DISABLED")) if day.user.disabled else None


async def _fallback_if_needed(claim: Claim, day: Day) -> NewEntry | None:
    """Return a fallback entry to store; None when the day has a better one (such as an earlier entry of the model), or the same one."""
    if day.present is not None and day.present.origin is not Origin.FALLBACK:
        return None
    entry = await asyncio.to_thread(_fallback_entry, claim, day)
    return None if day.present is not None and diaries.is_same_entry(day.present, entry) else entry


async def load_day(user_id: UUID, period: date, *, include_deleted: bool = False) -> Day | None:
    """Load a day's inputs; None for a day on which the user did not write. With `include_deleted`, also load messages from before the diary's deletion."""
    return (await _read_all([(user_id, period)], include_deleted=include_deleted))[0]


async def _read_all(keys: Sequence[DayKey], *, include_deleted: bool = False) -> list[Day | None]:
    async with database.session() as session:
        rows = await load_days(session, keys, include_deleted=include_deleted)
        return [await _day(session, key, rows[key]) if key in rows else None for key in keys]


async def _day(session: Session, key: DayKey, row: DayRow) -> Day:
    present = await diaries.find_current_entry(session, *key) if row.has_diary else None
    hand = await find_user_edits(session, *key) if present is not None else UserEdits()
    return Day(row.user, row.revision, row.messages, present, hand, row.known, row.rejected, row.refused)


async def generate_entry(period: date, day: Day, *, run_id: UUID | None, timeout: float) -> GeneratedEntry:
    """Call the model, within `timeout` seconds, and return what passes the check, with the user's edits applied. Raises `ModelError`."""
    return await _check(period, day, await _draft(_request(period, day), timeout), run_id=run_id)


async def _check(period: date, day: Day, draft: DiaryDraft, *, run_id: UUID | None) -> GeneratedEntry:
    """Return the entry made of what passes the check. Raises `DiaryUnsupported`."""
    checked = await asyncio.to_thread(check_draft, draft.lines, draft.signals, to_source_messages(day.messages), period)
    if not any(line.kind == LineKind.SUMMARY.value for line in checked.lines):
        raise DiaryUnsupported(checked.dropped, usage=draft.usage)
    return GeneratedEntry(_entry(run_id, day, draft, checked), draft.usage, checked.dropped)


async def is_unchanged(session: Session, user_id: UUID, period: date, day: Day) -> bool:
    """Return whether the day's messages and its diary are unchanged since they were loaded. Locks both until the transaction ends."""
    return _as_read(await lock_day(session, user_id, period), day)


def _as_read(held: LockedDay, day: Day) -> bool:
    return held.revision == day.revision and held.version == (day.present and day.present.version)


async def save(session: Session, user_id: UUID, period: date, day: Day, entry: NewEntry) -> bool:
    """Store the entry as the day's next version, unless it would only repeat the current one. Return whether it was stored."""
    if day.present is not None and diaries.is_same_entry(day.present, entry):
        return False
    await _save_all(session, [(user_id, period, entry)])
    return True


async def _save_all(session: Session, entries: Sequence[tuple[UUID, date, NewEntry]]) -> None:
    if entries:
        await diaries.save_entries(session, entries)
        for user_id, period in sorted(await find_edited_days(session, [(user_id, period) for user_id, period, _ in entries])):
            await update_withdrawn_quotes(session, user_id, [period])


def _request(period: date, day: Day) -> DayRequest:
    zone = day.messages[0].time_zone
    starts_at, ends_at = day_bounds(period, zone, day.user.day_ends_at)
    return DayRequest(
        day=period, time_zone=zone, starts_at=starts_at.astimezone(ZoneInfo(zone)), ends_at=ends_at.astimezone(ZoneInfo(zone)), locale=day.user.locale,
        nickname=day.user.nickname, messages=to_prompt_messages(day.messages), slots=slot_guides(), known=day.known, rejected=day.rejected,
    )


def _entry(run_id: UUID | None, day: Day, draft: DiaryDraft, checked: CheckedDraft) -> NewEntry:
    bare = _bare_entry(run_id, day, Origin.MODEL, to_stored_lines(checked.lines, day.messages))
    made = replace(bare, mood=draft.mood, signals=to_stored_signals(checked.signals, day.messages), dropped_count=sum(checked.dropped.values()),
                   model=draft.model, prompt_version=draft.prompt_version)
    return apply_user_edits(made, day.hand)


def _fallback_entry(claim: Claim, day: Day) -> NewEntry:
    """Return an entry made of the user's own sentences. Messages that a provider's content filter refused are used only if the user wrote no others."""
    own = to_source_messages(day.messages)
    rest = [source for source, message in zip(own, day.messages) if not message.filtered]
    told = rest if any(source.by_person for source in rest) else own
    checked = check_draft(fallback(told, day.user.locale).lines, (), own, claim.period, extracted=True)
    return apply_user_edits(_bare_entry(claim.run_id, day, Origin.FALLBACK, to_stored_lines(checked.lines, day.messages)), day.hand)


def _bare_entry(run_id: UUID | None, day: Day, origin: Origin, lines: Sequence[StoredLine]) -> NewEntry:
    return NewEntry(
        origin=origin, summary="", mood=None, lines=lines, signals=(),
        conversation_count=len({message.conversation_id for message in day.messages}), message_count=len(day.messages) + day.refused,
        tool_call_count=sum(message.tool_calls for message in day.messages), run_id=run_id,
    )


async def _store_all(results: Sequence[_Result]) -> list[Outcome]:
    """Store each day's entry, its item's outcome and the follow-up items in one transaction. The cost of the model calls is recorded before this."""
    async with database.transaction() as session:
        held = await lock_days(session, sorted({result.key for result in results}))
        current = [result if result.day is None or _as_read(held[result.key], result.day) else _changed(result) for result in results]
        finished = await finish_attempts(session, [AttemptEnd(result.claim, result.outcome, result.watch.elapsed) for result in current])
        kept = [result for result in current if result.claim in finished.finished]
        await _save_all(session, [(*result.key, result.entry) for result in kept if result.entry is not None])
        await diaries.mark_days_written(session, [(*result.key, result.day.revision) for result in kept if result.done and result.day is not None])
        await enqueue_items(session, [due for result in kept if result.done and result.entry is not None for due in _follow_up_items(result)],
                       weeks_after=max(result.weeks_after for result in results))
        in_vain = [result for result in current if result.answered and not (result.done and result.claim in finished.finished)]
        await record_usages(session, [wasted_call(result.claim) for result in in_vain if result.claim not in finished.already_finished])
        await release(session, [(result.claim.user_id, result.claim.attempt_id) for result in current if result.usage is None])
    return [finished.outcome(result.claim, result.outcome) for result in current]


def _changed(result: _Result) -> _Result:
    """Return the result for a day that changed during the attempt: no entry, and the item is due again at once.

    An attempt whose call was billed counts, so that a day which keeps changing is marked as FAILED once its attempts are used up.
    """
    over = result.answered and result.claim.attempt >= settings.current().item_attempts
    status = ItemStatus.FAILED if over else ItemStatus.PENDING
    outcome = replace(
        result.outcome, status=status, error_code=CHANGED, refund=not result.answered, retry_after=timedelta(0), words_digest=None, reply=NO_REPLY
    )
    return replace(result, outcome=outcome, entry=None, done=False)


def _follow_up_items(result: _Result) -> list[DueItem]:
    """Return the items that a stored diary makes due: the profile at once, and the review of its week once the week is over."""
    assert result.day is not None
    user_id, period = result.key
    return [DueItem(user_id, Job.DAILY_PROFILE, period), _week_due(result.day.user, period)]


def _spent(outcome: Outcome, usage: Usage) -> Outcome:
    called = 1 if usage.input_tokens or outcome.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED) else 0
    return replace(outcome, model_calls=called, prompt_version=PROMPT_VERSION, **amounts(usage))


def week_start(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def enqueue_week(session: Session, user: User, period: date) -> None:
    """Enqueue the review of this day's week, due once the week is over, even if it was reviewed before."""
    await enqueue_items(session, [_week_due(user, period)])


def _week_due(user: User, period: date) -> DueItem:
    return DueItem(user.id, Job.WEEKLY_PROFILE, week_start(period), day_bounds(week_start(period) + timedelta(days=6), user.time_zone, user.day_ends_at)[1])
