"""The documents of a frontend, one file for each screen: a screen is one request, and each success returns what the screen then shows."""
from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from sqlalchemy import update

from graph.query_limits import QueryLimits
from graph.relay import encode_id
from graph.schema import schema
from jobs import profile_update
from persistence import database
from persistence.ids import uuid7
from persistence.models import JobRun, User
from persistence.models.account import Role
from persistence.models.jobs import Job, RunStatus, Trigger
from resolvers.diary import today
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, model
from tests.seeds import DAY

__all__ = ["model"]

pytestmark = pytest.mark.anyio

SCREENS = Path(__file__).with_name("screens")
DAILY = timedelta(days=1)


async def query(viewer: User, screen: str, operation: str, **variables: Any) -> dict[str, Any]:
    """Return the data of one request of the screen."""
    document = (SCREENS / f"{screen}.graphql").read_text(encoding="utf-8")
    answer = await seeds.ask(document, variables, token=await seeds.bearer(viewer), operation=operation)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]  # type: ignore[no-any-return]


async def mutate(viewer: User, screen: str, operation: str, **input: Any) -> dict[str, Any]:
    """Return the result of a mutation of the screen."""
    [answered] = (await query(viewer, screen, operation, input=input)).values()
    return answered  # type: ignore[no-any-return]


async def query_counted(viewer: User, screen: str, operation: str, **variables: Any) -> tuple[dict[str, Any], int]:
    """Return the data of one request and the number of its statements."""
    with seeds.statements() as seen:
        answer = await query(viewer, screen, operation, **variables)
    return answer, len(seen)


async def admin() -> User:
    found = await seeds.person("root")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == found.id).values(role=Role.ADMIN))
    return found


@pytest.mark.parametrize("path", sorted(SCREENS.glob("*.graphql")), ids=lambda path: path.stem)
def test_screen_document_is_valid_and_within_the_query_limits(path: Path):
    document = parse(path.read_text(encoding="utf-8"))
    assert validate(schema()._schema, document) == [] and validate(schema()._schema, document, [QueryLimits]) == []


@pytest.mark.usefixtures("database")
async def test_chat_screen_mutations_return_what_the_screen_shows(model: Model):
    ann = await seeds.person()
    first = await mutate(ann, "chat", "Send", content="I moved to Hangzhou.", idempotencyKey="1")
    id = first["conversation"]["id"]
    second = await mutate(ann, "chat", "Send", content="我喜欢爬山。", conversationId=id)
    shown = await query(ann, "chat", "Chat", id=id)
    assert shown["conversation"]["messages"]["nodes"] == [second["answer"], second["question"], first["answer"], first["question"]]
    assert shown["conversations"]["nodes"] == [{name: second["conversation"][name] for name in ("id", "title", "temporary", "pinned", "lastMessageAt", "tags")}]
    assert shown["viewer"]["usageToday"]["chatTokens"] > 0 and shown["viewer"]["usageToday"]["chatTokensPerDay"] is None
    again = await mutate(ann, "chat", "AskAgain", messageId=second["question"]["id"])
    assert again["answer"]["id"] != second["answer"]["id"] and not again["answer"]["editedAt"]
    rated = await mutate(ann, "chat", "Rate", messageId=again["answer"]["id"], rating="UP")
    assert rated == {"ratedMessage": {"id": again["answer"]["id"], "rating": "UP"}}
    renamed = await mutate(ann, "chat", "Rename", conversationId=id, title="爬山", archived=True)
    assert (renamed["conversation"]["title"], renamed["conversation"]["archived"]) == ("爬山", True)
    edited = await mutate(ann, "chat", "Edit", messageId=second["question"]["id"], content="我喜欢跑步。")
    assert edited["editedMessage"]["content"] == "我喜欢跑步。" and edited["editedMessage"]["editedAt"]
    deleted = await mutate(ann, "chat", "Delete", messageId=second["question"]["id"])
    assert set(deleted["deletedIds"]) == {second["question"]["id"], second["answer"]["id"], again["answer"]["id"]} and deleted["conversation"]["id"] == id


