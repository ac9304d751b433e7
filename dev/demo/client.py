"""A user's client: calls the GraphQL API as a frontend does, but without a socket."""
from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

from dev.errors import CommandError

OPERATIONS = Path(__file__).with_name("operations.graphql")


class Client:
    """A client of the ASGI application `app`; `token` is the user's access token, once signed in."""

    def __init__(self, app: Any) -> None:
        self._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://unilife.invalid")
        self._document = OPERATIONS.read_text(encoding="utf-8")
        self.token: str | None = None

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        await self._http.aclose()

    async def run(self, operation: str, **variables: Any) -> Any:
        """Return the value of the operation's one root field. Raises `CommandError` when it is refused."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": self._document, "operationName": operation, "variables": variables}
        response = (await self._http.post("/graphql", json=body, headers=headers)).json()
        if response.get("errors"):
            raise CommandError(f"{operation}: {response['errors'][0]['message']}")
        [value] = response["data"].values()
        if "code" in value:
            raise CommandError(f"{operation}: {value['message']}")
        return value
