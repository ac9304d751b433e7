"""The `unilife` command. Each subcommand is one module, which is imported when the subcommand is called."""
from __future__ import annotations

import sys
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

import settings

app = typer.Typer(
    name="unilife", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="UniLife on a developer's or operator's machine. Without POSTGRESQL_URL every command works on the database of `unilife dev`.",
)
migrations = typer.Typer(no_args_is_help=True, help="Bring the database's tables up to this version, or see how they are.")
app.add_typer(migrations, name="migrate")

DAY = ["%Y-%m-%d"]


class JobName(str, Enum):
    DAILY_DIARY = "daily-diary"
    DAILY_PROFILE = "daily-profile"
    WEEKLY_PROFILE = "weekly-profile"
    TICK = "tick"


class Cloud(str, Enum):
    TENCENT = "tencent"
    ALIYUN = "aliyun"
    HUAWEI = "huawei"
    AWS = "aws"


def main() -> None:
    """Run the command that the arguments name. An error with an explanation is printed as one line on standard error, with status 1."""
    try:
        app(prog_name="unilife")
    except Exception as error:
        if not isinstance(error, _explained_failures()):
            raise
        reason = getattr(error, "reason", None)
        print(f"unilife: {error}{f' ({reason})' if reason else ''}", file=sys.stderr)
        sys.exit(1)


