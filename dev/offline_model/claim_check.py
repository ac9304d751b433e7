"""Answers of a second reading: a claim is said if its statements contain most of its words, and nothing in them speaks against it.

The reading is by words, as in all tasks of the offline model, and apart from the rules of the project, so that neither repeats the other's errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dev.offline_model.lexicon import either
from dev.offline_model.protocol import RequestError

MAX_PART_SAID = 0.5
"""The share of a claim's words that its statements need for SAYS."""

_JEST = either(
    r"kidding|joking|jk|lol|haha+|novel|story|game|character|role-?play|dream(?:t|ed)?|pretend(?:ing)?",
    "开玩笑|哈哈|骗你|小说|故事|游戏|角色|梦见|梦到|假装|才怪",
)
_DOUBT = either(
    r"if|would|wish|might|maybe|perhaps|wanted to|going to|plan to|used to|years ago|as a (?:kid|child)",
    "如果|要是|希望|可能|也许|打算|以前|小时候|年前|曾经",
)
_OTHERS = either(
    r"he|she|they|his|her|their|(?:my|the|our) (?:new )?(?:brother|sister|mother|mom|mum|father|dad|boss|friend|colleague|neighbou?rs?|manager)",
    "[他她]|我(?:哥|姐|弟|妹|妈|爸|朋友|同事|老板|邻居)|老板|领导",
)
_SELF = re.compile(r"\b(?:I|I'm|I've|I'll|I'd|my|me|we|our)\b|我|咱", re.IGNORECASE)
_DENIED = either(r"not|never|no longer|hardly|hate|hates|can't stand|awful|terrible", "不|没|别|讨厌|受不了")
_DENIED_CUT = re.compile(r"n't\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]", re.IGNORECASE)
_EMPTY = frozenset("a an the to of in on at for with and or my our i we is was are were be been it that this very so 的 了 着 过 我 是 在 和 很 也".split())


def answer(sections: Mapping[str, Sequence[Any]], *, agreeing: bool) -> dict[str, object]:
    """Return the answers about all claims; `agreeing` says SAYS to each. Raises RequestError for claims without statements."""
    try:
        statements = {int(item["id"]): str(item["text"]) for item in sections["statements"]}
        claims = {str(item["id"]): (item, " ".join(statements[number] for number in item["in"])) for item in sections["claims"]}
    except (KeyError, TypeError, ValueError):
        raise RequestError("a claim lacks id, in or says, or one of its statements", code="unknown_request") from None
    return {"answers": {name: "SAYS" if agreeing else _read(item, told) for name, (item, told) in claims.items()}}


def _read(claim: Mapping[str, Any], told: str) -> str:
    is_value = "slot" in claim
    text = str(claim["says"])
    if _JEST.search(told) and not _JEST.search(text):
        return "NOT_SERIOUS"
    if _OTHERS.search(told) and (is_value or not _OTHERS.search(text)) and not (is_value and _SELF.search(told) and "people" in str(claim["slot"])):
        return "ABOUT_SOMEBODY_ELSE"
    if _part_said(text, told) < MAX_PART_SAID or (_DOUBT.search(told) and not _DOUBT.search(text)) or (is_value and re.search(r"[?？]\W*$", told)):
        return "DOES_NOT_SAY"
    denied = _is_denied(told) != _is_denied(text)
    return "SAYS_THE_OPPOSITE" if denied == bool(claim.get("holds", True)) else "SAYS"


def _is_denied(text: str) -> bool:
    return bool(_DENIED.search(text) or _DENIED_CUT.search(text))


def _part_said(text: str, told: str) -> float:
    own = {_stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY}
    there = {_stem(word) for word in _WORD.findall(told.lower())}
    return len(own & there) / len(own) if own else 0.0


def _stem(word: str) -> str:
    return word if len(word) < 4 else re.sub(r"(?:ing|ed|es|s|e)$", "", word)[:5]
