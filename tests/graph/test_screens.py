"""The screens of the web app: a screen is one request, and each success returns what the screen then shows. What the app has no screen for stands here."""
from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from graphql.utilities import separate_operations
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
from tests.graph.app_documents import SCREENS, mutate, query, query_counted, read_documents, read_operations
from tests.resolvers.chat.chat_setup import Model, model
from tests.seeds import DAY

__all__ = ["model"]

pytestmark = pytest.mark.anyio

DAILY = timedelta(days=1)

RATE = "mutation($input: MessageRateInput!) { messageRate(input: $input) { ... on MessageRateSuccess { ratedMessage { id rating } } ...Refused } }"
CONVERSATIONS = """query($archived: Boolean, $pinned: Boolean, $tags: [String!], $after: String) {
  conversations(first: 50, archived: $archived, pinned: $pinned, tags: $tags, after: $after) {
    nodes { id title temporary archived pinned tags lastMessageAt } totalCount pageInfo { hasNextPage endCursor }
  }
  conversationTags(archived: $archived) { tag conversationCount lastMessageAt }
}"""
CHANGE = """mutation($input: ConversationUpdateInput!) {
  conversationUpdate(input: $input) {
    ... on ConversationUpdateSuccess { conversation { id title temporary archived pinned tags lastMessageAt } } ... on Error { code message field }
  }
}"""
FIND_HERE = "query($words: String!, $id: ID!) { messageSearch(query: $words, conversationId: $id) { nodes { ...Place } } }"

OPENING = """{
  viewer { today timeZone dayEndsAt } diaryCalendar { year month days { date mood origin messageCount } } diaries(first: 1) { nodes { ...Written } }
}"""
LOOK = "query($words: String, $tag: String) { diaries(search: $words, tag: $tag) { totalCount nodes { date summary mood tags } } }"

EVOLUTION = "{ profileChanges(first: 30) { nodes { id at slot cause effect before after run { job } value { id } } pageInfo { hasNextPage endCursor } } }"
GO_BACK = """mutation($input: ProfileRevertInput!) {
  profileRevert(input: $input) { ... on ProfileRevertSuccess { changedValues profile { ...Known } } ...Refused }
}"""
CAUSES = """query($id: ID!) {
  node(id: $id) { ... on ProfileValue { evidence { diary { id date summary } } changes { cause effect statusBefore statusAfter run { job startedAt } } } }
}"""

SLOTS = "{ profileSlots { slot ownSlot { id name many halfLifeDays guide } section label description many halfLifeDays sensitive enabled } }"
SWITCH_SLOTS = """mutation($input: AccountUpdateInput!) {
  accountUpdate(input: $input) { ... on AccountUpdateSuccess { user { id sensitiveSlots } receipt { valuesRemoved signalsRemoved } } ...Refused }
}"""
DEFINE = "mutation($input: SlotCreateInput!) { slotCreate(input: $input) { ... on SlotCreateSuccess { slot { id name many halfLifeDays guide } } ...Refused } }"
REDEFINE = """mutation($input: SlotUpdateInput!) {
  slotUpdate(input: $input) { ... on SlotUpdateSuccess { slot { id name many halfLifeDays guide } changedValues } ...Refused }
}"""
UNDEFINE = """mutation($input: SlotDeleteInput!) {
  slotDelete(input: $input) { ... on SlotDeleteSuccess { deletedId receipt { valuesRemoved signalsRemoved } } ... on Error { code message } }
}"""

DOWNLOAD = "mutation($input: AccountExportInput!) { accountExport(input: $input) { ... on AccountExportSuccess { content mediaType fileName } ...Refused } }"
LIMITS = "{ viewer { today chatTokensPerDay usageToday { day chatTokens chatTokensPerDay } } }"
PEOPLE = """query($search: String, $after: String) {
  users(first: 20, search: $search, after: $after) {
    totalCount nodes { id email nickname role disabled createdAt chatTokensPerDay usageToday { chatTokens } } pageInfo { hasNextPage endCursor }
  }
}"""
CHANGE_USER = """mutation($input: UserUpdateInput!) {
  userUpdate(input: $input) { ... on UserUpdateSuccess { user { id role disabled chatTokensPerDay } } ...Refused }
}"""


