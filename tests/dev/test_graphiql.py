from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dev import graphiql, workspace


def test_install_without_a_registry_fails_and_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "STATE", tmp_path / "state")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(graphiql.GraphiQLUnavailable, match="could not install"):
        graphiql.install()
    assert list((tmp_path / "state" / "graphiql").iterdir()) == []


def test_install_when_installed_needs_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "STATE", tmp_path)
    directory = graphiql.install()
    wanted = {"graphiql.js", "graphiql.css", "graphql.worker.js", "json.worker.js", "editorWorkerService.worker.js", "favicon.ico", "welcome.graphql"}
    assert {path.name for path in directory.iterdir() if path.stat().st_size} == wanted
    monkeypatch.setattr(graphiql, "npm", None)
    assert graphiql.install() == directory


def test_page_without_graphiql_says_what_is_missing_and_leaves_the_api_alone() -> None:
    api = Starlette(routes=[Route("/graphql", lambda request: PlainTextResponse("the API"), methods=["GET", "POST"])])
    client = TestClient(graphiql.without_graphiql(api, graphiql.GraphiQLUnavailable("npm could not install GraphiQL:\n<no route> to host")))
    page = client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "npm could not install GraphiQL" in page.text and "&lt;no route&gt;" in page.text and "npm_config_registry" in page.text
    for answer in (client.get("/graphql", headers={"accept": "application/json"}), client.post("/graphql", headers={"accept": "text/html"})):
        assert answer.text == "the API"
