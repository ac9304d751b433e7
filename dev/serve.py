"""The command `unilife dev`: runs all services on this machine in one process, until Ctrl-C."""
from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket

import uvicorn
from rich.console import Console
from starlette.types import ASGIApp

import logs
import settings
from dev import environment
from dev.environment import LocalServices
from dev.errors import CommandError
from dev.graphiql import add_graphiql
from dev.web import WebUnavailable, build, with_web, without_web
from dev.workspace import state
from jobs.deadline import Deadline
from jobs.run import run_timer
from jobs.timer_events import TimerRequest
from llm import client
from llm.retired_models import find_retirement
from persistence.database import dispose

HOST = "127.0.0.1"
TICK_SECONDS = 60
"""Interval of the nightly jobs' timer, like a cloud's timer."""

CLOSE_SECONDS = 3
"""Time that open requests may still run after Ctrl-C; a stream may never end by itself."""

FIRST_QUERY = "{ health { version model databaseReachable } }"


def serve(port: int) -> None:
    """Serve until Ctrl-C, a closing terminal or SIGTERM. Raises `CommandError` when the port is taken, `SettingsError`."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    console = Console()
    with contextlib.suppress(KeyboardInterrupt), _listen(port) as listener:
        with console.status("Starting the database and the offline model, and building the web app if it has changed …"), contextlib.ExitStack() as stack:
            parts = stack.enter_context(environment.server_environment())
            logs.configure(settings.current().log_level)
            app, missing = _app()
            started = stack.pop_all()
        with started:
            _welcome(console, parts, port)
            for doubt in settings.current_doubts():
                console.print(doubt, style="yellow", markup=False, soft_wrap=True)
            for reason in missing:
                console.print(f"{reason}\nThe API runs without it.\n", style="yellow", markup=False, soft_wrap=True)
            asyncio.run(_serve(app, listener))
    console.print("Stopped. The data are kept.")


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno != errno.EADDRINUSE:
            raise CommandError(f"port {port} cannot be opened ({error.strerror}): choose another port with `make dev PORT=8001`") from error
        raise CommandError(f"port {port} is in use, perhaps by another `unilife dev`: stop it, or choose another port with `make dev PORT=8001`") from error
    return listener


def _app() -> tuple[ASGIApp, list[CommandError]]:
    """Return the application with GraphiQL and the web app, or with pages that say why they are missing, and the reasons."""
    from graph.asgi import development_app

    missing: list[CommandError] = []
    found: ASGIApp = development_app()
    found, reason = add_graphiql(found)
    missing += [reason] if reason else []
    try:
        found = with_web(found, build(), _run_timer, trusted_documents=settings.current().trusted_documents != "off")
    except WebUnavailable as error:
        found = without_web(found, error)
        missing.append(error)
    return found, missing


async def _serve(app: ASGIApp, listener: socket.socket) -> None:
    config = uvicorn.Config(app, lifespan="off", ws="none", log_level="warning", access_log=False, timeout_graceful_shutdown=CLOSE_SECONDS)
    server = uvicorn.Server(config)
    # uvicorn shuts down gracefully on SIGINT and SIGTERM alone.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, setattr, server, "should_exit", True)
    nights = asyncio.create_task(_tick_for_ever())
    try:
        await server.serve(sockets=[listener])
    finally:
        nights.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await nights
        await client.close()
        await dispose()


async def _tick_for_ever() -> None:
    """Run the nightly jobs: every due item is processed within a minute, as in the cloud."""
    while True:
        try:
            await _run_timer()
        except Exception as error:
            logs.write("tick_failed", level="ERROR", error_code=getattr(error, "code", None), exception=type(error).__name__)
        await asyncio.sleep(TICK_SECONDS)


async def _run_timer() -> None:
    await run_timer(TimerRequest(None, cloud="dev"), Deadline(TICK_SECONDS))


def _welcome(console: Console, parts: LocalServices, port: int) -> None:
    present = settings.current()
    address = f"http://{HOST}:{port}/graphql"
    model = "offline model (DEEPSEEK_API_KEY is not set), which only repeats what it is told" if parts.offline_model else (
        f"model {present.deepseek_model} at {present.deepseek_base_url}"
    )
    database = f"PostgreSQL on this machine, data in {state('postgres')}" if parts.embedded_database else "the database of POSTGRESQL_URL"
    console.print(f"[bold]UniLife {settings.VERSION}[/bold] on this machine: {model}.", soft_wrap=True)
    console.print(f"{database}; due jobs run every minute. Ctrl-C stops everything.\n", soft_wrap=True)
    _name_model_check(console, parts)
    console.print(f"Open     [bold]http://{HOST}:{port}/[/bold]  (the web app)", soft_wrap=True)
    console.print(f"or       [bold]{address}[/bold]  (GraphiQL, with queries for a first conversation)", soft_wrap=True)
    console.print(f"or paste curl -s {address} -H 'content-type: application/json' -d '{{\"query\":\"{FIRST_QUERY}\"}}'\n", soft_wrap=True, markup=False)


def _name_model_check(console: Console, parts: LocalServices) -> None:
    """Print how to check the model, and a warning if the configured one is known to be retired."""
    retirement = None if parts.offline_model else find_retirement()
    if retirement is not None:
        name = settings.current().deepseek_model
        warning = f"the provider retires {name} on {retirement.on}: set DEEPSEEK_MODEL to {retirement.successor}."
        console.print(warning, style="yellow", markup=False, soft_wrap=True)
    how = "Set DEEPSEEK_API_KEY to use a real model; docs/providers.md lists the settings for each provider." if parts.offline_model else ""
    console.print(f"{how} `unilife check-model` tests the configured model.\n".lstrip(), markup=False, highlight=False, soft_wrap=True)
