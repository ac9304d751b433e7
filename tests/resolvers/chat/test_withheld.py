"""Withheld sources in the texts that a prompt or a search would show."""
from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.search.look_back import RankedTurn, ScoredDay, Turn
from jobs.rules.search.query import Query
from resolvers.chat.withheld import Withheld
from resolvers.search import LookBack

DAY, OTHER = date(2026, 5, 20), date(2026, 5, 21)
TEXTS = ("Has a sister, Anna. Ran in the rain.", "有个妹妹叫小丽。下雨天跑步。")


def found() -> LookBack:
    turns = [Turn("a", DAY, True, "My sister Anna called"), Turn("b", DAY, False, "How is your sister Anna?"), Turn("c", OTHER, True, "Anna is a name")]
    days = [ScoredDay(DAY, 1.0), ScoredDay(OTHER, 1.0)]
    return LookBack(Query({}), [RankedTurn(turn, 1.0) for turn in turns], days, {DAY: TEXTS[0]}, True)


def keys(kept: LookBack) -> str:
    return "".join(item.turn.key for item in kept.turns)


@pytest.mark.parametrize(("withheld", "turns", "diary"), [
    (Withheld(values=frozenset("1"), texts=["sister Anna"]), "c", "Ran in the rain."),
    (Withheld(wrong=["sister Anna"]), "ac", "Ran in the rain."),
    (Withheld(outdated=["sister Anna"]), "abc", TEXTS[0]),
    (Withheld(messages=frozenset("b")), "ac", TEXTS[0]),
    (Withheld(days=frozenset([DAY.isoformat()])), "c", None),
])  # fmt: skip
def test_filter_of_a_search_leaves_out_what_is_withheld(withheld: Withheld, turns: str, diary: str | None) -> None:
    kept = withheld.filter(found())
    assert (keys(kept), kept.diaries.get(DAY), kept.about) == (turns, diary, True)


@pytest.mark.parametrize("kind", ["texts", "wrong", "outdated"])
@pytest.mark.parametrize(("text", "value", "left"), [(TEXTS[0], "sister Anna", "Ran in the rain."), (TEXTS[1], "妹妹叫小丽", "下雨天跑步。")])
def test_latest_diaries_leave_out_sentences_that_say_a_value(kind: str, text: str, value: str, left: str) -> None:
    assert Withheld(**{kind: [value]}).latest([(DAY, text), (OTHER, text.replace(left, ""))]) == [(DAY, left)]  # type: ignore[arg-type] # one of three fields
    assert Withheld(**{kind: [value]}).latest([(DAY, left)]) == [(DAY, left)]  # type: ignore[arg-type] # one of three fields


def test_search_that_found_only_what_is_withheld_is_about_nothing() -> None:
    everything = Withheld(days=frozenset([DAY.isoformat(), OTHER.isoformat()]))
    assert not everything.filter(found()).about
