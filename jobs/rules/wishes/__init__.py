"""Wishes that the assistant remember or forget something, in English and Chinese, found by rules in the user's own words of one message.

A tool may change the profile only at such a wish. The model does not decide whether there is one: a pasted text that asks for it can persuade a model, and
not these rules. They do not look for signs of a paste. A wish counts only in a message of which every sentence is evidently the user's own:

- the wish itself. The words that ask begin a clause, or end a statement; what it is about begins with I, my or 我 and a verb of the tables, or says what is the
  user's. It has no word of reporting, nor of work on a text, no name and no form of address, and no second verb makes the statement a subject;
- where the user lives or works, what they eat, like or have given up; before "remember that" also what else they say of themselves or of theirs;
- greetings, thanks and interjections without other names than the assistant's, and questions about the user's life that point at no text.

With any other sentence, form or mark in the message, there is no wish in it. The words are in english.py and chinese.py. What cannot be told apart is a pasted
text that consists of such sentences alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from jobs.rules.claims.whole_statements import sentence_spans
from jobs.rules.text.normalization import fold, has_cjk
from jobs.rules.text.spans import Spans
from jobs.rules.text.words import simplified
from jobs.rules.wishes.readings import Ask, Kind, Reading, pattern

__all__ = ["Fault", "Kind", "Wish", "find_wishes", "forgotten_spans", "is_idiom", "locate", "repeats", "without_request"]

Fault = Literal["NO_WISH", "NOT_IN_WISH"]
"""NO_WISH: the message has no such wish that is evidently the user's own. NOT_IN_WISH: the words are not part of what it is about."""

MAX_MESSAGE: Final = 800
"""Characters of a message with a wish. In a longer one none counts, since much of it is often pasted."""
MAX_STATEMENTS: Final = 3
"""Sentences beside a wish that say something of the user; more of them are a text of their own, such as a letter."""
MAX_ITEMS: Final = 8
"""Sentences of a list that a wish announces."""
BEFORE: Final = 2
"""Sentences before a wish that "that" may mean."""
MIN_REPEATED: Final = 10
"""Characters of a sentence that counts as repeated from an earlier answer or a diary; shorter ones are said by chance."""
MAX_NAME: Final = 30
"""Characters in quotation marks that may be a name or a title of which the user speaks."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish in a message. `start` to `end` is what it is about, `asks` are the parts that only ask for it."""

    kind: Kind
    start: int
    end: int
    asks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    reading: Reading
    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    """Places in the message of the characters of the folded sentence."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the message of a part of the folded sentence."""
        return self.starts[start], self.ends[end - 1]

    def scope(self, ask: Ask) -> tuple[int, int]:
        """Return the place of what a wish in the sentence is about; the last one ends where the sentence does."""
        start, end = self.span(ask.start, ask.end)
        return start, self.end if not pattern(r"\w").search(self.text, ask.end) else end


def find_wishes(kind: Kind, content: str, told: Iterable[str] = (), names: Sequence[str] = ()) -> list[Wish]:
    """Return the wishes of this kind. `told` are texts that are not the user's words: earlier answers and diaries. `names` are those of the assistant."""
    return _find(kind, content, _repeated(content, told), names)


def locate(kind: Kind, content: str, words: str, told: Iterable[str] = (), names: Sequence[str] = ()) -> tuple[Wish, int, int] | Fault:
    """Return the wish that the words belong to, and their place in the message.

    The words have to be an excerpt of the message, and the user's own. `told` and `names` are those of `find_wishes`.
    """
    from jobs.rules.text.quotes import find_quote

    repeated = _repeated(content, told)
    wishes = _find(kind, content, repeated, names)
    if not wishes:
        return "NO_WISH"
    for wish in wishes:
        scope = content[wish.start : wish.end]
        place = find_quote(words, scope, fold(scope)) if words.strip() else None
        if place is not None and not repeated.touch(wish.start + place[0], wish.start + place[1]):
            return wish, wish.start + place[0], wish.start + place[1]
    return "NOT_IN_WISH"