@pytest.mark.usefixtures("database")
async def test_conversations_screen_finds_its_way_by_pins_tags_and_several_at_once():
    ann, bob = await seeds.person(), await seeds.person("bob")
    ids = [encode_id("Conversation", (await seeds.said(ann, DAY, f"a fox, number {number}"))[0].conversation_id) for number in range(4)]
    others = encode_id("Conversation", (await seeds.said(bob, DAY, "a fox"))[0].conversation_id)
    pinned = await mutate(ann, "conversations", "Change", conversationId=ids[0], pinned=True, tags=["Work"])
    assert pinned["conversation"]["pinned"] and pinned["conversation"]["tags"] == ["Work"]
    shown = await query(ann, "conversations", "Conversations")
    listed = [node["id"] for node in shown["conversations"]["nodes"]]
    assert listed[0] == ids[0] and sorted(listed) == sorted(ids) and shown["conversations"]["totalCount"] == 4
    [tag] = shown["conversationTags"]
    assert (tag["tag"], tag["conversationCount"]) == ("Work", 1)
    rest = await query(ann, "conversations", "Conversations", pinned=False, after=shown["conversations"]["pageInfo"]["endCursor"])
    assert rest["conversations"]["nodes"] == [] and rest["conversations"]["totalCount"] == 3
    assert [node["id"] for node in (await query(ann, "conversations", "Conversations", tags=["work"]))["conversations"]["nodes"]] == [ids[0]]
    [found] = (await query(ann, "chat", "Find", words="fox", conversationId=ids[2]))["messageSearch"]["nodes"]
    assert found["content"] == "a fox, number 2"
    missing = [{"conversationId": others, "code": "NOT_FOUND"}]
    archived = await mutate(ann, "conversations", "ArchiveMany", conversationIds=[ids[3], others])
    assert ([node["archived"] for node in archived["conversations"]], archived["refused"]) == ([True], missing)
    deleted = await mutate(ann, "conversations", "DeleteMany", conversationIds=[ids[1], others, ids[2]])
    assert (deleted["deletedIds"], deleted["refused"], deleted["receipt"]["messagesRemoved"]) == ([ids[1], ids[2]], missing, 2)
    refused = await mutate(ann, "conversations", "Change", conversationId=ids[0], temporary=True)
    assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", "temporary")
    none = await mutate(ann, "conversations", "DeleteMany", conversationIds=[])
    assert none == {"code": "BAD_USER_INPUT", "message": "conversationIds has 0 ids: send 1 to 100", "field": "conversationIds"}


@pytest.mark.usefixtures("database")
async def test_chat_screen_search_result_shows_the_surrounding_messages():
    ann = await seeds.person()
    await seeds.said(ann, DAY, *(f"word{number}" for number in range(30)))
    [found] = (await query(ann, "chat", "Find", words="word15"))["messageSearch"]["nodes"]
    around = await query(ann, "chat", "Around", id=found["id"], conversationId=found["conversation"]["id"], cursor=found["cursor"])
    assert around["node"]["content"] == "word15"
    for name, expected in (("before", range(14, 4, -1)), ("after", range(16, 26))):
        page = around["conversation"][name]
        assert [message["content"] for message in page["nodes"]] == [f"word{number}" for number in expected] and page["pageInfo"]["hasNextPage"]


