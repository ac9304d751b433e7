"""Token counts, and texts that are cut to a budget of tokens."""
from __future__ import annotations

import pytest

from llm import tokens
from llm.messages import ChatMessage


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("a", 1), ("abcdefghij", 3), ("中", 1), ("一二三四五六七八九十", 6), ("中文and English", 5), ("！", 1)],
)
def test_count_tokens_of_each_script_follows_the_published_ratios(text: str, expected: int) -> None:
    assert tokens.count(text) == expected


@pytest.mark.parametrize("text", ["word " * 50, "今天天气很好。" * 20, "mixed 中文 text，好 " * 20])
@pytest.mark.parametrize("budget", [0, 1, 2, 7, 30])
def test_truncate_long_text_returns_a_beginning_within_the_budget(text: str, budget: int) -> None:
    trimmed = tokens.truncate(text, budget)
    assert tokens.count(trimmed) <= budget
    assert text.startswith(trimmed.removesuffix(tokens.CUT_MARK))
    assert (trimmed == "") or trimmed.endswith(tokens.CUT_MARK)


def test_truncate_text_within_the_budget_returns_it_unchanged() -> None:
    assert tokens.truncate("今天很好", 3) == "今天很好"


@pytest.mark.parametrize("text", ["word " * 50, "今天天气很好。" * 20, ""])
def test_split_any_text_returns_all_of_it_within_the_budget(text: str) -> None:
    pieces = list(tokens.split(text, 9))
    assert "".join(pieces) == text
    assert all(tokens.count(piece) <= 9 for piece in pieces)


def test_count_message_with_text_adds_the_overhead() -> None:
    message: ChatMessage = {"role": "user", "content": "中" * 10}
    assert tokens.count_message(message) == 6 + tokens.MESSAGE_OVERHEAD


def test_fit_to_budget_item_that_does_not_fit_ends_the_list() -> None:
    assert tokens.fit_to_budget(["a" * 10, "b" * 100, "c"], 10) == ["a" * 10]
