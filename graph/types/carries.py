"""The type of what a message carries: the lines of diaries and the values of the profile that are supported by its words."""
from uuid import UUID

import strawberry

from graph.types.chat import Message
from graph.types.diary import DiaryLine
from graph.types.profile import ProfileValue
from resolvers import profile


@strawberry.type(
    description="What is supported by the words of a message at present, so that a client can warn before they are deleted or edited. A line or value with other "
    "quotes stays then; the same mutation with `dryRun` says exactly what would go."
)
class MessageCarries:
    message_id: strawberry.Private[UUID]

    @strawberry.field(description="The lines of current diaries that quote it, the earliest day first, in reading order. Hidden lines are left out.")
    async def lines(self, info: strawberry.Info) -> list[DiaryLine]:
        return [DiaryLine.from_model(line) for line in await info.context.loaders.carried_lines.load(self.message_id)]

    @strawberry.field(description="The values of the profile with it among their `evidence`, in the order of the profile. REJECTED ones are left out.")
    async def values(self, info: strawberry.Info) -> list[ProfileValue]:
        return [ProfileValue.from_model(value) for value in await profile.list_carried_values(info.context.loaders, self.message_id)]


Message.carries_type = MessageCarries
