"""Set-up with only make and a Python: the interpreters and programs that are found, and the messages when they are missing."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev import install
from dev.workspace import ROOT, STATE, npm_environment

SH = shutil.which("sh") or "/bin/sh"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty PATH, beside a pyenv without versions."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def add(path: Path, name: str, body: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    script = path / name
    script.write_text(f"#!{SH}\n{body}\n")
    script.chmod(0o755)
    return script


def add_working_python(path: Path, name: str) -> None:
    add(path, name, f'exec "{sys.executable}" "$@"')


def add_failing_python(path: Path, name: str) -> None:
    """Add an interpreter that starts and fails, as one that is too old or incomplete."""
    add(path, name, "exit 1")


def find(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path), "PYENV_ROOT": str(path.parent / "pyenv")}
    return subprocess.run([SH, str(ROOT / "dev" / "find-python"), *arguments], env=environment, capture_output=True, text=True)


def test_find_python_interpreter_that_does_not_start_is_skipped(path: Path) -> None:
    add_failing_python(path, "python3.20")
    add(path, "python3.19", "echo 'pyenv: python3.19: command not found' >&2; exit 127")
    add_working_python(path, "python3.11")
    assert find(path).stdout.strip() == sys.executable


def test_find_python_pyenv_version_outside_the_path_is_found(path: Path) -> None:
    add_working_python(path.parent / "pyenv" / "versions" / "3.12.4" / "bin", "python")
    assert find(path).stdout.strip() == sys.executable


def test_find_python_returns_the_newest_or_the_oldest_on_request(path: Path, tmp_path: Path) -> None:
    for minor in (10, 13):
        add(path, f"python3.{minor}", f"echo found-{minor}")
    assert (find(path).stdout.strip(), find(path, "oldest").stdout.strip()) == ("found-13", "found-10")


def test_find_python_without_a_usable_interpreter_fails_and_names_the_version_needed(path: Path) -> None:
    add_failing_python(path, "python3")
    outcome = find(path)
    assert outcome.returncode == 1 and not outcome.stdout and "No supported Python (>= 3.10)" in outcome.stderr


def list_missing(path: Path, root: Path) -> list[str]:
    outcome = subprocess.run([SH, str(ROOT / "dev" / "find-missing"), str(root)], env={"PATH": str(path)}, capture_output=True, text=True)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return outcome.stdout.split()


def test_find_missing_prints_the_programs_that_are_not_installed(path: Path, tmp_path: Path) -> None:
    assert list_missing(path, tmp_path) == ["chromium", "pgbouncer", "postgresql"]
    add(path, "chromium", "")
    assert list_missing(path, tmp_path) == ["pgbouncer", "postgresql"]
    add(tmp_path / "usr" / "sbin", "pgbouncer", "")
    assert list_missing(path, tmp_path) == ["postgresql"]
    add(tmp_path / "usr" / "lib" / "postgresql" / "15" / "bin", "postgres", "")
    assert list_missing(path, tmp_path) == []


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_make_without_a_target_lists_the_targets() -> None:
    listed = {line.split()[0] for line in make().stdout.splitlines() if line.startswith("  ")}
    assert listed >= {"dev", "demo", "test", "bench", "lint", "schema", "clean"}


def test_make_environment_with_an_unusable_python_fails_and_makes_no_environment() -> None:
    outcome = make("environment", "PYTHON=/nowhere/python")
    assert outcome.returncode and "PYTHON=/nowhere/python does not run" in outcome.stderr
    assert not (ROOT / ".venv" / "nowhere").exists()


@pytest.mark.parametrize(("printed", "advice"), [
    ("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\nERROR: No matching distribution found for x", "PIP_INDEX_URL"),
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "0.8 GB"),
    ("ERROR: Could not install packages due to an OSError: Missing dependencies for SOCKS support.", "https_proxy"),
])  # fmt: skip
def test_install_locked_without_network_or_disk_stops_at_once_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], printed: str, advice: str
) -> None:
    calls: list[tuple[str, ...]] = []

    def run(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        calls.append(arguments)
        return subprocess.CompletedProcess([], 1, printed)

    monkeypatch.setattr(install, "run_pip", run)
    assert install.install_locked() == 1 and len(calls) == 1
    said = capsys.readouterr().err
    assert printed in said and advice in said and "does not support" not in said


def test_npm_environment_without_a_home_that_can_be_written_keeps_downloads_in_the_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("npm_config_cache", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "npm_config_cache" not in npm_environment()
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    assert npm_environment()["npm_config_cache"] == str(STATE / "npm")
    monkeypatch.setenv("npm_config_cache", "/own")
    assert npm_environment()["npm_config_cache"] == "/own"
