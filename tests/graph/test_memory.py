"""The switches of a user's memory through the whole application: what prompts are told, what is stored on every path, and the gap after switching on again."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from jobs.profile_update import update_profile
from jobs.rules.day import day_bounds
from persistence import database
from persistence.models import (
    ActiveDay,
    Conversation,
    Diary,
    DiaryLine,
    DiaryVersion,
    LineEvidence,
    Message,
    ProfileChange,
    ProfileValue,
    Signal,
    SignalEvidence,
    User,
)
from persistence.models.enums import Learning, MessageRole
from persistence.models.jobs import Job
from persistence.queries.chat_import import ImportedMessage, import_messages
from resolvers import portability
from resolvers.imports.storing import find_learning
from tests import seeds
from tests.jobs.job_setup import everything, night, rows
from tests.resolvers.chat.chat_setup import Model, model, move_messages_back
from tests.seeds import DAY, ask, bearer

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ERRORS = "... on Error { code message } ... on InvalidInputError { field }"
GAP = "{ from to messages days }"
MEMORY = "memory { diary profile toldInChats pausedUntil paused topicsNotKept namesNotKept gap { messages } stored { lines signals values } }"
UPDATE = f"""mutation ($input: MemoryUpdateInput!) {{ result: memoryUpdate(input: $input) {{ __typename {ERRORS}
    ... on MemoryUpdateSuccess {{ user {{ {MEMORY} }} gap {GAP} learnedFrom {GAP} }} }} }}"""
CONVERSATION = f"""mutation ($input: ConversationUpdateInput!) {{ result: conversationUpdate(input: $input) {{ __typename {ERRORS}
    ... on ConversationUpdateSuccess {{ conversation {{ memory {{ diary profile toldInChats }} }} gap {GAP} }} }} }}"""
SEND = f"""mutation ($input: MessageSendInput!) {{ result: messageSend(input: $input) {{ __typename {ERRORS}
    ... on MessageSendSuccess {{ answer {{ id content sources {{ values days messages }} }} conversation {{ id title }} }} }} }}"""
REGENERATE = f"""mutation ($input: MessageRegenerateInput!) {{ result: messageRegenerate(input: $input) {{ __typename {ERRORS}
    ... on MessageRegenerateSuccess {{ answer {{ id sources {{ values days messages }} }} }} }} }}"""
REWRITE = f"mutation ($input: DiaryRewriteInput!) {{ result: diaryRewrite(input: $input) {{ __typename {ERRORS} }} }}"
IMPORT = f"mutation ($input: AccountImportInput!) {{ result: accountImport(input: $input) {{ __typename {ERRORS} }} }}"

ABOUT = ("zebulon", "Hangzhou", "running", "Ran in the morning", "ran 5 km")
"""Words of the seeded days, profile and account of the user."""


async def call(user: User, document: str, **input: Any) -> dict[str, Any]:
    answer = await ask(document, {"input": input}, token=await bearer(user))
    assert "errors" not in answer, answer
    return answer["data"]["result"]  # type: ignore[no-any-return]


async def change(user: User, **input: Any) -> dict[str, Any]:
    made = await call(user, UPDATE, **input)
    assert made["__typename"] == "MemoryUpdateSuccess", made
    return made


async def send(user: User, content: str, **input: Any) -> dict[str, Any]:
    made = await call(user, SEND, content=content, **input)
    assert made["__typename"] == "MessageSendSuccess", made
    return made


async def known_person() -> User:
    """Return a user of whom a day and a profile are known."""
    user = await seeds.person("zebulon")
    await seeds.whole_day(user, DAY)
    async with database.transaction() as session:
        await update_profile(session, user.id, reason="NIGHT")
    return user


async def nights(user: User) -> None:
    """Run all jobs for what is due of the user, two weeks later."""
    await move_messages_back(user, 14)
    for job in (Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE):
        await night(job)


TALK = "I live in Hangzhou. I ran 5 km before work today. I decided to run every morning."


def tomorrow() -> str:
    return (date.today() + timedelta(days=3)).isoformat()


@pytest.mark.parametrize("off", ["account", "pause", "conversation", "update"])
async def test_prompt_with_chats_not_told_has_no_byte_about_the_user_and_no_tools(model: Model, off: str):
    ann = await known_person()
    input: dict[str, Any] = {}
    if off == "account":
        await change(ann, toldInChats=False)
    elif off == "pause":
        await change(ann, pausedUntil=tomorrow())
    elif off == "conversation":
        input["memory"] = {"toldInChats": False}
    else:
        told = await send(ann, "What do you know about me? Where do I live?")
        assert "Hangzhou" in told["answer"]["content"] and told["answer"]["sources"]["values"]
        input["conversationId"] = told["conversation"]["id"]
        await call(ann, CONVERSATION, conversationId=told["conversation"]["id"], memory={"toldInChats": False})
    await model.reset()
    sent = await send(ann, "What did I do on May 20, 2026? Where do I live?", **input)
    again = await call(ann, REGENERATE, messageId=sent["answer"]["id"])
    bodies = await model.bodies()
    assert len(bodies) >= 2 and not [(about, body) for body in bodies for about in ABOUT if about in body]
    assert not any("tools" in json.loads(request["body"]) for request in await model.requests("chat"))
    assert sent["answer"]["sources"] == again["answer"]["sources"] == {"values": [], "days": [], "messages": []}


async def test_prompt_with_chats_told_again_has_the_profile_and_tools(model: Model):
    ann = await known_person()
    await change(ann, toldInChats=False)
    await change(ann, toldInChats=True)
    sent = await send(ann, "What did I do on May 20, 2026? Where do I live?")
    assert any("Hangzhou" in body and "zebulon" in body for body in await model.bodies()) and sent["answer"]["sources"]["values"]


async def kept_rows(user: User) -> list[int]:
    """Return the numbers of the user's rows that only learning makes."""
    return [len(await rows(kind, kind.user_id == user.id)) for kind in (Diary, DiaryLine, Signal, ProfileValue, ProfileChange, ActiveDay)]


