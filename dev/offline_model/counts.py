"""The server's counters: calls by task and fault, billed tokens, and the last requests as received."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_REQUESTS = 100
"""Maximum requests that are kept for inspection."""


@dataclass(slots=True)
class Captured:
    """A request as received: `body` is the body byte for byte."""

    body: str
    task: str | None = None
    """None if the request was refused before its task was known."""
    fault: str | None = None

    def as_json(self) -> dict[str, object]:
        return {"task": self.task, "fault": self.fault, "body": self.body}


@dataclass(slots=True)
class Counts:
    calls: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    answers: int = 0
    """Calls that were answered and billed."""
    by_task: Counter[str] = field(default_factory=Counter[str])
    by_fault: Counter[str] = field(default_factory=Counter[str])
    tokens: Counter[str] = field(default_factory=Counter[str])
    """Sums over all answers, under DeepSeek's names."""
    hits_by_task: Counter[str] = field(default_factory=Counter[str])
    prompts_by_task: Counter[str] = field(default_factory=Counter[str])
    requests: deque[Captured] = field(default_factory=lambda: deque[Captured](maxlen=MAX_REQUESTS))

    def begin(self) -> None:
        self.calls += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def bill(self, task: str, usage: Mapping[str, Any], hit: int) -> None:
        asked = usage["prompt_tokens"]
        self.answers += 1
        self.tokens.update(
            prompt_tokens=asked,
            completion_tokens=usage["completion_tokens"],
            reasoning_tokens=usage["completion_tokens_details"]["reasoning_tokens"],
            prompt_cache_hit_tokens=hit,
            prompt_cache_miss_tokens=asked - hit,
        )
        self.hits_by_task[task] += hit
        self.prompts_by_task[task] += asked

    def as_json(self) -> dict[str, object]:
        cache = {task: {"prompt_tokens": asked, "prompt_cache_hit_tokens": self.hits_by_task[task]} for task, asked in self.prompts_by_task.items()}
        return {
            "calls": self.calls,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "answers": self.answers,
            "by_task": dict(self.by_task),
            "by_fault": dict(self.by_fault),
            "tokens": dict(self.tokens),
            "cache_by_task": cache,
        }

    def captured(self, task: str | None) -> list[dict[str, object]]:
        """Return the last requests, the oldest first; only those of `task` if it is given."""
        return [request.as_json() for request in self.requests if task is None or request.task == task]
