"""DAILY_DIARY: a person's day becomes their diary.

The model proposes, the check keeps what the person's own words support. When the model is down or wrong the day still gets an entry,
written without it and marked FALLBACK; the item stays due and a later attempt replaces that entry.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jobs.desk import Desk, Stopwatch
from jobs.reading import for_check, for_model, slot_guides
from jobs.retrying import after_failure
from jobs.rules.day import bounds
from jobs.rules.evidence import Checked, check
from jobs.rules.fallback import fallback
from jobs.storing import stored_lines, stored_signals
from llm.diary import PROMPT_VERSION, DayRequest, DiaryDraft, write_diary
from llm.errors import ModelError
from llm.usage import Usage
from persistence.database import session, transaction
from persistence.models import ActiveDay, Message, User
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind, Origin
from persistence.models.jobs import ItemStatus, Job
from persistence.queries import diary_writing as diaries
from persistence.queries.people import get_user
from persistence.queries.diary_writing import Entry, PresentEntry, StoredLine
from persistence.queries.ledger import Claim, Outcome, finish, make_due
from persistence.queries.profile_writing import list_known_values
from persistence.queries.usage import record_usage

UNSUPPORTED = "MODEL_UNSUPPORTED"
"""Of an answer whose every summary sentence failed the check."""


@dataclass(frozen=True)
class Day:
    """What the night reads before it asks the model; `revision` is the state of the messages that it saw."""

    user: User
    revision: int
    messages: Sequence[Message]
    present: PresentEntry | None
    known: Sequence[str]
    rejected: Sequence[str]

    @property
    def written(self) -> bool:
        return any(message.role is MessageRole.USER for message in self.messages)


async def perform(claim: Claim, desk: Desk) -> Outcome:
    """Write one person's day. Raises `LeaseLost`."""
    watch = Stopwatch()
    day = await _read(claim)
    if day is None or not day.written:
        return await _skip(claim, day, watch)
    try:
        desk.raise_refusal()
        draft = await write_diary(_request(claim.period, day), timeout=desk.model_seconds())
    except ModelError as error:
        desk.refusal = error if error.concerns_everyone else desk.refusal
        outcome = after_failure(claim, error.code, retry_after=error.retry_after, concerns_everyone=error.concerns_everyone)
        return await _fall_back(claim, day, outcome, error.usage, watch)
    checked = check(draft.lines, draft.signals, for_check(day.messages), claim.period)
    if not any(line.kind == LineKind.SUMMARY.value for line in checked.lines):
        return await _fall_back(claim, day, after_failure(claim, UNSUPPORTED), draft.usage, watch)
    return await _store(claim, day, _entry(claim, day, draft, checked), draft.usage, watch)


async def _read(claim: Claim) -> Day | None:
    async with session() as reading:
        user = await get_user(reading, claim.user_id)
        active = await diaries.find_active_day(reading, claim.user_id, claim.period)
        if active is None:
            return None
        messages = await diaries.list_messages_between(reading, claim.user_id, claim.period, claim.period)
        present = await diaries.find_present_entry(reading, claim.user_id, claim.period)
        known, rejected = await list_known_values(reading, claim.user_id)
    return Day(user, active.revision, messages, present, known, rejected)


def _request(period: date, day: Day) -> DayRequest:
    zone = day.messages[0].time_zone
    starts_at, ends_at = bounds(period, zone, day.user.day_ends_at)
    return DayRequest(
        day=period, time_zone=zone, starts_at=starts_at.astimezone(ZoneInfo(zone)), ends_at=ends_at.astimezone(ZoneInfo(zone)), locale=day.user.locale,
        nickname=day.user.nickname, messages=for_model(day.messages), slots=slot_guides(), known=day.known, rejected=day.rejected,
    )


