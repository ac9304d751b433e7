"""Statements whose subject is a name that looks like another word are not taken for the user's own."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.claims.judgement import Cited, Judgement
from jobs.rules.claims.messages import Message
from jobs.rules.claims.signals import judge_signal

DAY = date(2026, 3, 14)


def sushi(content: str) -> Judgement:
    start = content.index("sushi")
    return judge_signal("preferences.food", "sushi", "POSITIVE", [Cited(Message(content), DAY, start, start + 5)]).judgement


@pytest.mark.parametrize("name", ["Emily", "Kelly", "Sally", "Molly Smith", "Lily", "Anna Daly", "Anna"])
def test_judge_signal_whose_subject_s_name_ends_as_an_adverb_is_of_another_subject(name: str) -> None:
    found = sushi(f"{name} loves sushi.")
    assert (found.verdict, found.reason) == ("REJECTED", "OTHER_SUBJECT")


@pytest.mark.parametrize("word", ["Today", "Suddenly", "Honestly", "And", "But", "So", "Yesterday", "Because"])
def test_judge_signal_of_a_name_behind_the_first_word_of_the_sentence_is_of_another_subject(word: str) -> None:
    found = sushi(f"{word} Anna loves sushi.")
    assert (found.verdict, found.reason) == ("REJECTED", "OTHER_SUBJECT")


@pytest.mark.parametrize(
    "content", ["Suddenly I love sushi.", "Honestly love sushi.", "Today I love sushi, my family likes it too.", "Yesterday was fun, I love sushi."]
)
def test_judge_signal_of_the_user_behind_an_adverb_is_accepted(content: str) -> None:
    assert sushi(content).verdict == "ACCEPTED"
