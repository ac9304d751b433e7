"""The refusals that mutations return as data, and their conversion from a resolver's `Refusal`.

A result is a union of one success and the refusals that can happen; each refusal implements `Error`, so that a frontend can write `... on Error { code
message field retryAfter }` once.
"""
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import strawberry

from graph.enums import describe_enum
from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.scalars import BigInt
from resolvers import errors

T = TypeVar("T")
SuccessT = TypeVar("SuccessT")


InputRule = errors.InputRule
describe_enum(
    InputRule,
    "The rule that a field of the input breaks. `min` and `max` stand beside it where the rule has bounds.",
    REQUIRED="The field is null, and needs a value; or omit it to keep the current one.",
    EMPTY="The text shows no character, or no letter or digit where one is needed.",
    TOO_SHORT="The text has fewer than `min` characters.",
    TOO_LONG="The text has more than `max` characters.",
    TOO_MANY="The list has more than `max` entries, or the text more than `max` words.",
    OUT_OF_RANGE="The number or date is not between `min` and `max`, or its order is wrong; `message` names the range.",
    FORMAT="The text has not the required form, such as that of an e-mail address.",
    CHARACTER="The text has a character that is not allowed: a control character, an invisible one, or half of a surrogate pair.",
    UNKNOWN_VALUE="The value is none of those that exist, such as time zones; `suggestion` has the nearest one.",
    DUPLICATE="The value, name or key is used already.",
    SAME_AS_BEFORE="The new value must differ from the current one.",
    GUESSABLE="The password is easy to guess.",
    LOOKS_SECRET="The text looks like a password, key or card number, which is not stored here.",
    SWITCHED_OFF="What the field names is switched off for this account.",
    NOT_ALLOWED_HERE="The field does not go with this object or with the other fields.",
)
ConflictReason = errors.ConflictReason
describe_enum(
    ConflictReason,
    "The state that does not allow the request.",
    BEING_ANSWERED="A message of this conversation is being answered: wait `retryAfter` seconds.",
    CHANGED_MEANWHILE="Another request changed the object at the same time: query it again, then try again.",
    DELETED_MEANWHILE="The object was deleted meanwhile.",
    NEWER_VERSION="The object has a newer version than the one that was sent: query it again.",
    ACCOUNT_DELETED="The account was deleted while the request ran.",
    ALREADY_DONE="What was asked for was done before.",
    NOTHING_TO_DO="There is nothing that the request could change.",
    NOT_COMMITTED="An import waits to be committed: commit it, or replace it.",
    NOT_EMPTY="The account has content already, and the request needs an empty one.",
    TOO_LARGE="The whole is too large for one request: take it in parts.",
    TOO_MANY="The account has the greatest possible number of such objects.",
    REGISTRATION_CLOSED="This installation accepts no new accounts.",
    MEMORY_OFF="The user has switched off what the request needs: `memoryUpdate` switches it on.",
    LOCKED="The user locked the value: `profileValueUnlock` first.",
    ID_TAKEN="The id that the client made belongs to another object of the user already: make a new one.",
)


@strawberry.type(description="A fault of one field of an input.")
class InputFault:
    field: str = strawberry.field(description="Name of the invalid input field, as spelled in this schema, such as `timeZone`.")
    rule: InputRule = strawberry.field(description="The rule that the field breaks.")
    message: str = strawberry.field(description="What is wrong and what to send instead, in English.")
    min: int | None = strawberry.field(description="The least length, number or value that is valid; null where the rule has no bounds.")
    max: int | None = strawberry.field(description="The greatest length, number or value that is valid; null where the rule has no bounds.")
    suggestion: str | None = strawberry.field(description="The nearest valid value; null where none is known.")

    @classmethod
    def from_refusal(cls, fault: errors.InvalidInput) -> "InputFault":
        least, most = fault.bounds or (None, None)
        return cls(field=fault.field, rule=fault.rule, message=fault.message, min=least, max=most, suggestion=fault.suggestion)


@strawberry.type(description="A field of the input is invalid. Nothing was changed.")
class InvalidInputError(Error):
    field: str = strawberry.field(description="Name of the invalid input field, as spelled in this schema, such as `timeZone`; of several the first.")
    rule: InputRule = strawberry.field(description="The rule that the field breaks.")
    min: int | None = strawberry.field(description="The least length, number or value that is valid; null where the rule has no bounds.")
    max: int | None = strawberry.field(description="The greatest length, number or value that is valid; null where the rule has no bounds.")
    suggestion: str | None = strawberry.field(
        default=None, description="The nearest valid value, such as `Asia/Shanghai` for the time zone Beijing; null where none is known."
    )
    faults: list[InputFault] = strawberry.field(description="All faults that were found in the input, this one first.")

    @classmethod
    def from_refusal(cls, refusal: errors.InvalidInput) -> "InvalidInputError":
        least, most = refusal.bounds or (None, None)
        return cls(
            code=code_of(refusal), message=refusal.message, field=refusal.field, rule=refusal.rule, min=least, max=most,
            suggestion=refusal.suggestion, faults=[InputFault.from_refusal(fault) for fault in refusal.faults],
        )


@strawberry.type(description="The current state does not allow the request. Nothing was changed; query the object again before the next attempt.")
class ConflictError(Error):
    reason: ConflictReason = strawberry.field(description="The state that does not allow the request.")
    retry_after: float | None = strawberry.field(
        description="Seconds to wait before the next attempt, such as while an answer is in progress; null when waiting alone does not help."
    )


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
    errors.InvalidInput: InvalidInputError.from_refusal,
    errors.Conflict: lambda refusal: ConflictError(
        code=code_of(refusal), message=refusal.message, retry_after=refusal.retry_after, reason=refusal.reason
    ),
    errors.RateLimited: lambda refusal: RateLimitedError(code=code_of(refusal), message=refusal.message, retry_after=refusal.retry_after),
    errors.StorageExceeded: lambda refusal: StorageExceededError(code=code_of(refusal), message=refusal.message, limit=refusal.limit),
    errors.EmailTaken: lambda refusal: EmailTakenError(code=code_of(refusal), message=refusal.message, field="email"),
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
