"""`python -m bench.chat`: the chat of the function beside the baseline's, and beside asyncpg and openai alone, in turns, with a model that answers at once.

A message's words occur nowhere else, so what a search costs is that of finding nothing. The users have 10, 1,000 and 50,000 old messages; one setting has a
daily limit, one goes through pgbouncer in transaction mode. `make bench` measures it after the page, `make bench ARGS=chat` alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench import chat_data, pooler
from bench.comparison import BASELINE_ENVIRONMENT, BASELINE_VENV, FUNCTION, ROOT, Side, compile_function, make_token, prepare_baseline, shown
from dev.database import create, temporary_server

COLD_STARTS = int(os.environ.get("BENCH_CHAT_COLD_STARTS", "7"))
RUNS = int(os.environ.get("BENCH_CHAT_RUNS", "2"))
MESSAGES = int(os.environ.get("BENCH_CHAT_MESSAGES", "40"))
"""Messages of one run; a user with very many old ones sends a quarter of them."""
SIZES = (10, 1_000, 50_000)
PATIENCE = "300"
"""Seconds of each time limit of the function, so that a busy machine makes no run fail."""
TOKENS_PER_DAY = "1000000000"
"""A daily limit that is not reached."""


class Setting(NamedTuple):
    """One row of runs: the old messages of its users, and what differs from the plain function."""

    name: str
    size: int
    limited: bool = False
    pooled: bool = False
    tracked: bool = False
    """Through the pooler, which tracks prepared statements and is told to: both sides prepare theirs."""

    @property
    def messages(self) -> int:
        return MESSAGES // 4 if self.size == max(SIZES) else MESSAGES

    def person(self, run: int) -> UUID:
        """Return the user of a run. Each run has one of its own, so that no run's messages are another's old ones; among 50,000 they do not count."""
        run = 0 if self.size == max(SIZES) else run
        return UUID(int=10_000_000 * self.size + 1_000_000 * self.limited + 2_000_000 * self.pooled + 4_000_000 * self.tracked + 10_000 * (run + 1))


COLD = (Setting("cold", 10), Setting("cold, pooler", 10, pooled=True))
WARM = (
    *(Setting(f"{size:,} old messages", size) for size in SIZES),
    Setting("1,000, daily limit", 1_000, limited=True), Setting("1,000, pooler", 1_000, pooled=True),
    Setting("1,000, pooler with prepared statements", 1_000, pooled=True, tracked=True),
)  # fmt: skip


class Databases(NamedTuple):
    """The URLs of both databases, and of both through the pooler, if there is one."""

    ours: str
    theirs: str
    pooler: str | None
    tracks: bool
    """True if the pooler tracks prepared statements."""

    def environment(self, setting: Setting, side: str) -> dict[str, str]:
        """Return the part of a side's environment that depends on the setting."""
        url = self.ours if side == "UniLife" else self.theirs
        if setting.pooled:
            name = "bench_chat" if side == "UniLife" else "baseline_chat"
            url = f"{self.pooler}/{name}{f'?pgbouncer={str(not setting.tracked).lower()}' if side == 'UniLife' else ''}"
        if side == "UniLife":  # on a busy machine the imports take longer than the time limit of the connection that is opened meanwhile
            url += f"{'&' if '?' in url else '?'}connect_timeout={PATIENCE}"
        if side == "baseline":
            url = url.replace("postgresql://", "postgresql+asyncpg://")
        found = {"POSTGRESQL_URL": url, **({"BENCH_POOLED": "1"} if setting.pooled and not setting.tracked else {})}
        return {**found, **({"CHAT_TOKENS_PER_DAY": TOKENS_PER_DAY} if setting.limited else {})}


def main() -> None:
    console = Console()
    prepare_baseline(console)
    compile_function()
    with temporary_server() as server:
        measure(console, server)


def measure(console: Console, server: str) -> None:
    """Measure on a database server, and print the table."""
    program = pooler.find_program()
    with contextlib.ExitStack() as opened:
        model = opened.enter_context(instant_model())
        address = opened.enter_context(pooler.transaction_pooler(program, server)) if program else None
        databases = _load(server, address, tracks=program is not None and pooler.tracks_prepared_statements(program))
        sides = make_sides(model)
        for number in track(range(COLD_STARTS), "chat: cold starts", console=console):
            for setting in usable(COLD[: 2 if number % 3 == 0 else 1], databases):
                for side in sides if not setting.pooled else sides[:2]:
                    run_once(side, setting, databases, 0, "cold")
        for setting in track(usable(WARM, databases), "chat: warm messages", console=console):
            for run in range(RUNS):
                for side in sides if not (setting.pooled or setting.limited) else sides[:2]:
                    run_once(side, setting, databases, run + 1, "warm", str(setting.messages))
    report(console, sides, databases)


