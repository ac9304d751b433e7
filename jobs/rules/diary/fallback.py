"""The fallback diary entry, made without a model: the day's most informative sentences, verbatim.

It has the form of a model's draft, so it passes the same checks. It has no signals, because extraction does not understand the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from jobs.rules.diary.drafts import DraftSignal, SourceMessage
from jobs.rules.text.normalization import is_cjk, to_single_line
from jobs.rules.text.secrets import find_secrets
from jobs.rules.text.sentences import Sentence, keywords, sentences
from jobs.rules.text.spans import Spans

VERSION: Final = "fallback/2"
LEAST, MOST = 3, 5
"""Minimum and maximum number of sentences of a summary, if the day has as many."""
MIN_NOVELTY_RATIO: Final = 0.1
"""The share of the first sentence's gain that a fourth or fifth sentence must have."""
NOTHING_NEW: Final = 0.1
"""The novelty of a sentence without new topics, where a new topic that occurs once counts 1."""
MAX_SENTENCES: Final = 2_000
"""Maximum number of sentences of a day that are considered, from its beginning."""

_ABOUT_ONESELF: Final = re.compile(r"\b(?:i|i'm|i've|i’m|i’ve|my|me|we|our|mine|myself)\b|我|咱|俺|私|僕", re.IGNORECASE)
_INFORMATIVE: Final = re.compile(
    r"""\b(?:today|tonight|tomorrow|yesterday|decided?|plan(?:ned|ning)?|will|feel(?:ing)?|felt|happy|sad|tired|angry|worried|afraid|excited|stress(?:ed)?
        |because|finally|first|started|finished|went|met|bought|learn(?:ed|ing)?|want|hope|love|hate|prefer|work|family|friend)\b
    |今天|今晚|明天|昨天|决定|決定|打算|计划|計劃|觉得|覺得|感觉|感覺|开心|開心|高兴|高興|难过|難過|累|生气|生氣|担心|擔心|害怕|压力|壓力
    |因为|因為|终于|終於|第一次|开始|開始|完成|去了|见了|見了|买了|買了|学|學|想|希望|喜欢|喜歡|讨厌|討厭|工作|家人|朋友""",
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(
    r"""^\W*(?:
        (?:hi|hello|hey|thanks?|thank\ you|ok(?:ay)?|good\ (?:morning|night|evening)|bye|sure|great|please)\b
        |(?:can\ you|could\ you|do\ you|what|how|why|tell\ me|recommend|translate|write)\b
        |你好|您好|谢谢|謝謝|好的|嗯|请|請|再见|再見|晚安|早安
        |你能|你可以|能不能|可以帮|帮我|幫我|你觉得|你覺得|有没有|有沒有)""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_PROSE: Final = re.compile(r"https?://|[{}<>\\]|```|^\s*[|#>$]|[=_]{3,}")
_QUESTION: Final = re.compile(r"[?？]\W*$|[吗嗎呢]\W*$")


@dataclass(frozen=True, slots=True)
class FallbackQuote:
    message: int
    text: str


@dataclass(frozen=True, slots=True)
class FallbackLine:
    kind: str
    text: str
    evidence: tuple[FallbackQuote, ...]


@dataclass(frozen=True, slots=True)
class FallbackDraft:
    lines: tuple[FallbackLine, ...]
    signals: tuple[DraftSignal, ...] = ()
    mood: int | None = None
    prompt_version: str = VERSION
    model: str | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    place: int
    number: int
    sentence: Sentence
    topics: frozenset[str]


def fallback(messages: Sequence[SourceMessage], locale: str) -> FallbackDraft:
    """Return a summary of up to five of the user's own sentences, in the order in which they were written.

    A sentence counts more when it is about the user, mentions a time, an event or a feeling, and has topics that recur in the day; topics that
    another chosen sentence covers do not count. Greetings, questions to the assistant and pasted code count little. `locale` (BCP 47) prefers
    sentences in the user's script when a day mixes scripts. Sentences with a secret are left out.
    """
    said = _said(messages)
    chosen = _chosen(said, chinese=locale.lower().startswith(("zh", "ja", "yue")))
    return FallbackDraft(tuple(_line(one) for one in sorted(chosen, key=lambda one: one.place)))


def _said(messages: Iterable[SourceMessage]) -> list[_Said]:
    found: list[_Said] = []
    seen: set[str] = set()
    for message in messages:
        secrets = Spans((secret.start, secret.end) for secret in find_secrets(message.content)) if message.by_person else Spans(())
        for sentence in sentences(message.content) if message.by_person else ():
            words = to_single_line(sentence.text)
            if words in seen or secrets.touch(sentence.start, sentence.end):
                continue
            seen.add(words)
            found.append(_Said(len(found), message.number, sentence, keywords(sentence.text)))
            if len(found) >= MAX_SENTENCES:
                return found
    return found


def _chosen(said: Sequence[_Said], *, chinese: bool) -> list[_Said]:
    """Choose greedily the sentence with the largest gain: `MOST` at most, and after `LEAST` only those above `MIN_NOVELTY_RATIO`."""
    spoken_of = Counter(topic for one in said for topic in one.topics)
    weights = {one.place: _weight(one, chinese) for one in said}
    left, chosen, told, most = list(said), list[_Said](), set[str](), 0.0
    while left and len(chosen) < MOST:
        gains = {one.place: weights[one.place] * _novelty(one, told, spoken_of) for one in left}
        best = max(left, key=lambda one: (gains[one.place], -one.place))
        most = most or gains[best.place]
        if len(chosen) >= LEAST and gains[best.place] < MIN_NOVELTY_RATIO * most:
            break
        left.remove(best)
        chosen.append(best)
        told |= best.topics
    return chosen


def _novelty(one: _Said, told: set[str], spoken_of: Counter[str]) -> float:
    """Return the worth of the topics that no chosen sentence covers yet, more for topics that recur in the day."""
    return NOTHING_NEW + sum(1 + math.log(spoken_of[topic]) for topic in sorted(one.topics - told))


def _weight(one: _Said, chinese: bool) -> float:
    """Return the factor on a sentence's novelty: the square root of how informative the sentence is, divided by the number of its topics plus 4.

    With the root, a plain sentence with many new topics is chosen before an informative one without any. A long sentence must add more, again
    only by the root, since a summary is limited by its number of sentences and not of words.
    """
    text = one.sentence.text
    weight = 1.6 if _ABOUT_ONESELF.search(text) else 1.0
    weight *= 1 + 0.25 * min(3, len(set(_INFORMATIVE.findall(text))))
    weight *= 0.35 if _ADDRESSED.search(text) else 1.0
    weight *= 0.5 if _QUESTION.search(text) else 1.0
    weight *= 0.2 if _NOT_PROSE.search(text) else 1.0
    weight *= 1.0 if any(map(is_cjk, text)) == chinese else 0.5
    return math.sqrt(weight / (4 + len(one.topics)))


def _line(one: _Said) -> FallbackLine:
    text = one.sentence.text
    return FallbackLine("SUMMARY", text, (FallbackQuote(one.number, text),))
