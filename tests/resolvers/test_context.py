"""Authentication of the viewer: started while the operation is prepared, and ended with its request."""
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jobs.deadline import Deadline
from resolvers import context as contexts
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from tests import seeds

pytestmark = pytest.mark.anyio


def make_context(bearer: str | None) -> Context:
    return Context(request_id="a-request", deadline=Deadline(30), bearer=bearer)


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the tokens that are looked up, and find no user."""
    seen: list[str] = []

    async def authenticate(bearer: str) -> Any:
        seen.append(bearer)
        await asyncio.sleep(0)
        raise Unauthenticated("nobody")

    monkeypatch.setattr(contexts, "authenticate", authenticate)
    return seen


async def test_start_authentication_with_a_token_looks_it_up_once(looked_up: list[str]) -> None:
    context = make_context("token")
    await context.start_authentication()
    assert looked_up == ["token"]
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await context.viewer()
    await context.close()
    assert looked_up == ["token"]


async def test_start_authentication_without_a_token_looks_up_nothing(looked_up: list[str]) -> None:
    context = make_context(None)
    await context.start_authentication()
    assert await context.viewer() is None
    await context.close()
    assert looked_up == []


async def test_close_with_an_unread_refusal_reports_no_unhandled_exception(looked_up: list[str]) -> None:
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))
    context = make_context("token")
    await context.start_authentication()
    await context.close()
    del context
    await asyncio.sleep(0)
    assert looked_up == ["token"] and complaints == []


async def test_close_with_a_hanging_lookup_cancels_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    async def authenticate(bearer: str) -> Any:
        try:
            await asyncio.sleep(600)
        finally:
            ended.append(bearer)

    monkeypatch.setattr(contexts, "authenticate", authenticate)
    monkeypatch.setattr(contexts, "AUTHENTICATION_CLOSE_SECONDS", 0.01)
    context = make_context("token")
    await context.start_authentication()
    await context.close()
    assert ended == ["token"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("document", "codes"), [("{ __typename }", []), ("{ noSuchField }", ["GRAPHQL_VALIDATION_FAILED"])])
async def test_request_without_a_viewer_field_leaves_no_task_behind(document: str, codes: list[str]) -> None:
    token = await seeds.bearer(await seeds.person())
    before = asyncio.all_tasks()
    with seeds.statements() as seen:
        answered = await seeds.ask(document, {}, token=token)
    assert [error["extensions"]["code"] for error in answered.get("errors", [])] == codes
    assert asyncio.all_tasks() == before and len(seen) == 1
