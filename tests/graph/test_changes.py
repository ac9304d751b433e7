"""The feed of changes: a copy that was away equals a new one after a pull, nothing that commits late is left out, and no user sees another's changes."""
from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import delete, func, select, update

from dev import migrate
from graph.relay import decode_cursor, encode_cursor, encode_id
from persistence import database, dsn
from persistence.ids import uuid7
from persistence.models import Conversation, Message, RowChange, User
from persistence.queries.changes import PRUNE_BATCH_SIZE, Snapshot, find_snapshot, list_changed_users, prune_changes
from tests import seeds
from tests.graph.app_documents import find_document
from tests.graph.test_receipts import result
from tests.jobs.job_setup import night, rows
from tests.resolvers.chat.chat_setup import Model, model, move_messages_back, set_to
from tests.seeds import DAY, ask, bearer, noon_zone

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

PULL = """query($since: String, $first: Int) {
  changes(since: $since, first: $first) {
    cursor hasMore anew
    nodes {
      __typename
      ... on Deleted { id typename }
      ... on Conversation { id title temporary archived pinned play tags switches: memory { toldInChats } lastMessageAt }
      ... on Message {
        id role content status day createdAt editedAt rating onPath redacted errorCode suggestedReplies conversation { id } replyTo { id }
      }
      ... on Diary {
        id date summary mood tags version
        lines(includeHidden: true) { id kind text hidden byPerson evidence { quote start message { id } } }
        signals { said: value evidence { quote } }
      }
      ... on ProfileValue { id slot value state: status confidence locked since until condition polarity }
      ... on OwnSlot { id name guide }
      ... on User { id nickname timeZone locale dayEndsAt memory { diary } companion { name } }
    }
  }
}"""
THE_APPS = find_document("PullCopy")
CHANGED = "subscription { changed { at } }"
DIRECT = """{ viewer { id } conversations(first: 40) { nodes { id messages(first: 40) { nodes { id } } } } diaries(first: 100) { nodes { id } }
  archived: conversations(first: 40, archived: true) { nodes { id messages(first: 40) { nodes { id } } } }
  profile { sections { values(statuses: [ACTIVE, DISPUTED, SUGGESTED, SUPERSEDED, REJECTED]) { id } } } profileSlots { ownSlot { id } } }"""


async def pull_page(token: str, since: str | None, first: int | None = None, document: str = PULL) -> dict[str, Any]:
    return await ask(document, {"since": since, "first": first}, token=token)


class Copy:
    """A client's copy of a user's data."""

    def __init__(self, token: str, document: str = PULL) -> None:
        self.token, self.document, self.since, self.objects, self.begun = token, document, None, dict[str, Any](), 0

    async def pull(self, first: int | None = None) -> Copy:
        more = True
        while more:
            answer = await pull_page(self.token, self.since, first, self.document)
            assert "errors" not in answer, answer
            page = answer["data"]["changes"]
            if page["anew"]:
                self.objects, self.begun = {}, self.begun + 1
            for node in page["nodes"]:
                if node["__typename"] == "Deleted":
                    self.objects.pop(node["id"], None)
                else:
                    self.objects[node.get("id", "User")] = node
            self.since, more = page["cursor"], page["hasMore"]
        return self

    def of(self, kind: str) -> list[str]:
        return [id for id, node in self.objects.items() if node["__typename"] == kind]


TEXTS = {
    "en": [
        "I live in Hangzhou now.", "I like climbing a lot.", "I ran five kilometres today and felt happy.", "I work as a beekeeper.",
        "My sister came to see me.",
    ],
    "zh": ["我现在住在杭州。", "我很喜欢攀岩。", "我今天跑了五公里，很开心。", "我是养蜂人。", "妹妹今天来看我。"],
}


