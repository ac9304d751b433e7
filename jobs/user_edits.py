"""The user's edits of a diary: every rewrite keeps them, and text that the user hid or corrected is withdrawn as evidence of the profile."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from jobs.rules.diary.withdrawal import EvidenceLine, Passage, is_withdrawn
from jobs.rules.text.normalization import fold
from jobs.rules.text.sentences import keywords
from persistence.database import Session
from persistence.models.diary import LineKind, Polarity
from persistence.queries import diary_edits as editing
from persistence.queries.diary_edits import DeletedSpan, QuoteRow, UserEdits
from persistence.queries.diary_writes import NewEntry, StoredLine, StoredQuote, StoredSignal, save_signals
from persistence.queries.erasure import ErasedData, erase_quotes
from persistence.queries.profile_writes import delete_week
from persistence.queries.value_erasure import ValueName


def apply_user_edits(entry: NewEntry, edits: UserEdits) -> NewEntry:
    """Apply the user's edits to a new entry: replace reworded lines, hide hidden ones and drop deleted ones.

    Lines that the user wrote or hid and that match no line of the entry come last, so that none is lost. Two lines match when they are of one kind and
    have the same text, or are supported by exactly the same passages. A repeated rewrite gives the same order.
    """
    waiting, lines = list(edits.lines), list[StoredLine]()
    for line in entry.lines:
        if _is_deleted(line, edits.deleted):
            continue
        own = next((kept for kept in edits.lines if is_same_line(kept, line)), None)
        if own is None:
            lines.append(line)
        elif not own.by_person:
            lines.append(replace(line, hidden=True))
        elif own in waiting:
            lines.append(replace(own, replaced_text=line.text, evidence=line.evidence, happens_on=line.happens_on))
        if own in waiting:
            waiting.remove(own)
    kept = replace(
        entry, mood=edits.mood if edits.mood_by_person else entry.mood, mood_by_person=edits.mood_by_person,
        summary=edits.summary or "", summary_by_person=edits.summary is not None, signals=_without_deleted(entry.signals, [*lines, *waiting], edits.deleted),
    )
    return with_lines(kept, [*lines, *waiting])


def with_lines(entry: NewEntry, lines: Sequence[StoredLine]) -> NewEntry:
    """Return the entry with other lines. Unless the user wrote the whole summary, it is joined from the visible summary sentences."""
    sentences = [line.text for line in lines if line.kind is LineKind.SUMMARY and not line.hidden]
    return replace(entry, lines=lines, summary=entry.summary if entry.summary_by_person else join_sentences(sentences))


def quote_spans(lines: Sequence[StoredLine]) -> list[DeletedSpan]:
    """Return the spans of the messages that support the lines."""
    return [DeletedSpan(line.kind, item.message_id, *item.cited) for line in lines for item in line.evidence]


def join_sentences(sentences: Sequence[str]) -> str:
    """Join sentences into one paragraph, with a space after a sentence only in scripts that use spaces."""
    return "".join(text if text[-1:] in "。！？…" or last else f"{text} " for text, last in zip(sentences, [False] * (len(sentences) - 1) + [True]))


def mentions_removed_text(text: str, gone: Sequence[str], left: Sequence[str]) -> bool:
    """Return whether the text mentions a topic of the removed text that the remaining text does not mention."""
    told = keywords(text)
    return bool(told & frozenset().union(*map(keywords, gone)) - frozenset().union(*map(keywords, left)))


@dataclass(frozen=True)
class Withdrawal:
    """The result of updating withdrawn quotes.

    `quotes` is the number of quotes that were withdrawn or restored, `signals` the number of signals that were removed or have no quote left that counts.
    """

    quotes: int = 0
    signals: int = 0
    names: frozenset[ValueName] = frozenset()
    """The values for which a signal lost a quote permanently."""


async def update_withdrawn_quotes(session: Session, user_id: UUID, days: Sequence[date]) -> Withdrawal:
    """Withdraw the quotes of these days that no longer count, and restore those that count again: jobs/rules/diary/withdrawal.py decides which.

    Quotes that only deleted lines support are removed, and so are the signals that are left without a quote.

    Runs inside the caller's transaction, after all writes of lines or signals of these days.
    """
    if not days or not await editing.has_user_edits(session, user_id, days):
        return Withdrawal()
    lines, deleted = await editing.list_lines_and_deletions(session, user_id, days)
    quotes = await editing.list_quotes(session, user_id, days)
    removed = ErasedData()
    for day in deleted:
        doomed = quotes_of_deleted_lines(deleted[day], lines[day], [quote for quote in quotes if quote.day == day])
        gone = await erase_quotes(session, user_id, day, doomed)
        removed = ErasedData(signals=removed.signals + gone.signals, names=removed.names | gone.names)
    quotes = await editing.list_quotes(session, user_id, days)
    going = {day: _taken_back(deleted.get(day, ()), lines.get(day, ()), [quote for quote in quotes if quote.day == day]) for day in days}
    for withdrawn in (True, False):
        changed = [quote for quote in quotes if quote.withdrawn is not withdrawn and (quote in going[quote.day]) is withdrawn]
        await editing.mark_quotes(session, user_id, changed, withdrawn=withdrawn)
    before = {quote.signal_id for quote in quotes if not quote.withdrawn}
    after = {quote.signal_id for quote in quotes if quote not in going[quote.day]}
    changed_quotes = sum((quote in going[quote.day]) is not quote.withdrawn for quote in quotes)
    return Withdrawal(changed_quotes, len(before - after) + removed.signals, removed.names)


def quotes_of_deleted_lines(spans: Sequence[DeletedSpan], lines: Sequence[StoredLine], quotes: Sequence[QuoteRow]) -> list[tuple[UUID, int]]:
    """Return the quotes that overlap the spans of deleted lines and that no other line supports, as pairs of signal id and position."""
    gone = [_deleted_passage(span) for span in spans]
    touched = [quote for quote in quotes if any(_passage(quote).overlaps(passage) for passage in gone)]
    return [(quote.signal_id, quote.position) for quote in _taken_back(spans, lines, touched)]


def _taken_back(deleted: Sequence[DeletedSpan], lines: Sequence[StoredLine], quotes: Sequence[QuoteRow]) -> frozenset[QuoteRow]:
    grounds, gone = [_ground(line) for line in lines], [_deleted_passage(span) for span in deleted]
    return frozenset(quote for quote in quotes if is_withdrawn(quote.value, _passage(quote), grounds, gone))


async def save_week_signals(session: Session, user_id: UUID, week: date, signals: Sequence[StoredSignal]) -> None:
    """Replace the week's signals with those of the new review, and update the withdrawn quotes of its days.

    Signals that only deleted lines support are left out, and so are signals inferred from a single day, which the day's own diary covers. An identical
    review changes no row.
    """
    days = [week + timedelta(days=number) for number in range(7)]
    if await editing.has_user_edits(session, user_id, days):
        lines, deleted = await editing.list_lines_and_deletions(session, user_id, days)
        signals = _without_deleted(signals, sum(lines.values(), []), sum(deleted.values(), []))
    signals = [signal for signal in signals if not _is_of_one_day(signal)]
    current = await editing.list_week_signals(session, user_id, week)
    if [_counted(signal) for signal in current] != [_counted(signal) for signal in signals]:
        await delete_week(session, user_id, week)
        await save_signals(session, user_id, signals, week=week)
    await update_withdrawn_quotes(session, user_id, days)


def _is_of_one_day(signal: StoredSignal) -> bool:
    """Return whether the signal is a pattern from a single day. A pattern must recur; a statement of the user or evidence against a value need not."""
    return not signal.stated and signal.polarity is Polarity.POSITIVE and len({item.day for item in signal.evidence}) < 2


def _counted(signal: StoredSignal) -> StoredSignal:
    return replace(signal, evidence=tuple(replace(item, withdrawn=False) for item in signal.evidence))


def _without_deleted(signals: Sequence[StoredSignal], lines: Sequence[StoredLine], deleted: Sequence[DeletedSpan]) -> list[StoredSignal]:
    """Return the signals without the quotes that only deleted lines support, and without the signals that have no other quote."""
    grounds, gone = [_ground(line) for line in lines], [_deleted_passage(span) for span in deleted]

    def stays(signal: StoredSignal, item: StoredQuote) -> bool:
        passage = _passage(item)
        return not (any(passage.overlaps(deletion) for deletion in gone) and is_withdrawn(signal.value, passage, grounds, gone))

    kept = [replace(signal, evidence=tuple(item for item in signal.evidence if stays(signal, item))) for signal in signals]
    return [signal for signal in kept if signal.evidence]


def _is_deleted(line: StoredLine, deleted: Sequence[DeletedSpan]) -> bool:
    """Return whether each of the line's quotes overlaps a span of a deleted line of its kind; the model may cut a quote differently. False without quotes."""
    passages = [_passage(item) for item in line.evidence]
    gone = [_deleted_passage(span) for span in deleted if span.kind is line.kind]
    return bool(passages) and all(any(passage.overlaps(other) for other in gone) for passage in passages)


def is_same_line(own: StoredLine, line: StoredLine) -> bool:
    """Return whether a line kept from an earlier version is of the same kind and has the same text or exactly the same passages.

    The text of a line that the user reworded is the model's text that it replaced.
    """
    if own.kind is not line.kind:
        return False
    words = own.replaced_text if own.by_person and own.replaced_text is not None else own.text
    return fold(words).text == fold(line.text).text or (bool(own.evidence) and _passages(own) == _passages(line))


def _ground(line: StoredLine) -> EvidenceLine:
    return EvidenceLine(line.text, tuple(_passage(item) for item in line.evidence), line.hidden, line.replaced_text)


def _passages(line: StoredLine) -> frozenset[Passage]:
    return frozenset(_passage(item) for item in line.evidence)


def _deleted_passage(span: DeletedSpan) -> Passage:
    return Passage(span.message_id, span.start, span.stop)


def _passage(item: StoredQuote | QuoteRow) -> Passage:
    return Passage(item.message_id, *item.cited)
