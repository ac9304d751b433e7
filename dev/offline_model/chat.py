# ruff: noqa: E501 - the sentences of both languages stand side by side
"""Answers in a conversation: they reflect the messages and use the remembered data, in the last message's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dev.offline_model import lexicon, summarizer
from dev.offline_model.prompt_parser import strings
from dev.offline_model.sentences import greets, is_greeting, is_question, is_wide, sentences
from dev.slot_names import NAMES

MAX_FACTS = 12
MAX_DAYS = 3
MAX_ECHO_LENGTH = 120

_ABOUT_MEMORY = re.compile(
    r"what (?:do|did|can) you (?:know|remember|recall)|(?:know|remember|recall) (?:anything |something )?about me|tell me (?:what you know )?about (?:me|myself)|who am I|"
    r"(?:记得|知道|了解)(?:我|关于我)|你(?:还)?(?:记得|知道|了解)[^，。]{0,6}我(?:什么|哪些|多少|的)?|我是(?:谁|什么样的人)|我是(?:一个)?怎样的人",
    re.IGNORECASE,
)
_TIME_NOTE = re.compile(r"^\[[^\]\n]*\d\d:\d\d\]\n")
"""The time before a question, as llm/time_notes.py writes it."""
_WORD = re.compile(r"[a-z]{3,}|\d+")
_WIDE_RUN = re.compile(r"[\u3400-\u9fff]+")
_COMMON = frozenset(
    "the and for you your that this with have what how are was can could should would does did about from some any not but like been they them".split()
)
_KIN = (
    frozenset({"live", "home", "city", "住", "家"}),
    frozenset({"work", "job", "occupation", "career", "工", "职"}),
    frozenset({"eat", "food", "dinner", "lunch", "cook", "吃", "菜", "饭"}),
    frozenset({"sport", "exercise", "running", "run", "gym", "swim", "swimming", "运", "跑", "健", "游"}),
    frozenset({"watch", "movie", "movies", "book", "books", "media", "read", "reading", "影", "书", "读"}),
    frozenset({"sleep", "bed", "wake", "睡", "床"}),
    frozenset({"weekend", "hobby", "hobbies", "activities", "free", "fun", "爱", "周", "玩"}),
)


@dataclass(frozen=True, slots=True)
class Remembered:
    nickname: str
    facts: list[str]
    days: list[str]
    earlier: str
    undecided: str
    name: str = ""
    """The assistant's name, if the user chose one."""

    @classmethod
    def read(cls, found: Mapping[str, list[Any]]) -> Remembered:
        wishes = dict(line.partition(": ")[::2] for line in strings(found.get("companion", [])))
        return cls(
            nickname=wishes.get("call the person") or " ".join(strings(found.get("nickname", []))),
            facts=strings(found.get("profile", [])),
            days=[*strings(found.get("diary", [])), *strings(found.get("related days", []))],
            earlier=" ".join(strings(found.get("earlier in this conversation", []))),
            undecided=" ".join(strings(found.get("undecided", []))),
            name=wishes.get("your name", ""),
        )


def reply(remembered: Remembered, turns: Sequence[tuple[str, str]]) -> str:
    spoken = [content for role, content in turns if role == "user"]
    last = spoken[-1] if spoken else ""
    wide = is_wide(last)
    if _ABOUT_MEMORY.search(last):
        return _recall(remembered, spoken[:-1], wide)
    parts = [
        _greeting(remembered, wide) if greets(last) else "",
        _reflection(last, wide),
        _related(remembered, last, wide),
    ]
    return ("" if wide else " ").join(part for part in [*parts, _undecided(remembered, wide) or _asking(last, wide)] if part)


def _recall(remembered: Remembered, earlier: Sequence[str], wide: bool) -> str:
    rows = [f"- {_named(fact, wide)}" for fact in remembered.facts[:MAX_FACTS]]
    days = [f"- {day}" for day in remembered.days[:MAX_DAYS]]
    said = [(number, _TIME_NOTE.sub("", text)) for number, text in enumerate(earlier)]
    today = [f"- {item.sentence}" for item in summarizer.rank(said)[:3] if item.weight > 0]
    if not rows and not days and not today:
        return "我还没有记下关于你的事。多和我聊聊吧。" if wide else "I do not know anything about you yet. Tell me a little."
    name = f"，{remembered.nickname}" if wide and remembered.nickname else f", {remembered.nickname}" if remembered.nickname else ""
    opening = f"我记得这些{name}：" if wide else f"This is what I remember{name}:"
    headings = (
        ("最近的日记里：", "今天你说过：", "要是有不对的，请告诉我。")
        if wide
        else ("From your last diaries:", "And today you said:", "Tell me if any of it is wrong.")
    )
    blocks = [
        [opening, *rows],
        [headings[0], *days] if days else [],
        [headings[1], *today] if today else [],
        [headings[2]],
    ]
    return "\n".join(row for block in blocks for row in block)


