"""The command `unilife jobs`: shows the state of the nightly jobs in a terminal, as `nights` and `jobRuns` do for administrators over the API."""
from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table

import logs
from dev import environment
from dev.async_runner import run_async
from persistence.models.limits import PauseKind
from persistence.queries.job_monitoring import JobState
from persistence.queries.model_limits import ActivePause
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF
from resolvers.admin import JobOverview, RunView, list_runs, load_job_overview

RUNS = 10
WIDTH = 160
REFRESH_SECONDS = 2.0
LATE = timedelta(hours=1)
"""An item that is due for longer than this is shown in red: timer events do not arrive, or the jobs do not keep up."""


def show(*, follow: bool) -> None:
    """Print the state, or with `follow` refresh it until Ctrl-C. Raises `DatabaseUnavailable`, `DatabaseNotMigrated`."""
    with environment.command_environment():
        if follow:
            try:
                run_async(_follow())
            except KeyboardInterrupt:
                return
        else:
            _console().print(run_async(_view()))


def _console() -> Console:
    """Return a console as wide as the terminal; in a file or a pipe wide enough for every column."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH)


async def _follow() -> None:
    with Live(await _view(), console=_console(), auto_refresh=False) as live:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            live.update(await _view(), refresh=True)


async def _view() -> RenderableType:
    state = await load_job_overview()
    runs = await list_runs(job=None, status=None, limit=RUNS, before=None)
    given_up = [_failures(state)] if state.failures else []
    return Group(*(_pause(pause) for pause in state.pauses), _jobs(state), *given_up, _runs(runs))


def _pause(pause: ActivePause) -> str:
    until = f"; next probe at {_clock(pause.probe_at)}" if pause.probe_at else "; until an admin calls modelSwitchOn"
    code = pause.reason if pause.kind is PauseKind.MODEL else MODEL_SWITCHED_OFF
    said = f"\nProvider's response: {escape(str(pause.reply))}" if str(pause.reply) else ""
    return f"[bold red]Model calls are paused:[/] {escape(pause.reason)}, since {_clock(pause.since)}{until}{said}\n{logs.ACTIONS.get(code, '')}"


def _jobs(state: JobOverview) -> Table:
    table = Table("job", "due", "oldest due for", "running", "failed", "attempts in 24 h", "p50", "p95", title="Jobs")
    for job in state.jobs:
        table.add_row(job.job.value, f"{job.due:,}", _waiting(job), f"{job.running:,}", f"[red]{job.failed:,}[/]" if job.failed else "0", f"{job.attempts:,}",
                      _milliseconds(job.p50_ms), _milliseconds(job.p95_ms))
    return table


def _failures(state: JobOverview) -> Table:
    table = Table("job", "failed", "error code", "provider's response", "action", title="Reasons of FAILED items")
    for found in state.failures:
        advice = logs.suggested_action({"error_code": found.error_code})
        table.add_row(found.job.value, f"[red]{found.items:,}[/]", found.error_code, escape(str(found.reply)), advice)
    return table


def _waiting(job: JobState) -> str:
    if job.oldest_due_at is None:
        return "–"
    waited = datetime.now(timezone.utc) - job.oldest_due_at
    shown = _duration(waited)
    return f"[red]{shown}[/]" if waited > LATE else shown


def _runs(runs: list[RunView]) -> Table:
    table = Table("began", "job", "by", "status", "succeeded", "skipped", "failed", "pending", "tokens", "stopped because", title="Latest runs")
    for view in runs:
        run, counts = view.run, view.counts
        by = view.requested_by.email if view.requested_by else run.trigger.value
        table.add_row(
            _clock(run.started_at), run.job.value if run.job else "TICK", by, run.status.value, *(f"{number:,}" for number in (
                counts.succeeded, counts.skipped, counts.failed, counts.pending, counts.input_tokens + counts.output_tokens)),
            run.stopped_because or run.error_code or "",
        )
    return table


def _clock(at: datetime) -> str:
    """Format a time in the terminal's own time zone."""
    return f"{at.astimezone():%m-%d %H:%M:%S}"


def _duration(waited: timedelta) -> str:
    minutes, seconds = divmod(max(0, round(waited.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.0f} ms"
