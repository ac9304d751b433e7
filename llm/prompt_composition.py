"""Composition of a conversation's prompt, ordered by how often its parts change.

A provider's prompt cache serves the prefix that a request shares with an earlier one. So the constant instructions come first; then the companion, the profile,
the latest diaries, what lies ahead and the running summary; then the history, which only grows until it is cut; and last, before the question, the sections for
this question alone: the time, events that are over, related days, disputed values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from string import Template
from typing import Final, Literal, NamedTuple

from llm import delimiters, prompts, tokens
from llm.messages import ChatMessage
from llm.time_notes import TimedText, note_times, select_event_lines, select_events

PROMPT_VERSION: Final = "chat/7"
SUMMARY_TOKENS = 800
DIARY_TOKENS = 600
"""Default budget of all diaries in the background together."""
COMPANION_VERSION: Final = "companion/1"
"""Version of the rule on the user's companion, which the prompts with a companion contain."""
MAX_NICKNAME_TOKENS = 40
"""Tokens of the nickname in a prompt; the rest is cut off."""
NEVER_SAID: Final = "Nothing that the person said or did on earlier days is about this question."


class Turn(NamedTuple):
    role: Literal["user", "assistant"]
    content: str
    said_at: datetime | None = None
    """The local time of a question, which is aware; None for answers, and where it is unknown."""


@dataclass(frozen=True, slots=True)
class DiaryNote:
    day: date
    summary: str

    @property
    def line(self) -> str:
        return f"{self.day.isoformat()}: {' '.join(self.summary.split())}"


@dataclass(frozen=True, slots=True)
class Background:
    """The known facts of the user: profile lines, latest diaries and days related to the question, the most important first.

    `local_now` is aware. `today` is the user's day of the question; before the hour at which their days end it is not the date of `local_now`.
    `birthday` is a month and a day. `never_said`: no earlier day is about the question. `dispute` is a line about contradicting values, which the
    model may ask about. `nickname` is empty when the prompt may not tell it.
    """

    nickname: str
    locale: str
    local_now: datetime
    profile: Sequence[str] = ()
    diaries: Sequence[DiaryNote] = ()
    related: Sequence[DiaryNote] = ()
    dispute: str | None = None
    never_said: bool = False
    today: date | None = None
    birthday: tuple[int, int] | None = None
    ahead: Sequence[tuple[date, str]] = ()
    """The days and texts of events that lie ahead, the next one first. They are the same for all questions of a day."""
    passed: Sequence[tuple[date, str]] = ()
    """Events that are over, about which the answer may ask."""
    companion: Sequence[str] = ()
    """Lines that say how the user wants the assistant to be. They are a setting and tell nothing about the user's life."""


