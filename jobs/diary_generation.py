"""Generation of one day's diary, for the nightly job and for `diaryRewrite`: loads the day, calls the model, checks its draft and saves the entry.

The model writes a draft, and `check_draft` keeps what the user's own text supports. Checks and fallback entries are computed in threads: a long day takes
seconds, and meanwhile the items of other users proceed and the deadline is kept.
"""
from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from jobs.converters import slot_guides, to_prompt_messages, to_source_messages, to_stored_lines, to_stored_signals
from jobs.delimiter_seeds import prompt_seed
from jobs.rules.day import day_bounds, week_start
from jobs.rules.diary.draft_check import CheckedDraft, check_draft
from jobs.rules.diary.fallback import fallback
from jobs.user_edits import apply_user_edits, update_withdrawn_quotes
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
from persistence.models.jobs import Job
from persistence.queries import diary_writes as diaries
from persistence.queries.diary_edits import LockedDay, UserEdits, find_edited_days, find_user_edits, lock_day
from persistence.queries.diary_writes import CurrentEntry, NewEntry, StoredLine
from persistence.queries.job_inputs import DayKey, DayRow, LearnableMessage, load_days
from persistence.queries.job_queue import DueItem, enqueue_items


class DiaryUnsupported(ModelError):
    """The error of a draft that has no summary sentence left after the check."""

    code = "MODEL_UNSUPPORTED"
    summary = "no sentence of the model's draft is supported by the user's messages"

    def __init__(self, dropped: Mapping[str, int], *, usage: Usage) -> None:
        super().__init__(usage=usage)
        self.dropped = dropped


@dataclass(frozen=True)
class GeneratedEntry:
    """A day's entry made of the checked draft of the model, and the usage of the model calls."""

    entry: NewEntry
    usage: Usage
    dropped: Mapping[str, int]
    """Number of lines, signals and quotes of the draft that failed the checks, by reason."""


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
    refused: int = 0
    """The number of further messages that the user's quota refused: they count as messages of the day, but are not used until they are answered."""

    @property
    def has_user_messages(self) -> bool:
        return any(message.role is MessageRole.USER for message in self.messages)


async def load_day(user_id: UUID, period: date, *, include_deleted: bool = False) -> Day | None:
    """Load a day's inputs; None for a day on which the user did not write. With `include_deleted`, also load messages from before the diary's deletion."""
    return (await load_inputs([(user_id, period)], include_deleted=include_deleted))[0]


async def load_inputs(keys: Sequence[DayKey], *, include_deleted: bool = False) -> list[Day | None]:
    """Load the inputs of many days as `load_day` does, in the order of the keys."""
    async with database.session() as session:
        rows = await load_days(session, keys, include_deleted=include_deleted)
        return [await _day(session, key, rows[key]) if key in rows else None for key in keys]


async def _day(session: Session, key: DayKey, row: DayRow) -> Day:
    current = await diaries.find_current_entry(session, *key) if row.has_diary else None
    user_edits = await find_user_edits(session, *key) if current is not None else UserEdits()
    return Day(row.user, row.revision, row.messages, current, user_edits, row.known, row.rejected, row.refused)


def messages_digest(day: Day) -> bytes:
    """Return the SHA-256 digest of all messages that the model would receive: ids, roles and text."""
    words = sha256()
    for message in day.messages:
        words.update(f"{message.id} {message.role.value} {len(message.content)} {message.content}\n".encode(errors="surrogatepass"))
    return words.digest()


def make_request(period: date, day: Day) -> DayRequest:
    """Return the model's request for a day that has messages."""
    zone = day.messages[0].time_zone
    starts_at, ends_at = day_bounds(period, zone, day.user.day_ends_at)
    return DayRequest(
        day=period, time_zone=zone, starts_at=starts_at.astimezone(ZoneInfo(zone)), ends_at=ends_at.astimezone(ZoneInfo(zone)), locale=day.user.locale,
        nickname=day.user.nickname, messages=to_prompt_messages(day.messages), slots=slot_guides(), known=day.known, rejected=day.rejected,
    )


async def write_draft(request: DayRequest, seconds: float) -> DiaryDraft:
    """Call the model for a draft, within `seconds`. Raises `ModelError`."""
    name_caller(purpose=Purpose.DIARY.value)
    return await write_diary(request, seed=prompt_seed(PROMPT_VERSION), timeout=seconds)


async def generate_entry(period: date, day: Day, *, run_id: UUID | None, timeout: float) -> GeneratedEntry:
    """Call the model, within `timeout` seconds, and return what passes the check, with the user's edits applied. Raises `ModelError`."""
    return await make_entry(period, day, await write_draft(make_request(period, day), timeout), run_id=run_id)


