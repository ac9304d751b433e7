"""Reading what the provider sent: only a whole answer with text counts as one.

The openai client builds its objects without checking them, so any field may be missing or of another type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from llm import prices, tokens
from llm.errors import ModelEmpty, ModelFiltered, ModelMalformed, ModelTruncated
from llm.tools import ToolCall
from llm.usage import Usage

if TYPE_CHECKING:
    from llm.client import ChatMessage

CHARACTERS_PER_TOKEN = 16
"""No tokenizer packs more characters of prose into a token; a text beyond it did not honour `max_tokens`."""

TOOL_CALLS = "tool_calls"
"""The finish reason of a reply that asks for tools."""
LONGEST_CALL = 4_000
"""Characters of a call's arguments; what is longer was not written to be a query."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` without control characters and lone surrogates, which no database holds; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def read(reply: object, messages: Sequence[ChatMessage], max_tokens: int, *, tools: bool = False) -> tuple[str, tuple[ToolCall, ...], Usage]:
    """Text, calls of tools and usage of a whole reply; without `tools` calls count as no answer.

    Raises ModelMalformed, ModelEmpty, ModelTruncated, ModelFiltered; each with the usage.
    """
    usage = reported(reply)
    choices = getattr(reply, "choices", None)
    if not isinstance(choices, list):
        raise ModelMalformed(usage=usage)
    if not choices:
        raise ModelEmpty(usage=usage or estimated(messages, ""))
    choice = cast("list[object]", choices)[0]
    message = getattr(choice, "message", None)
    text = content(message)
    usage = usage or estimated(messages, text)
    reason = getattr(choice, "finish_reason", None)
    if tools and reason == TOOL_CALLS:
        pieces = CallPieces()
        pieces.add(message)
        return printable(text), pieces.whole(usage), usage
    return checked(text, reason, usage, max_tokens), (), usage


class CallPieces:
    """Calls of tools as they arrive: whole in a reply, in fragments in a stream, where the position tells whose a fragment is."""

    def __init__(self) -> None:
        self._calls: dict[int, dict[str, str]] = {}

    def add(self, part: object) -> None:
        given = getattr(part, "tool_calls", None)
        for place, item in enumerate(cast("list[object]", given) if isinstance(given, list) else ()):
            index = getattr(item, "index", None)
            call = self._calls.setdefault(index if isinstance(index, int) else place, {"id": "", "name": "", "arguments": ""})
            function = getattr(item, "function", None)
            given_by = {"id": item, "name": function, "arguments": function}
            for name, source in given_by.items():
                piece = getattr(source, name, None)
                if isinstance(piece, str) and len(call[name]) < LONGEST_CALL:
                    call[name] += piece

    def whole(self, usage: Usage) -> tuple[ToolCall, ...]:
        """Raises ModelMalformed where there is none, or one without id or name."""
        calls = tuple(ToolCall(printable(call["id"]), printable(call["name"]), printable(call["arguments"])) for _, call in sorted(self._calls.items()))
        if not calls or not all(call.id and call.name for call in calls):
            raise ModelMalformed(usage=usage)
        return calls


def checked(text: str, finish_reason: object, usage: Usage, max_tokens: int) -> str:
    """The printable `text` of an answer that ended by itself within its bounds.

    Raises ModelFiltered, ModelTruncated (any reason but `stop`, and none), ModelEmpty, ModelMalformed (too long).
    """
    if finish_reason == "content_filter":
        raise ModelFiltered(usage=usage)
    if finish_reason != "stop":
        raise ModelTruncated(usage=usage)
    if not text.strip():
        raise ModelEmpty(usage=usage)
    if len(text) > max_tokens * CHARACTERS_PER_TOKEN:
        raise ModelMalformed(usage=usage)
    return printable(text)


def content(part: object) -> str:
    """The text of a message or of a stream's delta; "" where it has none."""
    text = getattr(part, "content", None)
    return text if isinstance(text, str) else ""


def reported(reply: object) -> Usage | None:
    """Return what the provider says that the call used, at the price of this minute; None where it says nothing."""
    usage = getattr(reply, "usage", None)
    spent, made = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if spent is None or made is None:
        return None
    cached = next((found for path in CACHED if (found := _count(usage, *path)) is not None), 0)
    thought = _count(usage, "completion_tokens_details", "reasoning_tokens") or 0
    return prices.priced(Usage(spent, made, min(cached, spent), min(thought, made)))


CACHED = (("prompt_cache_hit_tokens",), ("prompt_tokens_details", "cached_tokens"), ("cached_tokens",))
"""Where providers tell how many tokens their prompt cache served; the first that is there counts."""


def _count(found: object, *path: str) -> int | None:
    for name in path:
        found = cast("dict[str, object]", found).get(name) if isinstance(found, dict) else getattr(found, name, None)
    return found if isinstance(found, int) and found >= 0 else None


def estimated(messages: Sequence[ChatMessage], text: str) -> Usage:
    """Return the usage by our own count, at the price of this minute: for providers that report none and streams that broke."""
    return prices.priced(Usage(sum(tokens.count_message(message) for message in messages), tokens.count(text)))
