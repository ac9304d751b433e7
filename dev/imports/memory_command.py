"""The command `unilife import-memory`."""
from __future__ import annotations

from rich.console import Console
from rich.table import Table

from dev import environment
from dev.async_runner import run_async
from dev.errors import CommandError
from dev.imports.command import find_user
from jobs.deadline import Deadline
from persistence.models import User
from resolvers.errors import StorageExceeded
from resolvers.imports.memory import MemoryPreview, preview_memory, store_memory
from resolvers.storage_quota import has_room, limit

SECONDS = 600.0
"""Seconds for the model's calls; no function's deadline ends them here."""


def import_memory(text: str, *, email: str, dry_run: bool = False) -> None:
    """Import a memory text for an account, and print what it suggests and what was left out. Raises `CommandError`, `MemoryUnread`, `StorageExceeded`."""
    with environment.command_environment(model=True):
        user = run_async(find_user(email))
        if user is None:
            raise CommandError(f"there is no account {email}: register it, or import its chats with import-chats; nothing was imported")
        found, added = run_async(_import(user, text, dry_run=dry_run))
    _report(Console(), found, added, dry_run=dry_run)


async def _import(user: User, text: str, *, dry_run: bool) -> tuple[MemoryPreview, int]:
    found, _ = await preview_memory(user, text, Deadline(SECONDS))
    if dry_run:
        return found, 0
    if found.size and not await has_room(user.id, found.size):
        raise StorageExceeded(limit() or 0)
    return found, len(await store_memory(user, found))


def _report(console: Console, found: MemoryPreview, added: int, *, dry_run: bool) -> None:
    table = Table("slot", "value", "sentence", title="Dry run: nothing was imported" if dry_run else f"{added:,} suggested values")
    for value in found.suggestions:
        table.add_row(value.slot, f"{value.polarity.value.lower()}: {value.value}" if value.value_key.startswith("!") else value.value, value.quote)
    if found.values:
        console.print(table)
    else:
        console.print("No value is new.")
    if found.already_there:
        console.print(f"already imported: {found.already_there:,}")
    for reason, number in sorted(found.skipped.items()):
        console.print(f"left out: {reason}: {number:,}", markup=False, highlight=False)
    if added:
        console.print("They are suggestions: the user confirms or rejects each in the profile.")
