"""The load test: `python -m bench load`. Many users at once on the server mode and on several instances of the function; prints the tables of bench/README.md.

Users are closed loops in processes of their own: one request at a time, a third each pages, searches and messages, and a pause of 0.1 to 0.3 s.
The model answers at once (bench/chat_model.py repeats an answer of the offline model's form). The database is a role with a connection limit.
"""
from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.chat import instant_model
from bench.comparison import compile_function
from bench.load.data import load, role
from bench.load.measure import Cell, Plan, measure
from bench.load.processes import Form, running
from bench.load.report import find_unexpected, make_tables
from dev.database import create, temporary_server

FORMS = ("server", "servers", "functions")
SERVERS = 3
INSTANCES = 16
GRANTED = (100, 20)
USERS = (1, 20, 100, 300)
MAX_WARMING_USERS = 24
WARMING_SECONDS = 3
"""Length of a first run on new processes, and of as many seconds more as there are processes. Its figures are not shown: the processes load the modules of
each kind of request meanwhile."""


def main(arguments: Sequence[str] | None = None) -> None:
    given = parse(arguments)
    forms = [make_form(name, given.instances) for name in given.forms]
    plan = Plan(given.warming, given.seconds, tuple(given.mix))
    compile_function()
    began, load_before = time.monotonic(), os.getloadavg()[0]
    with temporary_server() as server, instant_model() as model, tempfile.TemporaryDirectory() as directory:
        url = asyncio.run(create(server, "bench_load"))
        asyncio.run(load(url, max(given.users), given.messages, GRANTED))
        log = Path(given.log or Path(directory, "log"))
        cells = list(run(forms, given.granted, given.users, plan, url, model, log))
    print(make_tables(cells))
    number, seconds = sum(cell.requests for cell in cells), time.monotonic() - began
    print(f"Python {sys.version.split()[0]}, load of the machine before it {load_before:.1f}, {number} requests in {seconds:.0f} s")
    if found := find_unexpected(cells):
        print(found)


def make_form(name: str, instances: int) -> Form:
    """Return one server, several servers, or so many instances of the function."""
    servers = {"server": Form("server", 1), "servers": Form(f"{SERVERS} servers", SERVERS)}
    return servers.get(name) or Form(f"{instances} functions", instances, functions=True)


def run(
    forms: Iterable[Form], granted: Sequence[int], users: Sequence[int], plan: Plan, url: str, model: str, log: Path,
) -> Iterable[Cell]:  # fmt: skip
    """Measure all cells; the processes of a form are started once for each number of granted connections."""
    for form in forms:
        for connections in granted:
            with running(form, re.sub("user=[^&]*", f"user={role(connections)}", url), model, log) as group:
                asyncio.run(measure(group, url, connections, min(max(users), MAX_WARMING_USERS), Plan(0, WARMING_SECONDS + form.processes)))
                for number in users:
                    cell = asyncio.run(measure(group, url, connections, number, plan))
                    print(f"{form.name}, {connections} connections, {number} users: {cell.throughput:.0f}/s", file=sys.stderr)
                    yield cell


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--instances", type=int, default=INSTANCES, help="instances of the function")
    parser.add_argument("--granted", nargs="+", type=int, choices=GRANTED, default=list(GRANTED), help="connections that the database grants")
    parser.add_argument("--users", nargs="+", type=int, default=list(USERS), help="users at once")
    parser.add_argument("--seconds", type=float, default=8, help="measured time of each cell")
    parser.add_argument("--warming", type=float, default=2, help="time before it")
    parser.add_argument("--messages", type=int, default=100, help="old messages of each user")
    parser.add_argument("--mix", nargs=3, type=float, default=[1, 1, 1], metavar=("PAGES", "SEARCHES", "MESSAGES"), help="weights of the kinds")
    parser.add_argument("--log", help="file to which the log lines of the processes are appended")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
