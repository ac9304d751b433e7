"""Generation of one day's diary, for the nightly job and for `diaryRewrite`: loads the day, calls the model, checks its draft and saves the entry.

The model writes a draft; rules keep what the user's own text supports, and a second reading by the model decides on the rest
(jobs/second_reading.py). Fallback entries and the checks of all but short days are computed in threads: a long day takes
seconds, and meanwhile the items of other users proceed and the deadline is kept.
"""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from jobs.converters import to_prompt_messages, to_source_messages, to_stored_lines, to_stored_signals
from jobs.delimiter_seeds import prompt_seed
from jobs.later_corrections import load_corrected_values
from jobs.memory_policy import MemoryPolicy, allowed_signals, drop_disallowed, keep_allowed, not_for_profile, policy_of
from jobs.prompt_slots import drop_closed_slots, lines_with_codes, personal_guides, signals_with_keys, slot_guides
from jobs.rules.day import day_bounds, week_start
from jobs.rules.diary.assistant_names import drop_assistant
from jobs.rules.diary.draft_check import CheckedDraft, DraftCheck, check_draft
from jobs.rules.diary.drafts import CheckedLine
from jobs.rules.diary.fallback import fallback, tells_something
from jobs.rules.diary.happens_on import MakeCalendar, same_calendar
from jobs.rules.search.dates.named_days import make_calendar
from jobs.second_reading import ReadDraft, SecondReading, check_draft_twice
from jobs.user_edits import apply_user_edits, update_withdrawn_quotes
from jobs.user_slots import Slots, load_user_slots
from llm.call_log import name_caller
from llm.diary import PROMPT_VERSION, DayRequest, DiaryDraft, write_diary
from llm.errors import ModelError
from llm.usage import Usage
from persistence import database
from persistence.database import Session
from persistence.models import User
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind, Origin
from persistence.models.enums import Learning
from persistence.models.jobs import Job
from persistence.queries import diary_writes as diaries
from persistence.queries.day_locks import LockedDay, lock_day
from persistence.queries.diary_edits import UserEdits, find_edited_days, find_user_edits
from persistence.queries.diary_writes import CurrentEntry, NewEntry, StoredLine, StoredSignal
from persistence.queries.erasure_counts import lock_erasure_counts
from persistence.queries.job_inputs import DayKey, DayRow, LearnableMessage, load_days
from persistence.queries.job_queue import DueItem, clear_text_digest, enqueue_items

SHORT_DAY: Final = 2_000
"""Maximum number of characters of a day's messages that are checked at once: it takes some milliseconds, and a thread would cost a third more."""


class DiaryUnsupported(ModelError):
    """The error of a draft that has no summary sentence left after the check."""

    code = "MODEL_UNSUPPORTED"
    summary = "no sentence of the model's draft is supported by the user's messages"

    def __init__(self, dropped: Mapping[str, int], reading: SecondReading, *, usage: Usage) -> None:
        super().__init__(usage=usage)
        self.dropped, self.reading = dropped, reading


@dataclass(frozen=True)
class GeneratedEntry:
    """A day's entry made of the checked draft of the model, and the usage of the model calls."""

    entry: NewEntry
    usage: Usage
    dropped: Mapping[str, int]
    """Number of lines, signals and quotes of the draft that failed the checks, by reason."""
    reading: SecondReading
    calls: int
    """Number of model tasks: the draft, and the second reading if it was needed."""


@dataclass(frozen=True)
class Day:
    """A day's inputs, loaded before the model is called.

    `revision` is the state of the messages when they were loaded, `current` the current entry, and `user_edits` holds the user's edits of it.
    """

    user: User
    revision: int
    messages: Sequence[LearnableMessage]
    current: CurrentEntry | None
    user_edits: UserEdits
    known: Sequence[str]
    rejected: Sequence[str]
    slots: Slots
    refused: int = 0
    """The number of further messages that the user's quota refused: they count as messages of the day, but are not used until they are answered."""
    corrected: Sequence[StoredSignal] = ()
    """Signals against the values whose supporting words of an earlier day the day's messages correct, and signals for the corrected values."""
    assistant_names: Sequence[str] = ()
    erasures: int = 0
    """The number of the user's erasures before the rest was read: the day's answers, and rejected values, may repeat what was erased since."""

    @property
    def has_user_messages(self) -> bool:
        return any(message.role is MessageRole.USER for message in self.messages)

    @cached_property
    def policy(self) -> MemoryPolicy:
        """The policy of the user when the day was loaded."""
        return policy_of(self.user)

    @property
    def lived(self) -> Sequence[LearnableMessage]:
        """The messages without those of play, which the model is not shown."""
        return [message for message in self.messages if not message.play]

    @property
    def has_words(self) -> bool:
        """Return whether the user wrote a letter or a digit outside play."""
        return any(char.isalnum() for message in self.lived if message.role is MessageRole.USER for char in message.content)


