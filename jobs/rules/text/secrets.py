"""Detection of secrets, which are never stored as facts about a user: keys, passwords, identity and card numbers.

Dropping a harmless line is better than storing a password, so the patterns accept false positives. No pattern scans a text more than a
fixed number of times.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

_KEYS: Final = re.compile(
    r"""
    -----BEGIN[A-Z ]{0,30}PRIVATE\ KEY(?:-----)?(?:(?!-----END)[\s\S]){0,8000}
  | (?<![A-Za-z0-9_-])(?:
        eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?      # JSON web token
      | (?:sk|rk|pk|ak)-[A-Za-z0-9_-]{12,}                                # OpenAI, DeepSeek, Anthropic
      | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}                       # Stripe
      | (?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}                               # AWS
      | AKID[A-Za-z0-9]{13,}                                              # Tencent Cloud
      | LTAI[A-Za-z0-9]{12,}                                              # Alibaba Cloud
      | AIza[A-Za-z0-9_-]{30,}                                            # Google
      | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,} | glpat-[A-Za-z0-9_-]{16,}
      | xox[abeoprs]-[A-Za-z0-9-]{10,} | hf_[A-Za-z0-9]{20,} | npm_[A-Za-z0-9]{20,} | pypi-[A-Za-z0-9_-]{20,}
    )
  | (?<=://)[^\s/:@]{0,100}:[^\s/@]{1,100}(?=@)                           # user:password@host
  | (?<![A-Za-z0-9+_-])(?=[A-Za-z0-9+_-]{0,200}[0-9])(?=[A-Za-z0-9+_-]{0,200}[a-z])(?=[A-Za-z0-9+_-]{0,200}[A-Z])
    [A-Za-z0-9+_-]{32,}={0,2}                                             # long and random
  | (?<![A-Za-z0-9])(?=[0-9a-f]{0,64}[0-9])(?=[0-9a-f]{0,64}[a-f])[0-9a-f]{32,}(?![A-Za-z0-9])
    """,
    re.VERBOSE,
)
_TOLD: Final = re.compile(
    r"""
    (?<![a-z])(?:pass[ -]?(?:words?|code|phrase|wd)|passwd|pwd|pin(?:\ (?:code|number))?
        |secret[ _-]?key|access[ _-]?(?:key|token)|api[ _-]?key
        |private[ _-]?key|client[ _-]?secret|(?:seed|recovery|mnemonic)\ phrase
        |(?:verification|one[ -]time|security)\ code|otp|cvv|cvc)
    (?![a-z])
    (?:
        (?:\ (?:for|to|of|on|at)\ [^\s,.;:=]{1,40}(?:\ [^\s,.;:=]{1,40}){0,3}?)?
        \s{0,3}(?:'s|’s|\bis(?:\ now)?|\bwas|\bare|[:=]|\bset\ to|\bchanged\ to)\s{0,3}
        (?!(?:not|no|too|so|very|wrong|incorrect|invalid|expired|required|weak|strong|long|short|safe|secure|missing
            |what|where|why|how|lost)\b)
      | \s{1,3}(?=[^\s]{0,40}[0-9])
    )
    ["'“‘`]?(?P<secret>[^\s,;，。；、"'”’]{3,100})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOLD_IN_CHINESE: Final = re.compile(
    r"""
    (?:密码|密碼|口令|验证码|驗證碼|密钥|密鑰|私钥|私鑰|金钥|金鑰|助记词|助記詞|卡号|卡號|身份证号码?|身分證字號|身份證號碼?)
    (?:
        [^\s，。；,.;!?！？:：]{0,8}?\s{0,3}(?:是|为|為|:|=|成了?|改成了?|设为|設為)\s{0,3}
        (?!什么|什麼|啥|多少|不|否|哪|怎|谁|誰|错|錯|几|幾|必|为了|因)
      | \s{0,3}(?=[A-Za-z0-9!-/:-@])
    )
    ["'“‘「`]?(?P<secret>[^\s，。；、,;"'”’」！？]{3,100})
    """,
    re.VERBOSE,
)
_SOCIAL_SECURITY: Final = re.compile(r"(?<![\d-])(?!000|666|9)[0-9]{3}[- ](?!00)[0-9]{2}[- ](?!0000)[0-9]{4}(?![\d-])")
_SOCIAL_SECURITY_TOLD: Final = re.compile(r"(?:\bssn\b|social security)[^0-9]{0,20}(?P<secret>[0-9]{9})(?![0-9])", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]+")
_CARD_STARTS: Final = tuple("23456") + ("9558",)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Secret:
    """The position of a secret in a text: `start` (included) to `end` (excluded), in characters."""

    start: int
    end: int


def contains_secret(text: str) -> bool:
    return bool(find_secrets(text))


def find_secrets(text: str) -> tuple[Secret, ...]:
    """Return the secrets in a text by position, without the words that announce them. They may overlap."""
    plain = _narrow(text)
    found = {Secret(*match.span()) for pattern in (_KEYS, _SOCIAL_SECURITY) if _may_occur(pattern, plain) for match in pattern.finditer(plain)}
    told = (_TOLD, _TOLD_IN_CHINESE, _SOCIAL_SECURITY_TOLD)
    found.update(Secret(*match.span("secret")) for pattern in told if _may_occur(pattern, plain) for match in pattern.finditer(plain))
    found.update(_numbers(plain))
    return tuple(sorted(found, key=lambda secret: (secret.start, secret.end)))


_LONG_WORD: Final = re.compile(r"[A-Za-z0-9_+-]{11}|-----BEGIN|://")
"""Every match of `_KEYS` contains one of these. 11 characters is the length of its shortest word, the first part of a JSON web token."""
_SHORTEST: Final = 10
"""Length of the shortest of these between two spaces, but for `://`."""
_ANNOUNCED_BY: Final = ("pass", "pwd", "pin", "key", "token", "secret", "phrase", "code", "otp", "cvv", "cvc")
"""Every match of `_TOLD` contains one of these words."""


def _may_occur(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether the pattern can match at all. The test is cheap and spares most texts the pattern, which is tried at every position."""
    if pattern is _KEYS:
        return ("://" in text or max(map(len, text.split()), default=0) >= _SHORTEST) and _LONG_WORD.search(text) is not None
    if pattern is _TOLD:
        folded = text.casefold()
        return any(word in folded for word in _ANNOUNCED_BY)
    return not text.isascii() if pattern is _TOLD_IN_CHINESE else _DIGITS.search(text) is not None


def _narrow(text: str) -> str:
    """Return the text with full-width and mathematical characters replaced one by one with ASCII characters, so that positions stay."""
    return text if text.isascii() else "".join(map(_narrow_character, text))


@lru_cache(maxsize=4096)
def _narrow_character(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain.isascii() else char


def _numbers(text: str) -> Iterator[Secret]:
    """Yield card and Chinese identity numbers, also those written in groups, such as four times four digits, or six, eight and four."""
    groups = [match.span() for match in _DIGITS.finditer(text)]
    for first in range(len(groups)):
        digits, last_end = "", 0
        for number in range(first, len(groups)):
            start, end = groups[number]
            if digits and not _is_separator(text[last_end:start]):
                break
            digits, last_end = digits + text[start:end], end
            if len(digits) > 19:
                break
            if _is_card(digits):
                yield Secret(groups[first][0], end)
            if _is_chinese_identity(digits + text[end : end + 1].upper() if len(digits) == 17 else digits):
                yield Secret(groups[first][0], end + (len(digits) == 17))


def _is_separator(between: str) -> bool:
    return 1 <= len(between) <= 3 and all(char in " -–—.·_/" for char in between)


def _is_card(digits: str) -> bool:
    """Return whether the digits are a card number: 13 to 19 digits, a known prefix, and a valid Luhn check digit (ISO/IEC 7812)."""
    if not 13 <= len(digits) <= 19 or not digits.startswith(_CARD_STARTS):
        return False
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(int(digit) for digit in digits[::-2]) + sum(value // 10 + value % 10 for value in doubled)) % 10 == 0


def _is_chinese_identity(number: str) -> bool:
    """Return whether the number is a Chinese identity number: region, date of birth, and the check character of GB 11643."""
    if len(number) != 18 or not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11
    return number[6:8] in ("18", "19", "20") and number[17] == "10X98765432"[remainder]
