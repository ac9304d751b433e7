"""Checks of the values of settings. Each returns what is wrong with a value, as the end of a sentence that begins with the setting's name, or None."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

MIN_SECRET_BYTES = 32
"""Minimum length of an HS256 key: that of the hash output (RFC 7518, section 3.2)."""

MODEL_OPTIONS: Mapping[str, type | tuple[str, ...]] = {
    "thinking_off": dict, "thinking_on": dict, "thinks_always": bool, "thought_tokens": int, "thought_fields": list, "thought_returned": bool,
    "thought_streamed": bool, "thought_in_text": bool, "token_limit": ("max_tokens", "max_completion_tokens"), "stream_options": bool,
    "json_mode": ("always", "without_thinking", "never"), "cached_fields": list, "thinking_fields": list, "codes": dict, "body": dict,
}
"""The fields of a provider's row that the setting MODEL_OPTIONS may change, with their types or values."""

ERROR_MEANINGS = ("account", "busy", "filtered", "key", "long", "model", "server")
"""The meanings that an error code of a provider may have: `llm.error_meanings` has an error for each."""

MAX_THOUGHT_TOKENS = 1_000_000
_OWN_PARAMETERS = {
    "model": "DEEPSEEK_MODEL", "messages": "the product", "stream": "the product", "tools": "the product", "tool_choice": "the product",
    "max_tokens": "the product, by the name in token_limit", "max_completion_tokens": "the product, by the name in token_limit",
    "response_format": "the product, as json_mode says", "stream_options": "the product, as the option of that name says",
}  # fmt: skip
"""Parameters of a call that MODEL_OPTIONS may not replace, and what sets them."""

WEAK_SECRETS = ("changeme", "secret", "password", "your-secret-key", "your-super-secret", "jwt-secret", "12345678")


def check_database_url(value: str) -> str | None:
    scheme = value.partition("://")[0].partition("+")[0]
    if scheme in ("postgres", "postgresql") or ("://" not in value and "=" in value):
        return None
    return "must have the form postgresql://user:password@host:5432/database or host=… dbname=…"


def check_api_key(value: str) -> str | None:
    return None if value.isascii() and value.isprintable() and " " not in value else "must have only printable ASCII characters and no spaces"


def check_http_url(value: str) -> str | None:
    found = re.fullmatch(r"https?://(?:[^\s/?#]*@)?(?:\[[\da-fA-F:.]+\]|[^\s/?#@:\[\]]+)(?::(\d{1,5}))?((?:/[^\s?#]*)?)([?#]\S*)?", value, re.IGNORECASE)
    if not found or int(found[1] or 1) not in range(1, 65536):
        return "must start with https:// or http:// and a host, such as https://api.deepseek.com"
    if found[3]:
        return "must end with its path, because /chat/completions is added to it: remove what follows the ? or #"
    if re.search(r"/(chat/)?completions/?$", found[2], re.IGNORECASE):
        return "must be the address before /chat/completions, which is added to it: remove that part"
    return None


def check_model_options(value: str) -> str | None:
    try:
        given = json.loads(value, object_pairs_hook=_without_repetition, parse_constant=_refuse_number, parse_float=_parse_float)
    except _InvalidOptions as error:
        return str(error)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return 'must be a JSON object, such as {"thinking_off": {"enable_thinking": false}}'
    for name, wanted in MODEL_OPTIONS.items():
        if name not in given:
            continue
        if not (given[name] in wanted if isinstance(wanted, tuple) else type(given[name]) is wanted):
            return f"has an invalid value of {name}: it must be {' or '.join(wanted) if isinstance(wanted, tuple) else _TYPE_NAMES[wanted]}"
        if (fault := _check_option(name, given[name])) is not None:
            return f"has an invalid value of {name}: {fault}"
    unknown = sorted(set(given) - set(MODEL_OPTIONS))
    return f"has the unknown option {unknown[0]!r}; allowed are {', '.join(MODEL_OPTIONS)}" if unknown else None


_TYPE_NAMES = {dict: "an object", list: "a list", bool: "true or false", int: "an integer"}


class _InvalidOptions(Exception):
    """The error for JSON that Python reads and no endpoint would: a name given twice, NaN, Infinity or a number that is too large."""


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise _InvalidOptions(f"has {twice!r} twice in one object: keep one of them")
    return dict(pairs)


def _refuse_number(text: str) -> None:
    raise _InvalidOptions(f"has {text[:40]}, which is no number that JSON can pass on")


