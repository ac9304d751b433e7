"""Extractive summaries: the most informative sentences of a text, titles, running summaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dev.offline_model import lexicon
from dev.offline_model.sentences import capitalized, clauses, is_greeting, is_question, is_wide, sentences, without_opening

TITLE_WORDS = 6
TITLE_CHARACTERS = 12
SUMMARY_CHARACTERS = {True: 300, False: 900}
"""Maximum characters of a summary, by whether the text is Chinese."""

_DANGLING = re.compile(r"(?:[\s,;:]+(?:in|on|at|to|of|for|and|or|but|the|an?|my|with|from|by|what|that))*[\s,;:]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ranked:
    position: int
    message: int
    sentence: str
    weight: int


def rank(texts: Sequence[tuple[int, str]]) -> list[Ranked]:
    """Return all sentences of the numbered texts, the most informative first; a repeated sentence counts once."""
    found: dict[str, Ranked] = {}
    for number, text in texts:
        for sentence in map(_statement, map(without_opening, sentences(text))):
            found.setdefault(sentence, Ranked(len(found), number, sentence, weight(sentence)))
    return sorted(found.values(), key=lambda item: (-item.weight, item.position))


def weight(sentence: str) -> int:
    """Return how informative a sentence is about the user's day; below 1 it is a courtesy or a question."""
    length = len(sentence) * (3 if is_wide(sentence) else 1)
    told = (lexicon.SELF, lexicon.DONE, lexicon.DECIDED, lexicon.TIMELY, lexicon.HABITUAL)
    points = sum(2 if words is lexicon.SELF else 1 for words in told if words.search(sentence))
    points += any(feeling.words.search(sentence) for feeling in lexicon.FEELINGS)
    points += bool(re.search(r"\d|《|\"|“|(?<=[a-z,] )[A-Z][a-z]", sentence))
    points += (length >= 40) + (length >= 90) - (length < 20)
    points -= 4 * is_question(sentence) + 4 * bool(lexicon.COURTESY.search(sentence))
    return points - bool(lexicon.ADDRESSED.search(sentence))


def _statement(sentence: str) -> str:
    """Return the statement before a question: "I am tired lately, what can I do?" → "I am tired lately"."""
    if not is_question(sentence):
        return sentence
    parts = clauses(sentence)
    asking = next((index for index, part in enumerate(parts) if lexicon.ADDRESSED.search(part)), len(parts) - 1)
    end = sentence.find(parts[asking - 1]) + len(parts[asking - 1]) if asking else 0
    said = sentence[:end]
    return said if lexicon.SELF.search(said) and len(said) >= 6 else sentence


def title(question: str) -> str:
    said = [without_opening(sentence) for sentence in sentences(question) if not is_greeting(sentence)]
    spoken = sorted(said, key=lambda sentence: bool(lexicon.COURTESY.search(sentence)))
    chosen = (spoken or [question.strip()])[0].strip(" 。.！!？?，,")
    if is_wide(chosen):
        first = re.split(r"[，,；;：]", chosen)[0]
        return (first if len(first) >= 4 else chosen)[:TITLE_CHARACTERS]
    return capitalized(_DANGLING.sub("", " ".join(chosen.split()[:TITLE_WORDS])))


def summary(previous: str, turns: Sequence[tuple[str, str]]) -> str:
    """Return the former summary's sentences and the best ones of the new turns; if they are too long, the oldest are dropped."""
    said = [(number, text) for number, (speaker, text) in enumerate(turns) if speaker == "person"]
    best = sorted((item for item in rank(said)[:6]), key=lambda item: item.position)
    kept = [*sentences(previous), *(item.sentence for item in best)]
    wide = is_wide(" ".join(kept))
    while len(kept) > 1 and sum(map(len, kept)) > SUMMARY_CHARACTERS[wide]:
        kept.pop(0)
    return ("" if wide else " ").join(kept)[: SUMMARY_CHARACTERS[wide]] or "…"