@pytest.mark.parametrize("off", ["account", "pause", "conversation"])
async def test_nights_learn_nothing_of_messages_written_while_the_diary_is_off_until_the_user_says_so(model: Model, off: str):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    input = {"memory": {"diary": False}} if off == "conversation" else {}
    if off != "conversation":
        await change(ann, **({"diary": False} if off == "account" else {"pausedUntil": tomorrow()}))
    sent = await send(ann, TALK, **input)
    refused = await call(ann, REWRITE, date=(await rows(Message))[0].day.isoformat()) if off != "conversation" else {"code": "MEMORY_OFF"}
    await nights(ann)
    assert refused["code"] == "MEMORY_OFF" and await kept_rows(ann) == [0] * 6
    written = (await rows(Message))[0].day.isoformat()
    assert (await ask(f'{{ day(date: "{written}") {{ state messageCount }} }}', token=await bearer(ann)))["data"]["day"] == {
        "state": "SWITCHED_OFF", "messageCount": 1}
    on = {"diary": True} if off == "account" else {"pausedUntil": None}
    if off == "conversation":
        changed = await call(ann, CONVERSATION, conversationId=sent["conversation"]["id"], memory={"diary": True})
    else:
        changed = await change(ann, **on)
    [question] = await rows(Message, Message.role == "USER")
    assert changed["gap"] == {"from": changed["gap"]["from"], "to": changed["gap"]["from"], "messages": 1, "days": 1}
    assert changed["gap"]["from"][:10] == question.created_at.isoformat()[:10]
    await night(Job.DAILY_DIARY)
    assert await kept_rows(ann) == [0] * 6
    learned = await change(ann, learnFrom="GAP")
    assert learned["learnedFrom"]["messages"] == 1 and learned["gap"] is None
    await nights(ann)
    assert {value.value for value in await rows(ProfileValue, ProfileValue.slot == "identity.home")} == {"Hangzhou"}


