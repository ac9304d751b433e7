"""Failures of each statement of everything that writes at a client's request: what the response says is compared with what is stored."""
from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx2
import pytest

from graph.asgi import app
from graph.mcp_tools import TOOLS
from graph.relay import encode_id, encode_part_id
from graph.schema import Mutation, Subscription
from jobs.profile_update import update_profile
from jobs.rules.day import day_bounds
from persistence import database as access
from persistence.ids import uuid7
from persistence.models import ActiveDay, AnswerStream, ApiToken, CompanionVersion, JobItem, JobRun, Message, Model, OwnSlot, ProfileValue, User
from persistence.models.account import Role
from persistence.models.chat import CutOff
from persistence.models.enums import ApiScope
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from resolvers import portability
from resolvers.account import NewAccount, register
from resolvers.imports import staging
from tests import seeds
from tests.graph.test_api_tokens import make
from tests.graph.test_mcp import client as client_of_assistant
from tests.graph.test_mcp import request as assistant_request
from tests.graph.test_permissions import core_fields
from tests.graph.test_true_errors import FailingProxy
from tests.jobs.job_setup import rows
from tests.resolvers.chat.chat_setup import Model as OfflineModel
from tests.resolvers.chat.chat_setup import model, say, set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

PASSWORD = "correct horse battery staple"
DAY = seeds.DAY.isoformat()
COUNTERS = frozenset({"throttles", "model_rate_buckets", "search_states", "message_terms", "diary_terms"})
"""Tables that count attempts, or that the search makes of other tables when it likes: not what a response calls a change."""
SEVERAL_COMMITS = frozenset({
    "messageSend", "messageStream", "messageRegenerate", "messageContinue", "messageBranch", "messageRegenerateStream", "messageContinueStream",
    "messageBranchStream", "diaryRewrite", "jobRunStart", "jobRunRetry", "passwordChange", "accountDelete", "accountRegister", "sessionCreate", "importCommit",
    "suggest_value",
})
"""Writers that commit more than once: around a call of the model, for the items of a run, for batches of imported messages, to count attempts at a password,
and to note the use of a token."""
RETRIED = frozenset({"jobRunStart", "jobRunRetry"})
"""Writers that repeat a failed transaction by itself."""
CHAT = json.dumps([{
    "uuid": "c1", "name": "A talk", "created_at": "2026-05-01T10:00:00Z", "updated_at": "2026-05-01T10:00:05Z",
    "chat_messages": [
        {"uuid": "m1", "sender": "human", "text": "I work as a baker.", "created_at": "2026-05-01T10:00:00Z"},
        {"uuid": "m2", "sender": "assistant", "text": "Early mornings, then.", "created_at": "2026-05-01T10:00:05Z"},
    ],
}])  # fmt: skip
"""A conversation as Claude exports it."""
MUTATIONS: Mapping[str, Mapping[str, Any]] = {
    "accountDelete": {"password": PASSWORD},
    "accountExport": {},
    "accountExportPart": {},
    "accountImport": {"content": "{export}"},
    "accountRegister": {"email": "new@example.org", "password": PASSWORD},
    "accountUpdate": {"nickname": "Anna", "timeZone": "Europe/Paris", "dayEndsAt": 3},
    "apiTokenCreate": {"name": "Desk", "scopes": ["READ_HABITS"]},
    "apiTokenDelete": {"id": "{token}"},
    "companionRevert": {"version": 1},
    "companionUpdate": {"name": "Lulu"},
    "companionVersionsDelete": {},
    "conversationDelete": {"conversationId": "{conversation}"},
    "conversationFork": {"messageId": "{answer}"},
    "conversationUpdate": {"conversationId": "{conversation}", "title": "Another", "tags": ["a, b"]},
    "conversationsArchive": {"conversationIds": ["{conversation}"]},
    "conversationsDelete": {"conversationIds": ["{conversation}"]},
    "diaryDelete": {"date": DAY},
    "diaryRewrite": {"date": DAY},
    "diaryUpdate": {"date": DAY, "summary": "My own.", "mood": 2, "tags": ["a"]},
    "importCommit": {"importId": "{import}"},
    "importPart": {"importId": "{import}", "position": 1, "content": CHAT},
    "importStart": {},
    "jobRunCancel": {"id": "{run}", "reason": "a mistake"},
    "jobRunRetry": {"id": "{run}"},
    "jobRunStart": {"job": "DAILY_PROFILE", "userIds": ["{ann}"], "force": True},
    "memoryErase": {"topics": ["HEALTH"], "names": ["Hangzhou"]},
    "memoryUpdate": {"profile": False, "toldInChats": False, "topicsNotKept": ["MONEY"], "namesNotKept": ["Karl"]},
    "messageBranch": {"messageId": "{question}", "content": "I live in Bergen."},
    "messageContinue": {"messageId": "{answer}"},
    "messageDelete": {"messageId": "{question}"},
    "messageEdit": {"messageId": "{question}", "content": "I live in Bergen."},
    "messageRate": {"messageId": "{answer}", "rating": "UP"},
    "messageRegenerate": {"messageId": "{question}"},
    "messageSelect": {"messageId": "{off path}"},
    "messageSend": {"content": "I live in Oslo."},
    "messageStop": {"messageId": "{question}"},
    "modelSwitchOff": {"reason": "a test"},
    "modelSwitchOn": {"reason": "a test"},
    "passwordChange": {"currentPassword": PASSWORD, "newPassword": "another horse battery staple"},
    "profileRevert": {"asOf": DAY},
    "profileValueErase": {"id": "{value}"},
    "profileValueLock": {"id": "{value}"},
    "profileValueReject": {"id": "{value}", "reason": "wrong"},
    "profileValueSet": {"slot": "PREFERENCES_FOOD", "value": "rice"},
    "profileValueUnlock": {"id": "{value}"},
    "sessionCreate": {"email": "ann@example.org", "password": PASSWORD},
    "sessionRefresh": {"refreshToken": "{refresh}"},
    "sessionRevoke": {},
    "sessionRevokeAll": {},
    "slotCreate": {"name": "Plants", "many": True},
    "slotDelete": {"id": "{slot}"},
    "slotUpdate": {"id": "{slot}", "name": "Trees"},
    "sourceJudge": {"id": "{source}", "verdict": "WRONG"},
    "toolCallUndo": {"messageId": "{answer}", "index": 0},
    "userSessionsRevoke": {"userId": "{bob}"},
    "userUpdate": {"userId": "{bob}", "disabled": True},
}
"""The input of each mutation; `{…}` stands for an id of the scene."""
STREAMS = {"messageStream": "messageSend", "messageRegenerateStream": "messageRegenerate", "messageContinueStream": "messageContinue",
           "messageBranchStream": "messageBranch"}
