"""The response of a function to /health, as one line: `200 OK`, `503 DATABASE_NOT_MIGRATED`; an empty line without a response.

With an address as argument, the response is requested from there. Without one, it is read from standard input, from the output of a cloud's
command-line tool: it is the first JSON object with a `statusCode`, which the tool may surround with text or wrap in JSON of its own.
"""
from __future__ import annotations

import base64
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

TIMEOUT_SECONDS = 30


def request_health(address: str) -> str:
    """Return the line of the health response from this address."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as response:
            return _line(response.status, response.read().decode(errors="replace"))
    except urllib.error.HTTPError as error:
        return _line(error.code, error.read().decode(errors="replace"))
    except OSError:
        return ""


def find_health(text: str) -> str:
    """Return the line of the health response in the output of a command-line tool."""
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
    """Yield every JSON object that begins anywhere in the text, and those within its strings."""
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
    print(request_health(sys.argv[1]) if len(sys.argv) > 1 else find_health(sys.stdin.read()))
