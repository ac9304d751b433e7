"""Calls whose answer has to be JSON of a given shape: one call, and a second one to repair an invalid answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from llm import prompts, tokens
from llm.client import complete
from llm.errors import ModelCallCancelled, ModelError, ModelFiltered, ModelMalformed, ModelTruncated
from llm.messages import ChatMessage, Completion
from llm.thinking import Purpose
from llm.usage import Usage

if TYPE_CHECKING:
    from pydantic import BaseModel

REPAIR_VERSION = "repair/1"
MAX_REPAIRED_TOKENS = 8_000
"""Tokens of an invalid reply that are shown to the model again."""

Shape = TypeVar("Shape", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Structured(Generic[Shape]):
    output: Shape
    model: str
    usage: Usage


async def complete_structured(messages: Sequence[ChatMessage], shape: type[Shape], *, max_tokens: int, timeout: float, purpose: Purpose) -> Structured[Shape]:
    """Return the model's answer as a `shape`. `timeout` bounds both calls together, in seconds.

    An answer that was cut off is accepted if its object is complete; an incomplete object is not repaired. Raises ModelError (ModelMalformed
    when the repair is invalid, too) and ModelCallCancelled, whose usage includes both calls.
    """
    from llm.outputs import parse  # imports pydantic, which no chat needs

    ends = time.monotonic() + timeout
    first = await complete(messages, max_tokens=max_tokens, timeout=timeout, json_mode=True, purpose=purpose)
    output = parse(shape, first.text)
    if isinstance(output, shape):
        return Structured(output, first.model, first.usage)
    _require_whole(first, first.usage)
    again = [*messages, *_repair(first.text, str(output))]
    try:
        second = await complete(again, max_tokens=max_tokens, timeout=ends - time.monotonic(), json_mode=True, purpose=purpose)
    except (ModelError, ModelCallCancelled) as error:
        error.add_usage(first.usage)
        raise
    output = parse(shape, second.text)
    spent = first.usage + second.usage
    if isinstance(output, shape):
        return Structured(output, second.model, spent)
    _require_whole(second, spent)
    raise ModelMalformed(usage=spent)


def _require_whole(completion: Completion, spent: Usage) -> None:
    """Raise ModelTruncated or ModelFiltered for an answer that was cut off."""
    if completion.cut_off is not None:
        raise (ModelFiltered if completion.cut_off == "FILTER" else ModelTruncated)(usage=spent)


def _repair(reply: str, problems: str) -> list[ChatMessage]:
    request = prompts.load(REPAIR_VERSION).instructions.substitute(problems=problems)
    shown = tokens.truncate(reply, MAX_REPAIRED_TOKENS)
    return [{"role": "assistant", "content": shown}, {"role": "user", "content": request}]
