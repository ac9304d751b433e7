"""Programs that tests need: a missing one skips the test on a user's machine and fails it in CI."""
from __future__ import annotations

import pytest

from tests.requirements import find_program


def test_find_program_missing_outside_ci_skips_and_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="nowhere-to-be-found is not installed; on Debian: apt-get install some-package"):
        find_program("nowhere-to-be-found", package="some-package")


def test_find_program_missing_in_ci_fails_and_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install some-package"):
        find_program("nowhere-to-be-found", package="some-package")


def test_find_program_with_several_names_returns_the_first_installed_one() -> None:
    assert find_program("nowhere-to-be-found", "sh", package="dash").endswith("/sh")
