"""The offline model as a provider: protocol, faults and counts, over real HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from dev.offline_model import serve

HELLO: dict[str, Any] = {
    "model": "unilife-offline",
    "messages": [{"role": "user", "content": "I planted two apple trees today."}],
}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture(autouse=True)
def _without_faults(base_url: str) -> None:
    post(root(base_url) + "/reset", {})


def root(base_url: str) -> str:
    return base_url.removesuffix("/v1")


def get(url: str) -> Any:
    with urlopen(url) as response:
        return json.load(response)


def post(url: str, body: object, **headers: str) -> tuple[int, dict[str, str], str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, data, names, method="POST")) as response:
            return response.status, dict(response.headers), response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def chat(base_url: str, body: object = HELLO, **headers: str) -> tuple[int, dict[str, str], str]:
    return post(f"{base_url}/chat/completions", body, **headers)


def test_chat_completion_follows_the_protocol_and_the_users_text(base_url: str) -> None:
    status, _, text = chat(base_url)
    answer = json.loads(text)
    assert status == 200
    assert answer["object"] == "chat.completion" and answer["model"] == "unilife-offline"
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert "two apple trees" in answer["choices"][0]["message"]["content"]
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0


def test_chat_completion_same_request_returns_the_same_bytes(base_url: str) -> None:
    assert chat(base_url)[2] == chat(base_url)[2]


def test_chat_completion_streamed_has_the_same_text_and_usage(base_url: str) -> None:
    whole = json.loads(chat(base_url)[2])
    _, headers, text = chat(base_url, {**HELLO, "stream": True, "stream_options": {"include_usage": True}})
    events = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert headers["content-type"].startswith("text/event-stream") and events.pop() == "[DONE]"
    chunks = [json.loads(event) for event in events]
    pieces = [choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"]]
    assert "".join(pieces) == whole["choices"][0]["message"]["content"]
    assert chunks[-1]["usage"] == whole["usage"]


def test_health_and_models_endpoints_name_the_model(base_url: str) -> None:
    assert get(root(base_url) + "/health") == {"status": "ok", "model": "unilife-offline"}
    assert get(base_url + "/models")["data"][0]["id"] == "unilife-offline"


@pytest.mark.parametrize("kind", ["400", "401", "402", "403", "404", "422", "429", "500", "503"])
def test_fault_header_with_a_status_returns_it_once(base_url: str, kind: str) -> None:
    status, headers, text = chat(base_url, x_fault=kind)
    assert status == int(kind)
    assert set(json.loads(text)["error"]) == {"message", "type", "param", "code"}
    assert headers.get("retry-after") == ("7" if kind == "429" else None)
    assert chat(base_url)[0] == 200


def test_fault_header_with_another_kind_returns_that_response(base_url: str) -> None:
    assert chat(base_url, x_fault="html")[1]["content-type"].startswith("text/html")
    assert json.loads(chat(base_url, x_fault="empty")[2])["choices"][0]["message"]["content"] == ""
    assert json.loads(chat(base_url, x_fault="truncated")[2])["choices"][0]["finish_reason"] == "length"
    with pytest.raises(ValueError):
        json.loads(json.loads(chat(base_url, x_fault="garbage")[2])["choices"][0]["message"]["content"])


@pytest.mark.parametrize("header", ["429, 500", "nonsense", ""])
def test_fault_header_unknown_or_with_several_kinds_is_refused(base_url: str, header: str) -> None:
    status, _, text = chat(base_url, x_fault=header)
    error = json.loads(text)["error"]
    assert status == 400 and error["code"] == "unknown_fault" and "truncated" in error["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[1]",
        {"model": "unilife-offline"},
        {"model": "unilife-offline", "messages": []},
        {"model": "unilife-offline", "messages": ["hi"]},
        {"model": "unilife-offline", "messages": [{"role": "king", "content": "hi"}]},
        {"model": "unilife-offline", "messages": [{"role": "user", "content": None}]},
        {"messages": [{"role": "user", "content": "hi"}]},
        {**HELLO, "max_tokens": 0},
        {**HELLO, "response_format": {"type": "json_object"}},
        {"model": "unilife-offline", "messages": [{"role": "system", "content": "task: poem/1"}, {"role": "user", "content": "hi"}]},
        {"model": "unilife-offline", "messages": [{"role": "system", "content": "task: diary/1"}, {"role": "user", "content": "hi"}]},
    ],
    ids=[
        "not JSON", "list", "no messages", "empty messages", "message as text", "unknown role", "no content", "no model", "zero max_tokens",
        "JSON mode without the word", "unknown task", "task without data",
    ],
)
def test_chat_completion_invalid_request_returns_400_with_a_message(base_url: str, body: object) -> None:
    status, _, text = chat(base_url, body)
    assert status == 400
    assert json.loads(text)["error"]["message"]


def test_chat_completion_task_named_in_a_user_message_is_ignored(base_url: str) -> None:
    body = {"model": "unilife-offline", "messages": [{"role": "user", "content": "task: poem/1\nI baked bread today."}]}
    assert chat(base_url, body)[0] == 200
    assert get(root(base_url) + "/stats")["by_task"] == {"chat": 1}


def test_faults_endpoint_with_next_fails_the_following_calls_in_order(base_url: str) -> None:
    post(root(base_url) + "/faults", {"next": ["429", "ok", "500"]})
    assert [chat(base_url)[0] for _ in range(4)] == [429, 200, 500, 200]
    assert get(root(base_url) + "/stats")["by_fault"] == {"429": 1, "500": 1, "none": 2}


def test_faults_endpoint_with_always_fails_every_call_until_a_reset(base_url: str) -> None:
    post(root(base_url) + "/faults", {"always": "402"})
    assert [chat(base_url)[0] for _ in range(2)] == [402, 402]
    post(root(base_url) + "/reset", {})
    assert chat(base_url)[0] == 200
    assert get(root(base_url) + "/stats")["calls"] == 1


def test_faults_endpoint_with_match_fails_calls_that_contain_the_text(base_url: str) -> None:
    post(root(base_url) + "/faults", {"match": "apple", "kind": "503"})
    other = {"model": "unilife-offline", "messages": [{"role": "user", "content": "I planted a pear tree."}]}
    assert [chat(base_url)[0], chat(base_url, other)[0]] == [503, 200]


def test_faults_endpoint_with_rate_fails_the_same_share_of_calls_each_time(base_url: str) -> None:
    def run() -> list[int]:
        post(root(base_url) + "/faults", {"rate": 0.5, "kinds": ["500"]})
        bodies = [{"model": "unilife-offline", "messages": [{"role": "user", "content": f"day {number}"}]} for number in range(20)]
        return [chat(base_url, body)[0] for body in (*bodies, *bodies)]

    first = run()
    assert set(first) == {200, 500} and first[:20] != first[20:]
    assert run() == first


@pytest.mark.parametrize(
    "faults",
    [
        {},
        [],
        {"always": "nonsense"},
        {"next": []},
        {"always": "500", "next": ["429"]},
        {"rate": 2, "kinds": ["500"]},
        {"rate": 0.1, "kinds": []},
        {"match": "", "kind": "500"},
    ],
    ids=str,
)
def test_faults_endpoint_invalid_plan_is_refused_and_the_old_one_stays(base_url: str, faults: object) -> None:
    post(root(base_url) + "/faults", {"always": "402"})
    assert post(root(base_url) + "/faults", faults)[0] == 400
    assert chat(base_url)[0] == 402


def test_serve_two_servers_share_no_faults(base_url: str) -> None:
    with serve() as other:
        post(root(other) + "/faults", {"always": "500"})
        assert [chat(other)[0], chat(base_url)[0]] == [500, 200]


def test_serve_with_a_taken_port_raises_and_frees_its_own_afterwards() -> None:
    with serve() as url:
        port = int(root(url).rpartition(":")[2])
        with pytest.raises(OSError), serve(port):
            pass
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))


@pytest.mark.parametrize("plan", [{"latency_ms": 50}, {"latency_ms": 50, "always": "500"}], ids=["alone", "with a fault"])
def test_faults_endpoint_with_latency_is_accepted_until_a_reset(base_url: str, plan: dict[str, Any]) -> None:
    assert post(root(base_url) + "/faults", plan)[0] == 200
    assert chat(base_url)[0] == (500 if "always" in plan else 200)
    post(root(base_url) + "/reset", {})
    assert chat(base_url)[0] == 200


@pytest.mark.parametrize("latency", [-1, "soon", True, 10**9])
def test_faults_endpoint_invalid_latency_is_refused_and_changes_nothing(base_url: str, latency: object) -> None:
    post(root(base_url) + "/faults", {"always": "500"})
    assert post(root(base_url) + "/faults", {"latency_ms": latency})[0] == 400
    assert chat(base_url)[0] == 500
