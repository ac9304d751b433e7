"""Trusted documents: what runs by its id, what is refused in each mode, and the manifests."""
from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from starlette.testclient import TestClient

import settings
from graph.asgi import app
from graph.endpoint import make_endpoint
from graph.trusted_documents import InvalidManifest, TrustedDocuments, read_manifests
from handler import EventDispatcher
from tests.graph.small_schema import Service, make_service, make_settings
from tests.log_capture import written_log
from tests.test_handler import CONTEXT, tencent

GREET = "query Greet($name: String = \"小明\") { hello(name: $name) }"
RENAME = "mutation Rename { rename(name: \"安\") }"
COUNT = "subscription Count { count(to: 2) }"
TYPE = "{ __typename }"
INTROSPECT = "{ __schema { queryType { name } } }"
UNKNOWN = "{ hello }"
EVENTS = "text/event-stream"


def id_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def manifests(tmp_path: Path) -> tuple[str, str]:
    """Write one manifest as graphql-codegen does and one as Relay's compiler does, and return their paths."""
    codegen, relay = tmp_path / "codegen.json", tmp_path / "relay.json"
    codegen.write_text(json.dumps({f"sha256:{id_of(text)}": text for text in (GREET, RENAME)}))
    relay.write_text(json.dumps({id_of(text): text for text in (COUNT, TYPE, INTROSPECT)}))
    return str(codegen), str(relay)


def serve(manifests: tuple[str, ...], *, only: bool) -> tuple[TestClient, Service]:
    service = make_service(documents=TrustedDocuments(manifests, only=only), DEBUG="0", JWT_SECRET_KEY=token_hex(32))
    return TestClient(service.app), service


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


def test_document_id_by_post_and_by_get_runs_the_document(manifests: tuple[str, str]) -> None:
    client, _ = serve(manifests, only=True)
    for id in (id_of(GREET), f"sha256:{id_of(GREET)}"):
        asked = {"documentId": id, "operationName": "Greet"}
        by_post = client.post("/graphql", json={**asked, "variables": {"name": "Ann"}})
        for answer in (by_post, client.get("/graphql", params={**asked, "variables": '{"name":"Ann"}'})):
            assert (answer.status_code, answer.json()) == (200, {"data": {"hello": "hello Ann"}})
    as_browser = client.get("/graphql", params={"documentId": id_of(GREET)}, headers={"accept": "text/html, application/json;q=0.9"})
    assert as_browser.json() == {"data": {"hello": "hello 小明"}}
    assert client.post("/graphql", json={"documentId": id_of(RENAME)}).json()["data"]["rename"]
    assert [client.get("/graphql", params={"documentId": id_of(text)}).status_code for text in (RENAME, COUNT)] == [405, 405]
    streamed = client.post("/graphql", json={"documentId": id_of(COUNT)}, headers={"accept": EVENTS})
    assert streamed.headers["content-type"].startswith(EVENTS) and streamed.text.count('"count"') == 2


def test_document_text_runs_unless_only_trusted_documents_do(manifests: tuple[str, str]) -> None:
    """A text that is in a manifest is refused as well: a client has to send its id."""
    for query in (UNKNOWN, GREET, "mutation { rename }", COUNT, INTROSPECT):
        _check_text(manifests, query)


def _check_text(manifests: tuple[str, str], query: str) -> None:
    accept = EVENTS if query == COUNT else "application/graphql-response+json"
    client, service = serve(manifests, only=True)
    refused = client.post("/graphql", json={"query": query}, headers={"accept": accept})
    assert (refused.status_code, codes(refused), service.contexts) == (422 if query != COUNT else 400, ["DOCUMENT_NOT_TRUSTED"], [])
    assert "documentId" in refused.json()["errors"][0]["message"]
    client, service = serve(manifests, only=False)
    with written_log() as lines:
        answer = client.post("/graphql", json={"query": query}, headers={"accept": accept})
        client.post("/graphql", json={"documentId": id_of(GREET)})
    assert "NOT_TRUSTED" not in answer.text and (query == INTROSPECT or '"data"' in answer.text)
    assert [line["trusted"] for line in lines if line["event"] == "http_request"] == [False, True]


@pytest.mark.parametrize("only", [True, False])
def test_request_with_an_unknown_id_or_with_id_and_text_runs_nothing(manifests: tuple[str, str], only: bool) -> None:
    client, service = serve(manifests, only=only)
    for id in (id_of(UNKNOWN), f"sha256:sha256:{id_of(GREET)}", f"md5:{id_of(GREET)}", id_of(GREET).upper(), "x", "../codegen.json"):
        answer = client.post("/graphql", json={"documentId": id}, headers={"accept": "application/graphql-response+json"})
        assert (answer.status_code, codes(answer)) == (422, ["DOCUMENT_NOT_FOUND"]), id
        assert ('"query"' in answer.json()["errors"][0]["message"]) is not only
    for asked in ({"documentId": id_of(RENAME), "query": RENAME}, {"documentId": 5}, {"documentId": ""}, {"documentId": None}, [{"documentId": id_of(RENAME)}]):
        answer = client.post("/graphql", json=asked)
        assert (answer.status_code, codes(answer)) == (400, ["BAD_USER_INPUT"]), asked
    assert service.contexts == []