@pytest.mark.usefixtures("database")
async def test_chat_screen_takes_a_constant_number_of_statements():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    for number in range(20):
        [*_, last] = await seeds.said(ann, DAY - number * DAILY, *("Hello" for _ in range(20)))
    [only] = await seeds.said(bob, DAY, "Hello")
    counts = []
    for viewer, message, expected in ((bob, only, 1), (ann, last, 20)):
        answer, statements = await query_counted(viewer, "chat", "Chat", id=encode_id("Conversation", message.conversation_id))
        assert len(answer["conversations"]["nodes"]) == len(answer["conversation"]["messages"]["nodes"]) == expected
        counts.append(statements)
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("database")
async def test_diary_screen_opens_in_one_request_with_a_constant_number_of_statements():
    ann = await seeds.person(time_zone=seeds.noon_zone(), day_ends_at=4)
    now = today(ann)
    await seeds.whole_day(ann, now)
    await seeds.whole_day(ann, now - 400 * DAILY)
    shown, statements = await query_counted(ann, "diary", "Opening")
    assert shown["viewer"] == {"today": now.isoformat(), "timeZone": ann.time_zone, "dayEndsAt": 4}
    calendar = shown["diaryCalendar"]
    assert (calendar["year"], calendar["month"]) == (now.year, now.month) and [day["date"] for day in calendar["days"]] == [now.isoformat()]
    [newest] = shown["diaries"]["nodes"]
    assert newest == (await query(ann, "diary", "OneDay", date=now.isoformat()))["diary"]
    assert (await query(ann, "diary", "Month", year=now.year, month=now.month))["diaryCalendar"] == calendar
    for number in range(1, 6):
        await seeds.whole_day(ann, now - number * DAILY)
    assert (await query_counted(ann, "diary", "Opening"))[1] == statements


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("given", ["year: 2026", "month: 5", "year: 2026, month: null"])
async def test_diary_calendar_with_only_one_of_year_and_month_is_refused(given: str):
    answer = await seeds.ask(f"{{ diaryCalendar({given}) {{ days {{ date }} }} }}", token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"] and answer["data"] == {"diaryCalendar": None}


@pytest.mark.usefixtures("database")
async def test_diary_screen_correction_returns_the_day_as_shown():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    [line, *_] = (await query(ann, "diary", "OneDay", date=DAY.isoformat()))["diary"]["lines"]
    corrected = await mutate(ann, "diary", "Correct", date=DAY.isoformat(), mood=5, tags=["sport"], lines=[{"id": line["id"], "hidden": True}])
    assert corrected["diary"] == (await query(ann, "diary", "OneDay", date=DAY.isoformat()))["diary"]
    assert (corrected["diary"]["mood"], corrected["diary"]["tags"], corrected["diary"]["lines"][0]["hidden"]) == (5, ["sport"], True)
    for words, expected in (("kilometres", 1), ("morning", 0)):
        assert (await query(ann, "diary", "Look", words=words, tag="sport"))["diaries"]["totalCount"] == expected, "the hidden line is searched no more"
    assert (await mutate(ann, "diary", "Forget", date=DAY.isoformat()))["deletedId"] == corrected["diary"]["id"]


@pytest.mark.usefixtures("database")
async def test_profile_screen_verdicts_return_the_whole_profile():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    said = await mutate(ann, "profile", "Say", slot="IDENTITY_HOME", value="苏州")
    stand = {value["value"]: value["status"] for section in said["profile"]["sections"] for value in section["values"]}
    assert stand == {"苏州": "ACTIVE", "Hangzhou": "SUPERSEDED", "running": "ACTIVE"}
    for operation in ("Lock", "Unlock", "Reject"):
        verdict = await mutate(ann, "profile", operation, id=said["value"]["id"])
        assert verdict["profile"] == (await query(ann, "profile", "Known"))["profile"], operation
    assert (await query(ann, "profile", "Known"))["profile"]["sections"][0]["values"][0]["value"] == "Hangzhou"
    newest = (await query(ann, "profile", "Evolution"))["profileChanges"]["nodes"][0]
    back = await mutate(ann, "profile", "GoBack", changeId=newest["id"])
    assert back["profile"] == (await query(ann, "profile", "Known"))["profile"]


@pytest.mark.usefixtures("database")
async def test_profile_screen_explanation_returns_evidence_and_changes_in_one_request():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    values = (await query(ann, "profile", "Known"))["profile"]["sections"][0]["values"]
    why = (await query(ann, "profile", "Why", id=values[0]["id"]))["node"]
    [words], [change] = why["evidence"], why["changes"]
    assert (words["quote"], words["date"], words["diary"]["date"]) == ("I live in Hangzhou now", DAY.isoformat(), DAY.isoformat())
    assert (change["cause"], change["effect"], change["before"], change["after"]) == ("NIGHT", "ADDED", None, "Hangzhou")
    assert (await query(ann, "profile", "KnownThen", date=(DAY - DAILY).isoformat()))["profileAsOf"]["sections"][0]["values"] == []
    curve = (await query(ann, "profile", "Curve", id=values[0]["id"]))["node"]
    assert curve["history"][-1]["confidence"] == values[0]["confidence"] and curve["evidence"] == [{"date": DAY.isoformat()}]


@pytest.mark.usefixtures("database")
async def test_slots_screen_is_one_request_and_shows_what_was_defined_and_switched_on():
    ann = await seeds.person()
    _, fewest = await query_counted(ann, "slots", "Slots")
    made = (await mutate(ann, "slots", "Define", name="Shoe size", many=False, halfLifeDays=None))["slot"]
    await mutate(ann, "slots", "Redefine", id=made["id"], guide="What I wear")
    await mutate(ann, "slots", "SwitchSlots", sensitiveSlots=["IDENTITY_HEALTH"])
    shown, statements = await query_counted(ann, "slots", "Slots")
    enabled = {item["slot"] for item in shown["profileSlots"] if item["sensitive"] and item["enabled"]}
    assert enabled == {"IDENTITY_HEALTH"} and shown["profileSlots"][-1]["ownSlot"] == {**made, "guide": "What I wear"} and statements == fewest <= 3
    assert (await mutate(ann, "slots", "Undefine", id=made["id"]))["receipt"] == {"valuesRemoved": 0, "signalsRemoved": 0}
    assert (await query(ann, "slots", "Slots"))["profileSlots"] == shown["profileSlots"][:-1]


@pytest.mark.usefixtures("database")
async def test_settings_screen_shows_what_was_saved():
    ann = await seeds.person()
    saved = await mutate(ann, "settings", "Save", nickname="安", timeZone=seeds.noon_zone(), locale="zh-CN", dayEndsAt=4)
    shown = (await query(ann, "settings", "Settings"))["viewer"]
    assert saved["user"] == {name: shown[name] for name in saved["user"]} and saved["user"]["nickname"] == "安"
    assert shown["today"] == shown["usageToday"]["day"]
    refused = await mutate(ann, "settings", "Save", nickname="")
    assert (refused["field"], refused["code"]) == ("nickname", "BAD_USER_INPUT")
    assert (await query(ann, "settings", "Settings"))["viewer"] == shown
    assert (await mutate(ann, "settings", "Download"))["mediaType"] == "application/json"
    assert (await mutate(ann, "settings", "SignOutElsewhere", keepCurrent=True))["revokedSessions"] >= 1


@pytest.mark.usefixtures("database")
async def test_nights_screen_takes_a_constant_number_of_statements():
    root = await admin()
    period = {"from": DAY.isoformat(), "to": DAY.isoformat()}
    costs = []
    for grown in (1, 19):
        for number in range(grown):
            await seeds.person(f"p{grown}-{number}", time_zone="Asia/Shanghai" if number % 2 else "America/New_York")
            await add_run()
        people, for_people = await query_counted(root, "nights", "People")
        nights, for_nights = await query_counted(root, "nights", "Nights", **period)
        assert people["users"]["totalCount"] == (2 if grown == 1 else 21) and len(nights["jobRuns"]["nodes"]) == (1 if grown == 1 else 20)
        costs.append((for_people, for_nights))
    assert costs[0] == costs[1]
    failures = await query(root, "nights", "Failures", id=nights["jobRuns"]["nodes"][0]["id"])
    assert failures["jobRun"]["items"] == {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


@pytest.mark.usefixtures("database")
async def test_nights_screen_changed_limit_is_shown_to_the_admin_and_the_user():
    root, ann = await admin(), await seeds.person()
    for limit in (0, 5_000, None):
        changed = await mutate(root, "nights", "ChangeUser", userId=encode_id("User", ann.id), chatTokensPerDay=limit)
        assert changed["user"]["chatTokensPerDay"] == limit
        shown = (await query(ann, "settings", "Settings"))["viewer"]
        assert shown["chatTokensPerDay"] == shown["usageToday"]["chatTokensPerDay"] == limit


async def add_run(day: date = DAY) -> None:
    async with database.transaction() as session:
        session.add(JobRun(id=uuid7(), job=Job.DAILY_DIARY, trigger=Trigger.TIMER, status=RunStatus.SUCCEEDED, period_from=day, period_to=day))
