"""`python -m bench.fallback [PATH]`: the content-word recall of fallback entries, over every day of the sample chats.

Content-word recall is the share of the distinct content words in all of a user's messages of a day that the entry's text contains. Content words
are the terms of the search (jobs/rules/search/search_terms.py: stems and pairs of Chinese characters, without stop words), not the topics by
which the fallback chooses its sentences. The baselines are the day's first three messages, and the beginning of the day's messages up to the
length of the entry, so that a longer text is no advantage. The sample's days are short (three to six messages), so all ten days of a user are
also measured as a single busy one. Uses no database and no model.

PATH is a copy of LoCoMo's `locomo10.json` (bench/fallback_events.py): then the share of the words of its labelled events is measured.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from bench.fallback_events import measure_events
from dev.samples import SAMPLE
from jobs.rules.diary.draft_check import check_draft
from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.diary.fallback import fallback
from jobs.rules.search.search_terms import count_terms, query_terms

LANGUAGES = ("en", "zh-CN")
DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Day:
    """The user's messages of a day, and the fallback entry made from them."""

    messages: Sequence[str]
    entry: str

    @property
    def said(self) -> str:
        return "\n".join(self.messages)

    def recall(self, text: str) -> float:
        wanted = {term for term, weight in query_terms(self.said).items() if weight == 1.0}
        return len(count_terms(text, wanted)) / len(wanted) if wanted else 1.0


def days(document: Mapping[str, Mapping[str, Sequence[Any]]], locale: str) -> list[Day]:
    spoken = [_spoken(exchanges) for person in document.values() for exchanges in person.values()]
    return [Day(said, entry(said, locale)) for said in spoken if said]


def busy_days(document: Mapping[str, Mapping[str, Sequence[Any]]], locale: str) -> list[Day]:
    """Return each user's messages of ten days as a single day."""
    spoken = [[text for exchanges in person.values() for text in _spoken(exchanges)] for person in document.values()]
    return [Day(said, entry(said, locale)) for said in spoken]


def _spoken(exchanges: Sequence[Any]) -> list[str]:
    return [text for exchange in exchanges if (text := str(exchange.get("query") or "").strip())]


def entry(said: Sequence[str], locale: str) -> str:
    return stored_summary([SourceMessage(number, UUID(int=number), True, DAY, text) for number, text in enumerate(said, start=1)], locale)


def stored_summary(messages: Sequence[SourceMessage], locale: str) -> str:
    """Return the summary as the nightly job stores it: the statements that pass the check."""
    return "\n".join(line.text for line in check_draft(fallback(messages, locale).lines, (), messages, DAY, extracted=True).lines)


def measure(found: Sequence[Day]) -> dict[str, str]:
    texts = {
        "entry": [day.entry for day in found],
        "first characters, same length": [day.said[: len(day.entry)] for day in found],
        "first three messages": ["\n".join(day.messages[:3]) for day in found],
    }
    shown = {name: f"{statistics.mean(day.recall(text) for day, text in zip(found, made)):.1%}" for name, made in texts.items()}
    lengths = {f"{name}, characters": f"{statistics.mean(map(len, made)):.0f}" for name, made in texts.items() if "length" not in name}
    return {"days": str(len(found)), **shown, **lengths}


def main() -> None:
    if len(sys.argv) > 1:
        Console().print(measure_events(Path(sys.argv[1]), lambda messages: stored_summary(messages, "en")))
        return
    table = Table(title="Share of the day's content words in the text")
    columns: dict[str, dict[str, str]] = {}
    for locale in LANGUAGES:
        document = json.loads((SAMPLE / f"{locale}.json").read_text(encoding="utf-8"))
        columns |= {f"{locale}, days": measure(days(document, locale)), f"{locale}, busy days": measure(busy_days(document, locale))}
    for heading in ("", *columns):
        table.add_column(heading, justify="right")
    for what in columns["en, days"]:
        table.add_row(what, *(measured[what] for measured in columns.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
