"""Division of a day's or a week's messages into parts that fit into the model's window, without cutting the user's text.

The assistant's messages are shortened first; if the rest still does not fit, it is split between several calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from llm import tokens
from llm.drafts import SlotGuide

MAX_CHUNK_TOKENS = 24_000
"""Tokens of messages in one call: more than a third of the smallest window (64k) that DeepSeek has offered.

JSON escapes, instructions and the answer need tokens as well.
"""
CUT_ANSWER_TOKENS = 80
"""Tokens that remain of each assistant message once a day does not fit completely."""
LINE_TOKENS = 24
"""Tokens of a message's number, role and time."""


@dataclass(frozen=True, slots=True)
class DayMessage:
    """A message of a request. `number` is a small integer, unique in its request; `sent_at` is the user's local time, aware."""

    number: int
    role: Literal["user", "assistant"]
    sent_at: datetime
    content: str


def chunk_messages(messages: Sequence[DayMessage], budget: int = MAX_CHUNK_TOKENS) -> list[list[DayMessage]]:
    """Return `messages` in consecutive parts of at most `budget` tokens each; a longer message is split. Parts without a user's message are dropped."""
    if sum(map(count_tokens, messages)) <= budget:
        return [list(messages)]
    parts: list[list[DayMessage]] = [[]]
    room = budget
    for piece in _pieces(messages, budget):
        if count_tokens(piece) > room and parts[-1]:
            parts.append([])
            room = budget
        parts[-1].append(piece)
        room -= count_tokens(piece)
    return [part for part in parts if any(message.role == "user" for message in part)]


def count_tokens(message: DayMessage) -> int:
    return tokens.count(message.content) + LINE_TOKENS


def message_items(messages: Sequence[DayMessage]) -> list[object]:
    """Return the messages in the form that a prompt shows."""
    return [
        {
            "id": message.number,
            "from": "person" if message.role == "user" else "assistant",
            "at": f"{message.sent_at:%Y-%m-%d %H:%M}",
            "text": message.content,
        }
        for message in messages
    ]


def slot_list(slots: Sequence[SlotGuide]) -> str:
    return "\n".join(f"- {slot.key} ({'many values' if slot.many else 'one value'}): {slot.guide}" for slot in slots)


def slot_items(slots: Sequence[SlotGuide]) -> list[object]:
    """Return a user's further slots in the form in which the data of a prompt lists them."""
    return [
        {"slot": slot.key, **({"name": slot.name} if slot.name else {}), "values": "many" if slot.many else "one", "about": slot.guide} for slot in slots
    ]


def _pieces(messages: Sequence[DayMessage], budget: int) -> Iterator[DayMessage]:
    for message in messages:
        if message.role == "assistant":
            yield replace(message, content=tokens.truncate(message.content, CUT_ANSWER_TOKENS))
            continue
        for text in tokens.split(message.content, max(1, budget - LINE_TOKENS)):
            yield replace(message, content=text)