class Life:
    """Random operations of one user through the API."""

    def __init__(self, user: User, token: str, language: str, seed: int) -> None:
        self.user, self.token, self.texts, self.random = user, token, TEXTS[language], random.Random(seed)

    async def do(self, name: str) -> None:
        copy = await Copy(self.token).pull(100)
        pick = self.random.choice
        conversations, messages = copy.of("Conversation"), copy.of("Message")
        questions = [id for id in messages if copy.objects[id]["role"] == "USER"]
        diaries, values = copy.of("Diary"), copy.of("ProfileValue")
        diary = copy.objects[pick(diaries)] if diaries else None
        if name == "send" or (name in ("edit", "delete", "regenerate", "branch", "select") and not questions):
            target = {"conversationId": pick(conversations)} if conversations and self.random.random() < 0.6 else {"temporary": self.random.random() < 0.2}
            await self.call("messageSend", content=pick(self.texts), **target)
        elif name == "edit":
            await self.call("messageEdit", messageId=pick(questions), content=pick(self.texts))
        elif name == "delete":
            await self.call("messageDelete", messageId=pick(questions))
        elif name == "regenerate":
            await self.call("messageRegenerate", messageId=pick(questions))
        elif name == "branch":
            await self.call("messageBranch", messageId=pick(questions), content=pick(self.texts))
        elif name == "select":
            await self.call("messageSelect", messageId=pick(messages))
        elif name == "night":
            await move_messages_back(self.user, 1)
            while (await night()).run_id is not None:
                pass
        elif name == "hide" and diary and diary["lines"]:
            line = pick(diary["lines"])
            await self.call("diaryUpdate", id=diary["id"], lines=[{"id": line["id"], "hidden": not line["hidden"]}])
        elif name == "lines" and diary and diary["lines"]:
            await self.call("diaryUpdate", id=diary["id"], tags=["x"], lines=[{"id": pick(diary["lines"])["id"], "deleted": True}])
        elif name == "undiary" and diary:
            await self.call("diaryDelete", id=diary["id"])
        elif name == "value" or (name in ("verdict", "erase") and not values):
            await self.call("profileValueSet", slot="PREFERENCES_FOOD", value=pick(["noodles", "rice", "面条"]))
        elif name == "verdict":
            await self.call(pick(["profileValueLock", "profileValueReject"]), id=pick(values))
        elif name == "erase":
            await self.call("profileValueErase", id=pick(values))
        elif name == "bulk" and conversations:
            await self.call("conversationsArchive", conversationIds=self.random.sample(conversations, min(2, len(conversations))), archived=True)
        elif name == "remove" and conversations:
            await self.call("conversationsDelete", conversationIds=[pick(conversations)])
        elif name == "conversation" and conversations:
            await self.call("conversationUpdate", conversationId=pick(conversations), title=pick(self.texts)[:9], pinned=True, tags=["t"])
        elif name == "settings":
            await self.call("accountUpdate", nickname=pick(["Lin", "林"]))
            await self.call("companionUpdate", name=pick(["Bee", "蜂"]))
            await self.call("slotCreate", name=f"Slot {uuid7()}", many=True)

    async def call(self, mutation: str, **input: Any) -> None:
        """Call a mutation; the rules may refuse it, which changes nothing."""
        found = await result(self.token, mutation, "... on Error { code message }", **input)
        self.made = getattr(self, "made", [])
        self.made.append((mutation, found["__typename"].endswith("Success")))


OPERATIONS = [
    "send", "edit", "night", "hide", "lines", "regenerate", "branch", "select", "value", "verdict", "bulk", "conversation", "settings", "send", "delete",
    "night", "erase", "undiary", "send", "remove",
]


