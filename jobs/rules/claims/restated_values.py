"""Values that a correction sets in place of others: "Oslo" for "Bergen", of "I live in Bergen" and "No, I meant Oslo"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from jobs.rules.claims.context import read_context
from jobs.rules.claims.corrections import Correction, restatements
from jobs.rules.claims.judgement import Cited
from jobs.rules.claims.messages import Message
from jobs.rules.claims.reading import Sentence
from jobs.rules.claims.reasons import Relation
from jobs.rules.claims.relations import find_relation
from jobs.rules.claims.signals import find_focus, judge_signal
from jobs.rules.slots import MAX_VALUE_LENGTH, Slot, value_key
from jobs.rules.text.normalization import fold, to_single_line
from jobs.rules.text.pasted_text import Pasted
from jobs.rules.text.secrets import contains_secret

MAX_WORDS: Final = 6
"""Maximum number of words of a value that a correction sets; more are a sentence of their own."""
_NO_VALUE: Final = re.compile(
    r"\b(?:i|i'm|it|it's|that|that's|this|he|she|we|they|you|there|is|isn't|was|wasn't|were|are|am|be|been|have|had|has|did|do|does|don't|didn't|will|would"
    r"|can|could|meant|said|say|joking|kidding|joke|true|wrong|right|nothing|something|anything|else"
    r"|what|which|whatever|never mind|forget|later|yesterday|tomorrow)\b"
    r"|[我你您他她它这那啥没不别]|什么|玩笑|假的|真的|乱说|瞎说|算了|以后|昨天|明天|这样|如此"
)
"""Words of a correction that tells something else than a value: "Scratch that, it was a joke"."""


@dataclass(frozen=True, slots=True)
class RestatedValue:
    """A value as the corrected message tells it."""

    value: str
    relation: Relation | None
    since: str | None
    until: str | None
    condition: str | None


def restated_value(slot: Slot, wrong: str, positive: bool, correction: Correction, before: str, message: str, day: date) -> RestatedValue | None:
    """Return the value that holds in place of `wrong`, or is denied in its place; None if the message as corrected does not say it plainly.

    `before` is the corrected message, sent on `day`, and `message` the one that corrects it.
    """
    for content, start, end in restatements(correction, before, message):
        right = content[start:end]
        value = _in_place(wrong, correction.wrong, right)
        said_at = message.index(right)
        if value is None or Pasted(message).holds(said_at, said_at + len(right)):
            continue
        cited = Cited(Message(content), day, start, end)
        judgement = judge_signal(slot.key, value, "POSITIVE" if positive else "NEGATIVE", [cited], slot.name and f"{slot.name} {slot.guide}").judgement
        if judgement.verdict == "ACCEPTED" and judgement.all_words:
            return _restated(slot, value, positive, cited)
    return None


def _in_place(wrong: str, named: str | None, right: str) -> str | None:
    """Return the wrong value with the right words in place of those that the correction names; None if that makes no other value."""
    value = right
    if _NO_VALUE.search(fold(right).text) or len(right.split()) > MAX_WORDS:
        return None
    if named is not None and value_key(named) != value_key(wrong):
        found = re.search(re.escape(named), fold(wrong).text)
        if found is None:
            return None
        folded = fold(wrong)
        value = wrong[: folded.starts[found.start()]] + right + wrong[folded.ends[found.end() - 1] :]
    value = to_single_line(value)
    if not value_key(value) or value_key(value) == value_key(wrong) or len(value) > MAX_VALUE_LENGTH or contains_secret(value):
        return None
    return value


def _restated(slot: Slot, value: str, positive: bool, cited: Cited) -> RestatedValue:
    sentences = cited.message.sentences(cited.start, cited.end)
    place = find_focus(Sentence(value, 0, len(value)).text, sentences, cited)
    relation = find_relation(slot.key, value, *place, denied=not positive)
    context = read_context(value, *place, cited.day, ended=False)
    return RestatedValue(value, relation, context.since, context.until, context.condition)
