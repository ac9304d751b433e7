"""What a function or its door said when it was asked for /health, from standard input, as one line: `200 OK`, `503 DATABASE_NOT_MIGRATED`.

The command-line tools of the clouds wrap what the function gave in words of their own, or in JSON: the first object with a `statusCode` is it.
Prints nothing where there is none.
"""
from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from typing import Any


def main(arguments: list[str], text: str) -> str:
    if arguments[:1] == ["--http"]:
        return _line(arguments[1], text)
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
    print(main(sys.argv[1:], sys.stdin.read()))
