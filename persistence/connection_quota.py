"""On whose behalf connections are taken, and how long one statement may last then.

A request opens an account at its beginning (`open_account`), and everything that it starts draws on it. Jobs and commands have none: no limit of
theirs is here.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Account:
    """`owner` is a person's or a client's key; None for the process itself. `seconds` bounds each statement; None does not."""

    owner: str | None = None
    seconds: float | None = None


_UNLIMITED = Account()
_account: ContextVar[Account] = ContextVar("account", default=_UNLIMITED)


def current() -> Account:
    return _account.get()


def open_account(owner: str, seconds: float) -> None:
    """Draw connections for `owner` from now on, in the present task and in all that it starts."""
    _account.set(Account(owner, seconds))


def charge(owner: str) -> None:
    """Name the owner of the present account anew, as soon as it is known who the client is. Without an account nothing happens."""
    if (account := _account.get()) is not _UNLIMITED:
        account.owner = owner


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Let statements last as long as they need, for work whose length is not the caller's choice."""
    token = _account.set(Account(_account.get().owner))
    try:
        yield
    finally:
        _account.reset(token)
