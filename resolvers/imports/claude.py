"""Claude's data export, conversations.json: a list of conversations with `chat_messages`.

Anthropic publishes no description. Names looked up on 2026-11-28 in TomzxCode/llm-conversations-viewer (docs/formats.md) and in exports of 2024
(Superkikim/nexus-ai-chat-importer, local_resources/Claude.json) and of March to July 2026: `uuid`, `name`, `created_at`, `chat_messages` with `uuid`,
`sender` (human, assistant), `text`, `content` (parts of type text, voice_note, thinking, tool_use, tool_result), `attachments`, `files`, and
`parent_message_uuid`, by which an edited question begins a second branch; `current_leaf_message_uuid` and `model` only where a browser extension made
the file.
"""
from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import Any, Final

from resolvers.imports.building import ConversationBuilder, identity, message_id, newest_leaf, path_to, texts_in
from resolvers.imports.records import ATTACHMENT, OTHER_BRANCH, TEMPORARY, UNKNOWN_FORM, UNKNOWN_ROLE, ParsedConversation
from resolvers.imports.timestamps import read_time

_SENDERS: Final = {"human": True, "user": True, "assistant": False}
_UNSUPPORTED: Final = "This block is not supported on your current device yet."
"""The content of `text` for a tool's call; `content` has the text without it."""


def matches(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("chat_messages"), list)


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the messages on the current path. Raises `UnreadableConversation`."""
    builder = ConversationBuilder(
        "claude", identity(item.get("uuid"), item.get("id")), item.get("name") or item.get("title"), item.get("is_archived") is True,
        read_time(item.get("created_at")))
    messages = [message for message in item["chat_messages"] if isinstance(message, dict)]
    builder.skip(UNKNOWN_FORM, len(item["chat_messages"]) - len(messages))
    if item.get("is_temporary"):
        builder.skip(TEMPORARY, len(messages))
        return builder.parsed
    path = _path(item, messages)
    builder.skip(OTHER_BRANCH, len(messages) - len(path))
    for message in path:
        _add(builder, message, item.get("model"))
    return builder.parsed


def _path(item: dict[str, Any], messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages of the current branch; all of them, by their times, where the file does not say which one follows which."""
    by_id: dict[Hashable, dict[str, Any]] = {message["uuid"]: message for message in messages if isinstance(message.get("uuid"), str)}
    parents: dict[Hashable, Any] = {name: message.get("parent_message_uuid") for name, message in by_id.items()}
    if len(by_id) < len(messages) or not all(isinstance(parent, str) for parent in parents.values()):
        return _by_time(messages)
    leaf = item.get("current_leaf_message_uuid")
    if leaf not in by_id:
        leaf = newest_leaf(parents, {name: read_time(message.get("created_at")) for name, message in by_id.items()})
    return [by_id[name] for name in path_to(leaf, parents)]


def _by_time(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages by their times, a question before the answer of the same time; as they are if one has none.

    Exports of 2024 have no parents, and the messages of a conversation are in any order.
    """
    times = [read_time(message.get("created_at")) for message in messages]
    known = [time for time in times if time]
    if len(known) < len(times):
        return messages
    order = sorted(range(len(messages)), key=lambda number: (known[number], _SENDERS.get(str(messages[number].get("sender"))) is False))
    return [messages[number] for number in order]


def _add(builder: ConversationBuilder, message: dict[str, Any], model: Any) -> None:
    by_person = _SENDERS.get(str(message.get("sender")))
    sent_at: datetime | None = read_time(message.get("created_at"))
    if by_person is None:
        builder.skip(UNKNOWN_ROLE)
        return
    for name in ("attachments", "files"):
        builder.skip(ATTACHMENT, len(message[name]) if isinstance(message.get(name), list) else 0)
    text = texts_in(message.get("content"), builder, ATTACHMENT, ("text", "voice_note")) if message.get("content") else ""
    if not text.strip() and isinstance(message.get("text"), str):
        text = message["text"].replace(f"```\n{_UNSUPPORTED}\n```", "").replace(_UNSUPPORTED, "")
    number = f"{builder.name}:{len(builder.parsed.records)}:{message.get('created_at')}"
    key = message_id(builder, message["uuid"]) if isinstance(message.get("uuid"), str) else number
    builder.add(key, by_person=by_person, text=text, sent_at=sent_at, model=message.get("model") or model)
