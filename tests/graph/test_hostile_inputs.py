"""Hostile inputs to every operation: answered as client errors, with no ERROR in the log and no internal error in the answer."""
from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import update

from graph.asgi import app
from graph.relay import encode_id
from graph.schema import schema
from persistence import database
from persistence.models import Diary, User
from persistence.models.account import Role
from resolvers import changes
from tests import seeds
from tests.graph.hostile_inputs import Attempt, attempts
from tests.jobs.job_setup import rows
from tests.log_capture import written_log
from tests.resolvers.chat.chat_setup import Model, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

OPERATIONS = [
    (kind, name)
    for kind, root in (("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"))
    for name in schema()._schema.type_map[root].fields  # type: ignore[union-attr]
]

IDS = {"diary": "diaryId", "profileValue": "valueId", "userUpdate": "userId"}
"""Beginning of an operation's name → the id that it takes; all others take a conversation's."""


async def make_users(operation: str) -> tuple[User, dict[str, Any], list[str]]:
    """Return an admin with a day's messages, diary and profile; valid values of the inputs; and the ids of another user's objects."""
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(role=Role.ADMIN))
    mine, theirs = await make_objects(ann), await make_objects(bob)
    own = next((mine[name] for start, name in IDS.items() if operation.startswith(start)), mine["conversationId"])
    usual = {
        **mine, "content": "I ran today", "query": "ran", "date": str(seeds.DAY), "email": "eve@example.org", "password": "wrong horse battery",
        "currentPassword": "wrong horse battery", "newPassword": "another horse battery", "reason": "because", "Int": 2, "String": "text", "Boolean": False,
        "Date": str(seeds.DAY), "DateTime": "2026-05-20T12:00:00Z", "TimeZone": "UTC", "Locale": "en", "EmailAddress": "eve@example.org", "Float": 0.5,
        "BigInt": 5, "ID": own, "ids": list(mine.values()), "id": own, "slot": "identity.home", "value": "Leeds",
        "dryRun": True, "refreshToken": "A" * 64,
    }  # fmt: skip
    return ann, usual, [*theirs.values(), encode_id("Conversation", uuid4()), encode_id("JobRun", uuid4()), encode_id("Nothing", uuid4())]


async def make_objects(person: User) -> dict[str, str]:
    await seeds.whole_day(person, seeds.DAY)
    [message, *_] = await seeds.said(person, seeds.DAY, "I like tea", "Answer me")
    value = await seeds.value(person, "preferences.food", "tea", message)
    [diary] = await rows(Diary, Diary.user_id == person.id)
    return {
        "conversationId": encode_id("Conversation", message.conversation_id), "messageId": encode_id("Message", message.id),
        "diaryId": encode_id("Diary", diary.id), "valueId": encode_id("ProfileValue", value.id), "userId": encode_id("User", person.id),
    }  # fmt: skip


async def answer_of(client: httpx2.AsyncClient, attempt: Attempt, bearer: str, kind: str) -> str:
    """Return the text of the answer; of a subscription all its events."""
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    if kind == "subscription":
        headers["accept"] = "text/event-stream"
    body = json.dumps({"query": attempt.query, "variables": attempt.variables})
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json", **headers})
    assert answer.status_code < 500, (attempt.what, answer.status_code, answer.text[:500])
    return answer.text


def internal_errors(text: str) -> list[str]:
    return [code for code in ("INTERNAL_SERVER_ERROR", "internal error") if code in text]


@pytest.mark.parametrize(("kind", "name"), OPERATIONS, ids=[name for _, name in OPERATIONS])
async def test_operation_with_hostile_inputs_causes_no_internal_error(model: Model, kind: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "STREAM_SECONDS", 0.0)  # the subscription `changed` would last for a quarter of an hour
    ann, usual, foreign = await make_users(name)
    failed, seen = [], 0
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app()), base_url="http://test", timeout=60) as client:
        with written_log() as lines:
            for attempt in attempts(schema()._schema, name, kind, usual, foreign):
                seen += 1
                bearer = await seeds.bearer(ann)
                text = await answer_of(client, attempt, bearer, kind)
                failed += [attempt.what] if internal_errors(text) else []
            text = await answer_of(client, Attempt("signed out", attempt.query, attempt.variables), "", kind)
    assert seen > 1
    assert failed == [] and not internal_errors(text)
    assert [line for line in lines if line["level"] == "ERROR"] == []
