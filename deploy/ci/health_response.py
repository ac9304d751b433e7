"""The answer of a function to /health, as one line: `200 OK`, `503 DATABASE_NOT_MIGRATED`; an empty line when it said nothing.

It comes from an address, if one is given, else from standard input, where a cloud's command-line tool wraps it in words of its own, or in JSON:
the first object with a `statusCode` is it.
"""
from __future__ import annotations

import base64
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

SECONDS = 30


def ask(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            return _line(answer.status, answer.read().decode(errors="replace"))
    except urllib.error.HTTPError as error:
        return _line(error.code, error.read().decode(errors="replace"))
    except OSError:
        return ""


def find(text: str) -> str:
    for found in _objects(text):
        if "statusCode" in found:
            body = str(found.get("body") or "")
            return _line(found["statusCode"], base64.b64decode(body).decode() if found.get("isBase64Encoded") else body)
    return ""


def _line(status: object, body: str) -> str:
    try:
        health = json.loads(body)
        return f"{status} {health['status']}"
    except (ValueError, KeyError, TypeError):
        return f"{status} -"


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object that begins anywhere in the text, and those that stand in its strings, as a tool's own JSON holds them."""
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            found = {}
        yield found
        for value in _strings(found):
            yield from _objects(value)
        start = text.find("{", start + 1)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


if __name__ == "__main__":
    print(ask(sys.argv[1]) if len(sys.argv) > 1 else find(sys.stdin.read()))
