"""Client of the cloud function: sends it the events of a cloud, on an event loop of its own."""
from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

import handler
import settings
from graph.asgi import app
from llm import client
from persistence import database

Result = TypeVar("Result")

REGISTER = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on AccountRegisterSuccess { accessToken } ... on Error { code } } }"
SEND = (
    "mutation($input: MessageSendInput!) { messageSend(input: $input) "
    "{ ... on MessageSendSuccess { answer { content } conversation { id } } ... on Error { code message } } }"
)
DIARIES = "{ diaries(first: 20) { nodes { date origin summary lines { text evidence { quote message { content } } } } } }"
PROFILE = "{ profile { sections { values { slot value evidence { quote } } } } }"
VIEWER = "{ viewer { email } }"


class Function:
    """One instance of the function."""

    def __init__(self) -> None:
        self._dispatcher = handler.EventDispatcher(app, handler._run_timer, handler._migrate)

    def ask(self, document: str, bearer: str | None = None, **given: Any) -> Any:
        """Return the only field of the response. Raises AssertionError if the response has errors."""
        answer = self.post(document, bearer, **given)
        assert "errors" not in answer, answer
        (found,) = answer["data"].values()
        return found

    def post(
        self, document: str, bearer: str | None = None, *, address: str | None = None, headers: Mapping[str, str] | None = None, **given: Any
    ) -> Any:
        """Return the whole response. `given` is a mutation's input, `address` the client address reported by the platform (Tencent)."""
        platform = {"x-scf-remote-addr": address} if address else {}
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {bearer}"} if bearer else {}), **(headers or {}), **platform}
        body = {"query": document, "variables": {"input": given} if "$input" in document else None}
        event = {"httpMethod": "POST", "path": "/graphql", "headers": headers, "queryString": {}, "body": json.dumps(body)}
        return json.loads(self._dispatcher(event, None)["body"])

    def run(self, job: str) -> Any:
        """Return the result of a timer event."""
        return self._dispatcher({"job": job}, None)

    def on_loop(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the event loop of the function's connections."""
        return self._dispatcher._loop.run_until_complete(work)

    def register(self, name: str = "ann") -> str:
        """Register a user; return the access token."""
        made = self.ask(REGISTER, email=f"{name}@example.org", password="correct horse battery", timeZone="Asia/Shanghai")
        return str(made["accessToken"])

    def close(self) -> None:
        self.on_loop(database.dispose())
        self.on_loop(client.close())
        self._dispatcher.close()
        asyncio.set_event_loop(None)


@contextmanager
def function_on(url: str, monkeypatch: pytest.MonkeyPatch, **environ: str) -> Iterator[Function]:
    """Run an instance whose settings name this database."""
    for name, value in {"POSTGRESQL_URL": url, **environ}.items():
        monkeypatch.setenv(name, value)
    settings.current.cache_clear()
    app.cache_clear()
    function = Function()
    try:
        yield function
    finally:
        function.close()
        monkeypatch.undo()
        settings.current.cache_clear()
        app.cache_clear()
