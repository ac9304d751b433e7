"""Excerpts of earlier days within a number of tokens, which are counted here in characters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobs.rules.search.excerpts import Excerpt, by_day
from jobs.rules.search.look_back import RankedTurn, Turn
from jobs.rules.search.query import Query

DAY = date(2026, 3, 14)
DIARY = "2026-03-14 (Sat): I drank tea."
MESSAGE = "person: tea at four"
TURN = RankedTurn(Turn(1, DAY, True, "tea at four"), 1.0)


def excerpts(budget: int, ranked: Sequence[RankedTurn] = (), diary: str = "I drank tea.") -> list[Excerpt]:
    return by_day(Query({"tea": 1.0}), ranked, [DAY], {DAY: diary} if diary else {}, budget=budget, measure=len, shorten=lambda text, tokens: text[:tokens])


def test_by_day_diary_that_just_fits_with_its_line_break_is_shown() -> None:
    assert [found.text for found in excerpts(len(DIARY) + 1)] == [DIARY]


def test_by_day_diary_that_is_too_long_by_its_line_break_is_left_out() -> None:
    assert excerpts(len(DIARY)) == []


def test_by_day_message_of_a_day_with_a_diary_needs_no_second_heading() -> None:
    assert [found.text for found in excerpts(len(DIARY) + len(MESSAGE) + 2, [TURN])] == [f"{DIARY}\n{MESSAGE}"]
    assert [found.text for found in excerpts(len(DIARY) + len(MESSAGE) + 1, [TURN])] == [DIARY]


def test_by_day_message_of_a_day_without_a_diary_needs_its_heading() -> None:
    heading = "2026-03-14 (Sat):"
    assert [found.text for found in excerpts(len(heading) + len(MESSAGE) + 2, [TURN], diary="")] == [f"{heading}\n{MESSAGE}"]
    assert excerpts(len(heading) + len(MESSAGE) + 1, [TURN], diary="") == []
