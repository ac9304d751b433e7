"""The command `unilife import-chats`."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from dev import environment
from dev.async_runner import run_async
from dev.errors import CommandError
from dev.imports import chatgpt, files, memorybank
from dev.imports.day_assignment import Clock, assign_days
from dev.imports.records import ParsedFile, Record, UnreadableFile
from dev.new_password import read_new_password
from jobs.rules.day import day_bounds
from persistence import database
from persistence.models import User
from persistence.queries.account import find_user_by_email
from persistence.queries.chat_import import ImportCounts, ImportedMessage, import_messages
from resolvers.account import NewAccount, register
from resolvers.authentication import normalize_email

BATCH = 500
"""Minimum messages per transaction; a conversation is never split between two."""

_CJK = re.compile(r"[\u3400-\u9fff]")

Advance = Callable[[int], None]


def import_file(path: Path, *, email: str, person: str | None, time_zone: str, locale: str | None) -> None:
    """Import a file's chats for one account, and print what was skipped and why. Raises `CommandError`, `InvalidInput`."""
    reading = read(files.load(path), person)
    if not reading.records:
        raise UnreadableFile(f"{path} has no messages that can be imported: {_reasons(reading.skipped)}")
    with environment.command_environment():
        user = run_async(_find(email))
        if user is None:
            account = NewAccount(
                email, read_new_password(email), nickname=person and person.strip(), time_zone=time_zone, locale=locale or language(reading.records)
            )
            run_async(register(account))
            user = run_async(_find(email))
        assert user is not None, "it was registered a moment ago"
        with Progress() as progress:
            task = progress.add_task(f"Importing {path.name}", total=len(reading.records))
            counts, left_out = run_async(store(user, reading, lambda number: progress.advance(task, number)))
    _report(Console(), counts, left_out)


def read(document: Any, person: str | None) -> ParsedFile:
    """Return the messages of a document of a known layout. Raises `CommandError` when the file has several people and none is named."""
    if chatgpt.matches(document):
        if person is not None:
            raise CommandError("a ChatGPT export has the chats of one person: omit --person")
        return chatgpt.read(document)
    people = {name.strip(): name for name in memorybank.people(document)}
    if person is None and len(people) > 1:
        raise CommandError(f"the file has several people: choose one with --person: {', '.join(people)}")
    wanted = person.strip() if person is not None else next(iter(people))
    return memorybank.read(document, people.get(wanted, wanted))


async def store(user: User, reading: ParsedFile, advance: Advance = lambda number: None) -> tuple[ImportCounts, Counter[str]]:
    """Store the messages that are not stored yet, conversation by conversation; an interrupted import keeps what it stored and may be repeated."""
    clock = Clock(user.time_zone, user.day_ends_at, datetime.now(timezone.utc))
    placed, left_out = assign_days(reading.records, clock)
    advance(len(reading.records) - len(placed))
    added = already_there = 0
    for batch in _batches(placed):
        async with database.transaction() as session:
            done = await import_messages(session, user.id, batch, day_bounds=lambda day: day_bounds(day, user.time_zone, user.day_ends_at))
        added, already_there = added + done.added, already_there + done.already_there
        advance(len(batch))
    return ImportCounts(added, already_there), reading.skipped + left_out


def language(records: Sequence[Record]) -> str:
    """Return zh-CN when more than a quarter of the user's text are Chinese characters, else en."""
    text = "".join(record.content for record in records if record.by_person)
    return "zh-CN" if len(_CJK.findall(text)) * 4 > len(text) else "en"


def _batches(messages: Sequence[ImportedMessage]) -> Iterator[list[ImportedMessage]]:
    batch: list[ImportedMessage] = []
    for _, conversation in groupby(messages, key=lambda message: message.conversation):
        batch.extend(conversation)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _find(email: str) -> User | None:
    address = normalize_email(email)
    if address is None:
        raise CommandError(f"{email!r} is no e-mail address; nothing was imported")
    async with database.session() as session:
        return await find_user_by_email(session, address)


def _report(console: Console, counts: ImportCounts, left_out: Counter[str]) -> None:
    table = Table("messages", "how many", title="Result")
    table.add_row("imported", str(counts.added))
    table.add_row("already imported", str(counts.already_there))
    for reason, number in sorted((+left_out).items()):
        table.add_row(f"skipped: {reason}", str(number))
    console.print(table)
    if counts.added:
        console.print("The next nightly job writes their diaries; to write them now: unilife run-job daily-diary")


def _reasons(left_out: Counter[str]) -> str:
    return ", ".join(f"{reason}: {number}" for reason, number in sorted((+left_out).items())) or "the file is empty"
