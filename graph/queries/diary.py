"""Queries for diaries."""
from datetime import date as Date
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, FILTER, weight
from graph.permissions import SignedIn
from graph.relay import After, Before, Connection, First, Last, decode_cursor, encode_cursor, make_connection, read_page
from graph.types.day import Day as DayType
from graph.types.diary import Diary, parts_asked, prefetch_messages
from graph.types.diary_overview import DiaryCalendar, DiaryStats, Recap, RecapPeriod
from graph.types.upcoming import UpcomingEvent
from persistence.queries.diary_reads import WantedDay
from resolvers import days
from resolvers import diary as resolvers
from resolvers import upcoming as events

Day = Annotated[Date, strawberry.argument(description="The day, in the user's own time zone.")]
DayOrToday = Annotated[Date | None, strawberry.argument(description="The day, in the user's own time zone; today when absent or null.")]
From = Annotated[Date | None, strawberry.argument(name="from", description="First day of the range; absent or null for no lower bound.")]
To = Annotated[Date | None, strawberry.argument(description="Last day of the range, inclusive; absent or null for no upper bound.")]
Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only diaries whose summary and lines contain all these words, in any order, and in any spelling as in `messageSearch`. Words are separated by "
        "white space: at most 10 words and 200 characters. Absent, null or blank for no search."
    ),
]
Tag = Annotated[str | None, strawberry.argument(description="Only diaries with this tag, 1 to 40 characters, in any spelling as in `messageSearch`; absent or null for all.")]
Year = Annotated[int | None, strawberry.argument(description="The year, 2 to 9998. Give both `year` and `month`, or neither for the user's current month.")]
Month = Annotated[int | None, strawberry.argument(description="The month, 1 to 12; required with `year`, absent or null without it.")]
ThisDay = Annotated[Date | None, strawberry.argument(description="The day whose earlier years are wanted; today when absent or null.")]
PeriodLength = Annotated[RecapPeriod, strawberry.argument(description="Whether the recap covers a week, a month or a year.")]
Containing = Annotated[Date | None, strawberry.argument(description="Any day within the period; today when absent or null.")]


FromDay = Annotated[Date | None, strawberry.argument(name="from", description="First day of the events; today when absent or null. Events that have passed are listed for an earlier day.")]
ToDay = Annotated[Date | None, strawberry.argument(description="Last day of the events, inclusive; absent or null for no upper bound.")]


@strawberry.type
class DiaryQuery:
    @strawberry.field(description="The user's diary of a day; null when there is none.", permission_classes=[SignedIn])
    async def diary(self, info: strawberry.Info, date: Day) -> Diary | None:
        found = await info.context.loaders.diary_by_day.load(WantedDay(date, tuple(parts_asked(info, []))))
        await prefetch_messages(info, [found] if found else [], [])
        return found and Diary.from_model(found)

    @strawberry.field(
        description="A day of the user: its messages, its diary, and the reason when there is none. Any day of the supported years, also a future one.",
        permission_classes=[SignedIn],
    )
    async def day(self, info: strawberry.Info, date: DayOrToday = None) -> DayType | None:
        viewer = await info.context.require_viewer()
        date = date or resolvers.today(viewer)
        entry = await info.context.loaders.diary_by_day.load(WantedDay(date, tuple(parts_asked(info, ["diary"]))))
        await prefetch_messages(info, [entry] if entry else [], ["diary"])
        return DayType.from_model(await days.get_day(viewer, date, entry), entry)

    @strawberry.field(description="The user's diaries, the newest day first.", permission_classes=[SignedIn], metadata=weight(FILTER, when="search"))
    async def diaries(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        from_: From = None,
        to: To = None,
        search: Search = None,
        tag: Tag = None,
    ) -> Connection[Diary] | None:
        viewer = await info.context.require_viewer()
        wanted = resolvers.make_filter(from_, to, search, tag)
        parts = parts_asked(info, ["nodes"], ["edges", "node"])
        page = await resolvers.list_diaries(viewer, wanted, parts, **read_page(first, after, last, before, lambda cursor: decode_cursor(cursor, Date)[0]))
        await prefetch_messages(info, page.entries, ["nodes"], ["edges", "node"])
        return make_connection(
            page.entries,
            node=Diary.from_model,
            cursor=lambda entry: encode_cursor(entry.day),
            has_next=page.has_next,
            has_previous=page.has_previous,
            count=lambda: resolvers.count_diaries(viewer, wanted),
        )

    @strawberry.field(
        description="The user's coming events: the lines of diaries and the signals with a `happensOn`, each event once, the earliest first. Hidden lines are left out.",
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
    )
    async def upcoming(
        self, info: strawberry.Info, from_: FromDay = None, to: ToDay = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[UpcomingEvent] | None:
        viewer = await info.context.require_viewer()
        wanted = events.make_range(viewer, from_, to)
        page = await events.list_upcoming(viewer, wanted, **read_page(first, after, last, before, lambda cursor: decode_cursor(cursor, Date, UUID)))
        return make_connection(
            page.events,
            node=UpcomingEvent.from_row,
            cursor=lambda row: encode_cursor(row[0].happens_on, row[0].id),
            has_next=page.has_next,
            has_previous=page.has_previous,
            count=lambda: events.count_upcoming(viewer, wanted),
        )

    @strawberry.field(description="Statistics and streaks over the user's diaries of a period.", permission_classes=[SignedIn], metadata=weight(AGGREGATE))
    async def diary_stats(self, info: strawberry.Info, from_: From = None, to: To = None) -> DiaryStats | None:
        return DiaryStats.from_model(await resolvers.get_stats(await info.context.require_viewer(), from_, to))

    @strawberry.field(description="The days of a month that have a diary, with their moods.", permission_classes=[SignedIn], metadata=weight(AGGREGATE))
    async def diary_calendar(self, info: strawberry.Info, year: Year = None, month: Month = None) -> DiaryCalendar | None:
        viewer = await info.context.require_viewer()
        year, month = resolvers.resolve_month(viewer, year, month)
        return DiaryCalendar.from_model(year, month, await resolvers.get_calendar(viewer, year, month))

    @strawberry.field(
        description="The user's diaries of the same day in the 100 years before, the newest first. Diaries of 29 February are returned for 29 February, and "
        "for 28 February of years without a 29th.",
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
    )
    async def diaries_on_this_day(self, info: strawberry.Info, date: ThisDay = None) -> list[Diary] | None:
        found = await resolvers.on_this_day(await info.context.require_viewer(), date, parts_asked(info, []))
        return [Diary.from_model(entry) for entry in found]

    @strawberry.field(
        description="A recap of a week, month or year: counts and quoted lines from its diaries, without newly written text.",
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
    )
    async def recap(self, info: strawberry.Info, period: PeriodLength, containing: Containing = None) -> Recap | None:
        found = await resolvers.get_recap(await info.context.require_viewer(), period, containing)
        return Recap.from_model(period, found)
