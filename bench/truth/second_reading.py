"""The outcome of each statement's claim when a model reads what the rules leave undecided, in batches as of a day's draft."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast
from urllib.request import Request, urlopen

import llm.client
import settings
from bench.truth.measure import Item, Outcome, check_of, outcome
from jobs.rules.claims.reasons import Answer
from jobs.second_reading import to_claim
from llm.claim_check import Claim, check_claims

READERS: Final = ("model", "offline", "lying")
BATCH_SIZE: Final = 20
"""Claims of one call: about what a talkative day leaves undecided."""
TIMEOUT: Final = 120.0
_UNUSED: Final = {"POSTGRESQL_URL": "postgresql://nobody@127.0.0.1:1/nowhere", "JWT_SECRET_KEY": "bench-only-" * 4, "DEBUG": "true"}
"""Settings that a reading does not need and the function does."""


def read_again(items: Sequence[Item], reader: str) -> list[Outcome]:
    """Return the outcomes with the second readings of one of `READERS`."""
    with endpoint(reader):
        answers = asyncio.run(_answers([to_claim(replace(asked, number=place)) for place, item in enumerate(items) for asked in check_of(item).undecided]))
    return [outcome(item, cast("Answer | None", answers.get(place))) for place, item in enumerate(items)]


async def _answers(claims: Sequence[Claim]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(claims), BATCH_SIZE):
        found |= (await check_claims(claims[start : start + BATCH_SIZE], seed=b"bench", timeout=TIMEOUT)).answers
    await llm.client.close()
    return found


@contextmanager
def endpoint(reader: str) -> Iterator[None]:
    """Point the settings at the reader's endpoint: for `model`, the one that the environment names."""
    for name, value in _UNUSED.items():
        os.environ.setdefault(name, value)
    if reader == "model":
        yield
        return
    from dev.offline_model import serve  # a server that the other readers do not need

    with serve() as url:
        os.environ.update(DEEPSEEK_BASE_URL=url, DEEPSEEK_API_KEY="none", DEEPSEEK_MODEL="unilife-offline", MODEL_CHECK="")
        settings.current.cache_clear()
        _post(f"{url.removesuffix('/v1')}/faults", b'{"always": "agreeing"}' if reader == "lying" else b'{"latency_ms": 0}')
        yield


def _post(url: str, body: bytes) -> Any:
    with urlopen(Request(url, body, method="POST")) as response:
        return response.read()
