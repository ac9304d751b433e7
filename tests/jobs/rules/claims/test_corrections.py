"""Corrections of the message before: what they take back, and what stays."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from jobs.rules.claims.corrections import CORRECTIONS, corrected_words, find_correction
from jobs.rules.diary.draft_check import CheckedDraft, check_draft
from jobs.rules.diary.drafts import SourceMessage
from tests.jobs.rules.diary.test_draft_check import Line, Quote, Signal
from tests.jobs.rules.factories import day, message

OTHER = UUID(int=7)


@pytest.mark.parametrize(("text", "wrong", "right"), [example for row in CORRECTIONS for example in row.examples])
def test_find_correction_of_each_example_names_its_words(text: str, wrong: str | None, right: str | None) -> None:
    found = find_correction(text)
    assert found is not None and (found.wrong, found.right) == (wrong, right)


@pytest.mark.parametrize(
    "text",
    ["I'm not tired, I'm happy.", "It's not cold, it's freezing.", "I meant well.", "I meant to call you.", "Sorry, I'm late.", "No, I like tea.", "No.",
     "Oops!",
     "这不是问题，是机会吗？", "对不起，我今天很累。", "不对，我住在上海。", "我不知道是不是。", "Not bad, not bad at all, and then we went on to the lake."],
)  # fmt: skip
def test_find_correction_of_other_messages_is_none(text: str) -> None:
    assert find_correction(text) is None


def corrected(*messages: SourceMessage) -> list[str]:
    contents = {found.message_id: found.content for found in messages}
    return [contents[id][passage.start : passage.end] for id, passages in corrected_words(messages).items() for passage in passages]


@pytest.mark.parametrize(
    ("said", "correction", "taken_back"),
    [
        ("I live in Bergen.", "Sorry, not Bergen but Oslo.", ["Bergen"]),
        ("I like tea and live in Bergen.", "No, I meant Oslo, not Bergen.", ["Bergen"]),
        ("I live in Bergen.", "No, I meant Oslo.", ["I live in Bergen."]),
        ("I like tea. I live in Bergen.", "I meant I live in Oslo.", ["I live in Bergen."]),
        ("我住在杭州。", "不是杭州，是上海。", ["杭州"]),
        ("我住在杭州。", "我说错了，是上海。", ["我住在杭州。"]),
        ("I live in Bergen.", "Sorry, not Paris but Oslo.", []),
        ("I live in Oslo.", "No, I meant Oslo.", []),
        ("I live in Bergen.", "I meant well.", []),
    ],
)
def test_corrected_words_of_the_message_before_are_those_that_the_correction_takes_back(said: str, correction: str, taken_back: list[str]) -> None:
    assert corrected(message(1, said), message(2, "Nice!", by_person=False), message(3, correction)) == taken_back


def test_corrected_words_are_of_the_same_conversation_and_of_the_message_before_only() -> None:
    said, between, correction = message(1, "I live in Bergen."), message(2, "I like tea."), message(3, "Sorry, not Bergen but Oslo.")
    assert corrected(said, between, correction) == []
    assert corrected(said, replace(between, conversation_id=OTHER), correction) == ["Bergen"]
    assert corrected(said, replace(correction, conversation_id=OTHER)) == []


def checked(said: str, correction: str, lines: list[tuple[str, str]], signals: list[tuple[str, str, str]]) -> CheckedDraft:
    drafted = [Line("HIGHLIGHT", text, (Quote(1, quoted),)) for text, quoted in lines]
    learned = [Signal(slot, value, (Quote(1, quoted),)) for slot, value, quoted in signals]
    return check_draft(drafted, learned, [message(1, said), message(2, correction)], day(0))


@pytest.mark.parametrize(
    ("said", "correction", "lines", "signals"),
    [
        ("I like tea and I live in Bergen.", "Sorry, not Bergen but Oslo.", [("I live in Bergen.", "I live in Bergen"), ("I like tea.", "I like tea")],
         [("identity.home", "Bergen", "live in Bergen"), ("preferences.food", "tea", "like tea")]),
        ("我喜欢喝茶，我住在杭州。", "不是杭州，是上海。", [("我住在杭州。", "我住在杭州"), ("我喜欢喝茶。", "我喜欢喝茶")],
         [("identity.home", "杭州", "住在杭州"), ("preferences.food", "茶", "喜欢喝茶")]),
    ],
)  # fmt: skip
def test_check_draft_corrected_words_support_nothing_and_others_stay(
    said: str, correction: str, lines: list[tuple[str, str]], signals: list[tuple[str, str, str]]
) -> None:
    found = checked(said, correction, lines, signals)
    assert [signal.value for signal in found.signals] == [signals[1][1]]
    assert [line.text for line in found.lines] == [lines[1][0]]
    assert found.dropped["CORRECTED"] == 2
    uncorrected = checked(said, "OK.", lines, signals)
    assert [signal.value for signal in uncorrected.signals] == [value for _, value, _ in signals]
    assert "CORRECTED" not in uncorrected.dropped


def learned(said: str, correction: str, slot: str, value: str, polarity: str = "POSITIVE") -> list[tuple[str, str, bool, list[int]]]:
    """The signals kept of one that quotes both messages: value, polarity, whether it was stated, and the numbers of the messages that it stands on."""
    messages = [message(1, said), message(2, correction)]
    numbers = {found.message_id: found.number for found in messages}
    signal = replace(Signal(slot, value, (Quote(1, said), Quote(2, correction))), polarity=polarity)
    found = check_draft([], [signal], messages, day(0)).signals
    return [(kept.value, kept.polarity, kept.stated, [numbers[quote.message_id] for quote in kept.evidence]) for kept in found]


@pytest.mark.parametrize(
    ("said", "correction", "slot", "value", "polarity"),
    [
        ("I live in Bergen.", "No, I meant Oslo.", "identity.home", "Oslo", "POSITIVE"),
        ("I live in Bergen.", "Sorry, not Bergen but Oslo.", "identity.home", "Oslo", "POSITIVE"),
        ("I live in Bergen.", "Oslo, not Bergen, sorry.", "identity.home", "Oslo", "POSITIVE"),
        ("I love coffee.", "Oops, not coffee, tea.", "preferences.food", "tea", "POSITIVE"),
        ("I hate coffee.", "Sorry, I meant tea.", "preferences.food", "tea", "NEGATIVE"),
        ("I'm a nurse.", "Did I say a nurse? I meant a midwife.", "identity.occupation", "midwife", "POSITIVE"),
        ("我住在杭州。", "我说错了，是上海。", "identity.home", "上海", "POSITIVE"),
        ("我住在杭州。", "不是杭州，是上海。", "identity.home", "上海", "POSITIVE"),
        ("我是护士。", "我把医生说成了护士。", "identity.occupation", "医生", "POSITIVE"),
    ],
)
def test_check_draft_corrected_value_is_learnt_from_the_correction(said: str, correction: str, slot: str, value: str, polarity: str) -> None:
    assert learned(said, correction, slot, value, polarity) == [(value, polarity, True, [2])]


@pytest.mark.parametrize(
    ("said", "correction", "slot", "value", "polarity"),
    [
        ("My brother lives in Bergen.", "No, I meant Oslo.", "identity.home", "Oslo", "POSITIVE"),
        ("If I were rich I'd live in Bergen.", "No, I meant Oslo.", "identity.home", "Oslo", "POSITIVE"),
        ("Do you like Bergen?", "No, I meant Oslo.", "identity.home", "Oslo", "POSITIVE"),
        ("I hate coffee.", "Sorry, I meant tea.", "preferences.food", "tea", "POSITIVE"),
        ("I live in Bergen.", "No, I meant Oslo.", "identity.home", "Bergen", "POSITIVE"),
        ("I live in Bergen and I like tea.", "Sorry, not Bergen but Oslo.", "identity.home", "tea", "POSITIVE"),
        ("我哥住在杭州。", "我说错了，是上海。", "identity.home", "上海", "POSITIVE"),
        ("要是有钱我就住在杭州了。", "不是杭州，是上海。", "identity.home", "上海", "POSITIVE"),
    ],
)
def test_check_draft_corrected_message_that_says_no_such_value_teaches_nothing(said: str, correction: str, slot: str, value: str, polarity: str) -> None:
    assert learned(said, correction, slot, value, polarity) == []


@pytest.mark.parametrize(
    ("said", "correction", "line"), [("I live in Bergen.", "No, I meant Oslo.", "Lives in Oslo."), ("我住在杭州。", "不是杭州，是上海。", "住在上海。")]
)
def test_check_draft_line_of_a_correction_stands_on_the_correction(said: str, correction: str, line: str) -> None:
    messages = [message(1, said), message(2, correction)]
    found = check_draft([Line("HIGHLIGHT", line, (Quote(1, said), Quote(2, correction)))], [], messages, day(0))
    [kept] = found.lines
    assert kept.text == line and kept.evidence[-1].text == correction
