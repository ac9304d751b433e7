"""Collects the messages of one conversation, with the rules that all kinds of files share."""
from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from llm.printable_text import is_blank
from resolvers.imports.bounds import clean, name_of, to_bounds
from resolvers.imports.records import NO_TEXT, NO_TIME, ParsedConversation, Record, UnreadableConversation

MAX_REASON_LENGTH: Final = 80
_UUID: Final = re.compile(r"[0-9a-z]{8}-?(?:[0-9a-z]{4}-?){3}[0-9a-z]{12}", re.IGNORECASE | re.ASCII)
"""ChatGPT's ids also begin with letters such as aaa, and have other letters than a to f."""


@dataclass
class ConversationBuilder:
    """A conversation that is being read. A message without a time gets that of the message before it, the first one that of the conversation."""

    kind: str
    name: str
    title: Any = None
    archived: bool = False
    started_at: datetime | None = None
    parsed: ParsedConversation = field(default_factory=ParsedConversation)

    def skip(self, reason: str, number: int = 1) -> None:
        if number:  # a reason may name a type or role as the file spells it, also with what no response can carry
            self.parsed.skipped[name_of(reason, MAX_REASON_LENGTH) or "unknown type"] += number

    def add(self, key: Any, *, by_person: bool, text: str, sent_at: datetime | None, model: Any = None) -> None:
        """Add a message, or count it as skipped if it has no text or no time is known."""
        content = clean(text)
        self.started_at = sent_at or self.started_at
        if is_blank(content) or self.started_at is None:
            self.skip(NO_TIME if self.started_at is None else NO_TEXT)
            return
        record = Record(
            f"{self.kind}:{key}", f"{self.kind} {self.name}", by_person, content, sent_at=self.started_at, title=self.title, model=model,
            archived=self.archived,
        )
        self.parsed.records.append(to_bounds(record, self.parsed.skipped))


def remove_elements(text: str, opening: re.Pattern[str]) -> str:
    """Return a text without the elements whose start tag matches, each up to its first end tag; one without an end tag stays.

    `opening` has the tag's name as its first group. The time is linear in the length of the text, whatever it contains.
    """
    kept, at = [], 0
    without_end: set[str] = set()
    for found in opening.finditer(text):
        name = found[1]
        if found.start() < at or name in without_end:
            continue
        end = text.find(f"</{name}>", found.end())
        if end < 0:
            without_end.add(name)
            continue
        kept.append(text[at : found.start()])
        at = end + len(name) + 3
    return "".join(kept) + text[at:]


def identity(*candidates: Any) -> str:
    """Return the first id in `candidates`: without one, a repeated import could not tell what is stored. Raises `UnreadableConversation`."""
    for candidate in candidates:
        if isinstance(candidate, (str, int)) and not isinstance(candidate, bool) and str(candidate).strip():
            return str(candidate)
    raise UnreadableConversation("no id")


def message_id(builder: ConversationBuilder, name: Any) -> str:
    """Return the key of a message whose id is unique in the product, where one that was branched into another chat keeps it. An id that is no UUID is
    taken as unique in its conversation only: files that other programs wrote count 1, 2, 3 in each."""
    return str(name) if _UUID.fullmatch(str(name)) else f"{builder.name}:{name}"


def path_to(leaf: Any, parents: Mapping[Hashable, Any]) -> list[Any]:
    """Return the ids from the root to the leaf; `parents` maps each id to its parent's. A cycle ends the path."""
    upward: dict[Any, None] = {}
    while isinstance(leaf, Hashable) and leaf in parents and leaf not in upward:
        upward[leaf] = None
        leaf = parents[leaf]
    return list(reversed(upward))


def newest_leaf(parents: Mapping[Hashable, Any], times: Mapping[Hashable, datetime | None]) -> Any:
    """Return the leaf with the latest time, among equals the last one of the file; None without nodes.

    The last answer was given on the branch that the user saw last.
    """
    inner = {parent for parent in parents.values() if isinstance(parent, Hashable)}
    leaves = [node for node in parents if node not in inner] or list(parents)
    order = {node: number for number, node in enumerate(parents)}
    return max(leaves, key=lambda node: (_seconds(times.get(node)), order[node]), default=None)


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else float("-inf")


def texts_in(content: Any, builder: ConversationBuilder, attachment: str, texts_of: Sequence[str] = ("text",)) -> str:
    """Return the joined texts of a message's content: a text, or a list of parts of which only those of the types in `texts_of` are text.

    Other parts are counted under `attachment` or, for a tool's calls and thoughts, under their type.
    """
    if isinstance(content, str):
        return content
    texts: list[str] = []
    for part in content if isinstance(content, list) else []:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and part.get("type") in texts_of:
            value = next((part[name] for name in ("text", "content", "transcript") if name in part), None)
            value = value.get("value") if isinstance(value, dict) else value
            texts.append(value if isinstance(value, str) else "")
        elif isinstance(part, dict) and part.get("type") in _NO_DIALOGUE:
            builder.skip(f"part of type {part['type']}")
        elif part is not None:
            builder.skip(attachment)
    return "\n\n".join(text for text in texts if text.strip())


_NO_DIALOGUE = ("tool_use", "tool_result", "tool_call", "thinking", "think", "redacted_thinking", "reasoning", "error", "agent_update", "token_budget", "flag")
"""Types of parts that are neither text of the dialogue nor files: calls of tools with their results, thoughts and errors."""
