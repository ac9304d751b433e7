"""Limits on the requests in flight of one user, of one client and of all together."""
from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse

from graph.app import build_app
from graph.request import HTTPError
from graph.server_limits import BoundedRequests, RequestLimits
from resolvers.tokens import issue_access_token
from tests.graph.small_schema import make_settings

pytestmark = pytest.mark.anyio

LIMITS = RequestLimits(requests_per_user=2, requests_per_client=3, body_bytes=100, body_bytes_each=10)


class Service:
    """An application that holds every request until `go_on` is set."""

    def __init__(self, limits: RequestLimits = LIMITS) -> None:
        self.go_on, self.inside = asyncio.Event(), 0

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            try:
                await Request(scope, receive).body()
            except HTTPError as error:
                return await JSONResponse({"code": error.code}, error.status)(scope, receive, send)
            self.inside += 1
            await self.go_on.wait()
            await JSONResponse("ok")(scope, receive, send)

        async def health() -> dict[str, Any]:
            return {"healthy": True}

        class Answer:
            """An ASGI application as an object, like the real endpoint: a route treats a function as an endpoint for GET only."""

            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                await answer(scope, receive, send)

        app = build_app(Answer(), health=health, settings=make_settings(CORS_ORIGINS="https://app.example.org"), limits=[Middleware(BoundedRequests, limits)])
        self._app, self.waiting = app, list[asyncio.Task[httpx2.Response]]()

    async def post(self, *, bearer: str = "", client: str = "203.0.113.7", body: bytes = b"") -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self._app, client=(client, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as opened:
            headers = {"origin": "https://app.example.org", **({"authorization": f"Bearer {bearer}"} if bearer else {})}
            return await opened.post("/graphql", content=body, headers=headers)

    async def get_health(self) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self._app, client=("203.0.113.7", 1)), base_url="http://test") as opened:
            return await opened.get("/health")

    async def hold(self, number: int = 1, **how: Any) -> None:
        before = self.inside
        self.waiting += [asyncio.ensure_future(self.post(**how)) for _ in range(number)]
        while self.inside < before + number:
            assert not any(waiting.done() for waiting in self.waiting), "a request was answered instead of held"
            await asyncio.sleep(0)

    async def finish(self) -> list[int]:
        self.go_on.set()
        return [(await waiting).status_code for waiting in self.waiting]


def token() -> str:
    return issue_access_token(uuid4(), uuid4())[0]


async def test_bounded_requests_of_a_user_above_the_limit_are_refused_and_others_served() -> None:
    service, ann, bob = Service(), token(), token()
    await service.hold(2, bearer=ann)
    refused = await service.post(bearer=ann)
    assert (refused.status_code, refused.headers["retry-after"], refused.json()["errors"][0]["extensions"]["code"]) == (429, "1", "RATE_LIMITED")
    assert refused.headers["access-control-allow-origin"] and refused.headers["x-request-id"]
    await service.hold(bearer=bob)
    await service.hold()
    assert await service.finish() == [200] * 4
    assert (await service.post(bearer=ann)).status_code == 200, "what has ended counts no more"


@pytest.mark.parametrize("bearer", ["", "no token of ours", "a.b.c"])
@pytest.mark.parametrize(("one", "other"), [("203.0.113.7", "203.0.113.8"), ("2001:db8::1", "2001:db8:0:1::1")])
async def test_bounded_requests_without_a_valid_token_count_by_client_address(bearer: str, one: str, other: str) -> None:
    service = Service()
    await service.hold(3, bearer=bearer, client=one)
    assert (await service.post(client=one)).status_code == 429
    await service.hold(client=other)
    assert await service.finish() == [200] * 4


async def test_bounded_requests_from_one_ipv6_network_count_as_one_client() -> None:
    service = Service()
    for number in range(3):
        await service.hold(client=f"2001:db8::{number}")
    assert (await service.post(client="2001:db8::ffff")).status_code == 429
    assert await service.finish() == [200] * 3


async def test_bounded_requests_with_large_bodies_above_the_limit_are_refused_and_small_ones_served() -> None:
    service = Service()
    await service.hold(body=b"x" * 110)
    refused = await service.post(client="203.0.113.8", body=b"x" * 11)
    assert (refused.status_code, refused.json()) == (503, {"code": "RATE_LIMITED"})
    await service.hold(client="203.0.113.8", body=b"x" * 10)
    assert await service.finish() == [200] * 2
    service.waiting.clear()
    assert (await service.post(body=b"x" * 110)).status_code == 200, "what has ended counts no more"


SIGN_OUT = b'{"query": "mutation { sessionRevoke(input: {}) { __typename } }"}'


async def test_bounded_requests_of_all_together_above_the_limit_are_refused_as_busy() -> None:
    service = Service(RequestLimits(requests=3, sign_outs=1))
    for _ in range(3):
        await service.hold(bearer=token())
    refused = await service.post(bearer=token())
    [error] = refused.json()["errors"]
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert (error["extensions"]["code"], error["extensions"]["retryAfter"]) == ("SERVER_BUSY", 1)
    assert (await service.get_health()).status_code == 200
    assert await service.finish() == [200] * 3
    assert (await service.post(bearer=token())).status_code == 200, "what has ended counts no more"


@pytest.mark.parametrize("limits", [RequestLimits(requests=2, sign_outs=1), RequestLimits(requests_per_user=2, sign_outs=1)], ids=["all", "of one user"])
async def test_bounded_requests_sign_out_above_the_limits_is_served_within_its_own(limits: RequestLimits) -> None:
    service, ann = Service(limits), token()
    await service.hold(2, bearer=ann)
    assert (await service.post(bearer=ann, body=SIGN_OUT.replace(b"sessionRevoke", b"viewer"))).status_code in (429, 503)
    await service.hold(bearer=ann, body=SIGN_OUT)
    assert (await service.post(bearer=ann, body=SIGN_OUT)).status_code in (429, 503), "one at once"
    assert await service.finish() == [200] * 3
