"""Diary queries: filters, search, streaks, the calendar, earlier years, recaps."""
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from persistence import database
from persistence.models import ActiveDay, User
from persistence.models.diary import LineKind, Origin
from resolvers import diary as resolvers
from resolvers.diary import Period
from resolvers.errors import InputRule, InvalidInput
from resolvers.loaders import Loaders
from tests import seeds
from tests.seeds import DAY, line, quote

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ONE_DAY = timedelta(days=1)


async def found_days(viewer: User, search: str | None = None, **wanted: object) -> list[date]:
    narrowed = {"first": None, "last": None, "tag": None, **wanted}
    page = await resolvers.list_diaries(viewer, resolvers.make_filter(search=search, **narrowed), before=None, limit=100)
    assert len(page.entries) == await resolvers.count_diaries(viewer, resolvers.make_filter(search=search, **narrowed))
    return [entry.day for entry in page.entries]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Fix the user's current day."""
    monkeypatch.setattr(resolvers, "today", lambda viewer: DAY)
    return DAY


async def test_list_diaries_date_range_includes_both_ends():
    ann = await seeds.person()
    for number in range(4):
        await seeds.diary(ann, DAY + number * ONE_DAY)
    assert await found_days(ann, first=DAY + ONE_DAY, last=DAY + 2 * ONE_DAY) == [DAY + 2 * ONE_DAY, DAY + ONE_DAY]
    assert await found_days(ann, first=DAY + 3 * ONE_DAY) == [DAY + 3 * ONE_DAY]
    assert await found_days(ann, last=DAY) == [DAY]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("morning", True),
        ("MORNING ran", True),
        ("跑步", True),
        ("西湖\u3000morning", True),
        ("morning evening", False),
        ("100%", True),
        ("10_%", False),
        ("a\\b", True),
        ("secret", False),
        ("/", False),
        ("  ", True),
    ],
)
async def test_list_diaries_search_finds_all_words_in_summary_or_visible_lines(search: str, found: bool):
    ann = await seeds.person()
    lines = [
        line(LineKind.ACTIVITY, "在西湖边跑步"),
        line(LineKind.HIGHLIGHT, "gave 100% on a\\b"),
        line(LineKind.EMOTION, "a secret grudge", hidden=True),
    ]
    await seeds.diary(ann, DAY, lines, summary="Ran in the morning.")
    assert await found_days(ann, search) == ([DAY] if found else [])


async def test_list_diaries_search_reads_the_current_version_only():
    ann = await seeds.person()
    await seeds.diary(ann, DAY, [line(LineKind.HIGHLIGHT, "met Coco")], summary="Old words.")
    await seeds.diary(ann, DAY, [line(LineKind.HIGHLIGHT, "met Momo")], summary="New words.")
    assert await found_days(ann, "momo new") == [DAY]
    assert await found_days(ann, "coco") == await found_days(ann, "old") == []


async def test_list_diaries_by_tag_matches_the_whole_tag_in_any_spelling():
    ann = await seeds.person()
    await seeds.diary(ann, DAY, tags=["旅行", "family"])
    await seeds.diary(ann, DAY + ONE_DAY, tags=["families"])
    assert await found_days(ann, tag="旅行") == await found_days(ann, tag="family") == await found_days(ann, tag="Family") == [DAY]
    assert await found_days(ann, tag="famil") == await found_days(ann, tag="fam%") == []


@pytest.mark.parametrize(
    ("wanted", "field", "rule"),
    [
        ({"first": DAY, "last": DAY - ONE_DAY}, "from", InputRule.OUT_OF_RANGE),
        ({"search": "a" * 201}, "search", InputRule.TOO_LONG),
        ({"search": " ".join("abcdefghijk")}, "search", InputRule.TOO_MANY),
        ({"search": "nul\0"}, "search", InputRule.CHARACTER),
        ({"search": "a\ud800"}, "search", InputRule.CHARACTER),
        ({"search": "\u0301"}, "search", InputRule.EMPTY),
        ({"tag": " "}, "tag", InputRule.EMPTY),
        ({"tag": "t" * 41}, "tag", InputRule.TOO_LONG),
        ({"tag": "t\0"}, "tag", InputRule.CHARACTER),
    ],
)
async def test_make_filter_invalid_input_is_refused(wanted: dict[str, object], field: str, rule: InputRule):
    with pytest.raises(InvalidInput) as refused:
        resolvers.make_filter(**{"first": None, "last": None, "search": None, "tag": None, **wanted})
    assert (refused.value.field, refused.value.rule) == (field, rule)


