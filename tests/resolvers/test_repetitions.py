"""Withdrawal of what the assistant repeated of deleted text: in answers, titles and summaries, in both languages."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from unicodedata import normalize

import pytest
from sqlalchemy import update

from jobs import search_terms
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.repetition import REMOVED, REMOVED_CHINESE
from llm import tools
from llm.tools import NOTHING_FOUND, Search
from persistence import database
from persistence.models import Conversation, Message
from resolvers import chat
from resolvers.chat.recall import recall_for
from resolvers.erasure import Receipt
from tests import seeds
from tests.jobs.job_setup import add_person, night
from tests.jobs.job_setup import say as say_on
from tests.resolvers.chat.chat_setup import Model, context_of, everything, model, rows, say, stored_message

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ENGLISH = ("I live in Zanzibar now.", "What do you know about me?", "Where do I live?", "zanzibar", REMOVED)
CHINESE = ("我现在住在泉州。", "你了解我什么？", "我住在哪里？", "泉州", REMOVED_CHINESE)
LANGUAGES = pytest.mark.parametrize(("home", "asks", "later", "place", "marker"), [ENGLISH, CHINESE], ids=["en", "zh"])


async def tables_with(word: str) -> set[str]:
    return {name for name, kept in (await everything()).items() if any(word in "\0".join(map(str, row)).casefold() for row in kept)}


async def answer_of(user: seeds.User, content: str, conversation: Conversation | None = None) -> Message:
    return await stored_message((await say(user, content, conversation and conversation.id)).answer.id)


@LANGUAGES
async def test_message_delete_removes_what_later_answers_repeat(model: Model, home: str, asks: str, later: str, place: str, marker: str):
    ann = await seeds.person()
    said = await say(ann, home)
    same = await say(ann, asks, said.conversation.id)
    other = await say(ann, later)
    for answer in (same.answer, other.answer):
        await write(answer.id, f"{home} {'Nice weather.' if marker == REMOVED else '天气不错。'}")
    if place == "zanzibar":
        await search_terms.make_terms_of(ann.id)
    deleted = await chat.delete(await context_of(ann), said.question.id)
    assert set(deleted.receipt.repeated_in) == {same.answer.id, other.answer.id}
    assert await tables_with(place) == set()
    for answer in (same.answer, other.answer):
        stored = await stored_message(answer.id)
        assert stored.redacted and stored.content.startswith(marker) and ("weather" in stored.content or "天气" in stored.content)
    assert not (await chat.search_messages(await context_of(ann), place, limit=9)).rows
    again = await answer_of(ann, later)
    assert place not in again.content.casefold()
    question = await stored_message(again.reply_to)
    found = await recall_for(question, Calendar(question.day))(Search(tools.SEARCH_MESSAGES, later))
    assert place not in str(found).casefold() and marker not in str(found)


async def write(message_id: object, content: str) -> None:
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.id == message_id).values(content=content))


@LANGUAGES
async def test_message_delete_after_a_night_removes_what_answers_told_of_the_profile(
    model: Model, home: str, asks: str, later: str, place: str, marker: str
):
    ann = await add_person()
    [question_id] = await say_on(ann, date(2026, 5, 18), home)
    while (await night()).run_id is not None:
        pass
    answer = await answer_of(ann, asks)
    assert place in answer.content.casefold() and answer.sources and place not in answer.sources
    deleted = await chat.delete(await context_of(ann), question_id)
    assert list(deleted.receipt.repeated_in) == [answer.id] and await tables_with(place) == set()


@LANGUAGES
async def test_message_delete_keeps_what_the_user_still_says(model: Model, home: str, asks: str, later: str, place: str, marker: str):
    ann = await seeds.person()
    said = await say(ann, home)
    await say(ann, home)
    answer = await answer_of(ann, asks, said.conversation)
    await write(answer.id, home)
    deleted = await chat.delete(await context_of(ann), said.question.id)
    stored = await stored_message(answer.id)
    assert not deleted.receipt.repeated_in and stored.content == home and not stored.redacted


@LANGUAGES
async def test_messages_deleted_one_after_the_other_remove_what_an_answer_between_them_repeats(
    model: Model, home: str, asks: str, later: str, place: str, marker: str
):
    ann = await seeds.person()
    hello = await say(ann, "Hello! 你好！")
    first = await say(ann, home, hello.conversation.id)
    same = await say(ann, asks, hello.conversation.id)
    await write(same.answer.id, home)
    again, other = await say(ann, home), await say(ann, "Good night! 晚安！")
    await chat.delete(await context_of(ann), first.question.id)
    assert (await stored_message(same.answer.id)).content == home, "the user still says it"
    deleted = await chat.delete(await context_of(ann), again.question.id)
    assert same.answer.id in deleted.receipt.repeated_in and await tables_with(place) == set()
    assert other.answer.id not in deleted.receipt.repeated_in


async def test_message_delete_keeps_common_words_of_answers_that_were_not_told(model: Model):
    ann = await seeds.person()
    said = await say(ann, "How do I cook rice for Xanthe?")
    other, named = await say(ann, "Hello"), await say(ann, "Good morning")
    await write(other.answer.id, "Rinse rice before you cook it.")
    await write(named.answer.id, "Greetings to Xanthe!")
    deleted = await chat.delete(await context_of(ann), said.question.id)
    assert list(deleted.receipt.repeated_in) == [named.answer.id]
    assert (await stored_message(other.answer.id)).content == "Rinse rice before you cook it."


@LANGUAGES
async def test_message_edit_removes_what_answers_repeat_of_the_old_text(model: Model, home: str, asks: str, later: str, place: str, marker: str):
    ann = await seeds.person()
    said = await say(ann, home)
    answer = await answer_of(ann, asks, said.conversation)
    await write(answer.id, home)
    edited = await chat.edit(await context_of(ann), said.question.id, "Never mind." if marker == REMOVED else "算了。")
    assert answer.id in edited.receipt.repeated_in and await tables_with(place) == set()


@LANGUAGES
async def test_conversation_delete_clears_titles_and_summaries_of_others_that_repeat_it(
    model: Model, home: str, asks: str, later: str, place: str, marker: str
):
    ann = await seeds.person()
    said, other = await say(ann, home), await say(ann, asks)
    async with database.transaction() as session:
        texts = {"title": home, "summary": home, "summary_through_message_id": other.answer.id}
        await session.execute(update(Conversation).where(Conversation.id == other.conversation.id).values(**texts))
    await chat.delete_conversation(await context_of(ann), said.conversation.id)
    [left] = await rows(Conversation)
    assert (left.title, left.summary, left.summary_through_message_id) == (None, None, None) and await tables_with(place) == set()


async def test_message_delete_withdraws_answers_that_a_search_told_of_it(model: Model):
    ann = await seeds.person()
    [zebra] = await seeds.said(ann, seeds.DAY, "The zebra escaped from the circus.")
    told = await say(ann, "Which zebra escaped from the circus?")
    await write(told.answer.id, "A striped animal ran away, a giraffe said.")
    [question] = await seeds.said(ann, seeds.DAY + timedelta(days=900), "giraffe?")
    found = recall_for(question, Calendar(question.day))
    assert "giraffe" in str(await found(Search(tools.SEARCH_MESSAGES, "giraffe")))
    deleted = await chat.delete(await context_of(ann), zebra.id)
    assert deleted.receipt == Receipt(messages_removed=1)
    stored = await stored_message(told.answer.id)
    assert stored.withdrawn and not stored.redacted and stored.content == "A striped animal ran away, a giraffe said."
    assert await found(Search(tools.SEARCH_MESSAGES, "giraffe")) == [NOTHING_FOUND]


@pytest.mark.parametrize(
    ("said", "told", "left"),
    [
        ("I live in Nice now.", "You live in Nice.", "Nice to hear."), ("My name is Will.", "- Name: Will", "Will you go? You will."),
        ("Call me May.", "How to address you: May.", "May I ask? You may."), ("My best friend's name is Long.", "You know “Long” well.", "Long live chess."),
    ],
)  # fmt: skip
async def test_message_delete_removes_names_that_are_common_words(model: Model, said: str, told: str, left: str):
    ann = await seeds.person()
    question = await say(ann, said)
    other = await say(ann, "What do you know about me?", question.conversation.id)
    await write(other.answer.id, f"{told}\n{left}")
    receipt = (await chat.delete(await context_of(ann), question.question.id)).receipt
    assert list(receipt.repeated_in) == [other.answer.id]
    assert (await stored_message(other.answer.id)).content == f"{REMOVED}\n{left}"


async def test_message_delete_keeps_a_name_that_is_a_common_word_and_still_said(model: Model):
    ann = await seeds.person()
    question, _ = await say(ann, "I live in Nice now."), await say(ann, "I like Nice in spring.")
    other = await say(ann, "What do you know about me?", question.conversation.id)
    await write(other.answer.id, "You live in Nice.")
    receipt = (await chat.delete(await context_of(ann), question.question.id)).receipt
    assert receipt.repeated_in == () and (await stored_message(other.answer.id)).content == "You live in Nice."


@pytest.mark.parametrize(("said", "place"), [("저는 부산에 살아요.", "부산"), ("私はガボンに住んでいます。", "ガボン"), ("我现在住在泉州。", "泉州")])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_message_delete_removes_words_of_texts_with_hyphens_in_every_script(model: Model, said: str, place: str, form: Literal["NFC", "NFD"]):
    ann = await seeds.person()
    question = await say(ann, said)
    other = await say(ann, "What do you know about me?", question.conversation.id)
    await write(other.answer.id, normalize(form, f"2026-05-01: {said} OK."))
    receipt = (await chat.delete(await context_of(ann), question.question.id)).receipt
    assert list(receipt.repeated_in) == [other.answer.id]
    assert normalize("NFD", place) not in normalize("NFD", (await stored_message(other.answer.id)).content)
