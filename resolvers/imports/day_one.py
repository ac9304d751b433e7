"""Day One's JSON export: a zip with one file a journal, `{"metadata": …, "entries": […]}`, and the photos beside it.

Names looked up on 2026-11-28 in programs that read such files (simrun/dayone-export, dayone-export.py, and others): `uuid`, `creationDate` (UTC),
`timeZone` (IANA), `isAllDay`, `text` (Markdown, with escaped punctuation and `![](dayone-moment://…)` for media), `richText` (JSON with
`contents[].text`, where `text` is missing), `tags`. An entry becomes a message of the user on the day of its own time zone.
"""
from __future__ import annotations

import json
import re
import string
from typing import Any, Final
from zoneinfo import ZoneInfo

from jobs.rules.day import is_time_zone
from llm.printable_text import is_blank
from llm.titles import clean_title
from resolvers.imports.bounds import clean, tags_of, to_bounds
from resolvers.imports.building import ConversationBuilder, identity
from resolvers.imports.records import ATTACHMENT, NO_TEXT, NO_TIME, ParsedConversation, Record
from resolvers.imports.timestamps import read_time

_MEDIA: Final = re.compile(r"!\[[^\[\]]*\]\(dayone[^()]*\)")
_ESCAPED: Final = re.compile(rf"\\([{re.escape(string.punctuation)}])")
"""Markdown escapes each ASCII punctuation mark by a backslash."""


def matches(item: Any) -> bool:
    return isinstance(item, dict) and "creationDate" in item and ("text" in item or "richText" in item or "uuid" in item)


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the entry as a conversation of one message, with its first line as the title. Raises `UnreadableConversation`."""
    builder = ConversationBuilder("dayone", identity(item.get("uuid")))
    text, zone = clean(_text(item, builder)), _zone(item.get("timeZone"))
    written_at = read_time(item.get("creationDate"))
    if is_blank(text) or written_at is None:
        builder.skip(NO_TEXT if is_blank(text) else NO_TIME)
        return builder.parsed
    day = (written_at.astimezone(ZoneInfo(zone)) if zone else written_at).date() if zone or item.get("isAllDay") is True else None
    record = Record(
        f"dayone:{builder.name}", f"dayone {builder.name}", True, text, sent_at=written_at, day=day, title=clean_title(text) or None,
        tags=tags_of(item.get("tags")), written=True, time_zone=zone,
    )
    builder.parsed.records.append(to_bounds(record, builder.parsed.skipped))
    return builder.parsed


def _zone(name: Any) -> str | None:
    """Return the entry's zone if it is one that this installation knows, otherwise None: the user's own zone applies."""
    return name if isinstance(name, str) and is_time_zone(name) else None


def _text(item: dict[str, Any], builder: ConversationBuilder) -> str:
    for media in ("photos", "videos", "audios", "pdfAttachments"):
        builder.skip(ATTACHMENT, len(item[media]) if isinstance(item.get(media), list) else 0)
    text = item.get("text")
    if isinstance(text, str) and text.strip():
        return _ESCAPED.sub(r"\1", _MEDIA.sub("", text))
    return _rich(item.get("richText"))


def _rich(text: Any) -> str:
    """Return the text of an entry that has only `richText`: JSON, as a text, whose contents have their texts."""
    try:
        document = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return ""
    contents = document.get("contents") if isinstance(document, dict) else None
    parts = [part.get("text") for part in contents if isinstance(part, dict)] if isinstance(contents, list) else []
    return "".join(part for part in parts if isinstance(part, str))
