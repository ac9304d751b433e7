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
    "The period of a recap.",
    name="RecapPeriod",
    WEEK="A week from Monday to Sunday.",
    MONTH="A calendar month.",
    YEAR="A calendar year.",
)


@strawberry.type(description="Statistics over the diaries of a period.")
class DiaryStats:
    entry_count: int = strawberry.field(description="Number of days with a diary.")
    conversation_count: int = strawberry.field(description="Number of conversations; one that spans several days is counted once per day.")
    message_count: int = strawberry.field(description="Number of messages that the diaries were made from.")
    tool_call_count: int = strawberry.field(description="Number of tool calls.")
    average_mood: float | None = strawberry.field(description="Average mood of the days that show one, 1 (low) to 5 (high); null when no day does.")
    average_message_count: float = strawberry.field(description="Average number of messages per day with a diary; 0 when there is no diary.")
    current_streak: int = strawberry.field(
        description="Consecutive days up to today whose diary is not empty, regardless of the period. A day whose diary is still to be generated does not break it."
    )
    longest_streak: int = strawberry.field(description="The longest run of consecutive days within the period whose diary is not empty, in days.")
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
    mood: int | None = strawberry.field(description="Mood of the day, 1 (low) to 5 (high); null when the day does not show it.")
    origin: DiaryOrigin = strawberry.field(description="How the current version of its diary was made.")
    message_count: int = strawberry.field(description="Number of messages that its diary was made from.")


@strawberry.type(description="The days of a month that have a diary.")
class DiaryCalendar:
    year: int = strawberry.field(description="The year.")
    month: int = strawberry.field(description="The month, 1 to 12.")
    days: list[DiaryCalendarDay] = strawberry.field(description="The days with a diary, in ascending order; days without a diary are not listed.")

    @classmethod
    def from_model(cls, year: int, month: int, days: Sequence["rows.CalendarDay"]) -> "DiaryCalendar":
        shown = [
            DiaryCalendarDay(date=day.day, mood=day.mood, origin=day.origin, message_count=day.message_count) for day in days
        ]
        return cls(year=year, month=month, days=shown)


@strawberry.type(description="A text that the diaries of one or more days of a period have in common, ignoring case.")
class RecapMention:
    text: str = strawberry.field(description="The text, as spelled in the newest of these diaries.")
    day_count: int = strawberry.field(description="Number of days of the period whose diary has the text.")
    last_date: Date = strawberry.field(description="The last of these days.")

    @classmethod
    def from_model(cls, mention: "rows.Mention") -> "RecapMention":
        return cls(text=mention.text, day_count=mention.days, last_date=mention.last_day)


@strawberry.type(description="A line worth remembering from the period.")
class RecapHighlight:
    date: Date = strawberry.field(description="The day of the diary that has the line.")
    found: strawberry.Private["rows.Highlight"]

    @strawberry.field(description="The line, with the quotes that support it.")
    async def line(self, info: strawberry.Info) -> DiaryLine:
        lines = await info.context.loaders.lines.load((self.found.diary_id, self.found.version))
        for line in lines:
            if line.id == self.found.line_id:
                return DiaryLine.from_model(line)
        raise NotFound("line")

    @strawberry.field(description="The diary that has the line.")
    async def diary(self, info: strawberry.Info) -> Diary:
        entry = await info.context.loaders.diary.load(self.found.diary_id)
        if entry is None:
            raise NotFound("diary")
        return Diary.from_model(entry)


@strawberry.type(description="A recap of a week, month or year: counts and quoted lines from its diaries, without newly written text.")
class Recap:
    period: RecapPeriod = strawberry.field(description="Whether it covers a week, a month or a year.")
    from_: Date = strawberry.field(name="from", description="First day of the period.")
    to: Date = strawberry.field(description="Last day of the period, inclusive; may be in the future.")
    entry_count: int = strawberry.field(description="Number of days with a diary.")
    conversation_count: int = strawberry.field(description="Number of conversations; one that spans several days is counted once per day.")
    message_count: int = strawberry.field(description="Number of messages that the diaries were made from.")
    average_mood: float | None = strawberry.field(description="Average mood of the days that show one, 1 (low) to 5 (high); null when no day does.")
    top_activities: list[RecapMention] = strawberry.field(description="What the user did on most days, the most frequent first; at most 10.")
    top_emotions: list[RecapMention] = strawberry.field(description="How the user felt on most days, the most frequent first; at most 10.")
    highlights: list[RecapHighlight] = strawberry.field(
        description="Lines worth remembering, at most 10 and one per day, in order of time. A day's line is a highlight, else a decision, else a sentence of the summary; highlights and lines with more quotes are preferred."
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
