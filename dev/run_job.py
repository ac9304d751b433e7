"""`unilife run-job`: what a timer would start, from the command line, with the same record."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from rich.console import Console
from rich.table import Table

from dev import environment
from dev.failures import CommandFailure
from dev.running import run_async
from jobs.deadline import Deadline
from jobs.run import RunRequest, Summary
from jobs.run import run as run_request
from jobs.triggers import JOBS
from persistence import database
from persistence.models.jobs import Trigger
from persistence.queries.account import find_user_by_email
from persistence.queries.planning import Scope
from resolvers.authentication import normal_email

SECONDS = 24 * 3600.0
"""Nobody ends this process but the operator."""


def run(job: str, first: date | None, last: date | None, *, emails: list[str] | None, force: bool, dry_run: bool) -> int:
    """The exit status: 0 when nothing failed and nothing is left. Raises `CommandFailure`, `DatabaseUnavailable`."""
    if first and last and last < first:
        raise CommandFailure(f"--to {last} lies before --from {first}")
    with environment.command(model=True), Console(stderr=True).status(f"Running {job} …"):
        summary = run_async(_run(job, Scope(first, last, force=force), emails, dry_run))
    _show(summary, dry_run)
    return 1 if summary.failed or (summary.left and not dry_run) else 0


async def _run(job: str, scope: Scope, emails: list[str] | None, dry_run: bool) -> Summary:
    user_ids = await _ids(emails) if emails else None
    scope = Scope(scope.first, scope.last, user_ids, scope.force)
    return await run_request(RunRequest(JOBS[job.replace("-", "_")], Trigger.CLI, scope=scope, dry_run=dry_run), Deadline(SECONDS))


async def _ids(emails: list[str]) -> list[UUID]:
    found: list[UUID] = []
    async with database.session() as reading:
        for email in emails:
            user = await find_user_by_email(reading, normal_email(email) or "")
            if user is None:
                raise CommandFailure(f"there is no account {email}")
            found.append(user.id)
    return found


def _show(summary: Summary, dry_run: bool) -> None:
    table = Table("planned" if not dry_run else "would be planned", "succeeded", "skipped", "failed", "left", "tokens", title=summary.job)
    table.add_row(*(str(value) for value in (
        summary.planned, summary.succeeded, summary.skipped, summary.failed, summary.left, summary.tokens
    )))
    console = Console()
    console.print(table)
    if summary.run_id:
        console.print(f"run {summary.run_id}" + (f", stopped because of {summary.stopped_because}" if summary.stopped_because else ""))
