"""Worker processes for the crash tests, each with its own event loop and connections, as instances of the function are.

`python -m tests.jobs.worker_process` imports the jobs once, so that a worker costs a fork and no imports, and executes lines of JSON on its input:
start, stop (SIGSTOP), resume (SIGCONT), kill (SIGKILL), ended. A worker runs ticks until it dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Worker:
    """Settings of a worker. Durations in seconds; a message that contains `poison` kills it, with `deadly_fallback` also while the fallback is written."""

    deadline: float = 6.0
    item_seconds: float = 4.5
    lease_grace: float = 0.3
    slot_lease: float = 2.0
    pause: float = 0.05
    clock_shift: float = 0.0
    poison: str | None = None
    deadly_fallback: bool = False
    released_items: str | None = None
    """A file that gets a line for each item released at a deadline."""
    environment: tuple[tuple[str, str], ...] = ()


def main() -> None:
    _load()
    children: set[int] = set()
    try:
        for line in sys.stdin:
            print(json.dumps(_execute(json.loads(line), children)), flush=True)
    finally:
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _load() -> None:
    """Import what a worker needs for its first item."""
    import openai.resources.chat  # noqa: F401

    import jobs.run  # noqa: F401
    import llm.outputs  # noqa: F401


def _execute(order: dict[str, Any], children: set[int]) -> Any:
    if "start" in order:
        pid = _fork(Worker(**{**order["start"], "environment": tuple(map(tuple, order["start"]["environment"]))}))
        children.add(pid)
        return pid
    [(name, pid)] = order.items()
    if name == "ended":
        return _ended(pid, children)
    os.kill(pid, {"stop": signal.SIGSTOP, "resume": signal.SIGCONT, "kill": signal.SIGKILL}[name])
    if name != "resume":
        os.waitpid(pid, os.WUNTRACED)
    if name == "kill":
        children.discard(pid)
    return None


def _ended(pid: int, children: set[int]) -> bool:
    if pid in children and os.waitpid(pid, os.WNOHANG)[0]:
        children.discard(pid)
    return pid not in children


def _fork(worker: Worker) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.environ.update(worker.environment)
        with open(os.devnull, "r+") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(nothing.fileno(), 1)
        with _clock(worker.clock_shift):
            asyncio.run(_work(worker))
    except BaseException:
        traceback.print_exc()
    os._exit(1)


@contextlib.contextmanager
def _clock(shift: float) -> Iterator[None]:
    """Shift the instance's clock by a number of seconds."""
    if not shift:
        yield
        return
    import time

    import time_machine

    with time_machine.travel(time.time() + shift, tick=True):
        yield


async def _work(worker: Worker) -> None:
    from jobs.deadline import Deadline
    from jobs.retries import REPLAN_FAILED_AFTER
    from jobs.run import RunRequest, run
    from persistence.errors import DatabaseUnavailable
    from persistence.models.jobs import Trigger
    from persistence.queries.job_planning import Scope

    _configure(worker)
    request = RunRequest(None, Trigger.TIMER, reason=f"worker {os.getpid()}", scope=Scope(retry_failed_after=REPLAN_FAILED_AFTER))
    while True:
        with contextlib.suppress(DatabaseUnavailable):
            await run(request, Deadline(worker.deadline))
        await asyncio.sleep(worker.pause)


def _configure(worker: Worker) -> None:
    import settings
    from jobs import diary_generation, model_limiter
    from jobs import worker as job_worker

    settings.current.cache_clear()
    job_worker.LEASE_GRACE = timedelta(seconds=worker.lease_grace)
    job_worker.MIN_ITEM_SECONDS = worker.item_seconds
    model_limiter.SLOT_LEASE = timedelta(seconds=worker.slot_lease)
    model_limiter.SLOT_RENEWAL_INTERVAL = job_worker.SLOT_RENEWAL_INTERVAL = model_limiter.SLOT_LEASE / 3
    if worker.released_items:
        job_worker.release_items = _record_released(job_worker.release_items, worker.released_items)
    if worker.poison:
        diary_generation.write_diary = _killing_on_poison(diary_generation.write_diary, worker.poison)
        if worker.deadly_fallback:
            diary_generation.fallback = _killing_on_poison(diary_generation.fallback, worker.poison)


def _record_released(release: Any, path: str) -> Any:
    async def record_and_release(claims: Any, used: Any, **others: Any) -> None:
        with open(path, "a") as file:
            file.writelines(f"{claim.user_id} {claim.job.value} {claim.period}\n" for claim in claims)
        await release(claims, used, **others)

    return record_and_release


def _killing_on_poison(work: Any, poison: str) -> Any:
    """Wrap a function so that the process is killed when it reads the poison, as by a crash of the interpreter or a lack of memory."""

    def meet(*arguments: Any, **named: Any) -> Any:
        if any(
            poison in message.content
            for argument in arguments
            for message in getattr(argument, "messages", argument if isinstance(argument, list) else ())
        ):
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*arguments, **named)

    return meet


class Workers:
    """Client of the process above: starts it, sends it orders and ends it with all its workers."""

    def __enter__(self) -> Workers:
        import subprocess

        self._process = subprocess.Popen([sys.executable, "-m", "tests.jobs.worker_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *exception: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _order(self, **order: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def start(self, worker: Worker) -> int:
        """Start a worker and return its process id."""
        return int(self._order(start=asdict(worker)))

    def stop(self, pid: int) -> None:
        self._order(stop=pid)

    def resume(self, pid: int) -> None:
        self._order(resume=pid)

    def kill(self, pid: int) -> None:
        self._order(kill=pid)

    def ended(self, pid: int) -> bool:
        return bool(self._order(ended=pid))


if __name__ == "__main__":
    main()
