"""Weekly review over HTTP: patterns, merges and repair."""
from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from llm import errors
from llm.diary import DayMessage, SlotGuide
from llm.week import KnownValue, Merge, WeekDay, WeekDraft, WeekRequest, review_week
from tests.llm import days
from tests.llm.conftest import OfflineModel

pytestmark = pytest.mark.anyio

SAID = ("I went swimming before work.", "A quiet day, I read a lot.", "I swam again and felt good.")
VALUES = (
    KnownValue(1, "preferences.activities", "playing chess"),
    KnownValue(2, "preferences.activities", "chess"),
    KnownValue(3, "identity.home", "chess"),
)


async def review(*said: str, slots: tuple[SlotGuide, ...] = days.SLOTS) -> WeekDraft:
    start = datetime(2024, 4, 29, 8, tzinfo=days.SHANGHAI)
    week = [
        WeekDay(
            (start + timedelta(number)).date(),
            ["I went swimming."],
            [DayMessage(number + 1, "user", start + timedelta(number), text)],
        )
        for number, text in enumerate(said)
    ]
    request = WeekRequest(date(2024, 4, 29), date(2024, 5, 5), "Asia/Shanghai", "en", week, VALUES, slots)
    return await review_week(request, seed=b"seed", timeout=40)


async def test_review_week_topic_of_two_days_returns_a_signal_with_a_quote_each(model: OfflineModel) -> None:
    (signal,) = (await review(*SAID)).signals
    assert (signal.slot, signal.value, signal.stated) == ("habits.exercise", "swimming", False)
    assert [(quote.message, quote.text) for quote in signal.evidence] == [
        (1, "I went swimming before work"),
        (3, "I swam again and felt good"),
    ]


async def test_review_week_topic_of_one_day_returns_no_signal(model: OfflineModel) -> None:
    assert (await review(*SAID[:2])).signals == ()


async def test_review_week_near_duplicates_of_one_slot_proposes_a_merge(model: OfflineModel) -> None:
    draft = await review(*SAID)
    assert draft.merges == (Merge(keep=2, drop=1),)
    assert (draft.prompt_version, draft.model) == ("week/5", "unilife-offline")
    assert draft.usage.input_tokens > 0


async def test_review_week_malformed_response_is_repaired_once(model: OfflineModel) -> None:
    whole = await review(*SAID)
    model.fail(next=["misshapen"])
    assert (await review(*SAID)).signals == whole.signals
    model.fail(always="misshapen")
    with pytest.raises(errors.ModelMalformed):
        await review(*SAID)


async def test_review_week_without_messages_raises_without_a_call(model: OfflineModel) -> None:
    with pytest.raises(ValueError):
        await review()
    assert model.calls() == 0
