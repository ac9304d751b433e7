"""Provider messages shown to the operator: only those that repeat no text of the request and contain no key."""

from __future__ import annotations

import pytest

from llm.leak_check import to_reportable

SENT = ["I quarrelled with Margaret about the money.", "今天我和小林去爬山，晚上很累。", "我今天去了医院。"]


@pytest.mark.parametrize("message", ["Service is too busy.", "模型不存在，请检查模型代码", "Unsupported parameter: 'max_tokens'", "with Ma", "我和小"])
def test_to_reportable_message_of_the_provider_is_kept(message: str) -> None:
    assert to_reportable(message, SENT, "sk-1234567890") == message


@pytest.mark.parametrize(
    "message",
    [
        "Invalid text: 'with Marg'", "INVALID: WITH MARGARET", "bad: with\n  Margaret", "系统检测到：我和小林", "\\u6211\\u548c\\u5c0f\\u6797 is refused",
        "x &quot;d with M&quot; &#119;ith Margaret",
        "Incorrect API key provided: sk-ab***cd", "your key 1234567890 is wrong", "Authorization: Bearer abcdef", "eyJhbGciOiJIUzI1NiJ9", "  ", "",
        "Your api key: ****f456 is invalid", "key ****wxyz", "key ab**** is wrong", "AIzaSyA1234567890abc", "ｓｋ－ＡＢＣＤ is wrong",
        "１２３４５６７８９０ is wrong",
        "我-今-天-去-了-医-院", "我 今1天\u200b去", "r%E6%88%91%E5%92%8C%E5%B0%8F%E6%9E%97",
        "\\xe6\\x88\\x91\\xe5\\x92\\x8c\\xe5\\xb0\\x8f\\xe6\\x9e\\x97 refused",
        "\\\\xe6\\\\x88\\\\x91\\\\xe5\\\\x92\\\\x8c\\\\xe5\\\\xb0\\\\x8f\\\\xe6\\\\x9e\\\\x97",
        "%25E6%2588%2591%25E5%2592%258C%25E5%25B0%258F%25E6%259E%2597",
        "q=with+Margaret", "ｗｉｔｈ Ｍａｒｇａｒｅｔ",
    ],
)
def test_to_reportable_message_with_a_key_or_request_text_returns_none(message: str) -> None:
    assert to_reportable(message, SENT, "sk-1234567890") is None


def test_to_reportable_long_message_is_cut_to_300_characters() -> None:
    assert to_reportable("x" * 900, SENT, "k" * 20) == "x" * 300
    assert to_reportable("a" * 20_000, ["b" * 2_000_000], "key") == "a" * 300
    for repeated in ("\\", "*", "%", "\\x", "&", "我-"):
        assert to_reportable(repeated * (20_000 // len(repeated)), ["b" * 200_000], "key") == (repeated * 300)[:300]
    assert to_reportable(None, SENT, "") is None
