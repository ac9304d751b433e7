"""The types that every kind of file is read into."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from persistence.models.enums import ValuePolarity
from resolvers.errors import InputRule, InvalidInput

TEMPORARY = "temporary chat"
OTHER_BRANCH = "branch that is not the current one"
ATTACHMENT = "attachments (images, audio, files)"
UNKNOWN_FORM = "message of an unknown form"
UNKNOWN_ROLE = "unknown role"
HIDDEN = "hidden message"
TOOL_CALL = "call of a tool"
ERROR_MESSAGE = "error message"
OTHER_ACTIVITY = "activity other than a prompt"
NO_TEXT = "no text"
NO_TIME = "no usable time"


class UnreadableFile(InvalidInput):
    """Raised for a file of which nothing can be read; the message says what was expected."""

    def __init__(self, message: str) -> None:
        super().__init__("content", message, rule=InputRule.FORMAT)


class UnreadableConversation(Exception):
    """Raised by a reader for one conversation that it cannot read; the others of the file are not affected."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Record:
    """A message with an instant (aware), or only a day in the user's own zone; `key` identifies it permanently.

    `written` marks a text that the user wrote by hand, outside any chat. `time_zone` is the zone of its day, if the file names one.
    """

    key: str
    conversation: str
    by_person: bool
    content: str
    sent_at: datetime | None = None
    day: date | None = None
    title: str | None = None
    model: str | None = None
    archived: bool = False
    tags: tuple[str, ...] = ()
    written: bool = False
    time_zone: str | None = None


@dataclass
class ParsedConversation:
    """A conversation's messages in their order, and the number of skipped ones by reason."""

    records: list[Record] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Omission:
    """A conversation that was left out: its position in the file, such as `conversations.json[3]`, and the reason."""

    place: str
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A value that a memory text suggests. `is_known`: the profile had it otherwise, and does not change by it. `quote` is None once it was erased."""

    slot: str
    value: str
    value_key: str
    polarity: ValuePolarity
    quote: str | None
    noted_on: date | None
    is_known: bool = False


@dataclass
class ReadReport:
    """The report of what was left out of a file: messages by reason, and whole conversations, of which the first `MAX_OMISSIONS` are listed."""

    skipped: Counter[str] = field(default_factory=Counter)
    omissions: list[Omission] = field(default_factory=list)
    omitted: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def omit(self, place: str, reason: str) -> None:
        self.omitted += 1
        if len(self.omissions) < MAX_OMISSIONS:
            self.omissions.append(Omission(place, reason))

    def add(self, other: ReadReport) -> None:
        self.skipped += other.skipped
        self.kinds += other.kinds
        self.omitted += other.omitted
        self.omissions += other.omissions[: MAX_OMISSIONS - len(self.omissions)]


MAX_OMISSIONS = 100