@pytest.mark.parametrize(("language", "seed"), [("en", 7), ("zh", 11)])
async def test_copy_that_was_away_equals_a_new_one_after_a_pull(language: str, seed: int, model: Model):
    user = await seeds.person("ann", time_zone=noon_zone())
    token, other = await bearer(user), await bearer(await seeds.person("bob"))
    life, away, often, app = Life(user, token, language, seed), Copy(token), Copy(token), Copy(token, THE_APPS)
    for name in ("send", "send", "send"):
        await life.do(name)
    await away.pull(), await app.pull()
    rest = OPERATIONS[3:]
    life.random.shuffle(rest)
    for name in [*OPERATIONS[:3], *rest]:
        await life.do(name)
        if life.random.random() < 0.4:
            await often.pull(life.random.choice([1, 3, 50]))
    await (await often.pull(2)).pull(), await away.pull(4)
    new = await Copy(token).pull(5)
    assert away.objects == new.objects and often.objects == new.objects
    assert (away.begun, often.begun, new.begun) == (1, 1, 1)
    fresh = await Copy(token, THE_APPS).pull()
    assert (await app.pull()).objects == fresh.objects and set(fresh.objects) - {"User"} == set(new.objects) - {encode_id("User", user.id)}
    succeeded = {mutation for mutation, success in life.made if success}
    assert len(succeeded) >= 12, succeeded

    answer = await ask(DIRECT, token=token)
    assert "errors" not in answer, answer
    direct = answer["data"]
    listed = [direct["viewer"]["id"], *(node["id"] for node in direct["diaries"]["nodes"])]
    for conversation in [*direct["conversations"]["nodes"], *direct["archived"]["nodes"]]:
        listed += [conversation["id"], *(message["id"] for message in conversation["messages"]["nodes"])]
    listed += [value["id"] for section in direct["profile"]["sections"] for value in section["values"]]
    listed += [slot["ownSlot"]["id"] for slot in direct["profileSlots"] if slot["ownSlot"]]
    off_path = {id for id, node in new.objects.items() if node["__typename"] == "Message" and not node["onPath"]}
    assert set(listed) == set(new.objects) - off_path and len(listed) > 8
    assert [node["__typename"] for node in (await Copy(other).pull()).objects.values()] == ["User"]


async def new_conversation(session: database.Session, user: User, title: str) -> str:
    id = uuid7()
    session.add(Conversation(user_id=user.id, id=id, title=title))
    await session.flush()
    return encode_id("Conversation", id)


async def test_transaction_that_commits_after_a_pull_is_in_the_next_one():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    copy, hers = await Copy(await bearer(ann)).pull(), await Copy(await bearer(bob)).pull()
    async with database.transaction() as session:
        late_id = await new_conversation(session, ann, "begun first")
        async with database.transaction() as session:
            early_id = await new_conversation(session, ann, "ended first")
        await copy.pull(1)
        assert copy.of("Conversation") == [early_id], "what has ended does not wait for what has not"
        async with database.connection() as reading:
            before = Snapshot.parse((await reading.fetch("select pg_current_snapshot()::text"))[0][0])
            assert await list_changed_users(reading, [ann.id, bob.id], before) == []
    await copy.pull()
    assert copy.of("Conversation") == [early_id, late_id] and copy.begun == 1
    async with database.connection() as session:
        assert await list_changed_users(session, [ann.id, bob.id], before) == [ann.id]
    assert (await hers.pull()).of("Conversation") == [] and hers.begun == 1
    async with database.transaction(dry_run=True) as session:
        await new_conversation(session, ann, "never there")
    assert (await copy.pull()).of("Conversation") == [early_id, late_id]


async def test_page_of_a_large_change_goes_on_where_it_stopped_while_others_commit():
    ann = await seeds.person("ann")
    copy = await Copy(await bearer(ann)).pull()
    said = await seeds.said(ann, DAY, *(f"Number {number}" for number in range(5)))
    page = (await pull_page(copy.token, copy.since, 3))["data"]["changes"]
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.user_id == ann.id, Message.id == said[0].id).values(content="changed meanwhile"))
        await session.execute(delete(Message).where(Message.user_id == ann.id, Message.id == said[4].id))
    for node in page["nodes"]:
        copy.objects[node["id"]] = node
    copy.since = page["cursor"]
    await copy.pull(1)
    assert page["hasMore"] and copy.objects == (await Copy(copy.token).pull()).objects
    assert [copy.objects[encode_id("Message", row.id)]["content"] for row in said[:4]] == ["changed meanwhile", "Number 1", "Number 2", "Number 3"]


