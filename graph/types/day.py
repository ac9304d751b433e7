"""The type of one of the user's days: what was said on it, its diary, and the reason when it has none."""
from datetime import date as Date
from datetime import datetime

import strawberry

from graph.enums import describe_enum
from graph.relay import After, Before, Connection, First, Last, encode_cursor, id_of_cursor, make_connection, read_page
from graph.types.chat import Conversation, Message, message_maker
from graph.types.diary import Diary
from persistence.queries.diary_reads import EntryRow
from resolvers import days as resolvers

DayState = resolvers.DayState
describe_enum(
    DayState,
    "Why a day has a diary or none.",
    AHEAD="The day has not begun for the user.",
    RUNNING="It is the user's current day; the diary is written when it is over, or by `diaryRewrite`.",
    WAITING="The day is over and has messages; a nightly job will write its diary.",
    WRITTEN="It has a diary.",
    FALLBACK="It has a diary of the user's own sentences, because the model was not available; a nightly job will replace it.",
    QUIET="The user wrote nothing on it.",
    FORGOTTEN="The user deleted its diary, and wrote nothing on it since.",
    SWITCHED_OFF="The diary is switched off or paused, or was when all messages of the day were written.",
    UNREQUESTED="It has messages for which no diary was asked, such as imported ones: `diaryRewrite` writes one.",
)


@strawberry.type(description="One day of the user, by the time zone and the day's end that they had then.")
class Day:
    date: Date = strawberry.field(description="The day.")
    starts_at: datetime = strawberry.field(description="When it begins or began.")
    ends_at: datetime = strawberry.field(description="When it ends or ended, exclusive.")
    state: DayState = strawberry.field(description="Why it has a diary or none.")
    message_count: int = strawberry.field(description="Number of messages that the user wrote on it, without temporary chats and copies in forks.")
    entry: strawberry.Private[EntryRow | None]

    @classmethod
    def from_model(cls, day: "resolvers.Day", entry: EntryRow | None) -> "Day":
        return cls(date=day.day, starts_at=day.starts_at, ends_at=day.ends_at, state=day.state, message_count=day.message_count, entry=entry)

    @strawberry.field(description="Its diary; null when there is none, and then `state` says why.")
    async def diary(self) -> Diary | None:
        return self.entry and Diary.from_model(self.entry)

    @strawberry.field(description="The conversations of its messages, in the order in which they were first used on the day; without temporary ones.")
    async def conversations(self, info: strawberry.Info) -> list[Conversation]:
        return [Conversation.from_model(row) for row in await resolvers.list_conversations(await info.context.require_viewer(), self.date)]

    @strawberry.field(description="Its messages and the answers to them in all conversations, the oldest first; without temporary chats and copies in forks.")
    async def messages(self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None) -> Connection[Message]:
        viewer = await info.context.require_viewer()
        page = await resolvers.list_messages(viewer, self.date, **read_page(first, after, last, before, id_of_cursor))
        return make_connection(
            page.rows, node=await message_maker(info, page.rows), cursor=lambda row: encode_cursor(row.id), has_next=page.has_next,
            has_previous=page.has_previous, count=lambda: resolvers.count_messages(viewer, self.date),
        )
