"""Sources of an answer: the ids of what its prompt and its tools contained about the user, each with the reasons, without any text.

The messages of the same conversation that the prompt contained are not listed one by one: they are all from `shown_from` to the question.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from persistence.ids import parse_id
from persistence.models.enums import Learning, SourceReason, SourceVerdict, ToolOutcome

if TYPE_CHECKING:
    from jobs.rules.search.excerpts import Excerpt
    from jobs.rules.search.query import Query
    from llm.prompt_composition import ShownParts

VALUE, DAY, MESSAGE, SUMMARY, ACCOUNT = "value", "day", "message", "summary", "account"
"""The kinds of sources. The reference of a value, a message or a summary is an id (a summary's is that of the last message that it covers), of a day its
date, and of the account the name of a field."""
NICKNAME, TIME_ZONE, LOCALE = "NICKNAME", "TIME_ZONE", "LOCALE"
"""The fields of the account that a prompt contains."""

STATUS_BY_VERDICT: Mapping[SourceVerdict, str] = {SourceVerdict.WRONG: "REJECTED", SourceVerdict.OUTDATED: "SUPERSEDED"}
"""The status that a verdict gives a value of the profile."""


class SourceKey(NamedTuple):
    """The kind of a source and its reference."""

    kind: str
    reference: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.reference}"


def read_key(text: str) -> SourceKey:
    """Return the key from its text, as `str` makes it."""
    kind, _, reference = text.partition(":")
    return SourceKey(kind, reference)


class FoundDay(NamedTuple):
    """The excerpt of a day, and the reason why it was found."""

    excerpt: Excerpt
    reason: SourceReason


def reason_for(query: Query, day: date) -> SourceReason:
    """Return the reason why a search found a day: the query names it or days shortly before it, or else its words."""
    return SourceReason.SEARCH if query.distance(day) is None else SourceReason.DATE


@dataclass(frozen=True)
class ToolCall:
    """A tool call of the model while it answered, without any text. `value` is the value of the profile that it changed, `verdict` the verdict by which.

    `kept_out` are the messages of which nothing is learned because of it, with what might be learned before.
    """

    tool: str
    outcome: ToolOutcome
    reason: str | None = None
    value: UUID | None = None
    verdict: UUID | None = None
    first: date | None = None
    last: date | None = None
    results: int | None = None
    undone: bool = False
    kept_out: Mapping[UUID, Learning] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return the fields that are set."""
        fields = {
            "tool": self.tool, "outcome": self.outcome.value, "reason": self.reason, "value": self.value and str(self.value),
            "verdict": self.verdict and str(self.verdict), "first": self.first and self.first.isoformat(), "last": self.last and self.last.isoformat(),
            "results": self.results, "undone": self.undone or None, "kept_out": {str(id): might.value for id, might in self.kept_out.items()} or None,
        }
        return {name: value for name, value in fields.items() if value is not None}


def _read_call(stored: Mapping[str, Any]) -> ToolCall:
    value, verdict = (UUID(stored[name]) if name in stored else None for name in ("value", "verdict"))
    first, last = (date.fromisoformat(stored[name]) if name in stored else None for name in ("first", "last"))
    kept_out = {UUID(id): Learning(might) for id, might in stored.get("kept_out", {}).items()}
    return ToolCall(
        stored["tool"], ToolOutcome(stored["outcome"]), stored.get("reason"), value, verdict, first, last, stored.get("results"), stored.get("undone", False),
        kept_out)


@dataclass
class OfferedSources:
    """The things about the user that a prompt may contain, in its order; its budgets decide how many are shown."""

    values: Sequence[UUID] = ()
    diaries: Sequence[date] = ()
    related: Mapping[date, FoundDay] = field(default_factory=dict)
    disputed: Sequence[UUID] = ()
    ahead: Sequence[date] = ()
    passed: Sequence[date] = ()
    """The days whose diaries have the coming events, and those with past ones."""
    summary_through: UUID | None = None


@dataclass
class Sources:
    """The profile values, the days of diaries, and the messages that the model was shown for an answer; `reasons` has all sources, in the order of the prompt.

    `reasons` is empty for an answer from before they were recorded. `shown_from` is the first message of the conversation that the prompt contained.
    """

    values: set[UUID] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    messages: set[UUID] = field(default_factory=set)
    reasons: dict[SourceKey, list[SourceReason]] = field(default_factory=dict)
    shown_from: UUID | None = None
    calls: list[ToolCall] = field(default_factory=list)
    """The tool calls of the model, in their order."""
    excerpts: list[Excerpt] = field(default_factory=list)
    """The texts of earlier days that the model was shown. They are never stored."""

    def add_shown(self, shown: ShownParts, offered: OfferedSources) -> None:
        """Add those of the offered sources that the prompt contains."""
        for name, is_shown in ((NICKNAME, shown.nickname), (LOCALE, True), (TIME_ZONE, True)):
            if is_shown:
                self._add(ACCOUNT, name, SourceReason.ACCOUNT)
        self.add_values(offered.values[: shown.profile], SourceReason.PROFILE)
        for day in offered.diaries[: shown.diaries]:
            self._add_day(day, SourceReason.RECENT)
        for position in shown.ahead:
            self._add_day(offered.ahead[position], SourceReason.UPCOMING)
        for position in shown.passed:
            self._add_day(offered.passed[position], SourceReason.UPCOMING)
        if shown.summary and offered.summary_through is not None:
            self._add(SUMMARY, str(offered.summary_through), SourceReason.CONVERSATION)
        for day in shown.related:
            self.add_found([offered.related[day]])
        self.add_values(offered.disputed if shown.dispute else (), SourceReason.DISPUTE)

    def add_values(self, ids: Iterable[UUID], reason: SourceReason) -> None:
        """Add profile values."""
        for id in ids:
            self.values.add(id)
            self._add(VALUE, str(id), reason)

    def add_found(self, found: Iterable[FoundDay], *reasons: SourceReason) -> None:
        """Add the days and messages of excerpts, for the reasons why they were found and `reasons`."""
        for excerpt, reason in found:
            self.excerpts.append(excerpt)
            if excerpt.diary:
                self._add_day(excerpt.day, reason, *reasons)
            for id in (parse_id(str(key)) for key in excerpt.keys):
                self.messages.add(id)
                self._add(MESSAGE, str(id), reason, *reasons)

    def _add_day(self, day: date, *reasons: SourceReason) -> None:
        self.days.add(day)
        self._add(DAY, day.isoformat(), *reasons)

    def _add(self, kind: str, reference: str, *reasons: SourceReason) -> None:
        known = self.reasons.setdefault(SourceKey(kind, reference), [])
        known += [reason for reason in reasons if reason not in known]

    def to_json(self) -> str:
        calls = {"calls": [call.to_json() for call in self.calls]} if self.calls else {}
        return json.dumps({
            "values": sorted(map(str, self.values)), "days": sorted(map(str, self.days)), "messages": sorted(map(str, self.messages)),
            "reasons": {str(key): [reason.value for reason in reasons] for key, reasons in self.reasons.items()},
            "from": self.shown_from and str(self.shown_from), **calls,
        })

    def items(self) -> Mapping[SourceKey, Sequence[SourceReason]]:
        """Return all sources with their reasons; without reasons for an answer from before they were recorded."""
        if self.reasons:
            return self.reasons
        keys = ((VALUE, map(str, self.values)), (DAY, map(str, self.days)), (MESSAGE, map(str, self.messages)))
        return {SourceKey(kind, reference): () for kind, references in keys for reference in sorted(references)}


def read_sources(stored: str | None) -> Sources | None:
    """Return stored sources; None for a message without any, such as a question or an answer from before they were recorded."""
    if stored is None:
        return None
    found = json.loads(stored)
    return Sources(
        set(map(UUID, found["values"])), set(map(date.fromisoformat, found["days"])), set(map(UUID, found["messages"])),
        {read_key(key): list(map(SourceReason, reasons)) for key, reasons in found.get("reasons", {}).items()},
        UUID(found["from"]) if found.get("from") else None, list(map(_read_call, found.get("calls", ()))),
    )
