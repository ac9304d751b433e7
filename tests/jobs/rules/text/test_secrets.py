"""Detection of keys, passwords, identity and card numbers, without false alarms on ordinary sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.text import secrets
from jobs.rules.text.secrets import contains_secret, find_secrets

SECRETS = [
    ("sk-" + "ab12cd34" * 4, "key"),
    ("AKIA" + "ABCDEFGH12345678", "key"),
    ("AKID" + "z8krbsJ5yKBZQpn74WFkmLPx3", "key"),
    ("LTAI" + "5tQx7Yz8AbCdEfGh", "key"),
    ("ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2", "key"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "token"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow", "key"),
    ("9f86d081884c7d659a2feaa0c55ad015", "digest"),
    ("4111 1111 1111 1111", "card"),
    ("4111-1111-1111-1111", "card"),
    ("6222021234567890128", "card"),
    ("４１１１１１１１１１１１１１１１", "card"),
    ("11010519491231002X", "identity"),
    ("110105 19491231 002x", "identity"),
    ("078-05-1120", "social security"),
]
TOLD = [
    ("my password is hunter2", "hunter2"),
    ("The Wi-Fi password: correct-horse", "correct-horse"),
    ("password for gmail is sunshine99", "sunshine99"),
    ("I changed my passcode to 884422, PIN is 4821", "4821"),
    ("api_key=zzTop-1234", "zzTop-1234"),
    ("my SSN 219099999, don't tell", "219099999"),
    ("密码是abc123", "abc123"),
    ("我的银行卡密码：９９８８７７", "９９８８７７"),
    ("邮箱密码改成了 hunter2。", "hunter2"),
    ("验证码482913", "482913"),
]
HARMLESS = [
    "I live in Berlin and like hiking.",
    "我住在上海，喜欢徒步。",
    "I forgot my password and it was wrong again",
    "密码是什么来着？我忘了密码是多少",
    "We met on 2026-05-01 at 14:30, room 1204",
    "call me at 13800138000",
    "the order is 1234567890123",
    "my opinion is that pins are sharp",
    "supercalifragilisticexpialidocious is a long word",
    "see https://example.org/a/b?c=d",
    "4111 1111 1111 1112",
    "11010519491231002 people",
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS)
def test_find_secrets_of_a_known_format_are_found(secret: str, kind: str) -> None:
    text = f"by the way 给你 {secret} ok?"
    start = text.index(secret)
    assert any(found.start <= start and start + len(secret) <= found.end for found in find_secrets(text)), kind


@pytest.mark.parametrize(("text", "secret"), TOLD)
def test_find_secrets_named_as_a_password_or_code_are_found(text: str, secret: str) -> None:
    assert any(text[found.start : found.end] == secret for found in find_secrets(text))


@pytest.mark.parametrize("text", HARMLESS)
def test_contains_secret_harmless_sentence_returns_false(text: str) -> None:
    assert not contains_secret(text)


@given(before=st.text("ab 。，好", max_size=20), after=st.text("xy 。，好", max_size=20), secret=st.sampled_from(SECRETS))
@settings(max_examples=100, deadline=None)
def test_contains_secret_between_any_texts_returns_true(before: str, after: str, secret: tuple[str, str]) -> None:
    assert contains_secret(f"{before} {secret[0]} {after}")


@given(digits=st.text("0123456789", min_size=12, max_size=18))
@settings(max_examples=200, deadline=None)
def test_contains_secret_card_number_only_with_a_valid_check_digit(digits: str) -> None:
    cards = [last for last in "0123456789" if contains_secret(f"4{digits[:14]}{last}") and not digits[:14].isspace()]
    assert len(cards) in (1, 10)  # all ten only when the number is secret for another reason


@pytest.mark.parametrize("unit", ["eyJ", "sk-", "a1B", "1 ", "password ", "密码", "-----BEGIN PRIVATE KEY", "://a:", "0-"])
def test_find_secrets_long_repetition_returns(unit: str) -> None:
    """Use texts on which a backtracking pattern would not end."""
    assert isinstance(find_secrets(unit * (20_000 // len(unit))), tuple)


@given(st.text(alphabet=st.sampled_from("aA0_-+ ,.:@/=是:密码ſK"), max_size=60), st.sampled_from([text for text, _ in (*SECRETS, *TOLD)]))
def test_may_occur_never_excludes_a_text_that_the_pattern_matches(around: str, secret: str) -> None:
    place = len(around) // 2
    text = around[:place] + secret + around[place:]
    for pattern in (secrets._KEYS, secrets._TOLD, secrets._TOLD_IN_CHINESE, secrets._SOCIAL_SECURITY, secrets._SOCIAL_SECURITY_TOLD):
        narrow = secrets._narrow(text)
        assert secrets._may_occur(pattern, narrow) or pattern.search(narrow) is None
