"""MemoryBank's layout: `{person: {"2023-04-27": [{"query": …, "response": …}, …], …}, …}`. It has days, but no times."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from llm.printable_text import is_blank
from resolvers.imports.bounds import clean, to_bounds
from resolvers.imports.records import ParsedConversation, Record, UnreadableFile

ROLES = (("query", True), ("response", False))


def matches(item: Any) -> bool:
    """Return whether the document is of this layout: other files of an archive may be objects of objects, too."""
    if not isinstance(item, dict) or not item or not all(_is_diary(days) for days in item.values()):
        return False
    found = (exchange for days in item.values() for exchanges in days.values() for exchange in exchanges)
    return any(isinstance(exchange, dict) and ("query" in exchange or "response" in exchange) for exchange in found)


def choose_person(document: dict[str, Any], person: str | None) -> str:
    """Return the name `person` as the file spells it. Raises `UnreadableFile` for a name that is not in the file, or when one of several must be chosen."""
    people = {name.strip(): name for name in document}
    if person is None and len(people) > 1:
        raise UnreadableFile(f"the file has several people: choose one with --person: {', '.join(people)}")
    wanted = next(iter(people)) if person is None else person.strip()
    if wanted not in people:
        raise UnreadableFile(f"the file has no person {wanted!r}; it has {', '.join(people)}")
    return people[wanted]


def read(document: dict[str, Any], person: str) -> Iterator[ParsedConversation]:
    """Yield the messages under one name, each day as a conversation."""
    for name, exchanges in document[person].items():
        parsed = ParsedConversation()
        day = _day(name)
        if day is None:
            parsed.skipped["no date (YYYY-MM-DD)"] += len(exchanges) * len(ROLES)
        for number, exchange in enumerate(exchanges if day else ()):
            _read_exchange(parsed, person, day, number, exchange)
        yield parsed


def _read_exchange(parsed: ParsedConversation, person: str, day: date | None, number: int, exchange: Any) -> None:
    for name, by_person in ROLES:
        content = exchange.get(name) if isinstance(exchange, dict) else None
        content = clean(content) if isinstance(content, str) else ""
        if is_blank(content) or day is None:
            parsed.skipped[f"no {name}"] += 1
            continue
        text = "\x1f".join((person, day.isoformat(), str(number), name, content))
        key = "memorybank:" + hashlib.sha256(text.encode()).hexdigest()
        parsed.records.append(to_bounds(Record(key, f"{person} {day}", by_person, content, day=day), parsed.skipped))


def _is_diary(days: Any) -> bool:
    return isinstance(days, dict) and all(isinstance(exchanges, list) for exchanges in days.values())


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name.strip())
    except ValueError:
        return None
