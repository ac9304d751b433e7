"""The requests of a user: pages, searches and messages, each with the bytes to send and the meaning of what comes back."""
from __future__ import annotations

import json
import random
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.events import PAGE, SEND

KINDS = ("page", "search", "message")

_CHAT = """
query Chat($id: ID!) {
  viewer { nickname }
  conversations(first: 20) { nodes { id title lastMessageAt } pageInfo { hasNextPage endCursor } }
  conversation(id: $id) {
    id title
    messages(first: 30, newestFirst: true) {
      nodes { id role content status errorCode createdAt editedAt rating replyTo { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
_FIND = """
query Find($words: String!) {
  messageSearch(query: $words, first: 20) {
    nodes { id cursor content createdAt conversation { id title } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


class Asked(NamedTuple):
    """A request: its kind, its body, and the text of a message, which occurs only once."""

    kind: str
    body: dict[str, Any]
    text: str | None = None


def draw(kind: str, conversation: str, words: Sequence[str], choose: random.Random) -> Asked:
    """Return a request of a kind with words drawn at random from those of old messages. A page is that of the diaries or that of the chat.

    Two of a message's words occur in old messages, each in a fifth of them; its others occur nowhere else.
    """
    if kind == "message":
        text = " ".join([*choose.sample(words, 2), *(secrets.token_hex(4) for _ in range(8))])
        given = {"content": text, "conversationId": conversation, "idempotencyKey": secrets.token_hex(16)}
        return Asked(kind, {"query": SEND, "variables": {"input": given}}, text)
    if kind == "search":
        return Asked(kind, {"query": _FIND, "variables": {"words": " ".join(choose.sample(words, 2))}})
    return Asked(kind, {"query": PAGE} if choose.random() < 0.5 else {"query": _CHAT, "variables": {"id": conversation}})


def find_refusal(asked: Asked, status: int, body: str) -> str | None:
    """Return the code with which a request was refused, None for the whole answer."""
    if status == 200 and not body.startswith('{"errors"') and (asked.kind != "message" or '"MessageSendSuccess"' in body):
        return None
    try:
        found = json.loads(body)
        errors = found.get("errors") or [{"extensions": next(iter(found["data"].values()))}]
        return str(errors[0]["extensions"]["code"])
    except (ValueError, AttributeError, LookupError, TypeError):
        return f"status {status}"
