from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_introspection_query, parse
from graphql.validation import validate

from graph import field_costs, query_limits
from graph.document_shape import MAX_OPERATIONS
from graph.errors import MAX_ERRORS
from graph.schema import schema as whole_schema
from tests.graph.small_schema import Context, make_schema

SCHEMA = make_schema()._schema


def refusals(document: str, rule: type[query_limits.QueryLimits] = query_limits.QueryLimits) -> list[str]:
    return [error.message for error in validate(SCHEMA, parse(document), [rule])]


def nested(depth: int) -> str:
    """Return a document with `depth` levels of fields; pages of one keep its cost low."""
    opening = "".join("notes(first: 1) { nodes { " for _ in range((depth - 1) // 2))
    leaf = "id" if depth % 2 else "notes(first: 1) { totalCount }"
    if depth == 1:
        return "{ hello }"
    return "{ " + opening + leaf + " } }" * ((depth - 1) // 2) + " }"


def fragments(count: int, last: str, each: str = "", repeat: int = 2) -> str:
    """Return a document in which each fragment spreads the next `repeat` times: with two, the last occurs 2^count times."""
    links = [f"fragment F{i} on Query {{ {each} {f'...F{i + 1} ' * repeat} }}" for i in range(count)]
    return f"{{ ...F0 }} {' '.join(links)} fragment F{count} on Query {{ {last} }}"


LIMITS: list[tuple[str, int, Any]] = [
    ("depth", query_limits.MAX_DEPTH, nested),
    ("number of fields", query_limits.MAX_FIELDS, lambda n: "{ " + "hello " * n + "}"),
    ("number of aliases", query_limits.MAX_ALIASES, lambda n: "{ " + " ".join(f"a{i}: hello" for i in range(n)) + "}"),
    ("number of directives", query_limits.MAX_DIRECTIVES, lambda n: "{ hello " + "@include(if: true) " * n + "}"),
    ("number of directives", query_limits.MAX_DIRECTIVES, lambda n: "{ ..." + "@include(if: true) " * n + " { hello } }"),
    ("number of mutations", query_limits.MAX_ROOT_MUTATIONS, lambda n: "mutation { " + "rename " * n + "}"),
    ("number of mutations", query_limits.MAX_ROOT_MUTATIONS, lambda n: "mutation { ...A } fragment A on Mutation { " + "rename " * n + "}"),
]


@pytest.mark.parametrize(("what", "limit", "document"), LIMITS)
def test_query_limits_at_and_above_each_limit_refuse_only_the_excess(what: str, limit: int, document: Any) -> None:
    assert refusals(document(limit)) == []
    (refused,) = refusals(document(limit + 1))
    assert f"its {what} is {limit + 1}, the limit is {limit}" in refused


@pytest.fixture
def cost(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Return a function that reads a document's cost from its refusal under a limit of zero."""
    monkeypatch.setattr(query_limits, "MAX_COST", 0)

    def measure(document: str) -> int:
        (message,) = refusals("{ " + document + " }")
        return int(message.split(" is ")[1].split(",")[0])

    return measure


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("hello", 1),
        ("notes { nodes { id } }", 1 + 20 * 2),
        ("notes(first: 5) { nodes { id day } pageInfo { endCursor } }", 1 + 5 * 5),
        ("notes(first: 100) { nodes { id } }", 1 + 100 * 2),
        ("notes(first: 2147483647) { nodes { id } }", 1 + 100 * 2),
        ("notes(first: " + "9" * 5000 + ") { nodes { id } }", 1 + 100 * 2),
        ("notes(first: -5) { nodes { id } }", 1 + 2),
        ("notes(first: $n) { nodes { id } }", 1 + 100 * 2),
        ("notes(first: null) { nodes { id } }", 1 + 20 * 2),
        ("notes(first: 10) { nodes { notes(first: 10) { nodes { id } } } }", 1 + 10 * (1 + 1 + 10 * 2)),
        ("... on Query { notes(first: 10) { ... on NoteConnection { nodes { id } } } }", 1 + 10 * 2),
        ('nodes(ids: ["a", "b"]) { id }', 1 + 2),
        ("nodes(ids: $ids) { id }", 1 + 100),
        ("__typename", 1),
    ],
)
def test_query_cost_multiplies_by_the_page_sizes(cost: Callable[[str], int], document: str, expected: int) -> None:
    assert cost(document) == expected


def test_query_cost_above_the_limit_is_refused() -> None:
    (refused,) = refusals("{ notes(first: 100) { nodes { notes(first: 100) { nodes { id } } } } }")
    assert "cost" in refused and f"the limit is {query_limits.MAX_COST}" in refused
    assert refusals("{ notes(first: 100) { nodes { id day at } totalCount pageInfo { endCursor } } }") == []


WHOLE = whole_schema()._schema


@pytest.mark.parametrize(("document", "most"), [
    ('{ %s }', 4), ('{ %s totalCount: viewer { id } }', 4),
])  # fmt: skip
def test_query_cost_of_more_than_four_searches_is_refused(document: str, most: int) -> None:
    search = 's{}: messageSearch(query: "tea") {{ totalCount nodes {{ id content }} }}'
    for number, refused in ((most, False), (most + 1, True), (30, True)):
        text = document % " ".join(search.format(i) for i in range(number))
        found = [error.message for error in validate(WHOLE, parse(text), [query_limits.QueryLimits])]
        assert any("its cost" in message for message in found) is refused, found


@pytest.mark.parametrize(("plain", "heavy", "more"), [
    ("{ conversations { nodes { id } } }", '{ conversations(search: "tea") { nodes { id } } }', field_costs.FILTER),
    ("{ diaries { nodes { id } } }", "query ($s: String) { diaries(search: $s) { nodes { id } } }", field_costs.FILTER),
])  # fmt: skip
def test_query_cost_with_a_filter_argument_adds_its_weight(monkeypatch: pytest.MonkeyPatch, plain: str, heavy: str, more: int) -> None:
    monkeypatch.setattr(query_limits, "MAX_COST", 0)
    costs = [int(validate(WHOLE, parse(text), [query_limits.QueryLimits])[0].message.split(" is ")[1].split(",")[0]) for text in (plain, heavy)]
    assert costs[1] - costs[0] == more


LIGHT = {
    "viewer", "changed", "changes", "conversation", "day", "diary", "profileChanges", "node", "nodes", "health", "users", "jobRuns", "jobRun", "accountUpdate",
    "conversationUpdate", "conversationsArchive",
    "apiTokenCreate", "apiTokenDelete", "apiTokenUses", "apiTokens", "companionPresets", "companionRevert", "companionUpdate", "companionVersions",
    "companionVersionsDelete",
    "memoryUpdate", "messageRate", "messageSelect", "messageStop",
    "profileValueSet", "profileValueLock", "profileValueUnlock", "profileValueReject", "jobRunCancel",
    "modelSwitchOff", "modelSwitchOn", "userUpdate", "userSessionsRevoke", "profileSlots", "slotCreate", "slotUpdate", "slotDelete", "sessionRefresh",
    "sessionRevoke", "sessionRevokeAll", "sessions", "importStart",
}  # fmt: skip
"""Root fields that read or write a few rows by their keys."""


def test_root_fields_have_a_weight_or_are_listed_as_light() -> None:
    roots = [root for root in (WHOLE.query_type, WHOLE.mutation_type, WHOLE.subscription_type) if root]
    every = {name: field for root in roots for name, field in root.fields.items()}
    weighed = {name for name, field in every.items() if field_costs.weight_of(field, dict.fromkeys(field.args))}
    assert weighed | LIGHT == set(every) and not weighed & LIGHT


PAGES = "query ($n: Int%s, $ids: [ID!]!) { nodes(ids: $ids) { id } notes(first: $n) { nodes { notes(first: $n) { nodes { id } } } } }"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("default", "variables", "runs"),
    [
        ("", {"n": 50}, True),
        ("", {"n": 100}, False),
        ("", {"n": 2**31 - 1}, False),
        ("", {}, True),
        ("", {"n": None}, True),
        (" = 50", {}, True),
        (" = 100", {}, False),
        (" = 100", {"n": 5}, True),
        (" = 100", {"n": True}, False),
        ("", {"n": "5"}, False),
    ],
)
@pytest.mark.parametrize("padding", ["", "#" + " " * 7000])
async def test_query_cost_that_depends_on_variables_uses_their_values(default: str, variables: dict[str, Any], runs: bool, padding: str) -> None:
    schema = make_schema()
    for _ in range(2):
        result = await schema.execute(PAGES % default + padding, {"ids": [], **variables}, Context("r"))
        assert (result.errors is None and len(result.data["notes"]["nodes"]) > 0) is runs  # type: ignore[index]
        if not runs:
            assert "its cost (fields times page sizes) is" in str(result.errors) and result.data is None


@pytest.mark.anyio
@pytest.mark.parametrize(("size", "runs"), [(20, True), (100, False)])
async def test_query_limits_with_the_maximum_of_undecided_operations_use_the_variables(size: int, runs: bool) -> None:
    document = " ".join((PAGES % "").replace("query", f"query Q{number}", 1) for number in range(MAX_OPERATIONS))
    result = await make_schema().execute(document, {"ids": [], "n": size}, Context("r"), operation_name="Q1")
    assert (result.errors is None and len(result.data["notes"]["nodes"]) > 0) is runs  # type: ignore[index]
    if not runs:
        assert 0 < len(result.errors or []) <= MAX_ERRORS and result.data is None


@pytest.mark.anyio
async def test_query_limits_report_validation_errors_before_costs_that_depend_on_variables() -> None:
    result = await make_schema().execute("query ($n: Int) { unknown " + PAGES[PAGES.index("notes") : -1] + "}", {"n": 1}, Context("r"))
    assert ["Cannot query field 'unknown'" in str(error) for error in result.errors or []] == [True]


def test_query_limits_count_a_fragment_at_each_spread() -> None:
    assert refusals(fragments(5, "a: hello", repeat=1)) == []
    (refused,) = refusals(fragments(5, "a: hello"))
    assert f"its number of aliases is 32, the limit is {query_limits.MAX_ALIASES}" in refused


def test_query_limits_with_eighty_doubling_fragments_measure_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[Any] = []
    original = query_limits.QueryLimits._selections
    monkeypatch.setattr(query_limits.QueryLimits, "_selections", lambda self, *given: (weighed.append(given), original(self, *given))[1])
    messages = refusals(fragments(80, "hello", each="a: hello @skip(if: true)"))
    assert len(weighed) == 82
    assert len(messages) == 4 and all("more than a billion" in message for message in messages)


def test_query_limits_with_too_deeply_nested_fragments_refuse_the_document() -> None:
    assert "nests fragments too deeply" in refusals(fragments(900, "hello", repeat=1))[0]


@pytest.mark.parametrize(
    "document",
    [
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...Nowhere }",
        "{ ...A } fragment A on Nothing { a }",
        "{ unknown(first: 5) { below } }",
        "subscription { count }",
        "mutation { ... on Query { hello } }",
        "type A { a: Int }",
    ],
)
def test_query_limits_leave_other_invalid_documents_to_the_other_rules(document: str) -> None:
    assert refusals(document) == []
    assert validate(SCHEMA, parse(document)) or document.startswith("subscription")


