"""The prompt of a conversation, in the order in which its parts change.

A provider's prompt cache serves what a request has in common with an earlier one, from its first byte on. So first comes what never changes,
the instructions; then the profile, the latest diaries and the running summary; then the history, which only grows until it is cut; and last,
before the question, what holds for this question alone: the clock, the days that it is about, the values that are undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from llm import delimiters, prompts, tokens
from llm.client import ChatMessage

PROMPT_VERSION: Final = "chat/4"
SUMMARY_TOKENS = 800
DIARY_TOKENS = 600
"""For the diaries in the background, all together, where nothing else is said."""
NICKNAME_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Turn:
    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class DiaryNote:
    day: date
    summary: str

    @property
    def line(self) -> str:
        return f"{self.day.isoformat()}: {' '.join(self.summary.split())}"


@dataclass(frozen=True, slots=True)
class Background:
    """What is remembered: profile lines, the latest diaries and the days related to the question, the most important first.

    `local_now` is aware. `undecided` is a line of values that contradict each other, about which the model may ask.
    """

    nickname: str
    locale: str
    local_now: datetime
    profile: Sequence[str] = ()
    diaries: Sequence[DiaryNote] = ()
    related: Sequence[DiaryNote] = ()
    dispute: str | None = None


@dataclass(frozen=True, slots=True)
class ComposedPrompt:
    """`left_out` is how many of the oldest turns did not fit: the running summary has to cover them. `seed` is that of its borders."""

    messages: list[ChatMessage]
    omitted_turns: int
    seed: bytes


def compose(
    background: Background,
    summary: str | None,
    turns: Sequence[Turn],
    *,
    seed: bytes,
    history_tokens: int,
    profile_tokens: int,
    diary_tokens: int = DIARY_TOKENS,
) -> ComposedPrompt:
    """Return what the model is sent for the last of `turns`, which is the person's and always kept whole.

    The history is cut to `history_tokens` as `window_start` says. The profile is cut to `profile_tokens` in its given order; what is undecided
    comes on top of it. The latest diaries may take half of `diary_tokens` (the newest one all of it), related days the rest. `seed` is
    that of the conversation's borders. Raises ValueError when the last turn is not the person's.
    """
    if not turns or turns[-1].role != "user":
        raise ValueError("the last turn must be the person's")
    history: list[ChatMessage] = [{"role": turn.role, "content": turn.content} for turn in turns]
    first = window_start([tokens.count_message(message) for message in history], [turn.role == "user" for turn in turns], history_tokens)
    latest = _latest([note.line for note in background.diaries], diary_tokens)
    kept = delimiters.lines(
        {
            "nickname": [tokens.truncate(background.nickname, NICKNAME_TOKENS)],
            "profile": tokens.fit_to_budget(background.profile, profile_tokens),
            "diary": latest,
            "earlier in this conversation": [tokens.truncate(summary, SUMMARY_TOKENS)] if summary else [],
        }
    )
    fresh = delimiters.lines(_for_this_question(background, latest, profile_tokens, diary_tokens))
    border = delimiters.make_delimiter(seed, [*delimiters.texts(kept, fresh), *(turn.content for turn in turns[first:])])
    system = prompts.load(PROMPT_VERSION).instructions.substitute(locale=background.locale, border=border, block=delimiters.block(border, kept))
    question: ChatMessage = {"role": "user", "content": f"{delimiters.block(border, fresh)}\n\n{turns[-1].content}"}
    return ComposedPrompt([{"role": "system", "content": system}, *history[first:-1], question], first, seed)


def window_start(costs: Sequence[int], begins: Sequence[bool], budget: int) -> int:
    """Return the index of the first message that is shown, given each message's tokens and whether it begins an exchange.

    The window moves in jumps: messages are added until they no longer fit into `budget`, then it is cut to half of it. So one question's
    window is the beginning of the next one's, but for the questions at which it is cut. The last message is always shown.
    """
    first, total = 0, 0
    for end, cost in enumerate(costs, start=1):
        total += cost
        if total > budget:
            start = first
            first = cut(costs[:end], begins, budget // 2, first=start)
            total -= sum(costs[start:first])
    return first


def cut(costs: Sequence[int], begins: Sequence[bool], budget: int, *, first: int = 0) -> int:
    """Return the index at or after `first` from which whole exchanges fit into `budget`, at most the last message's."""
    last, total = len(costs) - 1, sum(costs[first:])
    while first < last and (total > budget or not begins[first]):
        total -= costs[first]
        first += 1
    return first


def _latest(days: Sequence[str], budget: int) -> list[str]:
    return tokens.fit_to_budget(days, budget // 2) or tokens.fit_to_budget(days[:1], budget)


def _for_this_question(background: Background, latest: Sequence[str], profile_tokens: int, diary_tokens: int) -> dict[str, list[str]]:
    """Return the sections that no other question has; those without a line are left out."""
    left = diary_tokens - sum(tokens.count(day) + 1 for day in latest)
    related = [note.line for note in background.related if note.line not in latest]
    sections = {
        "now": [f"{background.local_now:%A %Y-%m-%d %H:%M %z}"],
        "related days": tokens.fit_to_budget(related, left),
        "undecided": tokens.fit_to_budget([background.dispute] if background.dispute else [], profile_tokens),
    }
    return {name: found for name, found in sections.items() if found}
