# ruff: noqa: E501 - tables of words read by their rows
"""The reading of a memory text by extraction: each line is said in the user's own voice, as far as simple patterns go, and read as a user's sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dev.offline_model.sentences import is_wide
from dev.offline_model.traits import find_named, find_traits

MAX_VALUES = 60
_SUBJECT = re.compile(r"\b(?:the |this )?user(?:\b(?!'s))|\b(?:You|you|They|He|She)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:the |this )?user's\b|\b(?:your|their|his|her)\b", re.IGNORECASE)
_VERB = re.compile(r"\bI ((?:[a-z]+ly |also |now |still )?)([a-z']+)")
_FORMS = {"is": "am", "are": "am", "has": "have", "does": "do", "doesn't": "don't", "isn't": "am not", "goes": "go", "likes": "like", "dislikes": "dislike", "loves": "love", "lives": "live"}
_FIRST_VERB = re.compile(r"^(?:Lives|Works|Prefers|Likes|Loves|Enjoys|Has|Is|Speaks|Owns|Plays|Runs|Wants|Hates|Dislikes|Drinks|Eats|Moved|Doesn't|Allergic)\b")
_LABELS = {"name": "My name is {}", "home": "I live in {}", "location": "I live in {}", "job": "I work as a {}", "occupation": "I work as a {}", "likes": "I like {}", "dislikes": "I dislike {}",
           "interests": "My interests are {}", "hobbies": "My hobbies are {}", "birthday": "My birthday is {}", "languages": "I speak {}",
           "姓名": "我叫{}", "居住地": "我住在{}", "职业": "我的职业是{}", "爱好": "我的爱好是{}", "喜欢": "我喜欢{}", "不喜欢": "我不喜欢{}", "住址": "我住在{}"}  # fmt: skip
_LABEL = re.compile(r"^([^:：]{1,20})\s*[:：]\s*(.+)$")


def read(lines: Sequence[Any], slots: Collection[str], personal: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of all lines, those of a slot that this user alone has under its code."""
    names = {code: name for code, name in personal.items() if name}
    found: list[dict[str, Any]] = []
    for item in lines:
        sentence = in_first_person(str(item.get("text")))
        for trait in (*find_traits(sentence), *find_named(sentence, names)):
            value = {"line": item.get("line"), "slot": trait.slot, "value": trait.value, "polarity": "POSITIVE" if trait.positive else "NEGATIVE"}
            if trait.slot in slots and value not in found:
                found.append(value)
    return {"values": found[:MAX_VALUES]}


def in_first_person(text: str) -> str:
    if label := _LABEL.match(text):
        known = _LABELS.get(label[1].strip().lower())
        text = known.format(label[2]) if known else label[2]
    if is_wide(text):
        plain = re.sub(r"^我(?:还)?记得(?=你|您|用户)", "", text)
        plain = re.sub(r"(?:该|这位)?用户|使用者|[你您]", "我", plain)
        plain = plain if "我" in plain else f"我{plain}"
        return re.sub(r"[，,](?=是|会|喜欢|不喜欢|有|住在|在)", "，我", plain)
    text = re.sub(r"^I (?:remember|know) (?:that )?(?=you|the user)", "", text)
    text = _SUBJECT.sub("I", _OWNER.sub("my", text.replace("’", "'")))
    if _FIRST_VERB.match(text):
        text = f"I {text[0].lower()}{text[1:]}"
    text = _VERB.sub(lambda match: f"I {match[1]}{_base(match[2])}", text)
    text = re.sub(r"\band (works|lives|speaks|likes|loves|enjoys|has|plays|dislikes)\b", lambda match: f"and I {_base(match[1])}", text)
    return text[:1].upper() + text[1:]


def _base(verb: str) -> str:
    if verb in _FORMS:
        return _FORMS[verb]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") and len(verb) > 3 else verb