"""The subscriptions that write, and the mutations whose input they take."""
READING_STREAMS = frozenset({"changed"})
TOOL = "suggest_value"
"""The tool of the MCP endpoint that writes more than the log of reads."""
INPUTS: Mapping[str, Mapping[str, Any]] = {
    **MUTATIONS, **{name: MUTATIONS[like] for name, like in STREAMS.items()}, TOOL: {"slot": "preferences.food", "value": "cilantro"},
}
CARRIED_OUT_STEP = 3
"""Each third statement is also carried out without a reply; each of them would take minutes."""
STEPS: Mapping[str, int] = {"jobRunStart": 8, "jobRunRetry": 16, "messageRegenerateStream": 2, "messageContinueStream": 2, "messageBranchStream": 2}
"""Writers that send so many statements that only some of them fail here. The streams send what the mutations of their names do, which fail at each."""
TRIED_ELSEWHERE: Mapping[str, str] = {
    "messageSend": "tests/graph/test_true_errors.py, with each failure lasting and not",
    "conversationsDelete": "as conversationDelete, which sends the same statements for a list of one",
}
"""Entries of the table that do not fail here, and why."""
QUESTION = "... on ModelUnavailableError { question { status } }"
SCENE_OF: Mapping[str, str] = {
    "accountImport": "bob", "messageContinue": "cut off", "messageSelect": "branch", "messageStop": "dead stream",
    "importCommit": "import", "importPart": "import", "jobRunRetry": "failed run", "modelSwitchOn": "switched off",
    "profileValueErase": "locked", "profileValueUnlock": "locked", "toolCallUndo": "remembered", "messageContinueStream": "cut off", TOOL: "assistant",
}  # fmt: skip
"""Writers that need something else to be there first."""


