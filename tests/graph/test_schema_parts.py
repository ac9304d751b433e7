"""The schema in parts: each part answers as the full schema does, and what it lacks is left to the full one."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationType, parse, print_type
from graphql.utilities import separate_operations
from httpx2 import ASGITransport, AsyncClient

from graph.app import build_app
from graph.asgi import health
from graph.endpoint import DeferredSchema, make_context
from graph.http import GraphQLEndpoint
from graph.permissions import fields_of
from graph.schema import schema
from graph.schema_parts import PARTS, ROOTS, Part, Root, find_root, list_root_fields, select_parts
from tests import seeds
from tests.graph.app_documents import SCREENS, read_operations

VIEWER = "{ viewer { nickname } }"
PAGE = """{ diaries(first: 20) { nodes {
  id date summary insights { activities emotions patterns timePreference decisionStyle }
  signals { slot value confidence evidence { quote } }
} } }"""
ROOT = Path(__file__).parents[2]
ALL = {part.name for part in PARTS}
ERROR = "... on Error { code message ... on InvalidInputError { field } }"

WHOLE_ONLY = {(OperationType.QUERY, "node"), (OperationType.QUERY, "nodes")}
"""Root fields that no part has: their interface needs every type."""


def root_fields(found: GraphQLSchema) -> dict[tuple[OperationType, str], Any]:
    """Return the root fields of queries and mutations by operation and name."""
    types = {OperationType.QUERY: found.query_type, OperationType.MUTATION: found.mutation_type}
    return {(operation, name): field for operation, root in types.items() if root is not None for name, field in root.fields.items()}


def names_of(root: Root) -> set[str]:
    """Return the names of the fields of a class, as the schema has them."""
    return {schema().config.name_converter.from_field(field) for field in fields_of(root.fields)}


def fitting(document: str) -> set[str]:
    """Return the names of the parts that have all root fields of the document."""
    needed = {find_root(*field) for field in list_root_fields(parse(document))}
    return {part.name for part in PARTS if needed <= part.roots}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_part_types_equal_those_of_the_full_schema(part: Part) -> None:
    found, whole = part.schema._schema, schema()._schema
    shared = set(found.type_map) - {"Query", "Mutation"}
    assert len(shared) > 15
    for name in shared:
        assert print_type(found.type_map[name]) == _without_sources(part, print_type(whole.type_map[name]))


def _without_sources(part: Part, printed: str) -> str:
    """Return a printed type as a part has it: without the fields of sources, and of what a deletion leaves, if it lacks their types."""
    fields = (
        ("Everything about the user", "  items: [Source!]!"), ("The value that was remembered", "  source: Source"),
        ("The diaries of `days`", "  profile: Profile"), ("The lines of diaries and the values", "  carries: MessageCarries"),
    )
    for start, end in fields:
        if not part.has_sources and f"\n  {start}" in printed and end in printed:
            printed = printed[: printed.index(f'\n\n  """\n  {start}')] + printed.split(end)[1]
    return printed


async def test_document_with_sources_runs_on_a_part_that_has_them(database: str) -> None:
    document = "{ conversations { nodes { messages { nodes { sources { items { __typename removed ... on ValueSource { value { value } } } } } } } } }"
    first, second = select_parts(parse(document))
    assert not first.has_sources and second.has_sources
    answer = await seeds.ask(document, token=await seeds.bearer(await seeds.person()))
    assert answer == {"data": {"conversations": {"nodes": []}}}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_part_root_fields_equal_those_of_the_full_schema(part: Part) -> None:
    found, whole = root_fields(part.schema._schema), root_fields(schema()._schema)
    assert set(found) < set(whole)
    for key, field in found.items():
        other = whole[key]
        assert (str(field.type), field.description, field.deprecation_reason) == (str(other.type), other.description, other.deprecation_reason)
        assert {name: (str(given.type), given.default_value, given.description) for name, given in field.args.items()} == {
            name: (str(given.type), given.default_value, given.description) for name, given in other.args.items()
        }
        definitions = [given.extensions["strawberry-definition"] for given in (field, other)]
        assert definitions[0].metadata == definitions[1].metadata and definitions[0].permission_classes == definitions[1].permission_classes


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_part_types_are_implemented_as_in_the_full_schema(part: Part) -> None:
    """A union has all its members in every part, so an error that a part's mutation returns is never missing."""
    found, whole = part.schema._schema, schema()._schema
    for name in set(found.type_map) - {"Node", "Error"}:
        kind = found.type_map[name]
        if hasattr(kind, "types"):
            assert [member.name for member in kind.types] == [member.name for member in whole.type_map[name].types]  # type: ignore[attr-defined]


