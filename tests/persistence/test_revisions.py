"""Compatibility of a database revision with the code."""
from __future__ import annotations

import pytest

from persistence.revisions import find_revision, is_compatible


@pytest.mark.parametrize(("found", "wanted"), [
    ("0004", "0004"), ("0005", "0004"), ("0104", "0004"), ("0007.0004", "0004"), ("0007.0005", "0005"), ("0007.0005", "0006"), ("0007.0005", "0007.0005"),
    ("0008.0005", "0007.0005"), ("0009.0007", "0007.0005"),
])  # fmt: skip
def test_is_compatible_same_newer_or_minimum_code_returns_true(found: str, wanted: str) -> None:
    assert is_compatible(found, wanted)


@pytest.mark.parametrize(("found", "wanted"), [
    ("0003", "0004"), ("", "0004"), ("another", "0004"), ("0007.0005", "0004"), ("0009.0008", "0007.0005"), ("0006", "0007.0005"), ("0004 ", "0004"),
    ("00050", "0004"), ("0005.", "0004"), ("0005.4", "0004"), ("٠٠٠٥", "0004"), ("0004.0002", "0004"), ("another", "another"),
])  # fmt: skip
def test_is_compatible_older_or_malformed_revision_returns_false(found: str, wanted: str) -> None:
    assert not is_compatible(found, wanted)


def test_find_revision_name_returns_number_and_minimum_code() -> None:
    assert find_revision("0007.0005") == (7, 5) and find_revision("0007") == (7, 0) and find_revision("7") is None
