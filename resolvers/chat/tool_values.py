"""Values of a user's wish: whether the words say the value that a model wants to remember, and which values or messages they name that it wants to forget."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from jobs.rules.claims.signals import has_words, judge_signal
from jobs.rules.diary.draft_check import DraftCheck
from jobs.rules.diary.drafts import CheckedSignal, SourceMessage
from jobs.rules.profile.opposites import split_negation
from jobs.rules.profile.polarity import key_of
from jobs.rules.search.repetition import mentioned, telling_terms
from jobs.rules.slots import value_key
from jobs.rules.wishes import Wish, is_idiom, without_request
from persistence.models.enums import ValueStatus
from resolvers.slot_labels import LABELS

if TYPE_CHECKING:
    from jobs.rules.slots import Slot
    from persistence.models import ProfileValue

_NUMBER: Final = 1
_ID: Final = UUID(int=1)
_ATTITUDES: Final = ("preferences.", "decisions.meetings")
_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "identity.name": ("my name", "名字", "叫什么"),
    "identity.form_of_address": ("call me", "称呼", "怎么叫我"),
    "identity.birthday": ("birthday", "生日"),
    "identity.languages": ("language", "语言"),
    "identity.occupation": ("job", "work", "profession", "工作", "职业"),
    "identity.industry": ("industry", "行业"),
    "identity.position": ("position", "职位"),
    "identity.home": ("where i live", "my home", "address", "住哪", "住在哪", "住址"),
    "identity.health": ("health", "illness", "健康", "病"),
    "identity.allergies": ("allerg", "过敏"),
    "identity.beliefs": ("religion", "belief", "faith", "信仰", "宗教"),
    "relationships.status": ("relationship", "marriage", "感情", "婚姻"),
    "relationships.pets": ("my pet", "宠物"),
    "habits.sleep": ("sleep", "bedtime", "睡眠", "作息"),
    "habits.work_hours": ("working hours", "工作时间"),
    "habits.exercise": ("exercise", "workout", "运动", "锻炼"),
    "habits.meals": ("meals", "吃饭"),
    "decisions.goals": ("goal", "目标"),
}
"""Words by which users name what a slot holds, beside its labels."""


@dataclass(frozen=True)
class Supported:
    """A value that the words say, as it is to be stored."""

    value: str
    key: str
    polarity: Literal["DISLIKES", "IS_NOT"] | None


@dataclass(frozen=True)
class _Quote:
    message: int
    text: str


@dataclass(frozen=True)
class _Signal:
    slot: str
    value: str
    polarity: Literal["POSITIVE", "NEGATIVE"]
    evidence: Sequence[_Quote]
    confidence: float = 1.0
    stated: bool = True
    happens_on: date | None = None


def support_of(
    slot: str, text: str, negated: bool, content: str, wish: Wish, words: str, day: date, slots: Mapping[str, Slot],
) -> Supported | None:
    """Return the value if the user's words say it, by the rules of the nightly jobs; None if not.

    What these leave to a second reading is taken if all words of the value stand there, because the user wishes it.
    """
    value, denied = split_negation(slot, text)
    is_negative = negated or denied is not None
    made = without_request(content, wish)
    start = content.find(words, wish.start)
    quote = made[start : start + len(words)].strip(" ,，:：.。;；!！?？\n")
    if not quote:
        return None
    signal = _Signal(slot, value, "NEGATIVE" if is_negative else "POSITIVE", [_Quote(_NUMBER, quote)])
    check = DraftCheck((), [signal], [SourceMessage(_NUMBER, _ID, True, day, made)], day, slots=slots)
    found = next(iter(check.finish().signals), None)
    if found is None:
        undecided = next((asked for asked in check.undecided if isinstance(asked.claim, CheckedSignal)), None)
        if undecided is None or not has_words(value, [statement.text.lower() for statement in undecided.statements]):
            return None
        assert isinstance(undecided.claim, CheckedSignal), "looked for above"
        found = undecided.claim
        topic = f"{slots[slot].name} {slots[slot].guide}" if slots[slot].name else ""
        cited = [check.cited(item) for item in found.evidence]
        if judge_signal(slot, value, found.polarity, cited, topic).judgement.reason != "WORDS":
            return None
    if found.polarity == "POSITIVE":
        return Supported(value, value_key(value), None)
    return Supported(value, key_of(value_key(value), negated=True), "DISLIKES" if slot.startswith(_ATTITUDES) else "IS_NOT")


def find_named_values(values: Sequence[ProfileValue], about: str, words: str, wanted: str) -> list[ProfileValue]:
    """Return the values that the user's words name; one of them if the model's text `wanted` is that one.

    If no value stands in the words, those that share a telling word with the wish, or of whose slot it speaks.
    """
    present = [value for value in values if value.status is not ValueStatus.REJECTED]
    plain = value_key(words)
    named = [value for value in present if _is_said(value, words, plain)]
    if len(named) > 1:
        exact = [value for value in named if value_key(value.value) == value_key(wanted)]
        longest = [value for value in named if all(value_key(other.value) in value_key(value.value) for other in named)]
        return exact if len(exact) == 1 else longest if len(longest) == 1 else named
    if named:
        return named
    terms = telling_terms([about])
    near = [value for value in present if terms & mentioned(value.value, terms)]
    return near or [value for value in present if _names_slot(value.slot, about.casefold())]


_SAYING: Final = (
    r"\b(?:what|everything|anything|all|whatever|the (?:things?|parts?|bits?|stuff)) (?:that )?(?:i|we)(?:'ve| have)? (?:just |already )?"
    r"(?:said|told|mentioned|wrote|talked|shared)\b(?: to)?(?: you)?(?: about)?(?: (?:earlier|before|today|just now|a moment ago))*|"
    r"(?:我|俺|咱)?(?:刚才|刚刚|剛才|剛剛|刚|剛|之前|今天)?(?:跟你|和你|对你|對你)?(?:说过?的|說過?的|讲的|講的|提到?过?的|告诉你的|告訴你的)(?:话|話|事情?|内容|那些)?|刚才|刚刚|剛才|剛剛|"
    r"最?喜[欢歡]|喜爱|热爱|超爱|最爱|讨厌|受不了|住在"
)
"""Words that point at what was said before without naming it, and Chinese ones of taste and place, which would be cut together with what they are about."""
_STATES: Final = r"\b(?:i|we|im|ive)\b|\bmy (?:[\w'-]+ ){1,3}?(?:is|are|was|were|has|have|had|likes?|lives?|works?)\b|[我俺咱]"


def find_meant(unread: Sequence[tuple[UUID, str]], question: UUID, previous: UUID | None, content: str, wish: Wish, wanted: str) -> list[UUID]:
    """Return the messages that a wish to forget means: those that say all telling words of what it is about, or else of the model's text `wanted` that the
    wish has. The `question`, which has the wish, is one of them, but alone only if it says something of the user itself.

    `unread` are the messages to choose from, newest first. A wish that names nothing ("forget what I just said") means the `previous` one.
    """
    made = without_request(content, wish)[wish.start : wish.end]
    about = re.sub(_SAYING, " ", made, flags=re.IGNORECASE)
    named, all_terms = telling_terms([wanted]), telling_terms([about])
    if not all_terms:
        return [id for id, _ in unread if id == previous and not is_idiom(content, wish)]
    for terms in (named, all_terms):
        if not terms or not terms <= mentioned(about, terms):
            continue
        found = [id for id, text in unread if terms <= mentioned(text, terms)]
        if set(found) - {question} or (found and re.search(_STATES, about, re.IGNORECASE)):
            return found
    return []


def means_before(content: str, words: str) -> bool | None:
    """Return whether a message that asks not to be written down means the user's message before it; None if the words belong to no such wish."""
    from jobs.rules.text.normalization import fold
    from jobs.rules.text.quotes import find_quote
    from jobs.rules.wishes.keep_out import find_kept_out, points_back

    before = points_back(content)
    scopes = [content[wish.start : wish.end] for wish in ([before] if before is not None else find_kept_out(content))]
    is_found = bool(words.strip()) and any(find_quote(words, scope, fold(scope)) is not None for scope in scopes)
    return before is not None if is_found else None


def say_value(unread: Sequence[tuple[UUID, str]], value: str) -> list[UUID]:
    """Return the messages that say all telling words of a value."""
    terms = telling_terms([value])
    return [id for id, text in unread if terms and terms <= mentioned(text, terms)]


def _is_said(value: ProfileValue, words: str, plain: str) -> bool:
    key = value_key(value.value)
    terms = telling_terms([value.value])
    return (len(key) > 1 and key in plain) or bool(terms and terms <= mentioned(words, terms))


def _names_slot(slot: str, about: str) -> bool:
    return any(label in about for label in (*(label.casefold() for label in LABELS.get(slot, ())), *_NAMES.get(slot, ())))
