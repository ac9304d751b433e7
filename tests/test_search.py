# ruff: noqa: E501 - fixtures are one line each
"""Search in both languages, and what the prompt includes and the model's searches find for questions about earlier days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.ranking import CorpusStats, Document, rank
from jobs.rules.search.search_terms import count_terms, like_patterns, query_terms, stem, term_beginnings
from jobs.rules.text.word_patterns import rough_pattern
from llm import tools
from llm.tools import InvalidCall, Search, ToolCall
from persistence import database
from persistence.models import Conversation, Message, Signal, User
from persistence.models.chat import MessageRole
from persistence.queries.search import EVERYTHING, SearchRange
from resolvers import chat
from resolvers.chat.recall import recall_for
from tests import search_results, seeds
from tests.jobs.job_setup import rows
from tests.resolvers.chat.chat_setup import Model, background_of, context_of, model, say, set_to
from tests.seeds import DAY

__all__ = ["model"]

NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=2)


async def find_messages(user: User, query: str, words: Sequence[str] = (), **narrowed: object) -> list[str]:
    return await search_results.find_messages(user.id, query, words, **narrowed)


async def find_days(user: User, query: str, span: SearchRange = EVERYTHING) -> list[date]:
    return await search_results.find_days(user.id, query, Calendar(LATER), span=span)


# --- search terms and ranking ---


@pytest.mark.parametrize(("asked", "text"), [
    ("running", "I ran far"), ("swim", "We swam"), ("stories", "a story"), ("walked", "walking home"), ("CAFÉ", "the cafe"), ("cafe", "le Café"),
    ("buying", "I bought it"), ("１００", "100 km"), ("Москва", "МОСКВА"), ("散步", "公园散步"), ("狗", "小狗"),
])  # fmt: skip
def test_query_terms_match_other_forms_of_a_word(asked: str, text: str):
    wanted = query_terms(asked)
    assert wanted and set(count_terms(text, wanted)) == set(wanted)


@pytest.mark.parametrize(("asked", "text"), [("cat", "concatenate"), ("散步", "步散"), ("walk", "talk")])
def test_query_terms_do_not_match_a_different_word(asked: str, text: str):
    assert 1.0 not in (query_terms(asked)[term] for term in count_terms(text, query_terms(asked)))


@pytest.mark.parametrize("question", ["When did I see the squirrel?", "我是什么时候看见松鼠的？"])
def test_query_terms_of_a_question_omit_question_words(question: str):
    assert not {"when", "did", "the", "什么", "时候", "我"} & set(query_terms(question))


def test_query_terms_of_question_words_only_keep_them():
    assert set(query_terms("When?")) == {"when"} and "什么" in query_terms("什么")


@given(st.from_regex(r"[a-z]{1,14}", fullmatch=True))
def test_patterns_of_a_stem_match_every_word_with_that_stem(word: str):
    """Every word that has the term contains one of its LIKE patterns, and in upper case matches the pattern for PostgreSQL."""
    assert any(pattern.strip("%") in word for pattern in like_patterns(stem(word)))
    assert re.search(rough_pattern(term_beginnings(stem(word))) or "", word.upper())


def test_rank_puts_rare_terms_first_and_the_newer_of_equal_documents_first():
    documents = [Document(key, counts, 10) for key, counts in enumerate([{"fox": 1}, {"red": 1}, {"fox": 1}])]
    ranked = rank({"fox": 1.0, "red": 1.0}, documents, CorpusStats(9, 10))
    assert [item.key for item in ranked] == [1, 2, 0] and {item.coverage for item in ranked} == {0.5}


# --- messages and days ---


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_rank_message_ids_with_several_words_returns_the_best_match_first():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "a squirrel ran through the park", "parking", "squirrels in parks", "the park", "something else")
    assert await find_messages(ann, "squirrel park", ["squirrel", "park"]) == ["squirrels in parks", "a squirrel ran through the park"]
    assert await find_messages(ann, "When did I see squirrels in the park?", ["squirrels", "see"]) == ["squirrels in parks", "a squirrel ran through the park"]
    assert await find_messages(ann, "zebra", ["zebra"]) == []


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("query", "content"), [
    ("resume", "I sent my RÉSUMÉ"), ("résumé", "my resume"), ("ｘｒａｙ", "an xray"), ("xray", "an ｘＲａｙ"), ("санки", "Санки и снег"), ("100%", "100% sure"), ("_", "snake_case"),
])  # fmt: skip
async def test_rank_message_ids_ignores_accents_widths_and_case(query: str, content: str):
    ann = await seeds.person()
    await seeds.said(ann, DAY, content, "nothing of it")
    assert await find_messages(ann, query, [query]) == [content]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_look_back_finds_a_users_days_by_message_and_by_diary_text():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, DAY, "我今天在公园看见一只松鼠", "It was small")
    await seeds.whole_day(ann, NEXT)
    await seeds.said(ann, LATER, "Nothing much")
    await seeds.said(bob, LATER, "松鼠 squirrel kilometres")
    assert await find_days(ann, "我什么时候看见松鼠的？") == [DAY]
    assert await find_days(ann, "Five kilometres") == [NEXT]
    assert await find_days(ann, "松鼠", SearchRange(first=NEXT)) == [] and await find_days(ann, "松鼠", SearchRange(last=DAY)) == [DAY]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_rank_message_ids_of_a_temporary_conversation_are_searchable_but_not_recalled():
    ann = await seeds.person()
    [message] = await seeds.said(ann, DAY, "a secret squirrel")
    async with database.transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == message.conversation_id).values(temporary=True))
    assert await find_days(ann, "squirrel") == [] and await find_messages(ann, "squirrel", recallable_only=True) == []
    assert await find_messages(ann, "squirrel", ["squirrel"]) == ["a secret squirrel"]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_search_messages_after_a_deleted_message_is_refused():
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "red one", "red two", "red three")
    context = await context_of(ann)
    page = await chat.search_messages(context, "red", limit=1)
    assert [row.id for row in page.rows] == [said[2].id] and page.has_next
    await seeds.delete_message(said[2])
    with pytest.raises(chat.conversations.BadInput, match="search again without"):
        await chat.search_messages(context, "red", after=said[2].id, limit=1)


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_look_back_with_a_very_long_query_searches_only_its_beginning():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "A squirrel in the park")
    letters = " ".join(f"word{number}" for number in range(3_000))
    assert await find_days(ann, f"squirrel {letters}") == [DAY] and await find_days(ann, f"{letters} squirrel") == []


# --- the prompt and the model's searches ---


async def store_question(user: User, content: str) -> Message:
    return (await seeds.said(user, LATER + timedelta(days=40), content))[0]


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_read_background_adds_the_latest_diaries_and_those_related_to_the_question():
    ann = await seeds.person()
    for number in range(8):
        await seeds.said(ann, DAY + timedelta(days=number), f"matter number {number}")
        await seeds.diary(ann, DAY + timedelta(days=number), summary=f"A day about {'zebras' if number == 1 else 'rain'}.")
    told = await background_of(ann, await store_question(ann, "Where were the zebras?"))
    plain = await background_of(ann, await store_question(ann, "Hello!"))
    assert [note.day for note in told.diaries] == [note.day for note in plain.diaries] == [DAY + timedelta(days=number) for number in (7, 6, 5)]
    assert [note.day for note in told.related] == [DAY + timedelta(days=1)] and plain.related == []


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_recall_returns_only_the_users_own_texts_between_the_named_days():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, DAY, "The zebra was mine")
    await seeds.said(ann, NEXT, "Another zebra")
    await seeds.said(bob, DAY, "Bob's zebra")
    await seeds.diary(ann, DAY, summary="Zebras all day.")
    recall = recall_for(await store_question(ann, "zebra?"))
    assert sorted(await recall(Search(tools.SEARCH_MESSAGES, "zebra"))) == [f"{DAY} (Wed):\nperson: The zebra was mine", f"{NEXT} (Thu):\nperson: Another zebra"]
    assert await recall(Search(tools.SEARCH_MESSAGES, "zebra", NEXT)) == [f"{NEXT} (Thu):\nperson: Another zebra"]
    assert sorted(await recall(Search(tools.SEARCH_DIARY, "zebra"))) == [
        f"{DAY} (Wed): Zebras all day.\nperson: The zebra was mine", f"{NEXT} (Thu):\nperson: Another zebra",
    ]  # fmt: skip
    assert await recall(Search(tools.SEARCH_DIARY, "zebra", last=DAY - timedelta(days=1))) == [tools.NOTHING_FOUND]


@pytest.mark.parametrize(
    "arguments", ["", "[]", "{}", '{"query": 3}', '{"query": " "}', '{"query": "x", "from": "yesterday"}', '{"query": "x", "to": 7}', "[" * 9999]
)
def test_parse_call_with_invalid_arguments_raises_invalid_call(arguments: str):
    with pytest.raises(InvalidCall):
        tools.parse_call(ToolCall("1", tools.SEARCH_DIARY, arguments))


def test_parse_call_of_an_unknown_tool_raises_invalid_call():
    with pytest.raises(InvalidCall, match="no such tool"):
        tools.parse_call(ToolCall("1", "delete_everything", '{"query": "x"}'))


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("question", "said"), [
    ("When did I see the squirrel?", "I saw a red squirrel in the park"), ("What did I say about squirrels?", "I saw a red squirrel in the park"),
    ("我什么时候看见松鼠的？", "我在公园看见一只松鼠"), ("我说过松鼠的什么事？", "我在公园看见一只松鼠"),
])  # fmt: skip
async def test_message_send_with_a_question_about_the_past_searches_and_counts_its_tool_calls(model: Model, question: str, said: str):
    ann = await seeds.person()
    await seeds.said(ann, DAY, said)
    exchange = await say(ann, question)
    assert said in exchange.answer.content and str(DAY) in exchange.answer.content
    assert exchange.answer.tool_calls == 1 and (await model.calls())["chat"] == 2
    plain = await say(ann, "Good night!")
    assert plain.answer.tool_calls == 0


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_message_send_when_a_search_finds_nothing_searches_only_once_more(model: Model):
    ann = await seeds.person()
    exchange = await say(ann, "When did I see the zebra?")
    assert "nothing" in exchange.answer.content and exchange.answer.tool_calls == 2 and (await model.calls())["chat"] == 3


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_message_stream_with_a_question_about_the_past_searches_messages(model: Model):
    ann = await seeds.person()
    await seeds.said(ann, DAY, "I saw a red squirrel in the park")
    steps = [step async for step in chat.stream(await context_of(ann), chat.NewMessage("When did I see the squirrel?"))]
    exchange = steps[-1]
    assert isinstance(exchange, chat.Exchange) and exchange.answer.tool_calls == 1
    assert "".join(step for step in steps if isinstance(step, str)) == exchange.answer.content


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_daily_diary_does_not_use_recalled_text_in_an_answer_as_evidence(model: Model):
    """A question and an answer that repeat an earlier message make no signal on the new day."""
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
async def test_diary_tokens_setting_of_zero_omits_diaries_from_the_prompt(model: Model, budget: str, told: bool):
    """The model answers from diaries only where the budget includes some in the prompt."""
    ann = await seeds.person()
    await seeds.diary(ann, DAY, summary="A day about zebras.")
    with set_to(DIARY_TOKENS=budget):
        exchange = await say(ann, "What do you know about me?")
    assert ("zebras" in exchange.answer.content) is told
