"""The types of a user."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from graph.enums import Role, describe_enum
from graph.relay import Node, NodeLoader, encode_id
from graph.scalars import BigInt, EmailAddress, Locale, TimeZone
from graph.types.memory import MemorySettings
from graph.types.profile_slots import ProfileSlot, slot_of
from persistence import models
from persistence.models import enums
from persistence.queries.viewer import Viewer
from resolvers import account, companion, diary

if TYPE_CHECKING:
    from persistence.queries.companions import CompanionRow


@strawberry.type(description="A user's model usage on their current day.")
class UsageToday:
    day: date = strawberry.field(description="The user's current day, by their `timeZone` and `dayEndsAt`.")
    calls: BigInt = strawberry.field(description="Model tasks, including failed ones. Retries, a repair and tool-call rounds within one task count once, so provider request counts are higher.")
    failed_calls: BigInt = strawberry.field(description="Model tasks that failed; part of `calls`, and their tokens are included.")
    input_tokens: BigInt = strawberry.field(description="Tokens of the prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of the answers, including reasoning.")
    chat_tokens: BigInt = strawberry.field(
        description="Tokens that count against `chatTokensPerDay`: those of chats with their titles and summaries, of `diaryRewrite` and of reading memory texts, prompts and answers together. A call in progress counts "
        "with the maximum that it may use."
    )
    chat_tokens_per_day: int | None = strawberry.field(
        description="Quota of `chatTokens` per day: the user's own limit or the installation's. Once it is used up, requests are refused with "
        "QUOTA_EXCEEDED. Null for no limit."
    )


CompanionTone = enums.CompanionTone
describe_enum(
    CompanionTone, "The tone of the assistant's answers.", name="CompanionTone",
    WARM="Warm and close.", CALM="Calm and patient.", LIVELY="Lively and playful.", MATTER_OF_FACT="Matter-of-fact and short.",
)
CompanionPresetKey = enums.CompanionPresetKey
describe_enum(
    CompanionPresetKey, "A preset of a companion.", name="CompanionPresetKey",
    CALM_LISTENER="Listens first and gives advice only when asked.", LIVELY_FRIEND="Talks like a friend.", PLAIN_ASSISTANT="Answers briefly and to the point.",
)
NAME = "The assistant's name: 1 to 40 characters on one line, without invisible ones and control characters. Null: it is called UniLife."
FORM_OF_ADDRESS = (
    "How the assistant addresses the user, instead of by `nickname`: 1 to 40 characters, with the same rules as `name`. Null: by `nickname`. Prompts do not contain it "
    "while `toldInChats` is off."
)
LANGUAGE = "The language of answers, as a BCP 47 tag such as zh-CN or en. Null: that of the user's message. Titles, diary and profile keep to `locale`."
INSTRUCTIONS = (
    "The user's wishes on how the assistant answers: at most 2,000 characters. They apply to every conversation, also while `toldInChats` is off. "
    "They affect style only: they change no rule of the assistant, and neither diary nor profile learns from them."
)


@strawberry.type(description="A version of the companion: how the user wants the assistant to be. It is a setting; diaries, profile and sources of answers do not contain it.")
class Companion:
    version: int = strawberry.field(description="Number of the version, from 1 on.")
    name: str | None = strawberry.field(description=NAME)
    tone: CompanionTone | None = strawberry.field(description="The tone of answers; null for that of the assistant.")
    form_of_address: str | None = strawberry.field(description=FORM_OF_ADDRESS)
    language: str | None = strawberry.field(description=LANGUAGE)
    instructions: str | None = strawberry.field(description=INSTRUCTIONS)
    preset: CompanionPresetKey | None = strawberry.field(description="The preset that tone and instructions were taken from; they may have been changed since.")
    updated_at: datetime = strawberry.field(description="When the version was made.")

    @classmethod
    def from_model(cls, row: "models.CompanionVersion | CompanionRow") -> "Companion":
        return cls(
            version=row.version, name=row.name, tone=row.tone, form_of_address=row.form_of_address, language=row.language, instructions=row.instructions,
            preset=row.preset, updated_at=row.created_at,
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

    @strawberry.field(
        description="How the user wants the assistant to be; null if they never set it with `companionUpdate`, and for another user than the caller."
    )
    async def companion(self, info: strawberry.Info) -> Companion | None:
        if info.context.user_id != self.model.id:
            return None
        found = await companion.find_companion(self.model)
        return Companion.from_model(found) if found else None

    @strawberry.field(description="The user's current day, by `timeZone` and `dayEndsAt`.")
    def today(self) -> date:
        return diary.today(self.model)

    @strawberry.field(
        description="When anything of the user last changed: conversations, messages and answers, diaries, the profile, settings, imports, also by a deletion, a nightly job "
        "or another device. It only rises, so a client that polls this one field loads its screens again when it has risen; it may also rise without a visible change. "
        "Null for another user than the caller."
    )
    async def changed_at(self, info: strawberry.Info) -> datetime | None:
        if info.context.user_id not in (None, self.model.id):
            return None
        return await account.latest_change(self.model)

    @strawberry.field(
        description="When the diary of the user's current day will be written at the earliest: at the end of that day, by `timeZone` and `dayEndsAt`, if they have written something by then; "
        "the timers of the installation set how much later. Null while the diary is switched off or paused, and for another user than the caller."
    )
    def next_night_at(self, info: strawberry.Info) -> datetime | None:
        return account.next_night_at(self.model) if info.context.user_id in (None, self.model.id) else None

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
