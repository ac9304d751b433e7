"""The types that every layout is parsed into."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from dev.errors import CommandError


class UnreadableFile(CommandError):
    """The error for a file of no known layout; the message says what was expected."""


@dataclass(frozen=True)
class Record:
    """One message with an instant (aware), or only a day in the user's own zone; `key` identifies it permanently."""

    key: str
    conversation: str
    by_person: bool
    content: str
    sent_at: datetime | None = None
    day: date | None = None
    title: str | None = None
    model: str | None = None


@dataclass
class ParsedFile:
    """A file's messages in the order of each conversation, and the number of skipped ones by reason."""

    records: list[Record] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def clean(text: str) -> str:
    """Return text that PostgreSQL can store: without NUL and without unpaired surrogates, which a truncated export may have."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
