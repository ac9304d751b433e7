"""The switches of memory where other features meet them: events, memory texts, play, and answers that were stopped or continued."""
from __future__ import annotations

import json
from typing import Any

import pytest

from persistence.models import Conversation, EventQuestion, ImportedLine, ImportedValue, Message, ProfileValue, User
from persistence.models.chat import CutOff
from persistence.models.enums import Learning
from resolvers import chat
from tests import seeds
from tests.graph.test_imports import Client
from tests.graph.test_memory import CONVERSATION, ERASE, MEMORY, TALK, call, change, known_person, nights, send
from tests.graph.test_memory_imports import ENGLISH, MEMORY_COMMIT, import_text, send_text, skipped
from tests.jobs.job_setup import everything, rows
from tests.resolvers.chat.chat_setup import Model, context_of, model
from tests.resolvers.chat.test_dead_streams import WRITTEN, dead_stream
from tests.resolvers.chat.test_sense_of_time import tell
from tests.seeds import ask, bearer

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

CONTINUE = """mutation ($input: MessageContinueInput!) { result: messageContinue(input: $input) { __typename ... on Error { code message }
    ... on MessageContinueSuccess { answer { id } } } }"""


async def client(user: User) -> Client:
    return Client(user, await seeds.bearer(user))


async def test_prompt_of_chats_not_told_has_no_events_and_reserves_none(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await tell(ann, "The flight to Quito", days_ahead=3)
    await tell(ann, "The exam in Lima", days_ahead=-1, days_ago=9)
    await change(ann, toldInChats=False)
    sent = await send(ann, "Hello!")
    bodies = await model.bodies()
    assert bodies and not [body for body in bodies for word in ("Quito", "Lima") if word in body] and not await rows(EventQuestion)
    [answer] = await rows(Message, Message.role == "ASSISTANT")
    assert sent["answer"]["sources"] == {"values": [], "days": [], "messages": []} and json.loads(answer.sources or "")["reasons"] == {}
    await change(ann, toldInChats=True)
    await model.reset()
    await send(ann, "Hello!")
    told = "".join(await model.bodies())
    assert "Quito" in told and "Lima" in told and await rows(EventQuestion)


@pytest.mark.parametrize("off", ["profile", "diary", "pausedUntil"])
async def test_memory_text_while_the_profile_is_off_suggests_and_remembers_nothing(model: Model, off: str):
    ann = await seeds.person()
    await change(ann, **{off: "2040-01-01" if off == "pausedUntil" else False})
    report = (await import_text(await client(ann), ENGLISH))["report"]
    assert skipped(report)["line while the profile is switched off"] == 4 and report["suggestions"] == []
    assert not await rows(ImportedValue) and not await rows(ImportedLine) and (await model.calls()).get("memory", 0) == 0
    await change(ann, **{off: None if off == "pausedUntil" else True})
    assert (await import_text(await client(ann), ENGLISH))["report"]["suggestions"]


async def test_memory_text_switched_off_after_its_preview_suggests_nothing(model: Model):
    ann = await seeds.person()
    client_of_ann = await client(ann)
    id, _ = await send_text(client_of_ann, ENGLISH)
    assert (await client_of_ann.send(MEMORY_COMMIT, importId=id, dryRun=True))["report"]["suggestions"]
    await change(ann, profile=False)
    assert (await client_of_ann.send(MEMORY_COMMIT, importId=id))["report"]["suggestions"] == []
    assert not await rows(ImportedValue) and not await rows(ProfileValue)


async def test_memory_text_has_no_value_about_a_name_that_is_never_kept_and_erasure_reaches_earlier_ones(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    await change(ann, namesNotKept=["Oslo"])
    report = (await import_text(await client(ann), ENGLISH))["report"]
    assert "Oslo" not in [item["value"] for item in report["suggestions"]] and report["suggestions"]
    assert skipped(report)["value about a topic or name that you never want kept"] > 0
    await import_text(await client(bob), ENGLISH)
    await change(bob, namesNotKept=["Oslo"])
    stored = (await ask(f"{{ viewer {{ {MEMORY} }} }}", token=await bearer(bob)))["data"]["viewer"]["memory"]["stored"]
    assert stored["values"] > 0
    await ask(ERASE, {"input": {}}, token=await bearer(bob))
    kept = await rows(ImportedValue, ImportedValue.user_id == bob.id)
    assert kept and not [row for row in kept if "Oslo" in f"{row.value} {row.quote}"]
    assert not await rows(ProfileValue, ProfileValue.user_id == bob.id, ProfileValue.value == "Oslo")


async def test_play_and_switches_both_keep_a_conversation_from_the_profile(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    sent = await send(ann, TALK, memory={"profile": False})
    id = sent["conversation"]["id"]
    changed = await call(ann, CONVERSATION, conversationId=id, play=True, memory={"toldInChats": False})
    assert changed["__typename"] == "ConversationUpdateSuccess"
    [conversation] = await rows(Conversation)
    assert (conversation.play, conversation.memory_off) == (True, ["PROFILE", "TOLD"])
    await call(ann, CONVERSATION, conversationId=id, play=False)
    assert {row.learning for row in await rows(Message)} == {Learning.DIARY}
    await nights(ann)
    assert not await rows(ProfileValue)
    [question] = await rows(Message, Message.role == "USER")
    fork = await chat.fork_conversation(await context_of(ann), question.id)
    assert fork.memory_off == ["PROFILE", "TOLD"]


@pytest.mark.parametrize("told", [True, False])
async def test_answer_that_was_told_something_is_not_continued_once_chats_are_not_told(model: Model, told: bool):
    ann = await known_person()
    if not told:
        await change(ann, toldInChats=False)
    await model.fail(match="task: chat/7", kind="truncated")
    sent = await send(ann, "Where do I live?")
    await change(ann, toldInChats=False)
    await model.reset()
    before = {**await everything(), "sign_ins": ()}
    made = await call(ann, CONTINUE, messageId=sent["answer"]["id"])
    if told:
        assert made["code"] == "CONFLICT" and await model.bodies() == []
        after: dict[str, Any] = {**await everything(), "sign_ins": ()}
        assert after["messages"] == before["messages"]
    else:
        assert made["__typename"] == "MessageContinueSuccess" and not [body for body in await model.bodies() if "zebulon" in body]


async def test_dead_stream_has_its_questions_learning_and_is_not_repeated_in_chats_not_told(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await change(ann, diary=False, toldInChats=False, namesNotKept=["Karl"])
    question = await dead_stream(ann, "What did Karl like?")
    conversation = (await rows(Conversation))[0]
    assert await chat.list_messages(await context_of(ann), conversation.id, limit=10)
    sent = await chat.send(await context_of(ann), chat.NewMessage("And now?", conversation.id))
    [answer] = await rows(Message, Message.reply_to == question.id)
    assert (answer.content, answer.cut_off, answer.learning) == (WRITTEN, CutOff.STOPPED, Learning.NONE)
    assert "Karl" not in (sent.conversation.title or "") and not [body for body in await model.bodies() if WRITTEN in body]
