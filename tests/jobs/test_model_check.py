"""The event `{"job": "check_model"}` through the function's handler: executed for direct invocations only, and nothing is stored."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

import handler
import settings
from llm.findings import QUESTIONS
from persistence.database import dispose
from tests.jobs.job_setup import ModelServer, everything
from tests.log_capture import lines_of

CONTEXT = {"time_limit_in_ms": 60_000, "request_id": "r"}
CHECK_MODEL = {"job": "check_model"}

Send = Callable[..., Any]


@pytest.fixture
def send(empty_database: str, model_server: str, portal: BlockingPortal) -> Iterator[Send]:
    portal.call(ModelServer(model_server).reset)
    dispatcher = handler.EventDispatcher(handler._make_app, handler._run_timer, handler._migrate)

    async def close() -> None:
        from llm.client import close

        await close()
        await dispose()

    yield lambda event, context=CONTEXT: dispatcher(event, context)
    dispatcher._loop.run_until_complete(close())
    dispatcher.close()
    portal.call(ModelServer(model_server).reset)


def test_check_model_event_returns_the_findings_as_json(send: Send) -> None:
    answer = send(CHECK_MODEL)
    assert answer["ok"] is True and answer["job"] == "CHECK_MODEL" and json.loads(json.dumps(answer)) == answer
    assert [check["check"] for check in answer["checks"]] == list(QUESTIONS)
    assert set(answer["checks"][0]) == {"check", "verdict", "needed", "found", "advice"} and "unilife-offline" in answer["models"]


def test_check_model_event_with_a_rejected_key_reports_it_and_stores_nothing(
    send: Send, model_server: str, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        await ModelServer(model_server).fail(always="401")

    async def stored() -> Any:
        found = await everything()
        await dispose()
        return found

    log, before = lines_of(monkeypatch), portal.call(stored)
    portal.call(fail)
    answer = send(CHECK_MODEL)
    assert answer["ok"] is False and {check["check"]: check["verdict"] for check in answer["checks"]}["key"] == "NO"
    [line] = [line for line in log() if line["event"] == "model_checked"]
    assert (line["level"], line["works"]) == ("ERROR", False) and line["action"]
    assert portal.call(stored) == before


def test_check_model_event_with_too_little_time_reports_checks_as_not_tried(send: Send) -> None:
    answer = send(CHECK_MODEL, {"time_limit_in_ms": 2_000, "request_id": "r"})
    assert answer["ok"] is False and {check["verdict"] for check in answer["checks"]} == {"NOT_TRIED"}


@pytest.mark.parametrize("body", [CHECK_MODEL, {"query": "{ health { status } }", **CHECK_MODEL}], ids=["event as body", "event beside a query"])
def test_check_model_in_an_http_request_is_not_executed(send: Send, body: Any) -> None:
    headers = {"content-type": "application/json"}
    event = {"httpMethod": "POST", "path": "/graphql", "headers": headers, "queryString": {}, "body": json.dumps(body), **CHECK_MODEL}
    assert "checks" not in str(send(event))


def test_check_model_event_with_options_is_refused(send: Send) -> None:
    answer = send({**CHECK_MODEL, "force": True})
    assert (answer["ok"], answer["error"]["code"]) == (False, "BAD_USER_INPUT") and "takes no options" in answer["error"]["message"]


def test_check_model_event_with_invalid_settings_reports_the_settings(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "")
    settings.current.cache_clear()
    answer = send(CHECK_MODEL)
    monkeypatch.undo()
    settings.current.cache_clear()
    assert answer["ok"] is False and answer["error"]["message"].startswith("the function's settings are invalid")