def test_document_id_without_trusted_documents_is_not_found() -> None:
    service = make_service()
    client = TestClient(service.app)
    answer = client.post("/graphql", json={"documentId": id_of(GREET)})
    assert (answer.status_code, codes(answer), service.contexts) == (400, ["DOCUMENT_NOT_FOUND"], [])
    assert client.post("/graphql", json={"documentId": id_of(RENAME), "query": GREET}).json() == {"data": {"hello": "hello 小明"}}


def test_manifests_are_read_at_the_first_id_and_once(manifests: tuple[str, str]) -> None:
    client, _ = serve(manifests, only=False)
    content = {path: Path(path).read_text() for path in manifests}
    for path in manifests:
        Path(path).write_text("not read yet")
    assert client.post("/graphql", json={"query": UNKNOWN}).json() == {"data": {"hello": "hello world"}}
    for path, text in content.items():
        Path(path).write_text(text)
    assert client.post("/graphql", json={"documentId": id_of(GREET)}).json() == {"data": {"hello": "hello 小明"}}
    for path in manifests:
        Path(path).unlink()
    assert client.post("/graphql", json={"documentId": id_of(GREET)}).json() == {"data": {"hello": "hello 小明"}}


@pytest.mark.parametrize("content", ["[", "[]", json.dumps({id_of(GREET): RENAME}), json.dumps({id_of(GREET).upper(): GREET})])
def test_manifest_that_is_invalid_is_logged_once_and_trusts_nothing(manifests: tuple[str, str], content: str) -> None:
    Path(manifests[1]).write_text(content)
    with pytest.raises(InvalidManifest, match=r"relay\.json"):
        read_manifests(map(Path, manifests))
    client, service = serve(manifests, only=True)
    with written_log() as lines:
        for _ in range(2):
            assert codes(client.post("/graphql", json={"documentId": id_of(GREET)})) == ["DOCUMENT_NOT_FOUND"]
    [line] = [line for line in lines if line["event"] == "trusted_documents_unreadable"]
    assert "relay.json" in line["message"] and "TRUSTED_DOCUMENTS_FILES" in line["action"] and service.contexts == []


def test_settings_name_a_mode_and_files_that_exist(manifests: tuple[str, str]) -> None:
    assert make_settings(TRUSTED_DOCUMENTS_FILES="nowhere.json").trusted_documents_files == ()
    found = make_settings(TRUSTED_DOCUMENTS="Prefer", TRUSTED_DOCUMENTS_FILES=",".join(manifests))
    assert (found.trusted_documents, found.trusted_documents_files, found.allows_introspection) == ("prefer", manifests, True)
    assert not make_settings(TRUSTED_DOCUMENTS="only", TRUSTED_DOCUMENTS_FILES=manifests[0]).allows_introspection
    for given in ({"TRUSTED_DOCUMENTS": "always"}, {"TRUSTED_DOCUMENTS": "only"}, {"TRUSTED_DOCUMENTS": "prefer", "TRUSTED_DOCUMENTS_FILES": "nowhere.json"}):
        with pytest.raises(settings.SettingsError, match="TRUSTED_DOCUMENTS"):
            make_settings(**given)


@pytest.fixture
def function(manifests: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[EventDispatcher]:
    """An event function in which only trusted documents run, with DEBUG."""
    async def refuse(*given: Any) -> dict[str, Any]:
        raise AssertionError("no timer and no command")

    for name, value in {"TRUSTED_DOCUMENTS": "only", "TRUSTED_DOCUMENTS_FILES": ",".join(manifests), "DEBUG": "true"}.items():
        monkeypatch.setenv(name, value)
    settings.current.cache_clear()
    made = EventDispatcher(app.__wrapped__, refuse, refuse)
    yield made
    made.close()
    asyncio.set_event_loop(None)
    monkeypatch.undo()
    settings.current.cache_clear()


def test_event_function_runs_trusted_documents_and_refuses_introspection(function: EventDispatcher) -> None:
    def answered(**body: Any) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(function(tencent(body=body), CONTEXT)["body"])
        return found

    assert answered(documentId=f"sha256:{id_of(TYPE)}") == {"data": {"__typename": "Query"}}
    for refused, code in (
        (answered(documentId=id_of(INTROSPECT)), "GRAPHQL_VALIDATION_FAILED"),
        (answered(query=INTROSPECT), "DOCUMENT_NOT_TRUSTED"),
        (answered(query=TYPE), "DOCUMENT_NOT_TRUSTED"),
    ):
        assert [error["extensions"]["code"] for error in refused["errors"]] == [code] and "data" not in refused


def test_endpoint_without_trusted_documents_does_not_import_them() -> None:
    assert make_endpoint()._documents is None
