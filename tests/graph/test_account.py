"""Accounts and sessions through the whole application."""
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

import settings
from persistence import database
from persistence.models import Model
from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SESSION = """
fragment Tokens on Session {
  accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
  user { id email nickname timeZone locale dayEndsAt role disabled createdAt }
}
"""
REFUSED = "... on Error { code message } ... on InvalidInputError { field rule suggestion }"

REGISTER = SESSION + "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { __typename ...Tokens " + REFUSED + " } }"
SIGN_IN = SESSION + "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { __typename ...Tokens ... on Error { code message } } }"
REFRESH = SESSION + "mutation($input: SessionRefreshInput!) { sessionRefresh(input: $input) { __typename ...Tokens ... on Error { code message } } }"
REVOKE = "mutation($input: SessionRevokeInput!) { sessionRevoke(input: $input) { __typename ... on SessionRevokeSuccess { revoked } ... on Error { code } } }"
REVOKE_ALL = "mutation($input: SessionRevokeAllInput!) { sessionRevokeAll(input: $input) { ... on SessionRevokeAllSuccess { revokedSessions } } }"
UPDATE = (
    "mutation($input: AccountUpdateInput!) { accountUpdate(input: $input) { __typename " + REFUSED
    + " ... on AccountUpdateSuccess { user { nickname timeZone locale dayEndsAt } } } }"
)
PASSWORD = (
    "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { __typename " + REFUSED
    + " ... on PasswordChangeSuccess { revokedSessions } } }"
)
DELETE = "mutation($input: AccountDeleteInput!) { accountDelete(input: $input) { __typename ... on AccountDeleteSuccess { deletedId } ... on Error { code } } }"
VIEWER = """{ viewer { id email nickname timeZone locale dayEndsAt role createdAt today chatTokensPerDay
    usageToday { day calls failedCalls inputTokens outputTokens chatTokens chatTokensPerDay } } }"""

ANN = {"email": "Ann@example.org", "password": "correct horse battery", "nickname": "安", "timeZone": "Asia/Shanghai", "locale": "zh-cn", "dayEndsAt": 4}


async def data(document: str, token: str | None = None, /, **given: Any) -> Any:
    """Return the only field of the answer; for a mutation `given` is its input."""
    answer = await seeds.ask(document, {"input": given} if "$input" in document else None, token=token)
    assert "errors" not in answer, answer["errors"]
    (found,) = answer["data"].values()
    return found


async def stored() -> dict[str, list[str]]:
    """Return every row of every table except `throttles`, which counts refused attempts."""
    async with database.session() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in await session.execute(select(table)))
            for table in Model.metadata.sorted_tables if table.name != "throttles"
        }


async def refused(document: str, token: str | None = None, /, **given: Any) -> Any:
    """Return the refusal as data and assert that nothing was changed."""
    before = await stored()
    found = await data(document, token, **given)
    assert await stored() == before
    return found


async def codes(document: str, token: str | None = None, /, **given: Any) -> list[str]:
    answer = await seeds.ask(document, {"input": given} if "$input" in document else None, token=token)
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def test_account_register_with_valid_fields_signs_in_as_the_new_viewer():
    opened = await data(REGISTER, **ANN)
    assert opened["__typename"] == "AccountRegisterSuccess"
    viewer = await data(VIEWER, opened["accessToken"])
    usage, today = viewer.pop("usageToday"), viewer.pop("today")
    assert today == usage["day"] and viewer.pop("chatTokensPerDay") is None
    assert viewer == {key: opened["user"][key] for key in viewer}
    assert {**viewer, "id": "", "createdAt": ""} == {
        "id": "", "email": "ann@example.org", "nickname": "安", "timeZone": "Asia/Shanghai", "locale": "zh-CN", "dayEndsAt": 4,
        "role": "USER", "createdAt": "",
    }  # fmt: skip
    assert [value for name, value in usage.items() if name != "day"] == [0, 0, 0, 0, 0, None]
    assert datetime.fromisoformat(opened["accessTokenExpiresAt"]) < datetime.fromisoformat(opened["refreshTokenExpiresAt"])


async def test_viewer_when_signed_out_is_null():
    assert await data(VIEWER) is None


async def test_session_created_refreshed_and_revoked_ends_with_its_tokens_refused():
    registered = await data(REGISTER, **ANN)
    opened = await data(SIGN_IN, email="ann@EXAMPLE.org", password="correct horse battery")
    assert opened["__typename"] == "SessionCreateSuccess" and opened["user"] == registered["user"]
    following = await data(REFRESH, opened["accessToken"], refreshToken=opened["refreshToken"])
    assert following["__typename"] == "SessionRefreshSuccess"
    assert await data(REVOKE, refreshToken=following["refreshToken"]) == {"__typename": "SessionRevokeSuccess", "revoked": True}
    assert await data(REVOKE, refreshToken=following["refreshToken"]) == {"__typename": "SessionRevokeSuccess", "revoked": False}
    assert await codes(VIEWER, following["accessToken"]) == ["UNAUTHENTICATED"]
    assert await data(VIEWER, registered["accessToken"])


