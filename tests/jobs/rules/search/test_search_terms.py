"""Stems of English words, and the keys under which terms are stored."""

from __future__ import annotations

import pytest

from jobs.rules.search.search_terms import stem, term_keys

FAMILIES = [
    ("stop", "stops", "stopped", "stopping"), ("plan", "plans", "planned", "planning"), ("call", "calls", "called", "calling"), ("miss", "missed", "missing"),
    ("bake", "bakes", "baked", "baking"), ("city", "cities"), ("tree", "trees"), ("happy",), ("skate", "skated", "skating"), ("admit", "admitted"),
]  # fmt: skip


@pytest.mark.parametrize("forms", FAMILIES)
def test_stem_of_the_forms_of_a_word_is_the_same(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_stem_of_different_words_differs() -> None:
    assert len({stem(forms[0]) for forms in FAMILIES}) == len(FAMILIES)


@pytest.mark.parametrize("word", ["h2os", "covid19s", "cafés", "3s"])
def test_stem_of_a_word_with_digits_or_other_letters_is_the_word(word: str) -> None:
    assert stem(word) == word


def test_term_keys_fit_into_a_bigint_and_differ_between_users() -> None:
    terms = [f"term{number}" for number in range(50)]
    ann, bob = term_keys(b"ann", terms), term_keys(b"bob", terms)
    assert all(-(2**63) <= key < 2**63 for key in [*ann, *bob])
    assert len({*ann, *bob}) == 100 and ann == term_keys(b"ann", terms)
