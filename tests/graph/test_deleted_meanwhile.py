"""Deletions during an answer: reported as a conflict or a missing session, logged without an error, with no row left."""
from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete

from graph.asgi import app
from persistence import database
from persistence.models import Conversation, Message, User
from persistence.models.chat import MessageStatus
from tests import seeds
from tests.jobs.job_setup import rows
from tests.log_capture import written_log
from tests.resolvers.chat.chat_setup import Model, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

OPERATIONS = {
    "send": ("mutation($input: MessageSendInput!) { messageSend(input: $input) { __typename ... on Error { code } } }", "application/json"),
    "stream": ("subscription($input: MessageSendInput!) { messageStream(input: $input) { __typename ... on Error { code } } }", "text/event-stream"),
}


async def delete_rows(kind: Any, user: User) -> None:
    async with database.transaction() as session:
        await session.execute(delete(kind).where((User.id if kind is User else kind.user_id) == user.id))


DELETIONS: dict[str, Callable[[User], Awaitable[None]]] = {
    "account": lambda user: delete_rows(User, user),
    "conversation": lambda user: delete_rows(Conversation, user),
    "message": lambda user: delete_rows(Message, user),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("what", DELETIONS)
@pytest.mark.parametrize("fault", ["answered", "failed"])
async def test_message_send_and_stream_when_rows_are_deleted_meanwhile_log_no_error(model: Model, operation: str, what: str, fault: str) -> None:
    ann = await seeds.person()
    await seeds.said(ann, seeds.DAY, "I like tea")
    document, accept = OPERATIONS[operation]
    await model.fail(latency_ms=3000, **({"always": "500"} if fault == "failed" else {}))
    headers = {"authorization": f"Bearer {await seeds.bearer(ann)}", "accept": accept}
    body = {"query": document, "variables": {"input": {"content": "What do I like?"}}}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app()), base_url="http://test", timeout=60) as client:
        with written_log() as lines:
            asked = asyncio.ensure_future(client.post("/graphql", json=body, headers=headers))
            while not [row for row in await rows(Message) if row.status is MessageStatus.PENDING]:  # a call of an earlier test may still be in flight
                await asyncio.sleep(0.01)
            await model.is_being_asked()
            await DELETIONS[what](ann)
            answer = await asked
    assert answer.status_code == 200 and "INTERNAL_SERVER_ERROR" not in answer.text and "internal error" not in answer.text
    assert [line for line in lines if line["level"] == "ERROR"] == []
    assert "CONFLICT" in answer.text or "UNAUTHENTICATED" in answer.text or fault == "failed", json.dumps(answer.text)
    if what != "message":
        assert await rows(Message) == []