async def make_entry(period: date, day: Day, draft: DiaryDraft, *, run_id: UUID | None) -> GeneratedEntry:
    """Return the entry made of what passes the check. Raises `DiaryUnsupported`."""
    checked = await asyncio.to_thread(check_draft, draft.lines, draft.signals, to_source_messages(day.messages), period)
    if not any(line.kind == LineKind.SUMMARY.value for line in checked.lines):
        raise DiaryUnsupported(checked.dropped, usage=draft.usage)
    return GeneratedEntry(_entry(run_id, day, draft, checked), draft.usage, checked.dropped)


def _entry(run_id: UUID | None, day: Day, draft: DiaryDraft, checked: CheckedDraft) -> NewEntry:
    bare = _bare_entry(run_id, day, Origin.MODEL, to_stored_lines(checked.lines, day.messages))
    made = replace(bare, mood=draft.mood, signals=to_stored_signals(checked.signals, day.messages), dropped_count=sum(checked.dropped.values()),
                   model=draft.model, prompt_version=draft.prompt_version)
    return apply_user_edits(made, day.user_edits)


async def make_fallback_if_needed(period: date, day: Day, *, run_id: UUID | None) -> NewEntry | None:
    """Return a fallback entry to store; None when the day has a better one (such as an earlier entry of the model), or the same one."""
    if day.current is not None and day.current.origin is not Origin.FALLBACK:
        return None
    entry = await asyncio.to_thread(_fallback_entry, period, day, run_id)
    return None if day.current is not None and diaries.is_same_entry(day.current, entry) else entry


def _fallback_entry(period: date, day: Day, run_id: UUID | None) -> NewEntry:
    """Return an entry made of the user's own sentences. Messages that a provider's content filter refused are used only if the user wrote no others."""
    own = to_source_messages(day.messages)
    rest = [source for source, message in zip(own, day.messages) if not message.filtered]
    told = rest if any(source.by_person for source in rest) else own
    checked = check_draft(fallback(told, day.user.locale).lines, (), own, period, extracted=True)
    return apply_user_edits(_bare_entry(run_id, day, Origin.FALLBACK, to_stored_lines(checked.lines, day.messages)), day.user_edits)


def _bare_entry(run_id: UUID | None, day: Day, origin: Origin, lines: Sequence[StoredLine]) -> NewEntry:
    return NewEntry(
        origin=origin, summary="", mood=None, lines=lines, signals=(),
        conversation_count=len({message.conversation_id for message in day.messages}), message_count=len(day.messages) + day.refused,
        tool_call_count=sum(message.tool_calls for message in day.messages), run_id=run_id,
    )


async def is_unchanged(session: Session, user_id: UUID, period: date, day: Day) -> bool:
    """Return whether the day's messages and its diary are unchanged since they were loaded. Locks both until the transaction ends."""
    return is_as_loaded(await lock_day(session, user_id, period), day)


def is_as_loaded(locked: LockedDay, day: Day) -> bool:
    """Return whether the locked day is in the state in which `day` was loaded."""
    return locked.revision == day.revision and locked.version == (day.current and day.current.version)


async def save(session: Session, user_id: UUID, period: date, day: Day, entry: NewEntry) -> bool:
    """Store the entry as the day's next version, unless it would only repeat the current one. Return whether it was stored."""
    if day.current is not None and diaries.is_same_entry(day.current, entry):
        return False
    await store_entries(session, [(user_id, period, entry)])
    return True


async def store_entries(session: Session, entries: Sequence[tuple[UUID, date, NewEntry]]) -> None:
    """Store the entries of many days, each as its day's next version, and update the quotes that the users' edits withdraw."""
    if entries:
        await diaries.save_entries(session, entries)
        for user_id, period in sorted(await find_edited_days(session, [(user_id, period) for user_id, period, _ in entries])):
            await update_withdrawn_quotes(session, user_id, [period])


async def enqueue_week(session: Session, user: User, period: date) -> None:
    """Enqueue the review of this day's week, due once the week is over, even if it was reviewed before."""
    await enqueue_items(session, [week_item(user, period)])


def week_item(user: User, period: date) -> DueItem:
    """Return the review of this day's week, due once the week is over."""
    return DueItem(user.id, Job.WEEKLY_PROFILE, week_start(period), day_bounds(week_start(period) + timedelta(days=6), user.time_zone, user.day_ends_at)[1])
