"""What every layout is read into."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from dev.errors import CommandError


class UnreadableFile(CommandError):
    """The file is none of the known layouts; the message says what was expected."""


@dataclass(frozen=True)
class Record:
    """One message. It has an instant (aware), or only a day in the person's own zone; `key` is its own for good."""

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
    """A file's messages in the order of each conversation, and how many were left out for which reason."""

    records: list[Record] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def clean(text: str) -> str:
    """Text that PostgreSQL stores: without NUL and without halves of surrogate pairs, which a cut-off export may hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
