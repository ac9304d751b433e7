# ruff: noqa: E501 - patterns of words read by their rows
"""Values that are opposites: those about one thing of which one denies it, by its polarity or in its own words."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jobs.rules.own_slots import PREFIX as OWN
from jobs.rules.profile.polarity import Relation, is_negated, plain_key
from jobs.rules.slots import value_key
from jobs.rules.text.normalization import is_cjk, to_single_line

_NEGATIVE: Final[tuple[tuple[Relation, str, str], ...]] = (
    (
        "DISLIKES",
        r"(?:really |just |absolutely )?(?:(?:does not|doesn't|do not|don't|didn't|not|never) (?:really |much |particularly |at all )?(?:like|likes|love|loves|enjoy|enjoys|care for|fond of|into|a fan of)"
        r"|hates?|hating|dislikes?|loathes?|detests?|despises?|can(?:'t|not| not) (?:stand|bear)|no fan of) (?:to )?(?P<rest>\S.*)",
        r"(?:非常|很|最|特别|真的)?(?:(?:从来?|一直|并|真的)?不(?:太|怎么|是很|大)?(?:喜欢|爱|喜爱)|讨厌|厌恶|受不了|嫌弃)(?:吃|喝|看|听|玩|做)?(?P<rest>\S.*)",
    ),
    (
        "IS_NOT",
        r"(?:(?:does not|doesn't|do not|don't|never|no longer|cannot|can't|will not|won't)(?: ever)? (?:eat|eats|drink|drinks|touch|touches|watch|watches|play|plays|read|reads|listen to|use|uses|have|has|smoke|smokes)"
        r"|never (?:eats|drinks|touches|watches|plays|reads)|abstains from|not eating|not drinking) (?:any )?(?P<rest>\S.*)",
        r"(?:从来?|一直|平时|再也|已经|绝对|完全)?(?:不能?|没)(?:吃|喝|碰|沾|看|听|玩|抽)(?:得了)?(?P<rest>\S.*)",
    ),
)
_POSITIVE: Final = (
    r"(?:(?:really |also |still )?(?:likes?|loves?|enjoys?|adores?|eats?|drinks?|fond of|a fan of|fan of) (?:eating |drinking |to eat |to drink |watching |playing )?)(?P<en>\S.*)"
    r"|(?:很|最|非常|特别|也|还)?(?:喜欢|热爱|喜爱|钟爱|爱)(?:吃|喝|看|听|玩)?(?P<zh>\S.*)|(?:吃|喝)(?P<object>[^的].*)"
)
_REST: Final = r"\s+(?:at all|any ?more|very much|much)$|了$"
_NO_THING: Final = r"(?:more|less|that|when|if|being|of|to)\b|[的了过得着]"
"""The beginning of what is no thing, so that "不吃了的" or "never eats more" is not split."""
_ATTITUDES: Final = ("preferences.", "decisions.meetings")
_FRAMED: Final = (*_ATTITUDES, "habits.meals")
"""Slots whose values may say in their text whether the thing is so: "hates cilantro", "不吃早饭"."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: importing this module is part of a cold start."""
    return re.compile(pattern, re.IGNORECASE)


def split_negation(slot: str, text: str) -> tuple[str, Relation | None]:
    """Return the thing that a value such as "hates cilantro" or "不吃猪肉" is about, with the relation that its text gives; else the text and None.

    In a slot of the user's own, only a dislike is split off: "never eats meat" may be a rule, as in a slot of rules.
    """
    thing, relation = _split(text) if slot.startswith((*_ATTITUDES, OWN)) else (text, None)
    return (text, None) if relation == "IS_NOT" and slot.startswith(OWN) else (thing, relation)


def topic_of(slot: str, text: str, key: str) -> tuple[str, bool]:
    """Return the key of what a value is about, and whether the value denies it.

    "pork" with the key "!pork", "doesn't eat pork" and "eats pork" are all about pork, and the first two deny it.
    """
    if not slot.startswith(_FRAMED):
        return plain_key(key), is_negated(key)
    thing, relation = _split(text)
    if relation is not None:
        return value_key(thing), not is_negated(key)
    found = _compiled(_POSITIVE).fullmatch(to_single_line(text))
    about = value_key(next(filter(None, found.groups()), "")) if found else ""
    return about or plain_key(key), is_negated(key)


def _split(text: str) -> tuple[str, Relation | None]:
    plain = to_single_line(text).replace("’", "'")
    for relation, english, chinese in _NEGATIVE:
        found = _compiled(chinese if any(map(is_cjk, plain)) else english).fullmatch(plain)
        rest = _compiled(_REST).sub("", found["rest"]).strip() if found else ""
        if value_key(rest) and not _compiled(_NO_THING).match(rest):
            return rest, relation
    return text, None
