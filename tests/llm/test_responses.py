"""Checks of a response: why it ended, and whether it has a text."""
from __future__ import annotations

import pytest

from llm import errors, responses
from llm.usage import Usage


@pytest.mark.parametrize(
    ("reason", "cut"),
    [("stop", None), (None, None), ("", None), ("eos", None), ("STOP", None), ("end_turn", None), (7, None), ("length", "LENGTH"), ("MAX_TOKENS", "LENGTH"),
     ("insufficient_system_resource", "LENGTH"), ("network_error", "LENGTH"), ("content_filter", "FILTER"), ("sensitive", "FILTER")],
)
def test_cut_off_each_finish_reason_returns_its_cause(reason: object, cut: str | None) -> None:
    assert responses.cut_off(reason) == cut
    responses.require_text("text", reason, Usage.none())


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("stop", errors.ModelEmpty), (None, errors.ModelEmpty), ("length", errors.ModelTruncated), ("content_filter", errors.ModelFiltered),
     ("insufficient_system_resource", errors.ModelUnavailable)],
)
def test_require_text_empty_text_raises_by_finish_reason(reason: object, expected: type[errors.ModelError]) -> None:
    with pytest.raises(errors.ModelError) as raised:
        responses.require_text(" \n", reason, Usage(5, 6))
    assert type(raised.value) is expected and raised.value.usage == Usage(5, 6)
