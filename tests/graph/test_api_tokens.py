"""Personal access tokens: making, listing and deleting them, and what ends them."""
from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta, timezone
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import update

from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.models import ApiToken, ApiTokenUse, User
from persistence.models.enums import ApiScope, ApiTool, ApiUseOutcome
from persistence.queries import api_tokens as stored
from persistence.queries.api_tokens import NewUse
from resolvers import account, admin, api_tokens, authentication, portability
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from resolvers.passwords import hash_password
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.seeds import ask, bearer

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ERRORS = "... on Error { code message } ... on InvalidInputError { faults { field rule min max } } ... on ConflictError { reason }"
TOKEN = "id name hint scopes expiresAt lastUsedAt createdAt"
CREATE = f"""mutation ($input: ApiTokenCreateInput!) {{ result: apiTokenCreate(input: $input) {{ __typename {ERRORS}
    ... on ApiTokenCreateSuccess {{ token apiToken {{ {TOKEN} }} }} }} }}"""
DELETE = "mutation ($id: ID!) { result: apiTokenDelete(input: {id: $id}) { ... on ApiTokenDeleteSuccess { deletedId } } }"
LIST = f"""query ($token: ID) {{ apiTokens {{ totalCount nodes {{ {TOKEN} }} }}
    apiTokenUses(tokenId: $token) {{ totalCount nodes {{ tokenId tokenName tool outcome sections from to results quotes }} }} }}"""


async def create(user: User, **given: Any) -> dict[str, Any]:
    answer = await ask(CREATE, {"input": {"name": "Desk", "scopes": ["READ_HABITS"], **given}}, token=await bearer(user))
    assert "errors" not in answer, answer
    return answer["data"]["result"]  # type: ignore[no-any-return]


async def make(user: User, *scopes: ApiScope, name: str = "Desk") -> str:
    """Return a new token of the user."""
    viewer = await authentication.authenticate(await bearer(user))
    return (await api_tokens.create_token(viewer, name, scopes or [ApiScope.READ_HABITS])).token


async def is_refused(token: str) -> bool:
    try:
        await api_tokens.authenticate_token(token)
    except Unauthenticated:
        return True
    return False


async def test_api_token_is_shown_once_listed_to_its_owner_and_ends_with_its_deletion():
    ann, bob = await seeds.person(), await seeds.person("bob")
    made = await create(ann, name=" 我的  Claude ", scopes=["SUGGEST", "READ_IDENTITY", "SUGGEST"])
    token, row = made["token"], made["apiToken"]
    found = re.fullmatch(r"unilife_pat_([0-9A-Za-z]{65})([0-9A-Za-z]{6})", token)
    assert found and int_of(found[2]) == crc32(found[1].encode())
    assert (row["name"], row["scopes"], row["hint"], row["lastUsedAt"]) == ("我的 Claude", ["READ_IDENTITY", "SUGGEST"], token[-4:], None)
    left = datetime.fromisoformat(row["expiresAt"]) - datetime.now(timezone.utc)
    assert timedelta(days=89) < left < timedelta(days=91)
    assert contains_secret(f"我的令牌是 {token}"), "so diary and profile never keep one that was pasted into a chat"
    [kept] = await rows(ApiToken)
    assert kept.token_hash == hashlib.sha256(token.encode()).digest() and token not in str(await everything())
    grant = await api_tokens.authenticate_token(token)
    assert (grant.user.id, grant.token_name, grant.scopes) == (ann.id, "我的 Claude", {ApiScope.READ_IDENTITY, ApiScope.SUGGEST})
    [listed] = (await ask(LIST, token=await bearer(ann)))["data"]["apiTokens"]["nodes"]
    assert listed["id"] == row["id"] and listed["lastUsedAt"] is not None and "token" not in listed
    assert (await ask(LIST, token=await bearer(bob)))["data"]["apiTokens"] == {"totalCount": 0, "nodes": []}
    before = await everything()
    refused = await ask(DELETE, {"id": row["id"]}, token=await bearer(bob))
    assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND" and not await is_refused(token)
    assert [table for table, value in (await everything()).items() if value != before[table]] == ["sign_ins"]
    assert (await ask(DELETE, {"id": row["id"]}, token=await bearer(ann)))["data"]["result"]["deletedId"] == row["id"]
    assert await is_refused(token) and not await rows(ApiToken)


