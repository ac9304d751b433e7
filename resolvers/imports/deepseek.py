"""DeepSeek's data export, conversations.json: a list of conversations, each a tree of messages in fragments.

DeepSeek publishes no description. Names looked up on 2026-11-28 in programs that read such files (goodbu/Deepseek-md-, json_to_md.py;
DavidShiang/DeepSeek2md): `id`, `title`, `inserted_at` (ISO 8601 with an offset), `mapping` {"root", "1", …} with `parent`, `children` and
`message`: `fragments` of type REQUEST, RESPONSE, THINK, SEARCH, `model`, `files`, `inserted_at`. Older files have `content` and
`reasoning_content` instead of fragments and no role: questions and answers take turns from the root on. No field names the current branch.
"""
from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from resolvers.imports.building import ConversationBuilder, identity, newest_leaf, path_to
from resolvers.imports.records import ATTACHMENT, OTHER_BRANCH, ParsedConversation
from resolvers.imports.timestamps import read_time


def matches(item: Any) -> bool:
    """Return whether the conversation is one of DeepSeek's: ChatGPT's has a `mapping`, too, but neither `inserted_at` nor fragments."""
    return isinstance(item, dict) and isinstance(item.get("mapping"), dict) and ("inserted_at" in item or any(map(_has_fragments, item["mapping"].values())))


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the messages on the path to the newest one. Raises `UnreadableConversation`."""
    name = identity(item.get("id"), item.get("conversation_id"))
    builder = ConversationBuilder("deepseek", name, item.get("title"), started_at=read_time(item.get("inserted_at")))
    nodes: dict[Hashable, dict[str, Any]] = {name: node for name, node in item["mapping"].items() if isinstance(node, dict)}
    said = {name: node["message"] for name, node in nodes.items() if isinstance(node.get("message"), dict)}
    parents = {name: node.get("parent") for name, node in nodes.items()}
    path = path_to(newest_leaf(parents, {name: read_time(message.get("inserted_at")) for name, message in said.items()}), parents)
    builder.skip(OTHER_BRANCH, len(said) - sum(1 for name in path if name in said))
    turn = 0
    for node_id in path:
        if node_id in said:
            _add(builder, node_id, said[node_id], turn)
            turn += 1
    return builder.parsed


def _has_fragments(node: Any) -> bool:
    message = node.get("message") if isinstance(node, dict) else None
    return isinstance(message, dict) and isinstance(message.get("fragments"), list)


def _add(builder: ConversationBuilder, name: Hashable, message: dict[str, Any], turn: int) -> None:
    by_person, texts = turn % 2 == 0, list[str]()
    builder.skip(ATTACHMENT, len(message["files"]) if isinstance(message.get("files"), list) else 0)
    fragments = message.get("fragments")
    if isinstance(fragments, list):
        for fragment in fragments:
            kind, content = (fragment.get("type"), fragment.get("content")) if isinstance(fragment, dict) else (None, None)
            if kind in ("REQUEST", "RESPONSE") and isinstance(content, str):
                by_person = kind == "REQUEST"
                texts.append(content)
            elif kind not in ("REQUEST", "RESPONSE"):
                builder.skip(f"fragment of type {str(kind)[:40]}")
    elif isinstance(message.get("content"), str):
        texts.append(message["content"])
    text = "\n\n".join(text for text in texts if text.strip())
    builder.add(f"{builder.name}:{name}", by_person=by_person, text=text, sent_at=read_time(message.get("inserted_at")), model=message.get("model"))
