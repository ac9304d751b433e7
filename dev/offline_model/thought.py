"""The thought of the offline model: extractive, deterministic, and recognisable wherever it appears."""

from __future__ import annotations

from dev.offline_model.protocol import ChatRequest
from llm import tokens

MARK = "(offline thought)"
"""A mark in every line of a thought, so that a search of a database or a page finds any part of it."""
LINES = {"minimal": 4, "low": 4, "medium": 8, "high": 8, "xhigh": 16, "max": 16}
QUOTED = 60

_STEPS = (
    "The last thing said to me is “{last}”, and I answer in its language.",
    "The instructions come first, then what is remembered, then this conversation.",
    "Nothing is made up: each sentence has to come from the text above.",
    "So I look for what was said about it, weigh it, and write it down in short.",
)


def think(request: ChatRequest) -> str:
    """Return the thought about `request`, longer with more effort and always longer than the limit of a title (60 tokens)."""
    last = " ".join(next((message.content for message in reversed(request.messages) if message.role == "user"), "").split())[:QUOTED]
    count = LINES.get(request.effort, LINES["high"])
    steps = (f"{MARK} {number + 1}. {_STEPS[number % len(_STEPS)].format(last=last)}" for number in range(count))
    return "\n".join(steps)


def within(thought: str, text: str, limit: int) -> tuple[str, str, bool]:
    """Return thought and text truncated to `limit` tokens, the thought first; and whether anything was cut off."""
    if not thought and not text:
        return "", "", False
    spent = tokens.count(thought)
    if spent >= limit:
        return next(tokens.split(thought, limit)), "", True
    if tokens.count(text) <= limit - spent:
        return thought, text, False
    return thought, next(tokens.split(text, limit - spent)), True
