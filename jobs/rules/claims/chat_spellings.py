# ruff: noqa: E501 - a table of words reads by its rows
"""English spellings of chats and what stands for them in the patterns and tables of the rules: "abt" for "about", "dont" for "don't"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

SPELLINGS: Final[Mapping[str, str]] = {
    form: words
    for words, forms in {
        "about": "abt", "because": "bc bcs bcoz coz cuz cus", "before": "b4", "with": "w", "you": "u", "your": "ur", "are": "r", "and": "n", "people": "ppl", "through": "thru",
        "though": "tho", "really": "rly rlly", "probably": "prob probs prolly probly", "definitely": "def", "obviously": "obv obvs", "maybe": "mebbe", "favourite": "fav fave",
        "never": "nvr", "every": "evry", "someone": "some1 sum1", "everyone": "every1", "something": "smth", "would": "wud", "could": "cud", "should": "shud",
        "would have": "woulda", "could have": "coulda", "should have": "shoulda", "want to": "wanna", "trying to": "tryna", "going to": "gonna", "i don't know": "idk dunno",
        "i don't care": "idc", "right now": "rn", "tonight": "tn 2nite tonite", "today": "2day", "tomorrow": "tmr tmrw tmrrw tomoz 2moro", "yesterday": "yday", "weekend": "wknd",
        "hour": "hr", "hours": "hrs", "minutes": "mins", "year": "yr", "years": "yrs", "week": "wk", "weeks": "wks", "christmas": "xmas", "work from home": "wfh",
        "i'm": "im", "i'd": "id", "i'll": "ill", "i've": "ive", "we've": "weve", "you're": "youre", "you've": "youve", "he's": "hes", "she's": "shes", "they're": "theyre", "they've": "theyve",
        "that's": "thats", "there's": "theres", "what's": "whats", "who's": "whos", "don't": "dont", "doesn't": "doesnt", "didn't": "didnt", "isn't": "isnt", "aren't": "arent",
        "wasn't": "wasnt", "weren't": "werent", "can't": "cant", "couldn't": "couldnt", "wouldn't": "wouldnt", "shouldn't": "shouldnt", "won't": "wont", "haven't": "havent havnt",
        "hasn't": "hasnt", "hadn't": "hadnt", "ain't": "aint",
    }.items()
    for form in forms.split()
}  # fmt: skip
_BEFORE_VERBS: Final = frozenset(("id", "ill"))
_VERB: Final = re.compile(r" (?:rather|love|like|choose|pick|take|be|have|never|always|kill|say|go|prefer|do|get|try|see|just|probably|need|eat|buy|call|make|tell|give|die)\b")
"""The words before which "id" and "ill" are verbs: "id rather", "ill be late"."""
_WORD: Final = re.compile(r"(?<![^\W一-龥])(?<!['&/.-])(?:[a-z0-9]{2,8}|[a-z](?=\s))(?![^\W一-龥]|['&-]|[./][a-z0-9])")


def find_spellings(text: str) -> list[re.Match[str]]:
    """Return the words of a folded text that are among `SPELLINGS`."""
    return [match for match in _WORD.finditer(text) if match[0] in SPELLINGS and (match[0] not in _BEFORE_VERBS or _VERB.match(text, match.end()))]


def expand_spellings(spellings: Sequence[re.Match[str]], text: str, starts: Sequence[int], cased: str) -> tuple[str, Sequence[int], str]:
    """Return the text with what its spellings stand for, where each of its characters comes from, and the same before its case was folded.

    `starts` has where each character of `text` comes from, and `cased` is `text` before its case was folded.
    """
    new_text, new_cased, new_starts, last = list[str](), list[str](), list[int](), 0
    for match in spellings:
        begin, end = match.span()
        words = SPELLINGS[match[0]]
        new_text += [text[last:begin], words]
        new_cased += [cased[last:begin], words.capitalize() if cased[begin].isupper() else words]
        new_starts += [*starts[last:begin], *(starts[min(begin + place, end - 1)] for place in range(len(words)))]
        last = end
    return "".join((*new_text, text[last:])), (*new_starts, *starts[last:]), "".join((*new_cased, cased[last:]))