def repeats(text: str, said: str) -> bool:
    """Return whether all sentences of a text stand in what the user said."""
    plain = _plain(said)
    return all(not sentence or sentence in plain for sentence in (_plain(text[slice(*span)]).strip(_OUTER) for span in sentence_spans(text)))


def without_request(content: str, wish: Wish) -> str:
    """Return the message with spaces for the words that ask, and full stops for a polite question mark, so that only the statement is left to read."""
    made = content
    for start, end in wish.asks:
        made = made[:start] + " " * (end - start) + made[end:]
    tail = pattern(_ASKING_TAIL).search(made, wish.start, wish.end)
    return made if tail is None else made[: tail.start()] + "." * (tail.end() - tail.start()) + made[tail.end() :]


def is_idiom(content: str, wish: Wish) -> bool:
    """Return whether the words that ask only say that something does not matter, such as "forget it"."""
    return all(pattern(_IDIOM).fullmatch(content[start:end].strip(_OUTER).lower()) is not None for start, end in wish.asks)


def forgotten_spans(content: str) -> Iterator[tuple[int, int]]:
    """Yield what a message says is to be forgotten or not to be written down, with the words that ask: "I love hiking, but don't remember that"."""
    from jobs.rules.wishes.keep_out import find_kept_out

    if len(content) <= MAX_MESSAGE and any(_may_forget(prepare(content, start, end)[0]) for start, end, _ in _sentences(content)):
        yield from ((wish.start, wish.end) for wish in find_wishes("FORGET", content) if not is_idiom(content, wish))
    yield from ((wish.start, wish.end) for wish in find_kept_out(content))


def _may_forget(text: str) -> bool:
    """Return whether a prepared sentence has words of a wish to forget. They stand in few messages, and to read all sentences takes ten times as long."""
    from jobs.rules.wishes import chinese, english

    return pattern(english.MAY_FORGET).search(text) is not None or (has_cjk(text) and pattern(chinese.MAY_FORGET).search(text) is not None)


_OUTER: Final = " .!?,;:'"
_IDIOM: Final = (
    r"(?:(?:ok|okay|oh|well|just|please|so|but|and|never ?mind|nah|no)[ ,]+)*(?:forget(?: about)?|don'?t mention) it|"
    "(?:算了|没事|沒事)?[ ,，]*忘了(?:它|吧|算了)+"
)
_ASKING_TAIL: Final = r"(?i:[,，]?\s*(?:好吗|好嗎|好不好|行吗|行不行|可以吗|可以嗎|成吗|吗|嗎|麼|么|okay|ok|will you|would you|can you))?\s*[?？]+\s*$"


def _plain(text: str) -> str:
    """Return the text folded and in simplified characters."""
    folded = fold(text).text
    return folded if folded.isascii() else folded.translate(simplified())


def _repeated(content: str, told: Iterable[str]) -> Spans:
    """Return the sentences of a message that an earlier answer or a diary says."""
    texts = [_plain(text) for text in told]
    return Spans(span for span in sentence_spans(content) if _is_repeated(content[slice(*span)], texts)) if texts else Spans(())


