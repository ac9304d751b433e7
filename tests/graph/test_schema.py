"""The schema as a whole: described, consistent, and closed in production."""
import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
    specified_scalar_types,
)
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import update

import settings
from graph.asgi import app
from graph.permissions import NULL_WITHOUT_ERROR
from graph.prefetch import PREFETCH_KEY
from graph.queries.node import LOADERS, PART_LOADERS
from graph.relay import encode_id, encode_part_id
from graph.schema import schema
from persistence import database
from persistence.ids import uuid7
from persistence.models import JobRun, User
from persistence.models.account import Role
from persistence.models.jobs import Job, RunStatus, Trigger
from tests import seeds

pytestmark = pytest.mark.anyio


def types() -> Iterator[Any]:
    for name, found in schema()._schema.type_map.items():
        if not name.startswith("__") and name not in specified_scalar_types:
            yield found


def root(name: str) -> GraphQLObjectType:
    found = schema()._schema.get_type(name)
    assert isinstance(found, GraphQLObjectType)
    return found


def undescribed() -> Iterator[str]:
    for found in types():
        if not found.description:
            yield found.name
        for name, value in (found.values if isinstance(found, GraphQLEnumType) else getattr(found, "fields", {})).items():
            if not value.description:
                yield f"{found.name}.{name}"
            yield from (f"{found.name}.{name}({key})" for key, argument in getattr(value, "args", {}).items() if not argument.description)


def test_schema_elements_all_have_descriptions():
    assert list(undescribed()) == []


def test_root_fields_are_all_nullable():
    strict = [f"{name}.{key}" for name in ("Query", "Mutation") for key, field in root(name).fields.items() if isinstance(field.type, GraphQLNonNull)]
    assert strict == []


def test_mutation_takes_one_required_input_and_returns_a_union_named_after_it():
    for name, field in root("Mutation").fields.items():
        capital = name[0].upper() + name[1:]
        assert list(field.args) == ["input"], name
        given = field.args["input"].type
        assert isinstance(given, GraphQLNonNull) and isinstance(given.of_type, GraphQLInputObjectType)
        assert given.of_type.name == f"{capital}Input"
        result = get_named_type(field.type)
        assert isinstance(result, GraphQLUnionType) and result.name == f"{capital}Result"
        first, *others = result.types
        assert first.name == f"{capital}Success"
        assert others, f"{name} has no refusal: clients could not write `... on Error`"
        assert all("Error" in [interface.name for interface in other.interfaces] for other in others)


def test_arguments_with_a_default_accept_null():
    """Clients send null for the variables that they leave empty."""
    for found in types():
        for name, field in found.fields.items() if isinstance(found, GraphQLObjectType) else ():
            strict = [key for key, given in field.args.items() if not is_required_argument(given) and isinstance(given.type, GraphQLNonNull)]
            assert strict == [], f"{found.name}.{name}"


def test_prefetched_fields_name_attributes_of_their_types():
    """A name that does not exist would never fail: the field would run its own query."""
    named = [
        (found.definition.origin, attribute)
        for found in schema().schema_converter.type_map.values()
        if hasattr(found.definition, "fields")
        for attribute in (field.metadata.get(PREFETCH_KEY) for field in found.definition.fields)
        if attribute
    ]
    assert len(named) >= 3 and [attribute for origin, attribute in named if not hasattr(origin, attribute)] == []


@pytest.mark.usefixtures("database")
async def test_connection_with_null_as_first_uses_the_default_page_size():
    ann = await seeds.person()
    for number in range(21):
        await seeds.said(ann, seeds.DAY, f"word {number}")
    asked = """query($first: Int, $newest: Boolean) { conversations(first: $first) { nodes { messages(first: 1, newestFirst: $newest) {
        nodes { content } } } } }"""
    answer = await seeds.ask(asked, {"first": None, "newest": None}, token=await seeds.bearer(ann))
    assert "errors" not in answer and len(answer["data"]["conversations"]["nodes"]) == 20


