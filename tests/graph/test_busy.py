"""A server whose database connections, or places for requests, are all in use: the answer says so, and health checks and sign-outs are served."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from graph.asgi import server_app
from persistence import database
from persistence.models import Conversation, SignIn
from tests import seeds
from tests.jobs.job_setup import rows
from tests.log_capture import written_log
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

NEW_MEDIA_TYPE, OLD_MEDIA_TYPE = "application/graphql-response+json", "application/json"
SIZE = 2
SIGN_OUT = "mutation { sessionRevoke(input: {}) { ... on SessionRevokeSuccess { revoked } } }"
DOCUMENTS = {
    "query": "{ viewer { email } }",
    "mutation": 'mutation { messageSend(input: {content: "I live in Oslo."}) { __typename } }',
    "public": 'mutation { sessionCreate(input: {email: "a@b.cc", password: "correct horse battery"}) { __typename } }',
}


@asynccontextmanager
async def holding() -> AsyncIterator[None]:
    from persistence import database as access

    await access.dispose()
    held = [access.connection() for _ in range(SIZE)]
    for each in held:
        await each.__aenter__()
    try:
        yield
    finally:
        for each in held:
            await each.__aexit__(None, None, None)
        await access.dispose()


async def send(document: str, bearer: str = "", accept: str = NEW_MEDIA_TYPE) -> httpx2.Response:
    headers = {"accept": accept, **({"authorization": f"Bearer {bearer}"} if bearer else {})}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=server_app()), base_url="http://test", timeout=60) as client:
        return await client.post("/graphql", json={"query": document}, headers=headers)


@pytest.mark.parametrize("accept", [NEW_MEDIA_TYPE, OLD_MEDIA_TYPE])
@pytest.mark.parametrize("kind", DOCUMENTS)
async def test_request_while_all_connections_are_in_use_returns_503_and_changes_nothing(kind: str, accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await seeds.person()
    bearer = "" if kind == "public" else await seeds.bearer(ann)
    monkeypatch.setattr("persistence.pool.TAKE_SECONDS", 0.2)
    with set_to(DATABASE_POOL_SIZE=str(SIZE)), written_log() as lines:
        async with holding():
            answer = await send(DOCUMENTS[kind], bearer, accept)
    body = answer.json()
    assert (answer.status_code, "data" in body) == (503, False)
    [error] = body["errors"]
    assert error["extensions"]["code"] == "SERVER_BUSY" and "nothing was changed" in error["message"]
    assert int(answer.headers["retry-after"]) == error["extensions"]["retryAfter"] >= 1
    [busy] = [line for line in lines if line["event"] == "server_busy"]
    assert (busy["level"], busy["code"]) == ("WARNING", "SERVER_BUSY") and busy["action"] and busy["reason"]
    assert await rows(Conversation) == []


async def test_health_check_while_all_connections_are_in_use_is_healthy() -> None:
    with set_to(DATABASE_POOL_SIZE=str(SIZE)), written_log() as lines:
        async with holding(), httpx2.AsyncClient(transport=httpx2.ASGITransport(app=server_app()), base_url="http://test", timeout=60) as client:
            answers = await asyncio.gather(*(client.get("/health") for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200], lines


async def test_sign_out_while_all_connections_are_in_use_is_carried_out() -> None:
    ann = await seeds.person()
    bearer = await seeds.bearer(ann)
    with set_to(DATABASE_POOL_SIZE=str(SIZE)):
        async with holding():
            answer = await send(SIGN_OUT, bearer)
    assert answer.json()["data"] == {"sessionRevoke": {"revoked": True}}
    assert [row.revoked_at is not None for row in await rows(SignIn)] == [True]


async def test_request_beyond_its_deadline_is_refused_at_once_when_the_wait_is_known_to_be_longer() -> None:
    from persistence import pool

    with set_to(DATABASE_POOL_SIZE="1"):
        await database.dispose()
        lending = database.pool()
        lending._loans.extend([5.0] * pool.MEASURED_LOANS)  # seconds; a test that lent connections for so long would be slow
        async with database.connection():

            async def request() -> Any:
                database.open_account("ann", 60.0, remaining=2.0)
                async with database.connection():
                    pass

            asked = asyncio.ensure_future(request())
            for _ in range(10):
                await asyncio.sleep(0)
            assert asked.done()
            with pytest.raises(Exception, match="the server is busy") as refused:
                await asked
        assert getattr(refused.value, "retry_after", None) == 5
        await database.dispose()
