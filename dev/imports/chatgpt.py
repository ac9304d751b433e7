"""ChatGPT's data export, conversations.json: a list of conversations, each a tree of messages of which one path is current.

The format has no published description; this module reads what exports contain, and skips and counts everything that it does not recognise.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from dev.imports.records import ParsedFile, Record, clean

PLAIN = ("text", "multimodal_text")
EARLIEST = datetime(2015, 12, 11, tzinfo=timezone.utc)
"""OpenAI was announced on this day, so no message of an export can be earlier."""


def matches(document: Any) -> bool:
    return isinstance(document, list) and bool(document) and all(isinstance(item, dict) and isinstance(item.get("mapping"), dict) for item in document)


def read(document: list[dict[str, Any]]) -> ParsedFile:
    """Return all messages on the current paths, conversation by conversation."""
    reading = ParsedFile()
    for number, conversation in enumerate(document):
        _read_conversation(reading, conversation, str(conversation.get("conversation_id") or conversation.get("id") or f"number {number}"))
    return reading


def _read_conversation(reading: ParsedFile, conversation: dict[str, Any], name: str) -> None:
    mapping: dict[str, Any] = conversation["mapping"]
    path = list(_path(mapping, conversation.get("current_node")))
    spoken = [node for node in mapping.values() if _message(node)]
    if conversation.get("is_do_not_remember") or conversation.get("is_temporary_chat"):
        reading.skipped["temporary chat"] += len(spoken)
        return
    reading.skipped["branch that is not the current one"] += len(spoken) - sum(1 for node in path if _message(node))
    said_at = _instant(conversation.get("create_time"))
    for node in path:
        message = _message(node)
        reason = message and _why_not(message)
        if not message:
            continue
        said_at = _instant(message.get("create_time")) or said_at
        content = _content(reading, message) if not reason else ""
        reason = reason or (None if content else "no text") or (None if said_at else "no usable time")
        if reason:
            reading.skipped[reason] += 1
            continue
        reading.records.append(Record(
            f"chatgpt:{message.get('id') or node.get('id')}", f"chatgpt {name}", message["author"]["role"] == "user", content, sent_at=said_at,
            title=clean(str(conversation.get("title") or "")) or None, model=(message.get("metadata") or {}).get("model_slug"),
        ))


def _path(mapping: dict[str, Any], leaf: Any) -> Iterator[dict[str, Any]]:
    """Return the path from the root to the current message, or to the newest leaf if none is current."""
    if leaf not in mapping:
        leaves = [name for name, node in mapping.items() if isinstance(node, dict) and not node.get("children")]
        leaf = max(leaves, key=lambda name: (_message(mapping[name]) or {}).get("create_time") or 0, default=None)
    upward: dict[str, dict[str, Any]] = {}
    while isinstance(leaf, str) and leaf not in upward and isinstance(mapping.get(leaf), dict):
        upward[leaf] = mapping[leaf]
        leaf = mapping[leaf].get("parent")
    return reversed(upward.values())


def _message(node: Any) -> dict[str, Any] | None:
    message = node.get("message") if isinstance(node, dict) else None
    return message if isinstance(message, dict) and isinstance(message.get("author"), dict) and isinstance(message.get("content"), dict) else None


def _why_not(message: dict[str, Any]) -> str | None:
    """Return why a message is not part of the dialogue of user and assistant, or None if it is."""
    role = message["author"].get("role")
    metadata = message.get("metadata") or {}
    if role in ("system", "tool"):
        return f"role {role}"
    if role not in ("user", "assistant"):
        return "unknown role"
    if metadata.get("is_visually_hidden_from_conversation") or metadata.get("is_user_system_message") or message.get("weight") == 0:
        return "hidden message"
    if message.get("recipient") not in (None, "all"):
        return "call of a tool"
    kind = message["content"].get("content_type")
    return None if kind in PLAIN else f"content type {kind}"


def _content(reading: ParsedFile, message: dict[str, Any]) -> str:
    texts: list[str] = []
    for part in message["content"].get("parts") or []:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and part.get("content_type") == "audio_transcription":
            texts.append(str(part.get("text") or ""))
        else:
            reading.skipped["attachments (images, audio, files)"] += 1
    return clean("\n\n".join(text for text in texts if text.strip()))


def _instant(seconds: Any) -> datetime | None:
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        return None
    try:
        found = datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found >= EARLIEST else None
