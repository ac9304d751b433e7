# ruff: noqa: E501 - cases are one line each
"""Rules of the import: columns of the installation are ignored, rows that break a rule of the API are refused by position."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from jobs.run import RunRequest, run
from persistence import database
from persistence.models import ActiveDay, DiaryVersion, JobItem, Message, Signal, SignalEvidence, Usage, UserStorage
from persistence.models.account import Purpose
from persistence.models.jobs import Job, Trigger
from persistence.queries import portability as stored
from persistence.queries.job_planning import Scope
from persistence.queries.portable_columns import NEVER_IMPORTED, Kind, is_read, kinds_of
from resolvers import admin, portability
from resolvers.errors import InvalidInput, StorageExceeded
from resolvers.portability.import_rules import check_value
from tests import seeds
from tests.jobs.job_setup import Deadline, everything, rows
from tests.portable import portable
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAY = date.today() - timedelta(days=3)
Change = Callable[[dict[str, Any]], Any]


async def make_export() -> dict[str, Any]:
    """Return an export with a conversation, a diary with lines and signals, a value and a change."""
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    [message, *_] = await rows(Message, Message.user_id == ann.id)
    await seeds.value(ann, "identity.home", "Hangzhou", message)
    await seeds.change(ann, "identity.home", "Hangzhou")
    async with database.transaction() as session:
        session.add(Usage(user_id=ann.id, day=DAY, purpose=Purpose.CHAT, calls=1, input_tokens=2**40))
        await session.execute(update(Message).where(Message.user_id == ann.id).values(input_tokens=7, output_tokens=8, latency_ms=9, tool_calls=3))
    return json.loads(await portability.export_json(ann))  # type: ignore[no-any-return]


def setting(table: str, **columns: Any) -> Change:
    return lambda file: file[table][0].update(columns)


def test_portable_columns_every_imported_column_is_classified() -> None:
    for table in stored.imported_tables():
        classified = kinds_of(table.name)
        assert set(classified) == {column.name for column in table.columns}, table.name
        unwritten = [c.name for c in table.columns if classified[c.name] is Kind.INSTALLATION and not c.nullable and c.server_default is None]
        assert unwritten in ([], ["user_id"]), f"{table.name} needs {unwritten}, which no import writes"
    personal = {table.name for table in stored.personal_tables()}
    assert set(NEVER_IMPORTED) == personal - {table.name for table in stored.imported_tables()}


def test_is_read_unclassified_column_raises() -> None:
    with pytest.raises(KeyError):
        is_read("messages", "a_new_column")


@pytest.mark.parametrize("forged", [-(2**31), 2**31 - 1, 2**62])
async def test_import_json_forged_usage_leaves_usage_unchanged(forged: int) -> None:
    bob, file = await seeds.person("bob"), await make_export()
    names = ("calls", "failed_calls", "input_tokens", "output_tokens", "reserved_tokens")
    file["usage"] = [{"day": (DAY + timedelta(days=number)).isoformat(), "purpose": "CHAT", **dict.fromkeys(names, forged)} for number in range(4)]
    await portability.import_json(bob, json.dumps(file))
    assert await rows(Usage, Usage.user_id == bob.id) == []
    [used] = await admin.usage_between(DAY, DAY + timedelta(days=9), user_id=None, job=None)
    assert used.input_tokens == 2**40 and type(used.input_tokens) is int and used.people == 1
    [person] = await admin.usage_by_user(DAY, DAY, job=None, limit=9, after=None)
    assert person.position[0] == 2**40


async def test_import_json_installation_columns_are_ignored() -> None:
    bob, file = await seeds.person("bob"), await make_export()
    for row in file["messages"]:
        row.update(input_tokens=2**31 - 1, output_tokens=-5, latency_ms=5, tool_calls=2**31 - 1)
    file["diary_versions"][0].update(message_count=9_999, conversation_count=9_999, tool_call_count=9_999, dropped_count=9_999)
    file["active_days"] = [{"day": "2001-01-01", "revision": 7, "diary_revision": -1, "starts_at": "x", "ends_at": None}]
    file["signals"][0]["value_key"] = "forged"
    await portability.import_json(bob, json.dumps(file))
    message, *_ = await rows(Message, Message.user_id == bob.id)
    assert (message.input_tokens, message.output_tokens, message.latency_ms, message.tool_calls) == (None, None, None, 0)
    [version] = await rows(DiaryVersion, DiaryVersion.user_id == bob.id)
    assert (version.message_count, version.conversation_count, version.tool_call_count, version.dropped_count) == (3, 1, 0, 0)
    [day] = await rows(ActiveDay, ActiveDay.user_id == bob.id)
    assert (day.day, day.revision, day.diary_revision) == (DAY, 1, 1)
    assert "forged" not in {row.value_key for row in await rows(Signal, Signal.user_id == bob.id)}
    told = {row.id: (row.day, row.created_at) for row in await rows(Message, Message.user_id == bob.id)}
    assert all((row.day, row.said_at) == told[row.message_id] for row in await rows(SignalEvidence, SignalEvidence.user_id == bob.id))


async def test_import_json_without_installation_columns_gives_the_same_result() -> None:
    bob, file = await seeds.person("bob"), await make_export()
    await portability.import_json(bob, json.dumps(portable(json.dumps(file))))
    async with database.session() as session:
        bob = await session.get_one(type(bob), bob.id)
    left = {name: rows for name, rows in portable(await portability.export_json(bob)).items() if name not in ("profile_values", "profile_changes")}
    assert left == {name: rows for name, rows in portable(json.dumps(file)).items() if name in left}


async def test_import_json_imported_days_are_not_due_until_requested() -> None:
    ann, bob = await seeds.person(), await seeds.person("bob")
    for number in range(3):
        await seeds.said(ann, DAY - timedelta(days=number), "I like tea")
    await portability.import_json(bob, await portability.export_json(ann))
    dry = await run(RunRequest(Job.DAILY_DIARY, Trigger.CLI, scope=Scope(user_ids=[bob.id]), dry_run=True), Deadline(120.0))
    assert dry.planned == 0 and await rows(JobItem, JobItem.user_id == bob.id) == []
    assert {(row.revision, row.diary_revision) for row in await rows(ActiveDay, ActiveDay.user_id == bob.id)} == {(1, 1)}
    asked = await run(RunRequest(Job.DAILY_DIARY, Trigger.CLI, scope=Scope(user_ids=[bob.id], first=DAY, last=DAY, force=True), dry_run=True), Deadline(120.0))
    assert asked.planned == 1


LATER = (date.today() + timedelta(days=40)).isoformat()


@pytest.mark.parametrize(("change", "says"), [
    (setting("messages", content="x" * 3_000_000), "messages[0].content"),
    (setting("messages", content="x" * 20_001), "messages[0].content has 20,001 characters; the limit is 20,000"),
    (setting("messages", content=" \n"), "messages[0].content"),
    (setting("messages", idempotency_key="k" * 201), "messages[0].idempotency_key"),
    (setting("messages", created_at="0001-01-01T00:00:00+14:00"), "messages[0].created_at"),
    (setting("messages", created_at="9999-12-31T23:59:59-14:00"), "messages[0].created_at"),
    (setting("messages", created_at=f"{LATER}T00:00:00+00:00"), "messages[0].created_at"),
    (setting("messages", day="0001-01-01"), "messages[0].day"),
    (setting("messages", day="9999-12-31"), "messages[0].day"),
    (setting("messages", day="2019-01-01"), "messages[0].day must be at most 2 days before or after created_at"),
    (setting("messages", status="PENDING"), "messages[0].status is PENDING"),
    (setting("messages", error_code="<script>"), "messages[0].error_code"),
    (setting("messages", model="m" * 201), "messages[0].model"),
    (setting("messages", id="ffffffff-ffff-7fff-bfff-ffffffffffff"), "messages[0].id is an id (UUID version 7) whose time is in the future"),
    (setting("messages", time_zone="Mars/Olympus"), "messages[0].time_zone is not an IANA time zone such as Asia/Shanghai"),
    (setting("conversations", title="t" * 201), "conversations[0].title"),
    (setting("conversations", title="a\u202eb"), "conversations[0].title"),
    (setting("conversations", tags=["t"] * 3 + [str(number) for number in range(21)]), "conversations[0].tags"),
    (setting("conversations", tags=["x" * 41]), "conversations[0].tags"),
    (setting("conversations", summary="s" * 200_000), "conversations[0].summary"),
    (setting("conversations", created_at="0001-01-01T00:00:00+00:00"), "conversations[0].created_at"),
    (setting("diaries", day="0001-01-01"), "diaries[0].day"),
    (setting("diaries", day=LATER), "diaries[0].day"),
    (setting("diaries", version=0), "diaries[0].version"),
    (setting("diary_versions", mood=6), "diary_versions[0].mood"),
    (setting("diary_versions", summary="s" * 5_001, summary_by_person=True), "diary_versions[0].summary"),
    (setting("diary_lines", text="x" * 601), "diary_lines[0].text"),
    (setting("diary_lines", position=-1), "diary_lines[0].position"),
    (setting("line_evidence", start=-1), "line_evidence[0].start"),
    (setting("line_evidence", quote="q" * 501), "line_evidence[0].quote"),
    (setting("signals", slot="identity.blood_type"), "signals[0].slot is not a profile slot; send one such as identity.home"),
    (setting("signals", value="v" * 121), "signals[0].value"),
    (setting("signals", value="…"), "signals[0].value"),
    (setting("signals", value="my password is hunter2pass"), "signals[0].value"),
    (setting("signals", confidence=1.5), "signals[0].confidence"),
    (setting("signals", confidence=-0.1), "signals[0].confidence"),
    (setting("profile_values", slot="x"), "profile_values[0].slot"),
    (setting("profile_changes", reason="because I say so"), "profile_changes[0].reason"),
    (lambda file: file["account"].update(nickname=5), "account.nickname"),
    (lambda file: file["account"].update(nickname="a\u202eb"), "account: nickname"),
    (lambda file: file["account"].update(time_zone=[]), "account.time_zone"),
    (lambda file: file["account"].update(day_ends_at=True), "account.day_ends_at"),
    (lambda file: file["account"].update(day_ends_at=24), "account: dayEndsAt"),
    (lambda file: file["line_evidence"].extend({**file["line_evidence"][0], "position": number} for number in range(10, 20)), "exceeds the limit: at most 8"),
    (lambda file: file["signals"].extend({**file["signals"][0], "id": f"00000000-0000-7000-8000-{number:012}"} for number in range(400)), "exceeds the limit: at most 300"),
], ids=lambda given: given[:40] if isinstance(given, str) else "")  # fmt: skip
async def test_import_json_invalid_row_is_refused_by_position_and_changes_nothing(change: Change, says: str) -> None:
    bob, file = await seeds.person("bob"), await make_export()
    change(file)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await portability.import_json(bob, json.dumps(file))
    assert says in refused.value.message, refused.value.message
    assert await everything() == before


async def test_import_json_over_the_storage_quota_is_refused_and_changes_nothing() -> None:
    bob, file = await seeds.person("bob"), await make_export()
    before = await everything()
    with set_to(STORAGE_PER_USER="4000"), pytest.raises(StorageExceeded, match="delete"):
        await portability.import_json(bob, json.dumps(file))
    assert await everything() == before
    await portability.import_json(bob, json.dumps(file))
    async with database.session() as session:
        counted = await session.scalar(select(func.sum(UserStorage.bytes)).where(UserStorage.user_id == bob.id))
    assert counted and counted > 4000


@pytest.mark.parametrize(("key", "present"), [("臺北", "台北"), ("!café", "!cafe"), ("台北", "台北"), ("7:30", "7:30")])
def test_import_of_a_former_key_gives_the_present_one(key: str, present: str) -> None:
    assert check_value("verdicts", "value_key", key) == check_value("profile_aliases", "from_key", key) == present


@pytest.mark.parametrize("key", ["Café", "!", "...", "ＡＢＣ"])
def test_import_of_a_text_that_was_never_a_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="normalized"):
        check_value("verdicts", "value_key", key)
