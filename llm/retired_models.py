"""Model names that their provider has retired or will retire, so that a starting process can warn about them.

Sources, read on 2026-11-28 and 29: DeepSeek, api-docs.deepseek.com/news/news260424 and /quick_start/pricing (names of 2026-09-10); OpenAI,
developers.openai.com/api/docs/deprecations, with the dated names by codersera.com/blog/gpt-4o-gpt-4-1-api-shutdown-migration-2026; Moonshot,
platform.kimi.ai/docs/models as quoted by NousResearch/hermes-agent#109895, anomalyco/models.dev#6101 and diillson/chatcli#1344 (names that ended until
August), and by dev.to/aihubmix and qiita.com/xiongyuanmeng1006 of 2026-10-24 (the end of the K2 series, in December; accounts since 2026-10-31 have
none of it); DashScope, alibabacloud.com/notice, "Model Studio notice on the decommissioning of certain historical mainline models"
(2026-07-31).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import logs
import settings

RETIRED: Final = "MODEL_RETIRED"


class Retirement(NamedTuple):
    """The retirement of a model name. `provider` is the name of a row in `llm.providers`; after `on` the provider refuses the name."""

    provider: str
    on: date
    successor: str


def _of(provider: str, on: date, successor: str, *names: str) -> Iterator[tuple[str, Retirement]]:
    return ((name, Retirement(provider, on, successor)) for name in names)


RETIREMENTS: Final[dict[str, Retirement]] = {
    **dict(_of("deepseek", date(2026, 7, 24), "deepseek-flash", "deepseek-chat", "deepseek-reasoner", "deepseek-coder")),
    **dict(_of("openai", date(2026, 10, 23), "gpt-5.6-terra", "gpt-3.5-turbo", "gpt-3.5-turbo-0125", "o4-mini", "o4-mini-2025-04-16")),
    **dict(_of("openai", date(2026, 10, 23), "gpt-5.6-sol", "gpt-4", "gpt-4-0613", "gpt-4-turbo", "gpt-4-turbo-2024-04-09", "gpt-4o-2024-05-13", "o1",
               "o1-2024-12-17", "o1-pro", "o3-mini", "o3-mini-2025-01-31")),
    **dict(_of("openai", date(2026, 10, 23), "gpt-5.6-luna", "gpt-4.1-nano", "gpt-4.1-nano-2025-04-14")),
    **dict(_of("openai", date(2026, 2, 17), "gpt-5.6-sol", "chatgpt-4o-latest")),
    **dict(_of("openai", date(2026, 12, 11), "gpt-6.1-sol", "gpt-5", "gpt-5-2025-08-07", "gpt-5-pro", "gpt-5-pro-2025-10-06", "o3", "o3-2025-04-16", "o3-pro",
               "o3-pro-2025-06-10")),
    **dict(_of("openai", date(2026, 12, 11), "gpt-6.1-terra", "gpt-5-mini", "gpt-5-mini-2025-08-07")),
    **dict(_of("openai", date(2026, 12, 11), "gpt-6-luna", "gpt-5-nano", "gpt-5-nano-2025-08-07")),
    **dict(_of("openai", date(2027, 1, 14), "gpt-6-luna", "gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20", "gpt-4o-mini", "gpt-4o-mini-2024-07-18",
               "gpt-4.1", "gpt-4.1-2025-04-14", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14")),
    **dict(_of("moonshot", date(2026, 1, 28), "kimi-k3", "kimi-latest")),
    **dict(_of("moonshot", date(2026, 5, 25), "kimi-k3", "kimi-k2-0711-preview", "kimi-k2-0905-preview", "kimi-k2-turbo-preview", "kimi-k2-thinking",
               "kimi-k2-thinking-turbo")),
    **dict(_of("moonshot", date(2026, 8, 31), "kimi-k3", "kimi-k2.5", "moonshot-v1-auto", "moonshot-v1-8k", "moonshot-v1-32k", "moonshot-v1-128k",
               "moonshot-v1-8k-vision-preview", "moonshot-v1-32k-vision-preview", "moonshot-v1-128k-vision-preview")),
    **dict(_of("moonshot", date(2026, 12, 31), "kimi-k3", "kimi-k2.6", "kimi-k2.7-code", "kimi-k2.7-code-highspeed")),
    **dict(_of("dashscope", date(2026, 10, 10), "qwen3.7-plus", "qwen-turbo", "qwq-plus", "qvq-max", "qwen-vl-max", "qwen-vl-plus")),
}
"""Names in the providers' own APIs; gateways and local servers use names of their own."""

_warned: set[str] = set()


def find_retirement() -> Retirement | None:
    """Return the date on which the configured model is retired, and its successor; None for a name without a known retirement."""
    found = RETIREMENTS.get(settings.current().deepseek_model)
    if found is None:
        return None
    from llm import providers  # not needed for the name of a model without a known retirement

    return found if providers.current().provider.name == found.provider else None


def warn(today: date | None = None) -> None:
    """Log once per process that the configured model is retired or about to be."""
    model = settings.current().deepseek_model
    if model not in RETIREMENTS or model in _warned:
        return
    _warned.add(model)
    found = find_retirement()
    if found is None:
        return
    event = "model_retired" if found.on <= (today or date.today()) else "model_about_to_retire"
    logs.write(event, level="WARNING", error_code=RETIRED, model=model, retired_on=found.on, successor=found.successor)


def forget() -> None:
    """Reset the log state, for tests."""
    _warned.clear()
