"""Errors of the use cases, as a tree. `code` is one of the API's error codes; the message says what to do and can be shown to the user.

A `Refusal` is expected in normal use: mutations return it as data. The others are errors of the client and are listed in the response's
errors.
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
    """Raised when a field of the input breaks a rule; `field` is its name in the API."""

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
    """Raised when the object's current state does not allow the operation."""

    code = "CONFLICT"


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
