# ruff: noqa: E501 - a row is one example
"""Statements of a message: without greetings, in parts of bounded length, and seriously meant or not."""

from __future__ import annotations

import pytest

from jobs.rules.diary.fallback import fallback
from jobs.rules.diary.told_statements import ToldMessage, told_span, whole_statements
from tests.jobs.rules.factories import message


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Hi, Anna.", ""), ("Hello, Bob here!", ""), ("Oh, it rained all day.", "it rained all day."), ("Hey, abcdefghi abcdefghij", ""), ("Hey, abcdefghij abcdefghij", "abcdefghij abcdefghij"),
        ("嗯，下雨了。", "下雨了。"),
    ],
)  # fmt: skip
def test_told_span_behind_a_greeting_leaves_out_a_name_of_up_to_twenty_letters(sentence: str, told: str) -> None:
    first, last = told_span(sentence)
    assert sentence[first:last] == told


def test_whole_statements_of_a_long_sentence_end_at_a_comma() -> None:
    content = "we walked along the river and looked at boats, " * 12
    parts = [content[first:last] for first, last in whole_statements(content)]
    assert len(parts) == 3 and all(part.startswith("we walked") and part.endswith("boats,") for part in parts)


def test_whole_statements_of_a_long_sentence_without_commas_end_between_words() -> None:
    content = "walked slowly " * 40
    assert {word for first, last in whole_statements(content) for word in content[first:last].split()} == {"walked", "slowly"}


@pytest.mark.parametrize(
    ("content", "serious"),
    [("Just kidding. I moved to Lisbon.", [False, True]), ("I moved to Lisbon. Just kidding!", [False, False]), ("开玩笑的。我搬到里斯本了。", [False, True]), ("I moved to Lisbon. It rained.", [True, True])],
)
def test_is_serious_of_a_joke_holds_for_the_sentences_behind_it(content: str, serious: list[bool]) -> None:
    told = ToldMessage(message(1, content))
    assert [told.is_serious(first, last) for first, last, _ in told.statements()] == serious


@pytest.mark.parametrize(
    ("said", "taken_back", "kept"),
    [("Today I moved to Lisbon with Anna. I sold my house for a potato.", "Just kidding!", "Today I moved to Lisbon with Anna."), ("今天我和安娜搬到了里斯本。我把房子换了一个土豆。", "开玩笑的！", "今天我和安娜搬到了里斯本。")],
)
def test_fallback_takes_back_only_the_last_statement_before_a_joke_is_owned_up(said: str, taken_back: str, kept: str) -> None:
    found = fallback([message(1, said), message(2, taken_back)], "zh-CN" if kept[0] == "今" else "en-GB")
    assert [line.text for line in found.lines] == [kept]
