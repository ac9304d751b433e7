"""Every connection of the schema with all related objects: twenty rows take as many statements as one."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from graph.relay import encode_id
from llm.usage import Usage
from persistence import database
from persistence.ids import uuid7
from persistence.models import Diary, JobAttempt, JobRun, Message, Model, ProfileChange, ProfileValue, User
from persistence.models.account import Purpose, Role
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.enums import ApiScope, ApiTool, ApiUseOutcome
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries.api_tokens import NewUse, add_token, add_use
from persistence.queries.usage import record_usage
from tests import seeds
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

PAGE = "totalCount pageInfo { hasNextPage endCursor } edges { cursor }"
MESSAGE = "id content rating tokens { input } replyTo { id content } answer { id content } conversation { id title forkedFrom { id } }"
LINE = "id text evidence { quote message { id content } }"
ITEM = "day error tokens user { email }"
VALUE = "id value evidence { quote message { id } diary { date } } changes { reason run { job } value { id } }"

CONNECTIONS = {
    "Query.conversations": "{ conversations(first: 20) { PAGE nodes { id title forkedFrom { title } messages(first: 2) { PAGE nodes { MESSAGE } } } } }",
    "Conversation.messages": "query($id: ID!) { conversation(id: $id) { messages(first: 20) { PAGE nodes { MESSAGE "
    "carries { lines { LINE } values { VALUE } } } } } }",
    "Query.messageSearch": '{ messageSearch(query: "squirrel", first: 20) { PAGE nodes { MESSAGE } } }',
    "Query.diaries": "{ diaries(first: 20) { PAGE nodes { date lines { LINE } insights { emotions } signals { value evidence { quote message { id } } } "
    "versions(first: 2) { version lines { LINE } } } } }",
    "Day.messages": "{ day(date: \"" + DAY.isoformat() + "\") { messages(first: 20) { PAGE nodes { MESSAGE } } } }",
    "Query.upcoming": 'query { upcoming(from: "2026-01-01", first: 20) { PAGE nodes { text evidence { quote message { id content } } } } }',
    "Query.profileChanges": "{ profileChanges(first: 20) { PAGE nodes { reason run { job } value { VALUE } } } }",
    "Query.apiTokens": "{ apiTokens(first: 20) { PAGE nodes { name scopes lastUsedAt } } }",
    "Query.apiTokenUses": "{ apiTokenUses(first: 20) { PAGE nodes { tokenName tool sections results at } } }",
    "Query.sessions": "{ sessions(first: 20) { PAGE nodes { clientName lastUsedAt current } } }",
    "Query.users": '{ users(first: 20, search: "crowd") { PAGE nodes { email usageToday { calls } } } }',
    "Query.usageByPerson": "query($from: Date!, $to: Date!) { usageByPerson(from: $from, to: $to, first: 20) { PAGE nodes { user { email } cost } } }",
    "Query.jobRuns": "{ jobRuns(first: 20) { PAGE nodes { id tokens counts { total } requestedBy { email } items(first: 2) { PAGE nodes { ITEM } } } } }",
    "JobRun.items": "query($id: ID!) { jobRun(id: $id) { items(first: 20) { PAGE nodes { ITEM } } } }",
}


def connections() -> Iterator[str]:
    """Yield the fields of the schema that are connections, as `Type.field`."""
    plain = re.sub(r'"""(.*?)"""', "", (Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"), flags=re.DOTALL)
    for owner, fields in re.findall(r"^(?:type|interface) (\w+)[^{]*\{(.*?)^\}", plain, re.MULTILINE | re.DOTALL):
        for field in re.findall(r"^  (\w+)(?:\([^)]*\))?: \w+Connection\b", fields, re.MULTILINE):
            yield f"{owner}.{field}"


def test_connections_list_contains_every_connection_of_the_schema():
    assert sorted(CONNECTIONS) == sorted(connections())


async def store_rows(name: str, size: int) -> tuple[User, dict[str, str]]:
    """Return an admin with `size` rows of each kind and their related objects, and the ids of one conversation and one run with all of them."""
    viewer = await seeds.person(name)
    [*long] = await seeds.said(viewer, DAY, *(f"Number {number}" for number in range(size)))
    for number in range(size):
        day = DAY - timedelta(days=number)
        await seeds.whole_day(viewer, day)
        [message] = await seeds.said(viewer, day, f"A squirrel, the {number}th")
        line = replace(seeds.line(seeds.LineKind.HIGHLIGHT, "Again.", seeds.quote(message)), happens_on=day + timedelta(days=1))
        await seeds.diary(viewer, day, [line], summary="Anew.")
        value = await seeds.value(viewer, "preferences.food", f"dish {number}", message)
        run = await _run(viewer, day, items=1)
        await seeds.change(viewer, value.slot, value.value, run_id=run.id)
        await _answer(viewer, message)
        await _answer(viewer, long[number])
        one = await seeds.person(f"crowd{number}")
        async with database.transaction() as session:
            await record_usage(session, one.id, DAY, Purpose.CHAT, Usage(100 + number, 10))
        await _token(viewer, number)
        await seeds.bearer(viewer)
    whole = await _run(viewer, DAY, items=size)
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == viewer.id).values(role=Role.ADMIN))
    ids = {"Conversation.messages": encode_id("Conversation", long[0].conversation_id), "JobRun.items": encode_id("JobRun", whole.id)}
    return viewer, ids


async def _token(viewer: User, number: int) -> None:
    expires = datetime.now(timezone.utc) + timedelta(days=1)
    async with database.transaction() as session:
        row = await add_token(
            session, viewer.id, name=f"token {number}", token_hash=bytes([number]), hint="abcd", scopes=[ApiScope.READ_OWN], expires_at=expires)
        await add_use(session, viewer.id, row.id, row.name, NewUse(ApiTool.PROFILE, ApiUseOutcome.DONE, ["OWN"], results=number))


async def _answer(viewer: User, message: Message) -> None:
    at = message.created_at + timedelta(seconds=5)
    async with database.transaction() as session:
        session.add(Message(
            user_id=viewer.id, id=uuid7(at), conversation_id=message.conversation_id, role=MessageRole.ASSISTANT, content="Which one?",
            status=MessageStatus.COMPLETE, day=message.day, time_zone=message.time_zone, reply_to=message.id, created_at=at,
        ))  # fmt: skip


async def _run(viewer: User, day: date, *, items: int) -> JobRun:
    run = JobRun(id=uuid7(), job=Job.DAILY_PROFILE, trigger=Trigger.ADMIN, status=RunStatus.SUCCEEDED, requested_by=viewer.id, period_from=day)
    async with database.transaction() as session:
        session.add(run)
        await session.flush()
        session.add_all([
            JobAttempt(
                user_id=viewer.id, id=uuid7(), run_id=run.id, job=Job.DAILY_PROFILE, period=day - timedelta(days=number), attempt=1,
                status=ItemStatus.SUCCEEDED,
            )
            for number in range(items)
        ])  # fmt: skip
    return run


def expand_document(connection: str) -> str:
    parts = {"PAGE": PAGE, "MESSAGE": MESSAGE, "LINE": LINE, "ITEM": ITEM, "VALUE": VALUE}
    return re.sub("|".join(parts), lambda found: parts[found[0]], CONNECTIONS[connection])


@pytest.mark.parametrize("connection", CONNECTIONS)
async def test_connection_of_twenty_rows_takes_as_many_statements_as_of_one(connection: str):
    counts = []
    for size in (1, 20):
        viewer, ids = await store_rows(f"viewer{size}", size)
        token = await seeds.bearer(viewer)
        with seeds.statements() as seen:
            answered = await seeds.ask(expand_document(connection), {"id": ids.get(connection), "from": str(DAY), "to": str(DAY)}, token=token)
        assert "errors" not in answered, answered
        page = answered["data"][next(iter(answered["data"]))]
        page = page.get("messages") or page.get("items") or page
        assert len(page["nodes"]) >= size and page["totalCount"] >= size
        counts.append(len(seen))
        async with database.transaction() as session:
            await session.execute(delete(JobRun))
            await session.execute(delete(User))
    assert counts[0] == counts[1], counts


async def test_connections_paged_in_both_directions_give_the_whole_list():
    viewer, ids = await store_rows("viewer", 5)
    token = await seeds.bearer(viewer)
    parts = "edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"

    async def read(connection: str, arguments: str) -> tuple[list[str], dict[str, object], list[str]]:
        document = expand_document(connection).replace("first: 20", arguments, 1).replace(PAGE, parts)
        answered = await seeds.ask(document, {"id": ids.get(connection), "from": str(DAY), "to": str(DAY)}, token=token)
        page = answered["data"] and answered["data"][next(iter(answered["data"]))]
        page = (page and (page.get("messages") or page.get("items") or page)) or {"edges": [], "pageInfo": {}}
        return [edge["cursor"] for edge in page["edges"]], page["pageInfo"], [error["extensions"]["code"] for error in answered.get("errors", ())]

    for connection in CONNECTIONS:
        whole, info, errors = await read(connection, "first: 100")
        assert len(whole) >= 5 and not errors and (info["hasNextPage"], info["hasPreviousPage"]) == (False, False), connection
        for size, place, further, other, cursor in (("last", "before", "hasPreviousPage", "hasNextPage", "startCursor"),
                                                    ("first", "after", "hasNextPage", "hasPreviousPage", "endCursor")):
            found, arguments, is_first = [], f"{size}: 2", True
            while True:
                page, info, errors = await read(connection, arguments)
                found = page + found if size == "last" else found + page
                assert not errors and info[other] is not is_first, (connection, arguments)
                if not info[further]:
                    break
                arguments, is_first = f'{size}: 2, {place}: "{info[cursor]}"', False
            assert found == whole, (connection, size)
        assert (await read(connection, f'before: "{whole[-1]}"'))[0] == whole[:-1], connection
        page, info, _ = await read(connection, f'first: 9, after: "{whole[0]}", before: "{whole[3]}"')
        assert (page, info["hasNextPage"], info["hasPreviousPage"]) == (whole[1:3], True, True), connection
        assert await read(connection, "first: 1, last: 1") == ([], {}, ["BAD_USER_INPUT"]), connection
        assert (await read(connection, "last: 0"))[2] == ["BAD_USER_INPUT"], connection


async def test_messages_around_one_give_a_page_that_leads_on_in_both_directions():
    viewer, other = await seeds.person("ann"), await seeds.person("bob")
    said = [row.id for row in await seeds.said(viewer, DAY, *(f"Number {number}" for number in range(9)))]
    [elsewhere], [hers] = await seeds.said(viewer, DAY, "Elsewhere."), await seeds.said(other, DAY, "Mine.")
    async with database.session() as session:
        rows = {row.id: row.conversation_id for row in await session.scalars(select(Message))}
    token, conversation = await seeds.bearer(viewer), encode_id("Conversation", rows[said[0]])
    document = """query ($id: ID!, $around: ID, $first: Int, $last: Int, $after: String, $before: String, $newestFirst: Boolean) { conversation(id: $id) {
      messages(around: $around, first: $first, last: $last, after: $after, before: $before, newestFirst: $newestFirst) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""

    async def read(**given: object) -> tuple[list[str], dict[str, object]]:
        answered = await seeds.ask(document, {"id": conversation, **given}, token=token)
        page = answered["data"]["conversation"]["messages"]
        return [node["id"] for node in page["nodes"]], page["pageInfo"]

    ids = [encode_id("Message", id) for id in said]
    for place in range(9):
        start = max(0, min(place - 2, 9 - 4))
        page, info = await read(around=ids[place], first=4)
        assert page == ids[start : start + 4], place
        assert (info["hasPreviousPage"], info["hasNextPage"]) == (start > 0, start + 4 < 9), place
        reverse, info = await read(around=ids[place], first=9, newestFirst=True)
        assert (reverse, info["hasNextPage"], info["hasPreviousPage"]) == (ids[::-1], False, False)
    page, info = await read(around=ids[4], first=4)
    assert (await read(last=100, before=info["startCursor"]))[0] + page + (await read(first=100, after=info["endCursor"]))[0] == ids
    for absent in (elsewhere, hers):
        refused = await seeds.ask(document, {"id": conversation, "around": encode_id("Message", absent.id)}, token=token)
        assert [error["extensions"]["code"] for error in refused["errors"]] == ["NOT_FOUND"] and refused["data"] == {"conversation": None}
    refused = await seeds.ask(document, {"id": conversation, "around": ids[4], "after": info["endCursor"]}, token=token)
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("model", [Diary, JobRun, Message, ProfileChange, ProfileValue], ids=lambda model: model.__name__)
async def test_nodes_with_twenty_ids_take_as_many_statements_as_with_one(model: type[Model]):
    viewer, _ = await store_rows("viewer", 20)
    token = await seeds.bearer(viewer)
    async with database.session() as session:
        ids = [encode_id(model.__name__, row.id) for row in await session.scalars(select(model).limit(20))]
    assert len(ids) == 20
    counts = []
    for asked in (ids[:1], ids):
        with seeds.statements() as seen:
            answered = await seeds.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": asked}, token=token)
        assert answered == {"data": {"nodes": [{"id": id} for id in asked]}}
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
