"""The kinds of sources of an answer, each with its current state and the quotes that support it. Only parts of the schema with diary and profile have them."""
import enum
from datetime import date as Date
from typing import Any
from uuid import UUID

import strawberry

from graph.enums import describe_enum
from graph.types.chat import Conversation, Message
from graph.types.diary import Diary
from graph.types.profile import ProfileValue
from graph.types.profile_slots import slot_of
from graph.types.source_interface import Source, SourceVerdict
from persistence.queries.diary_reads import WantedDay
from resolvers import answer_sources as keys
from resolvers.answer_sources import STATUS_BY_VERDICT
from resolvers.errors import NotFound


@strawberry.type(description="A value of the profile.")
class ValueSource(Source):
    async def find(self, info: strawberry.Info) -> Any:
        found = await info.context.loaders.profile_value.load(UUID(self.key.reference))
        return found if found and slot_of(found.slot) else None

    async def holds(self, info: strawberry.Info, verdict: SourceVerdict) -> bool:
        """Return whether the verdict still has its effect: later ones, such as `profileValueLock`, and later statements override it."""
        found = await self.find(info)
        return found is not None and found.status.value == STATUS_BY_VERDICT.get(verdict, found.status.value)

    @strawberry.field(description="The value as it is now, with the quotes that support it; null if it was removed.")
    async def value(self, info: strawberry.Info) -> ProfileValue | None:
        found = await self.find(info)
        return found and ProfileValue.from_model(found)


@strawberry.type(description="The diary of a day: its summary, or the sentences of it that are about the question.")
class DaySource(Source):
    @strawberry.field(description="The day.")
    def date(self) -> Date:
        return Date.fromisoformat(self.key.reference)

    async def find(self, info: strawberry.Info) -> Any:
        return await info.context.loaders.diary_by_day.load(WantedDay(Date.fromisoformat(self.key.reference), ()))

    @strawberry.field(description="The diary as it is now, with the quotes that support its lines; null if it was deleted.")
    async def diary(self, info: strawberry.Info) -> Diary | None:
        found = await self.find(info)
        return found and Diary.from_model(found)


@strawberry.type(description="A message of an earlier day, of the user or the assistant.")
class MessageSource(Source):
    async def find(self, info: strawberry.Info) -> Any:
        return await info.context.loaders.message.load(UUID(self.key.reference))

    @strawberry.field(description="The message; null if it was deleted.")
    async def message(self, info: strawberry.Info) -> Message | None:
        found = await self.find(info)
        return found and Message.from_model(found)


@strawberry.type(description="The running summary of the conversation's messages up to `through`, which the prompt contained instead of them.")
class SummarySource(Source):
    async def find(self, info: strawberry.Info) -> Any:
        return await info.context.loaders.message.load(UUID(self.key.reference))

    @strawberry.field(description="The last message that the summary covered; null if it was deleted.")
    async def through(self, info: strawberry.Info) -> Message | None:
        found = await self.find(info)
        return found and Message.from_model(found)

    @strawberry.field(description="The conversation. The summary covered its messages from the first one up to `through`.")
    async def conversation(self, info: strawberry.Info) -> Conversation:
        found = await info.context.loaders.conversation.load(self.answer.conversation_id)
        if found is None:
            raise NotFound("conversation")
        return Conversation.from_model(found)


class AccountSourceField(enum.Enum):
    NICKNAME = keys.NICKNAME
    LOCALE = keys.LOCALE
    TIME_ZONE = keys.TIME_ZONE


describe_enum(
    AccountSourceField, "A field of the account that a prompt tells.",
    NICKNAME="The nickname.", LOCALE="The language in which to answer when the question leaves it open.", TIME_ZONE="The time zone, as the local time.",
)


@strawberry.type(description="A field of the account; `viewer` has its value, and `accountUpdate` changes it.")
class AccountSource(Source):
    @strawberry.field(description="The field.")
    def field(self) -> AccountSourceField:
        return AccountSourceField[self.key.reference]

    async def find(self, info: strawberry.Info) -> Any:
        return self.key


SOURCE_TYPES: tuple[type[Source], ...] = (ValueSource, DaySource, MessageSource, SummarySource, AccountSource)
Source.kinds.update(zip((keys.VALUE, keys.DAY, keys.MESSAGE, keys.SUMMARY, keys.ACCOUNT), SOURCE_TYPES))
