"""Clients that widespread tools generate from schema.graphql, each run against the server; and the schema by graphql-eslint's rules."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx2
import pytest

from dev.web import WebUnavailable
from dev.workspace import ROOT
from graph.trusted_documents import read_manifests
from tests.clients.packages import CLIENTS, WEB, install_for_node, install_for_python, run_node, run_python
from tests.graph.app_documents import DOCUMENTS
from tests.test_web import start_server

pytestmark = pytest.mark.once

REGISTER = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on AccountRegisterSuccess { accessToken } } }"


class Projects(NamedTuple):
    """The directories of the frontends that were generated."""

    codegen: Path
    relay: Path


def missing(error: Exception) -> Any:
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"the packages of the clients could not be installed: {error}{getattr(error, 'stderr', '') or ''}")


def copy_project(name: str, modules: Path, directory: Path) -> Path:
    """Return a copy of the project with its packages, to generate into."""
    shutil.copytree(CLIENTS / name, directory)
    (directory / "node_modules").symlink_to(modules)
    (directory / "package.json").write_text('{"type": "module"}')
    return directory


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """Generate with graphql-codegen from the web app's documents as one project, and with Relay's compiler."""
    directory = tmp_path_factory.mktemp("clients")
    try:
        codegen = copy_project("codegen", install_for_node(WEB), directory / "codegen")
        relay = copy_project("relay", install_for_node(CLIENTS), directory / "relay")
    except WebUnavailable as error:
        missing(error)
    run_node(WEB / "node_modules/.bin/graphql-codegen", "--config", codegen / "codegen.ts", cwd=WEB, OUTPUT=str(codegen))
    shutil.copy(ROOT / "schema.graphql", relay)
    (relay / "artifacts").mkdir()
    (relay / "persisted-documents.json").write_text("{}")
    run_node("node_modules/relay-compiler/cli.js", cwd=relay)
    return Projects(codegen, relay)


@pytest.fixture(scope="module")
def server(projects: Projects, migrated_database: str, model_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server with the manifests of both, and yield the address of its API."""
    manifests = [projects.codegen / "generated/persisted-documents.json", projects.relay / "persisted-documents.json"]
    assert len(read_manifests(manifests)) > 40, "all operations of the web app, and Relay's"
    given = {"SERVERLESS": "false", "TRUSTED_DOCUMENTS": "prefer", "TRUSTED_DOCUMENTS_FILES": ",".join(map(str, manifests))}
    with patch.dict(os.environ, given), start_server(tmp_path_factory.mktemp("logs") / "server") as (address, _):
        yield f"{address}/graphql"


@pytest.fixture
def account(server: str, empty_database: str, request: pytest.FixtureRequest) -> tuple[str, str]:
    """Register a user, and return the e-mail address and the access token."""
    email = f"{request.node.name.partition('_client')[0].replace('_', '-')}@example.org"
    asked = {"query": REGISTER, "variables": {"input": {"email": email, "password": "correct horse battery", "timeZone": "Asia/Shanghai"}}}
    answer = httpx2.post(server, json=asked, timeout=120).json()
    return email, answer["data"]["accountRegister"]["accessToken"]


def test_codegen_client_of_the_apps_documents_is_strict_and_runs(projects: Projects, server: str, account: tuple[str, str]) -> None:
    email, token = account
    run_node("node_modules/typescript/bin/tsc", "--project", ".", cwd=projects.codegen)
    printed = json.loads(run_node("client.ts", server, token, cwd=projects.codegen))
    assert printed == {"newest": True, "messages": 2, "field": "timeZone", "email": email, "zone": "Asia/Shanghai"}


def test_relay_client_runs_by_document_ids_subscribes_and_forgets_what_was_deleted(projects: Projects, server: str, account: tuple[str, str]) -> None:
    printed = json.loads(run_node("run.mjs", server, account[1], cwd=projects.relay))
    content, talk = printed.pop("content"), printed.pop("talk")
    assert talk == {
        "begins": "MessageStreamStarted", "ends": "MessageSendSuccess", "question": "我搬到了苏州。", "whole": True, "kept": True,
        "refused": [["InvalidInputError", "content"]],
    }  # fmt: skip
    assert "爬山" in content and printed == {"texts": 0, "page": 1, "pages": 2, "type": "MessageDeleteSuccess", "deleted": 2, "gone": True, "merged": True}


def test_ariadne_client_of_the_apps_documents_runs(server: str, account: tuple[str, str], tmp_path: Path) -> None:
    packages = install_python_or_skip("ariadne-codegen")
    given = {"schema_path": ROOT / "schema.graphql", "queries_path": DOCUMENTS, "target_package_path": tmp_path, "target_package_name": "unilife_client"}
    (tmp_path / "config.toml").write_text("[tool.ariadne-codegen]\n" + "".join(f"{name} = {json.dumps(str(value))}\n" for name, value in given.items()))
    path = os.pathsep.join((str(packages), str(tmp_path)))
    run_python("-m", "ariadne_codegen", "--config", tmp_path / "config.toml", path=path)
    printed = json.loads(run_python(CLIENTS / "python/run_ariadne.py", server, account[1], path=path))
    assert printed == {"newest": True, "messages": 2, "field": "timeZone", "email": account[0]}


def test_gql_client_checks_the_apps_documents_and_runs_them(server: str, account: tuple[str, str]) -> None:
    packages = install_python_or_skip("gql")
    printed = json.loads(run_python(CLIENTS / "python/run_gql.py", server, account[1], ROOT / "schema.graphql", DOCUMENTS, path=str(packages)))
    assert printed == {"newest": True, "messages": 2, "field": "timeZone", "email": account[0], "checked": True}


def install_python_or_skip(name: str) -> Path:
    """Return the directory with the packages of a Python client. Skips the test if they cannot be fetched, and fails it in CI."""
    try:
        return install_for_python(name)
    except subprocess.CalledProcessError as error:
        missing(error)
        raise


def lint(directory: Path) -> list[tuple[str, str]]:
    """Return what the rules report of the directory's schema.graphql: rule and message."""
    program = CLIENTS / "node_modules/eslint/bin/eslint.js"
    printed = run_node(program, "-c", CLIENTS / "eslint.config.mjs", "-f", "json", "schema.graphql", cwd=directory, statuses=(0, 1))
    return [(message["ruleId"], message["message"]) for file in json.loads(printed) for message in file["messages"]]


def test_schema_keeps_the_rules_of_graphql_eslint(tmp_path: Path) -> None:
    try:
        install_for_node(CLIENTS)
    except WebUnavailable as error:
        missing(error)
    assert lint(ROOT) == []
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    (tmp_path / "schema.graphql").write_text(schema + 'type Wrong_name { colour: String @deprecated }\nextend type Query { getIt: Wrong_name! }\n')
    rules = {rule.removeprefix("@graphql-eslint/") for rule, _ in lint(tmp_path)}
    assert {"naming-convention", "require-description", "strict-id-in-types", "require-nullable-result-in-root"} <= rules
