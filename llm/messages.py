"""Chat messages, offered tools and completions: the input and the result of a model call.

Imports only llm.tools and llm.usage, so that every module of the package may use these types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from llm.tools import Tool, ToolCall
from llm.usage import Usage

CutOff = Literal["LENGTH", "FILTER", "STOPPED"]


class _Said(TypedDict):
    role: Literal["system", "user", "assistant", "tool"]
    content: str


class ChatMessage(_Said, total=False):
    """A chat message. An assistant's message with `tool_calls` requests tools; a tool's message answers the call `tool_call_id`.

    `thought` is the model's thought before it called tools; it is sent back to providers that require it.
    """

    tool_calls: list[dict[str, Any]]
    tool_call_id: str
    thought: str


@dataclass(frozen=True, slots=True)
class ToolOffer:
    """Tools that the model may call. With `closed` they are sent, as a conversation that used them requires, but must not be called."""

    tools: Sequence[Tool]
    closed: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        return {"tools": list(self.tools), "tool_choice": "none" if self.closed else "auto"}


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer, or with `tool_calls` the model's requests for tools (then `text` may be empty).

    `cut_off` is set if the answer ended too early. `latency_ms` runs from the call to its last token, retries and their delays included.
    `tools_used` counts the tool calls that were run for it, and `shown_results` are the numbers of those, from 0, whose results the model was shown.
    `thought` is only used in the next round of the same answer. `suggested_replies` is what the model wrote of them below the answer, if it was asked to.
    `leading` is the white space that the model sent before `text`, which a continuation keeps.
    """

    text: str
    model: str
    finish_reason: str
    usage: Usage
    latency_ms: int
    tool_calls: tuple[ToolCall, ...] = ()
    tools_used: int = 0
    shown_results: tuple[int, ...] = ()
    cut_off: CutOff | None = None
    thought: str = ""
    suggested_replies: tuple[str, ...] = ()
    leading: str = ""
