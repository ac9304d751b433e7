"""The owner of the connections that the current task takes, and the time limit of its statements.

A request opens an account when it begins (`open_account`), and all tasks that it starts share it. Jobs and commands have no account, so neither
limit applies to them.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Account:
    """The quota of one request. `owner` is the key of a user or client, None for the process itself; `seconds` limits each statement, None does not."""

    owner: str | None = None
    seconds: float | None = None


_UNLIMITED = Account()
_account: ContextVar[Account] = ContextVar("account", default=_UNLIMITED)


def current() -> Account:
    return _account.get()


def open_account(owner: str, seconds: float) -> None:
    """Count connections for `owner` and limit statements to `seconds` from now on, in the current task and in all tasks that it starts."""
    _account.set(Account(owner, seconds))


def charge(owner: str) -> None:
    """Replace the owner of the current account once the client is authenticated; without an account, do nothing."""
    if (account := _account.get()) is not _UNLIMITED:
        account.owner = owner


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Lift the time limit of statements inside the block, for work whose length the caller does not choose. The owner stays."""
    token = _account.set(Account(_account.get().owner))
    try:
        yield
    finally:
        _account.reset(token)