async def test_session_refresh_with_an_unusable_access_token_succeeds():
    opened = await data(REGISTER, **ANN)
    assert (await data(REFRESH, "expired.long.ago", refreshToken=opened["refreshToken"]))["__typename"] == "SessionRefreshSuccess"


async def test_session_refresh_with_a_token_sent_twice_returns_the_same_next_token():
    opened = await data(REGISTER, **ANN)
    first, second = [await data(REFRESH, refreshToken=opened["refreshToken"]) for _ in range(2)]
    assert (second["__typename"], second["refreshToken"]) == ("SessionRefreshSuccess", first["refreshToken"])
    assert await data(VIEWER, opened["accessToken"]) and await data(VIEWER, second["accessToken"])


async def test_session_refresh_with_a_replaced_token_revokes_the_session():
    opened = await data(REGISTER, **ANN)
    following = await data(REFRESH, refreshToken=opened["refreshToken"])
    following = await data(REFRESH, refreshToken=following["refreshToken"])
    replayed = await data(REFRESH, refreshToken=opened["refreshToken"])
    assert (replayed["__typename"], replayed["code"]) == ("InvalidRefreshTokenError", "SESSION_EXPIRED")
    for token in (opened["accessToken"], following["accessToken"]):
        assert await codes(VIEWER, token) == ["UNAUTHENTICATED"]
    assert (await refused(REFRESH, refreshToken=following["refreshToken"]))["__typename"] == "InvalidRefreshTokenError"


async def test_session_revoke_and_revoke_all_with_an_access_token_end_the_sessions():
    first, second, third = await data(REGISTER, **ANN), *[await data(SIGN_IN, email=ANN["email"], password=ANN["password"]) for _ in range(2)]
    assert await data(REVOKE, first["accessToken"]) == {"__typename": "SessionRevokeSuccess", "revoked": True}
    assert await codes(VIEWER, first["accessToken"]) == ["UNAUTHENTICATED"]
    assert await data(REVOKE_ALL, second["accessToken"], keepCurrent=True) == {"revokedSessions": 1}
    assert await codes(VIEWER, third["accessToken"]) == ["UNAUTHENTICATED"]
    assert await data(REVOKE_ALL, second["accessToken"]) == {"revokedSessions": 1}
    assert await codes(VIEWER, second["accessToken"]) == ["UNAUTHENTICATED"]


async def test_session_revoke_without_a_valid_token_is_refused():
    await data(REGISTER, **ANN)
    before = await stored()
    assert await codes(REVOKE) == ["UNAUTHENTICATED"]
    assert await codes(REVOKE, refreshToken=None) == ["UNAUTHENTICATED"]
    assert await data(REVOKE, refreshToken="unknown") == {"__typename": "InvalidRefreshTokenError", "code": "SESSION_EXPIRED"}
    assert await stored() == before


async def test_session_create_with_an_unknown_email_is_refused_like_a_wrong_password():
    await data(REGISTER, **ANN)
    wrong = await refused(SIGN_IN, email=ANN["email"], password="wrong horse")
    assert (wrong["__typename"], wrong["code"]) == ("InvalidCredentialsError", "INVALID_CREDENTIALS")
    for email in ("bob@example.org", "no address"):
        assert await refused(SIGN_IN, email=email, password="correct horse battery") == wrong


@pytest.mark.parametrize(
    ("field", "value"), [("email", "no address"), ("password", "short"), ("password", "ann@example.org"), ("nickname", " "), ("dayEndsAt", 24)]
)
async def test_account_register_with_an_invalid_field_is_refused_naming_it(field: str, value: Any):
    found = await refused(REGISTER, **{**ANN, field: value})
    assert (found["__typename"], found["code"], found["field"]) == ("InvalidInputError", "BAD_USER_INPUT", field)
    assert found["message"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("timeZone", 8), ("locale", ["zh"]), ("dayEndsAt", "four"), ("dayEndsAt", 2**40), ("email", 7), ("email", None)],
)
async def test_account_register_with_a_value_of_the_wrong_type_is_refused_before_it_runs(field: str, value: Any):
    before = await stored()
    assert await codes(REGISTER, **{**ANN, field: value}) == ["BAD_USER_INPUT"]
    assert await stored() == before


@pytest.mark.parametrize(("field", "value", "nearest"), [("timeZone", "Beijing", "Asia/Shanghai"), ("timeZone", "", "UTC"), ("locale", "chinese", "zh")])
async def test_account_with_an_unknown_zone_or_locale_is_refused_with_the_nearest(field: str, value: str, nearest: str):
    found = await refused(REGISTER, **{**ANN, field: value})
    assert (found["__typename"], found["field"], found["suggestion"]) == ("InvalidInputError", field, nearest)
    token = (await data(REGISTER, **ANN))["accessToken"]
    found = await refused(UPDATE, token, **{field: value})
    assert (found["__typename"], found["field"], found["suggestion"]) == ("InvalidInputError", field, nearest)


