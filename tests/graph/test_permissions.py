"""Permissions of the root fields: declared for each, listed here, and enforced over HTTP."""
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select, update

from graph.asgi import app
from graph.permissions import Admin, Public, SignedIn, fields_of, permission_of, with_permissions
from graph.relay import encode_id
from graph.schema import Mutation, Query, Subscription, schema
from persistence import database
from persistence.models import Model, SignIn, User
from persistence.models.account import Role
from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

PERMISSIONS = {
    Query: {
        Public: ["health", "viewer"],
        SignedIn: [
            "apiTokenUses", "apiTokens", "changes", "companionPresets", "companionVersions",
            "conversation", "conversationTags", "conversations", "day", "diaries", "diariesOnThisDay", "diary", "diaryCalendar", "diaryStats", "messageSearch",
            "node", "nodes", "profile", "profileAsOf", "profileChanges", "profileSlots", "recap", "sessions", "upcoming",
        ],
        Admin: ["jobRun", "jobRuns", "nights", "usage", "usageByPerson", "users"],
    },
    Mutation: {
        Public: ["accountRegister", "sessionCreate", "sessionRefresh", "sessionRevoke"],
        SignedIn: [
            "accountDelete", "accountExport", "accountExportPart", "accountImport", "accountUpdate",
            "apiTokenCreate", "apiTokenDelete", "companionRevert", "companionUpdate", "companionVersionsDelete",
            "conversationDelete", "conversationFork",
            "conversationUpdate", "conversationsArchive", "conversationsDelete", "diaryDelete", "diaryRewrite",
            "diaryUpdate", "importCommit", "importPart", "importStart",
            "memoryErase", "memoryUpdate",
            "messageBranch",
            "messageContinue", "messageDelete", "messageEdit", "messageRate", "messageRegenerate", "messageSelect", "messageSend", "messageStop",
            "passwordChange",
            "profileRevert", "profileValueErase", "profileValueLock", "profileValueReject", "profileValueSet", "profileValueUnlock", "sessionRevokeAll",
            "slotCreate", "slotDelete", "slotUpdate", "sourceJudge", "toolCallUndo",
        ],
        Admin: ["jobRunCancel", "jobRunRetry", "jobRunStart", "modelSwitchOff", "modelSwitchOn", "userSessionsRevoke", "userUpdate"],
    },
    Subscription: {Public: [], SignedIn: ["changed", "messageBranchStream", "messageContinueStream", "messageRegenerateStream", "messageStream"], Admin: []},
}  # fmt: skip

ROOTS = {"query": Query, "mutation": Mutation, "subscription": Subscription}


def core_fields(root: type) -> Mapping[str, GraphQLField]:
    found = schema()._schema.get_type(root.__name__)
    assert found is not None
    return found.fields  # type: ignore[attr-defined, no-any-return]


def graphql_name(field: Any) -> str:
    return schema().config.name_converter.from_field(field)


def with_permission(*permissions: type) -> list[tuple[str, str]]:
    """Return the kind and name of each root field that declares one of these permissions."""
    return [
        (kind, graphql_name(field)) for kind, root in ROOTS.items() for field in fields_of(root) if permission_of(field) in permissions
    ]


@pytest.mark.parametrize("root", PERMISSIONS, ids=lambda root: root.__name__)
def test_root_type_fields_declare_the_listed_permissions(root: type):
    declared = {
        permission: sorted(graphql_name(field) for field in fields_of(root) if permission_of(field) is permission)
        for permission in (Public, SignedIn, Admin)
    }
    assert declared == PERMISSIONS[root]
    assert sorted(core_fields(root)) == sorted(name for names in declared.values() for name in names)


@pytest.mark.parametrize("declared", [[], [SignedIn, Admin], [type("Other", (SignedIn,), {})]])
def test_with_permissions_of_a_field_without_exactly_one_permission_raises_type_error(declared: list[Any]):
    @strawberry.type
    class Root:
        @strawberry.field(permission_classes=declared)
        def open(self) -> int:
            return 1

    with pytest.raises(TypeError, match="open"):
        with_permissions(Root)


def test_schema_text_shows_the_permission_of_root_fields():
    lines = schema().as_str().splitlines()
    for result in ("): AccountRegisterResult @public", "): AccountDeleteResult @signedIn", "): UserUpdateResult @admin"):
        assert len([line for line in lines if line.endswith(f"{result} @semanticNonNull(levels: [0])")]) == 1


