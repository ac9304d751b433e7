"""Signals with several quotes of which some say otherwise, and questions of several clauses."""

from __future__ import annotations

from datetime import date

from jobs.rules.claims.judgement import Cited
from jobs.rules.claims.messages import Message
from jobs.rules.claims.signals import judge_signal

DAY = date(2026, 3, 14)


def whole(content: str) -> Cited:
    return Cited(Message(content), DAY, 0, len(content))


def test_judge_signal_is_corrected_by_the_quotes_alone_that_share_the_correction() -> None:
    quotes = [whole("I hate cilantro."), whole("My brother loves cilantro."), whole("I loathe cilantro.")]
    found = judge_signal("preferences.food", "cilantro", "POSITIVE", quotes)
    assert (found.judgement.correction, found.supporting) == ("TURNED", (0, 2))


def test_judge_signal_in_the_last_clause_of_a_question_is_rejected() -> None:
    for content in ("I slept badly, but durian is my favourite?", "Mostly fine, and I love durian?"):
        assert judge_signal("preferences.food", "durian", "POSITIVE", [whole(content)]).judgement.reason == "QUESTION"
