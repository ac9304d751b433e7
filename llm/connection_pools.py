"""The HTTP transport of the model's client: several small connection pools in place of a large one.

At each beginning and end of a request, a pool of httpx2 asks the socket of every idle connection whether the server closed it. With 50 connections this
took a third of the CPU of a call, so the connections are spread over pools, and each request asks a few.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.request import getproxies

import httpx2
from openai import DefaultAsyncHttpxClient

POOLS = 16
"""Connection pools of a process; each call uses the one with the fewest requests."""
LIMITS = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
"""The limits of openai's own client, here for each pool."""


def make_http_client() -> httpx2.AsyncClient:
    """Return openai's HTTP client, with spread connections. Where a proxy is set, it keeps httpx2's own transport, which knows proxies."""
    return DefaultAsyncHttpxClient() if getproxies() else DefaultAsyncHttpxClient(transport=SpreadTransport())


class SpreadTransport(httpx2.AsyncBaseTransport):
    """A transport that sends each request through the pool with the fewest requests, the first of several: few requests share the same connections."""

    def __init__(self) -> None:
        self._context = httpx2.create_ssl_context()
        self._pools: list[httpx2.AsyncHTTPTransport] = []
        self._requests = [0] * POOLS

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        number = self._requests.index(min(self._requests))
        while number >= len(self._pools):
            self._pools.append(httpx2.AsyncHTTPTransport(verify=self._context, limits=LIMITS))
        self._requests[number] += 1
        try:
            response = await self._pools[number].handle_async_request(request)
        except BaseException:
            self._requests[number] -= 1
            raise
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _CountedStream(response.stream, self._requests, number)
        return response

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class _CountedStream(httpx2.AsyncByteStream):
    """A response's body, whose request counts until it is closed."""

    def __init__(self, stream: httpx2.AsyncByteStream, requests: list[int], number: int) -> None:
        self._stream, self._requests, self._number = stream, requests, number
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._requests[self._number] -= 1
        await self._stream.aclose()