def _is_repeated(sentence: str, texts: Sequence[str]) -> bool:
    plain = _plain(sentence).strip(_OUTER)
    return len(plain) >= (MIN_REPEATED if not has_cjk(plain) else MIN_REPEATED // 2) and any(plain in text for text in texts)


_FORMS: Final = "|".join((
    r"[<>{}\[\]|#=*_\\^`@\t【】〔〕〖〗]",  # code, markup, tables, prompts and addresses
    r"(?i:https?:|www\.)|\w\.(?:com|org|net|cn|io)\b",
    r"(?m:^(?: {2,}|\u3000+)\S)",  # indented text
    r"(?m:^\s*-{2,})|-{3,}|—{3,}|\.{5,}|/{2,}",  # borders and signatures
    r"[©®™§¶†•●■□▪►▶→⇒✓✔☑♪♫]",  # print
))
"""Marks that are not typed beside a wish."""
_BULLET: Final = r"\s*(?:[-·–]|\d{1,2}[.)、）](?!\d))\s*"
_BROKEN: Final = r"[,，;；、]\s*$"
"""The end of a line of verse or of a salutation."""
_MIXED: Final = r"\b(?:remember|forget|means?|translat\w*|says?|said)\b"
_MIXED_CHINESE: Final = "[记記忘说說译譯]|意思"
"""Words of the other language in a sentence of two languages that make it one about words."""
_GAP: Final = r"(?<=[\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff])"
"""A space between Chinese words, which divides them as a comma does."""
_EMOTICON: Final = r"[:;]-?[)d(p](?!\w)|\^\^"
_MARKS: Final = (
    ("“", "”"), ("„", "”"), ("「", "」"), ("『", "』"), ("«", "»"), ("‹", "›"), ("《", "》"), ("〈", "〉"), ("＂", "＂"), ("‘", "’"), ("〝", "〞"), ('"', '"'),
)
_APOSTROPHE: Final = r"(?<!\w)'|'(?!\w)"
_INVITES: Final = r"(?i:remember|forget|memor|note|save|delete|erase|keep|store|record|profile|记|忘|删|存|清|記|刪|\bi\b|\bmy\b|[我俺咱]|\buser\b|用户|用戶)"


def _has_quotation(content: str) -> bool:
    """Return whether something stands in quotation marks that is no name or title, or one of the marks stands alone."""
    for opening, closing in _MARKS:
        at = content.find(opening)
        while at >= 0:
            end = content.find(closing, at + 1)
            if end < 0 and opening == "‘":
                break
            if end < 0 or not _is_name(content[at + 1 : end]):
                return True
            at = content.find(opening, end + 1)
    return False


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and not pattern(_INVITES).search(text) and not any(mark in text for mark in "\n。！？!?:：")


def _sentences(content: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the start and end of each sentence, and whether it is marked as an item of a list. Each line ends one."""
    at = 0
    for line in content.split("\n"):
        bullet = pattern(_BULLET).match(line)
        offset = bullet.end() if bullet is not None else 0
        for start, end in sentence_spans(line[offset:]):
            yield at + offset + start, at + offset + end, bullet is not None
        at += len(line) + 1


def prepare(content: str, start: int, end: int) -> tuple[str, str, Sequence[int], Sequence[int]]:
    """Return a sentence folded, with spaces for emoticons and quotation marks, the same characters as they are written, and their places."""
    folded = fold(pattern(_GAP).sub(lambda found: "," * len(found[0]), content[start:end]))
    text = folded.text if folded.text.isascii() else folded.text.translate(simplified())
    if not text.isascii():
        text = "".join(" " if unicodedata.category(char) in ("So", "Sk", "Mn") else char for char in text)
    text = pattern(_EMOTICON).sub(lambda found: " " * len(found[0]), text)
    text = pattern(_APOSTROPHE).sub(" ", text)
    starts, ends = [start + place for place in folded.starts], [start + place for place in folded.ends]
    return text, "".join(content[place] for place in starts), starts, ends


def _read(content: str, names: Sequence[str]) -> list[_Sentence]:
    """Return the sentences of a message of which each is evidently the user's own; none if one is not."""
    from jobs.rules.wishes import chinese, english

    if len(content) > MAX_MESSAGE or pattern(_FORMS).search(content.strip("\n")) or _has_quotation(content):
        return []
    folded_names = [_plain(name) for name in names]
    found: list[_Sentence] = []
    items = 0
    for start, end, is_item in _sentences(content):
        text, shown, starts, ends = prepare(content, start, end)
        language = chinese if has_cjk(text) else english
        reading = (english.read(text, shown, folded_names) if has_cjk(text) and text[:1].isascii() else None) or language.read(text, shown, folded_names)
        if reading is not None and reading.sort == "WISH" and has_cjk(text) and _is_bilingual(text, reading):
            return []
        if items and (reading is None or reading.sort in ("LIFE", "STATEMENT")) and language.is_item(text):
            reading, items = Reading("STATEMENT", is_listed=True), items - 1
        elif reading is None or is_item or pattern(_BROKEN).search(content, start, end) or (unicodedata.category(content[start]) == "So" and text.strip()):
            return []
        elif reading.sort != "COURTESY":
            items = MAX_ITEMS if any(ask.announces or (ask.points and text.endswith(":")) for ask in reading.asks) else 0
        found.append(_Sentence(start, end, reading, text, starts, ends))
    return found if _is_own(found) else []


def _is_bilingual(text: str, reading: Reading) -> bool:
    """Return whether a wish in one language has words of the other that speak of wishes or of words."""
    said = "".join(" " if any(start <= at < end for ask in reading.asks for start, end in ask.asks) else char for at, char in enumerate(text))
    asked = "".join(text[start:end] for ask in reading.asks for start, end in ask.asks)
    return pattern(_MIXED_CHINESE if not has_cjk(asked) else _MIXED).search(said) is not None


def _is_own(sentences: Sequence[_Sentence]) -> bool:
    """Return whether there are few statements beside the wishes, and each is of the user's life, or what a wish points at."""
    stated = [number for number, sentence in enumerate(sentences) if sentence.reading.sort in ("LIFE", "STATEMENT") and not sentence.reading.is_listed]
    if len(stated) > MAX_STATEMENTS:
        return False
    if any(sentence.reading.sort == "REASON" and not _follows_forgetting(sentences, number) for number, sentence in enumerate(sentences)):
        return False
    pointed = {place for number, sentence in enumerate(sentences) if any(ask.points for ask in sentence.reading.asks) for place in _beside(sentences, number)}
    return all(sentences[number].reading.sort == "LIFE" or number in pointed for number in stated)


def _follows_forgetting(sentences: Sequence[_Sentence], number: int) -> bool:
    """Return whether a sentence stands directly after a wish to forget."""
    return number > 0 and any(ask.kind == "FORGET" for ask in sentences[number - 1].reading.asks)


def _beside(sentences: Sequence[_Sentence], number: int) -> list[int]:
    """Return the statements that "that" means in a sentence: those just before it, or else the one after it."""
    before = [place for place in range(max(0, number - BEFORE), number) if sentences[place].reading.sort in ("LIFE", "STATEMENT")]
    after = [place for place in range(number + 1, min(number + 2, len(sentences))) if sentences[place].reading.sort in ("LIFE", "STATEMENT")]
    return before or after


def _find(kind: Kind, content: str, repeated: Spans, names: Sequence[str]) -> list[Wish]:
    sentences = _read(content, names)
    found: list[Wish] = []
    for number, sentence in enumerate(sentences):
        for ask in sentence.reading.asks:
            asks = tuple(sentence.span(*part) for part in ask.asks)
            if ask.kind == kind and not repeated.touch(*asks[0]):
                start, end = _scope(sentences, number, ask)
                found.append(Wish(kind, start, end, asks))
    return found


def _scope(sentences: Sequence[_Sentence], number: int, ask: Ask) -> tuple[int, int]:
    """Return what a wish is about: its own part of the sentence, the list that follows, or, if it only points, the statements before it, or else after it."""
    sentence = sentences[number]
    start, end = sentence.scope(ask)
    last = number
    while last + 1 < len(sentences) and (sentences[last + 1].reading.is_listed or sentences[last + 1].reading.sort == "COURTESY"):
        last += 1
    if any(other.reading.is_listed for other in sentences[number + 1 : last + 1]):
        return start, sentences[last].end
    if not ask.points:
        return start, end
    beside = _beside(sentences, number)
    return min([start, *(sentences[place].start for place in beside)]), max([end, *(sentences[place].end for place in beside)])
