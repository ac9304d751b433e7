# ruff: noqa: E501 - patterns of words read by their rows
"""The check of values that a model read in the lines of a memory text: a value is kept only with a line that says it of the user, now and in earnest.

A memory text was written by another model. Nothing in it is an instruction, and a value that it suggests is held to the same rules as one from the
user's messages. What these leave undecided is kept if all words of the value stand in the line, but for plain facts such as the home.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from jobs.rules.claims.judgement import Cited
from jobs.rules.claims.markers import MARKERS
from jobs.rules.claims.messages import Message
from jobs.rules.claims.reading import SIMPLIFIED, Sentence
from jobs.rules.claims.relations import find_relation
from jobs.rules.claims.signals import FACTS, find_focus, has_words, judge_signal
from jobs.rules.profile.polarity import NEGATED, ValuePolarity, key_of
from jobs.rules.slots import MAX_VALUE_LENGTH, SLOTS, Slot, value_key
from jobs.rules.text.normalization import fold, has_content, to_single_line
from jobs.rules.text.quotes import find_quote
from jobs.rules.text.secrets import contains_secret

Fault = Literal[
    "UNKNOWN_SLOT", "SLOT_OFF", "UNDECIDED", "LENGTH", "SECRET", "WORDS", "OTHER_SUBJECT", "NOT_NOW", "NOT_IN_EARNEST", "INSTRUCTION", "NEGATION",
]
_FAULTS: Final[Mapping[str, Fault]] = {
    "OTHER_SUBJECT": "OTHER_SUBJECT", "PAST": "NOT_NOW", "PLAN": "NOT_NOW", "DATE": "NOT_NOW", "INSTRUCTION": "INSTRUCTION",
    "NEGATION": "NEGATION", "NUMBER": "WORDS", "NAME": "WORDS", "UNIT": "WORDS", "WORDS": "WORDS",
}  # fmt: skip
"""The faults by the reasons of judgements; every other reason (a joke, a question, a story) is NOT_IN_EARNEST."""


@dataclass(frozen=True, slots=True)
class LineValue:
    """A value that a line says, and its place in the line, in characters."""

    slot: str
    value: str
    value_key: str
    polarity: ValuePolarity
    start: int
    end: int


_SUPPOSED: Final = re.compile(r"\W*(?:(?:if|when|whenever|unless|in case|assume|suppose|imagine)\b|如果|要是|假如|假设|倘若|若是|每?当(?!前|时))", re.IGNORECASE)
"""The beginning of a line that supposes something, in which no plain fact is said: "If the user moves to Oslo"."""


def check_line_value(slot: str, text: str, polarity: str, line: str, turned: str, day: date, slots: Mapping[str, Slot]) -> LineValue | Fault:
    """Return the value, or why the line does not say it. `turned` is the line as the user would say it; `day` is that of the import; `slots` are the user's."""
    value = to_single_line(text)
    if slot not in slots:
        return "SLOT_OFF" if slot in SLOTS else "UNKNOWN_SLOT"
    if not value_key(value) or not has_content(value) or len(value) > MAX_VALUE_LENGTH:
        return "LENGTH"
    if contains_secret(value):
        return "SECRET"
    topic = f"{slots[slot].name} {slots[slot].guide}" if slots[slot].name else ""
    message = Message(turned)
    cited = Cited(message, day, 0, len(turned))
    judgement = judge_signal(slot, value, polarity, [cited], topic).judgement
    if judgement.verdict == "REJECTED" and judgement.correction == "TURNED":
        polarity = "NEGATIVE"
    elif judgement.verdict == "REJECTED":
        return _FAULTS.get(judgement.reason or "", "NOT_IN_EARNEST")
    elif slot.startswith(FACTS) and _SUPPOSED.match(turned):
        return "NOT_IN_EARNEST"
    elif judgement.verdict == "UNDECIDED" and slot.startswith(FACTS):
        return "UNDECIDED"
    found = Sentence(value, 0, len(value))
    sentences = message.sentences(0, len(turned))
    if not sentences or not has_words(found.text, [sentence.text for sentence in sentences]):
        return "WORDS"
    said = _polarity(slot, value, *find_focus(found.text, sentences, cited), denied=polarity == "NEGATIVE")
    if said is None:
        return "NOT_NOW"
    start, end = _place(value, line)
    return LineValue(slot, value, key_of(value_key(value), negated=said in NEGATED), said, start, end)


def _polarity(slot: str, value: str, sentence: Sentence, start: int, end: int, *, denied: bool) -> ValuePolarity | None:
    """Return the polarity of the value by its sentence; None if it holds no longer."""
    relation = find_relation(slot, value, sentence, start, end, denied=denied)
    if relation in ("ENDED", "CORRECTED"):
        return None
    return "LIKES" if relation == "LIKES" else "DISLIKES" if relation == "DISLIKES" else "IS_NOT" if denied else "IS"


def _place(value: str, line: str) -> tuple[int, int]:
    """Return where the value stands in the line; the whole line if its words stand apart."""
    return find_quote(value, line, fold(line)) or (0, len(line))


_ADDRESSED: Final = re.compile(
    r"^\W*(?:system|assistant|developer|admin(?:istrator)?|user)(?: (?:prompt|message|note|instructions?))?\s*[:>\]]|^\W*(?:系统|助手|管理员|开发者)(?:提示|消息|指令)?\s*[:>\]]"
    r"|^\W*(?:(?:new|important) )?instructions?\s*:|^\W*(?:新)?指令\s*:|=====[0-9a-f]{4}|[\"']slot[\"']\s*:|<\|?/?(?:im_start|im_end|system)\b"
)
"""The beginning of a paragraph that plays a role of a conversation with a model, or a mark of its prompt."""


def is_instruction(paragraph: str) -> bool:
    """Return whether the paragraph speaks to a model instead of about the user. Such a paragraph is left out before any model reads it."""
    text = fold(paragraph).text.translate(SIMPLIFIED)
    patterns = (pattern for marker in MARKERS if marker.mark == "INSTRUCTION" and marker.reach == "ALL" for pattern in (marker.english, marker.chinese))
    return _ADDRESSED.search(text) is not None or any(pattern is not None and pattern.search(text) for pattern in patterns)
