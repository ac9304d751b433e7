"""Reading of memory texts of other products: the model sorts their lines into the slots of a profile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from llm import delimiters, prompts, tokens
from llm.drafts import SlotGuide
from llm.errors import ModelCallCancelled, ModelError
from llm.message_chunks import slot_items, slot_list
from llm.messages import ChatMessage
from llm.structured import Structured, complete_structured
from llm.usage import Usage

if TYPE_CHECKING:
    from llm.outputs import MemoryOutput

PROMPT_VERSION: Final = "memory/1"
MAX_OUTPUT_TOKENS: Final = 4_000
"""Some 40 tokens for each value: twice as many values as one call has lines."""
MAX_LINES_PER_CALL: Final = 50
ANSWER_TOKENS: Final = 1_500
"""Tokens that are reserved for the answer of one call."""


@dataclass(frozen=True, slots=True)
class MemoryRequest:
    """The lines of a memory text, the slots that every user has, and further ones of this user, as in `DayRequest`."""

    lines: Sequence[str]
    locale: str
    slots: Sequence[SlotGuide]
    personal_slots: Sequence[SlotGuide] = ()


@dataclass(frozen=True, slots=True)
class MemoryValue:
    """A value that the model read; `line` is the position of its line in the request."""

    line: int
    slot: str
    value: str
    polarity: str


@dataclass(frozen=True, slots=True)
class MemoryReading:
    """The values that the model read, not yet checked against the lines; `trimmed` counts values beyond the bound of an answer."""

    values: tuple[MemoryValue, ...]
    usage: Usage
    calls: int
    trimmed: int = 0


async def read_memory(request: MemoryRequest, *, seed: bytes, timeout: float) -> MemoryReading:
    """Return the values that the model reads in the lines. Several calls are made at once; `timeout` bounds each, in seconds.

    Raises the first ModelError, whose usage includes all calls, and ModelCallCancelled.
    """
    parts = [(first, request.lines[first : first + MAX_LINES_PER_CALL]) for first in range(0, len(request.lines), MAX_LINES_PER_CALL)]
    found = await asyncio.gather(*(_read_part(request, lines, seed, timeout) for _, lines in parts), return_exceptions=True)
    answers = [answer for answer in found if not isinstance(answer, BaseException)]
    spent = Usage.total(answer.usage for answer in answers)
    failures = [failure for failure in found if isinstance(failure, BaseException)]
    for failure in failures[1:]:
        spent = spent + failure.usage if isinstance(failure, (ModelError, ModelCallCancelled)) else spent
    for failure in failures:
        raise failure.add_usage(spent) if isinstance(failure, (ModelError, ModelCallCancelled)) else failure
    values = [
        MemoryValue(first + value.line - 1, value.slot, value.value, value.polarity)
        for (first, lines), answer in zip(parts, answers) for value in answer.output.values if value.value and 1 <= value.line <= len(lines)
    ]
    return MemoryReading(tuple(dict.fromkeys(values)), spent, len(parts), sum(answer.output.count_trimmed() for answer in answers))


async def _read_part(request: MemoryRequest, lines: Sequence[str], seed: bytes, timeout: float) -> Structured[MemoryOutput]:
    from llm.outputs import MemoryOutput  # imports pydantic, which no chat needs

    return await complete_structured(compose_part(request, lines, seed=seed), MemoryOutput, max_tokens=MAX_OUTPUT_TOKENS, timeout=timeout, purpose="memory")


def compose_part(request: MemoryRequest, lines: Sequence[str], *, seed: bytes) -> list[ChatMessage]:
    """Return the prompt: instructions that are the same for all users, then the user's data."""
    prompt = prompts.load(PROMPT_VERSION)
    items = [{"line": number, "text": text} for number, text in enumerate(lines, start=1)]
    border, block = delimiters.fence_sections(seed, {"slots": slot_items(request.personal_slots), "lines": items})
    data = prompt.data.substitute(border=border, block=block, locale=request.locale, count=len(lines))
    return [{"role": "system", "content": prompt.instructions.substitute(slots=slot_list(request.slots))}, {"role": "user", "content": data}]


def estimate_tokens(request: MemoryRequest) -> tuple[int, int]:
    """Return the tokens of the prompts and of the answers for these lines."""
    parts = [request.lines[first : first + MAX_LINES_PER_CALL] for first in range(0, len(request.lines), MAX_LINES_PER_CALL)]
    prompts_tokens = sum(tokens.count_message(message) for lines in parts for message in compose_part(request, lines, seed=b"estimate"))
    return prompts_tokens, len(parts) * ANSWER_TOKENS
