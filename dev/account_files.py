"""The commands `unilife export-account` and `unilife import-account`: for accounts of any size, also too large for a response or a request."""
from __future__ import annotations

import os
from pathlib import Path

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
from resolvers.portability.import_file import ParsedExport, parse_export


def export_account(email: str, output: Path, *, markdown: bool) -> None:
    """Write an account's data into a new file that other users of this machine cannot read. Raises `CommandError`."""
    address = _address(email, "exported")
    with environment.command_environment():
        text = run_async(_exported(address, markdown))
    _write(output, text)
    print(f"{output}: {len(text.encode()):,} bytes")


def import_account(path: Path, email: str) -> None:
    """Import a JSON export into an account without messages, or into a new one. Imports all data or none.

    Raises `CommandError`, `InvalidInput`, `Conflict`.
    """
    address = _address(email, "imported")
    try:
        imported = parse_export(path.read_text(encoding="utf-8"), largest=None)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as text: {error}; nothing was imported") from error
    with environment.command_environment():
        counts = run_async(_imported(address, imported, None if run_async(_find(address)) else read_new_password(address)))
    table = Table("what", "how many", title=f"Imported into {address}")
    for name, number in counts.items():
        table.add_row(name.replace("_", " "), str(number))
    Console().print(table)


async def _exported(address: str, markdown: bool) -> str:
    user = await _find(address)
    if user is None:
        raise CommandError(f"there is no account {address}; nothing was exported")
    return await (portability.export_markdown if markdown else portability.export_json)(user, largest=None)


async def _imported(address: str, imported: ParsedExport, password: str | None) -> portability.Counts:
    account = validate_account_fields(imported.account)
    if password is not None:
        await register(NewAccount(address, password, nickname=account["nickname"], time_zone=account["time_zone"], locale=account["locale"]))
    user = await _find(address)
    assert user is not None, "it was there or was registered a moment ago"
    return await portability.import_rows(user, imported)


async def _find(address: str) -> User | None:
    async with database.session() as session:
        return await find_user_by_email(session, address)


def _address(email: str, done: str) -> str:
    address = normalize_email(email)
    if address is None:
        raise CommandError(f"{email!r} is no e-mail address; nothing was {done}")
    return address


def _write(output: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise CommandError(f"{output} already exists: choose another file name") from None
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}") from error
