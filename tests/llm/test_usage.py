"""Sums of the tokens that calls used."""
from __future__ import annotations

from llm import errors
from llm.usage import Usage


def test_usage_added_to_another_sums_the_tokens() -> None:
    assert Usage(1, 2) + Usage(3, 4) + Usage.none() == Usage(4, 6)
    assert errors.ModelEmpty(usage=Usage(1, 1)).add_usage(Usage(2, 2)).usage == Usage(3, 3)
