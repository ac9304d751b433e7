"""The refusals that mutations return as data, and their conversion from a resolver's `Refusal`.

A result is a union of one success and the refusals that can happen; each refusal implements `Error`, so that a frontend can write `... on Error { code
message }` once and select `field` or `retryAfter` where a form needs it.
"""
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import strawberry

from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.scalars import BigInt
from resolvers import errors

T = TypeVar("T")
SuccessT = TypeVar("SuccessT")


@strawberry.type(description="A field of the input is invalid. Nothing was changed.")
class InvalidInputError(Error):
    field: str = strawberry.field(description="Name of the invalid input field, as spelled in this schema, such as `timeZone`.")


@strawberry.type(description="The current state does not allow the request. Nothing was changed; query the object again before the next attempt.")
class ConflictError(Error):
    pass


@strawberry.type(description="Too many requests, or the day's quota is used up. Nothing was changed.")
class RateLimitedError(Error):
    retry_after: float | None = strawberry.field(description="Seconds to wait before the next attempt; null when waiting alone does not help.")


@strawberry.type(description="An account with this e-mail address already exists. Nothing was changed.")
class EmailTakenError(Error):
    pass


@strawberry.type(description="The e-mail address or the password is wrong (`code` is INVALID_CREDENTIALS), or the account is disabled (ACCOUNT_DISABLED). Nothing was changed.")
class InvalidCredentialsError(Error):
    pass


@strawberry.type(description="The refresh token is unknown, expired, revoked or already used. Sign in again.")
class InvalidRefreshTokenError(Error):
    pass


@strawberry.type(description="The account would exceed the storage limit of this installation. Nothing was changed; delete something first.")
class StorageExceededError(Error):
    limit: BigInt = strawberry.field(description="Storage limit of an account in bytes.")


ErrorFactory = Callable[[Any], Error]
"""Makes the union's member for a refusal."""


def code_of(refusal: errors.Refusal) -> ErrorCode:
    """Return the public code of a refusal."""
    return ErrorCode[refusal.code] if refusal.code in PUBLIC_CODES else ErrorCode.CONFLICT


ERROR_FACTORIES: Mapping[type[errors.Refusal], ErrorFactory] = {
    errors.InvalidInput: lambda refusal: InvalidInputError(code=code_of(refusal), message=refusal.message, field=refusal.field),
    errors.Conflict: lambda refusal: ConflictError(code=code_of(refusal), message=refusal.message),
    errors.RateLimited: lambda refusal: RateLimitedError(code=code_of(refusal), message=refusal.message, retry_after=refusal.retry_after),
    errors.StorageExceeded: lambda refusal: StorageExceededError(code=code_of(refusal), message=refusal.message, limit=refusal.limit),
    errors.EmailTaken: lambda refusal: EmailTakenError(code=code_of(refusal), message=refusal.message),
    errors.InvalidCredentials: lambda refusal: InvalidCredentialsError(code=code_of(refusal), message=refusal.message),
    errors.InvalidRefreshToken: lambda refusal: InvalidRefreshTokenError(code=ErrorCode.SESSION_EXPIRED, message=refusal.message),
}


async def to_result(
    work: Awaitable[T], wrap: Callable[[T], SuccessT], also: Mapping[type[errors.Refusal], ErrorFactory] | None = None
) -> SuccessT | Any:
    """Return a mutation's result: `wrap` of the work's value, or the union's member for its refusal.

    `also` adds members for refusals of one mutation, or replaces shared ones; the most specific class counts. A refusal without a member, and every other
    error, is raised again and becomes a top-level error.
    """
    try:
        done = await work
    except errors.Refusal as refusal:
        return _member({**ERROR_FACTORIES, **(also or {})}, refusal)
    return wrap(done)


def _member(members: Mapping[type[errors.Refusal], ErrorFactory], refusal: errors.Refusal) -> Error:
    for kind in type(refusal).__mro__:
        if kind in members:
            return members[kind](refusal)
    raise refusal
