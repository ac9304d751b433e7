"""Cost of a model call: by DeepSeek's price list at the time of the call, or by configured prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

import pytest

import settings
from llm import prices, providers, responses
from llm.usage import Cost, Usage

MILLION = Usage(1_000_000, 1_000_000, cached_tokens=400_000, thinking_tokens=300_000)
OFF_PEAK = datetime(2026, 11, 27, 12, 0, tzinfo=timezone.utc)
"""A Friday."""

Configure = Callable[..., None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Return a function that sets environment variables for one test."""

    def change(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    change(DEEPSEEK_BASE_URL="https://api.deepseek.com", DEEPSEEK_MODEL="deepseek-flash")
    yield change
    monkeypatch.undo()
    settings.current.cache_clear()


def cost(at: datetime = OFF_PEAK, usage: Usage = MILLION) -> Cost | None:
    return prices.add_cost(usage, at).cost


@pytest.mark.parametrize(("model", "nano"), [
    ("deepseek-flash", 1_200_000 + 90_000_000 + 600_000_000),
    ("DeepSeek-Flash", 1_200_000 + 90_000_000 + 600_000_000),
    ("deepseek-v4-flash", 1_200_000 + 90_000_000 + 600_000_000),
    ("deepseek-v4-pro", 8_800_000 + 396_000_000 + 1_980_000_000),
])  # fmt: skip
def test_add_cost_listed_model_returns_the_listed_cost(configure: Configure, model: str, nano: int) -> None:
    configure(DEEPSEEK_MODEL=model)
    assert cost() == Cost(nano, "USD")


@pytest.mark.parametrize(("at", "peak"), [
    ("2026-11-27T00:59:59", False), ("2026-11-27T01:00", True), ("2026-11-27T03:59:59", True), ("2026-11-27T04:00", False),
    ("2026-11-27T05:59", False), ("2026-11-27T06:00", True), ("2026-11-27T09:59:59", True), ("2026-11-27T10:00", False), ("2026-11-27T23:00", False),
    ("2026-11-28T02:00", False), ("2026-11-29T07:00", False), ("2026-11-30T02:00", True),
    ("2026-10-01T02:00", False), ("2026-10-07T09:00", False), ("2026-10-08T02:00", True), ("2026-09-30T02:00", True),
    ("2026-02-16T07:00", False), ("2026-02-24T07:00", True), ("2026-01-01T02:00", False), ("2026-01-02T02:00", False), ("2026-01-05T02:00", True),
    ("2026-02-14T02:00", False), ("2026-02-28T02:00", False), ("2026-05-09T02:00", False), ("2026-09-20T02:00", False), ("2026-10-10T02:00", False),
    ("2027-02-08T02:00", True), ("2027-10-01T02:00", True), ("2031-10-01T02:00", True),
])  # fmt: skip
def test_is_peak_at_each_hour_follows_working_hours_in_china(configure: Configure, at: str, peak: bool) -> None:
    """Treat weekend days worked in exchange for a holiday as off-peak, and weekdays of unknown years as working days."""
    moment = datetime.fromisoformat(at).replace(tzinfo=timezone.utc)
    there = moment.astimezone(timezone(timedelta(hours=8)))
    assert prices.is_peak(moment) is prices.is_peak(there) is peak
    usual = cost()
    assert usual is not None and cost(moment) == Cost(usual.nano * (2 if peak else 1), "USD")


def test_holidays_known_year_holds_all_public_holidays() -> None:
    days = {first + timedelta(number) for first, last in prices.HOLIDAYS for number in range((last - first).days + 1)}
    assert len(days) == 3 + 9 + 3 + 5 + 3 + 3 + 7 and {day.year for day in days} == {2026}


def test_add_cost_unknown_model_returns_no_cost(configure: Configure) -> None:
    configure(DEEPSEEK_MODEL="another-model")
    assert cost() is None and prices.estimate(1000, 1000) is None


def test_add_cost_listed_model_of_another_provider_returns_no_cost(configure: Configure) -> None:
    configure(DEEPSEEK_BASE_URL="https://openrouter.ai/api/v1", DEEPSEEK_MODEL="deepseek/deepseek-flash")
    assert cost() is None
    configure(DEEPSEEK_BASE_URL="https://dashscope.aliyuncs.com/compatible-mode/v1", DEEPSEEK_MODEL="deepseek-v4-pro")
    assert cost() is None


def test_add_cost_configured_prices_apply_at_any_hour_in_their_currency(configure: Configure) -> None:
    configure(MODEL_INPUT_PRICE="1", MODEL_CACHED_INPUT_PRICE="0.02", MODEL_OUTPUT_PRICE="4", MODEL_PRICE_CURRENCY="CNY")
    for at in (OFF_PEAK, datetime(2026, 11, 27, 2, tzinfo=timezone.utc)):
        assert cost(at) == Cost(8_000_000 + 600_000_000 + 4_000_000_000, "CNY")


def test_add_cost_without_cached_input_price_charges_the_full_input_price(configure: Configure) -> None:
    configure(MODEL_INPUT_PRICE="1.5", MODEL_OUTPUT_PRICE="0")
    assert cost() == Cost(1_500_000_000, "USD")


def test_add_cost_small_call_is_exact_to_the_nano_unit(configure: Configure) -> None:
    assert cost(usage=Usage(1, 0)) == Cost(150, "USD") and cost(usage=Usage(1, 0, cached_tokens=1)) == Cost(3, "USD")
    configure(MODEL_INPUT_PRICE="0.000499999", MODEL_OUTPUT_PRICE="0.0005")
    assert (cost(usage=Usage(1, 0)), cost(usage=Usage(0, 1))) == (Cost(0, "USD"), Cost(1, "USD"))


def test_usage_sum_of_many_calls_adds_costs_exactly(configure: Configure) -> None:
    one = prices.add_cost(Usage(7, 11, cached_tokens=3), OFF_PEAK)
    assert sum([one] * 1_000, Usage.none()).cost == Cost(1_000 * (9 + 600 + 6_600), "USD")
    assert (one + Usage.none()).cost == (Usage.none() + one).cost == one.cost


def test_add_cost_without_usage_returns_no_cost(configure: Configure) -> None:
    assert cost(usage=Usage.none()) is None


@pytest.mark.parametrize(("name", "value"), [
    ("MODEL_INPUT_PRICE", "-1"), ("MODEL_INPUT_PRICE", "1e3"), ("MODEL_OUTPUT_PRICE", "nan"), ("MODEL_CACHED_INPUT_PRICE", "0.0000000001"),
    ("MODEL_OUTPUT_PRICE", "1000000"), ("MODEL_OUTPUT_PRICE", "1,5"), ("MODEL_INPUT_PRICE", "１"),
    ("MODEL_PRICE_CURRENCY", "usd"), ("MODEL_PRICE_CURRENCY", "¥"),
])  # fmt: skip
def test_settings_invalid_price_is_refused(configure: Configure, name: str, value: str) -> None:
    configure(**{name: value})
    with pytest.raises(settings.SettingsError, match=name):
        settings.current()


@pytest.mark.parametrize(("fields", "cached", "thought"), [
    ({"prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}, 64, 0),
    ({"prompt_tokens_details": {"cached_tokens": 50}}, 50, 0),
    ({"prompt_tokens_details": {"cached_tokens": 50}, "completion_tokens_details": {"reasoning_tokens": 9}}, 50, 9),
    ({"cached_tokens": 7, "completion_tokens_details": {"reasoning_tokens": 20}}, 7, 20),
    ({"prompt_tokens_details": None, "completion_tokens_details": None}, 0, 0),
    ({"prompt_cache_hit_tokens": -3, "cached_tokens": "many"}, 0, 0),
    ({"prompt_cache_hit_tokens": 500, "completion_tokens_details": {"reasoning_tokens": 900}}, 100, 20),
    ({}, 0, 0),
])  # fmt: skip
def test_reported_usage_in_each_form_returns_cached_and_thinking_tokens(configure: Configure, fields: dict[str, object], cached: int, thought: int) -> None:
    usage = responses.reported_usage({"usage": {"prompt_tokens": 100, "completion_tokens": 20, **fields}}, providers.current().provider)
    assert usage is not None and (usage.cached_tokens, usage.thinking_tokens) == (cached, thought) and usage.cost is not None
