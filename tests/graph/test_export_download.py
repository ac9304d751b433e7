"""The download of all data in the server mode."""
from __future__ import annotations

import asyncio
import io
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest

from graph.asgi import EXPORT_PATH, app, server_app
from resolvers import portability
from tests import seeds
from tests.jobs.job_setup import everything
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


def client(served: Any, bearer: str | None = None) -> httpx2.AsyncClient:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=served), base_url="http://test", headers=headers, timeout=60)


async def test_export_download_streams_a_zip_with_all_data() -> None:
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    async with client(server_app(), await seeds.bearer(ann)) as http:
        answer = await http.get(EXPORT_PATH)
        only_json = await http.get(EXPORT_PATH, params={"format": "json"})
        head = await http.head(EXPORT_PATH)
    assert (answer.status_code, answer.headers["content-type"], answer.headers["cache-control"]) == (200, "application/zip", "no-store")
    assert answer.headers["content-disposition"] == 'attachment; filename="unilife.zip"' and "x-request-id" in answer.headers
    with ZipFile(io.BytesIO(answer.content)) as opened:
        assert opened.namelist() == ["unilife.json", "profile.md", f"days/{DAY}.md", "manifest.json"]
        assert opened.read("unilife.json").decode() == await portability.export_json(ann)
    with ZipFile(io.BytesIO(only_json.content)) as opened:
        assert opened.namelist() == ["unilife.json", "manifest.json"]
    assert (head.status_code, head.headers["content-type"], head.content) == (200, "application/zip", b"")


REFUSED: list[tuple[str | None, dict[str, str], int, str]] = [
    (None, {}, 401, "UNAUTHENTICATED"), ("x.y.z", {}, 401, "UNAUTHENTICATED"), ("ann", {"format": "xml"}, 400, "BAD_USER_INPUT"),
]  # fmt: skip


@pytest.mark.parametrize(("bearer", "query", "status", "code"), REFUSED)
async def test_export_download_without_a_session_or_with_another_format_is_refused(bearer: str | None, query: dict[str, str], status: int, code: str) -> None:
    ann = await seeds.person()
    token = await seeds.bearer(ann)
    before = await everything()
    async with client(server_app(), token if bearer == "ann" else bearer) as http:
        answer = await http.get(EXPORT_PATH, params=query)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code) and await everything() == before


async def test_export_download_by_an_event_function_is_an_unknown_path() -> None:
    ann = await seeds.person()
    async with client(app(), await seeds.bearer(ann)) as http:
        assert (await http.get(EXPORT_PATH)).status_code == 404


async def test_export_download_of_an_account_that_is_being_downloaded_is_refused() -> None:
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    served, bearer = server_app(), await seeds.bearer(ann)
    began, go_on = asyncio.Event(), asyncio.Event()

    async def send(message: Any) -> None:
        began.set()
        await go_on.wait()

    download = asyncio.create_task(served(request_of(bearer), asyncio.Event().wait, send))
    await began.wait()
    async with client(served, bearer) as http:
        refused = await http.get(EXPORT_PATH)
        go_on.set()
        await download
        allowed = await http.get(EXPORT_PATH)
    [error] = refused.json()["errors"]
    assert (refused.status_code, refused.headers["retry-after"], error["extensions"]["code"]) == (429, "60", "RATE_LIMITED")
    assert allowed.status_code == 200


def request_of(bearer: str) -> dict[str, Any]:
    """Return the scope of a request for the download."""
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": EXPORT_PATH,
        "raw_path": EXPORT_PATH.encode(), "root_path": "", "query_string": b"", "headers": [(b"authorization", f"Bearer {bearer}".encode())],
        "client": ("127.0.0.1", 123), "server": ("test", 80),
    }