def test_schema_names_are_upper_snake_case_for_enum_values_and_camel_case_for_fields():
    for found in types():
        if isinstance(found, GraphQLEnumType):
            assert all(re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", value) for value in found.values), found.name
        elif isinstance(found, (GraphQLObjectType, GraphQLInputObjectType, GraphQLInterfaceType)):
            assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", field) for field in found.fields), found.name


def test_schema_custom_scalars_are_only_the_validated_ones():
    scalars = {found.name for found in types() if type(found).__name__.endswith("ScalarType")}
    assert scalars == {"BigInt", "Date", "DateTime", "EmailAddress", "Locale", "TimeZone"}


def test_node_types_all_have_a_loader():
    implementing = {found.name for found in types() if isinstance(found, GraphQLObjectType) and "Node" in [i.name for i in found.interfaces]}
    assert {*LOADERS, *PART_LOADERS} == implementing


def test_root_fields_that_are_null_only_with_an_error_say_so_by_a_directive():
    described = {name for name in NULL_WITHOUT_ERROR if "null" in (schema()._schema.query_type.fields[name].description or "").lower()}
    assert described == NULL_WITHOUT_ERROR
    for root in (schema()._schema.query_type, schema()._schema.mutation_type):
        printed = schema().as_str().split(f"\ntype {root.name} {{", 1)[1].split("\n}\n", 1)[0]
        assert printed.count("@semanticNonNull(levels: [0])") == len(root.fields) - len(NULL_WITHOUT_ERROR & root.fields.keys())
        for name in NULL_WITHOUT_ERROR & root.fields.keys():
            assert "@semanticNonNull" not in printed.split(f"\n  {name}", 1)[1].split(" @", 1)[1].split("\n", 1)[0]


@pytest.mark.usefixtures("database")
async def test_nodes_of_another_user_are_null_like_unknown_ids():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await seeds.whole_day(bob, seeds.DAY)
    question = (await seeds.said(bob, seeds.DAY, "a secret"))[0]
    theirs = [encode_id("User", bob.id), encode_id("Message", question.id), encode_id("Conversation", question.conversation_id)]
    unknown = [encode_id(name, uuid7()) for name in sorted(LOADERS)]
    parts = ("1", "01", "9" * 30, "a", f"{uuid7()} 2026-05-20 DAILY_DIARY", "a b c")
    unknown += [encode_part_id(name, uuid7(), part) for name in PART_LOADERS for part in parts]
    asked = "query($ids: [ID!]!, $own: ID!) { nodes(ids: $ids) { id } node(id: $own) { __typename id } }"
    token = await seeds.bearer(ann)
    answer = await seeds.ask(asked, {"ids": [*theirs, *unknown, "R2hvc3Q6MTIzNDU2Nzg5MGFiY2RlZg"], "own": encode_id("User", ann.id)}, token=token)
    assert answer["data"] == {
        "nodes": [None] * (len(theirs) + len(unknown) + 1), "node": {"__typename": "User", "id": encode_id("User", ann.id)},
    }  # fmt: skip
    answer = await seeds.ask(asked, {"ids": theirs, "own": theirs[0]}, token=await seeds.bearer(bob))
    assert [node and node["id"] for node in answer["data"]["nodes"]] == theirs


@pytest.mark.usefixtures("database")
async def test_nodes_returns_a_job_run_to_admins_and_as_a_change_run_to_users_whose_profile_it_changed():
    ann, root_user = await seeds.person("ann"), await seeds.person("root")
    run = JobRun(id=uuid7(), job=Job.DAILY_DIARY, trigger=Trigger.TIMER, status=RunStatus.SUCCEEDED)
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == root_user.id).values(role=Role.ADMIN))
        session.add(run)
    asked, id = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", encode_id("JobRun", run.id)
    found = await seeds.ask(asked, {"ids": [encode_id("JobRun", uuid7()), id]}, token=await seeds.bearer(root_user))
    assert found["data"] == {"nodes": [None, {"id": id}]}
    asked_type, anns = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", await seeds.bearer(ann)
    assert (await seeds.ask(asked_type, {"ids": [id]}, token=anns))["data"] == {"nodes": [None]}
    await seeds.change(ann, "preferences.food", "noodles", run_id=run.id)
    assert (await seeds.ask(asked_type, {"ids": [id]}, token=anns))["data"] == {"nodes": [{"__typename": "ProfileChangeRun", "id": id}]}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("id", ["", "1", "VXNlcjox", "日记"])
