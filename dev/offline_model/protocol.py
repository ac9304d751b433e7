"""The types of the chat-completions protocol that all modules of the offline model share: requests, answers and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llm import tokens

MODEL = "unilife-offline"
ROLES = ("system", "developer", "user", "assistant", "tool")
DEFAULT_MAX_TOKENS = 4_096


class RequestError(Exception):
    """The error of a request that cannot be served; becomes a response with `body` and the HTTP status `status`."""

    def __init__(self, message: str, *, status: int = 400, code: str | None = None, param: str | None = None, body: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = body or error_body(message, status=status, code=code, param=param)


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    content: str
    reasoning: str | None = None
    """The thought that the client sends back with an assistant's message; None if the field is missing."""
    calls: str = ""
    """The tool calls that the client sends back, as JSON; "" without any."""

    @property
    def tokens(self) -> int:
        return tokens.count(self.content) + tokens.count(self.reasoning or "") + tokens.count(self.calls) + tokens.MESSAGE_OVERHEAD


@dataclass(frozen=True, slots=True)
class ChatRequest:
    messages: tuple[Message, ...]
    model: str
    max_tokens: int
    stream: bool
    include_usage: bool
    json_mode: bool
    digest: str
    tools: frozenset[str] = frozenset()
    """Names of the tools that may be called in this request."""
    offered: str = ""
    """The tools as sent, also those that may not be called in this request, as JSON."""
    thinking: bool = False
    effort: str = "high"
    parameters: frozenset[str] = field(default_factory=frozenset[str])
    """Names of all parameters of the request."""

    @property
    def system(self) -> str:
        return next((message.content for message in self.messages if message.role == "system"), "")

    @property
    def prompt_tokens(self) -> int:
        return sum(message.tokens for message in self.messages)


@dataclass(frozen=True, slots=True)
class Answer:
    """The text of the model, or the one tool that it calls."""

    text: str
    finish_reason: str = "stop"
    tool: str | None = None
    """The tool to call with `arguments` (JSON) instead of a text."""
    arguments: str = ""


def error_body(message: str, *, status: int, code: str | None = None, param: str | None = None) -> dict[str, object]:
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def text_of(value: Any) -> str | None:
    """Return the text of a message's `content`: a string, or a list of text parts; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, Mapping) and isinstance(part.get("text"), str) for part in value):
        return "".join(part["text"] for part in value)
    return None
