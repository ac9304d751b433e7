"""Sessions revoked by an admin: by disabling the account, or alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from graph.relay import encode_id
from persistence.database import transaction
from persistence.ids import uuid7
from persistence.models import SignIn, User
from persistence.models.account import Role
from tests import seeds
from tests.jobs.job_setup import everything, rows

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

UPDATE = "mutation($input: UserUpdateInput!) { userUpdate(input: $input) { __typename ... on Error { code } } }"
REVOKE = """mutation($input: UserSessionsRevokeInput!) { userSessionsRevoke(input: $input) { __typename
  ... on UserSessionsRevokeSuccess { revokedSessions user { nickname } } ... on InvalidInputError { code field } } }"""
VIEWER = "{ viewer { nickname } }"


@pytest.fixture
async def root(database: str) -> User:
    admin = await seeds.person("root")
    async with transaction() as session:
        await session.execute(update(User).where(User.id == admin.id).values(role=Role.ADMIN))
    return admin


async def nickname_of(token: str) -> Any:
    return ((await seeds.ask(VIEWER, token=token))["data"] or {}).get("viewer")


async def execute(document: str, token: str, **given: Any) -> Any:
    answer = await seeds.ask(document, {"input": given}, token=token)
    assert "errors" not in answer, answer
    [result] = answer["data"].values()
    return result


async def test_user_update_that_disables_and_enables_an_account_leaves_its_sessions_revoked(root: User) -> None:
    ann, token = await seeds.person("ann"), await seeds.bearer(root)
    old = await seeds.bearer(ann)
    assert await nickname_of(old) == {"nickname": "ann"}
    for disabled in (True, False):
        assert (await execute(UPDATE, token, userId=encode_id("User", ann.id), disabled=disabled))["__typename"] == "UserUpdateSuccess"
        assert await nickname_of(old) is None
    assert all(row.revoked_at for row in await rows(SignIn, SignIn.user_id == ann.id))
    assert await nickname_of(await seeds.bearer(ann)) == {"nickname": "ann"} and await nickname_of(token) == {"nickname": "root"}


async def test_user_sessions_revoke_ends_every_session_of_that_user_only(root: User) -> None:
    ann, bob, token = await seeds.person("ann"), await seeds.person("bob"), await seeds.bearer(root)
    anns, bobs = [await seeds.bearer(ann), await seeds.bearer(ann)], await seeds.bearer(bob)
    answer = await execute(REVOKE, token, userId=encode_id("User", ann.id))
    assert answer == {"__typename": "UserSessionsRevokeSuccess", "revokedSessions": 2, "user": {"nickname": "ann"}}
    assert [await nickname_of(old) for old in anns] == [None, None] and await nickname_of(bobs) == {"nickname": "bob"}
    assert (await execute(REVOKE, token, userId=encode_id("User", ann.id)))["revokedSessions"] == 0
    assert await nickname_of(await seeds.bearer(ann)) == {"nickname": "ann"}


async def test_user_sessions_revoke_without_permission_or_for_an_invalid_user_is_refused(root: User) -> None:
    ann, bob, token = await seeds.person("ann"), await seeds.person("bob"), await seeds.bearer(root)
    theirs, admins = await seeds.bearer(bob), await seeds.bearer(ann)
    before = await everything()
    for caller, code in ((theirs, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        answer = await seeds.ask(REVOKE, {"input": {"userId": encode_id("User", ann.id)}}, token=caller)
        assert answer["errors"][0]["extensions"]["code"] == code
    answer = await seeds.ask(REVOKE, {"input": {"userId": encode_id("User", uuid7())}}, token=token)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (await execute(REVOKE, token, userId=encode_id("User", root.id))) == {"__typename": "InvalidInputError", "code": "BAD_USER_INPUT", "field": "userId"}
    assert await everything() == before and await nickname_of(admins) == {"nickname": "ann"}
    async with transaction() as session:
        assert not (await session.scalars(select(SignIn).where(SignIn.revoked_at.is_not(None)))).all()
