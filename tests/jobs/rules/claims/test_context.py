"""Contexts of statements: since when, until when, and under which condition a value is true, and the relation to it."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.claims.context import CONDITIONS, SINCE, UNTIL, StatementContext, read_context
from jobs.rules.claims.relations import find_place, find_relation
from jobs.rules.claims.said_days import coming_day, day_before, past_day
from jobs.rules.diary.drafts import CheckedQuote, Polarity
from tests.jobs.rules.factories import message_id

DAY = date(2026, 3, 14)
"""A Saturday."""


def quote(text: str) -> CheckedQuote:
    return CheckedQuote(message_id(1), DAY, text, 0, len(text), 0, len(text))


def context(text: str, value: str, *, ended: bool = False) -> StatementContext:
    return read_context(value, *find_place(value, quote(text)), DAY, ended=ended)


@pytest.mark.parametrize(("text", "since"), [example for row in SINCE for example in row.examples])
def test_read_context_of_each_example_of_a_beginning_finds_it(text: str, since: str) -> None:
    assert context(text, "it").since == since


@pytest.mark.parametrize(("text", "until"), [example for row in UNTIL for example in row.examples])
def test_read_context_of_each_example_of_an_end_finds_it(text: str, until: str) -> None:
    assert context(text, "it").until == until


@pytest.mark.parametrize(("text", "value", "condition"), [example for row in CONDITIONS for example in row.examples])
def test_read_context_of_each_example_of_a_condition_finds_it(text: str, value: str, condition: str) -> None:
    assert context(text, value).condition == condition


@pytest.mark.parametrize(
    ("text", "value", "condition"),
    [
        ("I drink coffee on weekdays and tea on weekends.", "coffee", "on weekdays"),
        ("I drink coffee on weekdays and tea on weekends.", "tea", "on weekends"),
        ("On weekdays I drink coffee and tea.", "tea", "on weekdays"),
        ("I drink coffee, but only when I'm tired.", "coffee", "only when I'm tired"),
        ("When I'm tired, I drink tea.", "tea", "when I'm tired"),
        ("我工作日喝咖啡，周末喝茶。", "咖啡", "工作日"),
        ("我工作日喝咖啡，周末喝茶。", "茶", "周末"),
        ("上班的时候我喝咖啡，下班后喝茶。", "茶", "下班后"),
    ],
)
def test_read_context_of_several_values_gives_each_its_own_condition(text: str, value: str, condition: str) -> None:
    assert context(text, value).condition == condition


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I live in Bergen.", "Bergen"),
        ("I work until 6.", "until 6"),
        ("I was tired when I came home, but I like tea.", "tea"),
        ("I love running in the morning.", "running in the morning"),
        ("我小时候爱吃糖。", "糖"),
        ("我有时候喝咖啡。", "咖啡"),
        ("我住在杭州。", "杭州"),
        ("我每天早上跑步。", "跑步"),
    ],
)
def test_read_context_of_a_statement_without_one_is_empty(text: str, value: str) -> None:
    assert context(text, value) == StatementContext()


@pytest.mark.parametrize(
    ("text", "value", "until"),
    [
        ("I haven't lived in Bergen since 2019.", "Bergen", "2019"),
        ("I stopped drinking coffee in February.", "coffee", "2026-02"),
        ("去年我就不住杭州了。", "杭州", "2025"),
        ("I no longer live in Bergen.", "Bergen", None),
    ],
)
def test_read_context_of_an_end_takes_the_named_day_for_the_end(text: str, value: str, until: str | None) -> None:
    assert context(text, value, ended=True) == StatementContext(until=until)


@pytest.mark.parametrize(
    ("words", "past", "coming"),
    [
        ("2019", "2019", None), ("2027", None, "2027"), ("last year", "2025", None), ("next year", None, "2027"), ("March", "2026-03", "2026-03"),
        ("June", "2025-06", "2026-06"), ("the end of the month", None, "2026-03-31"), ("Friday", "2026-03-13", "2026-03-20"),
        ("六月底", "2025-06-20", "2026-06-30"), ("in 2027", None, "2027"), ("2027年", None, "2027"), ("二〇二七年", None, "2027"), ("2025年", "2025", None),
        ("年底", "2025-11-01", "2026-12-31"), ("5月3号", "2025-05-03", "2026-05-03"), ("下个月", None, "2026-04"), ("two", None, None), ("大家", None, None),
    ],
)  # fmt: skip
def test_days_that_words_name_are_read_backwards_and_forwards_from_the_day_of_the_message(words: str, past: str | None, coming: str | None) -> None:
    assert (past_day(words, DAY) if past else None, coming_day(words, DAY)) == (past, coming)


@pytest.mark.parametrize(
    ("words", "begin"),
    [("three years", "2023"), ("six months", "2025-09"), ("two weeks", "2026-02-28"), ("三年", "2023"),
     ("两个月", "2026-01"), ("半年", "2025-09"), ("30 minutes", None), ("十几年", None)],
)  # fmt: skip
def test_day_before_a_duration_is_as_precise_as_its_unit(words: str, begin: str | None) -> None:
    assert day_before(words, DAY) == begin


@pytest.mark.parametrize(
    ("text", "slot", "value", "polarity", "relation"),
    [
        ("I hate cilantro.", "preferences.food", "cilantro", "NEGATIVE", "DISLIKES"),
        ("I don't like coffee any more.", "preferences.food", "coffee", "NEGATIVE", "DISLIKES"),
        ("我讨厌香菜。", "preferences.food", "香菜", "NEGATIVE", "DISLIKES"),
        ("I don't eat pork.", "preferences.food", "pork", "NEGATIVE", "IS_NOT"),
        ("我不吃猪肉。", "preferences.food", "猪肉", "NEGATIVE", "IS_NOT"),
        ("I no longer eat meat.", "preferences.food", "meat", "NEGATIVE", "IS_NOT"),
        ("I'm not a baker.", "identity.occupation", "baker", "NEGATIVE", "IS_NOT"),
        ("I no longer live in Bergen.", "identity.home", "Bergen", "NEGATIVE", "ENDED"),
        ("I'm allergic to nuts.", "preferences.food", "nuts", "NEGATIVE", "IS_NOT"),
        ("我对花生过敏。", "preferences.food", "花生", "NEGATIVE", "IS_NOT"),
        ("I don't live in Bergen anymore.", "identity.home", "Bergen", "NEGATIVE", "ENDED"),
        ("我不当老师了。", "identity.occupation", "老师", "NEGATIVE", "ENDED"),
        ("我已经不是老师了。", "identity.occupation", "老师", "NEGATIVE", "ENDED"),
        ("I don't work as an architect anymore.", "identity.occupation", "architect", "NEGATIVE", "ENDED"),
        ("我不喝咖啡了。", "preferences.food", "咖啡", "NEGATIVE", "IS_NOT"),
        ("I used to drink coffee.", "preferences.food", "coffee", "NEGATIVE", "ENDED"),
        ("我已经不住在杭州了。", "identity.home", "杭州", "NEGATIVE", "ENDED"),
        ("I love tea.", "preferences.food", "tea", "POSITIVE", "LIKES"),
        ("我喜欢喝茶。", "preferences.food", "茶", "POSITIVE", "LIKES"),
        ("I'm vegan.", "preferences.food", "vegan", "POSITIVE", None),
        ("I live in Bergen.", "identity.home", "Bergen", "POSITIVE", None),
    ],
)
def test_find_relation_of_a_statement_is_what_it_says_of_the_value(text: str, slot: str, value: str, polarity: Polarity, relation: str | None) -> None:
    assert find_relation(slot, value, *find_place(value, quote(text)), denied=polarity == "NEGATIVE") == relation
