"""A week's review by extraction: statements that recur on several days, and known values with the same meaning."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from dev.offline_model import lexicon
from dev.offline_model.diary import quote_of, signal_of
from dev.offline_model.prompt_parser import Said
from dev.offline_model.sentences import clauses, is_question, is_wide, sentences
from dev.offline_model.trait import Trait

MIN_DAYS = 2

_FILLERS = re.compile(r"\b(?:a|an|the|to|my|some|doing|playing|going|really)\b|[\s的了]|s\b", re.IGNORECASE)


def review(messages: Sequence[Said], slots: Collection[str], known: Sequence[Any]) -> dict[str, Any]:
    own = [message for message in messages if message.by_person]
    signals = _returning(own) if "habits.exercise" in slots else []
    return {"signals": signals, "merges": _merges(known)}


def _returning(own: Sequence[Said]) -> list[dict[str, Any]]:
    signals: list[dict[str, Any]] = []
    for english, (chinese, words) in lexicon.EXERCISE.items():
        days = _first_clause_by_day(own, words)
        if len(days) < MIN_DAYS:
            continue
        quotes = list(days.values())
        wide = is_wide(quotes[0][1])
        trait = Trait("habits.exercise", chinese if wide else english, quotes[0][1], stated=False)
        signals.append({**signal_of(trait, quotes[0][0]), "evidence": [quote_of(*quote) for quote in quotes]})
    return signals


def _first_clause_by_day(own: Sequence[Said], words: re.Pattern[str]) -> dict[date, tuple[Said, str]]:
    found: dict[date, tuple[Said, str]] = {}
    for message in own:
        for sentence in sentences(message.text):
            if is_question(sentence) or not lexicon.SELF.search(sentence):
                continue
            for clause in clauses(sentence):
                if words.search(clause) and not lexicon.ADDRESSED.search(clause):
                    found.setdefault(message.at.date(), (message, clause))
    return found


def _merges(known: Sequence[Any]) -> list[dict[str, int]]:
    """Return merges of values of one slot that differ in filler words only; the shorter text is kept."""
    kept: dict[tuple[str, str], Any] = {}
    merges: list[dict[str, int]] = []
    for item in sorted(known, key=lambda item: len(str(item.get("value")))):
        plain = _FILLERS.sub("", str(item.get("value")).casefold())
        first = kept.setdefault((str(item.get("slot")), plain), item)
        if first is not item:
            merges.append({"keep": int(first["id"]), "drop": int(item["id"])})
    return merges
