"""Titles as models write them."""
import unicodedata

import pytest

from llm.titles import MAX_TITLE_LENGTH, clean_title, shorten


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A walk in the rain", "A walk in the rain"), ("A walk in the rain.", "A walk in the rain"), ("雨中散步。", "雨中散步"), ("What now?", "What now?"),
        ('"A walk in the rain"', "A walk in the rain"), ("“A walk”", "A walk"), ("《雨中散步》", "雨中散步"),
        ("「雨中散步」", "雨中散步"), ("**A walk**", "A walk"),
        ("# A walk", "A walk"), ("## **A walk**", "A walk"), ("__A walk__", "A walk"), ("`A walk`", "A walk"), ("- A walk", "A walk"), ("1. A walk", "A walk"),
        ("> A walk", "A walk"), ("```\nA walk\n```", "A walk"), ("[A walk](https://example.org/x)", "A walk"), ("<title>A walk</title>", "A walk"),
        ("Title: A walk", "A walk"), ("**Title:** A walk", "A walk"), ('Title: "A walk"', "A walk"), ("TITLE：A walk", "A walk"),
        ("标题：雨中散步", "雨中散步"),
        ("对话标题：《雨中散步》", "雨中散步"), ("Here is a title: A walk", "A walk"), ("Sure! Here's your title:\n\nA walk", "A walk"),
        ("Title:\nA walk", "A walk"),
        ("A walk\n\nThis title says what the user did.", "A walk"), ("A   walk\tin\u00a0rain", "A walk in rain"), ("\n\n  A walk  \n", "A walk"),
        ('Reading "Dune" again', 'Reading "Dune" again'), ("Rust: first steps", "Rust: first steps"), ("5 * 3 * 2", "5 * 3 * 2"),
        ("snake_case_names", "snake_case_names"),
        ("2026. A year", "2026. A year"), ("C# and F#", "C# and F#"), ("What about it...", "What about it..."), ("The title fight", "The title fight"),
    ],
)  # fmt: skip
def test_clean_title_of_a_models_text_keeps_the_title_alone(text: str, title: str) -> None:
    assert clean_title(text) == title


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u3164\u200e", '""', "**", "# ", "Title:", "标题：", "---", "```\n```", "\U000e0041\U000e007f"])
def test_clean_title_of_a_text_without_a_title_is_empty(text: str) -> None:
    assert clean_title(text) == ""


@pytest.mark.parametrize(
    "cluster",
    ["e\u0301", "👩\u200d👩\u200d👧", "🇨🇳", "👍🏽", "❤\ufe0f", "\u1100\u1161\u11a8", "ｶﾞ", "क्षि",
     "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "a" + "\u0301" * 9],
)
@pytest.mark.parametrize("lead", range(6))
def test_shorten_never_cuts_a_character_that_users_see_as_one(cluster: str, lead: int) -> None:
    text = "x" * lead + cluster * 90
    short = shorten(text, MAX_TITLE_LENGTH)
    kept = short.removesuffix("…").removeprefix("x" * lead)
    assert len(short) <= MAX_TITLE_LENGTH and short.endswith("…")
    assert kept == cluster * (len(kept) // len(cluster)) and kept


def test_shorten_of_a_short_text_returns_it() -> None:
    assert shorten("x" * MAX_TITLE_LENGTH, MAX_TITLE_LENGTH) == "x" * MAX_TITLE_LENGTH
    assert shorten("x" * 81, MAX_TITLE_LENGTH) == "x" * 79 + "…"


def test_shorten_of_one_endless_character_is_an_ellipsis() -> None:
    assert unicodedata.combining("\u0301") and shorten("a" + "\u0301" * 500, MAX_TITLE_LENGTH) == "…"
