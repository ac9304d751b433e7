"""The types of a user."""
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from graph.enums import Role
from graph.relay import Node, NodeLoader, encode_id
from graph.scalars import BigInt, EmailAddress, Locale, TimeZone
from persistence import models
from resolvers import account, diary


@strawberry.type(description="What a person used of the language model on one day of theirs.")
class UsageToday:
    day: date = strawberry.field(description="The day that the person has now: by their time zone and the hour at which their day ends.")
    calls: BigInt = strawberry.field(description="Pieces of work that the model was asked for, failed ones included.")
    failed_calls: BigInt = strawberry.field(description="Those that failed; what they used counts too.")
    input_tokens: BigInt = strawberry.field(description="Tokens of prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of answers.")
    chat_tokens: BigInt = strawberry.field(
        description="Tokens of chats and of diaries written again on request, prompts and answers together: what counts against `chatTokensPerDay`. A call that is not over yet counts "
        "with the most that it may take."
    )
    chat_tokens_per_day: int | None = strawberry.field(
        description="The most that they may take in a day, the person's own limit or the installation's; beyond it they are refused with "
        "QUOTA_EXCEEDED. Null for no limit."
    )


@strawberry.type(description="A person with an account. Shown to themselves and, without anything they wrote, to administrators.")
class User(Node):
    email: EmailAddress = strawberry.field(description="The address they sign in with, in lower case.")
    nickname: str = strawberry.field(description="What the assistant calls them: 1 to 50 characters.")
    time_zone: TimeZone = strawberry.field(description="The zone by whose clock their days begin and end.")
    locale: Locale = strawberry.field(description="The language that diaries and answers are in unless their own words say otherwise.")
    day_ends_at: int = strawberry.field(
        description="The hour, 0 to 23, at which their day ends: with 4, half past two at night still belongs to the day before."
    )
    role: Role = strawberry.field(description="What they may do.")  # type: ignore[valid-type]
    disabled: bool = strawberry.field(description="Whether an administrator keeps them out.")
    created_at: datetime = strawberry.field(description="When they registered.")
    chat_tokens_per_day: int | None = strawberry.field(
        description="The limit that an administrator set for them: tokens of the model that their chats may take a day, 0 for none at all. Null: as "
        "the installation's setting CHAT_TOKENS_PER_DAY says."
    )
    model: strawberry.Private["models.User"]

    @strawberry.field(description="What they used of the language model today.")
    async def usage_today(self, info: strawberry.Info) -> UsageToday:
        loader = info.context.loaders.usage if info.context.user_id else None  # the caller is not signed in yet while registering
        return UsageToday(**vars(await account.usage_today(self.model, loader)))

    @strawberry.field(description="The day that they have now, by their time zone and the hour at which their day ends.")
    def today(self) -> date:
        return diary.today(self.model)

    @classmethod
    def from_model(cls, user: "models.User") -> "User":
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
