"""ChatGPT's data export, conversations.json: a list of conversations, each a tree of messages of which one path is current.

OpenAI publishes no description. The names are those of mitkury/chatgpt-export-parser (docs/chatgpt-data-export-format.md) and of a description
of exports up to January 2026, both looked up on 2026-11-28: `mapping` {id, message, parent, children}, `current_node`, `is_archived`,
`message.author.role`, `content.content_type`, `content.parts`, `metadata.model_slug`. The marks within an answer, such as `entity` and `url`, are
those of daugaard47/ChatGPT_Conversations_To_Markdown#8 and pionxzh/chatgpt-exporter#328, looked up on 2026-11-29.
"""
from __future__ import annotations

import json
import re
from collections.abc import Hashable
from datetime import datetime, timezone
from typing import Any, Final

from resolvers.imports.building import ConversationBuilder, identity, message_id, newest_leaf, path_to
from resolvers.imports.records import ATTACHMENT, HIDDEN, OTHER_BRANCH, TEMPORARY, TOOL_CALL, UNKNOWN_FORM, UNKNOWN_ROLE, ParsedConversation
from resolvers.imports.timestamps import read_time

PLAIN: Final = ("text", "multimodal_text")
EARLIEST: Final = datetime(2015, 12, 11, tzinfo=timezone.utc)
"""OpenAI was announced on this day, so no message of an export can be earlier."""
_MARK: Final = re.compile("\ue200([^\ue200\ue201]*)\ue201|【\\d+(?::\\d+)?†[^【】]*】")
"""The marks of what is linked within a text: between characters for private use, separated by another one, a search result, a page, or a name with the
kind of what it names; in brackets, the place of a source, as until 2025. References to sources mean nothing outside the product."""


def matches(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("mapping"), dict)


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the messages on the current path. Raises `UnreadableConversation`."""
    nodes = {name: node for name, node in item["mapping"].items() if isinstance(node, dict)}
    name = identity(item.get("conversation_id"), item.get("id"), *(node.get("id") for node in nodes.values()))
    builder = ConversationBuilder("chatgpt", name, item.get("title"), item.get("is_archived") is True, _time(item.get("create_time")))
    said = [node for node in nodes.values() if _message(node)]
    builder.skip(UNKNOWN_FORM, sum(1 for node in nodes.values() if node.get("message") and not _message(node)))
    if item.get("is_do_not_remember") or item.get("is_temporary_chat"):
        builder.skip(TEMPORARY, len(said))
        return builder.parsed
    path = _path(nodes, item.get("current_node"))
    builder.skip(OTHER_BRANCH, len(said) - sum(1 for node_id in path if _message(nodes[node_id])))
    for node_id in path:
        if message := _message(nodes[node_id]):
            _add(builder, message_id(builder, message.get("id") or node_id), message)
    return builder.parsed


def _path(nodes: dict[str, dict[str, Any]], current: Any) -> list[str]:
    parents: dict[Hashable, Any] = {name: node.get("parent") for name, node in nodes.items()}
    if current not in parents:
        current = newest_leaf(parents, {name: _time((_message(node) or {}).get("create_time")) for name, node in nodes.items()})
    return path_to(current, parents)


def _add(builder: ConversationBuilder, key: str, message: dict[str, Any]) -> None:
    sent_at = _time(message.get("create_time"))
    reason = _why_not(message)
    if reason:
        builder.started_at = sent_at or builder.started_at
        builder.skip(reason)
        return
    metadata = message.get("metadata") if isinstance(message.get("metadata"), dict) else {}
    builder.add(key, by_person=message["author"].get("role") == "user", text=_text(builder, message), sent_at=sent_at, model=(metadata or {}).get("model_slug"))


def _message(node: Any) -> dict[str, Any] | None:
    message = node.get("message") if isinstance(node, dict) else None
    return message if isinstance(message, dict) and isinstance(message.get("author"), dict) and isinstance(message.get("content"), dict) else None


def _why_not(message: dict[str, Any]) -> str | None:
    """Return why a message is not part of the dialogue of user and assistant, or None if it is."""
    role = message["author"].get("role")
    metadata = message.get("metadata") if isinstance(message.get("metadata"), dict) else {}
    if role in ("system", "tool"):
        return f"role {role}"
    if role not in ("user", "assistant"):
        return UNKNOWN_ROLE
    if metadata and (metadata.get("is_visually_hidden_from_conversation") or metadata.get("is_user_system_message")) or message.get("weight") == 0:
        return HIDDEN
    if message.get("recipient") not in (None, "all"):
        return TOOL_CALL
    kind = message["content"].get("content_type")
    return None if kind in PLAIN or kind is None and "parts" in message["content"] else f"content type {str(kind)[:40]}"


def _text(builder: ConversationBuilder, message: dict[str, Any]) -> str:
    texts: list[str] = []
    parts = message["content"].get("parts")
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, str):
            texts.append(_MARK.sub(_shown, part))
        elif isinstance(part, dict) and part.get("content_type") == "audio_transcription":
            texts.append(str(part.get("text") or ""))
        elif part is not None:
            builder.skip(ATTACHMENT)
    return "\n\n".join(text for text in texts if text.strip())


def _shown(mark: re.Match[str]) -> str:
    """Return what the product shows for a mark within a text: the name that is linked, nothing for a reference to a search result."""
    kind, *values = (mark[1] or "").split("\ue202")
    if kind == "url" and values:
        return values[0]
    if kind != "entity" or not values:
        return ""
    try:
        entity = json.loads(values[0])
    except (ValueError, RecursionError):
        return ""
    return entity[1] if isinstance(entity, list) and len(entity) > 1 and isinstance(entity[1], str) else ""


def _time(value: Any) -> datetime | None:
    return read_time(value, EARLIEST)