@pytest.mark.parametrize("change", ["epoch", "age", "future", "user"])
async def test_cursor_of_another_database_or_user_or_of_long_ago_begins_a_new_copy(change: str):
    ann = await seeds.person("ann")
    await seeds.said(ann, DAY, "Tea.")
    copy = await Copy(await bearer(ann)).pull()
    kinds = (int, datetime, str, str, str, type(ann.id), int, str, type(ann.id))
    epoch, at, since, *rest = decode_cursor(copy.since or "", *kinds)
    altered: Mapping[str, tuple[Any, ...]] = {
        "epoch": (epoch - 1, at, since), "age": (epoch, at - timedelta(days=31), since), "future": (epoch, at, f"{2**60 + 5}:{2**60 + 5}:"),
    }
    others = (await Copy(await bearer(await seeds.person("bob"))).pull()).since
    copy.since = others if change == "user" else encode_cursor(*altered[change], *rest)
    objects = dict(copy.objects)
    await copy.pull(1)
    assert copy.begun == 2 and copy.objects == objects
    for broken in ("5:3:", "3:5:7", "3:9:5,4", "x:1:", f"1:{2**70 + 1}:", f"{2**60}:{2**60}:"):
        answer = await pull_page(copy.token, encode_cursor(epoch, at, broken, *rest))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], broken


@pytest.fixture
async def plain_owner(server_url: str, new_database: Callable[[], str], anyio_backend: str) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """Let the process use a migrated database whose owner has no right of a superuser, and yield a function by which a superuser changes it."""
    url, role = new_database(), f"plain_{os.getpid()}"
    superuser = await asyncpg.connect(url)
    await superuser.execute(f"create role {role} login")
    try:
        await superuser.execute(f"do $$ begin execute format('alter database %I owner to {role}', current_database()); end $$")
        given = url.replace(f"user={dsn.parse(url).user}", f"user={role}")
        await migrate.up(given)
        with set_to(POSTGRESQL_URL=given):
            await database.dispose()
            yield superuser.execute
            await database.dispose()
    finally:
        await superuser.execute(f"reassign owned by {role} to current_user; drop role {role}")
        await superuser.close()


async def test_owner_without_rights_of_a_superuser_serves_all_and_a_server_that_hides_its_identity_begins_one_new_copy(
    plain_owner: Callable[[str], Awaitable[None]], model: Model
):
    ann = await seeds.person("ann")
    token = await bearer(ann)
    assert (await result(token, "messageSend", "", content="I like climbing a lot."))["__typename"] == "MessageSendSuccess"
    await move_messages_back(ann, 1)
    assert (await night()).succeeded > 0
    copy = await Copy(token).pull()
    assert copy.begun == 1 and len(copy.of("Diary")) == 1
    await seeds.said(ann, DAY, "Tea.")
    assert (await copy.pull()).begun == 1 and len(copy.of("Message")) == 3
    for expected, statement in enumerate((
        "create table kept as table row_changes; truncate row_changes; insert into row_changes table kept; drop table kept",
        "revoke execute on function pg_control_system() from public",
        "do $$ begin execute format('alter database %I set unilife.restored = %L', current_database(), '2026-11-29'); end $$",
    ), 2):
        await plain_owner(statement)
        await database.dispose()
        for _ in range(2):
            assert (await copy.pull()).begun == expected, "once"
        assert copy.objects == (await Copy(copy.token).pull()).objects


