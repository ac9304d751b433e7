"""The search terms of a text, for Chinese and English alike: stems of words, and single and paired Chinese characters.

In Chinese, Japanese and Korean every character is a term, and so is every pair of neighbours. Elsewhere a term is a word without the endings of plural,
past and progressive; irregular English verbs and nouns share the term of their base form, and a word with hyphens has the terms of its parts and that of
the whole. Spellings of a word are one (jobs/rules/text/words.py). Words that only ask (when, did, 什么时候) or have no meaning of their own are not
terms of a query.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, product
from typing import Final

from jobs.rules.text.normalization import is_cjk, normalize
from jobs.rules.text.word_patterns import traditional_forms
from jobs.rules.text.words import fold_words, joined_word_spans, joined_words

_WIDE_RANGES: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE: Final = re.compile(f"[{_WIDE_RANGES}]")
_WORD: Final = re.compile(f"[^\\W_{_WIDE_RANGES}]+")
_RUN: Final = re.compile(f"[{_WIDE_RANGES}]+|{_WORD.pattern}")
_ASKING: Final = re.compile(
    "什么时候|什麼時候|(?:的|什么|什麼|些|件)事(?:情|儿)?(?=\\W|$)|是?(?:在)?哪一?天|何时|几号|哪些|哪个|什么|怎么|怎样|为什么|多少|有没有|是不是|我们?|你们?|他们?|她们?|说起|说过|提到|提过|问过|告诉|记得|"
    "[的了吗呢啊吧呀么着过是在有和与跟也都就还很太老这那个把被给对要说去会因为]"
)
"""The parts of a Chinese query that only ask or connect."""
STOP_WORDS: Final = frozenset(
    """
    a an and any are as at be been but by can could did do does for from had has have he her him his how i if in into is it its me my of on
    or our ours out over she so some than that the their them then there these they this those to too us was we were what when where which
    who whom whose why will with would you your yours about after again all also am before ever just not now only s t ll ve re m d day date
    time tell told say said mention talk ask name since thing things something anything
    """.split()
)
"""The English words that are not terms of a query."""
_FORMS: Final = """
be:am/is/are/was/were/been/being go:went/gone/goes see:saw/seen buy:bought eat:ate/eaten swim:swam/swum run:ran take:took/taken make:made
teach:taught feel:felt lose:lost win:won write:wrote/written speak:spoke/spoken begin:began/begun drink:drank/drunk drive:drove/driven
fly:flew/flown find:found meet:met think:thought sleep:slept give:gave/given get:got/gotten come:came know:knew/known break:broke/broken
choose:chose/chosen wear:wore/worn sing:sang/sung shoot:shot spend:spent sell:sold leave:left hear:heard keep:kept fall:fell/fallen
ride:rode/ridden wake:woke/woken grow:grew/grown build:built catch:caught send:sent pay:paid child:children man:men woman:women foot:feet
tooth:teeth mouse:mice person:people practice:practise
"""
_IRREGULAR: Final[Mapping[str, str]] = {form: plain for plain, _, forms in (entry.partition(":") for entry in _FORMS.split()) for form in forms.split("/")}
_ENDINGS: Final = ((re.compile(r"(?<=[a-z]{3})ies$"), "y"), (re.compile(r"(?:(?<=[sxz])|(?<=[cs]h))es$"), ""), (re.compile(r"(?<=[a-z]{2}[^s])s$"), ""))
_PAST: Final = re.compile(r"^(.*[aeiouy].*?)(?:ing|ed|er)$")


def query_terms(text: str) -> dict[str, float]:
    """Return the terms to search for, each with its weight: 1, or `SINGLE` for a character of a longer Chinese word.

    A query of nothing but stop words is searched for those words.
    """
    return content_terms(text) or _weighed(_unjoined(text), frozenset())


def content_terms(text: str) -> dict[str, float]:
    """Return the terms as `query_terms` does; nothing for a query of nothing but stop words."""
    return _weighed(_ASKING.sub(" ", _unjoined(text)), STOP_WORDS)


def _weighed(text: str, left_out: frozenset[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for run in _RUN.findall(text):
        if not _WIDE.match(run):
            if run not in left_out:
                found[stem(run)] = 1.0
            continue
        single = 1.0 if len(run) == 1 else SINGLE
        for character in run:
            found[character] = max(single, found.get(character, 0.0))
        found.update((run[start : start + 2], 1.0) for start in range(len(run) - 1))
    for word in joined_words(text):
        if not _WIDE.search(word):
            found.setdefault(stem(word), SINGLE)
    return found


SINGLE: Final = 0.35
"""The weight of a Chinese character that is part of a longer word in the query, and of a word without its hyphens; pairs and parts weigh 1."""


MAX_WORD_LENGTH: Final = 30
"""Maximum length of a word in letters. A longer string is not a word, and stemming takes time that grows with the square of the length."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the folded word without its English endings. A word of another alphabet or with digits is returned unchanged."""
    if not word.isascii() or not word.isalpha() or not 3 <= len(word) <= MAX_WORD_LENGTH:
        return word
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    for ending, instead in _ENDINGS:
        shorter = ending.sub(instead, word)
        if shorter != word:
            word = shorter
            break
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    match = _PAST.match(word)
    if match and len(match[1]) >= 3:
        word = match[1]
        if word[-1] == word[-2] and word[-1] not in "lsz":
            word = word[:-1]
    word = word[:-1] if word.endswith("e") and len(word) > 3 else word
    return word[:-1] + "i" if word.endswith("y") else word