def int_of(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * 62 + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".index(digit)
    return number


async def test_api_token_create_with_faults_tells_them_together_and_stores_nothing():
    ann = await seeds.person()
    soon, late = (datetime.now(timezone.utc) + timedelta(days=days) for days in (-1, 366))
    wrong = await create(ann, name="x" * 61, scopes=[], expiresAt=soon.isoformat())
    assert [(fault["field"], fault["rule"]) for fault in wrong["faults"]] == [("name", "TOO_LONG"), ("scopes", "EMPTY"), ("expiresAt", "OUT_OF_RANGE")]
    wrong = await create(ann, name="a\u202eb", scopes=["READ_SENSITIVE"], expiresAt=late.isoformat())
    assert [(fault["field"], fault["rule"]) for fault in wrong["faults"]] == [
        ("name", "CHARACTER"), ("scopes", "NOT_ALLOWED_HERE"), ("expiresAt", "OUT_OF_RANGE")]
    assert (await create(ann, scopes=["QUOTES", "SUGGEST"]))["faults"][0]["field"] == "scopes" and not await rows(ApiToken)
    for number in range(api_tokens.MAX_TOKENS):
        await make(ann, name=f"Number {number}")
    full = await create(ann)
    assert (full["code"], full["reason"], len(await rows(ApiToken))) == ("CONFLICT", "TOO_MANY", api_tokens.MAX_TOKENS)
    async with database.transaction() as session:
        await session.execute(update(ApiToken).where(ApiToken.user_id == ann.id, ApiToken.name != "Number 3").values(expires_at=soon))
    assert (await create(ann))["__typename"] == "ApiTokenCreateSuccess" and {row.name for row in await rows(ApiToken)} == {"Number 3", "Desk"}


async def test_graphql_with_a_personal_access_token_is_refused_and_says_where_it_is_accepted():
    ann = await seeds.person()
    token = await make(ann, *ApiScope)
    before = await everything()
    for document in ("{ viewer { email } }", 'mutation { apiTokenCreate(input: {name: "x", scopes: [SUGGEST]}) { __typename } }'):
        [error] = (await ask(document, token=token))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED" and "/mcp" in error["message"]
    assert await everything() == before


@pytest.mark.parametrize("how", ["expiry", "disabled", "sign-out", "sign-out of others", "password", "admin's sign-out", "deleted account"])
async def test_api_token_ends_with_what_ends_all_sessions(how: str):
    ann, bob = await seeds.person(), await seeds.person("bob")
    token, other = await make(ann), await make(bob)
    viewer = await authentication.authenticate(await bearer(ann))
    if how == "expiry":
        async with database.transaction() as session:
            await session.execute(update(ApiToken).where(ApiToken.user_id == ann.id).values(expires_at=datetime.now(timezone.utc)))
    elif how == "disabled":
        await admin.update_user(bob, ann.id, {"disabled": True})
        await admin.update_user(bob, ann.id, {"disabled": False})
    elif how == "admin's sign-out":
        await admin.revoke_sessions(bob, ann.id)
    elif how in ("sign-out", "sign-out of others"):
        await authentication.sign_out_everywhere(viewer, keep_current=how == "sign-out of others")
    else:
        async with database.transaction() as session:
            await session.execute(update(User).where(User.id == ann.id).values(password_hash=await hash_password("a kettle sings at dawn")))
        context = Context(request_id="r", deadline=None, bearer=await bearer(ann))  # type: ignore[arg-type]
        changed = await context.require_viewer()
        if how == "password":
            await account.change_password(changed, "a kettle sings at dawn", "a kettle sings at dusk")
        else:
            await account.delete(changed, "a kettle sings at dawn")
    assert await is_refused(token) and not await is_refused(other)


@pytest.mark.parametrize("spoil", [
    lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"), lambda token: token[:20] + ("0" if token[20] != "0" else "1") + token[21:],
    lambda token: token + "0", lambda _: "", lambda _: "unilife_pat_" + "z" * 71,
], ids=["checksum", "secret", "longer", "empty", "beyond"])
async def test_authenticate_token_of_no_token_queries_nothing(spoil: Any):
    token = await make(await seeds.person())
    with seeds.statements() as seen:
        assert await is_refused(spoil(token))
    assert seen == []


async def test_api_token_uses_show_each_owner_their_own_and_go_after_90_days_and_stay_out_of_the_export():
    ann, bob = await seeds.person(), await seeds.person("bob")
    row = (await create(ann))["apiToken"]
    [kept] = await rows(ApiToken)
    async with database.transaction() as session:
        await stored.add_use(session, ann.id, kept.id, "Desk", NewUse(ApiTool.PROFILE, ApiUseOutcome.DONE, ["HABITS"], results=2, quotes=1))
        await stored.add_use(session, bob.id, kept.id, "Of Bob", NewUse(ApiTool.SEARCH, ApiUseOutcome.REFUSED))
    shown = (await ask(LIST, {"token": row["id"]}, token=await bearer(ann)))["data"]["apiTokenUses"]
    assert shown == {"totalCount": 1, "nodes": [{
        "tokenId": row["id"], "tokenName": "Desk", "tool": "PROFILE", "outcome": "DONE", "sections": ["HABITS"], "from": None, "to": None, "results": 2,
        "quotes": 1,
    }]}
    exported = await portability.export_json(ann)
    assert "api_token" not in exported and "Desk" not in exported
    async with database.transaction() as session:
        old = datetime.now(timezone.utc) - timedelta(days=91)
        await session.execute(update(ApiTokenUse).where(ApiTokenUse.user_id == bob.id).values(created_at=old))
        await stored.prune_uses(session)
    assert (await ask(LIST, token=await bearer(bob)))["data"]["apiTokenUses"]["totalCount"] == 0
    assert (await ask(LIST, token=await bearer(ann)))["data"]["apiTokenUses"]["totalCount"] == 1
