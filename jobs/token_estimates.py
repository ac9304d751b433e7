"""Estimates of the tokens of an item's call, from its actual prompt.

The tokens are reserved before the call, and recorded as its cost when the real cost never becomes known.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timezone

import settings
from jobs.prompt_slots import slot_guides
from jobs.rules.day import week_start
from llm import diary, prices, providers, tokens, week
from llm.message_chunks import LINE_TOKENS, MAX_CHUNK_TOKENS, chunk_messages
from llm.messages import ChatMessage
from llm.usage import Cost

ANSWER_TOKENS = 1500
"""Tokens of one response; there is one for each part into which a day's or a week's messages are divided."""

CHECK_TOKENS = 1500
"""Tokens of a second reading: its instructions, some ten statements with their neighbours, as many claims, and a few words of answer for each."""

READING_TOKENS, READING_ANSWER_TOKENS = 800, 100
"""Tokens of the prompt and of the answer of a second reading on average, if half of a day's claims are undecided (bench/README.md)."""

_SEED = b"estimate"
"""The seed of delimiters in prompts that are never sent: only the length of the prompt matters."""


def estimate_day(request: diary.DayRequest) -> int:
    parts = chunk_messages(request.messages)
    return _estimate([diary.compose_part(request, part, number, len(parts), seed=_SEED) for number, part in enumerate(parts, start=1)])


def estimate_week(request: week.WeekRequest) -> int:
    said = [message for day in request.days for message in day.messages if message.role == "user"]
    parts = chunk_messages(said)
    return _estimate([week.compose_part(request, part, number, len(parts), seed=_SEED) for number, part in enumerate(parts, start=1)])


def estimate_check() -> int:
    """Return the tokens of a typical second reading; 0 if MODEL_CHECK is off. What it has to read is known only once there is a draft."""
    return CHECK_TOKENS if settings.current().checks_claims else 0


def estimate_diaries(days: Mapping[date, Sequence[tuple[bool, str]]]) -> tuple[int, Cost | None]:
    """Return the tokens and the cost of the diaries of these days and the reviews of their weeks, with a second reading of each; no cost without a price.

    `days` has the texts of each day, each with whether the user wrote it. Known values of the user's profile are not counted.
    """
    weeks: defaultdict[date, list[str]] = defaultdict(list)
    for day, texts in days.items():
        weeks[week_start(day)] += [text for own, text in texts if own]
    if not days:
        return 0, prices.estimate(0, 0)
    day_calls, day_tokens = _calls((text for _, text in texts) for texts in days.values())
    week_calls, week_tokens = _calls(weeks.values())
    of_day, of_week = _instructions(min(days))
    prompts, answers = day_tokens + day_calls * of_day + week_tokens + week_calls * of_week, (day_calls + week_calls) * ANSWER_TOKENS
    if not settings.current().checks_claims:
        return prompts + answers, prices.estimate(prompts, answers)
    read, answered = (len(days) + len(weeks)) * READING_TOKENS, (len(days) + len(weeks)) * READING_ANSWER_TOKENS
    drafts, checks = prices.estimate(prompts, answers), prices.estimate(read, answered, endpoint=providers.current("check"))
    cost = replace(drafts, nano=drafts.nano + checks.nano) if drafts and checks and drafts.currency == checks.currency else None
    return prompts + answers + read + answered, cost


def _calls(periods: Iterable[Iterable[str]]) -> tuple[int, int]:
    """Return the number of calls that the texts of these periods need, and the tokens of the texts."""
    taken = [sum(tokens.count(text) + LINE_TOKENS for text in texts) for texts in periods]
    return sum(max(1, -(-each // MAX_CHUNK_TOKENS)) for each in taken), sum(taken)


def _instructions(day: date) -> tuple[int, int]:
    """Return the tokens of a day's prompt and of a week's prompt without any message."""
    at = datetime.combine(day, datetime.min.time(), timezone.utc)
    of_day = diary.DayRequest(day, "UTC", at, at, "en", "", (), slot_guides())
    of_week = week.WeekRequest(day, day, "UTC", "en", [week.WeekDay(day)], (), slot_guides())
    prompts = (diary.compose_part(of_day, (), 1, 1, seed=_SEED),
               week.compose_part(of_week, (), 1, 1, seed=_SEED))  # fmt: skip
    each = [sum(map(tokens.count_message, prompt)) for prompt in prompts]
    return each[0], each[1]


def _estimate(prompts: Sequence[Sequence[ChatMessage]]) -> int:
    return sum(sum(map(tokens.count_message, prompt)) + ANSWER_TOKENS for prompt in prompts)
