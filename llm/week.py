"""Reviews of one week, in which the model finds what no single day can show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from llm import delimiters, prompts, tokens
from llm.assistant_names import add_names_version, name_sections, with_note
from llm.diary import MAX_COMPARISON_TOKENS
from llm.drafts import DraftSignal, SlotGuide, draft_signal, merge_signals
from llm.errors import ModelCallCancelled, ModelError
from llm.message_chunks import DayMessage, chunk_messages, message_items, slot_items, slot_list
from llm.messages import ChatMessage
from llm.structured import Structured, complete_structured
from llm.usage import Usage

if TYPE_CHECKING:
    from llm.outputs import WeekOutput

__all__ = ["PROMPT_VERSION", "KnownValue", "Merge", "WeekDay", "WeekDraft", "WeekRequest", "review_week"]

PROMPT_VERSION: Final = "week/5"
MAX_OUTPUT_TOKENS = 4_000
MAX_DIARY_TOKENS = 4_000
MAX_KNOWN_VALUES = 200
"""Maximum number of known values in the prompt; the profile limits each to 120 characters."""


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week under review. `lines` are the day's diary lines, for comparison; `messages` are the user's own, numbered over the whole week."""

    day: date
    lines: Sequence[str] = ()
    messages: Sequence[DayMessage] = ()


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A current value of the profile, with a small integer as its id in this request."""

    id: int
    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class WeekRequest:
    """A week of a user. `first_day` and `last_day` are both included; values are sorted by importance, the highest first."""

    first_day: date
    last_day: date
    time_zone: str
    locale: str
    days: Sequence[WeekDay]
    values: Sequence[KnownValue]
    slots: Sequence[SlotGuide]
    rejected: Sequence[str] = ()
    personal_slots: Sequence[SlotGuide] = ()
    """Further slots of this user, as in `DayRequest`."""
    assistant_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """A proposal to merge: the value `drop` means the same as `keep`. Both are ids of the request, and differ."""

    keep: int
    drop: int


@dataclass(frozen=True, slots=True)
class WeekDraft:
    """A draft of a week's review; `trimmed` as in `DiaryDraft`."""

    signals: tuple[DraftSignal, ...]
    merges: tuple[Merge, ...]
    usage: Usage
    model: str
    prompt_version: str
    trimmed: int = 0


async def review_week(request: WeekRequest, *, seed: bytes, timeout: float) -> WeekDraft:
    """Return the model's draft of the week. `timeout` bounds all calls together, in seconds.

    `seed` is the seed of the delimiters of this prompt version. Raises ModelError and ModelCallCancelled, whose usage includes all calls;
    ValueError when the user wrote nothing that week.
    """
    said = [message for day in request.days for message in day.messages if message.role == "user"]
    if not said:
        raise ValueError("a week's review needs at least one message of the user")
    from llm.outputs import WeekOutput  # imports pydantic, which no chat needs

    ends = time.monotonic() + timeout
    answers: list[Structured[WeekOutput]] = []
    parts = chunk_messages(said)
    for number, part in enumerate(parts, start=1):
        messages = compose_part(request, part, number, len(parts), seed=seed)
        try:
            left = ends - time.monotonic()
            answers.append(await complete_structured(messages, WeekOutput, max_tokens=MAX_OUTPUT_TOKENS, timeout=left, purpose="week"))
        except (ModelError, ModelCallCancelled) as error:
            error.add_usage(Usage.total(answer.usage for answer in answers))
            raise
    draft = _join(answers, {value.id for value in request.values})
    return replace(draft, prompt_version=add_names_version(PROMPT_VERSION, request.assistant_names))


def compose_part(request: WeekRequest, messages: Sequence[DayMessage], part: int, parts: int, *, seed: bytes) -> list[ChatMessage]:
    """Return the prompt: instructions that are the same for all users, then the user's data."""
    prompt = prompts.load(PROMPT_VERSION)
    lines = [f"{day.day.isoformat()}: {line}" for day in request.days for line in day.lines]
    values = request.values[:MAX_KNOWN_VALUES]
    border, block = delimiters.fence_sections(
        seed,
        {
            **name_sections(request.assistant_names),
            "diary": tokens.fit_to_budget(lines, MAX_DIARY_TOKENS),
            "known": [{"id": value.id, "slot": value.slot, "value": value.value} for value in values],
            "rejected": tokens.fit_to_budget(request.rejected, MAX_COMPARISON_TOKENS),
            "slots": slot_items(request.personal_slots),
            "messages": message_items(messages),
        },
    )
    data = prompt.data.substitute(
        first_day=request.first_day.isoformat(),
        last_day=request.last_day.isoformat(),
        time_zone=request.time_zone,
        locale=request.locale,
        part=part,
        parts=parts,
        border=border,
        block=with_note(block, request.assistant_names),
    )
    instructions = prompt.instructions.substitute(slots=slot_list(request.slots))
    return [{"role": "system", "content": instructions}, {"role": "user", "content": data}]


def _join(answers: Sequence[Structured[WeekOutput]], known: set[int]) -> WeekDraft:
    """Join the answers. Merges of ids that the request did not contain are dropped."""
    merges = [Merge(merge.keep, merge.drop) for answer in answers for merge in answer.output.merges]
    return WeekDraft(
        signals=merge_signals(draft_signal(signal) for answer in answers for signal in answer.output.signals if signal.value),
        merges=tuple(dict.fromkeys(merge for merge in merges if {merge.keep, merge.drop} <= known)),
        usage=Usage.total(answer.usage for answer in answers),
        model=answers[-1].model,
        prompt_version=PROMPT_VERSION,
        trimmed=sum(answer.output.count_trimmed() for answer in answers),
    )
