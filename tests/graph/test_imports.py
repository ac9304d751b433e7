"""Imports of chats in parts: start, parts, preview, commit, over HTTP."""
from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from jobs.rules.day import day_of
from persistence import database
from persistence.models import ActiveDay, ChatImport, ChatImportPart, Conversation, Message, User
from persistence.models.chat import MessageRole
from persistence.queries.profile_writes import lock_user
from persistence.queries.staged_imports import prune_imports, save_part
from resolvers.imports import staging
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.resolvers.chat.chat_setup import set_to
from tests.resolvers.imports.exports import chatgpt_export, claude_export, day_one_entry, open_webui_export, said

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ERROR = "... on Error { code message }"
IMPORT = "import { id expiresAt parts { position size } }"
REPORT = """report { kinds conversations messages alreadyImported days omitted estimatedTokens estimatedCost currency
    skipped { reason code count } omissions { place reason } }"""
START = f"mutation($input: ImportStartInput!) {{ importStart(input: $input) {{ __typename ... on ImportStartSuccess {{ {IMPORT} }} {ERROR} }} }}"
PART = f"""mutation($input: ImportPartInput!) {{ importPart(input: $input) {{
    __typename ... on ImportPartSuccess {{ {IMPORT} {REPORT} }} {ERROR} ... on InvalidInputError {{ field }} }} }}"""
COMMIT = f"mutation($input: ImportCommitInput!) {{ importCommit(input: $input) {{ __typename ... on ImportCommitSuccess {{ {REPORT} }} {ERROR} }} }}"


class Client:
    """A signed-in user who imports."""

    def __init__(self, user: User, token: str) -> None:
        self.user, self.token = user, token

    async def send(self, document: str, **given: Any) -> Any:
        answer = await seeds.ask(document, {"input": given}, token=self.token)
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    async def start(self, **given: Any) -> str:
        return str((await self.send(START, **given))["import"]["id"])

    async def part(self, id: str, position: int, content: Any) -> Any:
        return await self.send(PART, importId=id, position=position, content=content if isinstance(content, str) else json.dumps(content))

    async def commit(self, id: str, **given: Any) -> Any:
        return await self.send(COMMIT, importId=id, **given)


@pytest.fixture
async def ann() -> Client:
    user = await seeds.person()
    return Client(user, await seeds.bearer(user))


CHATS = [chatgpt_export(said("a", None, text="I moved to Leeds."), said("b", "a", "assistant", "Nice.", metadata={"model_slug": "gpt-5"})), open_webui_export()]
ENTRIES = {"metadata": {"version": "1.0"}, "entries": [day_one_entry()]}


async def test_import_of_two_parts_previews_and_then_stores_everything_once(ann: Client) -> None:
    id = await ann.start()
    first = await ann.part(id, 0, [*CHATS, None])
    assert first["report"]["messages"] == 4 and first["report"]["omissions"] == [{"place": "part 0[2]", "reason": "no conversation or entry of a known kind"}]
    second = await ann.part(id, 1, ENTRIES)
    assert [part["position"] for part in second["import"]["parts"]] == [0, 1]
    before = await everything()
    preview = (await ann.commit(id, dryRun=True))["report"]
    assert await everything() == before
    assert (preview["kinds"], preview["conversations"], preview["messages"], preview["omitted"]) == (["ChatGPT", "Day One", "Open WebUI"], 3, 5, 1)
    assert preview["days"] == ["2025-10-09", "2026-01-14"] and int(preview["estimatedTokens"]) > 0
    assert {"reason": "branch that is not the current one", "code": "OTHER_BRANCH", "count": 1} in preview["skipped"]
    done = (await ann.commit(id))["report"]
    assert done == preview
    stored = {row.content: row for row in await rows(Message)}
    assert stored["Nice."].model == "gpt-5" and stored["Nice."].reply_to == stored["I moved to Leeds."].id
    [entry] = [row for row in stored.values() if row.written_by_hand]
    assert (entry.day, entry.role) == (date(2026, 1, 14), MessageRole.USER)
    assert {(row.title, row.archived, tuple(row.tags)) for row in await rows(Conversation)} == {
        ("A talk", False, ()), ("Tea", True, ()), ("First run", False, ("run", "river"))}
    assert not await rows(ChatImportPart)


