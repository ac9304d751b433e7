"""A question whose answer has to be JSON of a given shape: one call, and one more to repair what does not fit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from llm import prompts, tokens
from llm.client import ChatMessage, complete
from llm.errors import ModelError, ModelInterrupted, ModelMalformed
from llm.usage import Usage

if TYPE_CHECKING:
    from pydantic import BaseModel

REPAIR_VERSION = "repair/1"
REPAIRED_TOKENS = 8_000
"""How much of a bad reply is shown to the model again."""

Shape = TypeVar("Shape", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Structured(Generic[Shape]):
    output: Shape
    model: str
    usage: Usage


async def ask(messages: Sequence[ChatMessage], shape: type[Shape], *, max_tokens: int, timeout: float) -> Structured[Shape]:
    """The model's answer as a `shape`. `timeout` bounds both calls together, in seconds.

    Raises ModelError (ModelMalformed when the repair does not fit either) and ModelInterrupted, whose usage counts both calls.
    """
    from llm.outputs import parse

    ends = time.monotonic() + timeout
    first = await complete(messages, max_tokens=max_tokens, timeout=timeout, json_mode=True)
    output = parse(shape, first.text)
    if isinstance(output, shape):
        return Structured(output, first.model, first.usage)
    again = [*messages, *_repair(first.text, str(output))]
    try:
        second = await complete(again, max_tokens=max_tokens, timeout=ends - time.monotonic(), json_mode=True)
    except (ModelError, ModelInterrupted) as error:
        error.after(first.usage)
        raise
    output = parse(shape, second.text)
    if isinstance(output, shape):
        return Structured(output, second.model, first.usage + second.usage)
    raise ModelMalformed(usage=first.usage + second.usage)


def _repair(reply: str, problems: str) -> list[ChatMessage]:
    request = prompts.load(REPAIR_VERSION).instructions.substitute(problems=problems)
    shown = tokens.trim(reply, REPAIRED_TOKENS)
    return [{"role": "assistant", "content": shown}, {"role": "user", "content": request}]