async def test_changes_of_another_server_in_a_restored_table_come_neither_again_and_again_nor_as_news():
    ann = await seeds.person("ann")
    [first, _] = await seeds.said(ann, DAY, "Tea.", "Coffee.")
    async with database.transaction() as session:
        await session.execute(update(RowChange).where(RowChange.user_id == ann.id).values(changed_in=2**40))
    copy = await Copy(await bearer(ann)).pull()
    async with database.connection() as session:
        since = await find_snapshot(session)
        assert await list_changed_users(session, [ann.id], since) == []
    assert (await pull_page(copy.token, copy.since))["data"]["changes"]["nodes"] == []
    await seeds.delete_message(first)
    await copy.pull()
    assert len(copy.of("Message")) == 1 and copy.objects == (await Copy(copy.token).pull()).objects


async def test_tombstones_have_no_words_go_with_the_account_and_after_a_month():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    [message] = await seeds.said(ann, DAY, "A secret of Zanzibar.")
    await seeds.said(bob, DAY, "Tea.")
    await seeds.delete_message(message)
    [gone] = [row for row in await rows(RowChange) if row.deleted]
    assert (gone.user_id, gone.kind, gone.id) == (ann.id, "Message", message.id)
    assert {column.name for column in RowChange.__table__.columns} == {"user_id", "kind", "id", "changed_in", "changed_at", "deleted"}
    async with database.transaction() as session:
        await session.execute(delete(User).where(User.id == bob.id))
    assert {row.user_id for row in await rows(RowChange)} == {ann.id}
    async with database.transaction() as session:
        old = datetime.now(timezone.utc) - timedelta(days=32)
        await session.execute(update(RowChange).where(RowChange.user_id == ann.id, RowChange.deleted).values(changed_at=old))
        await prune_changes(session)
    left = await rows(RowChange)
    assert left and not any(row.deleted for row in left) and PRUNE_BATCH_SIZE > 1


async def test_changed_says_when_to_pull(monkeypatch: pytest.MonkeyPatch):
    from resolvers import changes

    monkeypatch.setattr(changes, "POLL_SECONDS", 0.01)
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    first, second, hers = changes.follow(ann.id), changes.follow(ann.id), changes.follow(bob.id)
    for events in (first, second, hers):
        await anext(events)
    waiting = asyncio.ensure_future(anext(hers))
    for text in ("Tea.", "Coffee."):
        await seeds.said(ann, DAY, text)
        await anext(first)
        await anext(second)
    assert not waiting.done()
    await seeds.said(bob, DAY, "Water.")
    await waiting
    for events in (first, second, hers):
        await events.aclose()
    assert changes._watch._task is None and not changes._watch._subscribers
    monkeypatch.setattr(changes, "STREAM_SECONDS", 0.0)
    assert [None async for _ in changes.follow(ann.id)] in ([], [None])
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(RowChange).where(RowChange.user_id == ann.id))


async def test_changed_through_the_application_sends_an_event_for_each_change(monkeypatch: pytest.MonkeyPatch):
    from httpx2 import ASGITransport, AsyncClient

    from graph.asgi import app
    from resolvers import changes

    async def twice(user_id: UUID) -> AsyncGenerator[None, None]:
        assert user_id == ann.id
        for _ in range(2):
            yield

    monkeypatch.setattr(changes, "follow", twice)
    ann = await seeds.person("ann")
    headers = {"authorization": f"Bearer {await bearer(ann)}", "accept": "text/event-stream"}
    async with AsyncClient(transport=ASGITransport(app()), base_url="http://unilife.test", headers=headers) as client:
        body = (await client.post("/graphql", json={"query": CHANGED})).text
        refused = (await client.post("/graphql", json={"query": CHANGED}, headers={"authorization": ""})).text
    assert body.count("event: next") == 2 and body.count('"at":') == 2 and body.rstrip().endswith("event: complete\ndata:")
    assert "UNAUTHENTICATED" in refused and '"at":' not in refused