async def load_day(user_id: UUID, period: date, *, include_deleted: bool = False) -> Day | None:
    """Load a day's inputs; None for a day on which the user did not write. With `include_deleted`, also load messages from before the diary's deletion."""
    return (await load_inputs([(user_id, period)], include_deleted=include_deleted))[0]


async def load_inputs(keys: Sequence[DayKey], *, include_deleted: bool = False) -> list[Day | None]:
    """Load the inputs of many days as `load_day` does, in the order of the keys."""
    async with database.session() as session:
        rows = await load_days(session, keys, include_deleted=include_deleted)
        slots = await load_user_slots(session, [row.user for row in rows.values()])
        return [await _day(session, key, rows[key], slots[key[0]]) if key in rows else None for key in keys]


async def _day(session: Session, key: DayKey, row: DayRow, slots: Slots) -> Day:
    current = await diaries.find_current_entry(session, *key) if row.has_diary else None
    user_edits = await find_user_edits(session, *key) if current is not None else UserEdits()
    corrected = await load_corrected_values(session, key[0], [message for message in row.messages if not message.play], slots)
    known, rejected = lines_with_codes(row.known, slots), lines_with_codes(row.rejected, slots)
    return Day(row.user, row.revision, row.messages, current, user_edits, known, rejected, slots, row.refused, corrected, row.assistant_names, row.erasures)


def messages_digest(day: Day) -> bytes:
    """Return the SHA-256 digest of all messages that the entry is made of: ids, roles, text, and what may be learned from them unless everything may."""
    words = sha256()
    for message in day.messages:
        kind = f"{'PLAY ' if message.play else 'NOT PLAY ' if message.not_play else ''}{message.role.value}"
        words.update(f"{message.id} {kind} {len(message.content)} {message.content}\n".encode(errors="surrogatepass"))
        if message.learning is not Learning.ALL:
            words.update(message.learning.value.encode())
        if message.undone_exclusion is not None:
            words.update(b"EXCLUSION UNDONE")
    return words.digest()


def make_request(period: date, day: Day) -> DayRequest:
    """Return the model's request for a day that has messages."""
    zone = day.messages[0].time_zone
    starts_at, ends_at = day_bounds(period, zone, day.user.day_ends_at)
    return DayRequest(
        day=period, time_zone=zone, starts_at=starts_at.astimezone(ZoneInfo(zone)), ends_at=ends_at.astimezone(ZoneInfo(zone)), locale=day.user.locale,
        nickname=day.user.nickname, messages=to_prompt_messages(day.lived), slots=slot_guides(), known=day.known if day.policy.profile else (),
        rejected=day.rejected if day.policy.profile else (), personal_slots=personal_guides(day.slots) if day.policy.profile else (),
        assistant_names=day.assistant_names,
    )


async def write_draft(request: DayRequest, seconds: float) -> DiaryDraft:
    """Call the model for a draft, within `seconds`. Raises `ModelError`."""
    name_caller(purpose=Purpose.DIARY.value)
    return await write_diary(request, seed=prompt_seed(PROMPT_VERSION), timeout=seconds)


async def write_checked_draft(
    period: date, day: Day, request: DayRequest, seconds: float, *, check_seconds: Callable[[], float], find_block: Callable[[], ModelError | None]
) -> ReadDraft[DiaryDraft]:
    """Call the model for a draft, within `seconds`, check it by the rules, and have the model read what they cannot decide. Raises `ModelError`."""
    draft = await write_draft(request, seconds)
    is_short = sum(len(message.content) for message in day.messages) <= SHORT_DAY
    return await check_draft_twice(draft, lambda: _judge(period, day, draft), seconds=check_seconds, find_block=find_block, is_short=is_short)


async def generate_entry(period: date, day: Day, *, run_id: UUID | None, timeout: float) -> GeneratedEntry:
    """Call the model, within `timeout` seconds, and return what passes the check, with the user's edits applied. Raises `ModelError`."""
    if not day.has_words:
        return wordless_entry(day, run_id=run_id)
    ends = time.monotonic() + timeout
    read = await write_checked_draft(
        period, day, make_request(period, day), timeout, check_seconds=lambda: ends - time.monotonic(), find_block=lambda: None
    )
    return await make_entry(period, day, read, run_id=run_id)


