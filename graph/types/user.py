"""The types of a user."""
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from graph.enums import Role
from graph.relay import Node, NodeLoader, encode_id
from graph.scalars import BigInt, EmailAddress, Locale, TimeZone
from graph.types.memory import MemorySettings
from graph.types.profile_slots import ProfileSlot, slot_of
from persistence import models
from persistence.queries.viewer import Viewer
from resolvers import account, diary


@strawberry.type(description="A user's model usage on their current day.")
class UsageToday:
    day: date = strawberry.field(description="The user's current day, by their `timeZone` and `dayEndsAt`.")
    calls: BigInt = strawberry.field(description="Model tasks, including failed ones. Retries, a repair and tool-call rounds within one task count once, so provider request counts are higher.")
    failed_calls: BigInt = strawberry.field(description="Model tasks that failed; part of `calls`, and their tokens are included.")
    input_tokens: BigInt = strawberry.field(description="Tokens of the prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of the answers, including reasoning.")
    chat_tokens: BigInt = strawberry.field(
        description="Tokens that count against `chatTokensPerDay`: those of chats and of `diaryRewrite`, prompts and answers together. A call in progress counts "
        "with the maximum that it may use."
    )
    chat_tokens_per_day: int | None = strawberry.field(
        description="Quota of `chatTokens` per day: the user's own limit or the installation's. Once it is used up, requests are refused with "
        "QUOTA_EXCEEDED. Null for no limit."
    )


@strawberry.type(description="A user account. Visible to the user and, without anything they wrote, to administrators.")
class User(Node):
    email: EmailAddress = strawberry.field(description="The e-mail address that the user signs in with, in lower case.")
    nickname: str = strawberry.field(description="The name by which the assistant addresses the user, 1 to 50 characters.")
    time_zone: TimeZone = strawberry.field(description="The time zone in which the user's days begin and end.")
    locale: Locale = strawberry.field(description="The language of diaries and answers, unless the user writes in another one.")
    day_ends_at: int = strawberry.field(
        description="The hour, 0 to 23, at which the user's day ends: with 4, a message sent at 02:30 still belongs to the day before."
    )
    role: Role = strawberry.field(description="What the user is allowed to do.")
    disabled: bool = strawberry.field(description="Whether an administrator has disabled the account: the user cannot sign in.")
    created_at: datetime = strawberry.field(description="When the account was created.")
    chat_tokens_per_day: int | None = strawberry.field(
        description="Quota that an administrator set for the user: model tokens for chats per day, 0 for none at all. Null: the installation's setting "
        "CHAT_TOKENS_PER_DAY applies."
    )
    model: strawberry.Private["models.User | Viewer"]

    @strawberry.field(description="The user's model usage today.")
    async def usage_today(self, info: strawberry.Info) -> UsageToday:
        loader = info.context.loaders.usage if info.context.user_id else None  # the caller is not signed in yet while registering
        return UsageToday(**vars(await account.usage_today(self.model, loader)))

    @strawberry.field(description="The sensitive slots of the profile that the user switched on with `accountUpdate`; null for another user than the caller.")
    def sensitive_slots(self, info: strawberry.Info) -> list[ProfileSlot] | None:
        if info.context.user_id not in (None, self.model.id):  # the caller is not signed in yet while registering
            return None
        return [slot for key in self.model.sensitive_slots if (slot := slot_of(key))]

    @strawberry.field(description="The switches of the user's memory, and what is never kept; null for another user than the caller.")
    def memory(self, info: strawberry.Info) -> MemorySettings | None:
        if info.context.user_id not in (None, self.model.id):
            return None
        return MemorySettings.from_user(self.model)

    @strawberry.field(description="The user's current day, by `timeZone` and `dayEndsAt`.")
    def today(self) -> date:
        return diary.today(self.model)

    @classmethod
    def from_model(cls, user: "models.User | Viewer") -> "User":
        return cls(
            id=encode_id("User", user.id),
            email=EmailAddress(user.email),
            nickname=user.nickname,
            time_zone=TimeZone(user.time_zone),
            locale=Locale(user.locale),
            day_ends_at=user.day_ends_at,
            role=user.role,
            disabled=user.disabled,
            created_at=user.created_at,
            chat_tokens_per_day=user.chat_tokens_per_day,
            model=user,
        )


async def load_users(info: strawberry.Info, ids: Sequence[UUID]) -> list[User | None]:
    """Return the signed-in user for their own id, None for every other id."""
    viewer = await info.context.require_viewer()
    return [User.from_model(viewer) if id == viewer.id else None for id in ids]


NODES: dict[str, NodeLoader] = {"User": load_users}
