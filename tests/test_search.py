# ruff: noqa: E501 - fixtures are one line each
"""Search in both languages, and what the model is told and finds when a person asks about earlier days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from jobs.rules.search.ranking import CorpusStats, Document, rank
from jobs.rules.search.search_terms import count_terms, like_patterns, query_terms, stem
from llm import tools
from llm.tools import InvalidCall, Search, ToolCall
from persistence import database
from persistence.models import Conversation, Message, Signal, User
from persistence.models.chat import MessageRole
from persistence.queries.search import EVERYTHING, SearchRange
from resolvers import chat
from resolvers.chat.background import read_background
from resolvers.chat.recall import recall_for
from resolvers.search import rank_days, rank_messages
from tests import seeds
from tests.jobs.job_setup import rows
from tests.resolvers.chat.chat_setup import Model, context_of, model, say, set_to
from tests.seeds import DAY

__all__ = ["model"]

NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=2)


async def found(user: User, query: str, words: Sequence[str] = (), **narrowed: object) -> list[str]:
    async with database.session() as session:
        return [message.content for message in await rank_messages(session, user.id, query, words, **narrowed)]  # type: ignore[arg-type]


async def days(user: User, query: str, span: SearchRange = EVERYTHING) -> list[date]:
    async with database.session() as session:
        return [day.day for day in await rank_days(session, user.id, query, span=span)]


# --- the rules ---


@pytest.mark.parametrize(("asked", "text"), [
    ("running", "I ran far"), ("swim", "We swam"), ("stories", "a story"), ("walked", "walking home"), ("CAFÉ", "the cafe"), ("cafe", "le Café"),
    ("buying", "I bought it"), ("１００", "100 km"), ("Москва", "МОСКВА"), ("散步", "公园散步"), ("狗", "小狗"),
])  # fmt: skip
def test_forms_of_one_word_are_one(asked: str, text: str):
    wanted = query_terms(asked)
    assert wanted and set(count_terms(text, wanted)) == set(wanted)


@pytest.mark.parametrize(("asked", "text"), [("cat", "concatenate"), ("散步", "步散"), ("walk", "talk")])
def test_other_words_are_others(asked: str, text: str):
    assert 1.0 not in (query_terms(asked)[term] for term in count_terms(text, query_terms(asked)))


@pytest.mark.parametrize("question", ["When did I see the squirrel?", "我是什么时候看见松鼠的？"])
def test_words_that_only_ask_are_not_looked_for(question: str):
    assert not {"when", "did", "the", "什么", "时候", "我"} & set(query_terms(question))


def test_a_question_of_asking_words_alone_looks_for_them():
    assert set(query_terms("When?")) == {"when"} and "什么" in query_terms("什么")


@given(st.from_regex(r"[a-z]{1,14}", fullmatch=True))
def test_the_database_is_asked_for_no_less_than_the_rules_count(word: str):
    """A pattern of LIKE lies in each word that has the term."""
    assert any(pattern.strip("%") in word for pattern in like_patterns(stem(word)))


def test_a_rare_word_weighs_more_and_equals_are_newest_first():
    documents = [Document(key, counts, 10) for key, counts in enumerate([{"fox": 1}, {"red": 1}, {"fox": 1}])]
    ranked = rank({"fox": 1.0, "red": 1.0}, documents, CorpusStats(9, 10))
    assert [item.key for item in ranked] == [1, 2, 0] and {item.coverage for item in ranked} == {0.5}


# --- messages and days ---


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_what_was_typed_comes_first_then_what_holds_most_of_it():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "a squirrel ran through the park", "parking", "squirrels in parks", "the park", "something else")
    assert await found(ann, "squirrel park", ["squirrel", "park"]) == ["squirrels in parks", "a squirrel ran through the park"]
    assert await found(ann, "When did I see squirrels in the park?", ["squirrels", "see"]) == ["squirrels in parks", "a squirrel ran through the park"]
    assert await found(ann, "zebra", ["zebra"]) == []


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("query", "content"), [
    ("resume", "I sent my RÉSUMÉ"), ("résumé", "my resume"), ("ｘｒａｙ", "an xray"), ("xray", "an ｘＲａｙ"), ("санки", "Санки и снег"), ("100%", "100% sure"), ("_", "snake_case"),
])  # fmt: skip
async def test_accents_widths_and_cases_do_not_matter(query: str, content: str):
    ann = await seeds.person()
    await seeds.said(ann, DAY, content, "nothing of it")
    assert await found(ann, query, [query]) == [content]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_days_are_found_by_what_was_said_and_by_what_their_diary_says():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, DAY, "我今天在公园看见一只松鼠", "It was small")
    await seeds.whole_day(ann, NEXT)
    await seeds.said(ann, LATER, "Nothing much")
    await seeds.said(bob, LATER, "松鼠 squirrel kilometres")
    assert await days(ann, "我什么时候看见松鼠的？") == [DAY]
    assert await days(ann, "Five kilometres") == [NEXT]
    assert await days(ann, "松鼠", SearchRange(first=NEXT)) == [] and await days(ann, "松鼠", SearchRange(last=DAY)) == [DAY]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_nothing_of_a_temporary_conversation_is_remembered():
    ann = await seeds.person()
    [message] = await seeds.said(ann, DAY, "a secret squirrel")
    async with database.transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == message.conversation_id).values(temporary=True))
    assert await days(ann, "squirrel") == [] and await found(ann, "squirrel", recallable_only=True) == []
    assert await found(ann, "squirrel", ["squirrel"]) == ["a secret squirrel"]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_a_page_that_ended_at_a_deleted_message_says_so():
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "red one", "red two", "red three")
    context = await context_of(ann)
    page = await chat.search_messages(context, "red", limit=1)
    assert [row.id for row in page.rows] == [said[2].id] and page.has_next
    await seeds.forget(said[2])
    with pytest.raises(chat.conversations.BadInput, match="search from the beginning"):
        await chat.search_messages(context, "red", after=said[2].id, limit=1)


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_of_a_very_long_question_the_beginning_is_looked_for():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "A squirrel in the park")
    letters = " ".join(f"word{number}" for number in range(3_000))
    assert await days(ann, f"squirrel {letters}") == [DAY] and await days(ann, f"{letters} squirrel") == []


# --- what the model is told, and finds ---


async def asking(user: User, content: str) -> Message:
    return (await seeds.said(user, LATER + timedelta(days=40), content))[0]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_the_question_decides_which_days_come_along_besides_the_latest():
    ann = await seeds.person()
    for number in range(8):
        await seeds.said(ann, DAY + timedelta(days=number), f"matter number {number}")
        await seeds.diary(ann, DAY + timedelta(days=number), summary=f"A day about {'zebras' if number == 1 else 'rain'}.")
    async with database.session() as session:
        told = await read_background(session, ann, await asking(ann, "Where were the zebras?"))
        plain = await read_background(session, ann, await asking(ann, "Hello!"))
    assert [note.day for note in told.diaries] == [note.day for note in plain.diaries] == [DAY + timedelta(days=number) for number in (7, 6, 5)]
    assert [note.day for note in told.related] == [DAY + timedelta(days=1)] and plain.related == []


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_a_search_of_the_model_sees_the_persons_own_past_between_the_days_it_names():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, DAY, "The zebra was mine")
    await seeds.said(ann, NEXT, "Another zebra")
    await seeds.said(bob, DAY, "Bob's zebra")
    await seeds.diary(ann, DAY, summary="Zebras all day.")
    recall = recall_for(await asking(ann, "zebra?"))
    assert sorted(await recall(Search(tools.SEARCH_MESSAGES, "zebra"))) == [f"{DAY} (Wed):\nperson: The zebra was mine", f"{NEXT} (Thu):\nperson: Another zebra"]
    assert await recall(Search(tools.SEARCH_MESSAGES, "zebra", NEXT)) == [f"{NEXT} (Thu):\nperson: Another zebra"]
    assert sorted(await recall(Search(tools.SEARCH_DIARY, "zebra"))) == [
        f"{DAY} (Wed): Zebras all day.\nperson: The zebra was mine", f"{NEXT} (Thu):\nperson: Another zebra",
    ]  # fmt: skip
    assert await recall(Search(tools.SEARCH_DIARY, "zebra", last=DAY - timedelta(days=1))) == [tools.NOTHING_FOUND]


@pytest.mark.parametrize(
    "arguments", ["", "[]", "{}", '{"query": 3}', '{"query": " "}', '{"query": "x", "from": "yesterday"}', '{"query": "x", "to": 7}', "[" * 9999]
)
def test_a_call_that_makes_no_sense_is_told_so(arguments: str):
    with pytest.raises(InvalidCall):
        tools.parse_call(ToolCall("1", tools.SEARCH_DIARY, arguments))


def test_there_are_no_other_tools():
    with pytest.raises(InvalidCall, match="no such tool"):
        tools.parse_call(ToolCall("1", "delete_everything", '{"query": "x"}'))


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("question", "said"), [
    ("When did I see the squirrel?", "I saw a red squirrel in the park"), ("What did I say about squirrels?", "I saw a red squirrel in the park"),
    ("我什么时候看见松鼠的？", "我在公园看见一只松鼠"), ("我说过松鼠的什么事？", "我在公园看见一只松鼠"),
])  # fmt: skip
async def test_the_assistant_looks_back_and_its_searches_are_counted(model: Model, question: str, said: str):
    ann = await seeds.person()
    await seeds.said(ann, DAY, said)
    exchange = await say(ann, question)
    assert said in exchange.answer.content and str(DAY) in exchange.answer.content
    assert exchange.answer.tool_calls == 1 and (await model.calls())["chat"] == 2
    plain = await say(ann, "Good night!")
    assert plain.answer.tool_calls == 0


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_a_search_without_a_find_is_followed_by_one_more_and_no_third(model: Model):
    ann = await seeds.person()
    exchange = await say(ann, "When did I see the zebra?")
    assert "nothing" in exchange.answer.content and exchange.answer.tool_calls == 2 and (await model.calls())["chat"] == 3


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_a_streamed_answer_looks_back_too(model: Model):
    ann = await seeds.person()
    await seeds.said(ann, DAY, "I saw a red squirrel in the park")
    steps = [step async for step in chat.stream(await context_of(ann), chat.NewMessage("When did I see the squirrel?"))]
    exchange = steps[-1]
    assert isinstance(exchange, chat.Exchange) and exchange.answer.tool_calls == 1
    assert "".join(step for step in steps if isinstance(step, str)) == exchange.answer.content


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_what_is_recalled_is_never_evidence(model: Model):
    """The question and the answer that repeats old words make no signal of them on the new day."""
    from tests.jobs.job_setup import night

    ann = await seeds.person()
    await seeds.said(ann, DAY, "I live in Hangzhou")
    exchange = await say(ann, "What did I say about Hangzhou?")
    assert "I live in Hangzhou" in exchange.answer.content and exchange.answer.role is MessageRole.ASSISTANT
    await night(first=exchange.question.day, last=exchange.question.day, user_ids=[ann.id])
    assert await rows(Signal) == []


@pytest.mark.parametrize(("budget", "told"), [("0", False), ("600", True)])
@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_the_budget_for_diaries_is_a_setting(model: Model, budget: str, told: bool):
    """A model that is asked what it remembers answers from the diaries only where some are told."""
    ann = await seeds.person()
    await seeds.diary(ann, DAY, summary="A day about zebras.")
    with set_to(DIARY_TOKENS=budget):
        exchange = await say(ann, "What do you know about me?")
    assert ("zebras" in exchange.answer.content) is told
