"""Drafts that the model proposes. They are not yet checked against the user's messages: the jobs' rules do that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from llm.outputs import EvidenceOutput, LineOutput, SignalOutput


@dataclass(frozen=True, slots=True)
class SlotGuide:
    """A slot of the profile: its key, whether it holds several values, and a sentence that says what belongs there.

    `name` is the user's name of a slot of their own; name and guide are then the user's text, which stands among the data of a prompt only.
    """

    key: str
    many: bool
    guide: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote; `message` is the message's number in the request."""

    message: int
    text: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of a draft. `happens_on` is the day that a line is about, if it is not the day on which it was said."""

    kind: str
    text: str
    evidence: tuple[Quote, ...]
    happens_on: date | None = None


@dataclass(frozen=True, slots=True)
class DraftSignal:
    """A signal of a draft. `confidence` is 0–1. `happens_on` as in `DraftLine`."""

    slot: str
    value: str
    polarity: Literal["POSITIVE", "NEGATIVE"]
    confidence: float
    stated: bool
    evidence: tuple[Quote, ...]
    happens_on: date | None = None


def draft_line(output: LineOutput) -> DraftLine:
    return DraftLine(output.kind, output.text, _quotes(output.evidence), output.happens_on)


def draft_signal(output: SignalOutput) -> DraftSignal:
    return DraftSignal(
        slot=output.slot,
        value=output.value,
        polarity=output.polarity,
        confidence=output.confidence,
        stated=output.stated,
        evidence=_quotes(output.evidence),
        happens_on=output.happens_on,
    )


def merge_signals(signals: Iterable[DraftSignal]) -> tuple[DraftSignal, ...]:
    """Join equal signals, with the evidence of all, in the order of their first appearance."""
    merged: dict[tuple[str, str, str], DraftSignal] = {}
    for signal in signals:
        key = (signal.slot, signal.value.casefold(), signal.polarity)
        held = merged.get(key)
        merged[key] = signal if held is None else _joined(held, signal)
    return tuple(merged.values())


def merge_lines(lines: Iterable[DraftLine]) -> tuple[DraftLine, ...]:
    """Join lines of the same kind and text, with the evidence of all, in the order of their first appearance."""
    merged: dict[tuple[str, str], DraftLine] = {}
    for line in lines:
        held = merged.get((line.kind, line.text))
        evidence = line.evidence if held is None else _union(held.evidence, line.evidence)
        merged[line.kind, line.text] = replace(held or line, evidence=evidence, happens_on=(held and held.happens_on) or line.happens_on)
    return tuple(merged.values())


def _joined(one: DraftSignal, other: DraftSignal) -> DraftSignal:
    return replace(
        one,
        confidence=max(one.confidence, other.confidence),
        stated=one.stated or other.stated,
        evidence=_union(one.evidence, other.evidence),
        happens_on=one.happens_on or other.happens_on,
    )


def _union(one: tuple[Quote, ...], other: tuple[Quote, ...]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _quotes(evidence: Iterable[EvidenceOutput]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(Quote(item.message, item.quote) for item in evidence if item.quote))
