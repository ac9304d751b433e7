"""A parser of UniLife's prompts: the delimited sections and their items."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dev.offline_model.protocol import RequestError

_BORDER = re.compile(r"^border: (=====[0-9a-f]{16})$", re.MULTILINE)
_SLOT = re.compile(r"^- ([a-z]+\.[a-z_]+) \((?:one|many) values?\)", re.MULTILINE)
_RELATIVE_DAYS = (
    (re.compile(r"\bday before yesterday\b|前天", re.IGNORECASE), -2),
    (re.compile(r"\byesterday\b|\blast night\b|昨天|昨晚|昨日", re.IGNORECASE), -1),
    (re.compile(r"\bday after tomorrow\b|后天", re.IGNORECASE), 2),
    (re.compile(r"\btomorrow\b|明天|明晚", re.IGNORECASE), 1),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a diary or week prompt."""

    number: int
    by_person: bool
    at: datetime
    text: str


def sections(text: str) -> dict[str, list[Any]]:
    """Return the items of each delimited section; text before the first one is skipped.

    Raises RequestError if the text names no delimiter or a line is not JSON.
    """
    found = _BORDER.search(text)
    if found is None:
        raise RequestError("the prompt names no border", code="unknown_request")
    opening = found[1] + " "
    result: dict[str, list[Any]] = {}
    current: list[Any] | None = None
    for row in text[found.end() :].split("\n"):
        if row.startswith(opening):
            name = row[len(opening) :]
            if name == "end":
                break
            current = result.setdefault(name, [])
        elif row.strip() and current is not None:
            current.append(_item(row))
    return result


def for_this_question(content: str, instructions: str) -> dict[str, list[Any]]:
    """Return the sections before a question, within the delimiter that the instructions name; empty if the question has none."""
    opening, closing = _around(instructions)
    if not opening or not content.startswith(opening):
        return {}
    return sections(f"{_BORDER.search(instructions)[0]}\n{content.partition(closing)[0]}{closing}")  # type: ignore[index] # the instructions always have one


def question(content: str, instructions: str) -> str:
    """Return the user's text in `content`, without the sections before it."""
    opening, closing = _around(instructions)
    return content.partition(closing)[2].removeprefix("\n") if opening and content.startswith(opening) else content


def _around(instructions: str) -> tuple[str, str]:
    """Return the beginning and the last line of delimited sections; empty texts if the instructions name no delimiter."""
    found = _BORDER.search(instructions)
    return (f"{found[1]} ", f"\n{found[1]} end\n") if found else ("", "")


def messages(found: Mapping[str, list[Any]]) -> list[Said]:
    """Return the messages of the sections. Raises RequestError for messages without number, time or text."""
    try:
        return [
            Said(int(item["id"]), item["from"] == "person", datetime.strptime(item["at"], "%Y-%m-%d %H:%M"), item["text"]) for item in found.get("messages", [])
        ]
    except (KeyError, TypeError, ValueError):
        raise RequestError("a message lacks id, from, at or text", code="unknown_request") from None


def slots(instructions: str) -> frozenset[str]:
    return frozenset(_SLOT.findall(instructions))


def personal_slots(found: Mapping[str, list[Any]]) -> dict[str, str]:
    """Return the name of each slot that the data list for this user alone, by its code; the name is empty for a slot of the table."""
    return {str(item["slot"]): str(item.get("name", "")) for item in found.get("slots", []) if isinstance(item, dict) and "slot" in item}


def strings(items: list[Any]) -> list[str]:
    return [item for item in items if isinstance(item, str)]


def day_meant(text: str, said_on: date) -> date | None:
    """Return the other day that `text` mentions, or None."""
    return next((said_on + timedelta(days) for pattern, days in _RELATIVE_DAYS if pattern.search(text)), None)


def _item(row: str) -> Any:
    try:
        return json.loads(row)
    except ValueError:
        raise RequestError("a line of bordered data is not JSON", code="unknown_request") from None
