"""Places of a text that are marked for a query."""

from __future__ import annotations

import random
import unicodedata
from datetime import date

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.matches import MAX_MATCHES, MatchFinder
from jobs.rules.text.words import fold_with_positions, fold_words, join_words
from tests.word_pairs import DIFFERENT, EQUAL

TODAY = Calendar(date(2026, 11, 29))
MARKED = [
    ("ferries", "The [ferry] was late; two [FERRIES]. No ferret."), ("did I go running", "I [went] for a [run], as I always [go] [running]."),
    ("cafe", "Le [Café], le [cafe\u0301] et les [ＣＡＦＥ]"), ("strasse", "👩‍🍳 Die [Straße]"), ("cooperate", "We [co-operate], [co‑operated], [cooperates]"),
    ("游泳", "我今天去[遊泳]了，[游泳]很好"), ("红烧肉", "昨天吃了[红烧]排骨，肉很香"), ("红烧肉", "[肉]很香"), ("我们 去 渡轮", "我们去坐[渡轮]"),
    ("rain umbrella", "[Rain] and t[rain]ing, no [umbrellas]"), ("rain umbrella", "[Rain] and training"), ("the of", "[the] end [of] it, o[the]r"),
    ("last Tuesday ferry", "The [ferry] of Tuesday"), ("last Tuesday", "The ferry of Monday"), ("🎉", "a party [🎉]"),
    ("“curry”", "hers is ['curry']"), ("curry", ""),
]
"""Queries with the texts in which the marked parts are found."""


def marked(query: str, text: str) -> str:
    places = MatchFinder(query, query.split(), TODAY).find(text)
    for start, end in reversed(places):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def test_matches_are_the_words_as_typed_and_the_terms_as_they_stand() -> None:
    assert [marked(query, text.replace("[", "").replace("]", "")) for query, text in MARKED] == [text for _, text in MARKED]


def test_matches_of_a_part_have_words_as_typed_although_others_are_elsewhere() -> None:
    finder = MatchFinder("rain umbrella", ["rain", "umbrella"])
    assert finder.find("training", part=True) == [(1, 5)] and finder.find("training") == []


def test_matches_are_limited_and_do_not_overlap() -> None:
    places = MatchFinder("哈哈 ha", ["哈哈", "ha"]).find("哈哈哈 ha " * 200)
    assert len(places) == MAX_MATCHES and all(first.end < second.start for first, second in zip(places, places[1:]))


def test_positions_of_a_folded_text_are_those_of_its_characters() -> None:
    chance = random.Random(1)
    letters = [chr(number) for number in range(0x20, 0x30000) if not 0xD800 <= number < 0xE000]
    texts = ["".join(chance.choices(letters, k=200)) for _ in range(20)] + ["".join(chance.choices("ab-\u0301かΣς ıßﬁ…—‑ﾞ가", k=200)) for _ in range(20)]
    texts += [word for pair in (*EQUAL, *DIFFERENT) for one in pair for word in (one, unicodedata.normalize("NFD", one))]
    for text in texts:
        folded = fold_with_positions(text)
        assert folded.text == fold_words(text, join=False) and join_words(folded).text == fold_words(text), text
        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        assert all(fold_words(text[start:end], join=False).count(char) for char, start, end in zip(folded.text, folded.starts, folded.ends)), text
