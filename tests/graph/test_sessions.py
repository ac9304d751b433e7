"""The list of a user's sessions, the names that clients give themselves in it, and ending one of them."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import update

from graph.relay import encode_id
from persistence import database
from persistence.ids import uuid7
from persistence.models import SignIn
from resolvers import account, authentication
from resolvers.account import NewAccount
from resolvers.errors import InvalidRefreshToken, Unauthenticated
from tests.jobs.job_setup import everything, rows
from tests.seeds import ask

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

PASSWORD = "a kettle sings at dawn"
ROW = "id clientName createdAt lastUsedAt expiresAt current"
LIST = f"""query ($first: Int, $after: String) {{
    sessions(first: $first, after: $after) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {ROW} }} }} }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on ActiveSession {{ {ROW} }} }} }}"
ERRORS = "__typename ... on Error { code } ... on InvalidInputError { faults { field rule max } }"
SIGN_IN = f"mutation ($input: SessionCreateInput!) {{ result: sessionCreate(input: $input) {{ {ERRORS} ... on Session {{ accessToken refreshToken }} }} }}"
REGISTER = f"mutation ($input: AccountRegisterInput!) {{ result: accountRegister(input: $input) {{ {ERRORS} ... on Session {{ accessToken refreshToken }} }} }}"
REVOKE = f"mutation ($input: SessionRevokeInput!) {{ result: sessionRevoke(input: $input) {{ {ERRORS} ... on SessionRevokeSuccess {{ revoked }} }} }}"


async def run(document: str, token: str | None = None, **given: Any) -> dict[str, Any]:
    """Return the result of a mutation with this input."""
    answer = await ask(document, {"input": given}, token=token)
    assert "errors" not in answer, answer
    return answer["data"]["result"]  # type: ignore[no-any-return]


async def register(name: str, **given: Any) -> dict[str, Any]:
    return await run(REGISTER, email=f"{name}@example.org", password=PASSWORD, **given)


async def listed(token: str, **page: Any) -> dict[str, Any]:
    answer = await ask(LIST, page, token=token)
    assert "errors" not in answer, answer
    return answer["data"]["sessions"]  # type: ignore[no-any-return]


async def is_over(tokens: dict[str, Any]) -> bool:
    """Return whether both tokens of a session are refused; both must be equally so."""
    try:
        await authentication.authenticate(tokens["accessToken"])
    except Unauthenticated:
        with pytest.raises(InvalidRefreshToken):
            await authentication.refresh(tokens["refreshToken"])
        return True
    return False


async def test_sessions_lists_the_live_ones_of_the_user_with_the_names_of_their_clients():
    desk = await register("ann", clientName=" 书房的  电脑 ")
    phone = await run(SIGN_IN, email="ann@example.org", password=PASSWORD, clientName="Web app, phone")
    plain = await run(SIGN_IN, email="ann@example.org", password=PASSWORD)
    bob = await register("bob", clientName="Bob's")
    gone, over = [await authentication.sign_in("ann@example.org", PASSWORD, client_name=name) for name in ("revoked", "expired")]
    await authentication.sign_out(gone.refresh_token)
    ago = datetime.now(timezone.utc) - timedelta(days=3)
    async with database.transaction() as session:
        await session.execute(update(SignIn).where(SignIn.client_name == "expired").values(expires_at=ago))
        await session.execute(update(SignIn).where(SignIn.client_name == "书房的 电脑").values(created_at=ago))
        await session.execute(update(SignIn).where(SignIn.client_name == "Web app, phone").values(created_at=ago))
    refreshed = await authentication.refresh(desk["refreshToken"])

    found = await listed(plain["accessToken"])
    assert [(row["clientName"], row["current"]) for row in found["nodes"]] == [(None, True), ("Web app, phone", False), ("书房的 电脑", False)]
    assert found["totalCount"] == 3
    [_, _, desk_row] = found["nodes"]
    assert datetime.fromisoformat(desk_row["createdAt"]) == ago < datetime.fromisoformat(desk_row["lastUsedAt"]) - timedelta(days=2)
    assert datetime.fromisoformat(desk_row["expiresAt"]) == refreshed.refresh_token_expires_at
    assert [row["current"] for row in (await listed(desk["accessToken"]))["nodes"]] == [False, False, True]
    first = await listed(phone["accessToken"], first=2)
    rest = await listed(phone["accessToken"], first=2, after=first["pageInfo"]["endCursor"])
    assert first["pageInfo"]["hasNextPage"] and [row["id"] for row in first["nodes"] + rest["nodes"]] == [row["id"] for row in found["nodes"]]
    assert [row["clientName"] for row in (await listed(bob["accessToken"]))["nodes"]] == ["Bob's"]
    assert (await ask(NODE, {"id": desk_row["id"]}, token=plain["accessToken"]))["data"]["node"] == desk_row
    ended = [row for row in await rows(SignIn) if row.revoked_at or row.client_name == "expired"]
    assert len(ended) == 2
    for id, token in ((desk_row["id"], bob["accessToken"]), *((encode_id("ActiveSession", row.id), plain["accessToken"]) for row in ended)):
        assert (await ask(NODE, {"id": id}, token=token))["data"]["node"] is None
    assert "expired" not in str(found) and over.refresh_token not in str(found)


