"""MemoryBank's layout: {person: {"2023-04-27": [{"query": …, "response": …}, …], …}, …}. It has days, but no times."""
from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from dev.imports.records import ParsedFile, Record, UnreadableFile, clean

ROLES = (("query", True), ("response", False))


def matches(document: Any) -> bool:
    return isinstance(document, dict) and bool(document) and all(_is_diary(days) for days in document.values())


def people(document: dict[str, Any]) -> list[str]:
    return list(document)


def read(document: dict[str, Any], person: str) -> ParsedFile:
    """Return one person's messages; each day is a conversation. Raises `UnreadableFile` for a person who is not in the file."""
    if person not in document:
        raise UnreadableFile(f"the file has no person {person!r}; it has {', '.join(document)}")
    reading = ParsedFile()
    for name, exchanges in document[person].items():
        day = _day(name)
        if day is None:
            reading.skipped["no date (YYYY-MM-DD)"] += len(exchanges) * len(ROLES)
            continue
        for number, exchange in enumerate(exchanges):
            _read_exchange(reading, person, day, number, exchange)
    return reading


def _read_exchange(reading: ParsedFile, person: str, day: date, number: int, exchange: Any) -> None:
    for name, by_person in ROLES:
        content = exchange.get(name) if isinstance(exchange, dict) else None
        content = clean(content) if isinstance(content, str) else ""
        if not content:
            reading.skipped[f"no {name}"] += 1
            continue
        identity = "\x1f".join((person, day.isoformat(), str(number), name, content))
        key = "memorybank:" + hashlib.sha256(identity.encode()).hexdigest()
        reading.records.append(Record(key, f"{person} {day}", by_person, content, day=day))


def _is_diary(days: Any) -> bool:
    return isinstance(days, dict) and all(isinstance(exchanges, list) for exchanges in days.values())


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name.strip())
    except ValueError:
        return None
