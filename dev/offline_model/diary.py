"""A day's diary by extraction: every text is the user's own sentence, every quote a verbatim part of its message."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dev.offline_model import lexicon, summarizer
from dev.offline_model.prompt_parser import Said, day_meant
from dev.offline_model.sentences import capitalized, clauses, is_question, is_wide, sentences, without_opening
from dev.offline_model.trait import Trait
from dev.offline_model.traits import find_named, find_traits

MAX_SUMMARY_ITEMS = 5
MIN_SUMMARY_ITEMS = 3
MAX_QUOTE_LENGTH = 200
INVENTED = "the words that nobody ever wrote"

NO_NAMES: Mapping[str, str] = MappingProxyType({})

Sentence = tuple[Said, str]


def write(messages: Sequence[Said], slots: Collection[str], rejected: Collection[str], names: Mapping[str, str] = NO_NAMES) -> dict[str, Any]:
    """Return a draft of the day; `names` are those of the user's own slots, by their code."""
    own = [message for message in messages if message.by_person]
    said = [(message, sentence) for message in own for sentence in sentences(message.text)]
    lines = [
        *_summary(own),
        *_highlights(said),
        *_decisions(said),
        *_questions(said),
        *_emotions(said),
        *_activities(said),
    ]
    return {"lines": [*lines, *_insights(said)], "signals": _signals(said, slots, rejected, names), "mood": _mood(said)}


def with_invented_quotes(draft: dict[str, Any]) -> dict[str, Any]:
    """Return the draft with quotes that occur nowhere."""
    spoilt = copy.deepcopy(draft)
    for item in [*spoilt.get("lines", []), *spoilt["signals"]]:
        item["evidence"] = [{"message": quote["message"], "quote": INVENTED} for quote in item["evidence"]]
    return spoilt


def _summary(own: Sequence[Said]) -> Iterator[dict[str, Any]]:
    ranked = summarizer.rank([(index, message.text) for index, message in enumerate(own)])
    telling = [item for item in ranked if item.weight >= 3][:MAX_SUMMARY_ITEMS]
    chosen = telling if len(telling) >= MIN_SUMMARY_ITEMS else [item for item in ranked if item.weight >= 0][:MIN_SUMMARY_ITEMS]
    for item in sorted(chosen or ranked[:1], key=lambda item: item.position):
        yield _line("SUMMARY", own[item.message], item.sentence)


