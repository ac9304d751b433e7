"""The types of the switches of a user's memory, for the account and for a conversation."""
import enum
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import strawberry

from graph.enums import describe_enum
from graph.field_costs import FILTER, weight
from jobs.rules.memory import SWITCHES, TOPICS, is_paused
from resolvers import diary, memory_erasure, memory_settings

if TYPE_CHECKING:
    from persistence.queries.memory_switches import Gap
    from persistence.queries.viewer import AnyUser

    class MemoryTopic(enum.Enum):
        """Members made below."""
else:
    Gap = AnyUser = object  # only annotations name them
    MemoryTopic = describe_enum(
        enum.Enum("MemoryTopic", {name: name for name in TOPICS}),
        "A topic that a user may want never to be kept in diary and profile. Rules look for its words in English and Chinese.",
        HEALTH="Illness, pain, medicine, treatment, body weight, pregnancy, mental health.",
        LOVE="Falling in love, relationships, marriage, separation, intimacy.",
        MONEY="Income, expenses, debts, savings, investments, prices that the user pays.",
        BELIEFS="Religion, faith, politics and worldview.",
    )


class MemoryLearnFrom(enum.Enum):
    GAP = "GAP"
    NOW = "NOW"


describe_enum(
    MemoryLearnFrom, "The messages from which to learn once a switch is on again.",
    GAP="From the messages of the gap, too: the next nightly jobs write their days.",
    NOW="From messages that are written from now on. Those of the gap are never learned from.",
)


DIARY = "Whether messages feed the diary. While it is off, nothing is learned from new messages, not for the profile either."
PROFILE = "Whether messages feed the profile. While it is off, they still feed the diary, unless that is off."
TOLD = (
    "Whether prompts of chats contain the user's name, profile, diaries and earlier days, and whether the assistant may search them. While it is off, a prompt has the "
    "messages of its conversation alone, without answers that may repeat such content, and without a running summary."
)


@strawberry.type(description="Messages that the user wrote while a switch was off that is on again, before the user has decided by `learnFrom` whether to learn from them. Until then nothing is learned from them.")
class MemoryGap:
    from_: datetime = strawberry.field(name="from", description="When the first of the messages was written.")
    to: datetime = strawberry.field(description="When the last of the messages was written.")
    messages: int = strawberry.field(description="Number of messages of the user.")
    days: int = strawberry.field(description="Number of the user's days to which they belong.")

    @classmethod
    def from_gap(cls, gap: "Gap | None") -> "MemoryGap | None":
        return None if gap is None else cls(from_=gap.first, to=gap.last, messages=gap.messages, days=gap.days)


def _on(off: Collection[str]) -> dict[str, Any]:
    return dict(zip(("diary", "profile", "told_in_chats"), (name not in off for name in SWITCHES)))


@strawberry.type(description="Numbers of stored texts about the topics and people that are never kept. `memoryErase` erases these texts.")
class MemoryStored:
    lines: int = strawberry.field(description="Lines of current diaries, without those that the user wrote.")
    signals: int = strawberry.field(description="Signals of current diaries and weekly reviews, from which the profile is computed.")
    values: int = strawberry.field(description="Values of the profile, without those that the user set or locked.")


@strawberry.type(description="The switches of a user's memory, and what is never kept. `memoryUpdate` changes them.")
class MemorySettings:
    diary: bool = strawberry.field(description=DIARY)
    profile: bool = strawberry.field(description=PROFILE)
    told_in_chats: bool = strawberry.field(description=TOLD)
    paused_until: date | None = strawberry.field(description="The user's day on which a pause ends; until then all switches are off. Null for no pause.")
    paused: bool = strawberry.field(description="Whether a pause is in effect.")
    topics_not_kept: list[MemoryTopic] = strawberry.field(description="Topics about which diary and profile keep nothing.")
    names_not_kept: list[str] = strawberry.field(description="Names of people about whom diary and profile keep nothing, as the user wrote them.")
    user: strawberry.Private["AnyUser"]

    @strawberry.field(description="Messages from the time when a switch was off, for which `learnFrom` is still open; null for none.")
    async def gap(self) -> MemoryGap | None:
        return MemoryGap.from_gap(await memory_settings.find_gap(self.user))

    @strawberry.field(metadata=weight(FILTER), description="The stored texts about the topics and people that are never kept, by kind.")
    async def stored(self) -> MemoryStored:
        found = await memory_erasure.count_stored(self.user)
        return MemoryStored(lines=found.lines, signals=found.signals, values=found.values)

    @classmethod
    def from_user(cls, user: "AnyUser") -> "MemorySettings":
        return cls(
            **_on(user.memory_off), paused_until=user.memory_paused_until, paused=is_paused(user, diary.today(user)),
            topics_not_kept=[MemoryTopic(topic) for topic in user.topics_off if topic in TOPICS], names_not_kept=list(user.names_off), user=user,
        )


@strawberry.type(description="The switches of one conversation. What is off here or in the account is off; `temporary` keeps out of diary and profile in any case.")
class ConversationMemory:
    diary: bool = strawberry.field(description=DIARY)
    profile: bool = strawberry.field(description=PROFILE)
    told_in_chats: bool = strawberry.field(description=TOLD)

    @classmethod
    def from_off(cls, off: Collection[str]) -> "ConversationMemory":
        return cls(**_on(off))
