"""Bounds of a quote's length, plans that become decisions, and pasted statements."""

from __future__ import annotations

from jobs.rules.text.quotes import MAX_QUOTE_LENGTH
from tests.jobs.rules.diary.test_draft_check import Line, Quote, Signal, checked
from tests.jobs.rules.factories import message


def test_check_draft_quote_of_exactly_the_longest_length_is_kept() -> None:
    content = ("I like hiking. " + "The path was long and stony. " * 40)[: MAX_QUOTE_LENGTH + 1].rstrip(" ") + "x"
    kept, dropped = (
        checked(Line("SUMMARY", "Likes hiking.", (Quote(1, content[:length]),)), messages=[message(1, content)])
        for length in (MAX_QUOTE_LENGTH, MAX_QUOTE_LENGTH + 1)
    )
    assert (len(kept.lines), dict(kept.dropped)) == (1, {})
    assert (dropped.lines, dict(dropped.dropped)) == ((), {"QUOTE_TOO_LONG": 1, "NO_EVIDENCE": 1})


def test_check_draft_plan_taken_for_a_value_becomes_a_decision_once() -> None:
    said = "I'm going to move to Vienna."
    plan = Signal("identity.home", "Vienna", (Quote(1, "move to Vienna"),))
    alone = checked(plan, messages=[message(1, said)])
    assert [(line.kind, line.text) for line in alone.lines] == [("DECISION", said)]
    decided = checked(Line("DECISION", "Going to move to Vienna.", (Quote(1, said),)), plan, messages=[message(1, said)])
    assert [(line.kind, line.text) for line in decided.lines] == [("DECISION", "Going to move to Vienna.")]
    assert not alone.signals and not decided.signals


def test_check_draft_takes_nothing_from_what_the_same_message_says_not_to_remember() -> None:
    cases = [
        ("I love hiking, but don't remember that.", "hiking"), ("Don't remember that I love hiking.", "hiking"),
        ("我喜欢爬山，别记", "爬山"), ("别记我喜欢爬山", "爬山"),
    ]
    for said, value in cases:
        quote, slot = (Quote(1, said),), "preferences.activities"
        claims = (Signal(slot, value, quote), Signal(slot, value, quote, polarity="NEGATIVE"))
        kept = checked(Line("SUMMARY", said, quote), *claims, messages=[message(1, said)])
        assert (kept.lines, kept.signals, kept.dropped["INSTRUCTION"]) == ((), (), 3), said
    for said, value in (("I love hiking. Forget it.", "hiking"), ("I love hiking. I forgot my umbrella.", "hiking"), ("我喜欢爬山。我忘了带伞。", "爬山")):
        assert [signal.value for signal in checked(Signal("preferences.activities", value, (Quote(1, said),)), messages=[message(1, said)]).signals] == [value]