async def test_diary_queries_of_another_user_return_nothing(today: date):
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await seeds.whole_day(ann, DAY)
    await seeds.whole_day(ann, DAY.replace(year=2025))
    assert await found_days(bob) == await found_days(bob, "ran") == []
    assert await resolvers.on_this_day(bob, DAY) == []
    assert await resolvers.get_calendar(bob, DAY.year, DAY.month) == []
    stats = await resolvers.get_stats(bob, None, None)
    assert (stats.totals.entries, stats.current_streak, stats.longest_streak) == (0, 0, 0)
    recap = await resolvers.get_recap(bob, Period.YEAR, DAY)
    assert (recap.totals.entries, recap.activities, recap.emotions, recap.highlights) == (0, [], [], [])
    assert await found_days(ann) == [DAY, DAY.replace(year=2025)]


async def test_get_stats_of_a_period_sums_current_versions(today: date):
    ann = await seeds.person()
    await seeds.diary(ann, DAY, mood=1, messages=50)
    await seeds.diary(ann, DAY, mood=5, messages=2)
    await seeds.diary(ann, DAY - ONE_DAY, mood=None, messages=6)
    await seeds.diary(ann, DAY - 9 * ONE_DAY, mood=2, messages=100)
    stats = await resolvers.get_stats(ann, DAY - ONE_DAY, DAY)
    totals = stats.totals
    assert (totals.entries, totals.messages, totals.conversations, totals.tool_calls) == (2, 8, 2, 4)
    assert (totals.mood, totals.first_day, totals.last_day) == (5.0, DAY - ONE_DAY, DAY)
    assert (await resolvers.get_stats(ann, None, None)).totals.mood == 3.5


@pytest.mark.parametrize(
    ("ages", "current", "longest"),
    [
        ([], 0, 0),
        ([0], 1, 1),
        ([1, 2, 3], 3, 3),
        ([0, 1, 3, 4, 5], 2, 3),
        ([2, 3], 0, 2),
        ([9, 10, 11], 0, 3),
    ],
)
async def test_get_stats_streak_counts_consecutive_days_and_ignores_a_missing_today(today: date, ages: list[int], current: int, longest: int):
    ann = await seeds.person()
    for age in ages:
        await seeds.diary(ann, today - age * ONE_DAY)
    stats = await resolvers.get_stats(ann, None, None)
    assert (stats.current_streak, stats.longest_streak) == (current, longest)


@pytest.mark.parametrize(("revision", "written", "current"), [(1, 0, 2), (1, 1, 0)])
async def test_get_stats_streak_continues_while_yesterdays_diary_is_pending(
    today: date, revision: int, written: int, current: int
):
    ann = await seeds.person()
    for age in (2, 3):
        await seeds.diary(ann, today - age * ONE_DAY)
    at = (await seeds.said(ann, today, "hello"))[0].created_at
    async with database.transaction() as session:
        day = {"user_id": ann.id, "day": today - ONE_DAY, "starts_at": at, "ends_at": at}
        await session.execute(insert(ActiveDay).values(revision=revision, diary_revision=written, **day))
    assert (await resolvers.get_stats(ann, None, None)).current_streak == current


async def test_get_stats_of_a_period_limits_only_the_longest_streak(today: date):
    ann = await seeds.person()
    for age in range(6):
        await seeds.diary(ann, today - age * ONE_DAY)
    stats = await resolvers.get_stats(ann, today - 4 * ONE_DAY, today - 3 * ONE_DAY)
    assert (stats.current_streak, stats.longest_streak) == (6, 2)
    assert (await resolvers.get_stats(ann, today + ONE_DAY, None)).longest_streak == 0


async def test_get_calendar_month_returns_its_days_in_order():
    ann = await seeds.person()
    for day, mood in ((date(2024, 2, 29), 5), (date(2024, 2, 1), None), (date(2024, 3, 1), 1), (date(2024, 1, 31), 1)):
        await seeds.diary(ann, day, mood=mood, origin=Origin.FALLBACK)
    days = await resolvers.get_calendar(ann, 2024, 2)
    assert [(day.day, day.mood, day.origin) for day in days] == [
        (date(2024, 2, 1), None, Origin.FALLBACK), (date(2024, 2, 29), 5, Origin.FALLBACK),
    ]  # fmt: skip
    assert len(await resolvers.get_calendar(ann, 2024, 1)) == 1


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10_000, 1), (-5, 2), (2**31 - 1, 1)])
async def test_get_calendar_invalid_month_is_refused(year: int, month: int):
    with pytest.raises(InvalidInput) as refused:
        await resolvers.get_calendar(await seeds.person(), year, month)
    assert refused.value.field == ("month" if year == 2026 else "year") and refused.value.bounds


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 28), [date(2025, 2, 28), date(2024, 2, 29), date(2024, 2, 28), date(2020, 2, 29)]),
        (date(2028, 2, 29), [date(2024, 2, 29), date(2020, 2, 29)]),
        (date(2028, 2, 28), [date(2026, 2, 28), date(2025, 2, 28), date(2024, 2, 28)]),
        (date(2026, 3, 1), [date(2025, 3, 1)]),
        (date(2, 1, 1), []),
    ],
)
async def test_on_this_day_date_returns_earlier_years_with_leap_days(day: date, expected: list[date]):
    ann = await seeds.person()
    for text in ("2020-02-29", "2024-02-28", "2024-02-29", "2025-02-28", "2025-03-01", "2026-02-28", "2026-03-01"):
        await seeds.diary(ann, date.fromisoformat(text))
    assert [entry.day for entry in await resolvers.on_this_day(ann, day)] == expected


