"""The days of LoCoMo with the events that it labels, for `python -m bench.fallback PATH`. Its data are not part of this repository.

LoCoMo (`data/locomo10.json` of github.com/snap-research/LoCoMo) lists for each session what happened to each of the two speakers. A speaker with an
event is the user of that session, the other one the assistant. The fallback was tuned on the conversations with an even number, from 0.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.table import Table

from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.search.search_terms import content_terms, count_terms, stem

DAY = date(2026, 3, 2)
HALVES = {"tuned on": (0,), "held out": (1,), "all": (0, 1)}


@dataclass(frozen=True)
class EventDay:
    """A session of one speaker: its messages, and the content words of the events without the speaker's name."""

    half: int
    messages: Sequence[SourceMessage]
    words: frozenset[str]

    def recall(self, text: str) -> float:
        return len(count_terms(text, self.words)) / len(self.words)

    def first(self, number: int) -> str:
        return "\n".join([message.content for message in self.messages if message.by_person][:number])


def read_event_days(path: Path) -> Iterator[EventDay]:
    for place, document in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        said, names = document["conversation"], (document["conversation"]["speaker_a"], document["conversation"]["speaker_b"])
        for key, happened in document["event_summary"].items():
            turns = said.get(f"session_{key.rpartition('_')[2]}")
            for name in names if turns else ():
                if words := _words(happened, name):
                    yield EventDay(place % 2, _messages(turns, name), words)


def _words(happened: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(content_terms("\n".join(happened.get(name) or ()))) - {stem(part) for part in name.lower().split()}


def _messages(turns: Sequence[Mapping[str, str]], name: str) -> list[SourceMessage]:
    return [SourceMessage(number, UUID(int=number), turn["speaker"] == name, DAY, turn["text"]) for number, turn in enumerate(turns, start=1)]


def measure_events(path: Path, make_entry: Callable[[Sequence[SourceMessage]], str]) -> Table:
    """Return a table of the share of the events' words in the entry and in the day's first three messages, with the mean lengths of both."""
    days = [(day, make_entry(day.messages)) for day in read_event_days(path)]
    table = Table(title="Share of the events' words in the text")
    for heading in ("", *HALVES):
        table.add_column(heading, justify="right")
    parts = [[(day, entry) for day, entry in days if day.half in halves] for halves in HALVES.values()]
    table.add_row("days", *(str(len(part)) for part in parts))
    table.add_row("entry", *(f"{statistics.mean(day.recall(entry) for day, entry in part):.1%}" for part in parts))
    table.add_row("first three messages", *(f"{statistics.mean(day.recall(day.first(3)) for day, _ in part):.1%}" for part in parts))
    table.add_row("entry, characters", *(f"{statistics.mean(len(entry) for _, entry in part):.0f}" for part in parts))
    table.add_row("first three messages, characters", *(f"{statistics.mean(len(day.first(3)) for day, _ in part):.0f}" for part in parts))
    return table
