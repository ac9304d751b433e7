"""Events from the words of a day to `upcoming`: read by the nightly job, kept by rewrites and edits, gone with the words."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from persistence import database
from persistence.models import DiaryLine, LineEvidence, Signal, User
from persistence.models.diary import LineKind
from resolvers import chat, portability
from resolvers.diary import today
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, model, move_messages_back, rows, say

__all__ = ["model"]
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAY = timedelta(days=1)
UPCOMING = """query($from: Date, $to: Date, $first: Int, $after: String) {upcoming(from: $from, to: $to, first: $first, after: $after) {
  totalCount pageInfo {hasNextPage endCursor}
  nodes {date saidOn text kind slot ownSlot {name} evidence {quote message {content}}}}}"""


async def upcoming(user: User, **variables: Any) -> dict[str, Any]:
    answer = await seeds.ask(UPCOMING, variables, token=await seeds.bearer(user))
    return dict(answer["data"]["upcoming"])


async def texts(user: User, **variables: Any) -> list[tuple[str, str]]:
    return [(node["date"], node["text"]) for node in (await upcoming(user, **variables))["nodes"]]


@pytest.mark.parametrize(("said", "text", "locale"), [("I have an exam tomorrow.", "exam", "en"), ("我明天要考试。", "考试", "zh-CN")], ids=["en", "zh"])
@pytest.mark.parametrize("is_down", [False, True], ids=["model", "fallback"])
async def test_upcoming_event_of_a_night_leads_to_its_words_and_goes_with_them(model: Model, said: str, text: str, locale: str, is_down: bool):
    ann = await seeds.person()
    async with database.transaction() as session:
        (await session.get_one(User, ann.id)).locale = locale
    exchange = await say(ann, said)
    await move_messages_back(ann, 1)
    if is_down:
        await model.fail(match="task: diary", kind="500")
    await night()
    said_on = exchange.question.day - DAY
    [event] = (await upcoming(ann, **{"from": str(said_on)}))["nodes"]
    assert (event["date"], event["saidOn"]) == (str(said_on + DAY), str(said_on)) and text in event["text"]
    assert [quote["message"]["content"] for quote in event["evidence"]] == [said]
    assert (event["kind"], event["slot"], event["ownSlot"]) == ("SUMMARY", None, None)
    await chat.delete(await context_of(ann), exchange.question.id)
    assert await texts(ann, **{"from": str(said_on)}) == []


async def diary_with_events(user: User) -> tuple[date, list[Any]]:
    """Store a day with a line and a signal of each of three statements; lines and signals of one statement are one event."""
    day = today(user) - DAY
    messages = await seeds.said(user, day, "The exam is on Friday", "I move to Oslo", "Dinner with Tom")
    lines = [
        replace(seeds.line(LineKind.SUMMARY, "The exam.", seeds.quote(messages[0])), happens_on=day + 3 * DAY),
        replace(seeds.line(LineKind.HIGHLIGHT, "An exam!", seeds.quote(messages[0])), happens_on=day + 3 * DAY),
        replace(seeds.line(LineKind.DECISION, "Hidden dinner.", seeds.quote(messages[2]), hidden=True), happens_on=day + 2 * DAY),
        seeds.line(LineKind.ACTIVITY, "Cooked.", seeds.quote(messages[2])),
    ]
    signal = replace(seeds.signal("identity.home", "Oslo", seeds.quote(messages[1])), happens_on=day + 30 * DAY)
    await seeds.diary(user, day, lines, [signal])
    return day, messages


async def test_upcoming_lists_each_event_once_by_day_in_pages_of_one_statement(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    day, _ = await diary_with_events(ann)
    first = await upcoming(ann, first=1)
    assert [(node["date"], node["text"], node["kind"]) for node in first["nodes"]] == [(str(day + 3 * DAY), "The exam.", "SUMMARY")]
    assert first["totalCount"] == 2 and first["pageInfo"]["hasNextPage"]
    with seeds.statements() as seen:
        second = await upcoming(ann, first=1, after=first["pageInfo"]["endCursor"])
    [node] = second["nodes"]
    assert (node["date"], node["text"], node["slot"], node["saidOn"]) == (str(day + 30 * DAY), "Oslo", "IDENTITY_HOME", str(day))
    assert not second["pageInfo"]["hasNextPage"] and sum("page as materialized" in text for text in seen) == 1
    assert await texts(ann, to=str(day + 2 * DAY)) == [] and await texts(await seeds.person("bob")) == []


@pytest.mark.parametrize(("variables", "message"), [
    ({"from": "2026-05-02", "to": "2026-05-01"}, "is after to"), ({"from": "0001-01-01"}, "send a day from"),
    ({"first": 0}, "first is 0"), ({"after": "zebra"}, "invalid cursor"),
])  # fmt: skip
async def test_upcoming_wrong_range_or_page_is_refused(model: Model, variables: dict[str, Any], message: str):
    answer = await seeds.ask(UPCOMING, variables, token=await seeds.bearer(await seeds.person()))
    assert answer["data"] == {"upcoming": None} and message in answer["errors"][0]["message"]
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_upcoming_without_a_session_is_refused(model: Model):
    answer = await seeds.ask(UPCOMING, {})
    assert answer["data"] == {"upcoming": None} and answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


EDIT = """mutation($date: Date!, $line: ID!, $text: String, $deleted: Boolean, $hidden: Boolean) {diaryUpdate(input: {date: $date, lines: [
  {id: $line, text: $text, deleted: $deleted, hidden: $hidden}]}) {... on DiaryUpdateSuccess {diary {lines {id text happensOn} signals {happensOn}}}}}"""
LINES = "query($date: Date!) {diary(date: $date) {lines {id text happensOn} signals {happensOn}}}"


async def test_upcoming_event_of_a_reworded_line_stays_and_of_a_hidden_line_goes(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    day, _ = await diary_with_events(ann)
    token = await seeds.bearer(ann)
    diary = (await seeds.ask(LINES, {"date": str(day)}, token=token))["data"]["diary"]
    assert [line["happensOn"] for line in diary["lines"]] == [str(day + 3 * DAY)] * 2 + [None] and diary["signals"] == [{"happensOn": str(day + 30 * DAY)}]
    for number, change in enumerate(({"text": "My exam in Bergen."}, {"hidden": True})):
        line = diary["lines"][number]["id"]
        edited = await seeds.ask(EDIT.replace("$deleted: Boolean, ", "").replace(" deleted: $deleted,", "").replace(
            ", $hidden: Boolean" if "text" in change else "$text: String, ", "").replace(", hidden: $hidden" if "text" in change else " text: $text,", ""),
            {"date": str(day), "line": line, **change}, token=token)
        diary = edited["data"]["diaryUpdate"]["diary"]
    assert (await texts(ann))[0] == (str(day + 3 * DAY), "My exam in Bergen.")


async def test_upcoming_events_survive_export_and_import(model: Model):
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    await diary_with_events(ann)
    await portability.import_json(bob, await portability.export_json(ann))
    assert await texts(bob) == await texts(ann) != []


async def test_upcoming_event_leaves_the_item_that_loses_the_quote_which_named_it(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    day = today(ann) - DAY
    exam, worry = await seeds.said(ann, day, "The exam is on Friday", "The exam worries me")
    both = (seeds.quote(exam), seeds.quote(worry))
    await seeds.diary(ann, day, [replace(seeds.line(LineKind.SUMMARY, "The exam", *both), happens_on=day + 3 * DAY)],
                      [replace(seeds.signal("identity.home", "Exam", *both), happens_on=day + 3 * DAY)])
    await chat.delete(await context_of(ann), exam.id)
    assert await texts(ann) == [] and len(await rows(LineEvidence)) == 1
    assert [row.happens_on for row in (*await rows(DiaryLine), *await rows(Signal))] == [None, None]
