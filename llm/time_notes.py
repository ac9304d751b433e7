"""The notes of a prompt that give times: when earlier messages were said, and the dates of events.

A message's note depends on the times and texts up to it alone, so it stays the same when later messages come, and a provider's prompt cache can serve it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from llm import tokens

GAP: Final = timedelta(hours=1)
"""Time between two messages from which the later one gets a note."""
MAX_SHARE: Final = 0.029
"""Maximum share of the notes in the tokens of the messages up to them and of the constant instructions."""
MAX_EVENT_TOKENS: Final = 240
"""Tokens of all events that lie ahead."""
MAX_SHARE_OF_HOURS: Final = 0.024
"""The same for the notes of questions on the day of the note before."""
_WEEKDAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_ZH: Final = "一二三四五六日"
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


class TimedText(NamedTuple):
    """A message of the history with its tokens, its overhead included; `said_at` is the local time of a question."""

    content: str
    said_at: datetime | None
    tokens: int


def note_times(texts: Sequence[TimedText], constant_tokens: int) -> list[str]:
    """Return the messages' contents; a question begins with a note of its time if it is the first one or follows the one before after `GAP`.

    The notes take at most `MAX_SHARE` of the tokens up to them, of which the instructions are `constant_tokens`, and those within a day at most
    `MAX_SHARE_OF_HOURS`, so that the days come first. A gap whose note would take more is noted with the next question whose note fits.
    """
    noted, total, spent = list[str](), float(constant_tokens), 0.0
    before: datetime | None = None
    last: datetime | None = None
    is_due = True
    for text in texts:
        content = text.content
        total += text.tokens
        if text.said_at is not None:
            is_due = is_due or before is None or text.said_at - before >= GAP
            before = text.said_at
            if is_due:
                note = _note(text.said_at, last, content)
                cost = tokens.measure(note)
                share = MAX_SHARE if last is None or last.date() != text.said_at.date() else MAX_SHARE_OF_HOURS
                if spent + cost <= share * total:
                    content, is_due, spent, last = note + content, False, spent + cost, text.said_at
        noted.append(content)
    return noted


def _note(said_at: datetime, last: datetime | None, content: str) -> str:
    """Return the note in the language of the message, without what the last note tells: the year, and within a day the date."""
    if last is not None and last.date() == said_at.date():
        return f"[{said_at:%H:%M}]\n"
    weekday = f"周{_WEEKDAYS_ZH[said_at.weekday()]}" if _CHINESE.search(content) else _WEEKDAYS_EN[said_at.weekday()][:3]
    day = f"{said_at:%m-%d}" if last is not None and last.year == said_at.year else f"{said_at:%Y-%m-%d}"
    return f"[{day} {weekday} {said_at:%H:%M}]\n"


def to_dated_line(day: date, text: str, locale: str) -> str:
    """Return an event with its date and weekday in the language of the locale."""
    words = " ".join(text.split())
    if locale.lower().startswith("zh"):
        return f"{day.isoformat()}（星期{_WEEKDAYS_ZH[day.weekday()]}）：{words}"
    return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]}): {words}"


def select_event_lines(events: Sequence[tuple[date, str]], locale: str) -> list[str]:
    """Return lines of events, each text once a day, as many as fit."""
    return tokens.fit_to_budget(dict.fromkeys(to_dated_line(day, text, locale) for day, text in events), MAX_EVENT_TOKENS)


def select_events(events: Sequence[tuple[date, str]], locale: str) -> tuple[int, ...]:
    """Return the positions of the events whose lines fit."""
    lines = frozenset(select_event_lines(events, locale))
    return tuple(position for position, (day, text) in enumerate(events) if to_dated_line(day, text, locale) in lines)
