"""Quotes that a hidden, reworded or deleted diary line withdraws."""
from __future__ import annotations

from uuid import UUID

import pytest

from jobs.rules.diary.withdrawal import EvidenceLine, Passage, is_withdrawn

ONE, OTHER = UUID(int=1), UUID(int=2)


def at(start: int, stop: int, message: UUID = ONE) -> Passage:
    return Passage(message, start, stop)


def line(*passages: Passage, hidden: bool = False, text: str = "Lives in Hangzhou.", was: str | None = None) -> EvidenceLine:
    return EvidenceLine(text, passages, hidden, was)


@pytest.mark.parametrize(("lines", "deleted", "expected"), [
    ([], [], False),
    ([line(at(0, 9))], [], False),
    ([line(at(0, 9), hidden=True)], [], True),
    ([line(at(0, 9), hidden=True), line(at(4, 6))], [], False),
    ([line(at(0, 9), hidden=True), line(at(9, 12))], [], True),
    ([line(at(0, 9), hidden=True), line(at(0, 9, OTHER))], [], True),
    ([line(at(9, 12), hidden=True)], [], False),
    ([line(at(0, 9, OTHER), hidden=True)], [], False),
    ([], [at(2, 4)], True),
    ([], [at(9, 10)], False),
    ([line(at(0, 9))], [at(2, 4)], False),
    ([line(at(0, 9), hidden=True)], [at(2, 4)], True),
], ids=[
    "no line", "visible line", "hidden line", "hidden beside a visible line", "hidden beside a line of another passage",
    "hidden beside a line of another message", "hidden line of another passage", "hidden line of another message",
    "deleted passage", "another passage deleted", "deleted but visible", "deleted and hidden",
])  # fmt: skip
def test_is_withdrawn_quote_of_a_visible_line_returns_false(lines: list[EvidenceLine], deleted: list[Passage], expected: bool) -> None:
    assert is_withdrawn("Hangzhou", at(3, 9), lines, deleted) is expected
    assert is_withdrawn("Hangzhou", at(3, 9), reversed(lines), deleted) is expected


@pytest.mark.parametrize(("was", "now", "expected"), [
    ("Lives in Hangzhou.", "Lives in Suzhou.", True),
    ("Lives in Hangzhou.", "Lives in Hangzhou, by the lake.", False),
    ("A good day.", "A very good day.", False),
    ("住在杭州。", "住在 Hangzhou。", False),
    (None, "Nothing of the kind.", False),
])
def test_is_withdrawn_reworded_line_returns_true_only_if_it_no_longer_names_the_value(was: str | None, now: str, expected: bool) -> None:
    assert is_withdrawn("Hangzhou", at(0, 9), [line(at(0, 9), text=now, was=was)], []) is expected
