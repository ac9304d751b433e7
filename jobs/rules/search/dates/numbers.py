"""Numbers in words: English cardinals and ordinals, and Chinese numerals, up to 99."""

from __future__ import annotations

from typing import Final

_ONES: Final = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
_CARDINALS: Final = {word: number for number, word in enumerate(_ONES, 1)} | {"a": 1, "an": 1, "couple": 2, "thirty": 30}
_ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth "
        "eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh "
        "twenty-eighth twenty-ninth thirtieth thirty-first".split(),
        1,
    )
} | {"last": -1}
_DIGITS: Final = {digit: number for number, digits in enumerate(("〇零○", "一元", "二两", "三", "四", "五", "六", "七", "八", "九")) for digit in digits}

CARDINAL: Final = rf"(?:\d{{1,3}}|{'|'.join(_ONES)}|thirty|an?|a\s+couple(?:\s+of)?|couple\s+of)"
ORDINAL: Final = "|".join(sorted(_ORDINALS, key=len, reverse=True))
"""Patterns of English numbers."""
HAN: Final = "〇零○一二两三四五六七八九十廿卅"
"""Characters of Chinese numerals."""


def cardinal(word: str) -> int:
    """Return the number of an English cardinal or of digits."""
    plain = word.lower().split()
    return int(word) if word.isdigit() else 2 if "couple" in plain else _CARDINALS[plain[0]]


def ordinal(word: str) -> int:
    """Return the number of an English ordinal, -1 for "last"."""
    return _ORDINALS[word.lower()]


def han(text: str) -> int:
    """Return the number of digits or a Chinese numeral below 100, digit by digit where it has no 十; 0 if it is none."""
    if text.isdigit() and text.isascii():
        return int(text)
    text = text.replace("两", "二").replace("兩", "二").replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text)) if text and all(char in _DIGITS for char in text) else 0
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or not all(char in _DIGITS for char in tens + ones):
        return 0
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