def _judge(period: date, day: Day, draft: DiaryDraft) -> DraftCheck:
    signals = drop_assistant(signals_with_keys(draft.signals, day.slots), day.assistant_names)
    return DraftCheck(
        draft.lines, signals, to_source_messages(day.lived), period, slots=day.slots, trimmed=draft.trimmed, calendar=_calendar(period, day))


def _calendar(period: date, day: Day) -> MakeCalendar:
    return same_calendar(make_calendar(period, day.user.locale, day.user.time_zone))


async def make_entry(period: date, day: Day, read: ReadDraft[DiaryDraft], *, run_id: UUID | None) -> GeneratedEntry:
    """Return the entry made of what passes the check. Raises `DiaryUnsupported`, and the exception that ended the check.

    While claims wait for their second reading, the summary of an entry that has none yet consists of the user's own sentences.
    """
    checked = read.require_checked()
    lines = checked.lines
    if not read.draft.lines and not read.draft.signals:
        uneventful = await asyncio.to_thread(_uneventful_entry, period, day, read.draft, run_id)
        return GeneratedEntry(uneventful, read.usage, checked.dropped, read.reading, read.calls)
    if not _has_summary(lines) and read.reading.error is not None and (lines or checked.signals):
        lines = (*await asyncio.to_thread(_own_summary, period, day), *lines)
    if not _has_summary(lines):
        raise DiaryUnsupported(checked.dropped, read.reading, usage=read.usage)
    entry = _entry(run_id, day, read.draft, replace(checked, lines=lines))
    return GeneratedEntry(entry, read.usage, checked.dropped, read.reading, read.calls)


def wordless_entry(day: Day, *, run_id: UUID | None) -> GeneratedEntry:
    """Return the entry of a day on which the user wrote no word outside play, which needs no model: its counts, with lines only for what they played."""
    entry = _with_edits(_bare_entry(run_id, day, Origin.FALLBACK, ()), day)
    return GeneratedEntry(entry, Usage.none(), {}, SecondReading(), 0)


def _uneventful_entry(period: date, day: Day, draft: DiaryDraft, run_id: UUID | None) -> NewEntry:
    """Return the entry of a day for which the model wrote no lines: its counts alone.

    If the rules find something to tell all the same, it has the user's own sentences, as when the model is unavailable.
    """
    if tells_something(to_source_messages(day.lived), day.user.locale):
        fallback_entry = _fallback_entry(period, day, run_id)
        return replace(fallback_entry, signals=allowed_signals(day.corrected, day.policy, not_for_profile(day.messages)))
    bare = _bare_entry(run_id, day, Origin.MODEL, ())
    made = replace(bare, mood=draft.mood, signals=day.corrected, model=draft.model, prompt_version=draft.prompt_version)
    return _with_edits(made, day)


def _with_edits(entry: NewEntry, day: Day) -> NewEntry:
    """Return the entry without the lines and signals that may not be kept, with the user's edits applied."""
    return apply_user_edits(keep_allowed(entry, day.policy, not_for_profile(day.messages)), day.user_edits)


def _has_summary(lines: Sequence[CheckedLine]) -> bool:
    return any(line.kind == LineKind.SUMMARY.value for line in lines)


def _entry(run_id: UUID | None, day: Day, draft: DiaryDraft, checked: CheckedDraft) -> NewEntry:
    bare = _bare_entry(run_id, day, Origin.MODEL, to_stored_lines(checked.lines, day.messages))
    drafted = to_stored_signals(checked.signals, day.messages)
    known = {(signal.slot, signal.value_key, signal.polarity) for signal in drafted}
    signals = [*drafted, *(signal for signal in day.corrected if (signal.slot, signal.value_key, signal.polarity) not in known)]
    made = replace(bare, mood=draft.mood, signals=signals, dropped_count=sum(checked.dropped.values()),
                   model=draft.model, prompt_version=draft.prompt_version)
    return _with_edits(made, day)


async def make_fallback_if_needed(period: date, day: Day, *, run_id: UUID | None) -> NewEntry | None:
    """Return a fallback entry to store; None when the day has a better one (such as an earlier entry of the model), or the same one."""
    if day.current is not None and day.current.origin is not Origin.FALLBACK:
        return None
    entry = await asyncio.to_thread(_fallback_entry, period, day, run_id)
    return None if day.current is not None and diaries.is_same_entry(day.current, entry) else entry


