"""`messageStream` over server-sent events: its events in order, and a client that disconnects."""
from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from starlette.types import Message as ASGIMessage

from graph.relay import encode_cursor
from persistence.ids import uuid7
from persistence.models import Message
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, everything, model, rows, say

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

STREAM = """
subscription($input: MessageSendInput, $from: String) { messageStream(input: $input, resumeFrom: $from) { __typename
  ... on MessageStreamStarted { question { id status } conversation { id } }
  ... on MessageStreamDelta { text }
  ... on MessageSendSuccess { question { id status } answer { content } conversation { id title } }
  ... on Error { code message field }
  ... on ModelUnavailableError { question { id status } } } }
"""


class Client:
    """One request at the ASGI level that records the events; with `leaves_after` the client disconnects after so many."""

    def __init__(self, token: str | None, sent: dict[str, Any], *, leaves_after: int | None = None, function: bool = False,
                 variables: dict[str, Any] | None = None, document: str = STREAM) -> None:
        self._body = json.dumps({"query": document, "variables": {"input": sent} if variables is None else variables}).encode()
        self._leaves_after = leaves_after
        self.events: list[dict[str, Any]] = []
        self.status, self._text, self._asked = 0, "", False
        headers = [(b"content-type", b"application/json"), (b"accept", b"text/event-stream")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        self.scope = {
            "type": "http", "http_version": "1.1", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
            "headers": headers, "client": ("127.0.0.1", 1), "server": ("unilife.test", 80), "scheme": "http", "root_path": "",
            "unilife.function": function,
        }

    async def run(self) -> list[dict[str, Any]]:
        import anyio

        from graph.asgi import app

        self._left = anyio.Event()
        await app()(self.scope, self._receive, self._send)
        return self.events

    async def _receive(self) -> ASGIMessage:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: ASGIMessage) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        for block in message.get("body", b"").decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if lines.get("event") == "next":
                self.events.append(json.loads(lines["data"]))
            elif block.startswith("{"):
                self.events.append(json.loads(block))
        if self._leaves_after is not None and len(self.events) >= self._leaves_after:
            self._left.set()
            await self._block()

    async def _block(self) -> None:
        """Block, since a disconnected client reads nothing more."""
        import anyio

        await anyio.Event().wait()


async def stream_events(client: Client) -> list[dict[str, Any]]:
    events = await client.run()
    assert client.status == 200 and not any("errors" in event for event in events), events
    return [event["data"]["messageStream"] for event in events]


async def test_message_stream_sends_started_deltas_and_the_final_answer(model: Model):
    token = await seeds.bearer(await seeds.person())
    started, *pieces, sent = await stream_events(Client(token, {"content": "Tell me about the sea and its tides", "idempotencyKey": "k"}))
    assert started["__typename"] == "MessageStreamStarted" and started["question"]["status"] == "PENDING"
    assert pieces and {piece["__typename"] for piece in pieces} == {"MessageStreamDelta"}
    assert sent["__typename"] == "MessageSendSuccess" and sent["question"] == {"id": started["question"]["id"], "status": "COMPLETE"}
    assert "".join(piece["text"] for piece in pieces) == sent["answer"]["content"]
    assert await stream_events(Client(token, {"content": "Tell me about the sea and its tides", "idempotencyKey": "k"})) == [sent]
    assert (await model.calls())["chat"] == 1


@pytest.mark.parametrize(("fault", "code"), [("402", "MODEL_QUOTA_EXCEEDED"), ("cut", "MODEL_TRUNCATED")])
async def test_message_stream_when_the_model_fails_ends_with_model_unavailable_error(model: Model, fault: str, code: str):
    await model.fail(match="task: chat/7", kind=fault)
    events = await stream_events(Client(await seeds.bearer(await seeds.person()), {"content": "Hello"}))
    assert (events[-1]["__typename"], events[-1]["code"], events[-1]["question"]["status"]) == ("ModelUnavailableError", code, "FAILED")
    assert (await rows(Message))[0].error_code == code


async def test_message_stream_with_an_invalid_input_sends_only_the_error(model: Model):
    token = await seeds.bearer(await seeds.person())
    before = await everything()
    [refused] = await stream_events(Client(token, {"content": ""}))
    assert (refused["__typename"], refused["code"]) == ("InvalidInputError", "BAD_USER_INPUT") and await everything() == before


async def test_message_stream_when_signed_out_is_refused(model: Model):
    events = await Client(None, {"content": "Hello"}).run()
    assert [error["extensions"]["code"] for event in events for error in event["errors"]] == ["UNAUTHENTICATED"]
    assert await rows(Message) == [] and await model.calls() == {}


async def test_message_stream_in_an_event_function_is_refused_and_names_message_send(model: Model):
    token = await seeds.bearer(await seeds.person())
    before = await everything()
    [answered] = await Client(token, {"content": "Hello"}, function=True).run()
    assert "messageSend" in answered["errors"][0]["message"] and answered["errors"][0]["extensions"]["code"] == "STREAMING_UNAVAILABLE"
    assert await everything() == before and await model.calls() == {}


@pytest.mark.parametrize(("given", "field"), [
    ({}, "input"), ({"input": {"content": "Hello"}, "from": "x"}, "resumeFrom"), ({"from": "x"}, "resumeFrom"),
    ({"from": encode_cursor(uuid7(), 1)}, "resumeFrom"),
    ({"from": encode_cursor(uuid7(), datetime.now(timezone.utc), 2**62, 0)}, "resumeFrom"),
], ids=["nothing", "both", "no cursor", "another cursor", "a position beyond all answers"])  # fmt: skip
async def test_message_stream_with_an_invalid_position_is_refused_and_changes_nothing(model: Model, given: dict[str, Any], field: str):
    token = await seeds.bearer(await seeds.person())
    before = await everything()
    [refused] = await Client(token, {}, variables=given).run()
    told = refused["data"]["messageStream"]
    assert (told["__typename"], told["code"], told["field"]) == ("InvalidInputError", "BAD_USER_INPUT", field) and await everything() == before


async def test_message_stream_of_another_user_is_not_found(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    question = (await say(ann, "Hello")).question
    cursor = encode_cursor(question.id, datetime.now(timezone.utc))
    [refused] = await Client(await seeds.bearer(bob), {}, variables={"from": cursor}).run()
    assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    [rest, done] = await stream_events(Client(await seeds.bearer(ann), {}, variables={"from": cursor}))
    assert rest["text"] == done["answer"]["content"]