async def admin() -> User:
    found = await seeds.person("root")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == found.id).values(role=Role.ADMIN))
    return found


def values_of(profile: dict[str, Any]) -> list[dict[str, Any]]:
    return [value for section in profile["sections"] for value in section["values"]]


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_screen_document_is_valid_and_within_the_query_limits(path: Path):
    assert validate(schema()._schema, read_documents()) == [], "the documents are one project: names are unique, and each fragment is used"
    for name in separate_operations(parse(path.read_text(encoding="utf-8"))):
        document = parse(read_operations()[name])
        assert validate(schema()._schema, document) == [] and validate(schema()._schema, document, [QueryLimits]) == [], name


@pytest.mark.usefixtures("database")
async def test_chat_screen_mutations_return_what_the_screen_shows(model: Model):
    ann = await seeds.person()
    first = await mutate(ann, "Send", content="I moved to Hangzhou.", idempotencyKey="1")
    id = first["conversation"]["id"]
    second = await mutate(ann, "Send", content="我喜欢爬山。", conversationId=id)
    shown = await query(ann, "Chat", id=id, isOpen=True, last=50)
    assert shown["conversation"]["messages"]["nodes"] == [first["question"], first["answer"], second["question"], second["answer"]]
    assert shown["conversations"]["nodes"] == [second["conversation"]]
    usage = (await query(ann, "Settings"))["viewer"]["usageToday"]
    assert usage["chatTokens"] > 0 and usage["chatTokensPerDay"] is None
    again = await mutate(ann, "AskAgainWhole", messageId=second["question"]["id"])
    assert again["answer"]["id"] != second["answer"]["id"] and not again["answer"]["editedAt"]
    rated = await mutate(ann, RATE, messageId=again["answer"]["id"], rating="UP")
    assert rated == {"ratedMessage": {"id": again["answer"]["id"], "rating": "UP"}}
    renamed = await mutate(ann, CHANGE, conversationId=id, title="爬山", archived=True)
    assert (renamed["conversation"]["title"], renamed["conversation"]["archived"]) == ("爬山", True)
    edited = await mutate(ann, "Correct", messageId=second["question"]["id"], content="我喜欢跑步。")
    assert edited["editedMessage"]["content"] == "我喜欢跑步。" and edited["editedMessage"]["editedAt"]
    assert edited["editedMessage"] in (await query(ann, "Page", id=id, last=2))["conversation"]["messages"]["nodes"]
    deleted = await mutate(ann, "DeleteMessage", messageId=second["question"]["id"])
    assert set(deleted["deletedIds"]) == {second["question"]["id"], second["answer"]["id"], again["answer"]["id"]}
    left = (await query(ann, "Page", id=id, last=50))["conversation"]
    assert left["id"] == id and [node["id"] for node in left["messages"]["nodes"]] == [first["question"]["id"], first["answer"]["id"]]


@pytest.mark.usefixtures("database")
async def test_conversations_screen_finds_its_way_by_pins_tags_and_several_at_once():
    ann, bob = await seeds.person(), await seeds.person("bob")
    ids = [encode_id("Conversation", (await seeds.said(ann, DAY, f"a fox, number {number}"))[0].conversation_id) for number in range(4)]
    others = encode_id("Conversation", (await seeds.said(bob, DAY, "a fox"))[0].conversation_id)
    pinned = await mutate(ann, CHANGE, conversationId=ids[0], pinned=True, tags=["Work"])
    assert pinned["conversation"]["pinned"] and pinned["conversation"]["tags"] == ["Work"]
    shown = await query(ann, CONVERSATIONS)
    listed = [node["id"] for node in shown["conversations"]["nodes"]]
    assert listed[0] == ids[0] and sorted(listed) == sorted(ids) and shown["conversations"]["totalCount"] == 4
    [tag] = shown["conversationTags"]
    assert (tag["tag"], tag["conversationCount"]) == ("Work", 1)
    rest = await query(ann, CONVERSATIONS, pinned=False, after=shown["conversations"]["pageInfo"]["endCursor"])
    assert rest["conversations"]["nodes"] == [] and rest["conversations"]["totalCount"] == 3
    assert [node["id"] for node in (await query(ann, CONVERSATIONS, tags=["work"]))["conversations"]["nodes"]] == [ids[0]]
    [found] = (await query(ann, FIND_HERE, words="fox", id=ids[2]))["messageSearch"]["nodes"]
    assert found["content"] == "a fox, number 2"
    missing = [{"conversationId": others, "code": "NOT_FOUND"}]
    archived = await mutate(ann, "ArchiveConversations", conversationIds=[ids[3], others])
    assert ([node["archived"] for node in archived["conversations"]], archived["refused"]) == ([True], missing)
    deleted = await mutate(ann, "DeleteConversations", conversationIds=[ids[1], others, ids[2]])
    assert (deleted["deletedIds"], deleted["refused"], deleted["receipt"]["messagesRemoved"]) == ([ids[1], ids[2]], missing, 2)
    refused = await mutate(ann, CHANGE, conversationId=ids[0], temporary=True)
    assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", "temporary")
    none = await mutate(ann, "DeleteConversations", conversationIds=[])
    assert (none["code"], none["message"], none["field"]) == ("BAD_USER_INPUT", "conversationIds has 0 ids: send 1 to 100", "conversationIds")