async def test_account_update_takes_zone_and_locale_as_a_browser_sends_them():
    token = (await data(REGISTER, **ANN))["accessToken"]
    found = await data(UPDATE, token, timeZone="asia/calcutta", locale="en-us-u-ca-gregory")
    assert (found["user"]["timeZone"], found["user"]["locale"]) == ("Asia/Calcutta", "en-US-u-ca-gregory")


async def test_account_register_with_a_taken_email_is_refused():
    await data(REGISTER, **ANN)
    found = await refused(REGISTER, **{**ANN, "email": "ANN@EXAMPLE.ORG"})
    assert (found["__typename"], found["code"]) == ("EmailTakenError", "EMAIL_TAKEN")


async def test_account_register_when_registration_is_closed_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REGISTRATION_OPEN", "false")
    settings.current.cache_clear()
    try:
        found = await refused(REGISTER, **ANN)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert (found["__typename"], found["code"]) == ("ConflictError", "REGISTRATION_CLOSED")


async def test_account_update_keeps_absent_fields_and_refuses_null_ones():
    token = (await data(REGISTER, **ANN))["accessToken"]
    found = await data(UPDATE, token, nickname="Annie", dayEndsAt=0)
    assert found == {
        "__typename": "AccountUpdateSuccess", "user": {"nickname": "Annie", "timeZone": "Asia/Shanghai", "locale": "zh-CN", "dayEndsAt": 0},
    }  # fmt: skip
    for field in ("nickname", "timeZone", "locale", "dayEndsAt", "sensitiveSlots"):
        found = await refused(UPDATE, token, **{field: None})
        assert (found["__typename"], found["field"], found["rule"]) == ("InvalidInputError", field, "REQUIRED")
    assert (await refused(UPDATE, token))["user"]["nickname"] == "Annie"


async def test_password_change_refuses_bad_passwords_and_ends_the_other_sessions():
    here, there = await data(REGISTER, **ANN), await data(SIGN_IN, email=ANN["email"], password=ANN["password"])
    found = await refused(PASSWORD, here["accessToken"], currentPassword="wrong horse", newPassword="another horse battery")
    assert (found["__typename"], found["code"]) == ("InvalidCredentialsError", "INVALID_CREDENTIALS")
    found = await refused(PASSWORD, here["accessToken"], currentPassword="correct horse battery", newPassword="short")
    assert (found["__typename"], found["field"]) == ("InvalidInputError", "newPassword")
    found = await refused(PASSWORD, here["accessToken"], currentPassword="correct horse battery", newPassword="Password12345678")
    assert (found["__typename"], found["field"]) == ("InvalidInputError", "newPassword")
    found = await data(PASSWORD, here["accessToken"], currentPassword="correct horse battery", newPassword="another horse battery")
    assert found == {"__typename": "PasswordChangeSuccess", "revokedSessions": 1}
    assert await data(VIEWER, here["accessToken"])
    assert await codes(VIEWER, there["accessToken"]) == ["UNAUTHENTICATED"]


async def test_account_delete_with_the_right_password_removes_every_row():
    opened = await data(REGISTER, **ANN)
    token = opened["accessToken"]
    assert await refused(DELETE, token, password="wrong horse") == {"__typename": "InvalidCredentialsError", "code": "INVALID_CREDENTIALS"}
    assert await data(DELETE, token, password="correct horse battery") == {"__typename": "AccountDeleteSuccess", "deletedId": opened["user"]["id"]}
    assert await codes(VIEWER, token) == ["UNAUTHENTICATED"]
    assert all(rows == [] for rows in (await stored()).values())


async def test_mutations_of_one_request_run_one_after_another():
    token = (await data(REGISTER, **ANN))["accessToken"]
    both = 'mutation { a: accountUpdate(input: {nickname: "One"}) { __typename } b: accountUpdate(input: {nickname: "Two"}) { __typename } }'
    answer = await seeds.ask(both, token=token)
    assert answer["data"] == {"a": {"__typename": "AccountUpdateSuccess"}, "b": {"__typename": "AccountUpdateSuccess"}}
    assert (await data(VIEWER, token))["nickname"] == "Two"


async def test_log_records_of_account_requests_contain_no_email_password_or_token(caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG", "unilife")
    opened = await data(REGISTER, **ANN)
    await data(SIGN_IN, email=ANN["email"], password="wrong horse")
    await data(VIEWER, opened["accessToken"])
    records = [vars(record) for record in caplog.records if record.name == "unilife"]
    assert [record["msg"] for record in records] == ["http_request"] * 3
    written = str(records)
    for secret in ("ann@example.org", "correct horse battery", "wrong horse", opened["accessToken"], opened["refreshToken"], "安"):
        assert secret.lower() not in written.lower()
