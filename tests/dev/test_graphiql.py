from __future__ import annotations

from pathlib import Path

import pytest

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