@pytest.mark.usefixtures("database")
async def test_chat_screen_search_result_shows_the_surrounding_messages():
    ann = await seeds.person()
    await seeds.said(ann, DAY, *(f"word{number}" for number in range(30)))
    [found] = (await query(ann, "Find", words="word15"))["messageSearch"]["nodes"]
    id = found["conversation"]["id"]
    opened = (await query(ann, "Chat", id=id, isOpen=True, around=found["id"], first=11))["conversation"]["messages"]
    one = (await query(ann, "OneMessage", id=found["id"]))["node"]
    assert one.pop("__typename") == "Message" and one in opened["nodes"] and found["content"] == one["content"] == "word15"
    first, last = opened["nodes"][0]["cursor"], opened["nodes"][-1]["cursor"]
    before = (await query(ann, "Page", id=id, last=5, before=first))["conversation"]["messages"]
    after = (await query(ann, "Page", id=id, first=5, after=last))["conversation"]["messages"]
    for page, expected in ((opened, range(10, 21)), (before, range(5, 10)), (after, range(21, 26))):
        assert [message["content"] for message in page["nodes"]] == [f"word{number}" for number in expected]
        assert page["pageInfo"] == {"hasPreviousPage": True, "hasNextPage": True}


@pytest.mark.usefixtures("database")
async def test_chat_screen_takes_a_constant_number_of_statements():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    for number in range(20):
        [*_, last] = await seeds.said(ann, DAY - number * DAILY, *("Hello" for _ in range(20)))
    [only] = await seeds.said(bob, DAY, "Hello")
    counts = []
    for viewer, message, expected in ((bob, only, 1), (ann, last, 20)):
        answer, statements = await query_counted(viewer, "Chat", id=encode_id("Conversation", message.conversation_id), isOpen=True, last=50)
        assert len(answer["conversations"]["nodes"]) == len(answer["conversation"]["messages"]["nodes"]) == expected
        counts.append(statements)
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("database")
async def test_diary_screen_opens_in_one_request_with_a_constant_number_of_statements():
    ann = await seeds.person(time_zone=seeds.noon_zone(), day_ends_at=4)
    now = today(ann)
    opened = {"date": now.isoformat(), "year": now.year, "month": now.month}
    await seeds.whole_day(ann, now)
    await seeds.whole_day(ann, now - 400 * DAILY)
    shown, statements = await query_counted(ann, "Day", **opened)
    unknowing = await query(ann, OPENING)
    assert unknowing["viewer"] == {"today": now.isoformat(), "timeZone": ann.time_zone, "dayEndsAt": 4}
    assert (shown["viewer"]["today"], shown["viewer"]["timeZone"]) == (now.isoformat(), ann.time_zone)
    calendar = shown["diaryCalendar"]
    assert (calendar["year"], calendar["month"]) == (now.year, now.month) and [day["date"] for day in calendar["days"]] == [now.isoformat()]
    assert unknowing["diaryCalendar"] == calendar and unknowing["diaries"]["nodes"] == [shown["day"]["diary"]]
    assert shown["day"]["messageCount"] == 3 and [talk["title"] for talk in shown["day"]["conversations"]] == ["A talk"]
    earlier = now - 400 * DAILY
    paged = await query(ann, "Day", **{**opened, "year": earlier.year, "month": earlier.month})
    assert paged["day"] == shown["day"] and [day["date"] for day in paged["diaryCalendar"]["days"]] == [earlier.isoformat()]
    for number in range(1, 6):
        await seeds.whole_day(ann, now - number * DAILY)
    assert (await query_counted(ann, "Day", **opened))[1] == statements


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("given", ["year: 2026", "month: 5", "year: 2026, month: null"])
async def test_diary_calendar_with_only_one_of_year_and_month_is_refused(given: str):
    answer = await seeds.ask(f"{{ diaryCalendar({given}) {{ days {{ date }} }} }}", token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"] and answer["data"] == {"diaryCalendar": None}


@pytest.mark.usefixtures("database")
async def test_diary_screen_correction_returns_the_day_as_shown():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    opened = {"date": DAY.isoformat(), "year": DAY.year, "month": DAY.month}
    written = (await query(ann, "Day", **opened))["day"]["diary"]
    line = {"id": written["lines"][0]["id"], "hidden": True}
    corrected = await mutate(ann, "EditDay", id=written["id"], mood=5, tags=["sport"], lines=[line])
    assert corrected["diary"] == (await query(ann, "Day", **opened))["day"]["diary"]
    assert (corrected["diary"]["mood"], corrected["diary"]["tags"], corrected["diary"]["lines"][0]["hidden"]) == (5, ["sport"], True)
    for words, expected in (("kilometres", 1), ("morning", 0)):
        assert (await query(ann, LOOK, words=words, tag="sport"))["diaries"]["totalCount"] == expected, "the hidden line is searched no more"
        assert len((await query(ann, "Find", words=words))["diaries"]["nodes"]) == expected
    assert (await mutate(ann, "ForgetDay", id=written["id"]))["deletedId"] == corrected["diary"]["id"]
    assert (await query(ann, "Day", **opened))["day"]["diary"] is None


@pytest.mark.usefixtures("database")
async def test_profile_screen_verdicts_return_the_whole_profile():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    said = await mutate(ann, "SetValue", slot="IDENTITY_HOME", value="苏州")
    stand = {value["value"]: value for value in values_of(said["profile"])}
    assert {name: value["status"] for name, value in stand.items()} == {"苏州": "ACTIVE", "Hangzhou": "SUPERSEDED", "running": "ACTIVE"}
    for operation in ("LockValue", "UnlockValue", "RejectValue"):
        verdict = await mutate(ann, operation, id=stand["苏州"]["id"])
        assert verdict["profile"] == (await query(ann, "Profile"))["profile"], operation
    assert (await query(ann, "Profile"))["profile"]["sections"][0]["values"][0]["value"] == "Hangzhou"
    newest = (await query(ann, EVOLUTION))["profileChanges"]["nodes"][0]
    back = await mutate(ann, GO_BACK, changeId=newest["id"])
    assert back["profile"] == (await query(ann, "Profile"))["profile"]


@pytest.mark.usefixtures("database")
async def test_profile_screen_explanation_returns_evidence_and_changes_in_one_request():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    value = (await query(ann, "Profile"))["profile"]["sections"][0]["values"][0]
    why = (await query(ann, "Why", id=value["id"]))["node"]
    [words], [change] = why["evidence"], why["changes"]
    assert (words["quote"], words["date"], words["message"]["content"]) == ("I live in Hangzhou now", DAY.isoformat(), "I live in Hangzhou now")
    assert (change["before"], change["after"], change["confidenceAfter"]) == (None, "Hangzhou", value["confidence"]) and change["causeLabel"]
    assert why["history"][-1]["confidence"] == value["confidence"]
    causes = (await query(ann, CAUSES, id=value["id"]))["node"]
    [cause], [found] = causes["changes"], causes["evidence"]
    assert (cause["cause"], cause["effect"], found["diary"]["date"]) == ("NIGHT", "ADDED", DAY.isoformat())
    assert (await query(ann, "ProfileThen", date=(DAY - DAILY).isoformat()))["profileAsOf"]["sections"][0]["values"] == []


@pytest.mark.usefixtures("database")
async def test_slots_screen_is_one_request_and_shows_what_was_defined_and_switched_on():
    ann = await seeds.person()
    _, fewest = await query_counted(ann, SLOTS)
    made = (await mutate(ann, DEFINE, name="Shoe size", many=False, halfLifeDays=None))["slot"]
    await mutate(ann, REDEFINE, id=made["id"], guide="What I wear")
    await mutate(ann, SWITCH_SLOTS, sensitiveSlots=["IDENTITY_HEALTH"])
    shown, statements = await query_counted(ann, SLOTS)
    enabled = {item["slot"] for item in shown["profileSlots"] if item["sensitive"] and item["enabled"]}
    assert enabled == {"IDENTITY_HEALTH"} and shown["profileSlots"][-1]["ownSlot"] == {**made, "guide": "What I wear"} and statements == fewest <= 3
    assert (await mutate(ann, UNDEFINE, id=made["id"]))["receipt"] == {"valuesRemoved": 0, "signalsRemoved": 0}
    assert (await query(ann, SLOTS))["profileSlots"] == shown["profileSlots"][:-1]


@pytest.mark.usefixtures("database")
async def test_settings_screen_shows_what_was_saved():
    ann = await seeds.person()
    saved = await mutate(ann, "UpdateAccount", nickname="安", timeZone=seeds.noon_zone(), locale="zh-CN", dayEndsAt=4)
    shown = (await query(ann, "Settings"))["viewer"]
    assert saved["user"] == {name: shown[name] for name in saved["user"]} and saved["user"]["nickname"] == "安"
    limits = (await query(ann, LIMITS))["viewer"]
    assert shown["today"] == limits["today"] == limits["usageToday"]["day"]
    refused = await mutate(ann, "UpdateAccount", nickname="")
    assert (refused["field"], refused["code"]) == ("nickname", "BAD_USER_INPUT")
    assert (await query(ann, "Settings"))["viewer"] == shown
    assert (await mutate(ann, DOWNLOAD))["mediaType"] == "application/json"
    part = await mutate(ann, "ExportPart", format="JSON")
    assert (part["nextCursor"], [text["mediaType"] for text in part["texts"]]) == (None, ["application/json"])
    assert (await mutate(ann, "SignOutEverywhere", keepCurrent=True))["revokedSessions"] >= 1


@pytest.mark.usefixtures("database")
async def test_nights_screen_takes_a_constant_number_of_statements():
    root = await admin()
    period = {"from": DAY.isoformat(), "to": DAY.isoformat()}
    costs = []
    for grown in (1, 19):
        for number in range(grown):
            await seeds.person(f"p{grown}-{number}", time_zone="Asia/Shanghai" if number % 2 else "America/New_York")
            await add_run()
        people, for_people = await query_counted(root, PEOPLE)
        nights, for_nights = await query_counted(root, "Nights", **period)
        assert people["users"]["totalCount"] == (2 if grown == 1 else 21) and len(nights["jobRuns"]["nodes"]) == (1 if grown == 1 else 20)
        costs.append((for_people, for_nights))
    assert costs[0] == costs[1]
    failures = (await query(root, "FailedItems", id=nights["jobRuns"]["nodes"][0]["id"]))["jobRun"]["items"]
    assert failures["nodes"] == [] and not failures["pageInfo"]["hasNextPage"]


@pytest.mark.usefixtures("database")
async def test_nights_screen_changed_limit_is_shown_to_the_admin_and_the_user():
    root, ann = await admin(), await seeds.person()
    for limit in (0, 5_000, None):
        changed = await mutate(root, CHANGE_USER, userId=encode_id("User", ann.id), chatTokensPerDay=limit)
        assert changed["user"]["chatTokensPerDay"] == limit
        limits, shown = (await query(ann, LIMITS))["viewer"], (await query(ann, "Settings"))["viewer"]
        assert limits["chatTokensPerDay"] == limits["usageToday"]["chatTokensPerDay"] == shown["usageToday"]["chatTokensPerDay"] == limit


async def add_run(day: date = DAY) -> None:
    async with database.transaction() as session:
        session.add(JobRun(id=uuid7(), job=Job.DAILY_DIARY, trigger=Trigger.TIMER, status=RunStatus.SUCCEEDED, period_from=day, period_to=day))
