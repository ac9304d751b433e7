"""Limits on sign-in attempts, password checks and registrations, through the function's handler."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import settings
from resolvers import throttling
from tests.persistence.function_client import Function, function_on

LIMITED = "... on RateLimitedError { code message retryAfter } ... on Error { code }"
SIGN_IN = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { __typename " + LIMITED + " } }"
REGISTER = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { __typename " + LIMITED + " } }"
PASSWORD = "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { __typename " + LIMITED + " } }"
DELETE = "mutation($input: AccountDeleteInput!) { accountDelete(input: $input) { __typename " + LIMITED + " } }"
ANN = {"email": "ann@example.org", "password": "correct horse battery"}


@pytest.fixture
def function(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    with function_on(empty_database, monkeypatch) as made:
        yield made


def limited(found: Any, what: str = "too many failed password attempts") -> bool:
    if found["__typename"] != "RateLimitedError":
        return False
    assert found["code"] == "RATE_LIMITED" and found["message"].startswith(f"{what}: try again in ") and 0 < found["retryAfter"] <= 30
    return True


@pytest.mark.parametrize("email", [ANN["email"], "nobody@example.org"])
def test_session_create_after_too_many_failures_is_rate_limited_for_any_email(function: Function, email: str) -> None:
    function.register()
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
        found = function.ask(SIGN_IN, address="203.0.113.7", email=email, password="wrong horse")
        assert found == {"__typename": "InvalidCredentialsError", "code": "INVALID_CREDENTIALS"}
    assert limited(function.ask(SIGN_IN, address="203.0.113.7", email=email, password="correct horse battery"))


def test_session_create_with_forged_address_headers_counts_the_real_client(function: Function) -> None:
    """On Tencent Cloud the platform writes x-scf-remote-addr; a client can forge x-forwarded-for and x-real-ip."""
    function.register()
    for number in range(throttling.FREE_FAILURES_PER_CLIENT):
        forged = {"x-forwarded-for": f"192.0.2.{number}", "x-real-ip": f"192.0.2.{number}", "forwarded": f"for=192.0.2.{number}"}
        function.ask(SIGN_IN, address="203.0.113.7", headers=forged, email=ANN["email"], password="wrong horse")
    again = {"x-forwarded-for": "192.0.2.77", "x-real-ip": "192.0.2.77"}
    assert limited(function.ask(SIGN_IN, address="203.0.113.7", headers=again, **ANN))
    assert function.ask(SIGN_IN, address="203.0.113.8", headers=again, **ANN) == {"__typename": "SessionCreateSuccess"}


def test_session_create_failures_count_across_function_instances(empty_database: str) -> None:
    found = []
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT + 1):
        with pytest.MonkeyPatch.context() as patch, function_on(empty_database, patch) as instance:
            found.append(instance.ask(SIGN_IN, address="203.0.113.7", email="nobody@example.org", password="wrong horse"))
    assert [limited(answer) for answer in found] == [False] * throttling.FREE_FAILURES_PER_CLIENT + [True]


@pytest.mark.parametrize(("mutation", "wrong", "right"), [
    (PASSWORD, {"currentPassword": "wrong horse", "newPassword": "another horse battery"}, {"currentPassword": "correct horse battery",
    "newPassword": "another horse battery"}),
    (DELETE, {"password": "wrong horse"}, {"password": "correct horse battery"}),
])  # fmt: skip
def test_password_mutations_after_too_many_failures_are_rate_limited(function: Function, mutation: str, wrong: dict[str, str], right: dict[str, str]) -> None:
    token = function.register()
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
        assert function.ask(mutation, token, address="203.0.113.7", **wrong)["__typename"] == "InvalidCredentialsError"
    assert limited(function.ask(mutation, token, address="203.0.113.7", **right))
    assert function.ask("{ viewer { email } }", token) == {"email": ANN["email"]}
    assert function.ask(SIGN_IN, address="203.0.113.9", **ANN) == {"__typename": "SessionCreateSuccess"}


def test_account_register_above_the_limit_per_address_is_rate_limited(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATIONS_PER_ADDRESS", "1")
    settings.current.cache_clear()
    assert function.ask(REGISTER, address="203.0.113.7", **ANN)["__typename"] == "AccountRegisterSuccess"
    refused = function.ask(REGISTER, address="203.0.113.7", email="bob@example.org", password="correct horse battery")
    assert limited(refused, "too many registrations from this client address")
    signed_in = function.ask(SIGN_IN, address="203.0.113.8", email="bob@example.org", password="correct horse battery")
    assert signed_in["__typename"] == "InvalidCredentialsError"
