# ruff: noqa: E501 - patterns of words read by their rows
"""Sentences about the user in the words of an assistant, turned into the user's own: "The user lives in Oslo", "You live in Oslo", 用户住在奥斯陆.

The rules of claims read what a user says of themselves. A memory text says the same of "the user" or "you", or without a subject, so that it is
turned before it is read. Only the reading sees the turned sentence; what is stored and shown is the sentence as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from jobs.rules.claims.markers import KIN_ZH, RELATIONS
from jobs.rules.text.normalization import has_cjk

_PREFIX: Final = re.compile(
    r"^(?:(?:i|we)(?:'ve| have)? (?:also )?(?:remember(?:ed)?|know|recall|noted?|saved|stored|learned|understand)(?: that)?,? (?=(?:the user|user|you|your|they)\b)"
    r"|(?:the |this )?(?:user|you)(?:'ve| have| has)? (?:also )?(?:mentioned|said|told me|stated|shared|noted|indicated|reported|says|states|mentions)(?: that)?,? (?=(?:the user|user|you|your|they|their|he|his|she|her)\b))",
    re.IGNORECASE,
)
_PREFIX_ZH: Final = re.compile(r"^我(?:还|也)?(?:记得|知道|了解到?|记录了?|保存了?)[:,]?(?=用户|使用者|你|您)")
_SAYING_ZH: Final = re.compile(r"^(?:该|这位)?(?:用户|使用者|你|您)(?:曾经?|还|也)?(?:提到|说|表示|告诉我)过?[:,]?(?:自己|他|她|你|用户)")
_USER: Final = r"(?:the |this )?user"
_ADVERBS: Final = r"(?:(?:also|currently|now|still|always|never|often|usually|sometimes|really|mostly|generally|recently|both|only|[a-z]{3,}ly) ){0,2}"
_THIRD: Final[dict[str, str]] = {
    "is": "am", "are": "am", "has": "have", "does": "do", "goes": "go", "isn't": "am not", "aren't": "am not", "hasn't": "haven't", "doesn't": "don't", "were": "was",
    "uses": "use", "dislikes": "dislike", "bikes": "bike", "hikes": "hike", "bakes": "bake", "makes": "make", "takes": "take", "likes": "like",
}  # fmt: skip
_UNINFLECTED: Final = frozenset("can will would may might could should was had did used always has as plus this its us less".split())
_INITIAL: Final = frozenset(
    """lives works prefers likes loves enjoys has is speaks uses owns plays runs wants hates dislikes drinks eats studies learns plans teaches writes reads practices
    practises avoids follows goes takes keeps needs values identifies grew moved doesn't isn't aims hopes hikes swims cooks bakes cycles drives collects wakes sleeps""".split()
)
"""Verbs with which a sentence without a subject begins."""
_LABEL: Final = re.compile(r"^(?P<key>[^\W\d][\w '/&-]{0,40}?)\s*(?:[:：]|\s[-–—])\s+(?P<text>.+)$", re.DOTALL)
_LABEL_ZH: Final = re.compile(r"^(?P<key>[一-龥/、]{1,8})\s*[:：]\s*(?P<text>.+)$", re.DOTALL)
_SENTENCES: Final[dict[str, str]] = {
    **dict.fromkeys(("location", "current location", "residence", "lives in", "city", "current city", "address", "country"), "I live in {}"),
    **dict.fromkeys(("occupation", "profession", "current occupation", "role", "current role", "position", "work"), "I am a {}"),
    **dict.fromkeys(("languages", "language", "spoken languages", "languages spoken"), "I speak {}"),
    **dict.fromkeys(("date of birth", "born", "birth date", "birthdate"), "My birthday is {}"),
    **dict.fromkeys(("relationship status", "marital status", "status"), "I am {}"), "full name": "My name is {}", "nickname": "Call me {}",
    **dict.fromkeys(("姓名", "名字", "全名"), "我叫{}"), **dict.fromkeys(("语言", "会说", "掌握语言"), "我会说{}"), **dict.fromkeys(("住址", "地点", "位置", "城市", "居住城市"), "我住在{}"),
    **dict.fromkeys(("专业", "所学专业"), "我是{}专业的学生"), **dict.fromkeys(("出生日期", "生日"), "我的生日是{}"), **dict.fromkeys(("职位", "工作", "身份"), "我是{}"),
}  # fmt: skip
"""The sentences that labels stand for, where the label is not the word that the rules of claims know."""
_VERBS_ZH: Final = ("不喜欢", "喜欢", "讨厌", "热爱", "爱吃", "不吃", "住在", "会说", "从事")
_CONFUSED: Final = re.compile(r"\b(?:i|i'm|i've|i'll|my|me)\b.*\byou\b|\byou\b.*\b(?:i|i'm|i've|i'll|my|me)\b|我.*[你您]|[你您].*我", re.IGNORECASE)


def to_first_person(text: str, names: Collection[str] = (), *, continues: bool = False) -> str:
    """Return the sentence as the user would say it. A sentence that says "I" already, or a subject that is not the user, stays as it is.

    `names` are the user's. `continues`: the sentence follows one about the user in the same paragraph, so that "she" at its beginning is the user.
    """
    text = " ".join(text.replace("’", "'").split())
    if not has_cjk(text):
        return _english(text, names, continues)
    return _chinese(text.replace("，", ",").replace("：", ": "), names, continues)


_NAMED: Final = re.compile(r"^My (?:full |first )?name is (?P<latin>[A-Z][\w'-]*(?: [A-Z][\w'-]*){0,3})|^我(?:的(?:姓名|名字)(?:是|叫)|叫)(?P<han>[一-龥]{2,4}|[A-Z][a-z]+)(?=[,。;]|$)")


def find_names(turned: str) -> tuple[str, ...]:
    """Return the names that a turned sentence gives to the user: the whole name, and the first name alone."""
    match = _NAMED.match(turned)
    if match is None:
        return ()
    name = match["latin"] or match["han"]
    return tuple(dict.fromkeys((name, name.split()[0])))


def is_about_user(text: str, turned: str) -> bool:
    """Return whether the turned sentence begins with the user as its subject, so that a pronoun at the beginning of the next one is the user."""
    return turned != text and re.match(r"i\b|i'|我(?!的)", turned, re.IGNORECASE) is not None


def _english(text: str, names: Collection[str], continues: bool) -> str:
    text = _PREFIX.sub("", text)
    if (label := _LABEL.match(text)) and (label[0][len(label["key"]) :].lstrip()[0] in ":：" or label["key"].lower() in _SENTENCES):
        return _labelled(label["key"].strip(), label["text"], names)
    if _CONFUSED.search(text):
        return text
    own = "|".join([_USER, "you", *map(re.escape, _longest_first(names))])
    starts = re.match(rf"\W*(?:{own})(?!'s)\b", text, re.IGNORECASE) is not None
    if (starts or continues) and not re.search(rf"\b(?:{RELATIONS})\b", text, re.IGNORECASE):
        own += "|they" + ("|he|she" if continues or re.match(rf"\W*(?:{_USER})\b", text, re.IGNORECASE) else "")
        text = re.sub(r"\b(?:their|his|her)\b(?! [.,;]|[.,;]|$)", "my", text)
    elif continues:
        text = re.sub(r"^(?:they|he|she)\b", "I", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:{own})'s (?!(?:been|got|a|an|the|not|now|currently|[a-z]+ing)\b)", "my ", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:{own})'s\b", "I is", text, flags=re.IGNORECASE)
    text = re.sub(r"\byour\b", "my", text, flags=re.IGNORECASE)
    text = re.sub(r"\byours\b", "mine", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:you|they)'(re|ve|ll|d)\b", lambda match: {"re": "I am", "ve": "I have", "ll": "I will", "d": "I'd"}[match[1].lower()], text, flags=re.IGNORECASE)
    text = re.sub(r"\b(to|for|with|from|at|of|by|about|gives?|helps?|makes?) you\b", r"\1 me", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:{own})\b", "I", text, flags=re.IGNORECASE)
    first = re.match(r"[A-Za-z']+", text)
    if first and first[0].lower() in _INITIAL:
        text = f"I {text[0].lower()}{text[1:]}"
    text = re.sub(rf"\bI {_ADVERBS}(?P<verb>[a-z']+)\b", _base, text)
    text = re.sub(r"\bI ((?:currently |now )?)(?:study|major in) (?!for\b|at\b|in\b|with\b|hard\b)", r"I \1am a student of ", text)
    return text[:1].upper() + text[1:]


def _base(match: re.Match[str]) -> str:
    """Return a subject and its verb with the form that the verb has after "I"."""
    verb = match["verb"]
    return f"{match[0][: len(match[0]) - len(verb)]}{_first_form(verb)}"


def _first_form(verb: str) -> str:
    if verb in _THIRD:
        return _THIRD[verb]
    if not verb.endswith("s") or verb.endswith("ss") or verb in _UNINFLECTED or len(verb) < 4:
        return verb
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ss|sh|ch|x|zz|o)es$", verb) else verb[:-1]


def _labelled(key: str, value: str, names: Collection[str]) -> str:
    """Return a line with a label, such as "Home: Oslo" or "Likes: tea", as a sentence; a label before a whole sentence is left out."""
    turned = _english(value, names, False)
    if re.match(r"I\b|My\b", turned):
        return turned
    if key.lower() in _SENTENCES:
        return _SENTENCES[key.lower()].format(value)
    words = key.lower().split()
    if words[0] in _INITIAL or words[0] in ("like", "love", "enjoy", "prefer", "dislike", "hate"):
        return f"I {_first_form(words[0])} {' '.join([*words[1:], value])}"
    return f"My {key.lower()} is {value}"


def _chinese(text: str, names: Collection[str], continues: bool) -> str:
    text = _SAYING_ZH.sub("我", _PREFIX_ZH.sub("", text))
    if (label := _LABEL_ZH.match(text)) and not re.match(r"用户$|使用者$", label["key"]):
        turned = _chinese(label["text"], names, False)
        if turned.startswith("我"):
            return turned
        if label["key"] in _SENTENCES:
            return _SENTENCES[label["key"]].format(label["text"])
        return f"我{label['key']}{label['text']}" if label["key"] in _VERBS_ZH else f"我的{label['key']}是{label['text']}"
    if _CONFUSED.search(text):
        return text
    own = "|".join(["(?:该|本|这位)?(?:用户|用戶|使用者)(?:本人)?", "[你您](?!们)", *map(re.escape, _longest_first(names))])
    text = re.sub(rf"(?:{own})", "我", text)
    if continues and not re.search(KIN_ZH, text):
        text = re.sub(r"^[他她](?!们)", "我", text)
    return text


def _longest_first(names: Collection[str]) -> list[str]:
    return sorted((name for name in names if len(name) > 1), key=len, reverse=True)