@app.command()
def dev(port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen on 127.0.0.1.")] = 8000) -> None:
    """Run everything on this machine: database, offline model, nights, and the server with GraphiQL. Ctrl-C stops it; data are kept."""
    from dev.serve import serve

    serve(port)


@app.command()
def demo() -> None:
    """Show the main job in this terminal: days of chat, the nights, diaries with evidence, the profile, a chat that knows it."""
    from dev.demo import run

    run()


@migrations.command()
def up(
    contract: Annotated[bool, typer.Option("--contract", help="Also take away what only former releases need. Their health check then fails.")] = False,
) -> None:
    """Create or change the tables. Safe to run twice, also at once."""
    from dev.migrate_commands import up

    up(contract)


@migrations.command()
def check() -> None:
    """Say whether this version can run on the database; status 1 if not. Changes nothing."""
    from dev.migrate_commands import check

    raise typer.Exit(check())


@migrations.command()
def current() -> None:
    """Print the database's revision and the one that this version wants."""
    from dev.migrate_commands import current

    current()


@migrations.command()
def render(check: Annotated[bool, typer.Option(help="Only compare; status 1 when the files are not up to date.")] = False) -> None:
    """Write the migrations as SQL, which is what `up` and the function itself run."""
    from dev.migrate_render import render

    raise typer.Exit(render(check))


@app.command()
def import_chats(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A ChatGPT export (.zip or conversations.json), or a MemoryBank file.")],
    email: Annotated[str, typer.Option(help="Whose chats they become. The account is made if there is none (it asks for a password).")],
    person: Annotated[str | None, typer.Option(help="Whose chats to take, if the file holds several people's.")] = None,
    time_zone: Annotated[str, typer.Option(help="Of a new account: an IANA name.")] = "UTC",
    locale: Annotated[str | None, typer.Option(help="Of a new account, such as zh-CN; else told by the chats themselves.")] = None,
) -> None:
    """Import chats with their original days. The same file may come again: what is there already is not added twice."""
    from dev.imports.command import import_file

    import_file(file, email=email, person=person, time_zone=time_zone, locale=locale)


@app.command("export-account")
@app.command("export", hidden=True)
def export_account(
    output: Annotated[Path, typer.Argument(dir_okay=False, help="A new file; only you may read it.")],
    email: Annotated[str, typer.Option(help="Whose account.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="To be read by people, instead of JSON that can be imported.")] = False,
) -> None:
    """Export everything an account has, however large."""
    from dev.account_files import export_account

    export_account(email, output, markdown=markdown)


@app.command("import-account")
@app.command("import", hidden=True)
def import_account(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A JSON export.")],
    email: Annotated[str, typer.Option(help="An account in which nothing was said yet, or a new one: then its password is asked for or piped in.")],
) -> None:
    """Import an export, however large: conversations, diaries, profile and settings as they were. All or nothing."""
    from dev.account_files import import_account

    import_account(file, email)


@app.command()
def run_job(
    job: Annotated[JobName, typer.Argument(help="tick does whatever is due for anyone.")],
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="The first day, people's own.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="The last day, included.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="Only for this person; may be given several times.")] = None,
    force: Annotated[bool, typer.Option(help="Also what is up to date.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Only say how many items there are, and what they would take.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why, for whoever reads the run later.")] = None,
) -> None:
    """Run a job as its timer would, show how far it is, and print what it did. Ctrl-C hands back what is in hand."""
    from dev.run_job import run

    days = (first.date() if first else None, last.date() if last else None)
    raise typer.Exit(run(job.value, *days, emails=email, force=force, dry_run=dry_run, reason=reason))


@app.command("jobs")
def show_jobs(follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep it up to date until Ctrl-C.")] = False) -> None:
    """Show how the nights stand: what is due and in hand, what failed, pauses, and the last runs."""
    from dev.jobs_view import show

    show(follow=follow)


@app.command()
def check_model() -> None:
    """Ask the configured model endpoint what it can do, by a few small calls (some 7,000 tokens); status 1 where the main job would not work."""
    from dev.check_model import check

    raise typer.Exit(check())


@app.command()
def create_admin(
    email: Annotated[str, typer.Option(help="A new account's address, or a present one's, which becomes an admin's.")],
) -> None:
    """Make an admin. The password of a new account is read from UNILIFE_PASSWORD, from a pipe, or asked for: never an argument."""
    from dev.create_admin import create

    create(email)


@app.command()
def export_schema(check: Annotated[bool, typer.Option(help="Only compare; status 1 when schema.graphql is not up to date.")] = False) -> None:
    """Write schema.graphql from the code."""
    from dev.export_schema import export

    raise typer.Exit(export(check))


@app.command()
def outside(due: Annotated[bool, typer.Option(help="Only what is due.")] = False) -> None:
    """List what docs/outside.md believes of providers, clouds, tools and laws, and what of it is due to be looked up again."""
    from datetime import timezone

    from dev.outside import show

    show(datetime.now(timezone.utc).date(), only_due=due)


@app.command()
def package(
    target: Annotated[Cloud, typer.Option(help="Whose runtime it is for.")],
    python: Annotated[str | None, typer.Option(help="The runtime's Python, such as 3.10; else the newest that the cloud and the wheels allow.")] = None,
    glibc: Annotated[str | None, typer.Option(help="The runtime's C library, such as 2.28, where you know better than the built-in table.")] = None,
    web: Annotated[bool, typer.Option(help="For a web function: with what the platform starts or loads in it.")] = False,
    machine: Annotated[str | None, typer.Option(help="The processor: x86_64, or arm64 where the cloud has it (AWS; for web functions alone it).")] = None,
    requirements: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Build from exactly these wheels: a former package's list.")] = None,
    output: Annotated[Path | None, typer.Option(file_okay=False, help="Where to put the zip; else dist/.")] = None,
) -> None:
    """Build the zip for a cloud, with everything in it that the function imports and nothing else, and try it out."""
    from dev.packaging.command import package

    package(target.value, python=python, glibc=glibc, web=web, machine=machine, locked=requirements, output=output)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Where to listen; 0.0.0.0 is everywhere.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 9000,
    event_invoke: Annotated[
        bool, typer.Option("--event-invoke", help="Take timers at POST /event-invoke. Only where none but the platform reaches the port.")
    ] = False,
    client_address_header: Annotated[str | None, typer.Option(help="The header in which the proxy before it writes the client's address.")] = None,
) -> None:
    """Serve as a container or web function does, with the settings of the environment alone."""
    from graph.web import serve

    serve(host, port, event_invoke=event_invoke, client_address_header=client_address_header)


def _explained_failures() -> tuple[type[Exception], ...]:
    """Return the exceptions whose message tells an operator what to do."""
    from dev.errors import CommandError
    from graph.web import ConflictingOptions
    from jobs.run_validation import InvalidRunRequest
    from persistence.dsn import InvalidUrl
    from persistence.errors import DatabaseError
    from resolvers.errors import DomainError

    return InvalidRunRequest, CommandError, InvalidUrl, DatabaseError, DomainError, ConflictingOptions, settings.SettingsError
