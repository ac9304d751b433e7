"""The installed interpreter of a given version. Bytecode is valid for one minor version only, so the target's own version has to write it."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.errors import CommandError

PROBE = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.version_info.releaselevel)"


def find_interpreter(python: str) -> Path:
    """Return a final CPython of that version: this one, one on PATH, or one of pyenv's. Raises `CommandError` when there is none."""
    for candidate in _candidates(python):
        if _is(candidate, python):
            return candidate
    raise CommandError(
        f"bytecode for Python {python} can only be compiled by Python {python}, and none is installed: "
        f"install it so that python{python} is on PATH (or: pyenv install {python}), or choose an installed version with --python"
    )


def _candidates(python: str) -> Iterator[Path]:
    if python == f"{sys.version_info[0]}.{sys.version_info[1]}":
        yield Path(getattr(sys, "_base_executable", sys.executable))
    found = shutil.which(f"python{python}")
    if found:
        yield Path(found)
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    yield from sorted(versions.glob(f"{python}.*/bin/python"), key=_patch, reverse=True)


def _patch(path: Path) -> int:
    patch = path.parents[1].name.rpartition(".")[2]
    return int(patch) if patch.isdecimal() else -1


def _is(candidate: Path, python: str) -> bool:
    try:
        asked = subprocess.run([candidate, "-I", "-c", PROBE], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return asked.returncode == 0 and asked.stdout.split() == ["cpython", python, "final"]
