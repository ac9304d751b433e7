"""Chats of a day, as users write them, with what a diary may store of them and what not: `days` and, written after it, the other `SETS`.

A block is one day. Its lines begin with `>`, a message of the user, with `+`, a claim that a reader of the chat would store, or with `-`, one that a
careless model makes of what stands near: the claim, its quotes (divided by `&&`, each in the first message that has it) and the date, if the claim is about
another day. All is said on Saturday, 14 March 2026. Lines that begin with `#` name the kind of the days below. `statements_third` and `plain` have
statements of one message in the same form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from bench.truth.measure import DAY, Line, Quote, Signal, read_claim
from jobs.rules.claims.reasons import Answer
from jobs.rules.diary.draft_check import DraftCheck
from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.slots import SLOTS, value_key

SETS: Final = ("days", "days_second", "days_fourth", "days_fifth", "days_seventh", "plain")
HALVED_SETS: Final = ("statements_third", "days_third", "days_sixth")
"""Sets of which one half was looked at when rules were changed, and the other half first only counted."""
_SEED: Final = 86


@dataclass(frozen=True, slots=True)
class DayClaim:
    kind: str
    messages: tuple[str, ...]
    true: bool
    claim: Line | Signal


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """`stored`: whether the claim is stored as it is, with the day that it names, if it names one. `undated`: whether it is stored without that day."""

    item: DayClaim
    stored: bool
    undated: bool
    dropped: tuple[str, ...]


def load(name: str, language: str) -> Sequence[DayClaim]:
    """Return the claims of all days of one of `SETS` in a language: en or zh.

    Raises ValueError for a line that is none, and for a quote that no message has.
    """
    return tuple(read_days((Path(__file__).parent / f"{name}_{language}.txt").read_text(encoding="utf-8")))


def load_halves(name: str, language: str) -> tuple[Sequence[DayClaim], Sequence[DayClaim]]:
    """Return the claims of one of `HALVED_SETS`: of the half that was looked at first, and of the other one, split with a fixed seed. Raises as `load` does."""
    blocks = _blocks((Path(__file__).parent / f"{name}_{language}.txt").read_text(encoding="utf-8"))
    seen = set(Random(_SEED).sample(range(len(blocks)), (len(blocks) + 1) // 2))
    days = [tuple(read_days("\n\n".join(blocks[place] for place in range(len(blocks)) if (place in seen) is half))) for half in (True, False)]
    return days[0], days[1]


def _blocks(text: str) -> list[str]:
    """Return the blocks of a text, each with its kind."""
    kind, blocks = "", []
    for block in text.strip().split("\n\n"):
        if block.startswith("#"):
            kind = block.split("\n")[0]
        blocks.append(block if block.startswith("#") else f"{kind}\n{block}")
    return blocks


def read_days(text: str) -> Iterator[DayClaim]:
    """Yield the claims of the blocks of a text. Raises as `load` does."""
    kind = ""
    for block in text.strip().split("\n\n"):
        rows = block.split("\n")
        if rows[0].startswith("#"):
            kind = rows.pop(0).strip("# ")
        messages = tuple(row[2:] for row in rows if row.startswith("> "))
        for row in rows[len(messages) :]:
            sign, (claim, quotes, *day) = row[0], row[2:].split("|")
            if sign not in "+-":
                raise ValueError(f"no claim: {row}")
            cited = tuple(Quote(_place(quote, messages), quote) for quote in quotes.split("&&"))
            about = date.fromisoformat(day[0]) if day else None
            yield DayClaim(kind, messages, sign == "+", read_claim(claim, cited, about))


def _place(quote: str, messages: Sequence[str]) -> int:
    place = next((place for place, message in enumerate(messages, start=1) if quote in message), None)
    if place is None:
        raise ValueError(f"no message says: {quote}")
    return place


def check_of(item: DayClaim) -> DraftCheck:
    """Return the check of a draft that has the claim alone, for a user who switched on every slot."""
    messages = [SourceMessage(number, UUID(int=number), True, DAY, text) for number, text in enumerate(item.messages, start=1)]
    claim = item.claim
    return DraftCheck([claim] if isinstance(claim, Line) else [], [claim] if isinstance(claim, Signal) else [], messages, DAY, slots=SLOTS)


def outcome(item: DayClaim, answer: Answer | None = None) -> DayOutcome:
    """Return whether the claim would be stored, with a second reading's answer if there is one."""
    claim, check = item.claim, check_of(item)
    checked = check.finish({} if answer is None else {asked.number: answer for asked in check.undecided})
    days: list[date | None]
    if isinstance(claim, Line):
        days = [line.happens_on for line in checked.lines if line.kind == claim.kind and line.text == claim.text]
    else:
        days = [found.happens_on for found in checked.signals
            if (found.slot, found.value_key, found.polarity) == (claim.slot, value_key(claim.value), claim.polarity)]
    return DayOutcome(item, claim.happens_on in days if claim.happens_on else bool(days), bool(claim.happens_on) and None in days, tuple(checked.dropped))
