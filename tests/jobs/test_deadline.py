from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jobs.deadline import Deadline
from tests.cloud_events import load_event


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def contexts() -> dict[str, tuple[Any, float, bool]]:
    """Return by cloud the context of its runtime, its seconds, and True when they are remaining seconds."""
    aliyun = SimpleNamespace(**{**load_event("aliyun/context.json"), "function": SimpleNamespace(**load_event("aliyun/context.json")["function"])})
    aws, huawei = load_event("aws/context.json"), load_event("huawei/context.json")
    return {
        "tencent": (load_event("tencent/context.json"), 3.0, False),
        "aliyun": (aliyun, 60.0, False),
        "aws": (SimpleNamespace(get_remaining_time_in_millis=lambda: aws["get_remaining_time_in_millis()"]), 29.5, True),
        "huawei": (SimpleNamespace(getRemainingTimeInMilliSeconds=lambda: huawei["getRemainingTimeInMilliSeconds()"]), 29.5, True),
    }


@pytest.mark.parametrize("cloud", ["tencent", "aliyun", "aws", "huawei"])
def test_from_context_of_each_cloud_returns_its_remaining_time(cloud: str) -> None:
    context, seconds, is_left = contexts()[cloud]
    deadline = Deadline.from_context(context, 900.0, arrived=98.0, clock=Clock())
    assert deadline.remaining() == pytest.approx(seconds if is_left else seconds - 2.0)


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        SimpleNamespace(),
        {"time_limit_in_ms": None},
        {"time_limit_in_ms": "soon"},
        {"time_limit_in_ms": float("nan")},
        {"time_limit_in_ms": -1},
        SimpleNamespace(function=None),
        SimpleNamespace(function=SimpleNamespace(timeout=None)),
        SimpleNamespace(get_remaining_time_in_millis=lambda: None),
    ],
    ids=["none", "empty dict", "empty object", "null", "text", "nan", "negative", "no function", "function without timeout", "method returns none"],
)
def test_from_context_without_a_usable_time_uses_the_settings_timeout(context: Any) -> None:
    assert Deadline.from_context(context, 60.0, arrived=99.0, clock=Clock()).remaining() == pytest.approx(59.0)


def test_remaining_after_the_deadline_is_zero() -> None:
    clock = Clock()
    deadline = Deadline(5.0, clock=clock)
    seen = []
    for clock.now in (100.0, 103.0, 105.0, 200.0):
        seen.append(deadline.remaining())
    assert seen == [5.0, 2.0, 0.0, 0.0]


def test_from_context_event_older_than_its_limit_has_no_time_left() -> None:
    assert Deadline.from_context({"time_limit_in_ms": 3000}, 60.0, arrived=90.0, clock=Clock()).remaining() == 0.0
