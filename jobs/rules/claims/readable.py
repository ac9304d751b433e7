# ruff: noqa: E501 - patterns of words read by their rows
"""Claims that no second reading is asked about, although no rule accepted them: what they add cannot follow from the statements in other words.

A model that says SAYS to everything could store each undecided claim. These rules bound that: they turn UNDECIDED into REJECTED where a claim has nothing in
common with its statements, has a name that they do not, or where the statements are about something else by their own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from jobs.rules.claims.affirmations import DETERMINER
from jobs.rules.claims.judgement import PLACES, Judgement, Reason, find_matches
from jobs.rules.claims.reading import Sentence
from jobs.rules.claims.slot_rules import OF_OTHERS, tells_habit
from jobs.rules.claims.words import content_words, find_stems, is_same_word, latin_words, missing_characters, missing_words, shared_part

MIN_SHARED: Final = 0.2
"""The share of a line's content words that its statements need. With less, they are about something else: a bank and a walked dog."""

DISTASTE: Final = re.compile(
    r"""\b(?:ugh|yuck|eww?|tortur\w+|creeps?|drain(?:s|ed|ing)?|nasty|revolting|repuls\w+|repell\w+|cringe\w*|gag|dreadful|horribl[ey]|terribl[ey]|miserabl[ey]|unbearabl[ey]|insufferable|pointless|overrated|chore|ordeal|agony|hell(?:ish)?|bane|curse|punishment|waste\ of\ time|turns?\ my\ stomach|makes?\ (?:me|us)\ (?:sick|ill|cringe|gag|shudder)|not\ (?:my|for)\ (?:thing|me|cup\ of\ tea)|pain\ in\ the|last\ thing\ i)\b"""
    r"|折磨|煎熬|鸡皮疙瘩|消耗|头大|累死|倒胃口|反胃|作呕|想吐|遭罪|受罪|痛苦|要命|抓狂|崩溃|浪费时间|没意思|毫无意义|避之不及|敬谢不敏|怕了",
    re.VERBOSE,
)
"""Words beside a thing that no user has for what they like. They do not turn a value, because what they are about is not certain."""
_OVER: Final = re.compile(r"\bbehind (?:me|us)\b|\b(?:a )?things? of the past\b|\blong gone\b|\bancient history\b|\bover and done\b|\bdays? (?:are|is) over\b|成了过去|都过去了|是过去的事|翻篇|告一段落")
_LONGED: Final = re.compile(r"\b(?:wish\w*|long(?:ed|ing)?|hop(?:e|ed|ing)|pray\w*|yearn\w*|tr(?:y|ied|ying)) for\b|\bdream(?:s|ed|t|ing)? (?:of|about)\b|盼着?(?:有|来)|渴望|梦想着?")
_OTHERS_VIEW: Final = re.compile(r"\b(?:thinks?|says?|said|believes?|wants?|loves?|likes?|prefers?|hates?|calls?|finds?|swears? by|insists?)\b")
_UNDONE: Final = re.compile(
    r"\b(?:appointments?|plans?|chance|offers?|invitations?|ideas?|permission|deadline|reminder|application|asked(?: \w+)?|told(?: \w+)?|invited(?: \w+)?|needs?|needed|forgot|failed|refused|try|tries|tried|trying|meant|supposed|ready|due|scheduled|appl(?:y|ied)|wait(?:s|ing)?|unable|reluctant|afraid|too \w+)"
    r"(?: \w+){0,2}? to\s(?:\w+ly\s)?$"
)
"""Words before an infinitive that is not said to be done: "an appointment on Friday to adopt a kitten"."""
_WHERE: Final = re.compile(r"\b(?:in|at|to|from|near|inside|outside|through|around|behind|with)\s(?:the|a|an|my|our|his|her|their)\s(?:(?P<first>[a-z'-]+)\s)?(?P<head>[a-z'-]+)")
_TIMES: Final = frozenset(
    "morning evening afternoon night day week weekend month year end beginning start middle same time past future moment meantime person phone way mood front hurry rush whole long short detail first last next other family bit lot new good great".split()
)
_WHERE_ZH: Final = re.compile(r"(?:在|去了?|到了?|从|往|飞|回了?|和|跟|与|同)(?P<name>[一-龥]{2})")


def find_line_fault(line: Sentence, sentences: Sequence[Sentence]) -> Reason | None:
    """Return the reason for which an undecided line cannot be a paraphrase of its statements, None if it can."""
    told = [sentence.text for sentence in sentences]
    if shared_part(line.text, told) < MIN_SHARED or _adds_place_or_company(line.text, told):
        return "WORDS"
    first = next(iter(content_words(line.text)), None)
    if first is not None and first.start == 0:
        found = [sentence.text[: word.start] for sentence in sentences for word in content_words(sentence.text) if word.stem == first.stem]
        if found and all(_UNDONE.search(before) for before in found):
            return "WORDS"
    return None


def find_value_fault(slot: str, value: Sentence, sentence: Sentence, start: int, end: int, *, is_attitude: bool, is_claimed: bool, repeated: bool = False) -> Judgement | None:
    """Return the rejection of an undecided value at `start` to `end` of its statement, None if a second reading may be asked about it.

    `is_claimed` is true for a value that is said to hold, `repeated` if statements of several days are cited.
    """
    if not is_claimed:
        return None
    clause = sentence.text[slice(*sentence.clauses[sentence.clause_at(start)])]
    if not repeated and not tells_habit(slot, value, sentence, start):
        return Judgement("REJECTED", "WORDS")
    if is_attitude and DISTASTE.search(sentence.text):
        return Judgement("REJECTED", "NEGATION")
    if _OVER.search(sentence.text):
        return Judgement("REJECTED", "PAST")
    if _LONGED.search(clause):
        return Judgement("REJECTED", "HYPOTHESIS")
    places = (span for spans in find_matches(value.text, sentence) for span in spans)
    if any(sentence.read(*span).negations % 2 == 1 for span in islice(places, PLACES)):
        return Judgement("REJECTED", "NEGATION")
    if slot not in OF_OTHERS and _is_of_others(clause, sentence, is_attitude):
        return Judgement("REJECTED", "OTHER_SUBJECT")
    return None


def find_name_fault(slot: str, value: Sentence, texts: Sequence[str]) -> Reason | None:
    """Return NAME for a value with a name that no statement has, else None: names do not follow from anything else."""
    if slot == "identity.home" and shared_part(value.text, texts) == 0:
        return "NAME"
    known = frozenset().union(*map(find_stems, texts))
    names = [word for word in latin_words(value.text) if word.start and value.cased[word.start].isupper()]
    return "NAME" if any(not any(is_same_word(word.stem, other) for other in known) for word in names) else None


def _is_of_others(clause: str, sentence: Sentence, is_attitude: bool) -> bool:
    first, last = sentence.clauses[sentence.clause_at(max(0, sentence.text.find(clause)))]
    if any(subject.own and first <= subject.start < last for subject in sentence.subjects):
        return False
    return DETERMINER.match(clause.lstrip(" ,")) is not None and (not is_attitude or _OTHERS_VIEW.search(clause) is not None)


def _adds_place_or_company(line: str, told: Sequence[str]) -> bool:
    for match in _WHERE.finditer(line):
        named = [word for word in (match["first"], match["head"]) if word]
        if not set(named) & _TIMES and all(missing_words(word, told, framed=True) for word in named):
            return True
    missing = set(missing_characters(line, told, framed=True))
    return any(set(match["name"]) <= missing for match in _WHERE_ZH.finditer(line))