def _fallback_entry(period: date, day: Day, run_id: UUID | None) -> NewEntry:
    """Return an entry made of the user's own sentences."""
    lines = to_stored_lines(_own_sentences(period, day), day.messages)
    return _with_edits(_bare_entry(run_id, day, Origin.FALLBACK, lines), day)


def _own_summary(period: date, day: Day) -> list[CheckedLine]:
    return [line for line in _own_sentences(period, day) if line.kind == LineKind.SUMMARY.value]


def _own_sentences(period: date, day: Day) -> Sequence[CheckedLine]:
    """Return the lines of a fallback entry. Messages that a provider's content filter refused are used only if the user wrote no others."""
    own = to_source_messages(day.lived)
    rest = [source for source, message in zip(own, day.lived) if not message.filtered]
    told = rest if any(source.by_person for source in rest) else own
    return check_draft(fallback(told, day.user.locale).lines, (), own, period, extracted=True, calendar=_calendar(period, day)).lines


def _played(day: Day) -> Sequence[CheckedLine]:
    """Return the lines that say what the user played, in their own words."""
    if not any(message.play for message in day.messages):
        return ()
    from jobs.rules.diary.played import played_lines  # a large table, and few days have play

    sources = to_source_messages(day.messages)
    own = [source for source, message in zip(sources, day.messages) if message.play]
    checked = check_draft(played_lines(own), (), own, own[0].day, extracted=True).lines
    return [replace(line, happens_on=None) for line in checked]


def _bare_entry(run_id: UUID | None, day: Day, origin: Origin, lines: Sequence[StoredLine]) -> NewEntry:
    return NewEntry(
        origin=origin, summary="", mood=None, lines=[*lines, *to_stored_lines(_played(day), day.messages)], signals=(),
        conversation_count=len({message.conversation_id for message in day.messages}), message_count=len(day.messages) + day.refused,
        tool_call_count=sum(message.tool_calls for message in day.messages), run_id=run_id,
    )


async def is_unchanged(session: Session, user_id: UUID, period: date, day: Day) -> bool:
    """Return whether the day's messages and its diary are unchanged since they were loaded, and nothing of the user was erased. Locks these until the
    transaction ends."""
    erasures = await lock_erasure_counts(session, [user_id])
    return is_as_loaded(await lock_day(session, user_id, period), day, erasures.get(user_id, 0))


def is_as_loaded(locked: LockedDay, day: Day, erasures: int) -> bool:
    """Return whether the locked day is in the state in which `day` was loaded, and nothing was erased since. `erasures` is their number now."""
    return erasures == day.erasures and locked.revision == day.revision and locked.version == (day.current and day.current.version)


async def save(
    session: Session, user_id: UUID, period: date, day: Day, entry: NewEntry, policies: Mapping[UUID, MemoryPolicy] | None = None
) -> bool:
    """Store the entry as the day's next version, unless it would only repeat the current one. Return whether it was stored."""
    if day.current is not None and diaries.is_same_entry(day.current, entry):
        return False
    await store_entries(session, [(user_id, period, entry)], policies)
    return True


async def store_entries(
    session: Session, entries: Sequence[tuple[UUID, date, NewEntry]], policies: Mapping[UUID, MemoryPolicy] | None = None
) -> None:
    """Store the entries of many days, each as its day's next version, and update the quotes that the users' edits withdraw.

    What the users' switches and topics do not allow by now is left out; `policies` are those of the users if the caller has locked them.
    """
    entries = await drop_disallowed(session, entries, policies) if entries else ()
    if entries:
        await diaries.save_entries(session, await drop_closed_slots(session, entries))
        for user_id, period in sorted(await find_edited_days(session, [(user_id, period) for user_id, period, _ in entries])):
            await update_withdrawn_quotes(session, user_id, [period])


async def enqueue_day(session: Session, user: User, period: date) -> None:
    """Enqueue the day's diary, due once the day is over, to be generated anew even if its messages are the same."""
    await enqueue_items(session, [DueItem(user.id, Job.DAILY_DIARY, period, day_bounds(period, user.time_zone, user.day_ends_at)[1])])
    await clear_text_digest(session, user.id, Job.DAILY_DIARY, period)


async def enqueue_week(session: Session, user: User, period: date) -> None:
    """Enqueue the review of this day's week, due once the week is over, even if it was reviewed before."""
    await enqueue_items(session, [week_item(user, period)])


def week_item(user: User, period: date) -> DueItem:
    """Return the review of this day's week, due once the week is over."""
    return DueItem(user.id, Job.WEEKLY_PROFILE, week_start(period), day_bounds(week_start(period) + timedelta(days=6), user.time_zone, user.day_ends_at)[1])
