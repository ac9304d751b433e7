"""The request to which the current task belongs, as far as connections are concerned: their owner, the limits of time, and whether it changed data.

A request opens an account when it begins (`open_account`), and all tasks that it starts share it. Jobs and commands have no account, so none of
the limits applies to them.
"""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID


@dataclass
class Account:
    """The quota of one request."""

    owner: str | None = None
    """The key of a user or client, None for the process itself."""
    seconds: float | None = None
    """Time limit of each statement, None for no limit."""
    ends_at: float | None = None
    """Time on the monotonic clock at which the request ends: no connection is of use to it later."""
    urgent: bool = False
    """True for health checks and sign-outs, which are served before all other requests and have a connection in reserve."""
    began_at: float = field(default_factory=time.monotonic)
    """Time at which the request came; among requests that wait, the oldest is served first."""
    admitted: bool = False
    """True from the request's first connection on. Only requests that have not had one are refused early."""
    user_id: UUID | None = None
    """The signed-in user, whose changes the transactions of the request note (persistence/database.py)."""
    changed: bool = False
    """True when the request has changed data, or may have: a commit was sent whose outcome is unknown."""

    def time_left(self) -> float | None:
        return None if self.ends_at is None else max(0.0, self.ends_at - time.monotonic())


_UNLIMITED = Account()
_account: ContextVar[Account] = ContextVar("account", default=_UNLIMITED)


def current() -> Account:
    """Return the account of the current request; outside of requests a new one without limits, so that notes on it have no effect."""
    account = _account.get()
    return Account() if account is _UNLIMITED else account


def open_account(owner: str, seconds: float, *, remaining: float | None = None, urgent: bool = False) -> None:
    """Count connections for `owner` and limit statements to `seconds` from now on, in the current task and in all tasks that it starts.

    `remaining` are the seconds until the request's deadline.
    """
    ends_at = None if remaining is None else time.monotonic() + remaining
    _account.set(Account(owner, seconds, ends_at, urgent))


def charge(owner: str, user_id: UUID | None = None) -> None:
    """Replace the owner of the current account, and set its user, once the client is authenticated; without an account, do nothing."""
    account = current()
    account.owner, account.user_id = owner, user_id


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Lift the time limit of statements inside the block, for work whose length the caller does not choose. The owner stays."""
    with _altered(seconds=None, ends_at=None):
        yield


@contextmanager
def urgently() -> Iterator[None]:
    """Serve the connections inside the block before those of all other requests, with one in reserve. For health checks."""
    with _altered(urgent=True):
        yield


@contextmanager
def _altered(**changes: object) -> Iterator[None]:
    account = current()
    altered = replace(account, **changes)  # type: ignore[arg-type] # the names and types are those of the two callers
    token = _account.set(altered)
    try:
        yield
    finally:
        _account.reset(token)
        account.changed = account.changed or altered.changed
        account.admitted = account.admitted or altered.admitted
