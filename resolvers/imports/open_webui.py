"""The chat export of Open WebUI and of Qwen Chat: a list of chats, each with a tree of messages in `chat.history`.

Names looked up on 2026-11-28 in TomzxCode/llm-conversations-viewer (docs/formats.md, under Z.ai, which runs Open WebUI) and in Open WebUI's
own importers: `id`, `title`, `archived`, `created_at`, `updated_at`, `chat.history.messages` {id, parentId, childrenIds, role, content,
timestamp, model, modelName, files}, `chat.history.currentId`; older files have the list `chat.messages` alone. Times are in seconds, some in
milliseconds. The thoughts of a model stand as `<details type="reasoning">` in the answer. Qwen Chat has the list as `data` of an object, and the texts of
answers in `content_list` alone, beside thoughts, by `phase` (wuaishare/sharextract#8 and a program that reads such files, looked up on 2026-11-29).
"""
from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, Final

from resolvers.imports.building import ConversationBuilder, identity, newest_leaf, path_to, remove_elements, texts_in
from resolvers.imports.records import ATTACHMENT, OTHER_BRANCH, ParsedConversation
from resolvers.imports.timestamps import read_time

_DETAILS: Final = re.compile(r"<(details)\s+type=\"(?:reasoning|tool_calls|code_interpreter)\"[^<>]*>")
_ROLES: Final = {"user": True, "assistant": False}


def matches(item: Any) -> bool:
    chat = item.get("chat") if isinstance(item, dict) else None
    return isinstance(chat, dict) and (isinstance(chat.get("history"), dict) or isinstance(chat.get("messages"), list))


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the messages on the current path. Raises `UnreadableConversation`."""
    chat = item["chat"]
    builder = ConversationBuilder(
        "open-webui", identity(item.get("id"), chat.get("id")), item.get("title") or chat.get("title"), item.get("archived") in (True, 1),
        read_time(item.get("created_at")) or read_time(chat.get("timestamp")),
    )
    history: dict[str, Any] = chat["history"] if isinstance(chat.get("history"), dict) else {}
    nodes = history.get("messages")
    found: dict[Hashable, Any] = {name: node for name, node in nodes.items() if isinstance(node, dict)} if isinstance(nodes, dict) else {}
    messages = _path(history, found) if found else [message for message in chat.get("messages") or [] if isinstance(message, dict)]
    builder.skip(OTHER_BRANCH, max(0, len(found) - len(messages)))
    for number, message in enumerate(messages):
        _add(builder, number, message)
    return builder.parsed


def _path(history: dict[str, Any], nodes: dict[Hashable, dict[str, Any]]) -> list[dict[str, Any]]:
    parents: dict[Hashable, Any] = {name: message.get("parentId") for name, message in nodes.items()}
    leaf = history.get("currentId")
    if leaf not in nodes:
        leaf = newest_leaf(parents, {name: read_time(message.get("timestamp")) for name, message in nodes.items()})
    return [{"id": name, **nodes[name]} for name in path_to(leaf, parents)]


def _add(builder: ConversationBuilder, number: int, message: dict[str, Any]) -> None:
    by_person = _ROLES.get(str(message.get("role")))
    if by_person is None:
        builder.skip(f"role {str(message.get('role'))[:40]}")
        return
    builder.skip(ATTACHMENT, len(message["files"]) if isinstance(message.get("files"), list) else 0)
    text = texts_in(message.get("content"), builder, ATTACHMENT)
    text = text if text.strip() else _answer_in(message.get("content_list"))
    builder.add(
        f"{builder.name}:{message.get('id') or number}", by_person=by_person, text=text if by_person else remove_elements(text, _DETAILS),
        sent_at=read_time(message.get("timestamp")), model=message.get("model") or message.get("modelName"),
    )


def _answer_in(pieces: Any) -> str:
    """Return the texts of Qwen Chat's pieces that are the answer, without thoughts and searches."""
    answers = [piece.get("content") for piece in pieces if isinstance(piece, dict) and piece.get("phase") == "answer"] if isinstance(pieces, list) else []
    return "\n\n".join(text for text in answers if isinstance(text, str) and text.strip())