async def test_on_this_day_and_recap_without_a_date_use_the_users_today(today: date):
    ann = await seeds.person()
    await seeds.diary(ann, today.replace(year=2024))
    assert [entry.day for entry in await resolvers.on_this_day(ann, None)] == [today.replace(year=2024)]
    assert (await resolvers.get_recap(ann, Period.MONTH, None)).first == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.WEEK, date(2026, 5, 18), date(2026, 5, 24)),
        (Period.MONTH, date(2026, 5, 1), date(2026, 5, 31)),
        (Period.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
async def test_get_recap_each_period_counts_only_its_days(period: Period, first: date, last: date):
    ann = await seeds.person()
    for day, mood in ((first, 5), (last, 2), (first - ONE_DAY, 1), (last + ONE_DAY, 1)):
        await seeds.diary(ann, day, [line(LineKind.ACTIVITY, "Running"), line(LineKind.HIGHLIGHT, "A run")], mood=mood)
    recap = await resolvers.get_recap(ann, period, DAY)
    assert (recap.first, recap.last, recap.totals.entries, recap.totals.mood) == (first, last, 2, 3.5)
    assert [(item.text, item.days, item.last_day) for item in recap.activities] == [("Running", 2, last)]
    assert [item.day for item in recap.highlights] == [first, last]


async def test_get_recap_activities_are_ranked_by_days_in_the_newest_spelling():
    ann = await seeds.person()
    said_on = {"running": (0, 1, 2), "reading": (0, 3), "cooking": (1, 2)}
    for number in range(4):
        activities = [word for word, days in said_on.items() if number in days]
        spelled = [word.upper() if number == 2 else word for word in activities]
        lines = [line(LineKind.ACTIVITY, text) for text in spelled] + [line(LineKind.EMOTION, "开心")] * 2
        await seeds.diary(ann, DAY + (number - 2) * ONE_DAY, lines)
    await seeds.diary(ann, DAY - 2 * ONE_DAY, [line(LineKind.ACTIVITY, "running"), line(LineKind.ACTIVITY, "hidden", hidden=True)])
    recap = await resolvers.get_recap(ann, Period.WEEK, DAY)
    assert [(item.text, item.days) for item in recap.activities] == [("RUNNING", 3), ("COOKING", 2), ("reading", 1)]
    assert [(item.text, item.days) for item in recap.emotions] == [("开心", 3)]


async def test_get_recap_many_activities_and_highlights_returns_ten_each():
    ann = await seeds.person()
    for number in range(12):
        await seeds.diary(ann, date(2026, 3, 1) + number * ONE_DAY, [line(LineKind.ACTIVITY, f"thing {number}"), line(LineKind.SUMMARY, "x")])
    recap = await resolvers.get_recap(ann, Period.MONTH, date(2026, 3, 5))
    assert len(recap.activities) == len(recap.highlights) == 10


async def test_get_recap_day_is_represented_by_its_best_supported_highlight_or_summary():
    ann = await seeds.person()
    one, two = await seeds.said(ann, DAY, "met Coco", "a great day")
    lines = [
        line(LineKind.SUMMARY, "sum", quote(one), quote(two)),
        line(LineKind.HIGHLIGHT, "weak", quote(one)),
        line(LineKind.HIGHLIGHT, "strong", quote(one), quote(two)),
        line(LineKind.HIGHLIGHT, "hidden", quote(one), quote(two), quote(two), hidden=True),
    ]
    await seeds.diary(ann, DAY, lines)
    await seeds.diary(ann, DAY + ONE_DAY, [line(LineKind.SUMMARY, "only a summary", quote(one))], origin=Origin.FALLBACK)
    recap = await resolvers.get_recap(ann, Period.WEEK, DAY)
    loaders = Loaders(ann.id)
    texts = []
    for highlight in recap.highlights:
        stored = await loaders.lines.load((highlight.diary_id, highlight.version))
        texts += [line.text for line in stored if line.id == highlight.line_id]
    assert texts == ["strong", "only a summary"]


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_get_recap_and_on_this_day_at_the_calendar_limits_are_refused(day: date):
    ann = await seeds.person()
    for work in (resolvers.get_recap(ann, Period.WEEK, day), resolvers.on_this_day(ann, day)):
        with pytest.raises(InvalidInput):
            await work
