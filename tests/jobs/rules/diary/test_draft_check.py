"""Checks of a model's draft: only lines and signals supported by the user's messages of that day are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.claims.whole_statements import STATEMENT_LENGTH
from jobs.rules.diary.draft_check import LINE_KINDS, CheckedDraft, DraftCheck, check_draft
from jobs.rules.diary.drafts import Polarity, SourceMessage
from jobs.rules.diary.evidence import MAX_CONTEXT_LENGTH, MAX_QUOTES
from jobs.rules.diary.kept_claims import MAX_LINE_LENGTH, MAX_SIGNALS, MAX_SUMMARY_LINES
from jobs.rules.slots import MAX_VALUE_LENGTH, SLOTS
from jobs.rules.text.quotes import MAX_QUOTE_LENGTH
from jobs.rules.text.secrets import contains_secret
from tests.jobs.rules.factories import day, message, message_id


@dataclass(frozen=True)
class Quote:
    message: int
    text: str


@dataclass(frozen=True)
class Line:
    kind: str
    text: str
    evidence: tuple[Quote, ...]
    happens_on: date | None = None


@dataclass(frozen=True)
class Signal:
    slot: str
    value: str
    evidence: tuple[Quote, ...]
    polarity: Polarity = "POSITIVE"
    confidence: float = 0.9
    stated: bool = True
    happens_on: date | None = None


MESSAGES = (
    message(1, "I live in Shanghai and I like ＨＩＫＩＮＧ. 我每天跑步。"),
    message(2, "You seem to live in Paris.", by_person=False),
    message(3, "I lived in Rome yesterday.", on=-1),
    message(4, "my password is hunter2, and my card 4111 1111 1111 1111"),
)


def checked(*items: Line | Signal, messages: Sequence[SourceMessage] = MESSAGES) -> CheckedDraft:
    lines = [item for item in items if isinstance(item, Line)]
    signals = [item for item in items if isinstance(item, Signal)]
    return check_draft(lines, signals, messages, day(0))


def test_check_draft_supported_line_and_signal_are_kept_with_the_users_spelling() -> None:
    found = checked(
        Line("SUMMARY", "Likes hiking", (Quote(1, "i like hiking"),)),
        Signal("preferences.activities", "hiking", (Quote(1, "i like hiking"),)),
    )
    quote = found.lines[0].evidence[0]
    assert (quote.message_id, quote.day, quote.text) == (message_id(1), day(0), "I live in Shanghai and I like ＨＩＫＩＮＧ.")
    assert MESSAGES[0].content[quote.start : quote.end] == quote.text
    assert MESSAGES[0].content[quote.cited_start : quote.cited_end] == "I like ＨＩＫＩＮＧ"
    assert found.signals[0].evidence == (quote,)
    assert (found.signals[0].value_key, found.signals[0].stated, dict(found.dropped)) == ("hiking", True, {})


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        (Quote(1, "I live in Berlin"), "QUOTE_NOT_FOUND"),
        (Quote(2, "live in Paris"), "NOT_OWN_WORDS"),
        (Quote(3, "lived in Rome"), "OTHER_DAY"),
        (Quote(9, "I live"), "UNKNOWN_MESSAGE"),
        (Quote(1, "  。"), "QUOTE_EMPTY"),
        (Quote(4, "hunter2"), "SECRET"),
        (Quote(4, "my card 4111 1111"), "SECRET"),
    ],
)
def test_check_draft_invalid_quote_drops_the_line_and_signal_it_alone_supports(quote: Quote, reason: str) -> None:
    found = checked(Line("SUMMARY", "Something", (quote,)), Signal("identity.home", "somewhere", (quote,)))
    assert (found.lines, found.signals) == ((), ())
    assert dict(found.dropped) == {reason: 2, "NO_EVIDENCE": 2}


def test_check_draft_part_of_a_word_that_looks_like_a_secret_is_not_quoted() -> None:
    source = message(1, "desk-abcd1234abcd1234 is my desk")
    found = checked(Line("HIGHLIGHT", "Has a desk", (Quote(1, "sk-abcd1234abcd1234"),)), messages=[source])
    assert (found.lines, dict(found.dropped)) == ((), {"SECRET": 1, "NO_EVIDENCE": 1})


def test_check_draft_line_with_one_valid_quote_is_kept_with_it_alone() -> None:
    found = checked(Line("SUMMARY", "Lives in Shanghai", (Quote(2, "live in Paris"), Quote(1, "I live in Shanghai"))))
    assert [quote.text for quote in found.lines[0].evidence] == ["I live in Shanghai and I like ＨＩＫＩＮＧ."]
    assert dict(found.dropped) == {"NOT_OWN_WORDS": 1}


GOOD = (Quote(1, "I live in Shanghai"),)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (Line("SUMMARY", "No support", ()), "NO_EVIDENCE"),
        (Line("RUMOUR", "x", GOOD), "UNKNOWN_KIND"),
        (Line("SUMMARY", " \u200b", GOOD), "TEXT_LENGTH"),
        (Line("SUMMARY", "x" * (MAX_LINE_LENGTH + 1), GOOD), "TEXT_LENGTH"),
        (Line("SUMMARY", "The password is hunter2", GOOD), "SECRET"),
        (Line("SUMMARY", "Uses HUNTER2 everywhere", GOOD), "SECRET"),
        (Signal("identity.shoe_size", "42", GOOD), "UNKNOWN_SLOT"),
        (Signal("identity.home", "", GOOD), "TEXT_LENGTH"),
        (Signal("identity.home", "?!", GOOD), "TEXT_LENGTH"),
        (Signal("identity.home", "x" * (MAX_VALUE_LENGTH + 1), GOOD), "TEXT_LENGTH"),
        (Signal("identity.home", "Shanghai", GOOD, confidence=1.01), "CONFIDENCE"),
        (Signal("identity.home", "Shanghai", GOOD, confidence=float("nan")), "CONFIDENCE"),
        (Signal("identity.home", "Shanghai", GOOD, polarity="MAYBE"), "UNKNOWN_POLARITY"),  # type: ignore[arg-type]
        (Signal("decisions.rules", "sk-abcd1234abcd1234abcd", GOOD), "SECRET"),
        (Signal("decisions.rules", "hunter-2", GOOD), "SECRET"),
    ],
)
def test_check_draft_invalid_line_or_signal_is_dropped_with_its_reason(item: Line | Signal, reason: str) -> None:
    found = checked(item)
    assert (found.lines, found.signals, dict(found.dropped)) == ((), (), {reason: 1})


def test_check_draft_too_long_quote_is_dropped() -> None:
    long = message(1, "word " * 200)
    kept = checked(Line("HIGHLIGHT", "word", (Quote(1, long.content[: MAX_QUOTE_LENGTH - 1]),)), messages=[long])
    dropped = checked(Line("HIGHLIGHT", "word", (Quote(1, long.content),)), messages=[long])
    assert len(kept.lines[0].evidence[0].text) <= MAX_QUOTE_LENGTH + 2 * STATEMENT_LENGTH
    assert dict(dropped.dropped) == {"QUOTE_TOO_LONG": 1, "NO_EVIDENCE": 1}


def test_check_draft_repeated_or_surplus_summary_lines_are_dropped() -> None:
    texts = ["Lives in Shanghai", "LIVES in Shanghai", "Likes hiking", "Shanghai", "Hiking", "Lives and likes", "In Shanghai"]
    found = checked(*(Line("SUMMARY", text, GOOD) for text in texts))
    assert [line.text for line in found.lines] == [texts[0], *texts[2:6]]
    assert len(found.lines) == MAX_SUMMARY_LINES
    assert dict(found.dropped) == {"DUPLICATE": 1, "TOO_MANY": 1}


def test_check_draft_repeated_signal_is_joined_with_the_evidence_of_both() -> None:
    found = checked(
        Signal("preferences.activities", "Hiking", (Quote(1, "I like HIKING"),), confidence=0.5, stated=False),
        Signal("preferences.activities", "hiking!", (Quote(1, "HIKING"),), confidence=0.8),
        Signal("preferences.activities", "hiking", (Quote(2, "HIKING"),), confidence=0.7),
        messages=[message(1, "I like ＨＩＫＩＮＧ."), message(2, "Hiking again, I love hiking")],
    )
    assert [(signal.value, signal.polarity, signal.confidence) for signal in found.signals] == [("Hiking", "POSITIVE", 0.8)]
    assert [quote.message_id for quote in found.signals[0].evidence] == [message_id(1), message_id(1), message_id(2)]
    assert found.signals[0].stated


@pytest.mark.parametrize(("said", "whole", "part"), [
    ("I usually go to bed at midnight on weekdays.", "usually go to bed at midnight on weekdays", "go to bed at midnight on weekdays"),
    ("我平时十二点睡觉。", "平时十二点睡觉", "十二点睡觉"),
])  # fmt: skip
def test_check_draft_part_of_a_signal_by_the_same_quote_is_dropped_where_both_would_dispute(said: str, whole: str, part: str) -> None:
    quote = (Quote(1, said),)
    for drafted in ((whole, part), (part, whole)):
        found = checked(*(Signal("habits.sleep", value, quote) for value in drafted), messages=[message(1, said)])
        assert [signal.value for signal in found.signals] == [whole] and dict(found.dropped) == {"DUPLICATE": 1}
    again = [message(1, said), message(2, part)]
    found = checked(Signal("habits.sleep", whole, quote), Signal("habits.sleep", part, (Quote(2, part),)), messages=again)
    assert "DUPLICATE" not in found.dropped, "another message may say it otherwise"
    found = checked(*(Signal("preferences.activities", value, (Quote(1, "I like chess and blitz chess."),)) for value in ("chess", "blitz chess")),
                    messages=[message(1, "I like chess and blitz chess.")])
    assert len(found.signals) == 2, "a slot of many values has both"


def test_check_draft_of_a_week_accepts_quotes_of_each_of_its_days() -> None:
    line = Line("HIGHLIGHT", "Lived in Rome, lives in Shanghai", (Quote(1, "I live in Shanghai"), Quote(3, "I lived in Rome")))
    found = check_draft([line], [], MESSAGES, [day(-1), day(0)])
    assert [quote.day for quote in found.lines[0].evidence] == [day(0), day(-1)]


@pytest.mark.parametrize(
    ("slot", "value", "content", "stated"),
    [
        ("identity.home", "Shanghai", "I live in Shanghai", True),
        ("identity.home", "上海", "我住在上海", True),
        ("habits.exercise", "runs every morning", "I run every morning", True),
        ("habits.exercise", "跑步", "我每天跑步", True),
        ("habits.exercise", "running", "I went running", False),
        ("habits.sleep", "gets up at 6", "I usually get up at ６", True),
        ("relationships.status", "married", "my wife and I ate out", False),
    ],
)
def test_check_draft_signal_is_stated_only_if_its_quote_says_so(slot: str, value: str, content: str, stated: bool) -> None:
    found = checked(Signal(slot, value, (Quote(1, content),)), messages=[message(1, content)])
    assert found.signals[0].stated is stated


WORDS = ("I live in Shanghai", "我住在上海", "ＡＢ１", "e\u0301t\u00e9", "ﬁne", "ok?", "，", "\n", "👨‍👩‍👧", "x")
SECRETS = ("sk-abcd1234abcd1234", "密码是abc123", "my card 4111 1111 1111 1111")
CONTENTS = [f"{one}{gap}{other}" for one in WORDS for gap in ("", " ") for other in (*WORDS, *SECRETS)]
contents = st.sampled_from(CONTENTS)


@st.composite
def drafts(draw: st.DrawFn) -> tuple[list[SourceMessage], list[Line], list[Signal]]:
    messages = [
        message(number, draw(contents), by_person=draw(st.booleans()), on=draw(st.sampled_from([0, 0, -1]))) for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    cut = st.builds(
        lambda source, start, length: Quote(source.number, source.content[start : start + length]),
        st.sampled_from(messages),
        st.integers(0, 20),
        st.integers(0, 40),
    )
    quotes = st.lists(st.one_of(cut, st.builds(Quote, st.integers(0, 5), contents)), max_size=3).map(tuple)
    lines = st.builds(Line, st.sampled_from([*LINE_KINDS, "OTHER"]), contents, quotes)
    signals = st.builds(
        Signal,
        st.sampled_from([*list(SLOTS)[:3], "habits.sleep", "no.slot"]),
        contents,
        quotes,
        st.sampled_from(["POSITIVE", "NEGATIVE"]),
        st.floats(-0.5, 1.5),
        st.booleans(),
    )
    return messages, draw(st.lists(lines, max_size=3)), draw(st.lists(signals, max_size=3))


@given(draft=drafts())
@settings(max_examples=150, deadline=None)
def test_check_draft_any_draft_keeps_only_quotes_of_the_users_messages_of_that_day(
    draft: tuple[list[SourceMessage], list[Line], list[Signal]],
) -> None:
    messages, lines, signals = draft
    own: dict[UUID, str] = {m.message_id: m.content for m in messages if m.by_person and m.day == day(0)}
    found = check_draft(lines, signals, messages, day(0))
    for item in (*found.lines, *found.signals):
        assert 1 <= len(item.evidence) <= MAX_QUOTES
        for quote in item.evidence:
            assert own[quote.message_id][quote.start : quote.end] == quote.text
            assert 1 <= len(quote.text) <= MAX_QUOTE_LENGTH
            assert not contains_secret(quote.text)
    for line in found.lines:
        assert line.kind in LINE_KINDS
        assert not contains_secret(line.text)
    for signal in found.signals:
        assert signal.slot in SLOTS
        assert 0 <= signal.confidence <= 1
        assert 1 <= len(signal.value) <= MAX_VALUE_LENGTH
        for text in (signal.value, *(quote.text for quote in signal.evidence)):
            assert not contains_secret(text)
            assert "abc123" not in text


@pytest.mark.parametrize(("said", "kind", "text"), [
    ("My sister Kate came over and we cooked a curry.", "ACTIVITY", "Made a wonderful curry with Kate"),
    ("I talked to my manager and she took me off the night shifts.", "SUMMARY", "A relieving day: no more night shifts after a talk with the manager."),
    ("Three meetings back to back and no lunch.", "SUMMARY", "Exhausting: three back-to-back meetings without lunch."),
    ("晚上和妹妹吃了火锅，排队排了一个小时。", "ACTIVITY", "和妹妹一起吃火锅，排队等了很久"),
    ("今天跟主管谈过了，下个月就去新的团队。", "SUMMARY", "和主管谈了话，下个月要去新团队，感到轻松。"),
])  # fmt: skip
def test_check_draft_paraphrase_that_its_quote_does_not_say_is_stored_in_the_users_words(said: str, kind: str, text: str) -> None:
    found = checked(Line(kind, text, (Quote(1, said),)), messages=[message(1, said)])
    assert [(line.kind, line.text) for line in found.lines] == [(kind, said)]
    assert sum(found.dropped.values()) == 1


def test_check_draft_paraphrases_of_one_statement_are_restated_once_for_each_kind() -> None:
    said = "My sister Kate came over and we cooked a curry."
    texts = ("Made a wonderful curry with Kate", "Had a glorious curry with Kate")
    drafted = [Line(kind, text, (Quote(1, said),)) for kind in ("ACTIVITY", "HIGHLIGHT") for text in texts]
    found = checked(*drafted, messages=[message(1, said)])
    assert [(line.kind, line.text) for line in found.lines] == [("ACTIVITY", said), ("HIGHLIGHT", said)]


@pytest.mark.parametrize(("said", "text"), [
    ("I walked the dog around the reservoir.", "Robbed a bank at noon."),
    ("我绕着水库遛狗。", "中午抢了银行。"),
    ("Should I walk the dog around the reservoir?", "Walked the dog around the reservoir, a triumph."),
    ("My brother walked the dog around the reservoir.", "Walked the dog around the reservoir, a triumph."),
])  # fmt: skip
def test_check_draft_line_that_is_no_paraphrase_or_has_another_sense_is_dropped(said: str, text: str) -> None:
    found = checked(Line("ACTIVITY", text, (Quote(1, said),)), messages=[message(1, said)])
    assert not found.lines and sum(found.dropped.values()) == 1


def test_draft_check_counts_what_was_cut_off_before_it() -> None:
    assert DraftCheck((), (), (), date(2026, 5, 20), trimmed=3).finish().dropped == {"TOO_MANY": 3}


def test_check_draft_each_signal_beyond_the_maximum_is_counted_once() -> None:
    words = [f"thing{number}" for number in range(MAX_SIGNALS + 2)]
    messages = [message(number, f"I love {word}.") for number, word in enumerate(words, 1)]
    signals = [Signal("preferences.activities", word, (Quote(number, f"I love {word}."),)) for number, word in enumerate(words, 1)]
    found = checked(*signals, messages=messages)
    assert (len(found.signals), found.dropped.get("TOO_MANY")) == (MAX_SIGNALS, 2)


def test_draft_check_undecided_claims_are_asked_about_once_with_the_sentences_around_them() -> None:
    content = f"{'a' * 230}. I love the mountains. {'b' * 230}."
    skiing = Signal("preferences.activities", "skiing", (Quote(1, "I love the mountains."),))
    other = Signal("preferences.activities", "climbing", (Quote(1, "I love the mountains."),))
    asked = DraftCheck([], [skiing, skiing, other], [message(1, content)], day(0)).undecided
    assert [claim.number for claim in asked] == [1, 2]
    [statement] = asked[0].statements
    assert (statement.text, statement.before, statement.after) == ("I love the mountains.", "a" * (MAX_CONTEXT_LENGTH - 1) + ".", "b" * MAX_CONTEXT_LENGTH)
