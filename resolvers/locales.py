"""Locales as browsers, phones and operating systems send them: every well-formed BCP 47 tag, in its canonical case.

Source of the grammar: RFC 5646, section 2.1 (September 2009, part of BCP 47; rfc-editor.org, 2026-11-28), as far as `Intl` takes it: without the
grandfathered tags (`i-klingon`), tags of private use alone (`x-…`) and languages of more than three letters, of which none is registered. POSIX
spellings (`zh_CN.UTF-8`, `de_DE@euro`) are mended.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from resolvers.errors import InputRule, InvalidInput

MAX_LOCALE_LENGTH: Final = 100
"""Characters of a tag. RFC 5646, 4.4.1, wants at least 35 to be stored."""
_TAG: Final = re.compile(
    r"(?P<language>(?:zh|ar|ms|sw|uz|lv|kok|sgn)(?:-[a-z]{3})?|[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?)",
    re.ASCII,
)
_NAMES: Final[Mapping[str, str]] = {
    "chinese": "zh", "mandarin": "zh", "中文": "zh", "汉语": "zh", "漢語": "zh", "简体中文": "zh-CN", "繁體中文": "zh-TW", "cantonese": "yue", "粤语": "yue",
    "english": "en", "英文": "en", "英语": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
    "japanese": "ja", "日本語": "ja", "korean": "ko", "한국어": "ko", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt",
    "russian": "ru", "русский": "ru", "arabic": "ar", "العربية": "ar", "hindi": "hi", "turkish": "tr", "türkçe": "tr", "dutch": "nl", "nederlands": "nl",
    "polish": "pl", "polski": "pl", "vietnamese": "vi", "thai": "th", "indonesian": "id", "ukrainian": "uk", "swedish": "sv", "c": "en", "posix": "en",
}  # fmt: skip
"""Names that users and programs write instead of a tag. They are suggested, not taken: a name does not say which region is meant."""
_CHINESE: Final = frozenset(("zh", "cmn", "yue", "wuu", "gan", "hak", "hsn", "nan"))
"""Chinese and the languages of it that have a code of their own and are written in it; systems send `yue-Hant-HK` and `cmn-Hans-CN`."""


def canonical_locale(text: str | None) -> str:
    """Return the tag in canonical case, such as `zh-Hans-CN` for `zh-hans_cn`. Raises `InvalidInput` with the nearest valid tag."""
    plain = _mended(text or "")
    found = _TAG.fullmatch(plain) if len(plain) <= MAX_LOCALE_LENGTH and plain not in _NAMES else None
    if found is None or len(set(_singletons(plain))) != len(_singletons(plain)):
        nearest = _nearest(plain)
        raise InvalidInput(
            "locale", f"locale must be a BCP 47 language tag, such as zh-CN, en or zh-Hant-TW: send {nearest}?", suggestion=nearest,
            rule=InputRule.UNKNOWN_VALUE,
        )
    parts = (found["language"], (found["script"] or "").title(), (found["region"] or "").upper(), (found["rest"] or "").strip("-"))
    return "-".join(filter(None, parts))


def is_chinese(locale: str) -> bool:
    """Return whether the texts of the API for a user are in Chinese: for each Chinese language, in any case and in POSIX spelling."""
    return _mended(locale).partition("-")[0] in _CHINESE


def _mended(text: str) -> str:
    """Return the tag of a POSIX name, in lower case: without encoding and modifier, and with hyphens."""
    return re.split(r"[.@]", text[: 10 * MAX_LOCALE_LENGTH].strip(), maxsplit=1)[0].replace("_", "-").lower()


def _singletons(plain: str) -> list[str]:
    """Return the single characters that begin the extensions; none may occur twice (RFC 5646, 2.2.6)."""
    return [part for part in plain.partition("-x-")[0].split("-")[1:] if len(part) == 1]


def _nearest(plain: str) -> str:
    """Return the tag that is left of the longest valid beginning, or that a language's name stands for; `en` if there is none."""
    if plain in _NAMES:
        return _NAMES[plain]
    parts = [part for part in plain[:MAX_LOCALE_LENGTH].split("-") if part]
    for count in range(len(parts), 0, -1):
        tag = "-".join(parts[:count])
        if tag in _NAMES:
            return _NAMES[tag]
        if _TAG.fullmatch(tag) and len(set(_singletons(tag))) == len(_singletons(tag)):
            return canonical_locale(tag)
    return "en"