def _parse_float(text: str) -> float:
    if not isfinite(found := float(text)):
        _refuse_number(text)
    return found


def _check_option(name: str, value: Any) -> str | None:
    """Return what is wrong inside an option whose type is right, as the end of a sentence, or None."""
    if name in ("thinking_off", "thinking_on", "body"):
        own = next((key for key in value if key in _OWN_PARAMETERS), None)
        return "its names must not be empty" if "" in value else own and f"remove {own}, which is set by {_OWN_PARAMETERS[own]}"
    if name == "thought_tokens":
        return None if 0 <= value <= MAX_THOUGHT_TOKENS else f"it must be from 0 to {MAX_THOUGHT_TOKENS}"
    if name in ("thought_fields", "cached_fields", "thinking_fields"):
        named = all(isinstance(item, str) and re.fullmatch(r"[\w-]+(?:\.[\w-]+)*", item) for item in value)
        return None if value and named else 'it must list at least one field\'s name, such as ["reasoning_content"]'
    if name == "codes":
        if not all(key and key == key.lower() for key in value):
            return "its names are the provider's error codes in lower case"
        return None if all(meaning in ERROR_MEANINGS for meaning in value.values()) else f"the meaning of a code must be {' or '.join(ERROR_MEANINGS)}"
    return None


def check_currency(value: str) -> str | None:
    return None if re.fullmatch("[A-Z]{3}", value) else "must be a currency code of three capital letters, such as USD or CNY"


def check_origin(value: str) -> str | None:
    if not value.isascii():
        return f"has {value!r}: separate origins by commas, and write a host in the ASCII form (xn--…) that browsers send"
    found = re.fullmatch(r"https?://(?:\[[\da-f:.]+\]|[a-z\d._-]+)(?::(\*|\d{1,5}))?", value)
    valid = value == "*" or found and (found[1] in (None, "*") or int(found[1]) in range(1, 65536))
    return None if valid else f"has {value!r}: write https://app.example.org, http://localhost:* for every port, or * for all"


def normalize_origin(value: str) -> str:
    """Return an origin as browsers send it: in lower case, without the port that its scheme implies."""
    folded = value.lower()
    scheme = folded.partition(":")[0]
    return folded.removesuffix({"http": ":80", "https": ":443"}.get(scheme, ":"))


def find_quotes(value: str) -> str | None:
    """Return the name of the quotation marks that enclose a value, or None."""
    return _QUOTES.get((value[0], value[-1])) if len(value) > 1 else None


_QUOTES = {
    ('"', '"'): 'quotation marks (")', ("'", "'"): "quotation marks (')", ("`", "`"): "backticks",
    ("“", "”"): "quotation marks (“ ”)", ("‘", "’"): "quotation marks (‘ ’)",
}  # fmt: skip


def has_invisible(value: str) -> bool:
    """Return whether a value has a character that a screen shows as nothing or as a space; the usual white space of JSON is none of them."""
    return not value.translate({ord(space): " " for space in "\t\r\n"}).isprintable()


def find_meant(name: str, known: Sequence[str]) -> str | None:
    """Return the setting that a variable of another name seems to mean: in another case, cut short, or with one character wrong. None for all others."""
    folded = name.upper()
    if folded in known:
        return folded
    if "_" not in folded.strip("_") or len(folded) < 8:
        return None
    return next((setting for setting in known if setting.startswith(folded) or _differs_by_one(folded, setting)), None)


def _differs_by_one(one: str, other: str) -> bool:
    """Return whether one character less, more or changed makes the one name the other."""
    if not -2 < len(one) - len(other) < 2 or (one[:4] != other[:4] and one[-4:] != other[-4:]):
        return False
    shorter, longer = sorted((one, other), key=len)
    at = next((index for index, (first, second) in enumerate(zip(shorter, longer)) if first != second), len(shorter))
    return shorter[at + (len(shorter) == len(longer)) :] == longer[at + 1 :]


def check_long_secret(value: str) -> str | None:
    too_short = len(value.encode()) < MIN_SECRET_BYTES
    return f"is shorter than {MIN_SECRET_BYTES} bytes; generate one with `openssl rand -hex 32`" if too_short else None


def check_strong_secret(value: str) -> str | None:
    if (fault := check_long_secret(value)) is not None:
        return fault
    if len(set(value)) < 8 or any(word in value.lower() for word in WEAK_SECRETS):
        return "is easy to guess; generate one with `openssl rand -hex 32`"
    return None
