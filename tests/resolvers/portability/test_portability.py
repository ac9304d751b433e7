# ruff: noqa: E501 - cases are one line each
"""Export and import of an account: an import restores state and file, an invalid file changes nothing, a deletion leaves no rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Uuid, func, select, update

from dev.imports.command import import_for
from jobs.profile_inputs import load_profile_inputs, to_columns
from jobs.profile_update import update_profile
from persistence import database
from persistence.models import (
    Conversation,
    DiaryDeletion,
    DisputeQuestion,
    LineEvidence,
    Message,
    Model,
    ProfileChange,
    ProfileValue,
    SignalEvidence,
    User,
    Verdict,
)
from persistence.models.chat import MessageStatus
from persistence.models.diary import Polarity, StatementRelation
from persistence.models.jobs import Job
from persistence.models.profile import ValuePolarity, VerdictKind
from persistence.queries import account as accounts
from persistence.queries import portability as stored
from persistence.queries import profile_writes, verdicts
from resolvers import chat, portability, profile, profile_verdicts
from resolvers.errors import Conflict, InvalidInput
from resolvers.imports import memorybank
from tests import seeds
from tests.jobs.job_setup import everything, night, rows
from tests.portable import portable
from tests.resolvers.chat.chat_setup import Model as OfflineModel
from tests.resolvers.chat.chat_setup import context_of, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

FIRST, SECOND = (date.today() - timedelta(days=days) for days in (4, 3))
DAYS = {
    FIRST.isoformat(): [("I live in Hangzhou and I work as a nurse.", "Nice to meet you."), ("I like hiking. 我喜欢喝茶。", "好的！")],
    SECOND.isoformat(): [("今天很累，但是很开心。 I decided to rest 🙂", "Rest well."), ('Quotes " and \\ and\nlines', "Yes.")],
}


async def user_with_history(name: str = "ann") -> User:
    """Create a user with an imported MemoryBank file whose nightly jobs have run."""
    user = await seeds.person(name)
    document = {name: {day: [{"query": said, "response": answered} for said, answered in exchanges] for day, exchanges in DAYS.items()}}
    await import_for(user, memorybank.read(document, name))
    for day in map(date.fromisoformat, DAYS):
        await night(Job.DAILY_DIARY, first=day, last=day, user_ids=[user.id])
    async with database.transaction() as session:
        await update_profile(session, user.id, reason="NIGHT")
    return user


async def user_with_verdicts(name: str = "ann") -> User:
    """Create such a user with verdicts: one value set, one locked, one rejected."""
    user = await user_with_history(name)
    context = await context_of(user)
    await profile_verdicts.set_value(context, "preferences.food", "tea")
    home, hiking = [value for value in (await profile.get_profile(user, None)).values if value.value in ("Hangzhou", "hiking")]
    await profile_verdicts.lock(context, home.id)
    await profile_verdicts.reject(context, hiking.id, "I never liked it")
    return user


_FILES: list[str] = []


async def make_export() -> dict[str, Any]:
    """Return an export of a user with verdicts, made once."""
    if not _FILES:
        _FILES.append(await portability.export_json(await user_with_verdicts()))
    return json.loads(_FILES[0])  # type: ignore[no-any-return]


async def state_of(user: User) -> dict[str, Any]:
    """Return the profile of today and of each past day, its changes and its verdicts, as the user can query them."""
    today = (await profile.get_profile(user, None)).as_of
    past = {day: (await profile.get_profile(user, day)).values for day in (today - timedelta(days=number) for number in range(7))}
    verdicts = [(row.id, row.kind, row.slot, row.value, row.evidence, row.reason, row.created_at) for row in await rows(Verdict, Verdict.user_id == user.id)]
    return {
        "now": (await profile.get_profile(user, None)).values,
        "past": {day: [value._replace(id=None) for value in values] for day, values in past.items()},  # the ids of past values differ between users
        "changes": [change._replace(run_id=None, job=None, run_started_at=None) for change in (await profile.list_changes(user, before=None, limit=500)).changes],
        "verdicts": sorted(verdicts),
    }


async def rows_of(user: User) -> dict[str, int]:
    async with database.session() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table).where(table.c.user_id == user.id)) or 0
            for table in Model.metadata.sorted_tables if "user_id" in table.columns
        }  # fmt: skip


async def refreshed(user: User) -> User:
    async with database.session() as session:
        return await session.get_one(User, user.id)


async def test_import_json_of_an_export_exports_the_same_file_again(model: OfflineModel):
    ann, bob = await user_with_history(), await seeds.person("bob", time_zone="Europe/Berlin", day_ends_at=4)
    counted = await rows_of(ann)
    filled = {"messages", "diaries", "diary_versions", "diary_lines", "line_evidence", "signals", "signal_evidence", "profile_values", "profile_changes"}
    assert filled <= {name for name, number in counted.items() if number}
    file = await portability.export_json(ann)
    counts = (await portability.import_json(bob, file)).counts
    bob = await refreshed(bob)
    assert portable(await portability.export_json(bob)) == portable(file) and await portability.export_json(ann) == file
    assert counts["messages"] == 8 and (bob.nickname, bob.time_zone, bob.day_ends_at) == (ann.nickname, ann.time_zone, ann.day_ends_at)
    assert bob.email == "bob@example.org"
    kept = {name: number for name, number in (await rows_of(bob)).items() if name not in (*stored.EXCLUDED_TABLES, "usage")}
    assert kept == {name: number for name, number in counted.items() if name not in (*stored.EXCLUDED_TABLES, "usage")}


async def test_import_json_of_an_export_restores_profile_and_history(model: OfflineModel):
    ann, bob = await user_with_verdicts(), await seeds.person("bob", time_zone="Europe/Berlin", day_ends_at=4)
    await portability.import_json(bob, await portability.export_json(ann))
    there, here = await state_of(await refreshed(bob)), await state_of(ann)
    assert there == here and all(here.values()) and {value.status.value for value in here["now"]} >= {"ACTIVE", "REJECTED"}
    assert len({tuple(values) for values in here["past"].values()}) > 1


async def test_import_json_profile_older_than_a_day_keeps_exact_confidences(model: OfflineModel):
    """Import values computed on an earlier day, which the file does not name and the import has to find."""
    ann, bob = await user_with_verdicts(), await seeds.person("bob")
    async with database.transaction() as session:
        await session.execute(update(Verdict).where(Verdict.user_id == ann.id).values(created_at=Verdict.created_at - timedelta(days=2)))
        present = await profile_writes.list_values(session, ann.id)
        fresh = {(value.slot, value.value_key): value.confidence for value in present}
        older = (await load_profile_inputs(session, [ann]))[ann.id].profile(date.today() - timedelta(days=1))
        await profile_writes.replace_values(session, [profile_writes.Replacement(ann.id, present, [to_columns(value) for value in older])])
    assert any(fresh[value.slot, value.value_key] != value.confidence for value in older)
    file = await portability.export_json(ann)
    await portability.import_json(bob, file)
    assert portable(await portability.export_json(await refreshed(bob))) == portable(file)


async def test_import_json_without_profile_values_derives_them(model: OfflineModel):
    """Import a profile that no job has updated yet; the file holds no item of the job queue that would do it."""
    ann, bob = await user_with_history(), await seeds.person("bob")
    file = json.loads(await portability.export_json(ann))
    late = {**file, "profile_values": [], "profile_changes": []}
    await portability.import_json(bob, json.dumps(late))
    there = json.loads(await portability.export_json(await refreshed(bob)))
    known = ("slot", "value", "status", "confidence", "evidence", "first_seen_at")
    assert sorted([str(row[name]) for name in known] for row in there["profile_values"]) == sorted([str(row[name]) for name in known] for row in file["profile_values"])


@pytest.mark.parametrize("forged", [{"confidence": 0.9999}, {"value": "Atlantis", "value_key": "atlantis"}, {"locked": True}, {"status": "REJECTED"}, {"evidence": []}])
async def test_import_json_forged_profile_values_are_derived_again(model: OfflineModel, forged: dict[str, Any]):
    ann, bob = await user_with_history(), await seeds.person("bob")
    file = json.loads(await portability.export_json(ann))
    file["profile_values"][0].update(forged)
    await portability.import_json(bob, json.dumps(file))
    there, here = [(await profile.get_profile(user, None)).values for user in (await refreshed(bob), ann)]
    assert [value._replace(id=None) for value in there] == [value._replace(id=None) for value in here]
    imported = [change for change in await rows(ProfileChange, ProfileChange.user_id == bob.id) if change.reason.startswith("PROFILE_IMPORTED")]
    assert bool(imported) is (forged != {"evidence": []})


async def test_message_delete_evidence_of_a_verdict_is_removed_from_its_list(model: OfflineModel):
    """Prevent exports that refer to a message they do not hold, which no import accepts."""
    ann, bob = await user_with_verdicts(), await seeds.person("bob")
    [rejected] = [row for row in await rows(Verdict, Verdict.user_id == ann.id) if row.evidence]
    message = rejected.evidence[0]
    async with database.transaction() as session:
        keep = (await session.scalars(select(Message.id).where(Message.user_id == ann.id, Message.id != message, Message.role == "USER").limit(2))).all()
        await session.execute(update(Verdict).where(Verdict.id == rejected.id).values(evidence=[keep[1], message, keep[0]], slot="habits.sleep", value="x", value_key="x"))
    await chat.delete(await context_of(ann), message)
    [row] = await rows(Verdict, Verdict.id == rejected.id)
    assert row.evidence == [keep[1], keep[0]]
    await portability.import_json(bob, await portability.export_json(ann))


async def test_import_json_previous_format_is_read(model: OfflineModel):
    ann, bob = await user_with_history(), await seeds.person("bob")
    now = await portability.export_json(ann)
    older = {**json.loads(now), "format": "unilife/1"}
    assert older.pop("dispute_questions") == [] == older.pop("event_questions")
    assert {row.pop(name) for table, name in (("conversations", "play"), ("diary_lines", "happens_on"), ("signals", "happens_on")) for row in older[table]} == {None, False}
    assert {message.pop("cut_off") for message in older["messages"]} == {None}
    await portability.import_json(bob, json.dumps(older))
    assert portable(await portability.export_json(await refreshed(bob))) == portable(now)


async def test_import_json_evidence_without_a_cited_part_is_read_and_one_outside_its_quote_is_refused(model: OfflineModel):
    ann, bob = await user_with_history(), await seeds.person("bob")
    file = json.loads(await portability.export_json(ann))
    assert any(row["cited_start"] is not None for row in file["line_evidence"])
    file["line_evidence"][0].update(cited_start=0, cited_end=len(file["line_evidence"][0]["quote"]) + 10_000)
    with pytest.raises(InvalidInput, match="cited_start and cited_end are no part of the quote"):
        await portability.import_json(bob, json.dumps(file))
    assert await rows(LineEvidence, LineEvidence.user_id == bob.id) == []
    for row in [*file["line_evidence"], *file["signal_evidence"]]:
        del row["cited_start"], row["cited_end"]
    await portability.import_json(bob, json.dumps({**file, "format": "unilife/3"}))
    read = await rows(LineEvidence, LineEvidence.user_id == bob.id)
    assert len(read) == len(file["line_evidence"]) and {(row.cited_start, row.cited_end) for row in read} == {(None, None)}


async def test_import_json_restores_polarity_and_context_and_reads_files_without_them(model: OfflineModel):
    ann, bob, eve = await seeds.person("ann"), await seeds.person("bob"), await seeds.person("eve")
    [message] = await seeds.said(ann, FIRST, "I haven't eaten pork at work since 2019")
    quoted = replace(seeds.quote(message), relation=StatementRelation.IS_NOT, since="2019", until="2026-12", condition="at work")
    await seeds.diary(ann, FIRST, signals=[seeds.signal("preferences.food", "pork", quoted, polarity=Polarity.NEGATIVE)])
    async with database.transaction() as session:
        await update_profile(session, ann.id, reason="NIGHT")
        [value] = await profile_writes.list_values(session, ann.id)
        await verdicts.save_verdict(session, ann.id, VerdictKind.LOCK, value.slot, value.value, value.value_key, polarity=value.polarity)
        await update_profile(session, ann.id, reason="VALUE_LOCKED")
    file = await portability.export_json(ann)
    await portability.import_json(bob, file)
    [restored] = await rows(ProfileValue, ProfileValue.user_id == bob.id)
    assert (restored.value_key, restored.polarity, restored.since, restored.until, restored.condition, restored.locked) == (
        "!pork", ValuePolarity.IS_NOT, "2019", "2026-12", "at work", True)  # fmt: skip
    assert portable(await portability.export_json(await refreshed(bob))) == portable(file)
    older = json.loads(file)
    for table, columns in {"signal_evidence": "relation since until condition", "profile_values": "polarity since until condition", "verdicts": "polarity"}.items():
        for row in older[table]:
            for column in columns.split():
                del row[column]
    older["verdicts"], older["profile_values"], older["profile_changes"] = [], [], []
    await portability.import_json(eve, json.dumps(older))
    [read] = await rows(SignalEvidence, SignalEvidence.user_id == eve.id)
    assert (read.relation, read.since, await rows(ProfileValue, ProfileValue.user_id == eve.id)) == (None, None, [])
    file_with_a_long_condition = json.loads(file)
    file_with_a_long_condition["signal_evidence"][0]["condition"] = "x" * 81
    with pytest.raises(InvalidInput, match="condition"):
        await portability.import_json(await seeds.person("dan"), json.dumps(file_with_a_long_condition))


async def test_export_json_renamed_columns_keep_their_names_in_files(model: OfflineModel):
    """Files that were exported before a column was renamed can be imported, and new ones by the release before."""
    ann, bob = await seeds.person(), await seeds.person("bob")
    [message] = await seeds.said(ann, seeds.DAY, "I live in Leeds.")
    async with database.transaction() as session:
        await session.execute(update(Conversation).values(summary="Leeds", summary_through_message_id=message.id))
        session.add(DiaryDeletion(user_id=ann.id, day=seeds.DAY, through_message_id=message.id))
        session.add(DisputeQuestion(user_id=ann.id, slot="identity.home", dispute_digest="digest", question_id=message.id))
        await verdicts.save_revert(session, ann.id, seeds.DAY, message.created_at, [])
    file = await portability.export_json(ann)
    tables = {name: found[0] for name, found in json.loads(file).items() if isinstance(found, list) and found}
    assert tables["conversations"]["summary_through"] == tables["diary_deletions"]["through"] == str(message.id)
    assert tables["dispute_questions"]["dispute"] == "digest"
    assert tables["verdicts"]["until"] == message.created_at.isoformat()
    renamed = {"summary_through_message_id", "through_message_id", "dispute_digest", "verdicts_valid_until"}
    assert not renamed & {name for row in tables.values() for name in row}
    await portability.import_json(bob, file)
    assert portable(await portability.export_json(await refreshed(bob))) == portable(file)
    [conversation], [deletion] = await rows(Conversation, Conversation.user_id == bob.id), await rows(DiaryDeletion, DiaryDeletion.user_id == bob.id)
    assert conversation.summary_through_message_id == deletion.through_message_id == message.id


SOFT_REFERENCES: Mapping[tuple[str, str], str] = {
    ("answer_streams", "answer_id"): "the id that the answer gets when it is stored",
    ("conversation_branches", "begins_at"): "the position of a message, kept when the message is deleted",
    ("conversations", "current_branch_id"): "a branch of the conversation, checked by an import",
    ("conversations", "summary_through_message_id"): "the position of a message, kept when the message is deleted",
    ("conversations", "forked_from"): "the source, kept when it is deleted",
    ("diary_deletions", "through_message_id"): "the position of a message, kept when the message is deleted",
}
"""Columns with the id of a row that may not exist, and why."""


def test_export_json_every_id_column_is_checked_or_listed_as_soft_reference():
    unchecked = set()
    for table in stored.personal_tables():
        checked = {name for columns, _, _ in stored.references_of(table) for name in columns} | {stored.MESSAGE_LISTS.get(table.name), "id"}
        ids = {column.name for column in stored.columns_of(table) if isinstance(getattr(column.type, "item_type", column.type), Uuid)}
        unchecked |= {(table.name, name) for name in ids - checked}
    assert unchecked == set(SOFT_REFERENCES)


async def test_export_json_every_personal_table_is_exported_or_excluded_by_name():
    file = json.loads(await portability.export_json(await seeds.person()))
    personal = {table.name for table in Model.metadata.sorted_tables if "user_id" in table.columns}
    assert personal == set(file) - {"format", "label", "account"} | set(stored.EXCLUDED_TABLES)


async def test_import_json_pending_question_is_stored_as_failed():
    ann, bob = await seeds.person(), await seeds.person("bob")
    [message] = await seeds.said(ann, seeds.DAY, "Still there?")
    async with database.transaction() as session:
        await session.execute(
            update(Message).where(Message.id == message.id).values(status=MessageStatus.PENDING, answer_lease_until=message.created_at + timedelta(hours=1))
        )
    await portability.import_json(bob, file := await portability.export_json(ann))
    async with database.session() as session:
        there = (await session.scalars(select(Message).where(Message.user_id == bob.id))).one()
    assert (there.status, there.error_code, there.answer_lease_until) == (MessageStatus.FAILED, "MODEL_INTERRUPTED", None)
    assert portable(await portability.export_json(await refreshed(bob))) == portable(file)


Change = Callable[[dict[str, Any]], Any]


def changed(path: str, value: Any) -> Change:
    *way, last = path.split(".")

    def change(file: dict[str, Any]) -> None:
        place: Any = file
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value

    return change


@pytest.mark.parametrize(("change", "says"), [
    (changed("format", "unilife/9"), "unilife/8"),
    (lambda file: file.pop("dispute_questions"), "lacks the members dispute_questions"),
    (changed("profile_values.0.evidence.0", "00000000-0000-7000-8000-000000000000"), "profile_values[0].evidence[0] refers to a row that messages does not contain"),
    (changed("profile_values.0.evidence.0", "x"), "profile_values[0].evidence[0]"),
    (lambda file: next(row for row in file["verdicts"] if row["evidence"])["evidence"].append("00000000-0000-7000-8000-000000000000"), "evidence[1] refers to a row that messages does not contain"),
    (lambda file: file["dispute_questions"].append({"slot": "identity.home", "dispute": "x", "question_id": "00000000-0000-7000-8000-000000000000", "created_at": "2026-01-01T00:00:00+00:00"}),
     "dispute_questions[0].question_id refers to a row that messages does not contain"),
    (changed("messages.1.reply_to", "00000000-0000-7000-8000-000000000000"), "messages[1].reply_to refers to a row that messages does not contain"),
    (changed("messages.0.time_zone", "Mars/Olympus"), "messages[0].time_zone is not an IANA time zone such as Asia/Shanghai"),
    (changed("diaries.0.version", 7), "diaries[0].version refers to a row that diary_versions does not contain"),
    (changed("signal_evidence.0.day", "2020-01-01"), "signal_evidence[0].day is not the day of its message"),
    (changed("conversations.0.temporary", True), "temporary conversation"),
    (changed("conversations.0.play", True), "in a conversation that is play, which cannot be evidence of a signal"),
    (changed("diary_lines.0.happens_on", "1800-01-01"), "diary_lines[0].happens_on is 1800-01-01; send a day of the years 1900 to 2100"),
    (lambda file: [row.update(copied=True) for row in file["messages"]], "which cannot be evidence"),
    (lambda file: file.pop("signals"), "lacks the members signals"),
    (changed("refresh_tokens", []), "unknown member 'refresh_tokens'"),
    (changed("messages", {}), "messages must be a list"),
    (changed("messages.0", "hello"), "messages[0] must be an object"),
    (changed("messages.0.user_id", "x"), "messages[0] has the unknown member 'user_id'"),
    (changed("messages.1.day", "2023-02-30"), 'messages[1].day is "2023-02-30", but must be a day'),
    (changed("messages.1.created_at", "2023-04-27T10:00:00"), "must be a time with an offset"),
    (changed("messages.0.content", None), "messages[0].content must not be null"),
    (changed("messages.0.content", "a\0b"), "must be a string without NUL"),
    (changed("messages.0.content", "\ud800"), "must be a string without NUL"),
    (changed("messages.0.role", "ADMIN"), "messages[0].role"),
    (changed("messages.0.tool_calls", 2**40), "messages[0].tool_calls"),
    (changed("messages.0.copied", 1), "must be true or false"),
    (changed("messages.0.conversation_id", "00000000-0000-7000-8000-000000000000"), "refers to a row that conversations does not contain"),
    (lambda file: file["messages"].append(file["messages"][0]), "has the same id as an earlier row"),
    (changed("line_evidence.0.quote", "I never wrote that"), "line_evidence[0].quote is not in the message"),
    (changed("diary_versions.0.mood", 9), "diary_versions[0].mood is 9; send 1 (low) to 5 (high)"),
    (changed("account.time_zone", "Mars/Olympus"), "timeZone must be"),
    (changed("account", []), "account must be an object"),
], ids=lambda given: given if isinstance(given, str) else "")  # fmt: skip
async def test_import_json_invalid_file_is_refused_by_position_and_changes_nothing(model: OfflineModel, change: Change, says: str):
    bob, file = await seeds.person("bob"), await make_export()
    change(file)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await portability.import_json(bob, json.dumps(file))
    assert says in refused.value.message, refused.value.message
    assert await everything() == before


@pytest.mark.parametrize(("content", "says"), [
    ("", "not JSON"), ('{"format": ', "line 1, column 12"), ("[]", "not a UniLife export"), ("[" * 100_000, "JSON"), ("NaN", "JSON"), ("1" * 6000, "JSON"), ("x" * 4_000_001, "limit is 4,000,000"),
], ids=["empty", "cut off", "a list", "nested deeply", "NaN", "a huge number", "too long"])  # fmt: skip
async def test_import_json_other_content_is_refused(content: str, says: str):
    bob = await seeds.person("bob")
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await portability.import_json(bob, content)
    assert says in refused.value.message and refused.value.field == "content"
    assert await everything() == before


async def test_import_json_evidence_in_an_answer_is_refused(model: OfflineModel):
    bob, file = await seeds.person("bob"), await make_export()
    answer = next(row for row in file["messages"] if row["role"] == "ASSISTANT")
    file["signal_evidence"][0].update(message_id=answer["id"], quote=answer["content"], start=0)
    before = await everything()
    with pytest.raises(InvalidInput, match=r"signal_evidence\[0\].message_id is an answer"):
        await portability.import_json(bob, json.dumps(file))
    assert await everything() == before


async def test_import_json_account_in_use_is_refused():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, seeds.DAY, "Ann's words")
    await seeds.said(bob, seeds.DAY, "Bob's words")
    before, file = await everything(), await portability.export_json(ann)
    with pytest.raises(Conflict):
        await portability.import_json(bob, file)
    assert await everything() == before


async def test_export_json_larger_than_a_response_is_refused():
    ann = await seeds.person()
    await seeds.said(ann, seeds.DAY, "长" * 1000)
    with pytest.raises(Conflict, match="accountExportPart"):
        await portability.export_json(ann, largest=2_999)
    with pytest.raises(Conflict, match="accountExportPart"):
        await portability.export_json(ann, largest=3_500)
    assert "长" * 1000 in await portability.export_json(ann, largest=None)


async def test_export_markdown_in_each_locale_shows_profile_diaries_and_conversations(model: OfflineModel):
    ann = await user_with_verdicts()
    await seeds.said(ann, FIRST, "# No heading\n## nor this\n- one")
    text = await portability.export_markdown(ann)
    assert text.startswith("# UniLife data of ann\n\n> Contains AI-generated text") and f"\n## {FIRST}\n" in text
    assert "**Lives in**: Hangzhou (100% confidence, locked)" in text and "**Likes to do**: hiking (rejected)" in text
    assert "\n> # No heading\n> ## nor this\n> - one\n" in text
    for said, answered in [exchange for exchanges in DAYS.values() for exchange in exchanges]:
        assert "\n".join(f"> {line}" for line in said.splitlines()) in text and f"> {answered}" in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Profile", f"## {FIRST}", f"## {SECOND}"]
    ann.locale = "zh-CN"
    translated = await portability.export_markdown(ann)
    assert [line for line in translated.splitlines() if line.startswith("## ")] == ["## 画像", f"## {FIRST}", f"## {SECOND}"] and "**爱好**: hiking (已否定)" in translated


async def test_delete_user_after_an_export_leaves_no_rows(model: OfflineModel):
    ann = await user_with_history()
    await portability.import_json(bob := await seeds.person("bob"), await portability.export_json(ann))
    async with database.transaction() as session:
        assert await accounts.delete_user(session, ann.id, ann.password_hash)
    assert not any((await rows_of(ann)).values()) and any((await rows_of(bob)).values())
    everywhere = [row for found in (await everything()).values() for row in found]
    assert everywhere and not any(str(ann.id) in cell for row in everywhere for cell in row)