@dataclass(frozen=True, slots=True)
class ShownParts:
    """The parts of a background that fitted into the prompt: how many of its first profile lines and latest diaries, the days of the related notes, the
    positions of the events that lie ahead and of those that are over, and whether the running summary, the dispute and the nickname are in it."""

    profile: int = 0
    diaries: int = 0
    related: tuple[date, ...] = ()
    summary: bool = False
    dispute: bool = False
    nickname: bool = False
    ahead: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposedPrompt:
    """A composed prompt. `omitted_turns` of the oldest turns did not fit: the running summary has to cover them. `seed` is the delimiters' seed.

    `suggests`: it also asks for replies that the user may send next (llm/suggested_replies.py).
    """

    messages: list[ChatMessage]
    omitted_turns: int
    seed: bytes
    shown: ShownParts = ShownParts()
    suggests: bool = False


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
    """Return the prompt for the last of `turns`, which is the user's and is always included in full.

    The history is cut to `history_tokens` by `window_start`. The profile is cut to `profile_tokens` in its given order; the dispute is
    added to that. The latest diaries may take half of `diary_tokens` (the newest one all of it), related days the rest. `seed` is the seed of
    the conversation's delimiters. Raises ValueError when the last turn is not the user's.
    """
    if not turns or turns[-1].role != "user":
        raise ValueError("the last message must be the user's")
    history: list[ChatMessage] = [{"role": turn.role, "content": turn.content} for turn in turns]
    costs = [tokens.count_message(message) for message in history]
    first = window_start(costs, [turn.role == "user" for turn in turns], history_tokens)
    latest = _latest([note.line for note in background.diaries], diary_tokens)
    kept = delimiters.lines(
        {
            **({"companion": background.companion} if background.companion else {}),
            **({"nickname": [tokens.truncate(background.nickname, MAX_NICKNAME_TOKENS)]} if background.nickname else {}),
            "profile": tokens.fit_to_budget(background.profile, profile_tokens),
            "diary": latest,
            **({"ahead": select_event_lines(background.ahead, background.locale)} if background.ahead else {}),
            "earlier in this conversation": [tokens.truncate(summary, SUMMARY_TOKENS)] if summary else [],
        }
    )
    fresh = delimiters.lines(_for_this_question(background, latest, profile_tokens, diary_tokens))
    border = delimiters.make_delimiter(seed, [*delimiters.texts(kept, fresh), *(turn.content for turn in turns[first:])])
    system = _instructions(bool(background.companion)).substitute(locale=background.locale, border=border, block=delimiters.block(border, kept))
    question: ChatMessage = {"role": "user", "content": f"{delimiters.block(border, fresh)}\n\n{turns[-1].content}"}
    related = _related(background, latest)[: len(fresh.get("related days", ()))]
    shown = ShownParts(
        profile=len(kept["profile"]), diaries=len(latest), related=tuple(note.day for note in related),
        summary=bool(kept["earlier in this conversation"]), dispute="undecided" in fresh, nickname=bool(background.nickname.strip()),
        ahead=select_events(background.ahead, background.locale), passed=select_events(background.passed, background.locale),
    )
    return ComposedPrompt([{"role": "system", "content": system}, *_with_times(turns[first:-1], costs[first:-1]), question], first, seed, shown)


@cache
def _instructions(has_companion: bool) -> Template:
    """Return the instructions; with a companion they end in the rule on it, so that all prompts of the user begin with the same text."""
    plain = prompts.load(PROMPT_VERSION).instructions
    if not has_companion:
        return plain
    rules, first_placeholder, rest = plain.template.partition("\n\nlocale: ")
    return Template(f"{rules}\n\n{prompts.load(COMPANION_VERSION).instructions.template}{first_placeholder}{rest}")


@cache
def _instruction_tokens() -> int:
    return tokens.count(prompts.load(PROMPT_VERSION).instructions.template)


def _with_times(turns: Sequence[Turn], costs: Sequence[int]) -> list[ChatMessage]:
    """Return the history, in which questions after a gap begin with the time at which they were said. `costs` are the messages' tokens."""
    contents = note_times([TimedText(turn.content, turn.said_at, cost) for turn, cost in zip(turns, costs)], _instruction_tokens())
    return [{"role": turn.role, "content": content} for turn, content in zip(turns, contents)]


def window_start(costs: Sequence[int], begins: Sequence[bool], budget: int) -> int:
    """Return the index of the first message to show, given each message's tokens and whether it begins an exchange.

    The window moves in large steps: messages are added until they exceed `budget`, then it is cut to half of it. So one question's window is a
    prefix of the next one's, except when it is cut. The last message is always shown.
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


def _related(background: Background, latest: Sequence[str]) -> list[DiaryNote]:
    return [note for note in background.related if note.line not in latest]


def _for_this_question(background: Background, latest: Sequence[str], profile_tokens: int, diary_tokens: int) -> dict[str, list[str]]:
    """Return the sections for this question only; sections without a line are omitted."""
    left = diary_tokens - sum(tokens.count(day) + 1 for day in latest)
    related = [note.line for note in _related(background, latest)]
    sections = {
        "now": [f"{background.local_now:%A %Y-%m-%d %H:%M %z}", *_own_day(background)],
        "passed": select_event_lines(background.passed, background.locale),
        "related days": tokens.fit_to_budget(related, left),
        "not found": [NEVER_SAID] if background.never_said else [],
        "undecided": tokens.fit_to_budget([background.dispute] if background.dispute else [], profile_tokens),
    }
    return {name: found for name, found in sections.items() if found}


def _own_day(background: Background) -> list[str]:
    """Return a line with the user's day if it is not the calendar's: it lasts until the hour at which their days end."""
    today = background.today
    return [f"the person's day: {today:%A %Y-%m-%d}"] if today and today != background.local_now.date() else []