def test_root_field_names_select_the_class_that_has_the_field() -> None:
    """A field whose name does not begin as its class's others do runs on the full schema: correctly, but slowly."""
    selected = {key: find_root(*key) for key in root_fields(schema()._schema)}
    wrong = {key for key, root in selected.items() if root is None or key[1] not in names_of(root)}
    assert wrong == WHOLE_ONLY, "in ROOTS of graph/schema_parts.py, give the class that has this field the beginning of its name"


def test_roots_each_belong_to_a_part() -> None:
    assert set(ROOTS) == {root for part in PARTS for root in part.roots}, "in PARTS of graph/schema_parts.py, add the class to the part whose screens use it"


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_operation_of_a_screen_runs_on_a_part_unless_it_asks_for_a_node_or_subscribes(path: Path) -> None:
    """A server answers subscriptions by the full schema, which it has built since its start."""
    for name in separate_operations(parse(path.read_text(encoding="utf-8"))):
        document = parse(read_operations()[name])
        needs_whole = any(field in WHOLE_ONLY or field[0] is OperationType.SUBSCRIPTION for field in list_root_fields(document))
        assert (not select_parts(document)) == needs_whole, name


@pytest.mark.parametrize(("document", "names"), [
    ("{ __typename }", ALL),
    (VIEWER, ALL),
    ("query ($id: ID!) { conversation(id: $id) { id } }", {"conversations", "pages", "chat", "sources"}),
    ("query { ...Mine } fragment Mine on Query { viewer { id } ... on Query { diaries { nodes { id } } } }", {"pages", "edits"}),
    ("query { ...Mine } fragment Mine on Query { viewer { id } ...Mine }", ALL),
    ("mutation { messageSend(input: {content: \"a\"}) { __typename } }", {"chat", "sources"}),
    ("mutation { sourceJudge(input: {id: \"a\"}) { __typename } }", {"sources"}),
    ("mutation { toolCallUndo(input: {messageId: \"a\", index: 0}) { __typename } }", {"sources"}),
    ("mutation { a: messageSend(input: {content: \"a\"}) { __typename } diaryDelete(input: {date: \"2026-01-01\"}) { __typename } }", set()),
    ("query A { recap(period: WEEK) { days } } mutation B { profileRevert(input: {}) { __typename } }", {"edits"}),
    ("mutation { accountExport(input: {}) { __typename } }", {"settings"}),
    ("mutation { sessionCreate(input: {}) { __typename } }", {"sign-in", "settings", "sessions"}),
    ("{ sessions { nodes { id } } }", {"sessions"}),
    ("mutation { userUpdate(input: {}) { __typename } }", {"administration"}),
    ("{ node(id: \"a\") { id } }", set()),
    ("{ viewr { id } }", set()),
    ("subscription { messageStream(input: {content: \"a\"}) { __typename } }", set()),
])  # fmt: skip
def test_parts_that_fit_have_all_root_fields_of_the_document(document: str, names: set[str]) -> None:
    assert fitting(document) == names
    assert (not select_parts(parse(document))) == (not names)


