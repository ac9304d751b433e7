"""The command `unilife create-admin`: the only way to create the first administrator."""
from __future__ import annotations

from dev import environment
from dev.async_runner import run_async
from dev.errors import CommandError
from dev.new_password import read_new_password
from persistence import database
from persistence.models import User
from persistence.models.account import Role
from persistence.queries import account as queries
from resolvers import account
from resolvers.authentication import normalize_email


def create(email: str) -> None:
    """Create an administrator's account, or give an existing account the role (its password stays). Raises `CommandError`, `InvalidInput`."""
    address = normalize_email(email)
    if address is None:
        raise CommandError(f"{email!r} is no e-mail address; nothing was changed")
    with environment.command_environment():
        if run_async(_promote(address)):
            print(f"{address} now has the role ADMIN; its password was not changed")
            return
        run_async(account.create_admin(address, read_new_password(address)))
        print(f"{address} was created with the role ADMIN")


async def _promote(address: str) -> User | None:
    """Give the account the role ADMIN and return it, or None if it does not exist. Raises `CommandError` for a disabled one."""
    async with database.transaction() as session:
        found = await queries.find_user_by_email(session, address)
        if found is None:
            return None
        if found.disabled:
            raise CommandError(f"the account {address} is disabled; nothing was changed: enable it with `userUpdate` first")
        return await queries.update_user(session, found.id, role=Role.ADMIN)
