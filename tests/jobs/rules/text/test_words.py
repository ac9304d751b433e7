"""The one notion of a word: folding is stable, and the patterns of a word's spellings match what is folded to it."""
from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.search.search_terms import fragments, stored_terms
from jobs.rules.text.letter_forms import FORMS
from jobs.rules.text.word_patterns import equal_pattern, rough_pattern, word_pattern
from jobs.rules.text.words import fold_words, simplified
from tests.word_pairs import DIFFERENT, EQUAL

ASSIGNED = [chr(number) for number in range(0x20, 0x30000) if unicodedata.category(chr(number)) not in ("Cn", "Cs", "Co")]
TRICKY = "aAzZßİıΣσς ﬁﬂ½①ＡＢ１,.!?\"'“”‘’–—--ｶﾞガé가각ᄀ́̈\u200b\u00ad\ufe0f\u3000\n臺台後后發髮øŁæ+#"
texts = st.text(st.one_of(st.sampled_from(TRICKY), st.characters(blacklist_categories=["Cs"])), max_size=30)


def test_fold_words_of_a_folded_character_changes_nothing():
    assert [char for char in ASSIGNED if fold_words(fold_words(char)) != fold_words(char)] == []


@given(text=texts)
@settings(max_examples=500, deadline=None)
def test_fold_words_of_a_folded_text_changes_nothing(text: str):
    assert fold_words(fold_words(text)) == fold_words(text)


@given(text=texts)
@settings(max_examples=300, deadline=None)
def test_fold_words_of_case_and_composition_is_the_same(text: str):
    wanted = fold_words(text)
    assert fold_words(unicodedata.normalize("NFD", text)) == fold_words(unicodedata.normalize("NFC", text)) == wanted


def test_simplified_characters_are_final():
    assert len(simplified()) > 4_000 and not simplified().keys() & set(map(ord, simplified().values()))


def test_letter_forms_have_every_character_that_is_folded_to_a_letter():
    known = {char for entry in FORMS.split("\n") for char in entry.partition(" ")[2]}
    folded = {char: fold_words(char) for char in ASSIGNED if ord(char) not in simplified()}
    missing = [char for char, to in folded.items() if to != char and len(to) == 1 and not to.isspace() and char not in known and not "가" <= char <= "힣"]
    assert missing == []


@pytest.mark.parametrize("side", [0, 1])
def test_patterns_of_one_spelling_match_the_other(side: int):
    for pair in EQUAL:
        word, text = pair[side], f"({pair[1 - side]})"
        assert re.search(word_pattern(word), text) and re.search(rough_pattern([fold_words(word)]) or "", text), pair
        assert re.search(equal_pattern(word), pair[1 - side]) and fragments(word) <= stored_terms(text), pair


@pytest.mark.parametrize("side", [0, 1])
def test_pattern_of_a_word_matches_no_different_one(side: int):
    assert [pair for pair in DIFFERENT if re.search(word_pattern(pair[side]), f"({pair[1 - side]})")] == []


@pytest.mark.parametrize("word", ["[a]", "a.c", "100%", "C++", "(?i)x", "***:x", "a\\b", "^$", "{2}", "a|b"])
def test_pattern_of_signs_matches_them_alone(word: str):
    assert re.search(word_pattern(word), f"say {word} now") and not re.search(word_pattern(word), "abc x AXC 100 C 2 b")


@pytest.mark.parametrize("letter", ["f", "i", "m", "s"])
def test_pattern_of_a_long_run_of_a_letter_grows_with_its_length(letter: str):
    assert len(word_pattern(letter * 400)) < 2.1 * len(word_pattern(letter * 200))
    assert re.search(word_pattern(letter * 40), f"a{letter.upper() * 40}h") and not re.search(word_pattern(letter * 40), letter * 39)


def test_pattern_of_a_run_of_ligatures_matches_them():
    assert re.search(word_pattern("ffff"), "\ufb00\ufb00") and re.search(word_pattern("waffle"), "wa\ufb04e")
