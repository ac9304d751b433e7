"""Diaries through the whole application: every field, pages, refusals and the number of statements."""
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from persistence.models import User
from persistence.models.diary import LineKind, Polarity
from tests import seeds
from tests.seeds import DAY, line, quote, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ONE_DAY = timedelta(days=1)

EVERYTHING = """
query Page($first: Int! = 20, $after: String, $from: Date, $to: Date, $search: String, $tag: String) {
  diaries(first: $first, after: $after, from: $from, to: $to, search: $search, tag: $tag) {
    edges { cursor }
    nodes {
      id date summary mood tags conversationCount messageCount toolCallCount version origin model promptVersion createdAt updatedAt
      lines { id kind text hidden byPerson evidence { quote start message { id content } } }
      insights { activities emotions patterns timePreference decisionStyle }
      signals { slot value polarity confidence stated evidence { quote start message { id content } } }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""

ROOT_FIELDS = [
    'diary(date: "2026-05-20") { id }', "diaries { nodes { id } }", "diaryStats { entryCount }",
    "diaryCalendar(year: 2026, month: 5) { year }", "diariesOnThisDay { id }", "recap(period: WEEK) { period }",
]  # fmt: skip


async def data(viewer: User, document: str, **variables: Any) -> Any:
    answered = await seeds.ask(document, variables, token=await seeds.bearer(viewer))
    assert "errors" not in answered, answered["errors"]
    return answered["data"]


async def codes(viewer: User, document: str, **variables: Any) -> list[str]:
    answered = await seeds.ask(document, variables, token=await seeds.bearer(viewer))
    return [error["extensions"]["code"] for error in answered.get("errors", [])]


async def test_diary_of_a_day_returns_every_field():
    ann = await seeds.person()
    one, two = await seeds.said(ann, DAY, "I ran 5 km and then slept, 真开心", "I do not live in Shanghai any more")
    lines = [
        line(LineKind.SUMMARY, "A run.", quote(one, "ran 5 km")),
        line(LineKind.TIME_PREFERENCE, "Runs in the morning.", quote(one)),
        line(LineKind.TIME_PREFERENCE, "Sleeps in the afternoon.", quote(one, "slept")),
        line(LineKind.PATTERN, "Sport after work.", quote(one)),
        line(LineKind.ACTIVITY, "Running", quote(one, "ran")),
        line(LineKind.EMOTION, "开心", quote(one, "真开心")),
        line(LineKind.EMOTION, "ashamed", quote(one), hidden=True),
    ]
    signals = [signal("identity.home", "Shanghai", quote(two), polarity=Polarity.NEGATIVE, stated=True)]
    await seeds.diary(ann, DAY, lines, signals, summary="A run.", tags=["sport"])
    [found] = (await data(ann, EVERYTHING))["diaries"]["nodes"]
    told = found["lines"]
    assert {key: found[key] for key in ("date", "summary", "mood", "tags", "version", "origin", "model", "promptVersion")} == {
        "date": "2026-05-20", "summary": "A run.", "mood": 4, "tags": ["sport"], "version": 1, "origin": "MODEL",
        "model": "a-model", "promptVersion": "diary/1",
    }  # fmt: skip
    assert (found["conversationCount"], found["messageCount"], found["toolCallCount"]) == (1, 3, 2)
    assert [(shown["kind"], shown["text"]) for shown in told] == [(item.kind.value, item.text) for item in lines[:-1]]
    assert found["insights"] == {
        "activities": ["Running"], "emotions": ["开心"], "patterns": ["Sport after work."],
        "timePreference": "Runs in the morning.\nSleeps in the afternoon.", "decisionStyle": None,
    }  # fmt: skip
    [said] = found["signals"]
    assert said["slot"] == "IDENTITY_HOME" and said["polarity"] == "NEGATIVE" and said["stated"] is True
    assert (said["value"], said["confidence"]) == ("Shanghai", 0.9)


async def test_diary_evidence_quote_starts_at_its_position_in_the_message():
    ann = await seeds.person()
    [message] = await seeds.said(ann, DAY, "早上好，😀 I ran")
    await seeds.diary(ann, DAY, [line(LineKind.HIGHLIGHT, "Ran.", quote(message, "ran"))], [signal("habits.exercise", "runs", quote(message, "I ran"))])
    await seeds.whole_day(ann, DAY + ONE_DAY)
    found = (await data(ann, EVERYTHING))["diaries"]["nodes"]
    quoted = [item for diary in found for told in (*diary["lines"], *diary["signals"]) for item in told["evidence"]]
    assert len(quoted) == 9
    for item in quoted:
        assert item["message"]["content"][item["start"] :].startswith(item["quote"])


async def test_diaries_page_of_twenty_takes_at_most_four_statements():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await seeds.whole_day(bob, DAY)
    for number in range(20):
        await seeds.whole_day(ann, DAY - number * ONE_DAY)
    counts = []
    for viewer, expected in ((bob, 1), (ann, 20)):
        token = await seeds.bearer(viewer)
        with seeds.statements() as seen:
            answered = await seeds.ask(EVERYTHING, token=token)
        assert len(answered["data"]["diaries"]["nodes"]) == expected
        counts.append(len(seen))
    assert max(counts) <= 4, "viewer, page with its parts, messages of lines, messages of signals"


async def test_diaries_page_with_versions_and_lines_takes_three_statements():
    ann = await seeds.person()
    for number in range(3):
        for summary in ("First.", "Second."):
            await seeds.diary(ann, DAY - number * ONE_DAY, [line(LineKind.HIGHLIGHT, "Something.")], summary=summary)
    token = await seeds.bearer(ann)
    with seeds.statements() as seen:
        answered = await seeds.ask("{ diaries { nodes { versions(first: 5) { version summary lines { text } } } } }", token=token)
    assert [len(diary["versions"]) for diary in answered["data"]["diaries"]["nodes"]] == [2, 2, 2]
    assert len(seen) == 3, "viewer, page with versions, lines"


async def test_diaries_page_loads_only_the_requested_tables():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    token = await seeds.bearer(ann)
    with seeds.statements() as seen:
        await seeds.ask("{ diaries { nodes { date summary mood tags } } }", token=token)
    assert len(seen) == 2 and not any(table in "".join(seen) for table in ("diary_lines", "line_evidence", "signals"))
    with seeds.statements() as seen:
        await seeds.ask("{ diaries { nodes { lines { text evidence { quote } } insights { emotions } } } }", token=token)
    assert len(seen) == 2 and "line_evidence" in seen[1] and "signals" not in seen[1]


async def test_diaries_paged_to_the_end_return_every_day_once_newest_first():
    ann = await seeds.person()
    days = [DAY - number * ONE_DAY for number in range(5)]
    for day in days:
        await seeds.diary(ann, day)
    seen, after, sizes = [], None, []
    while True:
        page = (await data(ann, EVERYTHING, first=2, after=after))["diaries"]
        seen += [diary["date"] for diary in page["nodes"]]
        sizes.append(len(page["nodes"]))
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert [edge["cursor"] for edge in page["edges"]][-1] == page["pageInfo"]["endCursor"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [day.isoformat() for day in days]
    assert sizes == [2, 2, 1]


async def test_diaries_next_page_after_a_new_diary_is_unchanged():
    ann = await seeds.person()
    for number in range(4):
        await seeds.diary(ann, DAY - number * ONE_DAY)
    first = (await data(ann, EVERYTHING, first=2))["diaries"]
    await seeds.diary(ann, DAY + ONE_DAY)
    second = (await data(ann, EVERYTHING, first=2, after=first["pageInfo"]["endCursor"]))["diaries"]
    assert [diary["date"] for diary in second["nodes"]] == [(DAY - number * ONE_DAY).isoformat() for number in (2, 3)]


async def test_diaries_total_count_with_a_search_counts_the_matches():
    ann = await seeds.person()
    for number in range(3):
        await seeds.diary(ann, DAY - number * ONE_DAY, summary="rain" if number else "sun")
    document = "query($search: String) { diaries(first: 1, search: $search) { totalCount nodes { date } } }"
    assert (await data(ann, document, search="rain"))["diaries"] == {"totalCount": 2, "nodes": [{"date": "2026-05-19"}]}
    assert (await data(ann, document))["diaries"]["totalCount"] == 3


async def test_diaries_with_filters_return_only_matching_days():
    ann = await seeds.person()
    await seeds.diary(ann, DAY, summary="在杭州 with Anna", tags=["trip"])
    await seeds.diary(ann, DAY - ONE_DAY, summary="home")
    for wanted in ({"search": "anna 杭州"}, {"tag": "trip"}, {"from": "2026-05-20"}, {"from": "2026-05-20", "to": "2026-05-20"}):
        assert [diary["date"] for diary in (await data(ann, EVERYTHING, **wanted))["diaries"]["nodes"]] == ["2026-05-20"]
    assert (await data(ann, EVERYTHING, to="2026-05-18"))["diaries"]["nodes"] == []


@pytest.mark.parametrize(
    "variables",
    [
        {"first": 0},
        {"first": -1},
        {"after": "nonsense"},
        {"from": "2026-05-21", "to": "2026-05-20"},
        {"search": "x" * 201},
        {"tag": ""},
    ],
)
async def test_diaries_with_an_invalid_argument_are_refused(variables: dict[str, Any]):
    assert await codes(await seeds.person(), EVERYTHING, **variables) == ["BAD_USER_INPUT"]


async def test_diaries_first_above_one_hundred_returns_one_hundred():
    ann = await seeds.person()
    for number in range(101):
        await seeds.diary(ann, DAY - number * ONE_DAY)
    page = (await data(ann, "query($n: Int!) { diaries(first: $n) { nodes { date } pageInfo { hasNextPage } } }", n=2**31 - 1))["diaries"]
    assert len(page["nodes"]) == 100 and page["pageInfo"]["hasNextPage"]


async def test_diary_lines_include_hidden_ones_only_on_request():
    ann = await seeds.person()
    lines = [line(LineKind.HIGHLIGHT, "shown"), line(LineKind.EMOTION, "hidden", hidden=True), line(LineKind.EMOTION, "glad", by_person=True)]
    await seeds.diary(ann, DAY, lines)
    document = """{ diary(date: "2026-05-20") {
        plain: lines { text } all: lines(includeHidden: true) { text hidden byPerson }
        emotions: lines(kinds: [EMOTION], includeHidden: true) { text } none: lines(kinds: []) { text } insights { emotions }
    } }"""
    found = (await data(ann, document))["diary"]
    assert texts(found["plain"]) == ["shown", "glad"]
    assert [(shown["text"], shown["hidden"], shown["byPerson"]) for shown in found["all"]] == [
        ("shown", False, False), ("hidden", True, False), ("glad", False, True),
    ]  # fmt: skip
    assert texts(found["emotions"]) == ["hidden", "glad"] and found["none"] == []
    assert found["insights"] == {"emotions": ["glad"]}


async def test_diary_versions_keep_their_own_text_and_evidence():
    ann = await seeds.person()
    [message] = await seeds.said(ann, DAY, "I met Anna")
    await seeds.diary(ann, DAY, [line(LineKind.HIGHLIGHT, "Met somebody.", quote(message))], summary="First.")
    await seeds.diary(ann, DAY, [line(LineKind.HIGHLIGHT, "Met Anna.", quote(message, "Anna"))], summary="Second.")
    document = """{ diary(date: "2026-05-20") { version summary newest: versions(first: 1) { version }
        versions { version origin summary mood messageCount model promptVersion lines { text evidence { quote } } }
    } }"""
    found = (await data(ann, document))["diary"]
    rest = {"origin": "MODEL", "mood": 4, "messageCount": 3, "model": "a-model", "promptVersion": "diary/1"}
    assert (found["version"], found["summary"], found["newest"]) == (2, "Second.", [{"version": 2}])
    assert found["versions"] == [
        {**rest, "version": 2, "summary": "Second.", "lines": [{"text": "Met Anna.", "evidence": [{"quote": "Anna"}]}]},
        {**rest, "version": 1, "summary": "First.", "lines": [{"text": "Met somebody.", "evidence": [{"quote": "I met Anna"}]}]},
    ]


async def test_diary_of_a_day_without_one_is_null():
    assert await data(await seeds.person(), '{ diary(date: "2026-05-20") { id } }') == {"diary": None}


async def test_diary_of_another_user_is_null_like_an_unknown_one():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await seeds.whole_day(ann, DAY)
    own = (await data(ann, '{ diary(date: "2026-05-20") { id } }'))["diary"]["id"]
    assert (await data(ann, "query($id: ID!) { node(id: $id) { id ... on Diary { date } } }", id=own))["node"] == {"id": own, "date": "2026-05-20"}
    document = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } diary(date: "2026-05-20") { id } diaries { totalCount nodes { id } } }'
    never = own[:-4] + "AAAA"
    assert await data(bob, document, ids=[own, never]) == {"nodes": [None, None], "diary": None, "diaries": {"totalCount": 0, "nodes": []}}


@pytest.mark.parametrize("field", ROOT_FIELDS)
async def test_diary_queries_when_signed_out_are_refused_without_a_statement(field: str):
    await seeds.whole_day(await seeds.person(), DAY)
    with seeds.statements() as seen:
        answered = await seeds.ask("{ " + field + " }")
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["UNAUTHENTICATED"]
    assert list(answered["data"].values()) == [None] and seen == []


async def test_diary_stats_and_calendar_return_every_field():
    ann = await seeds.person()
    await seeds.diary(ann, DAY, mood=3, messages=4)
    await seeds.diary(ann, DAY + ONE_DAY, mood=4, messages=7)
    found = await data(ann, """{
        diaryStats(from: "2026-05-01", to: "2026-05-31") {
            entryCount conversationCount messageCount toolCallCount averageMood averageMessageCount currentStreak longestStreak firstDate lastDate
        }
        empty: diaryStats(to: "2020-01-01") { entryCount averageMood averageMessageCount firstDate }
        diaryCalendar(year: 2026, month: 5) { year month days { date mood origin messageCount } }
    }""")  # fmt: skip
    assert found["diaryStats"] == {
        "entryCount": 2, "conversationCount": 2, "messageCount": 11, "toolCallCount": 4, "averageMood": 3.5, "averageMessageCount": 5.5,
        "currentStreak": 0, "longestStreak": 2, "firstDate": "2026-05-20", "lastDate": "2026-05-21",
    }  # fmt: skip
    assert found["empty"] == {"entryCount": 0, "averageMood": None, "averageMessageCount": 0, "firstDate": None}
    assert found["diaryCalendar"] == {"year": 2026, "month": 5, "days": [
        {"date": "2026-05-20", "mood": 3, "origin": "MODEL", "messageCount": 4},
        {"date": "2026-05-21", "mood": 4, "origin": "MODEL", "messageCount": 7},
    ]}  # fmt: skip
    assert await codes(ann, "{ diaryCalendar(year: 2026, month: 13) { year } }") == ["BAD_USER_INPUT"]


async def test_diaries_on_this_day_return_earlier_years_with_lines_and_evidence():
    ann = await seeds.person()
    await seeds.whole_day(ann, date(2024, 2, 29))
    found = await data(ann, '{ diariesOnThisDay(date: "2026-02-28") { date lines { text evidence { quote } } } }')
    [remembered] = found["diariesOnThisDay"]
    assert remembered["date"] == "2024-02-29" and remembered["lines"][1]["evidence"][1] == {"quote": "很开心"}


async def test_recap_quotes_messages_and_takes_a_constant_number_of_statements():
    ann = await seeds.person()
    document = """{ recap(period: WEEK, containing: "2026-05-20") {
        period from to entryCount conversationCount messageCount averageMood
        topActivities { text dayCount lastDate } topEmotions { text dayCount }
        highlights { date diary { date } line { kind text evidence { quote message { content } } } }
    } }"""
    counts = []
    for day in (DAY, DAY + ONE_DAY):
        await seeds.whole_day(ann, day)
        token = await seeds.bearer(ann)
        with seeds.statements() as seen:
            recap = (await seeds.ask(document, token=token))["data"]["recap"]
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert (recap["period"], recap["from"], recap["to"], recap["entryCount"], recap["messageCount"]) == ("WEEK", "2026-05-18", "2026-05-24", 2, 6)
    assert recap["topActivities"] == [{"text": "Running", "dayCount": 2, "lastDate": "2026-05-21"}]
    assert recap["topEmotions"] == [{"text": "开心", "dayCount": 2}]
    assert [(item["date"], item["diary"]["date"], item["line"]["text"]) for item in recap["highlights"]] == [
        ("2026-05-20", "2026-05-20", "Five kilometres!"), ("2026-05-21", "2026-05-21", "Five kilometres!"),
    ]  # fmt: skip
    for item in recap["highlights"]:
        assert all(words["quote"] in words["message"]["content"] for words in item["line"]["evidence"])


def texts(lines: Sequence[dict[str, Any]]) -> list[str]:
    return [shown["text"] for shown in lines]


async def test_diaries_of_two_users_with_one_document_are_their_own():
    ann, ben = await seeds.person(), await seeds.person("ben")
    for user, text in ((ann, "I ran"), (ben, "I slept")):
        [message] = await seeds.said(user, DAY, text)
        await seeds.diary(user, DAY, [line(LineKind.ACTIVITY, text, quote(message))])
    for user, text in ((ann, "I ran"), (ben, "I slept"), (ann, "I ran")):
        nodes = (await data(user, "{ diaries { nodes { __typename insights { activities } lines { text evidence { quote } } } } }"))["diaries"]["nodes"]
        assert nodes == [{"__typename": "Diary", "insights": {"activities": [text]}, "lines": [{"text": text, "evidence": [{"quote": text}]}]}]
