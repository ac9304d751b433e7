"""The bounds and the lifetime of what is kept with a parsed document."""
from __future__ import annotations

from typing import Any

from graphql import OperationDefinitionNode

from graph.document_cache import MAX_CACHED_CHOICES, MAX_CACHED_DOCUMENTS, MAX_CACHED_LENGTH, find_operation, kept_readers


def operation_of(text: str) -> OperationDefinitionNode:
    found = find_operation(text, None)
    assert found is not None
    return found


def test_kept_readers_of_a_short_document_are_the_same_for_each_request():
    first = kept_readers(operation_of("{ kept: __typename }"), {})
    first["a"] = "reader"
    assert kept_readers(operation_of("{ kept: __typename }"), {"any": 1}) == {"a": "reader"}
    assert kept_readers(operation_of("{ other: __typename }"), {}) == {}


def test_kept_readers_of_a_long_document_are_new_for_each_request():
    text = f"{{ long: __typename }} # {'x' * MAX_CACHED_LENGTH}"
    kept_readers(operation_of(text), {})["a"] = "reader"
    assert kept_readers(operation_of(text), {}) == {}


def test_kept_readers_of_an_operation_from_another_parser_are_new_for_each_request():
    operation = operation_of("{ ours: __typename }")
    theirs: Any = operation_of("{ ours: __typename } # of another text")
    kept_readers(operation, {})["a"] = "reader"
    assert theirs is not operation and kept_readers(theirs, {}) == {}


def test_kept_readers_by_choices_of_variables_are_bounded():
    text = "query ($a: Int!) { __typename @include(if: $a) ...F } fragment F on Query { x: __typename @skip(if: $b) }"
    for number in range(MAX_CACHED_CHOICES + 3):
        kept_readers(operation_of(text), {"a": number, "b": True, "c": number * 2})["number"] = number
    kept = [kept_readers(operation_of(text), {"a": number, "b": True}).get("number") for number in range(MAX_CACHED_CHOICES + 3)]
    assert kept == [*range(MAX_CACHED_CHOICES), *[None] * 3]


def test_kept_readers_of_many_documents_are_dropped_with_the_oldest_document():
    operation = operation_of("{ oldest: __typename }")
    kept_readers(operation, {})["a"] = "reader"
    for number in range(MAX_CACHED_DOCUMENTS):
        operation_of(f"{{ newer{number}: __typename }}")
    assert kept_readers(operation, {}) == {}
    assert kept_readers(operation_of("{ oldest: __typename }"), {}) == {}
