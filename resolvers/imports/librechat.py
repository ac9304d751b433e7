"""LibreChat's export of one conversation as JSON.

Read from its source on 2026-11-28 (client/src/hooks/Conversations/useExportConversation.ts and api/server/utils/import/importers.js):
`conversationId`, `title`, `exportAt`, `branches`, `recursive`, `options`, and `messages`, a list, or `messagesTree`, whose messages have
`children`. A message has `messageId`, `parentMessageId`, `isCreatedByUser`, `text` or `content` (parts of type text, think, tool_call),
`model`, `createdAt`. No field names the current branch.
"""
from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from resolvers.imports.building import ConversationBuilder, identity, newest_leaf, path_to, texts_in
from resolvers.imports.records import ATTACHMENT, ERROR_MESSAGE, OTHER_BRANCH, ParsedConversation
from resolvers.imports.timestamps import read_time


def matches(item: Any) -> bool:
    return isinstance(item, dict) and "conversationId" in item and isinstance(item.get("messagesTree", item.get("messages")), (list, dict))


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the messages on the path to the newest one. Raises `UnreadableConversation`."""
    messages = _flat(item.get("messagesTree") if item.get("messagesTree") is not None else item.get("messages"))
    options = item.get("options") if isinstance(item.get("options"), dict) else {}
    started_at = next((at for message in messages if (at := read_time(message.get("createdAt")))), None)
    builder = ConversationBuilder("librechat", identity(item["conversationId"]), item.get("title"), (options or {}).get("isArchived") is True, started_at)
    by_id: dict[Hashable, dict[str, Any]] = {_id(message, number): message for number, message in enumerate(messages)}
    parents: dict[Hashable, Any] = {name: message.get("parentMessageId") for name, message in by_id.items()}
    path = list(by_id)
    if any(parent in by_id for parent in parents.values()):
        path = path_to(newest_leaf(parents, {name: read_time(message.get("createdAt")) for name, message in by_id.items()}), parents)
    builder.skip(OTHER_BRANCH, len(by_id) - len(path))
    for name in path:
        _add(builder, name, by_id[name], (options or {}).get("model"))
    return builder.parsed


def _flat(tree: Any) -> list[dict[str, Any]]:
    """Return the messages of a list or tree, each with its parent's id, in the order of the file."""
    waiting: list[tuple[Any, Any]] = [(tree, None)]
    found: list[dict[str, Any]] = []
    while waiting:
        node, parent = waiting.pop()
        if isinstance(node, list):
            waiting.extend((child, parent) for child in reversed(node))
        elif isinstance(node, dict):
            found.append({**node, "parentMessageId": node.get("parentMessageId", parent), "children": None})
            waiting.append((node.get("children"), node.get("messageId")))
    return found


def _id(message: dict[str, Any], number: int) -> Hashable:
    name = message.get("messageId")
    return name if isinstance(name, str) and name else number


def _add(builder: ConversationBuilder, name: Hashable, message: dict[str, Any], model: Any) -> None:
    if message.get("error") is True:
        builder.skip(ERROR_MESSAGE)
        return
    for kind in ("files", "attachments"):
        builder.skip(ATTACHMENT, len(message[kind]) if isinstance(message.get(kind), list) else 0)
    text = texts_in(message.get("content"), builder, ATTACHMENT) if message.get("content") else ""
    text = text if text.strip() else texts_in(message.get("text"), builder, ATTACHMENT)
    by_person = message.get("isCreatedByUser")
    by_person = by_person if isinstance(by_person, bool) else str(message.get("sender")).lower() == "user"
    builder.add(f"{builder.name}:{name}", by_person=by_person, text=text, sent_at=read_time(message.get("createdAt")), model=message.get("model") or model)
