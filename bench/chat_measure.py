"""Measurement of one process that answers chat messages, the same for each side of the comparison: `cold` measures its first message, `warm N` N later ones.

This module is copied to the baseline's environment, so it imports nothing but asyncpg. Statements and round trips are counted in the driver, below every
library that uses it: preparing a statement is a round trip, and so are looking up a type and ending a transaction. Opening a connection is not counted.
"""
from __future__ import annotations

import json
import secrets
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from asyncpg import protocol

COUNTED: Counter[str] = Counter()
WARMING = 6
"""Messages before the clock starts: they prepare the statements on each connection (asyncpg and SQLAlchemy prepare one at its first use)."""


class _CountingProtocol(protocol.Protocol):
    """asyncpg's protocol, each of whose calls is one message to the server and its reply."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        COUNTED["connections"] += 1

    async def prepare(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().prepare(*given, **named), statement=False)

    async def bind_execute(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().bind_execute(*given, **named))

    async def bind_execute_many(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().bind_execute_many(*given, **named))

    async def bind(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().bind(*given, **named))

    async def execute(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().execute(*given, **named), statement=False)

    async def query(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().query(*given, **named))

    async def close_statement(self, *given: Any, **named: Any) -> Any:
        return await _counted(super().close_statement(*given, **named), statement=False)


async def _counted(call: Any, *, statement: bool = True) -> Any:
    COUNTED["statements"] += statement
    COUNTED["round_trips"] += 1
    return await call


def count_driver_calls() -> None:
    """Count from now on, for connections that are opened later."""
    protocol.Protocol = _CountingProtocol  # type: ignore[misc]


def make_question() -> str:
    """Return a text of eight words, each of which occurs nowhere else."""
    return " ".join(secrets.token_hex(4) for _ in range(8))


def main(send: Callable[[str], None], started: float) -> None:
    """Measure as the command line says, and print the results as JSON. `started` is the time at which the process began to import."""
    found = measure_cold(send, started) if sys.argv[1] == "cold" else measure_warm(send, int(sys.argv[2]))
    print(json.dumps(found))


def measure_cold(send: Callable[[str], None], started: float) -> dict[str, float]:
    send(make_question())
    seconds = time.perf_counter() - started
    modules = sum(type(module).__name__ != "LazyModule" for module in list(sys.modules.values()))
    return {"message_s": round(seconds, 4), "modules": modules, **COUNTED}


def measure_warm(send: Callable[[str], None], messages: int) -> dict[str, float]:
    for _ in range(WARMING):
        send(make_question())
    COUNTED.clear()
    wall, cpu = [], []
    for _ in range(messages):
        began, used = time.perf_counter(), time.process_time()
        send(make_question())
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return {
        "message_ms": round(statistics.median(wall), 3), "p95_ms": round(statistics.quantiles(wall, n=20)[-1], 3), "cpu_ms": round(statistics.median(cpu), 3),
        "statements": COUNTED["statements"] / messages, "round_trips": COUNTED["round_trips"] / messages,
    }  # fmt: skip