def _highlights(said: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    good = [
        (message, sentence)
        for message, sentence in said
        if lexicon.DONE.search(sentence) and _tells(sentence) and any(value > 0 for _, value, _ in _feelings(sentence))
    ]
    yield from (_line("HIGHLIGHT", message, without_opening(sentence)) for message, sentence in good[:2])


def _decisions(said: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    return _lines("DECISION", said, lambda sentence: bool(lexicon.DECIDED.search(sentence)) and _tells(sentence), 4)


def _questions(said: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    def open_question(sentence: str) -> bool:
        asked = is_question(sentence) or "whether" in sentence or "是否" in sentence or "know" in sentence or "不知道" in sentence
        own = lexicon.SELF.search(sentence) and not lexicon.ABOUT_YOU.search(sentence)
        return bool(asked and own and lexicon.UNSETTLED.search(sentence))

    return _lines("OPEN_QUESTION", said, open_question, 4)


def _emotions(said: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    named: set[str] = set()
    for message, sentence in said:
        for label, _, clause in _feelings(sentence):
            if label not in named and len(named) < 5:
                named.add(label)
                text = f"{label}：{clause}" if is_wide(clause) else f"{label}: {clause}"
                yield _line("EMOTION", message, text, clause)


def _activities(said: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    found = 0
    for message, sentence in said:
        if is_question(sentence) or lexicon.OTHERS.search(sentence):
            continue
        for clause in map(without_opening, clauses(sentence)):
            if lexicon.DONE.search(clause) and not lexicon.ADDRESSED.search(clause) and len(clause) > 4 and found < 8:
                found += 1
                yield _line("ACTIVITY", message, capitalized(clause), clause)


def _insights(said: Sequence[Sentence]) -> Iterator[dict[str, Any]]:
    def usual(sentence: str) -> bool:
        return bool(lexicon.HABITUAL.search(sentence)) and _tells(sentence)

    def timed(sentence: str) -> bool:
        typical = lexicon.HABITUAL.search(sentence) or lexicon.PREFERRING.search(sentence)
        return bool(lexicon.DAYTIME.search(sentence) and typical) and _tells(sentence) and not lexicon.TIMELY.match(sentence)

    def deciding(sentence: str) -> bool:
        return bool(lexicon.DECIDING.search(sentence)) and _tells(sentence)

    yield from _lines("PATTERN", said, usual, 3)
    yield from _lines("TIME_PREFERENCE", said, timed, 2)
    yield from _lines("DECISION_STYLE", said, deciding, 2)


def _lines(kind: str, said: Sequence[Sentence], fits: Callable[[str], bool], most: int) -> Iterator[dict[str, Any]]:
    fitting = [(message, without_opening(sentence)) for message, sentence in said if fits(sentence)]
    yield from (_line(kind, message, sentence) for message, sentence in fitting[:most])


def _tells(sentence: str) -> bool:
    """Return whether the sentence is a statement of the user about themselves, and not a courtesy."""
    about_self = lexicon.SELF.search(sentence) or (is_wide(sentence) and not lexicon.OTHERS.search(sentence))
    return bool(about_self) and not is_question(sentence) and not lexicon.COURTESY.search(sentence)


def _feelings(sentence: str) -> Iterator[tuple[str, int, str]]:
    """Yield label, value and clause of each feeling that the sentence states of its speaker."""
    if lexicon.COURTESY.search(sentence) or is_question(sentence):
        return
    if lexicon.OTHERS.search(sentence) and not lexicon.SELF.search(sentence):
        return
    for clause in map(without_opening, clauses(sentence)):
        for feeling in lexicon.FEELINGS:
            match = feeling.words.search(clause)
            if match and not lexicon.NEGATION.search(clause[: match.start()]):
                yield (feeling.chinese if is_wide(clause) else feeling.english), feeling.value, clause


def _mood(said: Sequence[Sentence]) -> int | None:
    values = [value for _, sentence in said for _, value, _ in _feelings(sentence)]
    if not values:
        return None
    total = sum(values)
    return max(1, min(5, 3 + (total > 0) + (total > 2) - (total < 0) - (total < -2)))


def _signals(said: Sequence[Sentence], slots: Collection[str], rejected: Collection[str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for message, sentence in said:
        for trait in (*find_traits(sentence), *find_named(sentence, names)):
            if trait.slot in slots:
                key = (trait.slot, trait.value.casefold(), trait.positive)
                signal = found.setdefault(key, signal_of(trait, message))
                _add_quote(signal, message, trait.quote)
    return [signal for signal in found.values() if signal["value"] not in rejected or signal["stated"]][:20]


def signal_of(trait: Trait, message: Said) -> dict[str, Any]:
    return {
        "slot": trait.slot,
        "value": trait.value,
        "polarity": "POSITIVE" if trait.positive else "NEGATIVE",
        "stated": trait.stated,
        "confidence": trait.confidence,
        "happens_on": None,
        "evidence": [quote_of(message, trait.quote)],
    }


def quote_of(message: Said, quote: str) -> dict[str, Any]:
    return {"message": message.number, "quote": quote[:MAX_QUOTE_LENGTH]}


def _add_quote(signal: dict[str, Any], message: Said, quote: str) -> None:
    if quote_of(message, quote) not in signal["evidence"]:
        signal["evidence"].append(quote_of(message, quote))


def _line(kind: str, message: Said, text: str, quote: str | None = None) -> dict[str, Any]:
    day = day_meant(text, message.at.date())
    return {
        "kind": kind,
        "text": re.sub(r"\s+", " ", capitalized(text))[:300],
        "happens_on": day.isoformat() if day else None,
        "evidence": [quote_of(message, quote or text)],
    }
