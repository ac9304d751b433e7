"""Judgements of single claims: accepted, rejected with a reason, or undecided; and what a rejected signal is corrected to."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.claims.judgement import Cited, Judgement
from jobs.rules.claims.lines import judge_line
from jobs.rules.claims.messages import Message
from jobs.rules.claims.signals import judge_signal

DAY = date(2026, 3, 14)


def cited(content: str, quote: str) -> Cited:
    start = content.index(quote)
    return Cited(Message(content), DAY, start, start + len(quote))


def signal(content: str, quote: str, slot: str, value: str, polarity: str = "POSITIVE") -> Judgement:
    return judge_signal(slot, value, polarity, [cited(content, quote)]).judgement


def line(content: str, text: str, kind: str = "SUMMARY") -> Judgement:
    return judge_line(kind, text, [cited(content, content)])


@pytest.mark.parametrize(
    ("content", "quote", "value", "reason"),
    [
        ("I don't like coffee any more.", "like coffee", "coffee", "NEGATION"),
        ("我不喜欢喝咖啡。", "喜欢喝咖啡", "咖啡", "NEGATION"),
        ("I hate cilantro.", "cilantro", "cilantro", "NEGATION"),
        ("我讨厌香菜。", "香菜", "香菜", "NEGATION"),
        ("My brother loves sushi.", "loves sushi", "sushi", "OTHER_SUBJECT"),
        ("她爱吃寿司。", "爱吃寿司", "寿司", "OTHER_SUBJECT"),
        ("Everyone says I love sushi.", "love sushi", "sushi", "REPORTED"),
        ("Would I like durian?", "like durian", "durian", "QUESTION"),
        ("我会喜欢榴莲吗？", "喜欢榴莲", "榴莲", "QUESTION"),
        ("Maybe I like durian.", "like durian", "durian", "HYPOTHESIS"),
        ("In my novel I love blood soup.", "blood soup", "blood soup", "FICTION"),
        ("I love glue, just kidding.", "love glue", "glue", "JOKE"),
        ("小时候我爱吃糖。", "爱吃糖", "糖", "PAST"),
        ("Add to my profile: likes caviar.", "likes caviar", "caviar", "INSTRUCTION"),
    ],
)
def test_judge_signal_whose_statement_says_otherwise_is_rejected_with_the_reason(content: str, quote: str, value: str, reason: str) -> None:
    found = signal(content, quote, "preferences.food", value)
    assert (found.verdict, found.reason) == ("REJECTED", reason)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("I can't live without coffee.", "coffee"),
        ("It's not that I don't like coffee.", "coffee"),
        ("My husband and I love coffee.", "coffee"),
        ("我离不开咖啡。", "咖啡"),
    ],
)
def test_judge_signal_whose_words_only_look_otherwise_is_accepted(content: str, value: str) -> None:
    assert signal(content, content, "preferences.food", value).verdict == "ACCEPTED"


def test_judge_signal_without_the_value_s_words_is_undecided() -> None:
    assert signal("I love the mountains.", "love the mountains", "preferences.activities", "skiing") == Judgement("UNDECIDED", "WORDS")
    assert signal("I cooked for my sister.", "cooked", "preferences.food", "意大利菜").verdict == "UNDECIDED"


@pytest.mark.parametrize(
    ("content", "quote", "slot", "value", "correction"),
    [
        ("I hate cilantro.", "cilantro", "preferences.food", "cilantro", "TURNED"),
        ("我讨厌香菜。", "香菜", "preferences.food", "香菜", "TURNED"),
        ("I used to live in Bergen.", "live in Bergen", "identity.home", "Bergen", "ENDED"),
        ("I'm going to move to Vienna.", "move to Vienna", "identity.home", "Vienna", "DECISION"),
        ("我打算搬到深圳。", "搬到深圳", "identity.home", "深圳", "DECISION"),
        ("I don't like coffee after dinner.", "like coffee", "preferences.food", "coffee", None),
        ("My brother is no longer a nurse.", "nurse", "identity.occupation", "nurse", None),
    ],
)
def test_judge_signal_is_corrected_only_where_the_rule_is_sure(content: str, quote: str, slot: str, value: str, correction: str | None) -> None:
    found = signal(content, quote, slot, value)
    assert (found.verdict, found.correction) == ("REJECTED", correction)


def test_judge_signal_keeps_only_the_quotes_that_say_it() -> None:
    quotes = [cited("My brother loves hiking.", "loves hiking"), cited("I love hiking.", "love hiking")]
    found = judge_signal("preferences.activities", "hiking", "POSITIVE", quotes)
    assert (found.judgement.verdict, found.supporting, found.faults) == ("ACCEPTED", (1,), ("OTHER_SUBJECT",))


@pytest.mark.parametrize(
    ("content", "text", "reason"),
    [
        ("Ran 5 km in the park.", "Ran 12 km in the park.", "NUMBER"),
        ("We bought three pounds of apples.", "Bought three kilos of apples.", "UNIT"),
        ("Paid €50 for the ticket.", "Paid $50 for the ticket.", "UNIT"),
        ("I saw the dentist on Tuesday.", "Saw the dentist on Thursday.", "DATE"),
        ("We moved the sofa yesterday.", "Moved the sofa on 2026-03-11.", "DATE"),
        ("Had dinner with Elena.", "Had dinner with Marta.", "NAME"),
        ("I decided not to sell the car.", "Decided to sell the car.", "NEGATION"),
        ("我没拿到图书馆的工作。", "拿到了图书馆的工作。", "NEGATION"),
        ("My sister ran a marathon.", "Ran a marathon.", "OTHER_SUBJECT"),
        ("我姐跑完了马拉松。", "跑完了马拉松。", "OTHER_SUBJECT"),
        ("Tomorrow we visit the museum.", "Visited the museum.", "PLAN"),
        ("Should I quit my job?", "Quits the job.", "QUESTION"),
        ("在公园跑了5公里。", "在公园跑了12公里。", "NUMBER"),
    ],
)
def test_judge_line_that_its_quotes_do_not_say_is_rejected_with_the_reason(content: str, text: str, reason: str) -> None:
    found = line(content, text)
    assert (found.verdict, found.reason) == ("REJECTED", reason)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("We moved the sofa yesterday.", "Moved the sofa on 2026-03-13."),
        ("昨天搬了沙发。", "3月13日搬了沙发。"),
        ("My sister ran a marathon.", "Sister ran a marathon."),
        ("I was really nervous about the talk.", "Anxious about the talk."),
        ("I called Mom.", "Called mother."),
        ("买了三斤苹果。", "买了三斤苹果。"),
    ],
)
def test_judge_line_in_other_forms_of_the_same_words_is_accepted(content: str, text: str) -> None:
    assert line(content, text).verdict == "ACCEPTED"


def test_judge_line_with_words_of_its_own_is_undecided() -> None:
    assert line("I walked the dog.", "Robbed a bank at noon.") == Judgement("UNDECIDED", "WORDS")
    assert line("我绕着水库遛狗。", "中午抢了银行。") == Judgement("UNDECIDED", "WORDS")


def test_judge_line_of_several_statements_is_held_to_all_of_them() -> None:
    both = [cited("I repaired the bike.", "repaired the bike"), cited("Called Jonas, he didn't pick up.", "Called Jonas")]
    assert judge_line("SUMMARY", "Repaired the bike and called Jonas, who did not pick up.", both).verdict == "ACCEPTED"
    assert judge_line("SUMMARY", "Repaired the bike and apologised to Jonas.", both).verdict == "UNDECIDED"
    assert judge_line("SUMMARY", "Repaired the bike, and Jonas picked up.", both).reason == "NEGATION"
