"""The contents of a package: the function's own files and the requirements, both read from pyproject.toml."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from dev.workspace import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOT_SHIPPED = "dev"
MIGRATIONS = "persistence/migrations"
"""The migrations as scripts for Alembic, which are not shipped; the function runs their statements."""

SUFFIXES = {".py", ".md", ".sql", ".txt"}
"""Suffixes of modules, and of data: the prompts, the migrations' statements and the common passwords."""

WEB_REQUIREMENTS = ("uvicorn",)
"""Further requirements of the server mode: the server that development also runs."""

WEB_MODULES = {"graph/web.py", "graph/server_protocol.py"}
"""Modules that import `WEB_REQUIREMENTS` and are therefore shipped for the server mode only."""


def requirements(*, web: bool) -> list[str]:
    """Return the requirements to pass to pip."""
    project = _pyproject()["project"]
    extra = [line for line in project["optional-dependencies"]["dev"] if Requirement(line).name in WEB_REQUIREMENTS]
    return [*project["dependencies"], *(extra if web else ())]


def own_files(*, web: bool) -> Iterator[Path]:
    """Yield the function's files, relative to the project, sorted: no tests, nothing of `dev`, and only the statements of the migrations."""
    setup = _pyproject()["tool"]["setuptools"]
    packages = [pattern.rstrip("*") for pattern in setup["packages"]["find"]["include"]]
    found = [Path(f"{module}.py") for module in setup["py-modules"]]
    for package in packages:
        if package != NOT_SHIPPED:
            found += [path.relative_to(ROOT) for path in (ROOT / package).rglob("*") if path.suffix in SUFFIXES and path.is_file()]
    left_out = set() if web else WEB_MODULES
    shipped = (path for path in found if path.suffix == ".sql" or not path.as_posix().startswith(f"{MIGRATIONS}/"))
    yield from sorted(path for path in shipped if path.as_posix() not in left_out)


@lru_cache(maxsize=1)
def _pyproject() -> dict[str, Any]:
    read: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return read
