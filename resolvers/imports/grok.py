"""Grok's data export, prod-grok-backend.json: `{"conversations": [{"conversation": {…}, "responses": [{"response": {…}}]}], …}`.

xAI publishes no description. Names looked up on 2026-11-29 in Sinity/polylogue (polylogue/sources/parsers/grok.py), which names its sources, and in
programs tried on real exports, and in an export of 2025 (yetanotherchris/openwebui-importer, examples/grok_example.json): `conversation` with `id` or
`conversation_id`, `title`, `create_time`, `temporary`, and `leaf_response_id`, which is mostly null or names a response that is missing; `response`
with `_id` or `response_id`, `parent_response_id`, `sender` (human, assistant, also in capitals), `message`, `model`, `file_attachments`, and
`create_time`, as ISO 8601 or as MongoDB writes it, `{"$date": {"$numberLong": "1735689600000"}}`. Answers contain elements of the page:
`<grok:render>`, `<xai:tool_usage_card>`. In a file without ids, the time at which a conversation began identifies it.
"""
from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import datetime
from typing import Any, Final

from resolvers.imports.building import ConversationBuilder, identity, message_id, newest_leaf, path_to, remove_elements
from resolvers.imports.records import ATTACHMENT, OTHER_BRANCH, TEMPORARY, UNKNOWN_FORM, UNKNOWN_ROLE, ParsedConversation
from resolvers.imports.timestamps import read_time

_SENDERS: Final = {"human": True, "user": True, "assistant": False, "grok": False}
_ELEMENT: Final = re.compile(r"<(grok:render|xai:tool_usage_card)\b[^<>]*>")


def matches(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("conversation"), dict) and isinstance(item.get("responses"), list)


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the messages on the path to the newest one. Raises `UnreadableConversation`."""
    about = item["conversation"]
    said = [message for found in item["responses"] if (message := _message(found))]
    started_at = _time(about.get("create_time"))
    name = identity(about.get("id"), about.get("conversation_id"), *map(_id, said), started_at and started_at.isoformat())
    builder = ConversationBuilder("grok", name, about.get("title"), started_at=started_at)
    builder.skip(UNKNOWN_FORM, len(item["responses"]) - len(said))
    if about.get("temporary") is True:
        builder.skip(TEMPORARY, len(said))
        return builder.parsed
    path = _path(said)
    builder.skip(OTHER_BRANCH, len(said) - len(path))
    for number, message in enumerate(path):
        _add(builder, number, message)
    return builder.parsed


def _message(found: Any) -> dict[str, Any] | None:
    message = found.get("response", found) if isinstance(found, dict) else None
    return message if isinstance(message, dict) else None


def _id(message: dict[str, Any]) -> Any:
    return message.get("_id") or message.get("response_id")


def _path(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages up to the newest one; all of them, in their order, where the file does not say which one follows which."""
    by_id: dict[Hashable, dict[str, Any]] = {name: message for message in messages if isinstance(name := _id(message), str)}
    parents: dict[Hashable, Any] = {name: message.get("parent_response_id") for name, message in by_id.items()}
    if len(by_id) < len(messages) or not any(isinstance(parent, str) and parent in by_id for parent in parents.values()):
        return messages
    return [by_id[name] for name in path_to(newest_leaf(parents, {name: _time(message.get("create_time")) for name, message in by_id.items()}), parents)]


def _add(builder: ConversationBuilder, number: int, message: dict[str, Any]) -> None:
    by_person = _SENDERS.get(str(message.get("sender")).lower())
    if by_person is None:
        builder.skip(UNKNOWN_ROLE)
        return
    builder.skip(ATTACHMENT, len(message["file_attachments"]) if isinstance(message.get("file_attachments"), list) else 0)
    text = message["message"] if isinstance(message.get("message"), str) else ""
    builder.add(
        message_id(builder, _id(message) or number), by_person=by_person, text=text if by_person else remove_elements(text, _ELEMENT),
        sent_at=_time(message.get("create_time")), model=message.get("model"),
    )


def _time(value: Any) -> datetime | None:
    """Return the instant of a time as MongoDB writes it, or as text or number."""
    for name in ("$date", "$numberLong"):
        value = value.get(name) if isinstance(value, dict) and name in value else value
    return read_time(value)