def literal(of: Any, *, whole: bool) -> str:
    """Return a value of an input type as a document spells it: with all fields or only the required ones."""
    if isinstance(of, GraphQLNonNull):
        return literal(of.of_type, whole=whole)
    if isinstance(of, GraphQLList):
        return f"[{literal(of.of_type, whole=whole)}]"
    if isinstance(of, GraphQLEnumType):
        return next(iter(of.values))
    if isinstance(of, GraphQLInputObjectType):
        named = {name: field.type for name, field in of.fields.items() if whole or is_required_input_field(field)}
        return "{" + ", ".join(f"{name}: {literal(type_, whole=whole)}" for name, type_ in named.items()) + "}"
    samples: dict[str, Any] = {
        "ID": encode_id("Conversation", UUID(int=7)), "Date": "2026-05-20", "DateTime": "2026-05-20T00:00:00Z", "Int": 1, "Float": 1.5,
        "Boolean": True, "TimeZone": "UTC", "Locale": "en",
    }  # fmt: skip
    return json.dumps(samples.get(of.name, "x"))


def document(kind: str, name: str, *, whole: bool = False) -> str:
    """Return the shortest document for one root field with its required arguments; `whole`: with all arguments."""
    field = core_fields(ROOTS[kind])[name]
    named = {key: argument.type for key, argument in field.args.items() if whole or is_required_argument(argument)}
    arguments = ", ".join(f"{key}: {literal(type_, whole=whole)}" for key, type_ in named.items())
    selection = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    return f"{kind} {{ {name}{f'({arguments})' if arguments else ''} {selection} }}"


async def codes(kind: str, name: str, token: str | None, *, whole: bool = False) -> list[str]:
    """Return the codes of the top-level errors for the field with this token, and assert that an error comes without data."""
    headers = {"accept": "text/event-stream" if kind == "subscription" else "application/json"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    async with AsyncClient(transport=ASGITransport(app()), base_url="http://unilife.test", headers=headers) as client:
        response = await client.post("/graphql", json={"query": document(kind, name, whole=whole)})
    assert response.status_code == 200, response.text
    if kind == "subscription":
        answer = json.loads(response.text.split("data: ", 1)[1].split("\n", 1)[0])
    else:
        answer = response.json()
    errors = answer.get("errors", [])
    assert not errors or not (answer.get("data") or {}).get(name)
    return [error["extensions"]["code"] for error in errors]


async def stored() -> dict[str, list[str]]:
    """Return every row of every table."""
    async with database.session() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in await session.execute(select(table))) for table in Model.metadata.sorted_tables
        }


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(("kind", "name"), with_permission(SignedIn, Admin))
async def test_root_field_when_signed_out_is_refused_and_changes_nothing(kind: str, name: str, whole: bool):
    user = await seeds.person()
    ended = await seeds.bearer(user)
    async with database.transaction() as session:
        await session.execute(update(SignIn).values(revoked_at=SignIn.created_at))
    before = await stored()
    for token in (None, "", "nonsense", ended):
        assert await codes(kind, name, token, whole=whole) == ["UNAUTHENTICATED"]
    assert await stored() == before


@pytest.mark.parametrize(("kind", "name"), with_permission(Admin))
async def test_admin_field_called_by_a_user_is_refused_and_changes_nothing(kind: str, name: str):
    user = await seeds.person()
    token = await seeds.bearer(user)
    before = await stored()
    assert await codes(kind, name, token) == ["FORBIDDEN"]
    assert await stored() == before


@pytest.mark.parametrize(("kind", "name"), with_permission(Admin))
async def test_admin_field_after_the_role_is_removed_is_refused(kind: str, name: str):
    user = await seeds.person()
    token = await seeds.bearer(user)
    await _set_role(user, Role.ADMIN)
    assert {"FORBIDDEN", "UNAUTHENTICATED"}.isdisjoint(await codes(kind, name, token))
    await _set_role(user, Role.USER)
    assert await codes(kind, name, token) == ["FORBIDDEN"]


@pytest.mark.parametrize(("kind", "name"), with_permission(Public))
async def test_public_field_when_signed_out_is_answered(kind: str, name: str):
    assert await codes(kind, name, None, whole=True) == []


async def _set_role(user: User, role: Role) -> None:
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == user.id).values(role=role))
