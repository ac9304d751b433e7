"""Rotation of JWT_SECRET_KEY: users stay signed in."""
from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

import pytest

from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ANN = {"email": "ann@example.org", "password": "correct horse battery", "timeZone": "Asia/Shanghai"}
SESSION = "{ __typename ... on Session { accessToken refreshToken } ... on Error { code } }"
REGISTER = f"mutation($input: AccountRegisterInput!) {{ accountRegister(input: $input) {SESSION} }}"
REFRESH = f"mutation($input: SessionRefreshInput!) {{ sessionRefresh(input: $input) {SESSION} }}"
VIEWER = "{ viewer { email } }"

OLD, NEW = token_hex(32), token_hex(32)


async def viewer(token: str) -> list[str]:
    """Return the email of the token's user, or the code of the refusal."""
    answer = await seeds.ask(VIEWER, token=token)
    found = [error["extensions"]["code"] for error in answer.get("errors", [])]
    return found or [answer["data"]["viewer"]["email"]]


async def test_jwt_key_rotation_keeps_users_signed_in(set_jwt_keys: Callable[..., None]) -> None:
    set_jwt_keys(OLD)
    signed_in = (await seeds.ask(REGISTER, {"input": ANN}))["data"]["accountRegister"]
    set_jwt_keys(NEW, OLD)
    assert await viewer(signed_in["accessToken"]) == [ANN["email"]]
    set_jwt_keys(NEW)
    assert await viewer(signed_in["accessToken"]) == ["UNAUTHENTICATED"]
    renewed = (await seeds.ask(REFRESH, {"input": {"refreshToken": signed_in["refreshToken"]}}))["data"]["sessionRefresh"]
    assert await viewer(renewed["accessToken"]) == [ANN["email"]]
