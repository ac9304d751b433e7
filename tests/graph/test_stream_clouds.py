"""Streams at the event functions of the four clouds, by their sample events: none of them can stream, and each says so and names the mutation."""
from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from graph.asgi import app
from handler import EventDispatcher
from tests.cloud_events import load_event
from tests.test_handler import CONTEXT, to_runtime_event

HTTP = (
    "tencent/function_url_graphql.json", "tencent/apigw.json", "aliyun/http.json", "huawei/apig.json", "aws/function_url.json", "aws/http_v2.json",
    "aws/rest_v1.json", "aws/alb.json",
)
DOCUMENTS = (
    "subscription { messageStream(input: {content: \"Hello\"}) { __typename } }",
    "subscription { messageStream(resumeFrom: \"x\") { __typename } }",
    "subscription { messageRegenerateStream(input: {messageId: \"x\"}) { __typename } }",
    "subscription { messageBranchStream(input: {messageId: \"x\", content: \"y\"}) { __typename } }",
    "subscription { messageContinueStream(input: {messageId: \"x\"}) { __typename } }",
    "subscription { changed { at } }",
)


@pytest.fixture
def function() -> Iterator[EventDispatcher]:
    async def refuse(*given: Any) -> dict[str, Any]:
        raise AssertionError("no timer and no command")

    made = EventDispatcher(app, refuse, refuse)
    yield made
    made.close()
    asyncio.set_event_loop(None)


def request(path: str, query: str) -> dict[str, Any]:
    """Return the sample event with a GraphQL request by POST in it."""
    event, body = load_event(path), json.dumps({"query": query})
    http = event["requestContext"].get("http") if "requestContext" in event else None
    for name in ("rawPath", "path", "resource"):
        if name in event:
            event[name] = "/graphql"
    if "httpMethod" in event:
        event["httpMethod"] = "POST"
    if http:
        http.update(method="POST", path="/graphql")
    event["headers"] = {**event["headers"], "content-type": "application/json", "accept": "text/event-stream"}
    for name in [name for name in event["headers"] if name.lower() in ("content-type", "accept", "content-length") and name != name.lower()]:
        del event["headers"][name]
    if "multiValueHeaders" in event:
        event["multiValueHeaders"] = {name: [value] for name, value in event["headers"].items()}
    event["body"] = b64encode(body.encode()).decode() if event.get("isBase64Encoded") else body
    return event


@pytest.mark.parametrize("path", HTTP)
def test_event_function_refuses_each_subscription_and_names_the_mutation(function: EventDispatcher, path: str) -> None:
    for document in DOCUMENTS:
        answered = function(to_runtime_event(path, request(path, document)), CONTEXT)
        assert "STREAMING_UNAVAILABLE" in answered["body"] and "messageSend" in answered["body"], answered
        assert answered["isBase64Encoded"] is False
