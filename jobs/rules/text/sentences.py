"""The sentences of a text as slices of it, and their keywords: Latin words, and pairs of Chinese or Japanese characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jobs.rules.text.normalization import fold_characters, has_content, is_cjk

MAX_SENTENCE_LENGTH: Final = 240
"""Maximum length of a sentence in characters. A longer one is split, at a comma, a colon or a space in its second half if there is one."""

_END: Final = re.compile(r"[。！？!?…；;]+[”’」』\"')）】]*|(?<!\.)\.+[”’\"')]*(?=\s|$)|[\r\n]+")
"""A run of dots is tried from its first dot only: tried from each dot, 20,000 dots before a letter take seconds."""
_BREAK: Final = re.compile(r"[，,、：:](?=.)|\s")
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_COMMON: Final = frozenset(
    """a about after all also am an and any are as at be because been before but by can could did do does for from get
    go got had has have he her here him his how i i'd i'll i'm i've if in into is it it's its just like me more my no
    not now of on one or our out really she so some than that that's the their them then there these they this to too
    up us very was we were what when where which who will with would you your yes okay ok""".split()
)
_COMMON_CHARACTERS: Final = frozenset("的了是我你他她它们們在有和就都也很不这這那个個着吗嗎呢吧啊呀哦嗯一上到说說要去会會好没沒")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; `text` is the slice `[start:end]` of the original."""

    text: str
    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences in order, with their closing punctuation. Parts without content (see `has_content`) are skipped."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        yield from _parts(text, start, end)
        start = end


def keywords(text: str) -> frozenset[str]:
    """Return the words and character pairs of a sentence without the most common ones, so that sentences can be compared by topic."""
    folded = fold_characters(text).replace("’", "'")
    found: set[str] = set()
    for word in _WORD.findall(folded):
        if word.isascii():
            found.update((word,) if word not in _COMMON and len(word) > 1 else ())
            continue
        latin = "".join(" " if is_cjk(char) else char for char in word).split()
        found.update(part for part in latin if part not in _COMMON and len(part) > 1)
        found.update(_character_pairs(word))
    return frozenset(found)


def _character_pairs(word: str) -> Iterator[str]:
    for first, second in zip(word, word[1:], strict=False):
        if is_cjk(first) and is_cjk(second) and not {first, second} & _COMMON_CHARACTERS:
            yield first + second


def _parts(text: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end:
        stop = min(end, start + MAX_SENTENCE_LENGTH)
        if stop < end:
            breaks = [match.end() for match in _BREAK.finditer(text, start + MAX_SENTENCE_LENGTH // 2, stop)]
            stop = breaks[-1] if breaks else stop
        part = text[start:stop]
        first = start + len(part) - len(part.lstrip())
        last = start + len(part.rstrip())
        if has_content(part):
            yield Sentence(text[first:last], first, last)
        start = stop
