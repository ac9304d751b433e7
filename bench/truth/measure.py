"""The outcome of each statement's claim under the rules: whether a lie would be stored, and whether a truth would be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from jobs.rules.claims.reasons import Answer
from jobs.rules.diary.draft_check import DraftCheck
from jobs.rules.diary.drafts import Polarity, SourceMessage
from jobs.rules.slots import SLOTS, value_key

DAY = date(2026, 3, 14)
_CLAIM = re.compile(r"(?P<slot>[a-z]+\.[a-z_]+)(?P<negative>!?)=(?P<value>.+)|(?P<kind>[A-Z_]+):(?P<text>.+)")


@dataclass(frozen=True, slots=True)
class Quote:
    message: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str
    evidence: tuple[Quote, ...]
    happens_on: date | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    slot: str
    value: str
    polarity: Polarity
    evidence: tuple[Quote, ...]
    confidence: float = 0.9
    stated: bool = True
    happens_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A statement with a claim about it; `kind` is the heading under which it stands."""

    kind: str
    true: bool
    claim: Line | Signal
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    item: Item
    stored: bool
    dropped: tuple[str, ...]


def items(table: str) -> Iterator[Item]:
    """Yield the items of a table. Raises ValueError for a row that is none."""
    kind = ""
    for row in table.strip().splitlines():
        if row.startswith("#"):
            kind = row.strip("# ")
            continue
        truth, claim, quotes, message = row.split("|")
        if truth not in ("lie", "true"):
            raise ValueError(f"not a statement: {row}")
        made = read_claim(claim, tuple(Quote(1, quote) for quote in quotes.split("&&")))
        yield Item(kind, truth == "true", made, message.replace("/n", "\n"))


def read_claim(claim: str, cited: tuple[Quote, ...], happens_on: date | None = None) -> Line | Signal:
    """Return the claim of a row, "slot=value" or "KIND:text". Raises ValueError if it is none."""
    match = _CLAIM.fullmatch(claim)
    if match is None or (match["slot"] and match["slot"] not in SLOTS):
        raise ValueError(f"not a claim: {claim}")
    if match["slot"]:
        return Signal(match["slot"], match["value"], "NEGATIVE" if match["negative"] else "POSITIVE", cited, happens_on=happens_on)
    return Line(match["kind"], match["text"], cited, happens_on)


def check_of(item: Item) -> DraftCheck:
    """Return the check of a draft that has the item's claim alone."""
    message = SourceMessage(1, UUID(int=1), True, DAY, item.message)
    claim = item.claim
    return DraftCheck([claim] if isinstance(claim, Line) else [], [claim] if isinstance(claim, Signal) else [], [message], DAY)


def outcome(item: Item, answer: Answer | None = None) -> Outcome:
    """Return whether the claim would be stored as it is, with a second reading's answer about it if there is one. A claim that was corrected is not."""
    claim, check = item.claim, check_of(item)
    checked = check.finish({} if answer is None else {asked.number: answer for asked in check.undecided})
    if isinstance(claim, Line):
        stored = any(line.kind == claim.kind and line.text == claim.text for line in checked.lines)
    else:
        stored = any((found.slot, found.value_key, found.polarity) == (claim.slot, value_key(claim.value), claim.polarity) for found in checked.signals)
    return Outcome(item, stored, tuple(checked.dropped))
