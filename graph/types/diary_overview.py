"""The types of summaries over diaries: statistics, a month's calendar, a recap."""
from collections.abc import Sequence
from datetime import date as Date

import strawberry

from graph.enums import describe_enum
from graph.types.diary import Diary, DiaryLine, DiaryOrigin
from persistence.queries import diary_statistics as rows
from resolvers import diary as resolvers
from resolvers.diary import Period as RecapPeriod
from resolvers.errors import NotFound

describe_enum(
    RecapPeriod,
    "How long a recap looks back.",
    name="RecapPeriod",
    WEEK="Monday to Sunday.",
    MONTH="A calendar month.",
    YEAR="A calendar year.",
)


@strawberry.type(description="What the diaries of a period add up to.")
class DiaryStats:
    entry_count: int = strawberry.field(description="Days with a diary.")
    conversation_count: int = strawberry.field(description="Conversations, counted once for each day they went on.")
    message_count: int = strawberry.field(description="Messages.")
    tool_call_count: int = strawberry.field(description="Calls of tools.")
    average_mood: float | None = strawberry.field(description="The average mood, 1 (low) to 5 (high); null when no day shows it.")
    average_message_count: float = strawberry.field(description="Messages per day with a diary; 0 when there is none.")
    current_streak: int = strawberry.field(
        description="Days in a row with a diary up to now, whatever the period. A day whose night has not come yet does not break it."
    )
    longest_streak: int = strawberry.field(description="The most days in a row with a diary within the period.")
    first_date: Date | None = strawberry.field(description="The first day of the period with a diary; null when there is none.")
    last_date: Date | None = strawberry.field(description="The last day of the period with a diary; null when there is none.")

    @classmethod
    def from_model(cls, stats: "resolvers.Stats") -> "DiaryStats":
        totals = stats.totals
        return cls(
            entry_count=totals.entries, conversation_count=totals.conversations, message_count=totals.messages,
            tool_call_count=totals.tool_calls, average_mood=totals.mood,
            average_message_count=totals.messages / totals.entries if totals.entries else 0.0,
            current_streak=stats.current_streak, longest_streak=stats.longest_streak,
            first_date=totals.first_day, last_date=totals.last_day,
        )  # fmt: skip


@strawberry.type(description="A day that has a diary.")
class DiaryCalendarDay:
    date: Date = strawberry.field(description="The day.")
    mood: int | None = strawberry.field(description="Its mood, 1 (low) to 5 (high); null when the day does not show it.")
    origin: DiaryOrigin = strawberry.field(description="Who wrote its diary.")
    message_count: int = strawberry.field(description="Messages of the day.")


@strawberry.type(description="A month's days that have a diary.")
class DiaryCalendar:
    year: int = strawberry.field(description="The year.")
    month: int = strawberry.field(description="The month, 1 to 12.")
    days: list[DiaryCalendarDay] = strawberry.field(description="The days with a diary, in order; days without one are missing.")

    @classmethod
    def from_model(cls, year: int, month: int, days: Sequence["rows.CalendarDay"]) -> "DiaryCalendar":
        shown = [
            DiaryCalendarDay(date=day.day, mood=day.mood, origin=day.origin, message_count=day.message_count) for day in days
        ]
        return cls(year=year, month=month, days=shown)


@strawberry.type(description="What several days say alike.")
class RecapMention:
    text: str = strawberry.field(description="What they say, as the newest of them puts it.")
    day_count: int = strawberry.field(description="On how many days of the period.")
    last_date: Date = strawberry.field(description="The last of them.")

    @classmethod
    def from_model(cls, mention: "rows.Mention") -> "RecapMention":
        return cls(text=mention.text, day_count=mention.days, last_date=mention.last_day)


@strawberry.type(description="A line worth remembering from the period.")
class RecapHighlight:
    date: Date = strawberry.field(description="The day it is from.")
    found: strawberry.Private["rows.Highlight"]

    @strawberry.field(description="The line, with the words it stands on.")
    async def line(self, info: strawberry.Info) -> DiaryLine:
        lines = await info.context.loaders.lines.load((self.found.diary_id, self.found.version))
        for line in lines:
            if line.id == self.found.line_id:
                return DiaryLine.from_model(line)
        raise NotFound("line")

    @strawberry.field(description="The diary it is from.")
    async def diary(self, info: strawberry.Info) -> Diary:
        entry = await info.context.loaders.diary.load(self.found.diary_id)
        if entry is None:
            raise NotFound("diary")
        return Diary.from_model(entry)


@strawberry.type(description="A week, month or year in what its diaries say: counted and quoted, never worded anew.")
class Recap:
    period: RecapPeriod = strawberry.field(description="How long it looks back.")
    from_: Date = strawberry.field(name="from", description="Its first day.")
    to: Date = strawberry.field(description="Its last day, which may lie ahead.")
    entry_count: int = strawberry.field(description="Days with a diary.")
    conversation_count: int = strawberry.field(description="Conversations, counted once for each day they went on.")
    message_count: int = strawberry.field(description="Messages.")
    average_mood: float | None = strawberry.field(description="The average mood, 1 (low) to 5 (high); null when no day shows it.")
    top_activities: list[RecapMention] = strawberry.field(description="What the person did on most days; at most 10.")
    top_emotions: list[RecapMention] = strawberry.field(description="How the person felt on most days; at most 10.")
    highlights: list[RecapHighlight] = strawberry.field(
        description="Lines worth remembering, at most 10 and one a day, in order of time: those with most words behind them."
    )

    @classmethod
    def from_model(cls, period: RecapPeriod, recap: "resolvers.Recap") -> "Recap":
        return cls(
            period=period, from_=recap.first, to=recap.last, entry_count=recap.totals.entries,
            conversation_count=recap.totals.conversations, message_count=recap.totals.messages,
            average_mood=recap.totals.mood,
            top_activities=[RecapMention.from_model(mention) for mention in recap.activities],
            top_emotions=[RecapMention.from_model(mention) for mention in recap.emotions],
            highlights=[RecapHighlight(date=found.day, found=found) for found in recap.highlights],
        )  # fmt: skip
