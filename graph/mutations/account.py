"""Mutations that create, change and delete accounts."""
from functools import partial
from typing import Annotated

import strawberry

from graph.field_costs import PASSWORD, WHOLE_ACCOUNT, weight
from graph.mutations.session import CLIENT_NAME, SessionMutation
from graph.permissions import Public, SignedIn
from graph.relay import encode_id
from graph.results import ConflictError, EmailTakenError, InvalidCredentialsError, InvalidInputError, RateLimitedError, to_result
from graph.scalars import Locale, TimeZone
from graph.types.profile_slots import ProfileSlot
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from graph.types.session import Session
from graph.types.user import User
from resolvers import account
from resolvers.account import DEFAULT_LOCALE, DEFAULT_TIME_ZONE, NewAccount

NEW_PASSWORD = (
    "15 to 128 characters; an installation may set another minimum, from 8 to 64. Passwords that are easy to guess are rejected: common passwords, rows of "
    "keys, one part repeated, the e-mail address, the nickname, the name of this service, and these with a few characters around them."
)


@strawberry.input(description="The account to create.")
class AccountRegisterInput:
    email: str = strawberry.field(description="The user's e-mail address, at most 254 characters, case-insensitive. One account per address.")
    password: str = strawberry.field(description=NEW_PASSWORD)
    nickname: str | None = strawberry.field(
        default=None,
        description="The name by which the assistant addresses the user: 1 to 50 characters on one line. Absent or null: the part of the address before the @.",
    )
    time_zone: TimeZone = strawberry.field(
        default=TimeZone(DEFAULT_TIME_ZONE),
        description="The time zone in which the user's days begin and end; in a browser `Intl.DateTimeFormat().resolvedOptions().timeZone`.",
    )
    locale: Locale = strawberry.field(default=Locale(DEFAULT_LOCALE), description="The user's language, such as `zh-CN`.")
    day_ends_at: int = strawberry.field(default=0, description="The hour, 0 to 23, at which the user's day ends: with 4, a message sent at 02:30 still belongs to the day before.")
    client_name: str | None = strawberry.field(default=None, description=CLIENT_NAME)


@strawberry.type(description="The account was created, and its user is signed in.")
class AccountRegisterSuccess(Session):
    pass


@strawberry.input(description="Changes of the signed-in user's own account. Absent fields keep their value; null is rejected, because none of them can be empty.")
class AccountUpdateInput:
    nickname: strawberry.Maybe[str | None] = strawberry.field(
        description="The name by which the assistant addresses the user: 1 to 50 characters on one line."
    )
    time_zone: strawberry.Maybe[TimeZone | None] = strawberry.field(
        description="The time zone in which the user's days begin and end from now on; existing messages keep their day."
    )
    locale: strawberry.Maybe[Locale | None] = strawberry.field(description="The user's language, such as `zh-CN`.")
    day_ends_at: strawberry.Maybe[int | None] = strawberry.field(description="The hour, 0 to 23, at which the user's day ends from now on; existing messages keep their day.")
    sensitive_slots: strawberry.Maybe[list[ProfileSlot] | None] = strawberry.field(
        description="All sensitive slots of the profile that are on from now on; the others are off. Switching one off erases its values and what the diaries noted for it; "
        "messages and lines of diaries stay. Switched on again, it begins empty and learns from the days that are processed from then on."
    )
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The account was changed.")
class AccountUpdateSuccess:
    user: User = strawberry.field(description="The user after the change; with `dryRun` as they are.")
    receipt: ForgettingReceipt | None = strawberry.field(description="What switching sensitive slots off removed; null if none was switched off.")

    @classmethod
    def from_updated(cls, updated: "account.UpdatedAccount", *, dry_run: bool = False) -> "AccountUpdateSuccess":
        return cls(user=User.from_model(updated.user), receipt=ForgettingReceipt.from_receipt(updated.receipt, dry_run=dry_run) if updated.receipt else None)


@strawberry.input(description="The current password and its replacement.")
class PasswordChangeInput:
    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(description=f"The new password, different from the current one. {NEW_PASSWORD}")


@strawberry.type(description="The password was changed. The current session continues; all other sessions of the user were revoked, and the personal access tokens deleted.")
class PasswordChangeSuccess:
    revoked_sessions: int = strawberry.field(description="Number of other sessions that were revoked.")


@strawberry.input(description="Confirms the deletion, which cannot be undone.")
class AccountDeleteInput:
    password: str = strawberry.field(description="The current password.")


@strawberry.type(description="The account was deleted permanently with all its data: conversations, diaries, profile, sessions.")
class AccountDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="Id of the deleted user.")


AccountRegisterResult = Annotated[
    AccountRegisterSuccess | EmailTakenError | InvalidInputError | RateLimitedError | ConflictError,
    strawberry.union(
        "AccountRegisterResult",
        description="Outcome of `accountRegister`; ConflictError with REGISTRATION_CLOSED when the installation accepts no new accounts, "
        "RateLimitedError after many registrations from one IP address or network.",
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
    @strawberry.mutation(permission_classes=[Public], metadata=weight(PASSWORD), description="Create an account and sign in to it.")
    async def account_register(self, info: strawberry.Info, input: AccountRegisterInput) -> AccountRegisterResult | None:
        registered = account.register(NewAccount(**vars(input)), client_address=info.context.client_address)
        return await to_result(registered, AccountRegisterSuccess.from_session)

    @strawberry.mutation(permission_classes=[SignedIn], description="Change the signed-in user's own account.")
    async def account_update(self, info: strawberry.Info, input: AccountUpdateInput) -> AccountUpdateResult | None:
        viewer = await info.context.require_viewer()
        changes = {name: given.value for name, given in vars(input).items() if name != "dry_run" and given is not None}
        if (slots := changes.get("sensitive_slots")) is not None:
            changes["sensitive_slots"] = [slot.value for slot in slots]
        return await to_result(account.update_account(viewer, changes, dry_run=input.dry_run), partial(AccountUpdateSuccess.from_updated, dry_run=input.dry_run))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(PASSWORD), description="Change the signed-in user's own password, revoke all other sessions and delete the personal access tokens.")
    async def password_change(self, info: strawberry.Info, input: PasswordChangeInput) -> PasswordChangeResult | None:
        viewer = await info.context.require_viewer()
        changed = account.change_password(viewer, input.current_password, input.new_password, client_address=info.context.client_address)
        return await to_result(changed, lambda ended: PasswordChangeSuccess(revoked_sessions=ended))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT), description="Delete the signed-in user's own account with all its data, permanently.")
    async def account_delete(self, info: strawberry.Info, input: AccountDeleteInput) -> AccountDeleteResult | None:
        viewer = await info.context.require_viewer()
        deleted = account.delete(viewer, input.password, client_address=info.context.client_address)
        return await to_result(deleted, lambda _: AccountDeleteSuccess(deleted_id=encode_id("User", viewer.id)))
