"""How many tokens an item's call will take, by its real prompt. Set aside before the call; used as its cost where nobody learns the true one."""
from __future__ import annotations

from collections.abc import Sequence

from jobs.border_seeds import prompt_seed
from llm import diary, tokens, week
from llm.client import ChatMessage
from llm.parts import part_messages

ANSWER_TOKENS = 1500
"""What an answer takes, for each part that a day or a week is asked about in."""


def estimate_day(request: diary.DayRequest) -> int:
    parts, seed = part_messages(request.messages), prompt_seed(diary.PROMPT_VERSION)
    return _estimate([diary.compose_part(request, part, number, len(parts), seed=seed) for number, part in enumerate(parts, start=1)])


def estimate_week(request: week.WeekRequest) -> int:
    said = [message for day in request.days for message in day.messages if message.role == "user"]
    parts, seed = part_messages(said), prompt_seed(week.PROMPT_VERSION)
    return _estimate([week.compose_part(request, part, number, len(parts), seed=seed) for number, part in enumerate(parts, start=1)])


def _estimate(prompts: Sequence[Sequence[ChatMessage]]) -> int:
    return sum(sum(map(tokens.count_message, prompt)) + ANSWER_TOKENS for prompt in prompts)