async def test_session_revoke_by_id_ends_this_one_session_at_once_and_erases_its_name():
    desk = await register("ann", clientName="Desk")
    phone = await run(SIGN_IN, email="ann@example.org", password=PASSWORD, clientName="手机")
    bob = await register("bob")
    [phone_row, desk_row] = (await listed(desk["accessToken"]))["nodes"]
    before = await everything()
    for id, token in ((phone_row["id"], bob["accessToken"]), (encode_id("ActiveSession", uuid7()), desk["accessToken"])):
        [error] = (await ask(REVOKE, {"input": {"id": id}}, token=token))["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"
    [error] = (await ask(REVOKE, {"input": {"id": phone_row["id"]}}))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    both = await run(REVOKE, desk["accessToken"], id=phone_row["id"], refreshToken=desk["refreshToken"])
    assert [(fault["field"], fault["rule"]) for fault in both["faults"]] == [("id", "NOT_ALLOWED_HERE")]
    assert await everything() == before

    assert (await run(REVOKE, desk["accessToken"], id=phone_row["id"]))["revoked"] is True
    assert await is_over(phone) and not await is_over(desk) and not await is_over(bob)
    assert [row["id"] for row in (await listed(desk["accessToken"]))["nodes"]] == [desk_row["id"]]
    assert "手机" not in str(await everything()), "a session that has ended needs no name"
    before = await everything()
    assert (await run(REVOKE, desk["accessToken"], id=phone_row["id"]))["revoked"] is False
    assert await everything() == before
    assert (await run(REVOKE, desk["accessToken"], id=desk_row["id"]))["revoked"] is True
    assert await is_over(desk) and not await is_over(bob)


@pytest.mark.parametrize(("name", "rule"), [("名" * 61, "TOO_LONG"), ("", "EMPTY"), (" \u3000", "EMPTY"), ("a\u202eb", "CHARACTER")])
async def test_client_name_that_is_not_valid_is_refused_and_nothing_is_stored(name: str, rule: str):
    await account.register(NewAccount("ann@example.org", PASSWORD))
    before = await everything()
    signed_in = await run(SIGN_IN, email="ann@example.org", password=PASSWORD, clientName=name)
    registered = await register("bob", clientName=name, dayEndsAt=24)
    assert [(fault["field"], fault["rule"]) for fault in signed_in["faults"]] == [("clientName", rule)]
    assert [(fault["field"], fault["rule"]) for fault in registered["faults"]] == [("dayEndsAt", "OUT_OF_RANGE"), ("clientName", rule)]
    assert await everything() == before
