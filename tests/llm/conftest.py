"""The offline model of these tests over real HTTP, with its faults and call counts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.request import Request, urlopen

import pytest

import settings
from dev.offline_model import serve
from llm import client, endpoint_adjustments, retired_models


@dataclass(frozen=True)
class OfflineModel:
    base_url: str

    def fail(self, **faults: Any) -> None:
        self._post("/faults", faults)

    def reset(self) -> None:
        self._post("/reset", {})

    def stats(self) -> dict[str, Any]:
        with urlopen(self.base_url.removesuffix("/v1") + "/stats") as response:
            return json.load(response)

    def calls(self) -> int:
        return self.stats()["calls"]

    def _post(self, path: str, body: object) -> None:
        url = self.base_url.removesuffix("/v1") + path
        with urlopen(Request(url, json.dumps(body).encode(), method="POST")):
            pass


@pytest.fixture(scope="session")
def offline_model() -> Iterator[OfflineModel]:
    import_module("openai")  # the import takes seconds on a busy machine, and must not count towards a call's timeout
    with serve() as base_url:
        yield OfflineModel(base_url)


@pytest.fixture
async def model(offline_model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OfflineModel]:
    """Point the settings at the offline model, with faults and counts reset."""
    monkeypatch.setenv("DEEPSEEK_BASE_URL", offline_model.base_url)
    settings.current.cache_clear()
    offline_model.reset()
    endpoint_adjustments.forget()
    retired_models.forget()
    yield offline_model
    await client.close()
    offline_model.reset()
    monkeypatch.undo()
    settings.current.cache_clear()