async def test_nights_learn_nothing_of_the_gap_when_the_user_wants_to_learn_from_now_on(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await change(ann, diary=False)
    await send(ann, TALK)
    refused = await call(ann, UPDATE, learnFrom="GAP")
    assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", "learnFrom")
    changed = await change(ann, diary=True, learnFrom="NOW")
    assert changed["gap"] is None and changed["learnedFrom"] is None
    await nights(ann)
    assert await kept_rows(ann) == [0] * 6
    assert {(row.learning, row.in_gap) for row in await rows(Message)} == {(Learning.NONE, False)}


async def test_nights_write_the_diary_without_signals_while_the_profile_is_off_and_learn_from_the_gap(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await send(ann, "I live in Hangzhou.")
    await change(ann, profile=False)
    await send(ann, TALK)
    await nights(ann)
    assert len(await rows(DiaryLine)) > 0 and not await rows(Signal) and not await rows(ProfileValue) and not await rows(ProfileChange)
    assert not any("identity.home" in json.loads(request["body"])["messages"][1]["content"] for request in await model.requests("diary"))
    learned = await change(ann, profile=True, learnFrom="GAP")
    assert learned["learnedFrom"]["messages"] == 2
    await nights(ann)
    assert "Hangzhou" in {value.value for value in await rows(ProfileValue)}


async def test_nights_leave_what_is_due_alone_while_the_diary_is_off(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await send(ann, TALK)
    await change(ann, diary=False)
    await nights(ann)
    for job in (Job.DAILY_DIARY, Job.WEEKLY_PROFILE):
        await night(job, user_ids=[ann.id], force=True)
    assert not await rows(Diary) and (await model.calls()).get("diary", 0) == 0
    await change(ann, diary=True)
    await night(Job.DAILY_DIARY)
    assert len(await rows(Diary)) == 1


async def test_messages_written_while_the_diary_is_off_are_not_recalled_in_other_conversations(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await send(ann, "My violin lesson went well, the teacher is called Ottokar.", memory={"diary": False})
    await move_messages_back(ann, 3)
    await model.reset()
    sent = await send(ann, "How was my violin lesson?")
    assert not any("Ottokar" in body for body in await model.bodies()) and sent["answer"]["sources"]["messages"] == []


@pytest.mark.parametrize(("input", "field"), [
    ({"diary": None}, "diary"), ({"toldInChats": None}, "toldInChats"), ({"topicsNotKept": None}, "topicsNotKept"), ({"namesNotKept": None}, "namesNotKept"),
    ({"namesNotKept": ["Bo", " "]}, "namesNotKept"), ({"namesNotKept": ["a\u202eb"]}, "namesNotKept"), ({"namesNotKept": ["12"]}, "namesNotKept"),
    ({"namesNotKept": ["x" * 81]}, "namesNotKept"), ({"namesNotKept": [f"Person {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(51)]}, "namesNotKept"),
])  # fmt: skip
async def test_memory_update_of_invalid_input_changes_nothing(input: dict[str, Any], field: str):
    ann = await seeds.person()
    token = await bearer(ann)
    before = await everything()
    refused = (await ask(UPDATE, {"input": input}, token=token))["data"]["result"]
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", field) and await everything() == before


async def test_message_send_with_switches_for_an_existing_conversation_is_refused(model: Model):
    ann = await seeds.person()
    sent = await send(ann, "Hello.")
    before = len(await rows(Message))
    refused = await call(ann, SEND, content="And?", conversationId=sent["conversation"]["id"], memory={"diary": False})
    assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", "memory") and len(await rows(Message)) == before
    assert [row.memory_off for row in await rows(Conversation)] == [[]]


async def test_memory_of_a_user_shows_the_settings():
    ann = await seeds.person()
    await change(ann, profile=False, pausedUntil="2020-01-01", topicsNotKept=["BELIEFS", "HEALTH"], namesNotKept=["Zoë", "zoe", "王伟"])
    answer = await ask(f"{{ viewer {{ {MEMORY} }} }}", token=await bearer(ann))
    assert answer["data"]["viewer"]["memory"] == {
        "diary": True, "profile": False, "toldInChats": True, "pausedUntil": "2020-01-01", "paused": False, "topicsNotKept": ["HEALTH", "BELIEFS"],
        "namesNotKept": ["Zoë", "王伟"], "gap": None, "stored": {"lines": 0, "signals": 0, "values": 0},
    }  # fmt: skip


ERASE = """mutation ($input: MemoryEraseInput!) { result: memoryErase(input: $input) { __typename ... on Error { code message }
    ... on MemoryEraseSuccess { receipt { linesRemoved signalsRemoved valuesRemoved messagesRemoved } } } }"""
SORROWS = (
    "I have diabetes and take insulin. I live in Hangzhou. I decided to marry Karl. I ran 5 km before work. I earn 4,000 euros a month. "
    "I met Ottokar for chess. I pray to God each morning."
)
PRIVATE = ("diabetes", "insulin", "Karl", "4,000", "Ottokar", "pray")


async def texts_of(user: User) -> str:
    """Return all that diaries, profile and generated titles say."""
    found = [line.text for line in await rows(DiaryLine, DiaryLine.user_id == user.id)]
    found += [row.summary for row in await rows(DiaryVersion)] + [row.quote for row in (*await rows(LineEvidence), *await rows(SignalEvidence))]
    found += [row.value for row in (*await rows(Signal), *await rows(ProfileValue))]
    return "\n".join([*found, *(row.title or "" for row in await rows(Conversation))])


@pytest.mark.parametrize("fails", [False, True])
async def test_topics_and_names_not_kept_are_in_no_line_signal_value_or_title(model: Model, fails: bool):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await change(ann, topicsNotKept=["HEALTH", "LOVE", "MONEY", "BELIEFS"], namesNotKept=["ottokar"])
    await send(ann, SORROWS)
    if fails:
        await model.fail(match="diary", kind="500")
    await nights(ann)
    kept = await texts_of(ann)
    assert not [word for word in PRIVATE if word in kept] and ("5 km" in kept or "Hangzhou" in kept), kept
    if not fails:
        again = await call(ann, REWRITE, date=(await rows(Message))[0].day.isoformat())
        assert again["__typename"] == "DiaryRewriteSuccess" and not [word for word in PRIVATE if word in await texts_of(ann)]
        versions = len(await rows(DiaryVersion))
        await night(Job.DAILY_DIARY, user_ids=[ann.id], force=True)
        assert len(await rows(DiaryVersion)) == versions, "the same entry is not stored again"


@pytest.mark.parametrize(("private", "kept", "name"), [
    ("I am so happy that Ottokar came.", "I am so happy about my new bike.", "Ottokar"), ("王伟来了，我很开心。", "买了新自行车，我很开心。", "王伟"),
])  # fmt: skip
async def test_mood_of_a_day_is_kept_only_with_a_feeling_that_may_be_kept(model: Model, private: str, kept: str, name: str):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await change(ann, namesNotKept=[name])
    sent = await send(ann, private)
    await nights(ann)
    assert [(row.mood, row.summary) for row in await rows(DiaryVersion)] == [(None, "")] and await rows(DiaryLine) == []
    await change(ann, namesNotKept=[])
    await call(ann, REWRITE, date=(await rows(Message))[0].day.isoformat())
    assert max(await rows(DiaryVersion), key=lambda row: row.version).mood is not None, "the day does show a mood"
    await change(ann, namesNotKept=[name])
    await send(ann, kept, conversationId=sent["conversation"]["id"])
    await nights(ann)
    [version] = [row for row in await rows(DiaryVersion) if kept.rstrip("。.") in row.summary]
    assert version.mood is not None


async def test_memory_erase_removes_what_was_kept_of_a_topic_that_is_chosen_later(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await send(ann, SORROWS)
    await nights(ann)
    await change(ann, topicsNotKept=["HEALTH", "LOVE", "MONEY", "BELIEFS"], namesNotKept=["Ottokar"])
    before = (await ask(f"{{ viewer {{ {MEMORY} }} }}", token=await bearer(ann)))["data"]["viewer"]["memory"]["stored"]
    assert before["lines"] > 0 and [word for word in PRIVATE if word in await texts_of(ann)]
    erased = (await ask(ERASE, {"input": {}}, token=await bearer(ann)))["data"]["result"]
    assert erased["__typename"] == "MemoryEraseSuccess" and erased["receipt"]["linesRemoved"] == before["lines"], erased
    assert erased["receipt"]["signalsRemoved"] == before["signals"] and erased["receipt"]["messagesRemoved"] == 0
    assert not [word for word in PRIVATE if word in await texts_of(ann)]
    after = (await ask(f"{{ viewer {{ {MEMORY} }} }}", token=await bearer(ann)))["data"]["viewer"]["memory"]["stored"]
    assert after == {"lines": 0, "signals": 0, "values": 0} and len(await rows(Message)) == 2
    token = await bearer(ann)
    again = await everything()
    assert (await ask(ERASE, {"input": {}}, token=token))["data"]["result"]["receipt"]["linesRemoved"] == 0 and await everything() == again


async def test_chat_import_while_the_diary_is_off_makes_no_day_due_and_is_in_the_gap(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await change(ann, diary=False)
    said = [ImportedMessage("k1", "c", MessageRole.USER, TALK, datetime(2026, 5, 20, 4, tzinfo=timezone.utc), DAY, ann.time_zone)]
    [user] = await rows(User)
    async with database.transaction() as session:
        await import_messages(session, user.id, said, day_bounds=lambda day: day_bounds(day, user.time_zone, 0), learning=find_learning(user))
    assert await kept_rows(ann) == [0] * 6
    assert (await change(ann, diary=True))["gap"]["messages"] == 1


async def test_account_import_while_the_diary_is_off_is_refused():
    ann, bob = await known_person(), await seeds.person("bob")
    exported = await portability.export_json(ann)
    await change(bob, diary=False)
    before = await everything()
    refused = await call(bob, IMPORT, content=exported)
    assert refused["code"] == "MEMORY_OFF" and {**await everything(), "sign_ins": ()} == {**before, "sign_ins": ()}


async def test_account_export_and_import_keep_the_switches(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    await change(ann, toldInChats=False, pausedUntil="2030-01-01", topicsNotKept=["LOVE"], namesNotKept=["Karl"])
    await send(ann, TALK, memory={"profile": False})
    [user] = await rows(User, User.id == ann.id)
    imported = await call(bob, IMPORT, content=await portability.export_json(user))
    assert imported["__typename"] == "AccountImportSuccess", imported
    [restored] = await rows(User, User.id == bob.id)
    assert (restored.memory_off, restored.memory_paused_until, restored.topics_off, restored.names_off) == (["TOLD"], date(2030, 1, 1), ["LOVE"], ["Karl"])
    assert {(row.learning, row.in_gap) for row in await rows(Message, Message.user_id == bob.id, Message.role == "USER")} == {(Learning.NONE, True)}
    assert [row.memory_off for row in await rows(Conversation, Conversation.user_id == bob.id)] == [["PROFILE"]] and not await rows(ActiveDay)