@pytest.mark.parametrize(("document", "name"), [
    (VIEWER, "conversations"), ("{ conversations { nodes { id } } }", "conversations"), (PAGE, "pages"),
    ("mutation { sessionCreate(input: {}) { __typename } }", "sign-in"),
])  # fmt: skip
def test_select_parts_in_a_new_process_returns_the_lightest_one(document: str, name: str) -> None:
    """In a new process, because parts that are built already are preferred."""
    script = "import sys; from graphql import parse; from graph.schema_parts import select_parts; print(select_parts(parse(sys.argv[1]))[0].name)"
    done = subprocess.run([sys.executable, "-c", script, document], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == name


def test_select_parts_prefers_a_part_that_is_built() -> None:
    script = (
        "from graphql import parse; from graph.schema_parts import PARTS, select_parts; PARTS[1].schema; "
        f"print(select_parts(parse({VIEWER!r}))[0].name, PARTS[0].is_built)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["pages", "False"]


async def post(found: Any, document: str, variables: dict[str, Any], token: str | None) -> Any:
    """Return status and body of one request to an application with this schema, without the request's id."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    app = build_app(GraphQLEndpoint(found, make_context), health=health)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://unilife.test", headers=headers) as client:
        response = await client.post("/graphql", json={"query": document, "variables": variables})
    body = response.json()
    for error in body.get("errors", []):
        del error["extensions"]["requestId"]
    return response.status_code, body


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "anonymous"])
@pytest.mark.parametrize(("name", "document", "variables"), [
    ("chat", "mutation ($text: String!) { messageSend(input: {content: $text}) { " + ERROR + " } }", {"text": ""}),
    ("chat", "mutation ($text: String!) { messageSend(input: {content: $text}) { " + ERROR + " } }", {"text": 7}),
    ("chat", "mutation ($text: String!) { messageSend(input: {content: $text, contents: 1}) { __typename } }", {"text": "a"}),
    ("chat", "mutation ($input: MessageSendInput!) { messageSend(input: $input) { __typename } }", {"input": {"content": "a", "conversation": "b"}}),
    ("chat", "mutation ($id: ID!) { messageEdit(input: {id: $id, content: \"b\"}) { ... on MessageEditSuccess { mesage } " + ERROR + " } }", {"id": "a"}),
    ("pages", "{ diaries(first: -1) { nodes { id } } profile { sections { name } } viewer { email } }", {}),
    ("conversations", "{ conversation(id: \"a\") { id } messageSearch(query: \"\") { nodes { id } } }", {}),
    ("pages", "{ diary(date: \"nowhen\") { id } }", {}),
    ("sign-in", "mutation { sessionCreate(input: {email: \"a@example.org\", password: \"not this one at all\"}) { " + ERROR + " } }", {}),
    ("edits", "mutation { diaryUpdate(input: {date: \"2026-01-01\", summary: \"\"}) { " + ERROR + " } }", {}),
    ("edits", "mutation ($slot: ProfileSlot!) { profileValueSet(input: {slot: $slot, value: \"\"}) { " + ERROR + " } }", {"slot": "NO_SUCH_SLOT"}),
    ("settings", "mutation { accountImport(input: {data: \"{\"}) { " + ERROR + " } }", {}),
    ("administration", "mutation { modelSwitchOff(input: {reason: \"\"}) { " + ERROR + " } }", {}),
    ("administration", "{ jobRuns { nodes { id } } viewer { id } }", {}),
])  # fmt: skip
async def test_part_answers_with_the_errors_of_the_full_schema(name: str, document: str, variables: dict[str, Any], signed_in: bool) -> None:
    """Also where the part itself finds the error, since its messages name types and suggest names."""
    assert name in fitting(document)
    token = await seeds.bearer(await seeds.person()) if signed_in else None
    [part] = [part for part in PARTS if part.name == name]
    direct, deferred, whole = [await post(found, document, variables, token) for found in (part.schema, DeferredSchema(), schema())]
    assert direct == deferred == whole


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
async def test_request_beyond_the_parts_is_answered_by_the_full_schema(document: str, code: str) -> None:
    answer = await seeds.ask(document, token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_misspelled_field_gets_suggestions_from_the_full_schema() -> None:
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
