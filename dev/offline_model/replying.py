"""The conversion of a task's answer to a reply: its thought, token limit, usage, and the requested format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dev.offline_model import prefix_cache, search_calls, shapes, tasks, thought
from dev.offline_model.endpoint import Endpoint
from dev.offline_model.prefix_cache import PrefixCache
from dev.offline_model.protocol import Answer, ChatRequest
from dev.offline_model.provider_errors import ERRORS
from dev.offline_model.reply import Reply
from llm import tokens

GARBAGE = '{"lines": [{"kind": "SUMMARY", "text": "the day'
MISSHAPEN = '{"diary": "a fine day", "signals": "none"}'
DEFAULT_ERROR = "openrouter-upstream"


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before the cache lookup, with the chains of its input and of its answer."""

    reply: Reply
    asked: list[bytes]
    answered: list[bytes]


def draft(request: ChatRequest, task: tasks.Task, kind: str | None, endpoint: Endpoint) -> Draft:
    """Return the draft of the task's answer. Raises RequestError if the prompt is not the one that the task needs."""
    return draft_answer(request, _answer(request, task, kind), kind, endpoint)


def draft_answer(request: ChatRequest, answer: Answer, kind: str | None, endpoint: Endpoint) -> Draft:
    """Return the draft with this text or tool call, truncated as a model does when thought and text reach the token limit."""
    whole = _to_call_reply(answer, request) if answer.tool else Reply(answer.text, answer.finish_reason)
    thinks = (request.thinking or kind in shapes.THINKING) and answer.finish_reason in ("stop", "tool_calls")
    thinks_as, text, cut = thought.within(thought.think(request) if thinks else "", whole.text, request.max_tokens)
    reply = replace(whole, text=text, thought=thinks_as, thought_field=endpoint.family.thought, cached_as=endpoint.family.cached)
    if cut and answer.finish_reason in ("stop", "tool_calls"):
        reply = replace(reply, calls=(), finish_reason="length")
    shaped = _with_shape(request, reply, kind)
    asked, answered = prefix_cache.chains(request, shaped.text, shaped.calls)
    return Draft(replace(shaped, usage=usage(request, shaped, thinks_as)), asked, answered)


def add_cached_tokens(request: ChatRequest, drafted: Draft, cache: PrefixCache) -> Reply:
    """Return the reply with the tokens that the cache served, and store the request in the cache."""
    hit = min(cache.hit(drafted.asked), request.prompt_tokens)
    cache.store(drafted.asked, drafted.answered)
    return replace(drafted.reply, cached=hit)


def usage(request: ChatRequest, reply: Reply, thought_of: str) -> dict[str, Any]:
    said = sum(tokens.count(str(call["function"])) for call in reply.calls)
    inside = 0 if thought_of and thought_of in reply.text else tokens.count(thought_of)
    made = tokens.count(reply.text) + inside + said
    return {
        "prompt_tokens": request.prompt_tokens,
        "completion_tokens": made,
        "total_tokens": request.prompt_tokens + made,
        "completion_tokens_details": {"reasoning_tokens": tokens.count(thought_of)},
    }


def _answer(request: ChatRequest, task: tasks.Task, kind: str | None) -> Answer:
    if kind and kind.startswith(shapes.FORCED) and task.name == "chat":
        call = search_calls.call_anyway(request, endless=kind in shapes.ENDLESS, despite_none=kind == "tool-despite-none")
        if call is not None:
            return call
    answer = task.answer(invented=kind == "invented", agreeing=kind == "agreeing")
    return _with_fault(answer).get(kind or "", answer)


def _with_fault(answer: Answer) -> Mapping[str, Answer]:
    half = answer.text[: len(answer.text) // 2]
    return {
        "truncated": Answer(half, "length"),
        "resource": Answer(half, "insufficient_system_resource"),
        "filtered": Answer("", "content_filter"),
        "empty": Answer(""),
        "garbage": Answer(GARBAGE),
        "misshapen": Answer(MISSHAPEN),
    }


def _to_call_reply(answer: Answer, request: ChatRequest) -> Reply:
    function = {"name": answer.tool, "arguments": answer.arguments}
    call = {"index": 0, "id": f"call_{request.digest[:16]}", "type": "function", "function": function}
    return Reply(answer.text, "tool_calls", calls=(call,))


def _with_shape(request: ChatRequest, reply: Reply, kind: str | None) -> Reply:
    name, _, detail = (kind or "").partition(":")
    changes: dict[str, Callable[[], Reply]] = {
        "cut": lambda: replace(reply, cut=True),
        "choiceless": lambda: replace(reply, choices=False),
        "error-in-200": lambda: replace(reply, error=ERRORS[detail or DEFAULT_ERROR].body, text="", thought="", calls=()),
        "error-in-sse": lambda: replace(reply, error=ERRORS[detail or DEFAULT_ERROR].body),
    }
    if name in changes:
        return changes[name]()
    return shapes.SHAPES[name](request, reply) if name in shapes.SHAPES else reply
