"""The command `unilife import-chats`."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from dev import environment
from dev.async_runner import run_async
from dev.errors import CommandError
from dev.new_password import read_new_password
from jobs.search_terms import make_terms_of
from persistence import database
from persistence.models import User
from persistence.queries.account import find_user_by_email
from resolvers.account import NewAccount, register
from resolvers.authentication import normalize_email
from resolvers.imports.day_assignment import Clock
from resolvers.imports.files import FileReader
from resolvers.imports.records import ParsedConversation, ReadReport, Record, UnreadableFile
from resolvers.imports.storing import Advance, ImportSummary, clock_of, preview, store

SAMPLE = 200
"""Conversations at the beginning of a file from which the language of a new account is taken."""
LISTED = 20
"""Conversations that were left out, with their place and reason; the others are only counted."""

_CJK = re.compile(r"[\u3400-\u9fff]")


def import_file(path: Path, *, email: str, person: str | None, time_zone: str, locale: str | None, dry_run: bool = False) -> None:
    """Import a file's chats for one account, and print what was left out and why. Raises `CommandError`, `InvalidInput`."""
    reader = FileReader(person)
    try:
        with path.open("rb") as file:
            _import(file, path, reader, email=email, time_zone=time_zone, locale=locale, dry_run=dry_run)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _import(file: BinaryIO, path: Path, reader: FileReader, *, email: str, time_zone: str, locale: str | None, dry_run: bool) -> None:
    conversations = reader.read_file(file, path.name)
    sample = list(islice(conversations, SAMPLE))
    if len(sample) < SAMPLE and not any(parsed.records for parsed in sample):
        raise UnreadableFile(f"{path} has no messages that can be imported: {_reasons(reader.report)}")
    with environment.command_environment():
        user = run_async(find_user(email))
        if dry_run:
            clock = clock_of(user) if user else Clock(time_zone, 0, datetime.now(timezone.utc))
            found = run_async(preview(user, chain(sample, conversations), clock))
            _report(Console(), found, reader, dry_run=True)
            return
        user = user or _register(email, reader.person, time_zone, locale or language(record for parsed in sample for record in parsed.records))
        with Progress() as progress:
            task = progress.add_task(f"Importing {path.name}", total=None)
            done = run_async(import_for(user, chain(sample, conversations), lambda number: progress.advance(task, number)))
    _report(Console(), done, reader)


async def import_for(user: User, conversations: Iterable[ParsedConversation], advance: Advance = lambda number: None) -> ImportSummary:
    """Store the conversations and make the search terms of their messages. An interrupted import keeps what it stored and may be repeated."""
    done = await store(user, conversations, advance=advance)
    await make_terms_of(user.id)
    return done


def language(records: Iterable[Record]) -> str:
    """Return zh-CN when more than a quarter of the user's text are Chinese characters, else en."""
    text = "".join(record.content for record in records if record.by_person)
    return "zh-CN" if len(_CJK.findall(text)) * 4 > len(text) else "en"


def _register(email: str, person: str | None, time_zone: str, locale: str) -> User:
    account = NewAccount(email, read_new_password(email), nickname=person and person.strip(), time_zone=time_zone, locale=locale)
    run_async(register(account))
    user = run_async(find_user(email))
    assert user is not None, "it was registered a moment ago"
    return user


async def find_user(email: str) -> User | None:
    """Return the account with this address, None if there is none. Raises `CommandError` for a text that is no address."""
    address = normalize_email(email)
    if address is None:
        raise CommandError(f"{email!r} is no e-mail address; nothing was imported")
    async with database.session() as session:
        return await find_user_by_email(session, address)


def _report(console: Console, done: ImportSummary, reader: FileReader, *, dry_run: bool = False) -> None:
    table = Table("messages", "how many", title="Dry run: nothing was imported" if dry_run else "Result")
    for name, number in _rows(done, reader, dry_run):
        table.add_row(name, f"{number:,}")
    console.print(table)
    for omission in reader.report.omissions[:LISTED]:
        console.print(f"left out: {omission.place}: {omission.reason}", markup=False, highlight=False)
    if reader.report.omitted > LISTED:
        console.print(f"left out: {reader.report.omitted - LISTED} more conversations")
    if dry_run and done.days:
        cost = f", about {done.cost.amount:.2f} {done.cost.currency}" if done.cost else ""
        console.print(f"{len(done.days)} days from {min(done.days)} to {max(done.days)}: about {done.tokens:,} tokens for the nightly jobs{cost}")
    elif done.messages:
        console.print("The next nightly job writes their diaries; to write them now: unilife run-job daily-diary")


def _rows(done: ImportSummary, reader: FileReader, dry_run: bool) -> Iterator[tuple[str, int]]:
    yield ("to import" if dry_run else "imported"), done.messages
    yield "already imported", done.already_there
    yield ("conversations to create" if dry_run else "new conversations"), done.conversations
    for reason, number in sorted((done.report.skipped + reader.report.skipped).items()):
        yield f"skipped: {reason}", number
    if reader.report.omitted:
        yield "conversations left out", reader.report.omitted


def _reasons(report: ReadReport) -> str:
    reasons = [f"{reason}: {number}" for reason, number in sorted(report.skipped.items())]
    reasons += [f"{each.place}: {each.reason}" for each in report.omissions[:3]]
    return ", ".join(reasons) or "the file is empty"
