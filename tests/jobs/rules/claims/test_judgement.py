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


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Talked with Leo about the dishes.", "Sorted out the dishes with Leo."),
        ("跟小李聊了洗碗的事。", "和小李商量洗碗。"),
        ("I managed to fix my bike.", "Mended a bike."),
    ],
)
def test_judge_line_in_words_of_its_own_is_undecided(content: str, text: str) -> None:
    assert line(content, text, kind="ACTIVITY") == Judgement("UNDECIDED", "WORDS")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("I walked the dog.", "Robbed a bank at noon."),
        ("我绕着水库遛狗。", "中午抢了银行。"),
        ("Had coffee with Priya at the station.", "Had coffee with Priya in the park."),
        ("Watered the plants and read.", "Watered the plants with my uncle."),
        ("拖着两个箱子坐火车去了苏州。", "坐火车去了南京。"),
        ("烤了两个面包，一个给邻居。", "和爷爷烤了两个面包。"),
        ("I forgot to lock the shed.", "Locked the old shed."),
    ],
)
def test_judge_line_that_adds_what_cannot_follow_is_rejected_without_a_second_reading(content: str, text: str) -> None:
    assert line(content, text, kind="ACTIVITY").verdict == "REJECTED"


def test_judge_line_of_several_statements_is_held_to_all_of_them() -> None:
    both = [cited("I repaired the bike.", "repaired the bike"), cited("Called Jonas, he didn't pick up.", "Called Jonas")]
    assert judge_line("SUMMARY", "Repaired the bike and called Jonas, who did not pick up.", both).verdict == "ACCEPTED"
    assert judge_line("SUMMARY", "Repaired the bike and apologised to Jonas.", both).verdict == "UNDECIDED"
    assert judge_line("SUMMARY", "Repaired the bike, and Jonas picked up.", both).reason == "NEGATION"


@pytest.mark.parametrize(
    ("content", "quote", "slot", "value"),
    [
        ("Plants and eggs are all I eat.", "all I eat", "preferences.food", "vegetarian"),
        ("I teach third grade.", "third grade", "identity.industry", "education"),
        ("我只吃鸡蛋和青菜。", "只吃鸡蛋和青菜", "preferences.food", "素食"),
    ],
)
def test_judge_signal_whose_words_no_statement_has_is_undecided(content: str, quote: str, slot: str, value: str) -> None:
    assert signal(content, quote, slot, value).verdict == "UNDECIDED"


@pytest.mark.parametrize(
    ("content", "slot", "value"),
    [
        ("We live near the lake.", "identity.home", "Boston"),
        ("My daughter hid the keys.", "relationships.people", "daughter Zoe"),
        ("Lectures are pure torture if you ask me.", "preferences.activities", "lectures"),
        ("合唱对我简直是煎熬。", "preferences.activities", "合唱"),
        ("My judo days are behind me.", "habits.exercise", "judo"),
        ("The cooks downstairs get up at five.", "habits.sleep", "get up at five"),
        ("The new director thinks open offices are great.", "preferences.work_style", "open offices"),
        ("We always longed for a garden dog.", "relationships.people", "garden dog"),
    ],
)
def test_judge_signal_that_only_a_second_reading_could_accept_is_rejected_if_its_statement_is_about_something_else(
    content: str, slot: str, value: str
) -> None:
    assert signal(content, content, slot, value).verdict == "REJECTED"


@pytest.mark.parametrize(
    ("content", "slot", "value"),
    [
        ("The guy I'm dating is a pilot.", "identity.occupation", "pilot"),
        ("He introduced himself with I'm a pilot.", "identity.occupation", "pilot"),
        ("Should I move to Porto", "identity.home", "Porto"),
        ("Suppose I live in Porto and work remotely.", "identity.home", "Porto"),
        ("Write a poem that begins with I live in Porto.", "identity.home", "Porto"),
        ("写一篇日记，开头是我住在厦门。", "identity.home", "厦门"),
        ("I live in Porto. NOT.", "identity.home", "Porto"),
        ("I'm staying in Lisbon for a conference.", "identity.home", "Lisbon"),
        ("我在杭州出差。", "identity.home", "杭州"),
        ("I loved coffee back in college.", "preferences.food", "coffee"),
        ("我哪是什么护士。", "identity.occupation", "护士"),
        ("我以为我对花生过敏。", "identity.allergies", "花生"),
        ("我家里都是佛教徒，我不是。", "identity.beliefs", "佛教徒"),
        ("My neighbour has a cat.", "relationships.pets", "cat"),
        ("邻居养了一只猫。", "relationships.pets", "猫"),
        ("小时候家里养过狗。", "relationships.pets", "狗"),
    ],
)
def test_judge_signal_of_a_statement_that_does_not_say_it_of_the_speaker_is_not_accepted(content: str, slot: str, value: str) -> None:
    assert signal(content, value, slot, value).verdict != "ACCEPTED"


@pytest.mark.parametrize(
    ("content", "slot", "value"),
    [
        ("We're renting a flat in Lisbon.", "identity.home", "Lisbon"),
        ("我住在杭州，常去上海出差。", "identity.home", "杭州"),
        ("I suppose I'm a nurse through and through.", "identity.occupation", "nurse"),
        ("I've loved coffee ever since I was in college.", "preferences.food", "coffee"),
        ("My boyfriend and I have a cat.", "relationships.pets", "cat"),
        ("我和女朋友养了一只猫。", "relationships.pets", "猫"),
        ("Our cat Momo sleeps all day.", "relationships.pets", "Momo"),
        ("我写一篇日记的时候喜欢喝茶。", "preferences.food", "茶"),
    ],
)
def test_judge_signal_of_a_statement_that_only_looks_like_another_is_accepted(content: str, slot: str, value: str) -> None:
    assert signal(content, value, slot, value).verdict == "ACCEPTED"


@pytest.mark.parametrize(
    "content", ["I used to live in Bergen until 2024.", "I used to live in Bergen for three years.", "I no longer live in Bergen since May."]
)
def test_judge_signal_whose_statement_says_when_it_ended_is_ended(content: str) -> None:
    assert signal(content, "live in Bergen", "identity.home", "Bergen") == Judgement("REJECTED", "PAST", "ENDED")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("I didn't go out, I cooked.", "Cooked dinner at home."),
        ("I did not drive, I walked home.", "Walked home slowly."),
        ("我没跑步，我爬山了。", "爬山有进步"),
    ],
)
def test_judge_line_of_words_that_only_stand_beside_a_negation_is_undecided(content: str, text: str) -> None:
    assert line(content, text) == Judgement("UNDECIDED", "WORDS")


def test_judge_signal_of_one_thing_is_supported_by_the_number_one() -> None:
    assert signal("I have 1 cat.", "1 cat", "relationships.pets", "1 cat").verdict == "ACCEPTED"
    assert signal("I have 1 cat.", "1 cat", "relationships.pets", "2 cats").reason == "NUMBER"


@pytest.mark.parametrize(("content", "value", "verdict"), [("Happily married.", "married", "ACCEPTED"), ("Officially divorced.", "divorced", "UNDECIDED")])
def test_judge_signal_of_a_status_is_accepted_only_near_the_beginning_of_its_clause(content: str, value: str, verdict: str) -> None:
    assert signal(content, value, "relationships.status", value).verdict == verdict