def test_mutations_table_names_every_mutation_of_the_schema() -> None:
    assert sorted(MUTATIONS) == sorted(core_fields(Mutation)) and {*STREAMS, *READING_STREAMS} == set(core_fields(Subscription))
    assert {name for name, tool in TOOLS.items() if tool.writes} == {TOOL}
    assert {*SCENE_OF, *SEVERAL_COMMITS, *RETRIED, *STEPS, *TRIED_ELSEWHERE} <= set(INPUTS)


class StatementProxy(FailingProxy):
    """A proxy that fails at an executed statement. It counts neither connecting nor preparing. If it `heals`, a connection that is opened after that works."""

    heals = False

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False) -> None:
        try:
            while data := await reader.read(65536):
                is_down = self.stays_down and self.fails_at and self.round_trips >= self.fails_at
                self.round_trips += counted and data[:1] in (b"B", b"Q")
                if is_down or (self.fails_at and self.round_trips == self.fails_at and (not counted or not self.is_carried_out)):
                    self.round_trips += self.heals and not is_down
                    break
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # the other side was closed by a failure
        writer.close()


class Store:
    """The whole content of the database, read and restored without the proxy."""

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self._connection = connection
        self._tables = [table.name for table in Model.metadata.sorted_tables if table.name != "row_changes"]  # triggers write it with the others

    async def read(self) -> dict[str, list[str]]:
        union = " union all ".join(f"select '{name}' as name, to_jsonb(found)::text as content from {name} found" for name in self._tables)
        found: dict[str, list[str]] = {name: [] for name in self._tables}
        for name, content in await self._connection.fetch(union):
            found[name].append(content)
        return {name: sorted(contents) for name, contents in found.items()}

    async def restore(self, content: Mapping[str, list[str]]) -> None:
        async with self._connection.transaction():
            await self._connection.execute("".join(f"delete from {name};" for name in reversed(self._tables)))
            for name in self._tables:
                if content[name]:
                    rows = f"[{','.join(content[name])}]"
                    await self._connection.execute(f"insert into {name} select * from jsonb_populate_recordset(null::{name}, $1::text::jsonb)", rows)


@dataclass(frozen=True)
class Scene:
    """A user with a bit of everything; the ids by their names in the table, and the access token."""

    ids: Mapping[str, str]
    bearer: str

    def fill(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: [self._fill(item) for item in value] if isinstance(value, list) else self._fill(value) for name, value in given.items()}

    def _fill(self, value: Any) -> Any:
        return self.ids.get(value[1:-1], value) if isinstance(value, str) and value.startswith("{") else value


_SCENES: dict[str | None, tuple[Scene, Mapping[str, list[str]]]] = {}


async def find_scene(kind: str | None, store: Store) -> tuple[Scene, Mapping[str, list[str]]]:
    """Return a scene and the content of the database with it. Each is made once and then restored."""
    if kind not in _SCENES:
        scene = await make_scene(kind)
        _SCENES[kind] = scene, await store.read()
    await store.restore(_SCENES[kind][1])
    return _SCENES[kind]