async def test_node_with_a_malformed_id_is_refused(id: str):
    answer = await seeds.ask("query($id: ID!) { node(id: $id) { id } }", {"id": id}, token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert answer["data"] == {"node": None}


@pytest.mark.usefixtures("database")
async def test_nodes_with_more_than_one_hundred_ids_are_refused():
    ann = await seeds.person()
    token, asked = await seeds.bearer(ann), "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await seeds.ask(asked, {"ids": [encode_id("User", ann.id)] * 100}, token=token)
    assert len(answer["data"]["nodes"]) == 100
    answer = await seeds.ask(asked, {"ids": [encode_id("User", ann.id)] * 101}, token=token)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.fixture
def debug(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def choose(on: bool) -> None:
        monkeypatch.setenv("DEBUG", str(on).lower())
        settings.current.cache_clear()
        app.cache_clear()

    yield choose
    monkeypatch.undo()
    settings.current.cache_clear()
    app.cache_clear()


async def fetch(method: str, path: str, **options: Any) -> Response:
    async with AsyncClient(transport=ASGITransport(app()), base_url="http://unilife.test") as client:
        return await client.request(method, path, **options)


@pytest.mark.parametrize("on", [True, False])
async def test_introspection_and_graphiql_are_available_in_development_only(debug: Any, on: bool):
    debug(on)
    answer = (await fetch("POST", "/graphql", json={"query": "{ __schema { queryType { name } } }"})).json()
    assert ("errors" not in answer) is on
    assert on or answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    page = await fetch("GET", "/graphql", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html") is on


async def test_health_field_and_health_endpoint_return_the_same_state(database: str):
    asked = "{ health { status version databaseReachable migrationsCurrent model modelPaused modelState streaming } }"
    field = (await seeds.ask(asked))["data"]["health"]
    address = await fetch("GET", "/health")
    assert address.status_code == 200
    assert address.json() == {**field, "healthy": True}
    assert field == {
        "status": "OK", "version": settings.VERSION, "databaseReachable": True, "migrationsCurrent": True, "model": "OFFLINE", "modelPaused": None,
        "modelState": "OK", "streaming": True,
    }  # fmt: skip


async def test_health_without_a_database_is_unreachable_and_other_fields_name_the_cause(monkeypatch: pytest.MonkeyPatch, anyio_backend: str):
    import persistence.database

    monkeypatch.setenv("POSTGRESQL_URL", "postgresql://ann:hunter2@127.0.0.1:1/nowhere")
    settings.current.cache_clear()
    try:
        address = await fetch("GET", "/health")
        answer = await seeds.ask('mutation { sessionCreate(input: {email: "a@b.cc", password: "correct horse battery"}) { __typename } }')
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
        await persistence.database.dispose()
    assert address.status_code == 503
    assert (address.json()["status"], address.json()["healthy"]) == ("DATABASE_UNREACHABLE", False)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["DATABASE_UNAVAILABLE"]
    assert "hunter2" not in address.text + str(answer)


@pytest.mark.parametrize("header", ["Basic YW5uOnNlY3JldA==", "Bearer", "Bearer ", "bearer x y", "token"])
async def test_authorization_header_of_another_form_is_refused_as_an_invalid_token(header: str, database: str):
    answer = await fetch("POST", "/graphql", json={"query": "{ viewer { id } health { status } }"}, headers={"authorization": header})
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["UNAUTHENTICATED"]
    assert answer.json()["data"] == {"viewer": None, "health": {"status": "OK"}}


async def test_authorization_scheme_in_any_case_is_accepted(database: str):
    token = await seeds.bearer(await seeds.person())
    answer = await fetch("POST", "/graphql", json={"query": "{ viewer { nickname } }"}, headers={"authorization": f"bEARER  {token} "})
    assert answer.json() == {"data": {"viewer": {"nickname": "ann"}}}
