"""Checks of the values of settings. Each returns what is wrong with a value, as the end of a sentence that begins with the setting's name, or None."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

MINIMUM_SECRET_BYTES = 32
"""Minimum length of an HS256 key: that of the hash output (RFC 7518, section 3.2)."""

MODEL_OPTIONS: Mapping[str, type | tuple[str, ...]] = {
    "thinking_off": dict, "thinking_on": dict, "thinks_always": bool, "thought_tokens": int, "thought_fields": list, "thought_returned": bool,
    "thought_streamed": bool, "thought_in_text": bool, "token_limit": ("max_tokens", "max_completion_tokens"), "stream_options": bool,
    "json_mode": ("always", "without_thinking", "never"), "cached_fields": list, "thinking_fields": list, "codes": dict, "body": dict,
}
"""The fields of a provider's row that the setting MODEL_OPTIONS may change, with their types or values."""

WEAK_SECRETS = ("changeme", "secret", "password", "your-secret-key", "your-super-secret", "jwt-secret", "12345678")


def check_database_url(value: str) -> str | None:
    scheme = value.partition("://")[0].partition("+")[0]
    if scheme in ("postgres", "postgresql") or ("://" not in value and "=" in value):
        return None
    return "must have the form postgresql://user:password@host:5432/database or host=… dbname=…"


def check_api_key(value: str) -> str | None:
    return None if value.isascii() and value.isprintable() and " " not in value else "must have only printable ASCII characters and no spaces"


def check_http_url(value: str) -> str | None:
    valid = re.fullmatch(r"https?://(?:[^\s/?#]*@)?(?:\[[\da-fA-F:.]+\]|[^\s/?#@:\[\]]+)(?::\d{1,5})?(?:[/?#]\S*)?", value)
    return None if valid else "must start with https:// or http:// and a host, such as https://api.deepseek.com"


def check_model_options(value: str) -> str | None:
    try:
        given = json.loads(value)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        return 'must be a JSON object, such as {"thinking_off": {"enable_thinking": false}}'
    for name, wanted in MODEL_OPTIONS.items():
        if name in given and not (given[name] in wanted if isinstance(wanted, tuple) else type(given[name]) is wanted):
            return f"has an invalid value of {name}: it must be {' or '.join(wanted) if isinstance(wanted, tuple) else _TYPE_NAMES[wanted]}"
    unknown = sorted(set(given) - set(MODEL_OPTIONS))
    return f"has the unknown option {unknown[0]!r}; allowed are {', '.join(MODEL_OPTIONS)}" if unknown else None


_TYPE_NAMES = {dict: "an object", list: "a list", bool: "true or false", int: "an integer"}


def check_currency(value: str) -> str | None:
    return None if re.fullmatch("[A-Z]{3}", value) else "must be a currency code of three capital letters, such as USD or CNY"


def check_origin(value: str) -> str | None:
    valid = value == "*" or re.fullmatch(r"https?://[^/?#*\s]+(?::\*)?", value)
    return None if valid else f"has {value!r}: write https://app.example.org, http://localhost:* for every port, or * for all"


def check_long_secret(value: str) -> str | None:
    too_short = len(value.encode()) < MINIMUM_SECRET_BYTES
    return f"is shorter than {MINIMUM_SECRET_BYTES} bytes; generate one with `openssl rand -hex 32`" if too_short else None


def check_strong_secret(value: str) -> str | None:
    if (fault := check_long_secret(value)) is not None:
        return fault
    if len(set(value)) < 8 or any(word in value.lower() for word in WEAK_SECRETS):
        return "is easy to guess; generate one with `openssl rand -hex 32`"
    return None
