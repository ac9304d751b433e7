"""Access tokens and refresh tokens: only valid ones of this installation are accepted, all others get the same refusal."""
import base64
import hmac
import json
import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest

import settings
from resolvers import tokens
from resolvers.errors import Unauthenticated

USER, SIGN_IN = uuid4(), uuid4()


def secret() -> str:
    return settings.current().jwt_secret_key.reveal()


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a valid token with changes; None omits a claim."""
    now = int(time.time())
    good = {
        "iss": tokens.ISSUER, "aud": tokens.AUDIENCE, "sub": str(USER), "sid": str(SIGN_IN), "jti": str(uuid4()),
        "iat": now, "exp": now + 60,
    }  # fmt: skip
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def forge(payload: Any = None, *, key: str | None = None, algorithm: str = "HS256", **header: Any) -> str:
    """Return a token with this payload and header, signed with our key unless another is given."""
    headers = {"typ": tokens.TYPE, **header}
    body = json.dumps(claims() if payload is None else payload).encode()
    return jwt.PyJWS().encode(body, secret() if key is None else key, algorithm, headers)


def test_issue_access_token_new_token_identifies_user_and_session():
    before = int(time.time())
    token, expires_at = tokens.issue_access_token(USER, SIGN_IN)
    assert tokens.read_access_token(token) == tokens.AccessClaims(USER, SIGN_IN)
    lifetime = settings.current().jwt_expire_minutes * 60
    assert before + lifetime <= expires_at.timestamp() <= int(time.time()) + lifetime


def test_issue_access_token_new_token_has_type_and_claims_of_rfc_9068():
    token, expires_at = tokens.issue_access_token(USER, SIGN_IN)
    found = jwt.decode_complete(token, secret(), ["HS256"], audience=tokens.AUDIENCE)
    assert found["header"] == {"alg": "HS256", "typ": "at+jwt", "kid": tokens.key_id(secret())}
    assert secret() not in token and len(tokens.key_id(secret())) == 16
    assert set(found["payload"]) == {"iss", "aud", "sub", "sid", "jti", "iat", "exp"}
    assert found["payload"]["sub"] == str(USER)
    assert found["payload"]["exp"] == expires_at.timestamp()


def test_issue_access_token_twice_returns_different_tokens():
    assert tokens.issue_access_token(USER, SIGN_IN)[0] != tokens.issue_access_token(USER, SIGN_IN)[0]


def test_forge_without_changes_makes_a_valid_token():
    """Ensure that each refusal below is due to its one change."""
    assert tokens.read_access_token(forge()) == tokens.AccessClaims(USER, SIGN_IN)
    assert tokens.read_access_token(forge(kid=tokens.key_id(secret()))) == tokens.AccessClaims(USER, SIGN_IN)


def test_read_access_token_after_expiry_is_refused(monkeypatch: pytest.MonkeyPatch):
    token, expires_at = tokens.issue_access_token(USER, SIGN_IN)
    tokens.read_access_token(token)
    monkeypatch.setattr(time, "time", lambda: expires_at.timestamp() + tokens.LEEWAY_SECONDS - 1)
    assert tokens.read_access_token(token) == tokens.AccessClaims(USER, SIGN_IN)
    monkeypatch.setattr(time, "time", lambda: expires_at.timestamp() + tokens.LEEWAY_SECONDS)
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(token)


def test_read_access_token_after_a_key_change_is_refused(monkeypatch: pytest.MonkeyPatch):
    token, _ = tokens.issue_access_token(USER, SIGN_IN)
    tokens.read_access_token(token)
    monkeypatch.setenv("JWT_SECRET_KEY", secret()[::-1])
    settings.current.cache_clear()
    try:
        with pytest.raises(Unauthenticated):
            tokens.read_access_token(token)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


NOW = int(time.time())

BAD_CLAIMS = {
    **{f"without {name}": claims(**{name: None}) for name in ("iss", "aud", "sub", "sid", "jti", "iat", "exp")},
    "expired": claims(iat=NOW - 600, exp=NOW - 300),
    "from the future": claims(iat=NOW + 86_400, exp=NOW + 86_700),
    "not valid yet": claims(nbf=NOW + 86_400),
    "for years": claims(exp=NOW + 10 * 365 * 86_400),
    "ends before it begins": claims(iat=NOW, exp=NOW - 1),
    "another issuer": claims(iss="somebody"),
    "another audience": claims(aud="somewhere"),
    "a list of audiences": claims(aud=[tokens.AUDIENCE, "somewhere"]),
    "a list with only our audience": claims(aud=[tokens.AUDIENCE]),
    "a subject that is no id": claims(sub="1"),
    "a subject in another spelling": claims(sub=str(USER).upper()),
    "a subject in braces": claims(sub=f"{{{USER}}}"),
    "a number for a subject": claims(sub=7),
    "a sign-in that is no id": claims(sid=["x"]),
    "a number for a token id": claims(jti=7),
    "times as texts": claims(iat=str(NOW), exp=str(NOW + 60)),
    "times with fractions": claims(iat=NOW + 0.5, exp=NOW + 60.5),
    "a time of true": claims(iat=True),
    "an endless time": claims(exp=1e400),
    "no object": ["sub", str(USER)],
    "null": [None],
}  # fmt: skip


@pytest.mark.parametrize("payload", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_read_access_token_with_invalid_claims_is_refused(payload: Any):
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(payload))


BAD_HEADERS = {
    "typ JWT": {"typ": "JWT"},
    "typ of a refresh token": {"typ": "rt+jwt"},
    "typ in capitals": {"typ": "AT+JWT"},
    "no typ": {"typ": ""},
    "a key to fetch": {"jku": "https://evil.example/keys"},
    "a key of its own": {"jwk": {"kty": "oct", "k": "AAAA"}},
    "critical extensions": {"crit": ["exp"]},
    "a content type": {"cty": "JWT"},
    "a key that nobody knows": {"kid": "one"},
    "a key without a name": {"kid": ""},
    "the name of no key": {"kid": tokens.key_id("")},
}


@pytest.mark.parametrize("header", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_read_access_token_with_an_invalid_header_is_refused(header: dict[str, Any]):
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(**header))


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_payload(token: str, payload: Any) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{encoded(payload)}.{signature}"


UNSIGNED = f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{encoded(claims())}."

BAD_TEXTS = {
    "another key": lambda: forge(key="k" * 40),
    "another algorithm": lambda: forge(algorithm="HS512"),
    "no algorithm": lambda: UNSIGNED,
    "a cut signature": lambda: forge()[:-4],
    "a changed payload": lambda: with_payload(forge(), claims(sub=str(uuid4()))),
    "empty": lambda: "",
    "dots": lambda: "..",
    "a word": lambda: "token",
    "another alphabet": lambda: "令牌.令牌.令牌",
    "half of a pair": lambda: "\ud800.a.b",
    "a header that is no object": lambda: f"{encoded([1])}.{encoded({})}.{encoded(b'x')}",
    "a header nested deeply": lambda: f"{encoded(b'[' * 900)}.{encoded({})}.{encoded(b'x')}",
    "too long": lambda: forge(claims(note="x" * 4000)),
}


@pytest.mark.parametrize("make", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_read_access_token_malformed_text_is_refused(make: Any):
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(make())


def test_read_access_token_refusal_does_not_reveal_the_reason():
    messages = set()
    for token in (forge(claims(exp=None)), forge(key="k" * 40), "x", forge(typ="JWT")):
        with pytest.raises(Unauthenticated) as refused:
            tokens.read_access_token(token)
        assert refused.value.__cause__ is None
        messages.add(refused.value.message)
    assert len(messages) == 1


def test_read_access_token_clock_skew_is_tolerated_within_the_leeway():
    late = int(time.time()) - tokens.LEEWAY_SECONDS // 2
    assert tokens.read_access_token(forge(claims(iat=late - 60, exp=late)))
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(claims(iat=NOW - 90, exp=NOW - 30)))


KEYS = {"old": token_hex(32), "new": token_hex(32), "other": token_hex(32)}
OLD, NEW, OTHER = KEYS.values()
CLAIMS = tokens.AccessClaims(USER, SIGN_IN)


def test_read_access_token_after_rotation_is_valid_until_the_old_key_is_removed(set_jwt_keys: Callable[..., None]):
    set_jwt_keys(OLD)
    before, _ = tokens.issue_access_token(USER, SIGN_IN)
    set_jwt_keys(NEW, OLD)
    after, _ = tokens.issue_access_token(USER, SIGN_IN)
    assert tokens.read_access_token(before) == tokens.read_access_token(after) == CLAIMS
    assert jwt.get_unverified_header(after)["kid"] == tokens.key_id(NEW) != tokens.key_id(OLD) == jwt.get_unverified_header(before)["kid"]
    set_jwt_keys(NEW)
    assert tokens.read_access_token(after) == CLAIMS
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(before)


def test_read_access_token_without_kid_is_read_by_either_key(set_jwt_keys: Callable[..., None]):
    """Read tokens as issued before there were two keys."""
    set_jwt_keys(NEW, OLD)
    assert tokens.read_access_token(forge(key=OLD)) == tokens.read_access_token(forge(key=NEW)) == CLAIMS
    set_jwt_keys(NEW)
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(key=OLD))


@pytest.mark.parametrize(
    ("key", "named"), [("new", "old"), ("old", "new"), ("old", "other"), ("new", "other"), ("other", "old"), ("other", "new"), ("other", "other")])
def test_read_access_token_with_the_kid_of_another_key_is_refused(set_jwt_keys: Callable[..., None], key: str, named: str):
    set_jwt_keys(NEW, OLD)
    assert tokens.read_access_token(forge(key=NEW, kid=tokens.key_id(NEW))) == tokens.read_access_token(forge(key=OLD, kid=tokens.key_id(OLD))) == CLAIMS
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(key=KEYS[key], kid=tokens.key_id(KEYS[named])))


@pytest.mark.parametrize("payload", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_read_access_token_previous_key_with_invalid_claims_is_refused(set_jwt_keys: Callable[..., None], payload: Any):
    set_jwt_keys(NEW, OLD)
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(payload, key=OLD, kid=tokens.key_id(OLD)))


@pytest.mark.parametrize("header", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_read_access_token_previous_key_with_an_invalid_header_is_refused(set_jwt_keys: Callable[..., None], header: dict[str, Any]):
    set_jwt_keys(NEW, OLD)
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(forge(key=OLD, **header))


@pytest.mark.parametrize("kid", [None, 7, ["x"], True])
def test_read_access_token_with_a_kid_that_is_not_text_is_refused(kid: Any):
    header = encoded({"alg": "HS256", "typ": tokens.TYPE, "kid": kid})
    signed = f"{header}.{encoded(claims())}"
    signature = hmac.new(secret().encode(), signed.encode(), "sha256").digest()
    with pytest.raises(Unauthenticated):
        tokens.read_access_token(f"{signed}.{encoded(signature)}")


@pytest.mark.parametrize(("previous", "fault"), [
    (NEW, "the same as JWT_SECRET_KEY"), ("kq9z", "shorter than 32 bytes"), ("password" * 8, "easy to guess"), ("ab" * 32, "easy to guess"),
], ids=["the same", "short", "a word", "two letters"])  # fmt: skip
def test_settings_weak_previous_key_is_refused(set_jwt_keys: Callable[..., None], previous: str, fault: str):
    set_jwt_keys(NEW, previous)
    with pytest.raises(settings.SettingsError) as refused:
        settings.current()
    [said] = refused.value.faults
    assert said.startswith("JWT_PREVIOUS_SECRET_KEY") and fault in said and previous not in said


def test_access_token_with_a_short_key_is_neither_issued_nor_read(monkeypatch: pytest.MonkeyPatch):
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        short = forge(key="short")
    monkeypatch.setenv("JWT_SECRET_KEY", "short")
    monkeypatch.setenv("DEBUG", "true")
    settings.current.cache_clear()
    try:
        with pytest.raises(settings.SettingsError, match="JWT_SECRET_KEY"):
            tokens.issue_access_token(USER, SIGN_IN)
        with pytest.raises(Unauthenticated):
            tokens.read_access_token(short)
    finally:
        settings.current.cache_clear()


def test_make_refresh_token_twice_returns_different_tokens_of_the_owner():
    first, second = tokens.make_refresh_token(USER), tokens.make_refresh_token(USER)
    assert first != second
    assert tokens.find_refresh_token_owner(first) == tokens.find_refresh_token_owner(second) == USER
    assert len(tokens.hash_token(first)) == 32
    assert tokens.hash_token(first) != tokens.hash_token(second)


@pytest.mark.parametrize("text", ["", "x", "a" * 63, "a" * 65, "日" * 64, "!" * 64, "=" * 64, "\ud800" * 64, "a" * 100_000])
def test_find_refresh_token_owner_malformed_token_returns_no_owner(text: str):
    assert not isinstance(tokens.find_refresh_token_owner(text), UUID)