def test_query_limits_check_every_operation_of_a_document() -> None:
    (refused,) = refusals("query A { hello } query B { " + "hello " * 501 + "}")
    assert "number of fields is 501" in refused


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { description } }",
        '{ __type(name: "Query") { name } }',
        "{ ...A } fragment A on Query { __schema { description } }",
        get_introspection_query(),
    ],
)
def test_introspection_is_allowed_in_development_only(document: str) -> None:
    assert refusals(document, query_limits.DevelopmentQueryLimits) == []
    assert ["introspection" in message for message in refusals(document)] == [True]


def test_typename_does_not_count_as_introspection() -> None:
    assert refusals("{ __typename notes { __typename nodes { __typename } } }") == []


def test_introspection_above_its_own_depth_limit_is_refused() -> None:
    full = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    assert refusals(full, query_limits.DevelopmentQueryLimits) == []
    deep = "{ __schema { types { " + "ofType { " * 15 + "name" + " }" * 15 + " } } }"
    assert [f"the limit is {query_limits.MAX_INTROSPECTION_DEPTH}" in message for message in refusals(deep, query_limits.DevelopmentQueryLimits)] == [True]


def test_string_literal_with_nul_is_refused() -> None:
    assert "NUL" in refusals('{ hello(name: "a\\u0000b") }')[0]
    assert refusals('{ hello(name: "a\\\\u0000b") }') == []


@pytest.mark.anyio
async def test_mutation_above_the_query_limits_changes_nothing() -> None:
    context = Context("r")
    result = await make_schema().execute("mutation { " + " ".join(f"a{i}: rename" for i in range(6)) + " }", None, context)
    assert result.data is None
    assert [error.extensions["code"] for error in result.errors or []] == ["GRAPHQL_VALIDATION_FAILED"]  # type: ignore[index]
    assert context.closed == []


@pytest.mark.anyio
@pytest.mark.parametrize("padding", ["", "#" + " " * 7000])
async def test_query_limits_of_two_schemas_share_no_cached_result(padding: str) -> None:
    """Each schema applies its own limits to the same text, whether the document cache holds it or it is too long for it."""
    production, development = make_schema(query_limits.QueryLimits), make_schema(query_limits.DevelopmentQueryLimits)
    document = "{ __schema { queryType { name } } }" + padding
    for _ in range(2):
        assert (await development.execute(document, None, Context("r"))).errors is None
        refused = await production.execute(document, None, Context("r"))
        assert refused.data is None and refused.errors
