"""The conversation: what the model is told, and its answers, titles and running summaries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from llm import borders, client, prompts, recalling, tokens
from llm.client import ChatMessage, Completion
from llm.recalling import Permit, Recall

__all__ = [
    "PROMPT_VERSION",
    "Background",
    "Composition",
    "DiaryNote",
    "Recall",
    "Turn",
    "answer",
    "answer_stream",
    "compose",
    "summarise",
    "title",
]

PROMPT_VERSION: Final = "chat/3"
TITLE_VERSION: Final = "title/1"
SUMMARY_VERSION: Final = "summary/1"
ANSWER_TOKENS = 2_000
TITLE_TOKENS = 60
SUMMARY_TOKENS = 800
DIARY_TOKENS = 600
"""For the diaries in the background, all together, where nothing else is said."""
NICKNAME_TOKENS = 40
LONGEST_TITLE = 80
"""Characters."""
TITLED_TOKENS = 600
SUMMARISED_TOKENS = 12_000
"""How much of a question is read for a title, and of the turns for a summary (the same share of each turn)."""


@dataclass(frozen=True, slots=True)
class Turn:
    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class DiaryNote:
    day: date
    summary: str


@dataclass(frozen=True, slots=True)
class Background:
    """What is remembered: profile lines and diaries, the most important first; `local_now` is aware.

    `undecided` is a line of values that contradict each other, about which the model may ask.
    """

    nickname: str
    locale: str
    local_now: datetime
    profile: Sequence[str] = ()
    diaries: Sequence[DiaryNote] = ()
    undecided: str | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """`left_out` is how many of the oldest turns did not fit: the running summary has to cover them."""

    messages: list[ChatMessage]
    left_out: int


def compose(
    background: Background,
    summary: str | None,
    turns: Sequence[Turn],
    *,
    history_tokens: int,
    profile_tokens: int,
    diary_tokens: int = DIARY_TOKENS,
) -> Composition:
    """What the model is sent for the last of `turns`, which is the person's and always kept whole.

    The newest turns that fit into `history_tokens` go along; profile and diaries are cut to `profile_tokens`
    and `diary_tokens` in their given order. What is undecided comes out of `profile_tokens`, before the profile.
    Raises ValueError when the last turn is not the person's.
    """
    if not turns or turns[-1].role != "user":
        raise ValueError("the last turn must be the person's")
    history: list[ChatMessage] = [{"role": turn.role, "content": turn.content} for turn in turns]
    left_out = _first_that_fits(history, history_tokens)
    system = _system(background, summary, profile_tokens, diary_tokens)
    return Composition([{"role": "system", "content": system}, *history[left_out:]], left_out)


async def answer(
    composition: Composition, *, timeout: float, retries: int = 1, recall: Recall | None = None, permit: Permit | None = None
) -> Completion:
    """Raises ModelError. `timeout` bounds all of it in seconds, a retry and the looking back by `recall` included."""
    return await recalling.complete(composition.messages, max_tokens=ANSWER_TOKENS, timeout=timeout, retries=retries, recall=recall, permit=permit)


def answer_stream(
    composition: Composition, *, timeout: float, recall: Recall | None = None, permit: Permit | None = None
) -> AsyncIterator[str | Completion]:
    """The answer in pieces, then whole. Raises ModelError while it is read. `timeout` bounds all of it in seconds."""
    return recalling.stream(composition.messages, max_tokens=ANSWER_TOKENS, timeout=timeout, recall=recall, permit=permit)


async def title(question: str, *, locale: str, timeout: float) -> Completion:
    """A title of one line and at most `LONGEST_TITLE` characters. Raises ModelError."""
    messages = _task(TITLE_VERSION, locale, {"messages": [tokens.trim(question, TITLED_TOKENS)]})
    completion = await client.complete(messages, max_tokens=TITLE_TOKENS, timeout=timeout)
    line = " ".join(completion.text.split()).strip("\"'“”‘’「」《》。. ")
    return replace(completion, text=line[:LONGEST_TITLE].strip() or _shortened(question))


async def summarise(previous: str | None, turns: Sequence[Turn], *, locale: str, timeout: float) -> Completion:
    """The summary that replaces `previous` and `turns`. Raises ModelError; ValueError without turns."""
    if not turns:
        raise ValueError("there is nothing to summarise")
    share = max(40, SUMMARISED_TOKENS // len(turns))
    said = [{"from": _speaker(turn), "text": tokens.trim(turn.content, share)} for turn in turns]
    messages = _task(SUMMARY_VERSION, locale, {"summary": [previous] if previous else [], "messages": said})
    return await client.complete(messages, max_tokens=SUMMARY_TOKENS, timeout=timeout)


def _system(background: Background, summary: str | None, profile_tokens: int, diary_tokens: int) -> str:
    days = [f"{note.day.isoformat()}: {' '.join(note.summary.split())}" for note in background.diaries]
    undecided = tokens.leading([background.undecided] if background.undecided else [], profile_tokens)
    left = profile_tokens - sum(tokens.count(line) + 1 for line in undecided)
    border, block = borders.enclose(
        {
            "nickname": [tokens.trim(background.nickname, NICKNAME_TOKENS)],
            "profile": tokens.leading(background.profile, left),
            "undecided": undecided,
            "diary": tokens.leading(days, diary_tokens),
            "earlier in this conversation": [tokens.trim(summary, SUMMARY_TOKENS)] if summary else [],
        }
    )
    return prompts.load(PROMPT_VERSION).instructions.substitute(
        locale=background.locale, local_now=f"{background.local_now:%A %Y-%m-%d %H:%M %z}", border=border, block=block
    )


def _first_that_fits(history: Sequence[ChatMessage], budget: int) -> int:
    """The index from which on the messages fit into `budget` together; the last one is never left out."""
    first = len(history) - 1
    budget -= tokens.count_message(history[first])
    while first > 0:
        budget -= tokens.count_message(history[first - 1])
        if budget < 0:
            break
        first -= 1
    return first


def _task(version: str, locale: str, sections: Mapping[str, Sequence[object]]) -> list[ChatMessage]:
    prompt = prompts.load(version)
    border, block = borders.enclose(sections)
    instructions = prompt.instructions.substitute(locale=locale)
    data = prompt.data.substitute(border=border, block=block)
    return [{"role": "system", "content": instructions}, {"role": "user", "content": data}]


def _speaker(turn: Turn) -> str:
    return "person" if turn.role == "user" else "assistant"


def _shortened(question: str) -> str:
    return " ".join(question.split())[:LONGEST_TITLE].strip()
