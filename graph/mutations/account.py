"""Mutations that create, change and delete accounts."""
from typing import Annotated

import strawberry

from graph.field_costs import PASSWORD, WHOLE_ACCOUNT, weight
from graph.mutations.session import SessionMutation
from graph.permissions import Public, SignedIn
from graph.relay import encode_id
from graph.results import ConflictError, EmailTakenError, InvalidCredentialsError, InvalidInputError, RateLimitedError, to_result
from graph.scalars import Locale, TimeZone
from graph.types.session import Session
from graph.types.user import User
from resolvers import account
from resolvers.account import DEFAULT_LOCALE, DEFAULT_TIME_ZONE, NewAccount

NEW_PASSWORD = (
    "15 to 128 characters; an installation may ask for another least length, from 8 to 64. What is easy to guess is refused: a common password, a row of "
    "keys, one part again and again, the e-mail address, the nickname, the name of this service, and these with a few characters around them."
)


@strawberry.input(description="Somebody new.")
class AccountRegisterInput:
    email: str = strawberry.field(description="Their e-mail address, at most 254 characters; case does not matter. One account an address.")
    password: str = strawberry.field(description=NEW_PASSWORD)
    nickname: str | None = strawberry.field(
        default=None,
        description="What the assistant calls them: 1 to 50 characters on one line. Absent or null: the address up to the @.",
    )
    time_zone: TimeZone = strawberry.field(
        default=TimeZone(DEFAULT_TIME_ZONE),
        description="The zone by whose clock their days begin and end; a browser's is `Intl.DateTimeFormat().resolvedOptions().timeZone`.",
    )
    locale: Locale = strawberry.field(default=Locale(DEFAULT_LOCALE), description="Their language.")
    day_ends_at: int = strawberry.field(default=0, description="The hour, 0 to 23, at which their day ends.")


@strawberry.type(description="The account was made, and its owner is signed in.")
class AccountRegisterSuccess(Session):
    pass


@strawberry.input(description="What to change of one's own account. What is absent stays; null is refused, since none of it can be missing.")
class AccountUpdateInput:
    nickname: strawberry.Maybe[str | None] = strawberry.field(
        description="What the assistant calls them: 1 to 50 characters on one line."
    )
    time_zone: strawberry.Maybe[TimeZone | None] = strawberry.field(
        description="The zone by whose clock their days begin and end, from now on; no message changes its day."
    )
    locale: strawberry.Maybe[Locale | None] = strawberry.field(description="Their language.")
    day_ends_at: strawberry.Maybe[int | None] = strawberry.field(description="The hour, 0 to 23, at which their day ends, from now on.")


@strawberry.type(description="The account was changed.")
class AccountUpdateSuccess:
    user: User = strawberry.field(description="The person as they are now.")


@strawberry.input(description="The password and the one to take its place.")
class PasswordChangeInput:
    current_password: str = strawberry.field(description="The present password.")
    new_password: str = strawberry.field(description=f"Another one. {NEW_PASSWORD}")


@strawberry.type(description="The password was changed. This sign-in goes on; all others have ended.")
class PasswordChangeSuccess:
    revoked_sessions: int = strawberry.field(description="How many other sign-ins were ended.")


@strawberry.input(description="A confirmation: what is deleted cannot be brought back.")
class AccountDeleteInput:
    password: str = strawberry.field(description="The present password.")


@strawberry.type(description="The account and everything in it is gone: conversations, diaries, profile, sign-ins.")
class AccountDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="The id that the person had.")


AccountRegisterResult = Annotated[
    AccountRegisterSuccess | EmailTakenError | InvalidInputError | RateLimitedError | ConflictError,
    strawberry.union(
        "AccountRegisterResult",
        description="Outcome of `accountRegister`; ConflictError with REGISTRATION_CLOSED where no new accounts are taken, "
        "RateLimitedError after many from one address.",
    ),
]
AccountUpdateResult = Annotated[
    AccountUpdateSuccess | InvalidInputError | ConflictError, strawberry.union("AccountUpdateResult", description="Outcome of `accountUpdate`.")
]
PasswordChangeResult = Annotated[
    PasswordChangeSuccess | InvalidCredentialsError | InvalidInputError | RateLimitedError | ConflictError,
    strawberry.union("PasswordChangeResult", description="Outcome of `passwordChange`; RateLimitedError after many wrong passwords."),
]
AccountDeleteResult = Annotated[
    AccountDeleteSuccess | InvalidCredentialsError | RateLimitedError | ConflictError,
    strawberry.union("AccountDeleteResult", description="Outcome of `accountDelete`; RateLimitedError after many wrong passwords."),
]


@strawberry.type
class AccountMutation(SessionMutation):
    @strawberry.mutation(permission_classes=[Public], metadata=weight(PASSWORD), description="Make an account and sign in to it.")
    async def account_register(self, info: strawberry.Info, input: AccountRegisterInput) -> AccountRegisterResult | None:
        registered = account.register(NewAccount(**vars(input)), client_address=info.context.client_address)
        return await to_result(registered, AccountRegisterSuccess.from_session)

    @strawberry.mutation(permission_classes=[SignedIn], description="Change one's own account.")
    async def account_update(self, info: strawberry.Info, input: AccountUpdateInput) -> AccountUpdateResult | None:
        viewer = await info.context.require_viewer()
        changes = {name: given.value for name, given in vars(input).items() if given is not None}
        return await to_result(account.update(viewer, changes), lambda user: AccountUpdateSuccess(user=User.from_model(user)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(PASSWORD), description="Change one's own password and end all other sign-ins.")
    async def password_change(self, info: strawberry.Info, input: PasswordChangeInput) -> PasswordChangeResult | None:
        viewer = await info.context.require_viewer()
        changed = account.change_password(viewer, input.current_password, input.new_password, client_address=info.context.client_address)
        return await to_result(changed, lambda ended: PasswordChangeSuccess(revoked_sessions=ended))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT), description="Delete one's own account with everything in it, for good.")
    async def account_delete(self, info: strawberry.Info, input: AccountDeleteInput) -> AccountDeleteResult | None:
        viewer = await info.context.require_viewer()
        deleted = account.delete(viewer, input.password, client_address=info.context.client_address)
        return await to_result(deleted, lambda _: AccountDeleteSuccess(deleted_id=encode_id("User", viewer.id)))
