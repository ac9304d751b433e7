"""Every refusal of a use case, as a tree. `code` is one of the API's error codes; the message says what to do and is safe to show.

A `Refusal` is expected in daily use: mutations answer it as data. The others are faults of the caller and end up in the response's errors.
"""
from __future__ import annotations


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
    """No such object among the caller's own; the same words whether it is somebody else's or never existed."""

    code = "NOT_FOUND"

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")


class BadInput(DomainError):
    """Input that no form produces, such as a malformed cursor or id."""

    code = "BAD_USER_INPUT"


class Refusal(DomainError):
    """Expected: answered as data."""


class InvalidInput(Refusal):
    """A field of the input breaks a rule; `field` is its name in the API's spelling."""

    code = "BAD_USER_INPUT"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class EmailTaken(Refusal):
    code = "EMAIL_TAKEN"


class InvalidCredentials(Refusal):
    code = "INVALID_CREDENTIALS"


class InvalidRefreshToken(Refusal):
    code = "SESSION_EXPIRED"


class Conflict(Refusal):
    """The object's state does not allow it now."""

    code = "CONFLICT"


class RateLimited(Refusal):
    """Too much too soon, or a quota used up; `retry_after` in seconds."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageExceeded(Refusal):
    """What the person stores would take more than STORAGE_PER_USER; nothing was stored. `limit` in bytes."""

    code = "STORAGE_EXCEEDED"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"your account may hold {limit / 1e6:,.1f} MB, and this would be more: delete conversations or diaries that you no longer need, and try again "
            "after ten minutes; `accountExport` keeps a copy of them"
        )
        self.limit = limit