def _greeting(remembered: Remembered, wide: bool) -> str:
    """Return a greeting with the user's name, and with the assistant's if the user chose one."""
    own = "" if not remembered.name else f"我是{remembered.name}。" if wide else f" This is {remembered.name}."
    if not remembered.nickname:
        return ("你好！" if wide else "Hello!") + own
    return (f"你好，{remembered.nickname}！" if wide else f"Hello, {remembered.nickname}!") + own


def _reflection(last: str, wide: bool) -> str:
    ranked = summarizer.rank([(0, last)])
    told = [item.sentence for item in ranked if not lexicon.COURTESY.search(item.sentence)]
    telling = [sentence for sentence in told if not is_greeting(sentence)]
    if not telling:
        return "很高兴和你聊天。" if wide else "It is good to talk with you."
    echo = _shortened(telling[0].strip(" 。.！!？?"))
    if is_question(telling[0]):
        return f"你问“{echo}”。" if wide else f"You ask “{echo}”."
    feeling = next((item for item in lexicon.FEELINGS if item.words.search(telling[0])), None)
    if feeling and feeling.value < 0:
        return f"你说“{echo}”，听起来不容易。" if wide else f"“{echo}”: that does not sound easy."
    if feeling and feeling.value > 0:
        return f"你说“{echo}”，真为你高兴。" if wide else f"“{echo}”: I am glad to hear it."
    return f"你说“{echo}”，我记住了。" if wide else f"“{echo}”: I see."


def _related(remembered: Remembered, last: str, wide: bool) -> str:
    """Return the remembered item that shares most terms with the message; if none does, that it is missing, and the first item."""
    candidates = [*remembered.facts, *remembered.days, *sentences(remembered.earlier)]
    asked = _terms(last)
    best = max(candidates, key=lambda text: len(asked & _terms(text)), default="")
    fact = _shortened(_named(best, wide).strip(" 。."))
    if asked & _terms(best):
        return f"我记得：{fact}。" if wide else f"I remember: {fact}."
    unknown = ""
    if _asks(last):
        unknown = (
            "这个我还不知道：我是离线模型，只能依据你告诉过我的来回答。"
            if wide
            else "That I do not know: as the offline model I can only go by what you have told me."
        )
    kept = "" if not fact else f"我也没忘：{fact}。" if wide else f"I also keep in mind: {fact}."
    return ("" if wide else " ").join(part for part in (unknown, kept) if part)


def _named(fact: str, wide: bool) -> str:
    """Return a profile line with the slot's name instead of its key; any other text unchanged."""
    slot, colon, value = fact.partition(": ")
    names = NAMES.get(slot.upper().replace(".", "_"))
    return fact if names is None or not colon else f"{names[1]}：{value}" if wide else f"{names[0]}: {value}"


def _undecided(remembered: Remembered, wide: bool) -> str:
    """Return the question about values that contradict each other, or "" if the prompt has none."""
    sides = remembered.undecided.partition(": ")[2].split(" | ")
    if len(sides) < 2:
        return ""
    return f"对了，现在是{'还是'.join(sides)}？" if wide else f"By the way, which holds now: {' or '.join(sides)}?"


def _asking(last: str, wide: bool) -> str:
    if _asks(last):
        return "你自己怎么想？" if wide else "What do you think yourself?"
    return "后来怎么样了？" if wide else "How did it go on?"


def _asks(text: str) -> bool:
    return any(is_question(sentence) for sentence in sentences(text))


def _terms(text: str) -> frozenset[str]:
    """Return the text's words, its pairs of neighbouring Chinese characters, and the terms related to any of them."""
    spelled = text.lower()
    words = frozenset(_WORD.findall(spelled)) - _COMMON
    wide = _WIDE_RUN.findall(spelled)
    pairs = frozenset(run[index : index + 2] for run in wide for index in range(len(run) - 1))
    return (words | pairs).union(*(kin for kin in _KIN if kin & words or kin & frozenset("".join(wide))))


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MAX_ECHO_LENGTH else plain[: MAX_ECHO_LENGTH - 1] + "…"