def usable(settings: Sequence[Setting], databases: Databases) -> list[Setting]:
    return [setting for setting in settings if (databases.pooler or not setting.pooled) and (databases.tracks or not setting.tracked)]


def make_sides(model: str) -> tuple[Side, Side, Side]:
    limits = {"FUNCTION_TIMEOUT_SECONDS": PATIENCE, "STATEMENT_TIMEOUT_SECONDS": PATIENCE}
    ours = {**FUNCTION, **limits, "DEEPSEEK_BASE_URL": model, "DEEPSEEK_MODEL": "unilife-offline"}
    theirs = {**BASELINE_ENVIRONMENT, "MODEL_URL": model}
    return (
        Side("UniLife", [sys.executable, "-m", "bench.chat_function"], ours),
        Side("baseline", [str(BASELINE_VENV / "bin" / "python"), "-m", "app", "chat"], theirs),
        Side("alone", [sys.executable, "-m", "bench.chat_alone"], {**FUNCTION, "MODEL_URL": model}),
    )


def run_once(side: Side, setting: Setting, databases: Databases, run: int, *arguments: str) -> None:
    person = setting.person(run)
    conversation = UUID(int=1) if side.name == "UniLife" else UUID(int=person.int + 1)
    given = {"BENCH_PERSON": str(person), "BENCH_CONVERSATION": str(conversation), "BENCH_TOKEN": make_token(person, chat_data.SIGN_IN)}
    if side.name == "UniLife":
        given["BENCH_CONVERSATION"] = encode_conversation(conversation)
    side.measure(*arguments, named=f"{setting.name} ", **given, **databases.environment(setting, side.name))


def encode_conversation(id: UUID) -> str:
    from graph.relay import encode_id

    return encode_id("Conversation", id)


@contextlib.contextmanager
def instant_model() -> Iterator[str]:
    """Run the model and yield its URL."""
    command = [sys.executable, "-m", "bench.chat_model"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


def _load(server: str, address: str | None, *, tracks: bool) -> Databases:
    """Create both databases and fill them with the same users."""
    ours = asyncio.run(create(server, "bench_chat"))
    theirs = re.sub(r"application_name=[^&]*&?", "", asyncio.run(create(server, "baseline_chat"))).rstrip("?&")
    found = Databases(ours, theirs, address, tracks)
    environment = {**BASELINE_ENVIRONMENT, **found.environment(COLD[0], "baseline"), "BENCH_WORDS": json.dumps(chat_data.WORDS)}
    for size in SIZES:
        people = [setting.person(run) for setting in (*COLD, *WARM) if setting.size == size for run in range(RUNS + 1)]
        people = list(dict.fromkeys(people))
        asyncio.run(chat_data.load(ours, people, size))
        command = [str(BASELINE_VENV / "bin" / "python"), "-m", "app", "chat", "load", str(size), *map(str, people)]
        subprocess.run(command, env=environment, check=True)
    return found


def rows(databases: Databases) -> list[tuple[str, str]]:
    """Return the label and the name of each figure."""
    cold = [
        ("cold start to the first answered message, s", "message_s"), ("CPU of that process, until it ends, s", "cpu_cold_s"),
        ("modules after it", "modules"), ("statements until then", "statements"), ("round trips until then", "round_trips"),
        ("peak memory, MiB", "peak_cold_mb"),
    ]  # fmt: skip
    found = [(label, f"cold {name}") for label, name in cold]
    if databases.pooler:
        found += [(f"{label}, pooler", f"cold, pooler {name}") for label, name in (cold[0], cold[4])]
    warm = [
        ("median, ms", "message_ms"), ("95th percentile, ms", "p95_ms"), ("CPU, ms", "cpu_ms"), ("statements", "statements"),
        ("round trips", "round_trips"),
    ]  # fmt: skip
    for setting in usable(WARM, databases):
        found += [(f"warm, {setting.name}: {label}", f"{setting.name} {name}") for label, name in warm]
    return [*found, ("peak memory after the warm messages, MiB", f"{WARM[0].name} peak_warm_mb")]


def report(console: Console, sides: Sequence[Side], databases: Databases) -> None:
    heads = ("", *(side.name for side in sides), "ratio", "ratio to alone")
    table = Table(title=f"Chat, Python {sys.version.split()[0]}, medians of {COLD_STARTS} cold starts and {RUNS} × {MESSAGES} warm messages")
    for heading in heads:
        table.add_column(heading, justify="left" if not heading else "right")
    for label, name in rows(databases):
        ours, theirs, alone = (side.median(name) for side in sides)
        ratios = [ours / other if ours and other else None for other in (theirs, alone)]
        table.add_row(label, *map(shown, (ours, theirs, alone, *ratios)))
    console.print(table)


if __name__ == "__main__":
    main()