async def test_import_commit_repeated_gives_the_same_answer_and_changes_nothing(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    done = await ann.commit(id)
    before = await everything()
    assert await ann.commit(id) == done and await everything() == before
    assert (await ann.part(id, 1, CHATS))["code"] == "CONFLICT" and await everything() == before


async def test_import_commit_while_a_part_arrives_is_refused_and_keeps_it_for_another_commit(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS[:1])
    async with database.transaction() as session:
        await lock_user(session, ann.user.id)
        committing = asyncio.create_task(ann.commit(id))
        while not await session.scalar(text("select count(*) from pg_locks where not granted")):
            await asyncio.sleep(0.01)
        [staged] = (await session.scalars(select(ChatImport))).all()
        await save_part(session, ann.user.id, staged.id, 1, json.dumps(CHATS[1:]))
    assert (await committing)["code"] == "CONFLICT" and [row.position for row in await rows(ChatImportPart)] == [0, 1]
    report = (await ann.commit(id))["report"]
    assert report["alreadyImported"] > 0 and len(await rows(Message)) == report["alreadyImported"] + report["messages"] == 4
    assert await rows(ChatImportPart) == []


async def test_import_part_with_unprintable_names_reports_them_without(ann: Client) -> None:
    odd = {"content_type": "\ud800\x00code\n2", "parts": []}
    id = await ann.start()
    part = await ann.part(id, 0, [chatgpt_export(said("a", None), said("b", "a", "assistant", content=odd))])
    assert part["report"]["skipped"] == [{"reason": "content type code 2", "code": "NOT_DIALOGUE", "count": 1}]
    assert (await ann.commit(id))["report"]["skipped"] == part["report"]["skipped"]


async def test_import_of_the_same_file_again_adds_nothing(ann: Client) -> None:
    report: Any = None
    for added in (4, 0):
        id = await ann.start()
        part = await ann.part(id, 0, CHATS)
        report = (await ann.commit(id))["report"]
        assert (part["report"]["messages"], report["messages"], report["alreadyImported"]) == (added, added, 4 - added)
    assert report["days"] == [] and report["conversations"] == 0 and report["estimatedTokens"] in (0, "0")
    assert len(await rows(Message)) == 4 and {row.revision for row in await rows(ActiveDay)} == {1}


async def test_import_part_sent_again_replaces_the_earlier_one(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    again = await ann.part(id, 0, [claude_export()])
    assert [part["position"] for part in again["import"]["parts"]] == [0]
    assert (await ann.commit(id))["report"]["kinds"] == ["Claude"]


@pytest.mark.parametrize("content", ["", "hello", "[]", '{"a": 1}', "[" * 100_000, "<html>"], ids=lambda text: repr(text[:9]))
async def test_import_part_of_unknown_kind_is_refused_with_the_kinds_and_stores_nothing(ann: Client, content: str) -> None:
    id = await ann.start()
    before = await everything()
    refused = await ann.part(id, 0, content)
    assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", "content") and "Open WebUI" in refused["message"]
    assert await everything() == before


@pytest.mark.parametrize(("position", "length", "field"), [(-1, 10, "position"), (64, 10, "position"), (0, 4_000_001, "content")])
async def test_import_part_beyond_the_bounds_is_refused_and_stores_nothing(ann: Client, position: int, length: int, field: str) -> None:
    id = await ann.start()
    before = await everything()
    refused = await ann.part(id, position, "[" + " " * length)
    assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", field) and await everything() == before


async def test_import_part_beyond_the_size_of_an_import_is_refused_and_keeps_the_others(ann: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    before = await everything()
    monkeypatch.setattr(staging, "MAX_IMPORT_BYTES", len(json.dumps(CHATS)) + 10)
    assert (await ann.part(id, 1, [claude_export()]))["code"] == "CONFLICT" and await everything() == before
    assert (await ann.part(id, 0, CHATS))["__typename"] == "ImportPartSuccess"


async def test_import_of_another_user_is_not_found(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    bob = await seeds.person("bob")
    token = await seeds.bearer(bob)
    before = await everything()
    for document, given in ((PART, {"position": 0, "content": json.dumps(CHATS)}), (COMMIT, {}), (COMMIT, {"dryRun": True})):
        answer = await seeds.ask(document, {"input": {"importId": id, **given}}, token=token)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert await everything() == before


async def test_import_start_replaces_an_earlier_import_unless_asked_not_to(ann: Client) -> None:
    first = await ann.start(replace=False)
    await ann.part(first, 0, CHATS)
    before = await everything()
    assert (await ann.send(START, replace=False))["code"] == "CONFLICT" and await everything() == before
    second = await ann.start()
    assert not await rows(ChatImportPart) and len(await rows(ChatImport)) == 1
    assert (await ann.commit(second))["code"] == "CONFLICT"  # it has no parts


async def test_import_that_expired_is_not_found_and_is_swept(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    async with database.transaction() as session:
        await session.execute(update(ChatImport).values(expires_at=ChatImport.created_at - timedelta(seconds=1)))
    answer = await seeds.ask(COMMIT, {"input": {"importId": id}}, token=ann.token)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND" and not await rows(Message)
    bob = await seeds.person("bob")
    await Client(bob, await seeds.bearer(bob)).start()
    async with database.transaction() as session:
        await prune_imports(session)
    assert [row.user_id for row in await rows(ChatImport)] == [bob.id] and not await rows(ChatImportPart)


async def test_import_staged_is_deleted_with_the_account(ann: Client) -> None:
    await ann.part(await ann.start(), 0, CHATS)
    async with database.transaction() as session:
        await session.execute(delete(User).where(User.id == ann.user.id))
    assert not await rows(ChatImport) and not await rows(ChatImportPart)


async def test_import_without_diaries_makes_no_day_due(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    await ann.commit(id, writeDiaries=False)
    assert [(row.revision, row.diary_revision) for row in await rows(ActiveDay)] == [(1, 1)]
    id = await ann.start()
    await ann.part(id, 0, [claude_export()])
    await ann.commit(id)
    due = {row.day: row.diary_revision < row.revision for row in await rows(ActiveDay)}
    assert due == {date(2025, 10, 9): False, date(2026, 3, 6): True}


async def test_import_beyond_the_storage_limit_is_refused_and_stores_no_message(ann: Client) -> None:
    id = await ann.start()
    await ann.part(id, 0, CHATS)
    with set_to(STORAGE_PER_USER="100"):
        assert (await ann.commit(id))["code"] == "STORAGE_EXCEEDED"
    assert not await rows(Message) and len(await rows(ChatImportPart)) == 1
    assert (await ann.commit(id))["report"]["messages"] == 4


async def test_import_answer_after_midnight_lies_in_its_questions_day(ann: Client) -> None:
    asked = 1_760_025_590.0  # 23:59:50 in Shanghai
    talk = chatgpt_export(said("a", None, at=asked), said("b", "a", "assistant", "good night", at=asked + 60))
    id = await ann.start()
    await ann.part(id, 0, [talk])
    await ann.commit(id)
    stored = await rows(Message)
    assert {row.day for row in stored} == {date(2025, 10, 9)}
    assert max(day_of(row.created_at, "Asia/Shanghai", 0) for row in stored) == date(2025, 10, 10)
