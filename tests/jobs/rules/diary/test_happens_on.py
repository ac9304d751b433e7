"""The day of a line or signal: one that the user's words name, whatever the model proposes. All is said on Wednesday, 25 November 2026."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from jobs.rules.diary.draft_check import check_draft
from jobs.rules.diary.drafts import Polarity, SourceMessage
from jobs.rules.diary.fallback import fallback
from jobs.rules.diary.happens_on import DayReader
from tests.jobs.rules.factories import message_id

SAID = date(2026, 11, 25)


@dataclass(frozen=True)
class Quote:
    message: int
    text: str


@dataclass(frozen=True)
class Line:
    text: str
    happens_on: date | None
    evidence: tuple[Quote, ...]
    kind: str = "SUMMARY"


@dataclass(frozen=True)
class Signal:
    value: str
    happens_on: date | None
    evidence: tuple[Quote, ...]
    slot: str = "identity.home"
    polarity: Polarity = "POSITIVE"
    confidence: float = 0.9
    stated: bool = True


def day_of_line(said: str, proposed: str | None, *, text: str | None = None, quote: str | None = None) -> date | None:
    """Return the day that the check gives a line whose text is the statement, or `text`."""
    line = Line(text or said, proposed and date.fromisoformat(proposed) or None, (Quote(1, quote or said),))
    [kept] = check_draft([line], [], [SourceMessage(1, message_id(1), True, SAID, said)], SAID).lines
    return kept.happens_on


@pytest.mark.parametrize(("said", "proposed", "kept"), [
    ("I have an exam tomorrow.", "2026-11-26", "2026-11-26"), ("I have an exam tomorrow.", "2026-12-26", "2026-11-26"),
    ("明天我考试。", "2026-11-26", "2026-11-26"), ("明天我考试。", "2026-11-25", "2026-11-26"),
    ("下周三我要交报告。", "2026-11-25", "2026-12-02"), ("我3月5日体检。", "2026-03-05", "2027-03-05"),
    ("I see the dentist on the 12th.", "2026-11-12", "2026-12-12"), ("I fly in two weeks.", "2026-12-10", "2026-12-09"),
    ("I meet Tom next Friday.", "2026-11-27", "2026-11-27"), ("I meet Tom next Friday.", "2026-12-04", "2026-12-04"),
    ("I meet Tom next Friday.", "2026-12-11", "2026-12-04"), ("I have an exam soon.", "2026-12-01", None), ("我快考试了。", "2026-12-01", None),
    ("On Friday we went to the lake.", "2026-11-27", "2026-11-20"), ("I'm in Rome from 3 to 5 December.", "2026-12-04", "2026-12-04"),
    ("I have an exam today.", "2026-11-25", None), ("I have an exam today.", "2026-11-26", None),
    ("Tom cooks our Thanksgiving dinner.", None, "2026-11-26"), ("I move house on the third of May.", None, "2027-05-03"),
    ("I met a friend at the market.", None, None),
    ("I have an exam next week.", "2026-12-02", None), ("I have an exam tomorrow.", None, "2026-11-26"),
    ("I was in Rome a few days ago.", "2026-11-22", "2026-11-22"), ("I was in Rome a few days ago.", "2026-11-01", None),
])  # fmt: skip
def test_happens_on_is_a_day_that_the_words_name(said: str, proposed: str | None, kept: str | None) -> None:
    assert day_of_line(said, proposed) == (kept and date.fromisoformat(kept) or None)


def test_happens_on_of_one_of_two_clauses_is_the_day_of_the_cited_one() -> None:
    said = "I have an exam tomorrow and I see the dentist on the 12th."
    assert day_of_line(said, "2026-12-12", quote="I have an exam tomorrow") == date(2026, 11, 26)
    assert day_of_line(said, None) is None


def test_happens_on_missing_in_a_paraphrase_that_names_no_day_stays_missing() -> None:
    assert day_of_line("I passed my exam, and tomorrow I rest.", None, text="I passed my exam.", quote="I passed my exam") is None


def test_happens_on_of_a_signal_is_checked_likewise() -> None:
    said = "I live in Bergen from the 1st of December."
    source = [SourceMessage(1, message_id(1), True, SAID, said)]
    kept = [check_draft([], [Signal("Bergen", day, (Quote(1, said),))], source, SAID).signals for day in (date(2026, 12, 1), date(2026, 12, 5))]
    assert [signal.happens_on for signals in kept for signal in signals] == [date(2026, 12, 1)] * 2


@pytest.mark.parametrize(("said", "day"), [
    ("I have an exam in Bergen tomorrow.", "2026-11-26"), ("下周三我要去上海面试。", "2026-12-02"), ("I baked bread with Tom.", None),
    ("Friday is pizza night at our house, every week since Ava was born.", None), ("我每周五都要加班到很晚。", None),
])  # fmt: skip
def test_happens_on_of_a_fallback_line_is_read_from_the_statement(said: str, day: str | None) -> None:
    source = [SourceMessage(1, message_id(1), True, SAID, said)]
    [line] = check_draft(fallback(source, "en").lines, (), source, SAID, extracted=True).lines
    assert line.happens_on == (day and date.fromisoformat(day) or None)


@pytest.mark.parametrize("said", ["exam on Friday", "周五考试"])
def test_day_reader_reads_the_same_words_by_their_day_and_their_statement(said: str) -> None:
    days = DayReader()
    asked = [(date(2026, 11, 25), ""), (date(2026, 12, 2), ""), (date(2026, 11, 25), "I had my exam on Friday and failed"), (date(2026, 11, 25), "")]
    found = [days.read(said, day, statement)[0].ahead[0] for day, statement in asked]
    assert found == [date(2026, 11, 27), date(2026, 12, 4), date(2026, 11, 20), date(2026, 11, 27)]
