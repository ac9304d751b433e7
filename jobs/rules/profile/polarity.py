"""The polarity of a value: how the user is related to its text. A negated value is kept under a key of its own, beside the value it negates."""

from __future__ import annotations

from typing import Final, Literal

from jobs.rules.claims.reasons import Relation as Relation
from jobs.rules.text.normalization import is_cjk

ValuePolarity = Literal["IS", "LIKES", "DISLIKES", "IS_NOT"]
"""IS: the value holds of the user. LIKES: the user said that they like it. DISLIKES: that they do not like it. IS_NOT: that it is not so."""
NOT: Final = "!"
"""The first character of a negated value's key. No other key has it, because keys contain no punctuation."""
NEGATING: Final[frozenset[str | None]] = frozenset({"DISLIKES", "IS_NOT"})
"""The relations that make a negated value."""
NEGATED: Final[frozenset[str]] = frozenset({"DISLIKES", "IS_NOT"})
"""The polarities of negated values."""


def key_of(key: str, *, negated: bool) -> str:
    """Return the key of a value or of its negation; `key` is that of the text."""
    return NOT + key if negated else key


def is_negated(key: str) -> bool:
    return key.startswith(NOT)


def plain_key(key: str) -> str:
    """Return the key of the text, whether the value is negated or not."""
    return key[1:] if is_negated(key) else key


_DRINKS: Final = tuple(
    "alcohol beer wine liquor spirits whisk vodka drink coffee tea milk juice soda cola lemonade cocoa water 酒 茶 咖啡 奶 可乐 饮料 果汁 汽水 水".split()
)
"""Parts of the names of drinks: they are not eaten."""
_TOLD_EN: Final = {
    "preferences.activities": "does not do",
    "preferences.media": "does not read, watch, hear or play",
    "identity.home": "does not live in",
    "identity.industry": "does not work in",
    "relationships.people": "does not have",
    "habits.": "does not",
    "identity.": "is not",
    "relationships.": "is not",
}
_TOLD_ZH: Final = {
    "preferences.activities": "不做",
    "preferences.media": "不看不听不玩",
    "identity.home": "不住在",
    "identity.industry": "不从事",
    "relationships.people": "没有",
    "habits.": "不会",
    "identity.": "不是",
    "relationships.": "不是",
}


def told_polarity(slot: str, text: str, polarity: ValuePolarity) -> str:
    """Return the words that stand before the value in the chat's prompt, in the language of the value; empty for a value that is not negated."""
    if polarity not in NEGATED:
        return ""
    chinese = any(map(is_cjk, text))
    if polarity == "DISLIKES":
        return "不喜欢" if chinese else "does not like"
    if slot == "preferences.food":
        drunk = any(word in text.casefold() for word in _DRINKS)
        return ("从不喝" if drunk else "从不吃") if chinese else ("never drinks" if drunk else "never eats")
    words = _TOLD_ZH if chinese else _TOLD_EN
    return next((said for prefix, said in words.items() if slot.startswith(prefix)), "不是" if chinese else "not")
