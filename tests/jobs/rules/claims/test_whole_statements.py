"""Whole statements around quotes, in English and Chinese."""

from __future__ import annotations

import pytest

from jobs.rules.claims.whole_statements import STATEMENT_LENGTH, sentence_spans, statement_span

LONG = "I told everybody at length, and more than once, that the garden was fine, " + "that the weather was fine, " * 9 + "that I don't like coffee, and so on."


def statement_of(content: str, quote: str) -> str:
    start = content.index(quote)
    first, last = statement_span(content, start, start + len(quote), list(sentence_spans(content)))
    return content[first:last]


@pytest.mark.parametrize(
    ("content", "quote", "statement"),
    [
        ("Rain again. I don't like coffee any more! Bye.", "like coffee", "I don't like coffee any more!"),
        ("下雨了。我不喜欢喝咖啡，一喝就心慌。再见", "喜欢喝咖啡", "我不喜欢喝咖啡，一喝就心慌。"),
        ("Dr. Lee is my brother, e.g. the pilot. Fine.", "pilot", "Dr. Lee is my brother, e.g. the pilot."),
        ("I don't\nlike coffee.", "like coffee", "I don't\nlike coffee."),
        ("I hate Mondays\nCoffee helps", "Coffee helps", "Coffee helps"),
        ("One. Two is here. Three is not.", "is here. Three", "Two is here. Three is not."),
        ("no marks at all", "marks", "no marks at all"),
    ],
)
def test_statement_span_reaches_from_the_beginning_to_the_end_of_the_sentence(content: str, quote: str, statement: str) -> None:
    assert statement_of(content, quote) == statement


def test_statement_span_of_a_long_sentence_ends_with_a_clause_and_keeps_its_negation() -> None:
    found = statement_of(LONG, "like coffee")
    assert found.endswith("that I don't like coffee") and found.startswith("that the weather was fine")
    assert len(found) <= STATEMENT_LENGTH


def test_statement_span_of_words_without_any_mark_is_bounded() -> None:
    content = "word " * 2_000
    first, last = statement_span(content, 5_000, 5_004, list(sentence_spans(content)))
    assert first <= 5_000 and last >= 5_004 and last - first <= 4 + 2 * STATEMENT_LENGTH


def test_sentence_spans_of_a_text_without_an_end_are_cut_between_words() -> None:
    content = "walked slowly " * 100
    assert {content[first:last].split()[-1] for first, last in sentence_spans(content)} <= {"walked", "slowly"}
    assert [last - first for first, last in sentence_spans("好" * 1_000)] == [600, 400], "without spaces it is cut at the bound"