def _entry(claim: Claim, day: Day, draft: DiaryDraft, checked: Checked) -> Entry:
    lines = stored_lines(checked.lines, day.messages)
    bare = _bare_entry(claim, day, Origin.MODEL, lines)
    return replace(bare, mood=draft.mood, signals=stored_signals(checked.signals, day.messages), dropped_count=sum(checked.dropped.values()),
                   model=draft.model, prompt_version=draft.prompt_version)


def _fallback_entry(claim: Claim, day: Day) -> Entry:
    own = for_check(day.messages)
    checked = check(fallback(own, day.user.locale).lines, (), own, claim.period)
    return _bare_entry(claim, day, Origin.FALLBACK, stored_lines(checked.lines, day.messages))


def _bare_entry(claim: Claim, day: Day, origin: Origin, lines: Sequence[StoredLine]) -> Entry:
    """An entry of these lines and of what the person wrote by hand, which survives every rewrite."""
    by_hand = [] if day.present is None else day.present.lines_by_hand
    sentences = [line.text for line in lines if line.kind is LineKind.SUMMARY]
    return Entry(
        origin=origin, summary=join_sentences(sentences), mood=None, lines=[*lines, *by_hand], signals=(),
        conversation_count=len({message.conversation_id for message in day.messages}), message_count=len(day.messages),
        tool_call_count=sum(message.tool_calls for message in day.messages), run_id=claim.run_id,
    )


def join_sentences(sentences: Sequence[str]) -> str:
    """One paragraph; a space follows a sentence only in scripts that use spaces."""
    return "".join(text if text[-1:] in "。！？…" or last else f"{text} " for text, last in zip(sentences, [False] * (len(sentences) - 1) + [True]))


async def _skip(claim: Claim, day: Day | None, watch: Stopwatch) -> Outcome:
    outcome = Outcome(ItemStatus.SKIPPED, "NO_MESSAGES")
    async with transaction() as writing:
        if day is not None:
            await diaries.mark_written(writing, claim.user_id, claim.period, day.revision)
        await finish(writing, claim, outcome, watch.took)
    return outcome


async def _store(claim: Claim, day: Day, entry: Entry, usage: Usage, watch: Stopwatch) -> Outcome:
    unchanged = day.present is not None and diaries.same(day.present, entry)
    outcome = _spent(Outcome(ItemStatus.SKIPPED, "UNCHANGED") if unchanged else Outcome(ItemStatus.SUCCEEDED), usage)
    async with transaction() as writing:
        await finish(writing, claim, outcome, watch.took)
        if not unchanged:
            await diaries.save_entry(writing, claim.user_id, claim.period, entry)
            await make_due(writing, claim.user_id, Job.DAILY_PROFILE, claim.period)
            await make_due(writing, claim.user_id, Job.WEEKLY_PROFILE, monday(claim.period), _week_ends_at(claim.period, day.user))
        await diaries.mark_written(writing, claim.user_id, claim.period, day.revision)
        await record_usage(writing, claim.user_id, claim.period, Purpose.DIARY, usage)
    return outcome


async def _fall_back(claim: Claim, day: Day, outcome: Outcome, usage: Usage, watch: Stopwatch) -> Outcome:
    """Give the day an entry if it has none; an entry that the model once wrote is better than a fallback and stays."""
    outcome = _spent(outcome, usage)
    async with transaction() as writing:
        await finish(writing, claim, outcome, watch.took)
        if day.present is None or day.present.origin is Origin.FALLBACK:
            entry = _fallback_entry(claim, day)
            if day.present is None or not diaries.same(day.present, entry):
                await diaries.save_entry(writing, claim.user_id, claim.period, entry)
        await record_usage(writing, claim.user_id, claim.period, Purpose.DIARY, usage, failed=True)
    return outcome


def _spent(outcome: Outcome, usage: Usage) -> Outcome:
    called = 1 if usage.input_tokens or outcome.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED) else 0
    return replace(outcome, model_calls=called, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, prompt_version=PROMPT_VERSION)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_ends_at(day: date, user: User) -> datetime:
    return bounds(monday(day) + timedelta(days=6), user.time_zone, user.day_ends_at)[1]
