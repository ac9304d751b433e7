# ruff: noqa: E501 - patterns of words read by their rows
"""Rules of particular slots beside the words that affirm a value: goals are plans, birthdays are days, own slots are named by the user."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from jobs.rules.claims.markers import NO_LONGER
from jobs.rules.claims.reading import SIMPLIFIED, Place, Sentence
from jobs.rules.claims.words import content_words, is_same_word
from jobs.rules.search.dates.named_days import find_birthday
from jobs.rules.slots import BIRTHDAY
from jobs.rules.text.normalization import fold, is_cjk

GOALS: Final = "decisions.goals"
PETS: Final = "relationships.pets"
OF_OTHERS: Final = frozenset({"relationships.people", PETS, "relationships.dates"})
"""The slots whose values are about others than the speaker."""

_WISH: Final = re.compile(r"\b(?:i'd|i would) (?:like|love) to\b|想要?|希望|盼着|梦想|目标")
_CONDITION: Final = re.compile(
    r"\b(?:if|unless|suppose|supposing|assuming|wish|imagine|maybe|perhaps|might|could|would(?! (?:like|love))|hypothetically|day-?dream\w*|in another life)\b|如果|要是|假如|假设|假使|万一|倘若|也许|说不定|没准|白日梦|做梦|想象|可能|就好了|该多好|真希望|恨不得|考虑|(?<!我)(?:希望|想让|盼)我|(?:要求|劝|催|让)我"
)
"""Words that make a wish more than a goal can be: "if I were rich I'd buy a boat"."""


def is_goal(slot: str, sentence: Sentence) -> bool:
    """Return whether the sentence tells a goal of its speaker, for which it is a plan or a wish and not a hypothesis."""
    return slot == GOALS and _CONDITION.search(sentence.text) is None


def is_wish(sentence: Sentence) -> bool:
    return _WISH.search(sentence.text) is not None


def ends_something(slot: str, value: Sentence) -> bool:
    """Return whether a goal is to end something, as "quit smoking": its words look like those of a value that holds no longer."""
    return slot == GOALS and NO_LONGER.search(value.text) is not None


_NAMES_ITSELF: Final = re.compile(r"\bname|\bcalled\b|[叫姓名]")


def is_name(slot: str, sentence: Sentence, start: int) -> bool:
    """Return whether a value of the slot of names is written as a name, unless its sentence says that it is one: "I'm Tom", not "I'm tired"."""
    first = sentence.cased[start : start + 1]
    return slot != "identity.name" or _NAMES_ITSELF.search(sentence.text) is not None or first.isupper() or is_cjk(first)


_GONE: Final = re.compile(
    r"\b(?:sold|gave away|given away|lost|threw (?:out|away)|died|dead|passed away|put to sleep|ran away|was stolen|got stolen)\b|卖了|卖掉|送人|扔了|丢了|弄丢|被偷|去世|死了|走丢|没了|过世"
)
_FORMER: Final = re.compile(
    r"\b(?:retired|former|one-?time|erstwhile|ex)[ -](?:[a-z]+ ){0,1}$|(?:退休|离休|退役|卸任)的?(?:老)?$|(?:是|当|做)(?:一名|一个|一位|个|位|名)?前$"
)
_OFFICES: Final = ("identity.occupation", "identity.position", "identity.industry")
_DENIED_BEHIND: Final = re.compile(r"[^,]{0,6}(?:不(?:会|再)?|没有?)(?:过敏|不耐受)")


def is_gone(slot: str, sentence: Sentence, start: int) -> bool:
    """Return whether the clause tells that a possession or a pet is no longer there, or calls an occupation a former one: "a retired nurse"."""
    first, last = sentence.clauses[sentence.clause_at(start)]
    if slot in _OFFICES:
        return _FORMER.search(sentence.text[first:start]) is not None
    return slot in ("identity.possessions", PETS) and _GONE.search(sentence.text, first, last) is not None


def is_denied_behind(slot: str, sentence: Sentence, end: int) -> bool:
    """Return whether the words behind an allergen deny the allergy, as in "我对花生不过敏"."""
    return slot == "identity.allergies" and _DENIED_BEHIND.match(sentence.text, end) is not None


def names_a_day(slot: str, value: str, today: date) -> bool:
    """Return whether a value of the slot of birthdays names one day; True for every other slot."""
    return slot != BIRTHDAY or find_birthday(value, today) is not None


def affirms_own(topic: str, sentence: Sentence, place: Place) -> bool:
    """Return whether a statement of the speaker of themselves ("I", "my", 我) mentions a word of an own slot's name or guide.

    Nothing is known of the slot but the user's words for it, so that a statement without any of them leaves a value undecided. What the slot is
    about may be the subject, as in "my team won", but a relative's thing is not: "my brother's bike" tells nothing of a slot for bikes.
    """
    if not any(subject.own for subject in sentence.subjects) and not _FIRST_PERSON.search(sentence.text):
        return False
    if place.subject is not None and not place.subject.own and not _names(topic, _POSSESSION.sub("", place.subject.name)):
        return False
    return _names(topic, sentence.text)


_FIRST_PERSON: Final = re.compile(r"\b(?:i|we|my|our)\b|[我咱俺]")
_POSSESSION: Final = re.compile(r"'s \w+.*$")


def _names(topic: str, text: str) -> bool:
    folded = fold(topic).text.translate(SIMPLIFIED)
    stems = {word.stem for word in content_words(folded)}
    if any(is_same_word(word.stem, stem) for word in content_words(text) for stem in stems):
        return True
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1) if is_cjk(folded[at]) and is_cjk(folded[at + 1])}
    alone = {run for run in re.findall(r"[一-龥]+", folded) if len(run) == 1}
    return any(pair in text for pair in pairs | alone)
