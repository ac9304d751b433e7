"""Queries for diaries."""
from datetime import date as Date
from typing import Annotated

import strawberry

from graph.field_costs import AGGREGATE, FILTER, weight
from graph.permissions import SignedIn
from graph.relay import After, Connection, First, decode_cursor, encode_cursor, make_connection, page_size
from graph.types.diary import Diary, parts_asked
from graph.types.diary_overview import DiaryCalendar, DiaryStats, Recap, RecapPeriod
from resolvers import diary as resolvers

Day = Annotated[Date, strawberry.argument(description="The day, in the user's own time zone.")]
From = Annotated[Date | None, strawberry.argument(name="from", description="First day of the range; absent or null for no lower bound.")]
To = Annotated[Date | None, strawberry.argument(description="Last day of the range, inclusive; absent or null for no upper bound.")]
Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only diaries whose summary and lines contain all these words, ignoring case and order. Words are separated by white space: "
        "at most 10 words and 200 characters. Absent, null or blank for no search."
    ),
]
Tag = Annotated[str | None, strawberry.argument(description="Only diaries with exactly this tag, 1 to 40 characters; absent or null for all.")]
Year = Annotated[int | None, strawberry.argument(description="The year, 2 to 9998. Give both `year` and `month`, or neither for the user's current month.")]
Month = Annotated[int | None, strawberry.argument(description="The month, 1 to 12; required with `year`, absent or null without it.")]
ThisDay = Annotated[Date | None, strawberry.argument(description="The day whose earlier years are wanted; today when absent or null.")]
PeriodLength = Annotated[RecapPeriod, strawberry.argument(description="Whether the recap covers a week, a month or a year.")]
Containing = Annotated[Date | None, strawberry.argument(description="Any day within the period; today when absent or null.")]


@strawberry.type
class DiaryQuery:
    @strawberry.field(description="The user's diary of a day; null when there is none.", permission_classes=[SignedIn])
    async def diary(self, info: strawberry.Info, date: Day) -> Diary | None:
        found = await info.context.loaders.diary_by_day.load(date)
        return found and Diary.from_model(found)

    @strawberry.field(description="The user's diaries, the newest day first.", permission_classes=[SignedIn], metadata=weight(FILTER, when="search"))
    async def diaries(
        self,
        info: strawberry.Info,
        first: First = 20,
        after: After = None,
        from_: From = None,
        to: To = None,
        search: Search = None,
        tag: Tag = None,
    ) -> Connection[Diary] | None:
        viewer = await info.context.require_viewer()
        wanted = resolvers.make_filter(from_, to, search, tag)
        before = decode_cursor(after, Date)[0] if after is not None else None
        parts = parts_asked(info, ["nodes"], ["edges", "node"])
        page = await resolvers.list_diaries(viewer, wanted, parts, before=before, limit=page_size(first))
        return make_connection(
            page.entries,
            node=Diary.from_model,
            cursor=lambda entry: encode_cursor(entry.day),
            has_next=page.has_next,
            after=after,
            count=lambda: resolvers.count_diaries(viewer, wanted),
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
