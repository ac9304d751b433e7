"""The query schema, which is built first: it answers as the whole schema does, and passes on what it lacks."""
from __future__ import annotations

from typing import Any

import pytest
from graphql import print_type

from graph.query_schema import query_schema
from graph.schema import schema
from tests import seeds

VIEWER = "{ viewer { nickname } }"
PAGE = """{ diaries(first: 20) { nodes {
  id date summary insights { activities emotions patterns timePreference decisionStyle }
  signals { slot value confidence evidence { quote } }
} } }"""


def test_query_schema_types_equal_those_of_the_whole_schema() -> None:
    part, whole = query_schema()._schema, schema()._schema
    shared = [name for name in part.type_map if name != part.query_type.name]  # type: ignore[union-attr]
    assert len(shared) > 30 and {"Diary", "Message", "Profile", "User"} <= set(shared)
    for name in shared:
        assert print_type(part.type_map[name]) == print_type(whole.type_map[name])


def test_query_schema_root_fields_equal_those_of_the_whole_schema() -> None:
    part, whole = (found._schema.query_type for found in (query_schema(), schema()))
    assert {"viewer", "diaries", "conversations", "profile", "health"} <= set(part.fields) < set(whole.fields)  # type: ignore[union-attr]
    for name, field in part.fields.items():  # type: ignore[union-attr]
        other = whole.fields[name]  # type: ignore[union-attr]
        assert (str(field.type), field.description, list(field.args)) == (str(other.type), other.description, list(other.args))


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ jobRuns { nodes { id } } }", "FORBIDDEN"),
        ('{ node(id: "VXNlcjo") { id } }', "BAD_USER_INPUT"),
        ("{ viewr { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ node(id: 3) { id }", "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_request_beyond_the_query_schema_is_answered_by_the_whole_schema(document: str, code: str) -> None:
    answer = await seeds.ask(document, token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_misspelled_field_gets_suggestions_from_the_whole_schema() -> None:
    answer = await seeds.ask("{ jobRun_ { id } }", token=await seeds.bearer(await seeds.person()))
    assert [error["message"] for error in answer["errors"]] == ["Cannot query field 'jobRun_' on type 'Query'. Did you mean 'jobRun' or 'jobRuns'?"]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("document", "signed_in", "expected"),
    [("{ __typename }", False, 0), ("{ __typename }", True, 1), (VIEWER, True, 1), (PAGE, True, 2)],
    ids=["nothing", "nothing, with a token", "viewer", "page"],
)
async def test_request_takes_only_the_statements_that_it_needs(document: str, signed_in: bool, expected: int) -> None:
    """One statement loads the token's user, one the diaries of a page with all their requested parts."""
    ann = await seeds.person()
    await seeds.whole_day(ann, seeds.DAY)
    token = await seeds.bearer(ann) if signed_in else None
    with seeds.statements() as seen:
        answer: dict[str, Any] = await seeds.ask(document, token=token)
    assert "errors" not in answer and len(seen) == expected
