"""The relation between the user and a value that a statement gives, once the rules have accepted it for the value."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Protocol

from jobs.rules.claims.judgement import Cited
from jobs.rules.claims.markers import DISLIKES
from jobs.rules.claims.messages import Message
from jobs.rules.claims.reading import Sentence
from jobs.rules.claims.reasons import Relation
from jobs.rules.claims.signals import ATTITUDES, find_focus

_STILL_NOT: Final = re.compile(r"\b(?:no longer|not any ?more)\b|不再|再也[不没]|没再|没有再|已经不|早就不|早已不")
"""Words for what holds no longer that also say what is so now: who no longer eats pork does not eat pork."""
_OVER: Final = re.compile(r"(?:\bnot|n't)\b[^,.;]*\bany ?more\b|[不没][^,.;]*了\W*$")
"""Words that end a fact, beside those that the markers know: "I don't live there any more", 我不当老师了."""
_HARMS: Final = re.compile(r"\b(?:allerg(?:ic|y)|intolerant|makes? me (?:sick|ill)|coeliac|celiac)\b|过敏|不耐受")
"""Words for what the user must not eat, however much they may like it."""
_TASTES: Final = ("preferences.", "habits.meals", "habits.exercise")


class Quoted(Protocol):
    """A quote of a whole statement, which begins at `start` of its message; the part from `cited_start` to `cited_end` was cited."""

    @property
    def text(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def start(self) -> int: ...
    @property
    def cited_start(self) -> int: ...
    @property
    def cited_end(self) -> int: ...


def find_relation(slot: str, value: str, sentence: Sentence, start: int, end: int, *, denied: bool) -> Relation | None:
    """Return the relation that a sentence gives to the value at its place, which it affirms or denies; None for a plain one.

    "I hate pork" and "I don't like pork": DISLIKES; "I don't eat pork": IS_NOT; "I used to eat pork": ENDED.
    """
    place = sentence.read(start, end)
    attitude = slot.startswith(ATTITUDES)
    if not denied:
        return "LIKES" if attitude and place.attitude == "LIKES" and not place.negations and DISLIKES.search(value.casefold()) is None else None
    if slot.startswith(_TASTES):
        if place.no_longer and not _STILL_NOT.search(sentence.text):
            return "ENDED"
        return "DISLIKES" if attitude and place.attitude is not None and not _HARMS.search(sentence.text) else "IS_NOT"
    return "ENDED" if place.no_longer or _OVER.search(sentence.text) else "DISLIKES" if attitude and place.attitude is not None else "IS_NOT"


def find_place(value: str, quote: Quoted, message: Message | None = None) -> tuple[Sentence, int, int]:
    """Return the sentence of a quoted statement in which the value stands, and the value's place in it. `message` is the statement, if it was read before."""
    message = message or Message(quote.text)
    start, end = max(0, quote.cited_start - quote.start), max(1, quote.cited_end - quote.start)
    sentences = message.sentences(0, len(quote.text)) or [Sentence(quote.text, 0, len(quote.text))]
    return find_focus(Sentence(value, 0, len(value)).text, sentences, Cited(message, quote.day, start, end))
