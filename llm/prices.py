"""Prices of the model's tokens, and the cost of one call at the minute in which it ended.

Amounts are whole nano-units (billionths) of a currency, so that sums stay exact. The list below is DeepSeek's; for another provider or other
prices, the operator sets MODEL_INPUT_PRICE, MODEL_OUTPUT_PRICE, MODEL_CACHED_INPUT_PRICE and MODEL_PRICE_CURRENCY. Check the list again on
2027-01-04, when the State Council has published the holidays of 2027, and whenever the provider announces a model.

Sources, read on 2026-11-28:

- https://api-docs.deepseek.com/quick_start/pricing (DeepSeek-V4.1-Flash-1017, DeepSeek-V4-Pro-0813): USD per million tokens off-peak; at peak
  twice as much. Peak is Monday to Friday 01:00-04:00 and 06:00-10:00 UTC, Chinese public holidays excluded. `deepseek-v4-flash` and
  `deepseek-v4-flash-vision-exp` are served and billed as `deepseek-flash`.
- https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm (the State Council's notice of 2025-11-04): the holidays of 2026. The notice
  for 2027 was not found; days of unknown years count as working days.

The price list says Monday to Friday, so the weekends on which China works in exchange for a holiday have no peak: all six of 2026 are a Saturday
or a Sunday. Peak hours lie between 09:00 and 18:00 in China, so the date there equals the date in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import Final

import settings
from llm import providers
from llm.providers import Endpoint
from llm.usage import Cost, Usage

CURRENCY: Final = "USD"
"""The currency of the built-in list."""

PEAK_FACTOR: Final = 2
PEAK_HOURS: Final = ((time(1), time(4)), (time(6), time(10)))
"""UTC; the end is excluded."""

HOLIDAYS: Final = (
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
"""First and last day of each holiday."""

PER: Final = 1_000_000
"""Number of tokens that a price is for."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Nano-units of `currency` for a million tokens: prompt tokens served from the cache, other prompt tokens, answer tokens including thoughts."""

    cached: int
    input: int
    output: int
    currency: str

    def cost(self, usage: Usage, factor: int = 1) -> Cost:
        """Return the cost of `usage`, rounded half up to a nano-unit."""
        cached = min(usage.cached_tokens, usage.input_tokens)
        paid = cached * self.cached + (usage.input_tokens - cached) * self.input + usage.output_tokens * self.output
        return Cost((2 * factor * paid + PER) // (2 * PER), self.currency)


_FLASH: Final = Prices(cached=3_000_000, input=150_000_000, output=600_000_000, currency=CURRENCY)
_PRO: Final = Prices(cached=22_000_000, input=660_000_000, output=1_980_000_000, currency=CURRENCY)

DEEPSEEK: Final = {
    "deepseek-flash": _FLASH,
    "deepseek-v4-flash": _FLASH,
    "deepseek-v4-flash-vision-exp": _FLASH,
    "deepseek-v4-pro": _PRO,
}
"""Off-peak prices by the model's name."""


def add_cost(usage: Usage, at: datetime | None = None, endpoint: Endpoint | None = None) -> Usage:
    """Return `usage` with its cost at the prices of `at` (aware; default: now); without a cost if no price is known.

    The prices are those of the settings, else of the `endpoint`'s model (default: the one that the settings name).
    """
    at = at or datetime.now(timezone.utc)
    return usage.costing(_cost(usage, at, endpoint)) if usage != Usage.none() else usage


def estimate(input_tokens: float, output_tokens: float, cached_tokens: float = 0, endpoint: Endpoint | None = None) -> Cost | None:
    """Return the cost of so many tokens at the current minute's prices; None if no price is known. `endpoint` is that of `add_cost`."""
    return _cost(Usage(round(input_tokens), round(output_tokens), cached_tokens=round(cached_tokens)), datetime.now(timezone.utc), endpoint)


def is_peak(at: datetime) -> bool:
    """Return whether DeepSeek charges its peak price at `at`, which is aware."""
    moment = at.astimezone(timezone.utc)
    day, clock = moment.date(), moment.time()
    return day.weekday() < 5 and not _is_holiday(day) and any(begins <= clock < ends for begins, ends in PEAK_HOURS)


def _is_holiday(day: date) -> bool:
    return any(first <= day <= last for first, last in HOLIDAYS)


def _cost(usage: Usage, at: datetime, endpoint: Endpoint | None = None) -> Cost | None:
    if (set_prices := find_own_prices()) is not None:
        return set_prices.cost(usage)
    listed = _listed(endpoint or providers.current())
    return listed.cost(usage, PEAK_FACTOR if is_peak(at) else 1) if listed else None


def find_own_prices() -> Prices | None:
    """Return the prices of the settings; None unless both the input and the output price are set."""
    current = settings.current()
    paid, made = current.model_input_price, current.model_output_price
    if paid is None or made is None:
        return None
    cached = current.model_cached_input_price
    return Prices(paid if cached is None else cached, paid, made, current.model_price_currency)


def _listed(endpoint: Endpoint) -> Prices | None:
    """Return DeepSeek's price of the model; None if the endpoint's provider is another one, whose price may differ."""
    return DEEPSEEK.get(endpoint.model.lower()) if endpoint.provider.name == "deepseek" else None
