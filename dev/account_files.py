"""The commands `unilife export-account` and `unilife import-account`: for accounts of any size, also too large for a response or a request."""
from __future__ import annotations

import os
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from zipfile import BadZipFile

from rich.console import Console
from rich.table import Table

from dev import environment
from dev.async_runner import run_async
from dev.errors import CommandError
from dev.new_password import read_new_password
from persistence import database
from persistence.models import User
from persistence.queries.account import find_user_by_email
from resolvers import portability
from resolvers.account import NewAccount, register, validate_account_fields
from resolvers.authentication import normalize_email
from resolvers.portability.archive import stream_archive
from resolvers.portability.exports import stream_text
from resolvers.portability.import_file import ParsedExport, parse_export
from resolvers.portability.pieces import open_snapshot
from resolvers.portability.read_archive import read_export


def export_account(email: str, output: Path, *, markdown: bool) -> None:
    """Write an account's data into a new file that other users of this machine cannot read: a zip if its name says so. Raises `CommandError`."""
    address = _address(email, "exported")
    with environment.command_environment():
        size = run_async(_export(address, output, markdown))
    print(f"{output}: {size:,} bytes")


def import_account(path: Path, email: str, *, restore_deleted: bool = False) -> None:
    """Import a JSON export into an account without messages, or into a new one. Imports all data or none.

    Raises `CommandError`, `InvalidInput`, `Conflict`.
    """
    address = _address(email, "imported")
    try:
        imported = parse_export(read_export(path), largest=None)
    except (OSError, UnicodeDecodeError, BadZipFile, EOFError, zlib.error) as error:
        raise CommandError(f"{path} cannot be read as text: {error}; nothing was imported") from error
    with environment.command_environment():
        counts = run_async(_imported(address, imported, restore_deleted, None if run_async(_find(address)) else read_new_password(address)))
    table = Table("what", "how many", title=f"Imported into {address}")
    for name, number in counts.items():
        table.add_row(name.replace("_", " "), str(number))
    Console().print(table)


async def _export(address: str, output: Path, markdown: bool) -> int:
    user = await _find(address)
    if user is None:
        raise CommandError(f"there is no account {address}; nothing was exported")
    return await _write(output, _stream(user, is_zip=output.suffix.lower() == ".zip", markdown=markdown))


async def _stream(user: User, *, is_zip: bool, markdown: bool) -> AsyncGenerator[bytes]:
    """Yield the export in one snapshot, page by page, so that it may be larger than the memory."""
    if is_zip:
        async with open_snapshot() as sessions, aclosing(stream_archive(user, sessions, None, with_json=not markdown)) as chunks:
            async for chunk in chunks:
                yield chunk
    else:
        async with aclosing(stream_text(user, is_json=not markdown)) as texts:
            async for text in texts:
                yield text.encode()


async def _imported(address: str, imported: ParsedExport, restore_deleted: bool, password: str | None) -> portability.Counts:
    account = validate_account_fields(imported.account)
    if password is not None:
        await register(NewAccount(address, password, nickname=account["nickname"], time_zone=account["time_zone"], locale=account["locale"]))
    user = await _find(address)
    assert user is not None, "it was there or was registered a moment ago"
    return await portability.import_rows(user, imported, restore_deleted=restore_deleted)


async def _find(address: str) -> User | None:
    async with database.session() as session:
        return await find_user_by_email(session, address)


def _address(email: str, done: str) -> str:
    address = normalize_email(email)
    if address is None:
        raise CommandError(f"{email!r} is no e-mail address; nothing was {done}")
    return address


async def _write(output: Path, chunks: AsyncGenerator[bytes]) -> int:
    """Write a new file and return its size. A file that could not be written to its end is removed."""
    size = 0
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            try:
                async with aclosing(chunks):
                    async for chunk in chunks:
                        size += file.write(chunk)
            except BaseException:
                os.unlink(output)
                raise
    except FileExistsError:
        raise CommandError(f"{output} already exists: choose another file name") from None
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}") from error
    return size
