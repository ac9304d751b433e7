"""Documents whose validation would take long: refused before they are validated."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from graphql import parse

from graph import document_cache, document_shape
from graph.document_shape import find_excess
from graph.query_limits import QueryLimits
from tests.graph.small_schema import Context, make_schema

SCHEMA = make_schema()._schema


def excess(document: str) -> str | None:
    found = find_excess(parse(document))
    return found and found.message


def many(number: int, each: Callable[[int], str]) -> str:
    return " ".join(each(i) for i in range(number))


BOUNDS: list[tuple[str, int, Callable[[int], str]]] = [
    ("operations", document_shape.MAX_OPERATIONS, lambda n: many(n, lambda i: f"query q{i} {{ hello }}")),
    ("fragments", document_shape.MAX_FRAGMENTS, lambda n: "{ hello } " + many(n, lambda i: f"fragment F{i} on Query {{ a{i}: hello }}")),
    ("variables", document_shape.MAX_VARIABLES, lambda n: f"query ({many(n, lambda i: f'$v{i}: Int')}) {{ hello }}"),
    ("arguments in one list", document_shape.MAX_MEMBERS, lambda n: f"{{ hello({many(n, lambda i: f'a{i}: 1')}) }}"),
    ("fields in one list", document_shape.MAX_MEMBERS, lambda n: f"{{ hello(a: {{{many(n, lambda i: f'a{i}: 1')}}}) }}"),
    ("values in one list", document_shape.MAX_MEMBERS, lambda n: f"{{ nodes(ids: [{many(n, lambda i: '1')}]) {{ id }} }}"),
    ("fragment spreads", document_shape.MAX_SPREADS, lambda n: f"{{ {many(n, lambda i: f'...F{i % 5}')} }}"),
    ("fields", document_shape.MAX_FIELDS, lambda n: f"{{ {many(n, lambda i: f'a{i}')} }}"),
]


@pytest.mark.parametrize(("what", "limit", "document"), BOUNDS, ids=[what for what, *_ in BOUNDS])
def test_find_excess_at_and_above_each_limit_reports_only_the_excess(what: str, limit: int, document: Callable[[int], str]) -> None:
    assert excess(document(limit)) is None
    assert excess(document(limit + 1)) == f"The document has too many {what}: split it into several requests."


SAME: list[tuple[str, int]] = [
    ("{ " + "hello " * 45 + "}", 990),
    ("{ " + "hello(name: 1) " * 14 + "}", 910),
    ("{ " + "x: hello " * 45 + "}", 990),
    ("{ " + many(22, lambda i: f"...F{i}") + " } " + many(22, lambda i: f"fragment F{i} on Query {{ hello node }}"), 462),
    ("{ " + "...F " * 45 + "} fragment F on Query { hello }", 0),
    ("{ hello } fragment F on Query { " + "hello " * 45 + "}", 990),
    ("{ a { ...F } } fragment F on A { a { ...F } }", 0),
    ("{ ...F ...F } fragment F on Query { ...G ...G } fragment G on Query { ...F hello }", 0),
]


@pytest.mark.parametrize(("document", "comparisons"), SAME)
def test_find_excess_of_equal_field_names_counts_their_pairs(monkeypatch: pytest.MonkeyPatch, document: str, comparisons: int) -> None:
    assert excess(document) is None
    monkeypatch.setattr(document_shape, "MAX_COMPARISONS", comparisons)
    assert excess(document) is None
    monkeypatch.setattr(document_shape, "MAX_COMPARISONS", comparisons - 1)
    assert excess(document) == "The document has too many fields with the same name in one selection: split it into several requests."


@pytest.mark.parametrize(
    "document",
    [
        "{ " + "hello " * 480 + "}",
        "{ hello } fragment F on Query { " + "hello " * 700 + "}",
        "{ " + many(10, lambda i: "notes { nodes { " + "id " * 40 + "} }") + "}",
        "{ " + many(200, lambda i: f"hello(name: {i})") + "}",
        "{ " + many(25, lambda i: f"...F{i}") + "} " + many(25, lambda i: f"fragment F{i} on Query {{ {'hello ' * 20} }}"),
    ],
)
@pytest.mark.anyio
async def test_document_above_the_shape_limits_is_refused_without_validation(monkeypatch: pytest.MonkeyPatch, document: str) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("it was validated")

    monkeypatch.setattr(document_cache, "validate", never)
    result = await make_schema().execute(document, None, Context("r"))
    assert result.data is None and result.errors and result.errors[0].extensions
    assert result.errors[0].extensions["code"] == "GRAPHQL_VALIDATION_FAILED" and "too many" in result.errors[0].message


@pytest.mark.parametrize("document", ["{ " + many(700, lambda i: f"unknown{i}") + " }", "{ hello(" + many(90, lambda i: f"a{i}: 1") + ") }"])
def test_check_document_with_many_errors_stops_after_ten(document: str) -> None:
    found = document_cache.check_document(SCHEMA, parse(document), QueryLimits)
    assert 1 <= len(found) <= document_cache.MAX_ERRORS and not any("aborted" in error.message for error in found[:-1])  # the last one says that more follow


def test_check_document_of_a_usual_document_finds_no_error() -> None:
    page = "{ notes(first: 5) { totalCount pageInfo { endCursor } nodes { ...N } } } fragment N on Note { id __typename ...M } fragment M on Note { id day }"
    assert document_cache.check_document(SCHEMA, parse(page), QueryLimits) == []
