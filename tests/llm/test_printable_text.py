"""Blank texts: what shows nothing is not a text."""
import pytest

from llm.printable_text import is_blank

INVISIBLE = {
    "empty": "", "spaces": " \t\n\u00a0\u2003\u3000", "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "direction marks": "\u200e\u200f\u202a\u202e\u2066\u2069\u061c",
    "Hangul fillers": "\u3164\uffa0\u115f\u1160", "tags": "\U000e0001\U000e0041\U000e007f", "variation selectors": "\ufe0e\ufe0f\U000e0100",
    "soft hyphen": "\u00ad",
    "Braille blank": "\u2800", "control characters": "\x00\x07\x1b\x7f\x85", "Mongolian": "\u180e\u180b", "Khmer": "\u17b4\u17b5", "grapheme joiner": "\u034f",
    "line separators": "\u2028\u2029",
}  # fmt: skip


@pytest.mark.parametrize("text", [*INVISIBLE.values(), "".join(INVISIBLE.values())], ids=[*INVISIBLE, "all of them"])
def test_is_blank_of_invisible_characters_is_true(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200ba", "👍", "好", ".", "?!", "\u200f\u05d0", "e\u0301", "👩\u200d👧", "\U0001fae8", "⠿", "-", "0"])
def test_is_blank_of_a_text_with_a_visible_character_is_false(text: str) -> None:
    assert not is_blank(text)
