"""The command `unilife run-job`: starts a job from the command line as a timer would, with the same record."""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

import logs
from dev import environment
from dev.async_runner import run_async
from dev.errors import CommandError
from jobs.deadline import Deadline
from jobs.run import RunRequest, RunSummary
from jobs.run import run as run_request
from jobs.timer_events import JOBS
from llm import prices
from persistence import database
from persistence.errors import DatabaseError
from persistence.models.jobs import Trigger
from persistence.queries.account import find_user_by_email
from persistence.queries.job_planning import Scope
from persistence.queries.job_run_items import RunCounts, count_error_codes, load_counts
from resolvers.admin import estimate
from resolvers.authentication import normalize_email

SECONDS = 24 * 3600.0
"""The run's deadline: only the operator ends this process."""
LOOK_SECONDS = 0.5
"""Interval at which the progress is read from the job queue."""


def run(job: str, first: date | None, last: date | None, *, emails: list[str] | None, force: bool, dry_run: bool, reason: str | None = None) -> int:
    """Run a job and return the exit status: 0 when no item failed or is pending. Raises `InvalidRunRequest`, `CommandError`, `DatabaseUnavailable`."""
    scope = Scope(first, last, force=force)
    logging.getLogger("unilife").addHandler(logging.NullHandler())  # failures are shown at the end, not in between
    with environment.command_environment(model=True):
        summary, more = run_async(_run(RunRequest(JOBS[job.replace("-", "_")], Trigger.CLI, None, reason, scope, dry_run=dry_run), emails), interruptible=True)
    _show(summary, dry_run, more)
    return 1 if summary.failed or (summary.pending and not dry_run) else 0


async def _run(request: RunRequest, emails: list[str] | None) -> tuple[RunSummary, Sequence[str]]:
    """Return the run's summary and further lines to print."""
    if emails:
        scope = Scope(request.scope.first, request.scope.last, await _ids(emails), request.scope.force)
        request = RunRequest(request.job, request.trigger, None, request.reason, scope, dry_run=request.dry_run)
    with _Bar(request.name) as bar:
        summary = await run_request(request, Deadline(SECONDS), bar.opened)
    return summary, [await _price(request, summary)] if summary.run_id is None else await _failures(summary.run_id)


async def _price(request: RunRequest, summary: RunSummary) -> str:
    if not request.dry_run:
        return "nothing is due for any user"
    if request.job is None:
        return "name one job for an estimate of its tokens"
    tokens, cost = await estimate(request.job, summary.planned)
    if cost is None:
        return f"about {tokens:,} tokens"
    by = "the prices of the settings" if prices.find_own_prices() else "DeepSeek's current price list"
    return f"about {tokens:,} tokens, {cost.amount:,.2f} {cost.currency} by {by}"


async def _failures(run_id: UUID) -> list[str]:
    """Return the failed items and those waiting for a retry, counted by error code, with the suggested actions."""
    async with database.session() as session:
        codes = await count_error_codes(session, run_id)
    return [f"{count:,} × {code}: {logs.suggested_action({'error_code': code})}" for code, count in codes]


class _Bar:
    """A progress bar on standard error. It shows the job queue's counts, so items that other runs claim count too."""

    def __init__(self, name: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rest]}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._name = name
        self._looking: asyncio.Task[None] | None = None

    def __enter__(self) -> _Bar:
        self._progress.start()
        self._task = self._progress.add_task(f"{self._name}: planning", total=None, rest="")
        return self

    def __exit__(self, *exception: object) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._progress.stop()

    def opened(self, run_id: UUID, planned: int) -> None:
        self._looking = asyncio.ensure_future(_look(self._progress, self._task, self._name, run_id))


async def _look(progress: Progress, task: TaskID, name: str, run_id: UUID) -> None:
    while True:
        try:
            async with database.session() as session:
                counts = (await load_counts(session, [run_id]))[run_id]
        except DatabaseError as error:
            logs.write("progress_read_failed", level="WARNING", run_id=run_id, error_code=error.code)
        else:
            progress.update(task, description=name, total=counts.total, completed=counts.total - counts.pending, rest=_rest(counts))
        await asyncio.sleep(LOOK_SECONDS)


def _rest(counts: RunCounts) -> str:
    failed = f"[red]{counts.failed:,} failed[/]  " if counts.failed else ""
    return f"{failed}{counts.input_tokens + counts.output_tokens:,} tokens"


async def _ids(emails: list[str]) -> list[UUID]:
    found: list[UUID] = []
    async with database.session() as session:
        for email in emails:
            user = await find_user_by_email(session, normalize_email(email) or "")
            if user is None:
                raise CommandError(f"there is no account {email}")
            found.append(user.id)
    return found


def _show(summary: RunSummary, dry_run: bool, more: Sequence[str]) -> None:
    table = Table("planned" if not dry_run else "would be planned", "succeeded", "skipped", "failed", "pending", "tokens", title=summary.job)
    table.add_row(*(f"{value:,}" for value in (
        summary.planned, summary.succeeded, summary.skipped, summary.failed, summary.pending, summary.tokens
    )))
    console = Console()
    console.print(table)
    if summary.run_id:
        console.print(f"run {summary.run_id}" + (f", stopped because of {summary.stopped_because}" if summary.stopped_because else ""))
    advice = logs.suggested_action({"stopped_because": summary.stopped_because})
    for line in (*more, *([advice] if advice and not any(advice in line for line in more) else [])):
        console.print(line, markup=False, soft_wrap=True, highlight=False)
