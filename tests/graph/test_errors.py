from __future__ import annotations

import inspect
import io
import json
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import ProgrammingError

import graph.app
import graph.http
import graph.request
import logs
from graph.errors import ErrorCode, present_exception
from llm import errors as llm_errors
from resolvers.errors import InputRule, InvalidInput
from tests.graph.small_schema import Coded, Context, make_schema

pytestmark = pytest.mark.anyio


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """Return a function that returns the lines logged so far."""
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", written)
        logs.configure("INFO")
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


async def errors_of(query: str, **variables: Any) -> list[Any]:
    result = await make_schema().execute(query, variables, Context("request-1"))
    assert result.errors
    return [error.formatted for error in result.errors]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ('{ hello(name: "\\ud800") }', "GRAPHQL_PARSE_FAILED"),
        ("{" * 100_000, "GRAPHQL_PARSE_FAILED"),
        ("{ hello(name: " + "[" * 500 + "]" * 500 + ") }", "GRAPHQL_PARSE_FAILED"),
        ("{ " + "hello " * 5000 + "}", "GRAPHQL_PARSE_FAILED"),
        ("{ hello } " + "#" * 200_000, "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello(name: 5) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...A } fragment A on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: String!) { hello(name: $n) }", "BAD_USER_INPUT"),
        ("query ($n: Int!) { notes(first: $n) { nodes { id } } }", "BAD_USER_INPUT"),
        ("{ crash }", "INTERNAL_SERVER_ERROR"),
        ("{ naive }", "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_error_of_each_phase_has_its_code(query: str, code: str) -> None:
    for error in await errors_of(query, n=None):
        assert error["extensions"] == {"code": code, "requestId": "request-1"}


async def test_null_variable_for_a_non_null_argument_is_bad_user_input() -> None:
    (error,) = await errors_of('query ($n: String = "Ann") { hello(name: $n) }', n=None)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == ["hello"]


async def test_resolver_error_with_a_known_code_keeps_message_and_details() -> None:
    (error,) = await errors_of('{ fail(code: "FORBIDDEN", message: "only admins may") }')
    assert error["message"] == "only admins may"
    assert error["extensions"] == {"code": "FORBIDDEN", "requestId": "request-1", "field": "title"}


@pytest.mark.parametrize("code", ["DATABASE_UNAVAILABLE", "DATABASE_NOT_MIGRATED"])
async def test_database_error_keeps_its_code_and_message(code: str) -> None:
    (error,) = await errors_of(f'{{ fail(code: "{code}", message: "run: unilife migrate up") }}')
    assert (error["message"], error["extensions"]["code"]) == ("run: unilife migrate up", code)


@pytest.mark.parametrize("code", ["e3q8", "gkpj", "context_length_exceeded", "", "ok"])
async def test_error_with_an_unknown_code_is_masked(code: str, lines: Any) -> None:
    (error,) = await errors_of(f'{{ fail(code: "{code}", message: "secret words") }}')
    assert error["message"] == "internal error"
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": "request-1"}
    (line,) = lines()
    assert line["exception"].endswith(".Coded") and "secret" not in json.dumps(line)


def test_present_exception_of_an_sql_error_is_masked() -> None:
    failure = ProgrammingError("select secret", {"words": "secret"}, Exception("secret"))
    found = present_exception(failure, "r").formatted
    assert found == {"message": "internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "r"}}


async def test_unexpected_exception_is_logged_by_class_and_location_without_its_text(lines: Any, caplog: pytest.LogCaptureFixture) -> None:
    await errors_of('query Diary { mine: crash hello(name: "what I wrote") }')
    (line,) = lines()
    assert line["event"] == "unhandled_exception"
    assert (line["request_id"], line["exception"], line["field"]) == ("request-1", "builtins.RuntimeError", "crash")
    assert line["frames"][-1].startswith("tests.graph.small_schema:") and line["frames"][-1].endswith(" crash")
    shown = json.dumps(line) + caplog.text
    assert not any(text in shown for text in ("secret words", "what I wrote", "mine"))


@pytest.mark.parametrize("query", ['{ hello(name: "what I wrote"', '{ unknown(name: "what I wrote") }', '{ fail(code: "NOT_FOUND", message: "what I wrote") }'])
async def test_expected_error_is_not_logged_by_the_schema(query: str, lines: Any, caplog: pytest.LogCaptureFixture) -> None:
    await errors_of(query)
    assert lines() == []
    assert caplog.text == ""


async def test_failed_field_leaves_its_siblings_answered() -> None:
    result = await make_schema().execute("{ crash hello }", None, Context("r"))
    assert result.data == {"crash": None, "hello": "hello world"}


async def test_cached_validation_error_carries_the_id_of_each_request() -> None:
    schema = make_schema()
    ids = [(await schema.execute("{ unknown }", None, Context(name))).errors[0].extensions["requestId"] for name in ("a", "b")]  # type: ignore[index]
    assert ids == ["a", "b"]


async def test_subscription_that_fails_yields_a_coded_error() -> None:
    results = await make_schema().stream("subscription { count(to: 1, crash: true) }", context_value=Context("r"))
    found = [result async for result in results]
    assert found[0].data == {"count": 0}
    assert [error.formatted["message"] for error in found[1].errors] == ["internal error"]
    assert found[1].errors[0].extensions == {"code": "INTERNAL_SERVER_ERROR", "requestId": "r"}


def test_present_exception_with_retry_after_includes_it() -> None:
    limited = Coded("RATE_LIMITED", "later")
    limited.retry_after = 2.5  # type: ignore[attr-defined]
    assert present_exception(limited, "r").extensions == {"code": "RATE_LIMITED", "requestId": "r", "retryAfter": 2.5}


def test_present_exception_of_an_invalid_input_names_the_field_and_its_rule() -> None:
    told = present_exception(InvalidInput("search", "too long", rule=InputRule.TOO_LONG), "r").extensions
    assert told == {"code": "BAD_USER_INPUT", "requestId": "r", "field": "search", "rule": "TOO_LONG"}


def test_error_codes_of_the_http_modules_are_members_of_error_code() -> None:
    raised = re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', "".join(inspect.getsource(module) for module in (graph.app, graph.http, graph.request)))
    assert {"METHOD_NOT_ALLOWED", "NOT_ACCEPTABLE", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"} <= set(raised) <= set(ErrorCode.__members__)


def test_error_codes_of_model_errors_are_members_of_error_code() -> None:
    codes = {
        kind.code
        for kind in vars(llm_errors).values()
        if isinstance(kind, type) and issubclass(kind, llm_errors.ModelError) and kind is not llm_errors.ModelError
    }
    assert codes and codes <= set(ErrorCode.__members__)


def test_error_code_values_all_have_a_description() -> None:
    values = make_schema_with_codes().values
    assert all(value.description for value in values.values())
    assert set(values) == set(ErrorCode.__members__)


def make_schema_with_codes() -> Any:
    import strawberry

    from graph.errors import Schema

    @strawberry.type
    class Query:
        code: ErrorCode

    return Schema(Query)._schema.type_map["ErrorCode"]
