"""Errors of the use cases, as a tree. `code` is one of the API's error codes; the message says what to do and can be shown to the user.

A `Refusal` is expected in normal use: mutations return it as data. The others are errors of the client and are listed in the response's
errors.
"""
from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager


class InputRule(enum.Enum):
    """The rules that a field of an input can break, for clients with error messages of their own."""

    REQUIRED = "REQUIRED"
    EMPTY = "EMPTY"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    FORMAT = "FORMAT"
    CHARACTER = "CHARACTER"
    UNKNOWN_VALUE = "UNKNOWN_VALUE"
    DUPLICATE = "DUPLICATE"
    SAME_AS_BEFORE = "SAME_AS_BEFORE"
    GUESSABLE = "GUESSABLE"
    LOOKS_SECRET = "LOOKS_SECRET"
    SWITCHED_OFF = "SWITCHED_OFF"
    NOT_ALLOWED_HERE = "NOT_ALLOWED_HERE"


class ConflictReason(enum.Enum):
    """The states that do not allow a request, for clients with error messages of their own."""

    BEING_ANSWERED = "BEING_ANSWERED"
    CHANGED_MEANWHILE = "CHANGED_MEANWHILE"
    DELETED_MEANWHILE = "DELETED_MEANWHILE"
    NEWER_VERSION = "NEWER_VERSION"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"
    ALREADY_DONE = "ALREADY_DONE"
    NOTHING_TO_DO = "NOTHING_TO_DO"
    NOT_COMMITTED = "NOT_COMMITTED"
    NOT_EMPTY = "NOT_EMPTY"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY = "TOO_MANY"
    REGISTRATION_CLOSED = "REGISTRATION_CLOSED"
    MEMORY_OFF = "MEMORY_OFF"
    LOCKED = "LOCKED"
    ID_TAKEN = "ID_TAKEN"


class DomainError(Exception):
    code = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unauthenticated(DomainError):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "sign in first: send the header Authorization: Bearer <access token>") -> None:
        super().__init__(message)


class Forbidden(DomainError):
    code = "FORBIDDEN"


class NotFound(DomainError):
    """Raised when the caller has no such object; the text is the same for an object of another user and for one that never existed."""

    code = "NOT_FOUND"

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")


class BadInput(DomainError):
    """Raised for input that no form produces, such as a malformed cursor or id."""

    code = "BAD_USER_INPUT"


class Refusal(DomainError):
    """Base of the expected errors, which mutations return as data."""


class InvalidInput(Refusal):
    """Raised when a field of the input breaks a rule.

    `field` is its name in the API, `bounds` the least and the greatest length, number or value that it may have, where the rule has such, and
    `suggestion` the nearest valid value where one is known. `faults` holds all faults that were found in the input, this one first.
    """

    code = "BAD_USER_INPUT"

    def __init__(
        self, field: str, message: str, *, rule: InputRule, bounds: tuple[int, int] | None = None, suggestion: str | None = None
    ) -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule
        self.bounds = bounds
        self.suggestion = suggestion
        self.faults: tuple[InvalidInput, ...] = (self,)


class Faults:
    """The faults of one input, collected so that a form can show them together."""

    def __init__(self) -> None:
        self._found: list[InvalidInput] = []

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Collect the fault that the block raises, and continue after the block."""
        try:
            yield
        except InvalidInput as fault:
            self._found.extend(fault.faults)

    def raise_first(self) -> None:
        """Raise the first fault with all of them; do nothing if there is none."""
        if self._found:
            self._found[0].faults = tuple(self._found)
            raise self._found[0]


class EmailTaken(Refusal):
    code = "EMAIL_TAKEN"


class InvalidCredentials(Refusal):
    code = "INVALID_CREDENTIALS"


class InvalidRefreshToken(Refusal):
    code = "SESSION_EXPIRED"


class Conflict(Refusal):
    """Raised when the object's current state, told by `reason`, does not allow the operation.

    `retry_after` is in seconds, None where waiting alone does not help.
    """

    code = "CONFLICT"

    def __init__(self, message: str, retry_after: float | None = None, *, reason: ConflictReason) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.reason = reason


class MemoryOff(Conflict):
    """Raised for what needs a switch of the user's memory that is off."""

    code = "MEMORY_OFF"

    def __init__(self, message: str) -> None:
        super().__init__(message, reason=ConflictReason.MEMORY_OFF)


class RateLimited(Refusal):
    """Raised for too many calls or a quota that is used up; `retry_after` is in seconds."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageExceeded(Refusal):
    """Raised when the user's data would exceed STORAGE_PER_USER; nothing was stored. `limit` is in bytes."""

    code = "STORAGE_EXCEEDED"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"this would exceed your storage limit of {limit / 1e6:,.1f} MB: delete conversations or diaries that you no longer need, and try again "
            "after ten minutes; `accountExport` saves a copy first"
        )
        self.limit = limit
