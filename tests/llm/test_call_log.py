"""Log lines of failed model calls: one for each attempt, with the level of its cause and the provider's reply."""
from __future__ import annotations

import asyncio
from typing import Any

import pytest

import settings
from dev.offline_model.provider_errors import ERRORS
from llm import client
from llm.call_log import name_caller
from llm.errors import ModelError
from llm.messages import ChatMessage
from tests.llm.conftest import OfflineModel
from tests.log_capture import written_log

pytestmark = pytest.mark.anyio

HELLO: list[ChatMessage] = [{"role": "user", "content": "Hello."}]
LEVELS = [
    ("401", "ERROR"), ("402", "ERROR"), ("404", "ERROR"), ("400", "WARNING"), ("422", "WARNING"), ("429", "WARNING"), ("500", "WARNING"),
    ("empty", "WARNING"), ("html", "WARNING"), ("filtered", "INFO"),
]


async def _fail(**options: Any) -> list[dict[str, Any]]:
    with written_log() as lines:
        with pytest.raises(ModelError):
            await client.complete(HELLO, max_tokens=50, timeout=60, **options)
    return [line for line in lines if line["event"] == "model_call_failed"]


async def _fail_stream() -> list[dict[str, Any]]:
    with written_log() as lines:
        with pytest.raises(ModelError):
            async for _ in client.stream(HELLO, max_tokens=50, timeout=60):
                pass
    return [line for line in lines if line["event"] == "model_call_failed"]


@pytest.mark.parametrize(("fault", "level"), LEVELS)
async def test_call_log_failed_call_has_the_level_of_its_cause(model: OfflineModel, fault: str, level: str) -> None:
    model.fail(always=fault)
    for [line] in (await _fail(), await _fail_stream()):
        assert line["level"] == level and line["code"].startswith("MODEL_") and line["action"]
        assert line.get("status") == (int(fault) if fault.isdigit() else line.get("status"))


@pytest.mark.parametrize("kind", ERRORS)
async def test_call_log_provider_error_has_the_level_of_its_meaning(model: OfflineModel, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    error, family = ERRORS[kind], kind.partition("-")[0].replace("llamacpp", "llama.cpp")
    monkeypatch.setenv("MODEL_PROVIDER", family if family in settings.MODEL_PROVIDERS else "plain")
    settings.current.cache_clear()
    model.fail(always=kind)
    [line] = await _fail()
    expected = "ERROR" if error.meaning in ("account", "key", "model") else "INFO" if error.meaning in ("filtered", "too_long") else "WARNING"
    assert (line["level"], line["status"]) == (expected, error.status) and line["action"]


async def test_call_log_retried_call_logs_each_attempt(model: OfflineModel) -> None:
    model.fail(next=["500", "500"])
    assert [line["status"] for line in await _fail(retries=1)] == [500, 500]


async def test_call_log_successful_call_logs_nothing(model: OfflineModel) -> None:
    with written_log() as lines:
        await client.complete(HELLO, max_tokens=200, timeout=60)
    assert lines == []


async def test_name_caller_in_one_task_marks_only_its_log_lines(model: OfflineModel) -> None:
    async def call(person: str) -> None:
        name_caller(user_id=person, purpose="CHAT")
        with pytest.raises(ModelError):
            await client.complete(HELLO, max_tokens=50, timeout=60)

    model.fail(always="500")
    with written_log() as lines:
        await asyncio.gather(call("ann"), call("bob"))
        with pytest.raises(ModelError):
            await client.complete(HELLO, max_tokens=50, timeout=60)
    assert sorted(line.get("user_id", "") for line in lines) == ["", "ann", "bob"]


async def test_call_log_refused_key_logs_neither_key_nor_request(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model.fail(always="401")
    [line] = await _fail()
    assert "offline" not in str({name: value for name, value in line.items() if name != "model"}) and "Hello" not in str(line)
