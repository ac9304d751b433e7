"""Failures of each statement of a message in turn: what the response says of the message is compared with what is stored."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from graph.asgi import app
from graph.relay import encode_id
from persistence import database
from persistence.models import Message, User
from persistence.models.chat import MessageRole
from resolvers.chat.exchange import message_state
from tests import seeds
from tests.jobs.job_setup import rows
from tests.persistence.tcp_proxy import CountingProxy
from tests.resolvers.chat.chat_setup import Model, model, set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SEND = """mutation { messageSend(input: {content: "I live in Oslo."}) {
  __typename ... on MessageSendSuccess { question { id status } answer { id } }
  ... on ModelUnavailableError { code message question { id status } } ... on Error { code }
} }"""
MAX_ROUND_TRIPS = 60


class FailingProxy(CountingProxy):
    """A proxy that closes the connection at one round trip: instead of passing it on, or instead of passing on its reply."""

    fails_at = 0
    is_carried_out = False
    stays_down = False

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False) -> None:
        while data := await reader.read(65536):
            self.round_trips += counted
            failing = self.fails_at and (self.round_trips == self.fails_at or (self.stays_down and self.round_trips > self.fails_at))
            if failing and (not counted or not self.is_carried_out):
                break
            writer.write(data)
            await writer.drain()
        writer.close()


@pytest.fixture
async def proxy(database: str) -> AsyncIterator[FailingProxy]:
    """Yield a proxy through which the process reaches the database, on one connection."""
    from persistence import database as access

    given = urlsplit(database)
    [host], name = parse_qs(given.query).get("host", [given.hostname]), given.path.strip("/")
    server = f"{host}/.s.PGSQL.5432" if host and host.startswith("/") else given.port or 5432
    failing = FailingProxy(server)
    async with failing:
        with set_to(POSTGRESQL_URL=f"postgresql://postgres@127.0.0.1:{failing.port}/{name}?sslmode=disable", DATABASE_POOL_SIZE="1"):
            await access.dispose()
            yield failing
            failing.fails_at = 0
            await access.dispose()


async def send(bearer: str) -> Any:
    headers = {"authorization": f"Bearer {bearer}", "accept": "application/json"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app()), base_url="http://test", timeout=60) as client:
        return (await client.post("/graphql", json={"query": SEND}, headers=headers)).json()


async def check(answer: Any, *, may_be_answered: bool) -> str:
    """Compare a response with what is stored; return how it ended. `may_be_answered`: it cannot be known whether the answer was stored."""
    stored = {encode_id("Message", row.id): row for row in await rows(Message)}
    questions = [row for row in stored.values() if row.role is MessageRole.USER]
    if "errors" in answer:
        [error] = answer["errors"]
        assert error["extensions"]["code"] in ("DATABASE_UNAVAILABLE", "SERVER_BUSY"), answer
        if "nothing was changed" in error["message"]:
            assert stored == {}, "the response says that nothing was changed"
            return "nothing"
        assert "may have been carried out" in error["message"]
        return "unknown"
    told = answer["data"]["messageSend"]
    assert [row.id for row in questions] == [stored[told["question"]["id"]].id]
    if told["__typename"] == "MessageSendSuccess":
        assert told["answer"]["id"] in stored
        return "answered"
    assert (told["__typename"], told["code"]) == ("ModelUnavailableError", "DATABASE_UNAVAILABLE")
    if told["question"]["status"] == "PENDING" and len(stored) == 2:  # its answer was stored, but no reply came, and no further one
        assert may_be_answered and "query the message" in told["message"]
        return "perhaps answered"
    assert told["question"]["status"] == message_state(questions[0]).status.value and len(stored) == 1
    return "question"


@pytest.fixture(autouse=True)
def short_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up storing an answer soon after the database failed, which is down for long in half of the tests."""
    monkeypatch.setattr("resolvers.chat.answers.RETRY_SECONDS", 0.3)


@pytest.mark.parametrize("stays_down", [False, True], ids=["one connection", "for long"])
@pytest.mark.parametrize("is_carried_out", [False, True], ids=["not carried out", "without a reply"])
async def test_message_send_with_each_round_trip_failing_tells_what_is_stored(
    proxy: FailingProxy, model: Model, is_carried_out: bool, stays_down: bool
) -> None:
    proxy.is_carried_out, proxy.stays_down = is_carried_out, stays_down
    outcomes: set[str] = set()
    for number in range(1, MAX_ROUND_TRIPS):
        user = await seeds.person(f"ann{number}")
        bearer = await seeds.bearer(user)
        proxy.round_trips, proxy.fails_at = 0, number
        answer = await send(bearer)
        has_failed = proxy.round_trips >= proxy.fails_at
        proxy.fails_at = 0
        outcomes.add(await check(answer, may_be_answered=is_carried_out and stays_down))
        async with database.transaction() as session:
            await session.delete(await session.get_one(User, user.id))
        if not has_failed:
            break
    assert {"nothing", "question", "answered"} <= outcomes