async def make_scene(kind: str | None) -> Scene:
    signed_in = await register(NewAccount("ann@example.org", PASSWORD, time_zone="Asia/Shanghai"))
    [ann] = await rows(User)
    bob = await seeds.person("bob")
    await seeds.bearer(bob)
    await seeds.whole_day(ann, seeds.DAY)
    exchange = await say(ann, "Remember that I love chess." if kind == "remembered" else "I live in Hangzhou and like tea.")
    run_status, item_status = (RunStatus.FAILED, ItemStatus.FAILED) if kind == "failed run" else (RunStatus.RUNNING, ItemStatus.PENDING)
    now = datetime.now(timezone.utc)
    run = JobRun(id=uuid7(), job=Job.DAILY_PROFILE, trigger=Trigger.ADMIN, status=run_status, started_at=now)
    item = JobItem(
        user_id=bob.id, job=Job.DAILY_PROFILE, period=seeds.DAY, status=item_status, due_at=now, run_id=run.id, requested_by_run_id=run.id,
    )  # fmt: skip
    slot = OwnSlot(user_id=ann.id, id=uuid7(), name="Books", name_key="books", many=True, guide="")
    token = ApiToken(user_id=ann.id, id=uuid7(), name="Old", token_hash=b"old", hint="abcd", scopes=["SUGGEST"], expires_at=now + timedelta(days=1))
    async with access.transaction() as session:
        await update_profile(session, ann.id, reason="NIGHT")
        (await session.get_one(User, ann.id)).role = Role.ADMIN
        starts_at, ends_at = day_bounds(seeds.DAY, ann.time_zone, ann.day_ends_at)
        session.add_all(CompanionVersion(user_id=ann.id, version=version, name=name) for version, name in ((1, "Momo"), (2, "Mimi")))
        session.add_all([run, slot, token, ActiveDay(user_id=ann.id, day=seeds.DAY, starts_at=starts_at, ends_at=ends_at)])
        await session.flush()
        session.add(item)
    [value, *_] = await rows(ProfileValue, ProfileValue.user_id == ann.id)
    question = exchange.question
    found = {
        "ann": encode_id("User", ann.id), "bob": encode_id("User", bob.id), "conversation": encode_id("Conversation", question.conversation_id),
        "question": encode_id("Message", question.id), "answer": encode_id("Message", exchange.answer.id),
        "token": encode_id("ApiToken", token.id),
        "value": encode_id("ProfileValue", value.id), "slot": encode_id("OwnSlot", slot.id), "run": encode_id("JobRun", run.id),
        "refresh": signed_in.refresh_token, "source": encode_part_id("Source", exchange.answer.id, f"day:{seeds.DAY}"),
    }  # fmt: skip
    bearer = signed_in.access_token
    if kind == "bob":
        found["export"] = await portability.export_json(ann)
        bearer = await seeds.bearer(bob)
    if kind == "import":
        staged = await staging.start(ann, replace=True)
        await staging.add_part(ann, staged.id, 0, CHAT)
        found["import"] = encode_id("ChatImport", staged.id)
    if kind == "switched off":
        await mutate(bearer, "modelSwitchOff", {"reason": "before"})
    if kind in ("cut off", "dead stream"):
        async with access.transaction() as session:
            (await session.get_one(Message, (ann.id, exchange.answer.id))).cut_off = CutOff.LENGTH
            if kind == "dead stream":
                (await session.get_one(Message, (ann.id, question.id))).answer_lease_until = now
                session.add(AnswerStream(user_id=ann.id, question_id=question.id, lease=now, answer_id=uuid7(), content="Tea is"))
    if kind == "branch":
        found["off path"] = found["answer"]
        await mutate(bearer, "messageBranch", {"messageId": found["question"], "content": "I live in Oslo."})
    if kind == "assistant":
        bearer = await make(ann, ApiScope.SUGGEST)
    if kind == "locked":
        await mutate(bearer, "profileValueLock", {"id": found["value"]})
    return Scene(found, bearer)


async def stream(bearer: str, name: str, given: Mapping[str, Any]) -> Any:
    """Return the last result of the stream that answers a message."""
    kind = f"{STREAMS[name][0].upper()}{STREAMS[name][1:]}Input!"
    document = f"subscription($input: {kind}) {{ {name}(input: $input) {{ __typename ... on Error {{ code message }} {QUESTION} }} }}"
    body = {"query": document, "variables": {"input": given}}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app()), base_url="http://test", timeout=60) as client:
        answer = await client.post("/graphql", json=body, headers={"authorization": f"Bearer {bearer}", "accept": "text/event-stream"})
    if answer.headers["content-type"].startswith("application/json"):
        return answer.json()
    return json.loads([line for line in answer.text.splitlines() if line.startswith("data: {")][-1].removeprefix("data: "))


async def call_tool(token: str, given: Mapping[str, Any]) -> Any:
    """Return the response of the MCP endpoint in the form of a mutation's."""
    async with client_of_assistant(token) as client:
        answer = (await client.post("/mcp", **assistant_request("tools/call", name=TOOL, arguments=given))).json()
    if "error" in answer:
        return {"errors": [{"message": answer["error"]["message"], "extensions": answer["error"]["data"]}]}
    return {"data": {TOOL: {"__typename": "Error" if answer["result"]["isError"] else "Success"}}}


async def mutate(bearer: str, name: str, given: Mapping[str, Any]) -> Any:
    if name in STREAMS:
        return await stream(bearer, name, given)
    if name == TOOL:
        return await call_tool(bearer, given)
    kind = f"{name[0].upper()}{name[1:]}Input!"
    failed = QUESTION if name in ("messageSend", "messageRegenerate", "messageContinue", "messageBranch") else ""
    document = f"mutation($input: {kind}) {{ {name}(input: $input) {{ __typename ... on Error {{ code message }} {failed} }} }}"
    headers = {"authorization": f"Bearer {bearer}", "accept": "application/json"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app()), base_url="http://test", timeout=60) as client:
        return (await client.post("/graphql", json={"query": document, "variables": {"input": given}}, headers=headers)).json()


