"""What goes in: the function's own files and the requirements, both read from pyproject.toml."""
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
"""As they are written, for Alembic; the function runs the statements that they come to."""

SUFFIXES = {".py", ".md", ".sql", ".txt"}
"""Modules; the prompts, the statements of the migrations and the common passwords, which are data."""

WEB_REQUIREMENTS = ("uvicorn",)
"""What the web form needs besides: the server that development runs too."""

WEB_MODULES = {"graph/web.py", "graph/server_protocol.py"}
"""They import `WEB_REQUIREMENTS`, so they go into the web form alone."""


def requirements(*, web: bool) -> list[str]:
    """What pip is asked for."""
    project = _pyproject()["project"]
    extra = [line for line in project["optional-dependencies"]["dev"] if Requirement(line).name in WEB_REQUIREMENTS]
    return [*project["dependencies"], *(extra if web else ())]


def own_files(*, web: bool) -> Iterator[Path]:
    """The function's files, relative to the project, sorted: no tests, nothing of `dev`, of the migrations their statements alone."""
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
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
