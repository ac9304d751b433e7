"""Drafts of one day's diary, which the model proposes from that day's messages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from llm import delimiters, prompts, tokens
from llm.assistant_names import add_names_version, name_sections, with_note
from llm.drafts import DraftLine, DraftSignal, Quote, SlotGuide, draft_line, draft_signal, merge_lines, merge_signals
from llm.errors import ModelCallCancelled, ModelError
from llm.message_chunks import DayMessage, chunk_messages, message_items, slot_items, slot_list
from llm.messages import ChatMessage
from llm.structured import Structured, complete_structured
from llm.usage import Usage

if TYPE_CHECKING:
    from llm.outputs import DiaryOutput

__all__ = [
    "PROMPT_VERSION",
    "DayMessage",
    "DayRequest",
    "DiaryDraft",
    "DraftLine",
    "DraftSignal",
    "Quote",
    "SlotGuide",
    "write_diary",
]

PROMPT_VERSION: Final = "diary/5"
MAX_OUTPUT_TOKENS = 6_000
"""Twice the tokens of an entry that reaches all limits of the prompt; below the 8k that DeepSeek allows for an answer."""
SUMMARY_SENTENCES = 5
MAX_NICKNAME_TOKENS = 40
MAX_COMPARISON_TOKENS = 2_000
"""Tokens for the known values, and for the rejected ones."""


@dataclass(frozen=True, slots=True)
class DayRequest:
    """A day of a user. `starts_at` (included) and `ends_at` (excluded) are aware local times; messages are in chronological order.

    `known` holds the profile's current values and `rejected` those that the user rejected, most important first.
    """

    day: date
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    locale: str
    nickname: str
    messages: Sequence[DayMessage]
    slots: Sequence[SlotGuide]
    known: Sequence[str] = ()
    rejected: Sequence[str] = ()
    personal_slots: Sequence[SlotGuide] = ()
    """Further slots of this user: sensitive ones that are on, and own ones. They stand among the data, so that the instructions are the same for all users."""
    assistant_names: Sequence[str] = ()
    """The names by which the user calls the assistant, which stand among the data, too."""


@dataclass(frozen=True, slots=True)
class DiaryDraft:
    """A draft of a day's diary; `mood` is 1 (very bad) to 5 (very good), None if no message shows it.

    `trimmed`: the number of lines, signals and quotes beyond the limits of a draft (llm/outputs.py), which were left out.
    """

    lines: tuple[DraftLine, ...]
    signals: tuple[DraftSignal, ...]
    mood: int | None
    prompt_version: str
    model: str
    usage: Usage
    trimmed: int = 0


async def write_diary(request: DayRequest, *, seed: bytes, timeout: float) -> DiaryDraft:
    """Return the model's draft of the day. `timeout` bounds all calls together, in seconds.

    `seed` is the seed of the delimiters of this prompt version. A day that is too long for one call is split into several calls, whose drafts
    are joined. Raises ModelError and ModelCallCancelled, whose usage includes all calls; ValueError when the user wrote nothing that day.
    """
    if not any(message.role == "user" for message in request.messages):
        raise ValueError("a diary needs at least one message of the user")
    from llm.outputs import DiaryOutput  # imports pydantic, which no chat needs

    ends = time.monotonic() + timeout
    answers: list[Structured[DiaryOutput]] = []
    parts = chunk_messages(request.messages)
    for number, part in enumerate(parts, start=1):
        messages = compose_part(request, part, number, len(parts), seed=seed)
        try:
            left = ends - time.monotonic()
            answers.append(await complete_structured(messages, DiaryOutput, max_tokens=MAX_OUTPUT_TOKENS, timeout=left, purpose="diary"))
        except (ModelError, ModelCallCancelled) as error:
            error.add_usage(Usage.total(answer.usage for answer in answers))
            raise
    return replace(_join(answers), prompt_version=add_names_version(PROMPT_VERSION, request.assistant_names))


def compose_part(request: DayRequest, messages: Sequence[DayMessage], part: int, parts: int, *, seed: bytes) -> list[ChatMessage]:
    """Return the prompt: instructions that are the same for all users, then the user's data."""
    prompt = prompts.load(PROMPT_VERSION)
    border, block = delimiters.fence_sections(
        seed,
        {
            **name_sections(request.assistant_names),
            "nickname": [tokens.truncate(request.nickname, MAX_NICKNAME_TOKENS)],
            "known": tokens.fit_to_budget(request.known, MAX_COMPARISON_TOKENS),
            "rejected": tokens.fit_to_budget(request.rejected, MAX_COMPARISON_TOKENS),
            "slots": slot_items(request.personal_slots),
            "messages": message_items(messages),
        },
    )
    data = prompt.data.substitute(
        day=request.day.isoformat(),
        weekday=f"{request.day:%A}",
        time_zone=request.time_zone,
        starts_at=f"{request.starts_at:%Y-%m-%d %H:%M}",
        ends_at=f"{request.ends_at:%Y-%m-%d %H:%M}",
        locale=request.locale,
        part=part,
        parts=parts,
        border=border,
        block=with_note(block, request.assistant_names),
    )
    instructions = prompt.instructions.substitute(slots=slot_list(request.slots))
    return [{"role": "system", "content": instructions}, {"role": "user", "content": data}]


def _join(answers: Sequence[Structured[DiaryOutput]]) -> DiaryDraft:
    lines = [draft_line(line) for answer in answers for line in answer.output.lines if line.kind != "SUMMARY" and line.text]
    signals = [draft_signal(signal) for answer in answers for signal in answer.output.signals if signal.value]
    moods = [answer.output.mood for answer in answers if answer.output.mood is not None]
    return DiaryDraft(
        lines=merge_lines([*_summary(answers), *lines]),
        signals=merge_signals(signals),
        mood=round(sum(moods) / len(moods)) if moods else None,
        prompt_version=PROMPT_VERSION,
        model=answers[-1].model,
        usage=Usage.total(answer.usage for answer in answers),
        trimmed=sum(answer.output.count_trimmed() for answer in answers),
    )


def _summary(answers: Sequence[Structured[DiaryOutput]]) -> list[DraftLine]:
    """Return at most `SUMMARY_SENTENCES` in the order of the day; the first sentences of all parts take precedence over later ones."""
    sentences = [[line for line in answer.output.lines if line.kind == "SUMMARY" and line.text] for answer in answers]
    ranked = sorted((rank, part) for part, found in enumerate(sentences) for rank in range(len(found)))
    kept = sorted((part, rank) for rank, part in ranked[:SUMMARY_SENTENCES])
    return [draft_line(sentences[part][rank]) for part, rank in kept]