@pytest.fixture
async def proxy(database: str) -> AsyncIterator[StatementProxy]:
    """Yield a proxy through which the process reaches the database, on one connection."""
    async with StatementProxy(server_of(database)) as failing:
        assert isinstance(failing, StatementProxy)
        with set_to(POSTGRESQL_URL=f"postgresql://postgres@127.0.0.1:{failing.port}{urlsplit(database).path}?sslmode=disable", DATABASE_POOL_SIZE="1"):
            await access.dispose()
            yield failing
            failing.fails_at = 0
            await access.dispose()


def server_of(url: str) -> int | str:
    given = urlsplit(url)
    [host] = parse_qs(given.query).get("host", [given.hostname or ""])
    return f"{host}/.s.PGSQL.5432" if host.startswith("/") else given.port or 5432


@pytest.fixture(autouse=True)
def short_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up storing an answer or an item soon after the database failed: in some of the tests it is down for long."""
    monkeypatch.setattr("resolvers.chat.answers.RETRY_SECONDS", 0.3)
    monkeypatch.setattr("jobs.retries.RETRY_DELAYS", (0.0,))


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    given = urlsplit(database)
    [host] = parse_qs(given.query).get("host", [given.hostname or ""])
    connection = await asyncpg.connect(host=host, port=given.port or 5432, user=given.username or "postgres", database=given.path.strip("/"))
    yield Store(connection)
    await connection.close()


def changed_tables(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> set[str]:
    return {name for name in before if before[name] != after[name]} - COUNTERS


def outcome_of(answer: Any, name: str) -> str:
    """Return what a response says: `done`, `nothing`, `unknown`, or the status of a question that it names."""
    if "errors" in answer:
        [error] = answer["errors"]
        assert error["extensions"]["code"] in ("DATABASE_UNAVAILABLE", "SERVER_BUSY"), answer
        assert ("nothing was changed" in error["message"]) != ("may have been carried out" in error["message"]), answer
        return "nothing" if "nothing was changed" in error["message"] else "unknown"
    told = answer["data"][name]
    if told["__typename"] == "ModelUnavailableError":
        return str(told["question"]["status"])
    assert not told["__typename"].endswith("Error"), answer  # the state allows the mutation, so a refusal would be untrue
    return "done"


@pytest.mark.parametrize("name", [name for name in INPUTS if name not in TRIED_ELSEWHERE])
async def test_mutation_with_each_statement_failing_tells_what_is_stored(proxy: StatementProxy, store: Store, model: OfflineModel, name: str) -> None:
    scene, before = await find_scene(SCENE_OF.get(name), store)
    given = scene.fill(INPUTS[name])
    assert outcome_of(await mutate(scene.bearer, name, given), name) == "done"
    after = await store.read()
    expected = changed_tables(before, after)
    assert bool(expected) is (name not in ("accountExport", "accountExportPart"))
    outcomes = set()
    each, proxy.heals = STEPS.get(name, 1), name in RETRIED
    for proxy.is_carried_out, proxy.stays_down, step in ((False, False, each), (True, True, each * CARRIED_OUT_STEP)):
        number, has_failed = 1 - step, True
        while has_failed:
            number += step
            if after != before:
                await store.restore(before)
            await access.is_schema_compatible()  # opens the connection anew, if the last failure closed it
            proxy.round_trips, proxy.fails_at = 0, number
            answer = await mutate(scene.bearer, name, given)
            has_failed, proxy.fails_at = proxy.round_trips >= proxy.fails_at, 0
            after = await store.read()
            outcome, changed = outcome_of(answer, name), changed_tables(before, after)
            outcomes.add(outcome)
            where = f"statement {number}, carried out {proxy.is_carried_out}: {answer}"
            if outcome == "nothing":
                assert changed == set(), where
            elif outcome == "done":
                assert changed == expected, where
            elif name not in SEVERAL_COMMITS:
                assert changed in (set(), expected), where
    assert {"nothing", "done"} <= outcomes
