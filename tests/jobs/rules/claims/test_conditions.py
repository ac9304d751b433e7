"""Negations in a condition at the beginning of a sentence, which do not negate what follows."""
from datetime import date

import pytest

from jobs.rules.claims.judgement import Cited
from jobs.rules.claims.messages import Message
from jobs.rules.claims.signals import judge_signal

DAY = date(2026, 5, 20)


def verdict(text: str, slot: str, value: str, polarity: str) -> str:
    return judge_signal(slot, value, polarity, [Cited(Message(text), DAY, 0, len(text))]).judgement.verdict


@pytest.mark.parametrize(("text", "slot", "value"), [
    ("When I'm not at work I like tea.", "preferences.food", "tea"),
    ("If I can't sleep I drink milk and I love milk.", "preferences.food", "milk"),
    ("When it's not raining I love hiking.", "preferences.activities", "hiking"),
    ("心情不好的时候我喜欢喝茶。", "preferences.food", "茶"),
    ("不上班的时候我喜欢爬山。", "preferences.activities", "爬山"),
    ("没事的时候我喜欢画画。", "preferences.activities", "画画"),
])  # fmt: skip
def test_judge_signal_behind_a_negated_condition_is_positive(text: str, slot: str, value: str) -> None:
    assert (verdict(text, slot, value, "POSITIVE"), verdict(text, slot, value, "NEGATIVE")) == ("ACCEPTED", "REJECTED")


@pytest.mark.parametrize(("text", "slot", "value"), [
    ("When I'm tired I don't like tea.", "preferences.food", "tea"),
    ("When I'm not at work I don't like tea.", "preferences.food", "tea"),
    ("I don't like tea when I'm tired.", "preferences.food", "tea"),
    ("我不喜欢下雨的时候喝茶。", "preferences.food", "茶"),
    ("我从不上班的时候喝酒。", "preferences.food", "酒"),
    ("上班的时候我不喜欢喝茶。", "preferences.food", "茶"),
    ("我不爱下雨的时候爬山。", "preferences.activities", "爬山"),
    ("我没吃饭的时候不喜欢喝咖啡。", "preferences.food", "咖啡"),
])  # fmt: skip
def test_judge_signal_negated_with_a_condition_is_negative(text: str, slot: str, value: str) -> None:
    assert (verdict(text, slot, value, "POSITIVE"), verdict(text, slot, value, "NEGATIVE")) == ("REJECTED", "ACCEPTED")


def test_judge_signal_of_an_endless_condition_ends() -> None:
    assert verdict("when " + "不" * 20_000, "preferences.food", "茶", "POSITIVE") != "ACCEPTED"
