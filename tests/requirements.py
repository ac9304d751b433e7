"""The check for programs that tests need and Python's packages do not install: chromium, pgbouncer, a PostgreSQL of Debian.

Such a test is skipped with a reason on a user's machine. With `CI` set it fails instead, since `.ci/run` installs what `dev/find-missing` names.
"""
from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

SYSTEM_DIRECTORIES = "/usr/sbin"
"""The directory of Debian's servers, which is not on a user's PATH."""


def find_program(*names: str, package: str) -> str:
    """Return the path of the first of these programs that is installed; end the test when none is."""
    path = f"{os.environ.get('PATH', '')}{os.pathsep}{SYSTEM_DIRECTORIES}"
    return next((found for name in names if (found := shutil.which(name, path=path))), None) or end_without(names[0], package)


def end_without(program: str, package: str) -> NoReturn:
    """End the test because `program` is not installed: fail it in CI, skip it elsewhere. Both messages name Debian's package."""
    message = f"{program} is not installed; on Debian: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