def count_terms(text: str, wanted: Collection[str]) -> dict[str, int]:
    """Return the number of occurrences of each wanted term in a text. Terms that do not occur are left out."""
    return TermCounter(wanted)(text)


class TermCounter:
    """Counts the occurrences of wanted terms in texts, as `count_terms` does, for many texts."""

    def __init__(self, wanted: Collection[str]) -> None:
        self._wide = [term for term in wanted if _WIDE.match(term)]
        self._terms = _WantedTerms(frozenset(wanted).difference(self._wide))

    def __call__(self, text: str) -> dict[str, int]:
        folded = _unjoined(text)
        found = {term: folded.count(term) for term in self._wide if term in folded}
        if self._terms.wanted:
            words = _WORD.findall(folded)
            words += joined_words(folded)
            for term in filter(None, map(self._terms.__getitem__, words)):
                found[term] = found.get(term, 0) + 1
        return found

    def find(self, folded: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and term of the occurrences in a folded text whose hyphens within words stay; occurrences may overlap."""
        for wide in self._wide:
            start = folded.find(wide)
            while start >= 0:
                yield start, start + len(wide), wide
                start = folded.find(wide, start + 1)
        if self._terms.wanted:
            for match in _WORD.finditer(folded):
                if (term := self._terms[match[0]]) is not None:
                    yield match.start(), match.end(), term
            for start, end, whole in joined_word_spans(folded):
                if (term := self._terms[whole]) is not None:
                    yield start, end, term


class _WantedTerms(dict[str, "str | None"]):
    """The terms of words, None for a word whose term is not wanted. Most texts have the same words, so a word is looked at once."""

    def __init__(self, wanted: frozenset[str]) -> None:
        super().__init__()
        self.wanted = wanted

    def __missing__(self, word: str) -> str | None:
        term = stem(word)
        self[word] = found = term if term in self.wanted else None
        return found


def term_beginnings(term: str) -> list[str]:
    """Return folded words of which every text contains at least one that has the term."""
    return [term[:-1] if term.isascii() and term.endswith("i") and len(term) > 1 else term, *_forms_by_stem().get(term, ())]


def like_patterns(term: str) -> list[str]:
    """Return LIKE patterns (escape \\), at least one of which matches every text with the term that `search_candidates.folded` folds.

    A letter of another alphabet may be upper case there, so the patterns have a wildcard in its position.
    A Chinese character has one for each of its forms, and a Korean syllable or a Japanese letter with a mark one for its parts, since normalized texts
    are decomposed.
    """
    spelled = chain.from_iterable(product(*map(_forms_in_patterns, form)) for form in term_beginnings(term))
    return [f"%{''.join(parts)}%" for parts in spelled]


def _forms_in_patterns(char: str) -> Sequence[str]:
    if char in "%_\\":
        return ("\\" + char,)
    if _WIDE.match(char):
        decomposed = normalize("NFD", char)
        return tuple(dict.fromkeys((char, decomposed, *traditional_forms(char))))
    return (char,) if char.isascii() or is_cjk(char) else ("_",)


@lru_cache(maxsize=1)
def _forms_by_stem() -> Mapping[str, Sequence[str]]:
    """Return the irregular forms by the term that they share."""
    found: dict[str, list[str]] = {}
    for form in _IRREGULAR:
        found.setdefault(stem(form), []).append(form)
    return found


TERMS_VERSION: Final = 2
"""The version of the rules that make stored terms. Raise it with every change of what `stored_terms` returns for a text: the terms are then made
again, and until then a search reads the texts. A test compares the terms of a sample with those that this version made."""

FRAGMENT: Final = 3
"""Letters of a fragment of a word."""


def stored_terms(text: str) -> set[str]:
    """Return what a message is found by: its terms, and the fragments of its words, which find a word that is typed in part."""
    folded = fold_words(text)
    found: set[str] = set()
    for run in _RUN.findall(folded):
        if _WIDE.match(run):
            found.update(run)
            found.update(_pairs(run))
        else:
            found.add(stem(run))
            found.update(_fragments(run))
    if "-" in (parts := _unjoined(text)):
        found.update(run if _WIDE.match(run) else stem(run) for run in _RUN.findall(parts) if len(run) == 1 or not _WIDE.match(run))
    return found


def fragments(word: str) -> set[str]:
    """Return stored terms that every message has in which the word occurs as typed; none for a word that is too short to be looked for by them."""
    found: set[str] = set()
    for run in _RUN.findall(fold_words(word)):
        if _WIDE.match(run):
            found.update(_pairs(run) if len(run) > 1 else run)
        else:
            found.update(_fragments(run))
    return found


def is_single(term: str) -> bool:
    """Return whether a term is one Chinese character."""
    return len(term) == 1 and bool(_WIDE.match(term))


def term_keys(user: bytes, terms: Iterable[str]) -> list[int]:
    """Return the key of each term for one user: a hash of both, so that an index over the keys of all users finds those of one."""
    start = blake2b(user, digest_size=8)

    def key(term: str) -> int:
        hashed = start.copy()
        hashed.update(term.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hashed.digest(), "big", signed=True)

    return [key(term) for term in terms]


def _pairs(run: str) -> Iterator[str]:
    return (run[start : start + 2] for start in range(len(run) - 1))


def _fragments(run: str) -> Iterator[str]:
    """Yield the fragments of a word, marked so that they are no terms."""
    return ("*" + run[start : start + FRAGMENT] for start in range(len(run) - FRAGMENT + 1))


def _unjoined(text: str) -> str:
    """Return the folded text with the hyphens within its words, whose parts are terms."""
    return fold_words(text, join=False)
