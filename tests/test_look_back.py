"""Look-back: days that a question names, answers beside the words that were asked for, and the honest answer about what was never said."""
from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from jobs.rules.day import day_of
from jobs.rules.search.dates.days import Calendar
from llm import tokens, tools
from llm.prompt_composition import NEVER_SAID
from llm.tool_loop import MAX_RESULT_TOKENS
from llm.tools import Search
from persistence.models import Message, User
from resolvers import chat
from resolvers.chat.background import read_background
from resolvers.chat.recall import recall_for
from tests import search_results, seeds
from tests.resolvers.chat.chat_setup import Model, background_of, context_of, model, prompt_inputs, say
from tests.seeds import DAY

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ASKED = DAY + timedelta(days=40)
"""29 June 2026, a Monday, on which the tests ask."""
NOW = Calendar(ASKED)


async def chat_prompts(model: Model) -> list[list[dict[str, Any]]]:
    """Return the messages of each chat prompt that the model was sent."""
    return [json.loads(request["body"])["messages"] for request in await model.requests("chat")]


async def asking(user: User, content: str) -> Message:
    return (await seeds.said(user, ASKED, content))[0]


async def days(user: User, text: str) -> list[date]:
    return await search_results.find_days(user.id, text, NOW)


async def three_weeks(user: User) -> None:
    """Store a message a day from 20 May to 9 June, the same words on each day and one of its own."""
    for number in range(21):
        await seeds.said(user, DAY + timedelta(days=number), f"I cooked rice, dish {number}, 做了米饭")


@pytest.mark.parametrize(
    "question", ["What did I cook on May 25th?", "What did I cook on 25 May?", "5月25号我做了什么饭？", "五月二十五日做的米饭", "35 days ago, rice"]
)
async def test_question_with_a_day_ranks_that_day_first_then_the_ten_after_it(question: str):
    ann = await seeds.person()
    await three_weeks(ann)
    named = date(2026, 5, 25)
    found = await days(ann, question)
    assert found[0] == named and set(found[1:11]) == {named + timedelta(days=number) for number in range(1, 11)} and len(found) == 21


async def test_question_of_nothing_but_a_day_finds_its_messages_and_none_by_the_dates_words():
    ann = await seeds.person()
    await seeds.said(ann, date(2026, 5, 25), "Rain all day")
    await seeds.said(ann, date(2026, 5, 21), "May is the 25th name on my list")
    assert await days(ann, "What did I do on May 25th?") == [date(2026, 5, 25)]
    recall = recall_for(await asking(ann, "?"), NOW)
    assert await recall(Search(tools.SEARCH_MESSAGES, "May 25th")) == ["2026-05-25 (Mon):\nperson: Rain all day"]


async def test_relative_day_is_counted_from_the_users_day_and_not_from_the_calendars():
    """At 02:00 with a day that ends at 4, "yesterday" is the day before the one that has not ended yet."""
    ann = await seeds.person(day_ends_at=4)
    asked_on = day_of(datetime(2026, 6, 29, 18, 0, tzinfo=timezone.utc), ann.time_zone, ann.day_ends_at)
    assert asked_on == date(2026, 6, 29)
    await seeds.said(ann, date(2026, 6, 28), "Swam in the lake")
    await seeds.said(ann, date(2026, 6, 29), "Swam in the sea")
    found = await search_results.find_days(ann.id, "Where did I swim yesterday?", Calendar(asked_on))
    assert found[:2] == [date(2026, 6, 28), date(2026, 6, 29)]


async def test_search_with_bounds_and_a_named_day_stays_within_the_bounds():
    ann = await seeds.person()
    await three_weeks(ann)
    recall = recall_for(await asking(ann, "?"), NOW)
    [shown] = await recall(Search(tools.SEARCH_MESSAGES, "rice on May 25th", date(2026, 5, 30), date(2026, 5, 30)))
    assert shown.startswith("2026-05-30 (Sat)") and "dish 10" in shown


async def test_answer_beside_the_words_that_were_asked_for_is_found():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "We talked about the cat for an hour", "He is called Bertram", "Then dinner")
    await seeds.said(ann, DAY + timedelta(days=1), "Nothing new today")
    recall = recall_for(await asking(ann, "?"), NOW)
    [shown] = await recall(Search(tools.SEARCH_MESSAGES, "the cat"))
    assert "Bertram" in shown and "Nothing new" not in shown


async def test_neighbours_in_another_conversation_lend_nothing():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "We talked about the cat")
    await seeds.said(ann, DAY, "Taxes are due")
    recall = recall_for(await asking(ann, "?"), NOW)
    [shown] = await recall(Search(tools.SEARCH_MESSAGES, "the cat"))
    assert "Taxes" not in shown


@pytest.mark.parametrize("tool", [tools.SEARCH_MESSAGES, tools.SEARCH_DIARY])
async def test_search_results_fill_the_budget_and_no_more(tool: str):
    ann = await seeds.person()
    for number in range(30):
        await seeds.said(ann, DAY + timedelta(days=number), *(f"Tea number {number}-{minute}: {'a long walk ' * 8}" for minute in range(5)))
    shown = await recall_for(await asking(ann, "?"), NOW)(Search(tool, "tea"))
    spent = sum(tokens.count(text) + 1 for text in shown)
    least = 0.8 if tool == tools.SEARCH_MESSAGES else 0.5
    assert least * MAX_RESULT_TOKENS < spent <= MAX_RESULT_TOKENS and tokens.fit_to_budget(shown, MAX_RESULT_TOKENS) == shown


async def test_search_in_the_diary_shows_the_sentence_and_the_message_that_answer():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "Mia starts school in Leeds", "The weather is fine", "Leeds it is, then")
    await seeds.diary(ann, DAY, summary="The weather was fine. Mia will go to school in Leeds. Dinner was late.")
    [shown] = await recall_for(await asking(ann, "?"), NOW)(Search(tools.SEARCH_DIARY, "Where does Mia go to school?"))
    head, *lines = shown.split("\n")
    assert head == f"{DAY} (Wed): Mia will go to school in Leeds." and "person: Mia starts school in Leeds" in lines


async def test_background_of_a_question_shows_what_in_the_related_day_answers_it():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "The plumber is called Otto Brandt", "He comes at nine")
    await seeds.diary(ann, DAY, summary="A quiet day at home. The plumber was ordered.")
    for number in range(1, 5):
        await seeds.diary(ann, DAY + timedelta(days=number), summary="A day of rain.")
    told = await background_of(ann, await asking(ann, "What is the plumber's name?"))
    assert [note.day for note in told.related] == [DAY] and not told.never_said
    assert "Otto Brandt" in told.related[0].summary and "The plumber was ordered." in told.related[0].summary and "quiet" not in told.related[0].summary


async def test_background_of_a_question_takes_no_more_statements_than_the_kinds_that_it_reads():
    """Messages and diaries with the sizes of their days, and the best messages' neighbours for the question."""
    ann = await seeds.person()
    await three_weeks(ann)
    question = await asking(ann, "What did I cook on May 25th?")
    inputs = await prompt_inputs(ann)
    with seeds.statements() as seen:
        await read_background(ann, question, inputs)
    assert len(seen) == 2


@pytest.mark.parametrize(("question", "honest"), [
    ("What did I say about Iceland?", "You never told me"), ("Did I ever mention a sailing boat?", "You never told me"),
    ("What did I tell you about my violin lessons?", "You never told me"), ("我说过冰岛的什么事？", "没有跟我说过"), ("我提到过小提琴课吗？", "没有跟我说过"),
])  # fmt: skip
async def test_question_about_what_was_never_said_is_told_to_the_model_and_answered_honestly(model: Model, question: str, honest: str):
    ann = await seeds.person()
    await seeds.said(ann, DAY, "I walked the dog along the river", "我今天去超市买了苹果", "Work was fine, and I told my boss about the lessons learned")
    exchange = await say(ann, question)
    [first, *_] = await chat_prompts(model)
    assert NEVER_SAID in first[-1]["content"] and "not found" in first[-1]["content"]
    assert honest in exchange.answer.content and "dog" not in exchange.answer.content and "苹果" not in exchange.answer.content


@pytest.mark.parametrize(
    "question", ["What did I say about the dog?", "我说过超市的什么事？", "Good morning!", "How do I cook rice?", "I told my boss about Iceland."]
)
async def test_prompt_says_nothing_of_the_kind_where_it_was_said_or_nothing_was_asked(question: str):
    ann = await seeds.person()
    await seeds.said(ann, DAY, "I walked the dog along the river", "我今天去超市买了苹果")
    told = await background_of(ann, await asking(ann, question))
    assert told.never_said is (question == "How do I cook rice?")


async def test_search_tool_without_a_find_says_so_before_what_comes_nearest():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "A trip to the river")
    recall = recall_for(await asking(ann, "?"), NOW)
    shown = await recall(Search(tools.SEARCH_MESSAGES, "my trip to Iceland"))
    assert shown[0] == tools.NOTHING_FOUND and "river" in shown[1]
    assert await recall(Search(tools.SEARCH_MESSAGES, "zebra")) == [tools.NOTHING_FOUND]
    assert await recall(Search(tools.SEARCH_DIARY, "May 2nd")) == [tools.NOTHING_FOUND]


async def test_message_search_with_a_day_puts_its_messages_after_the_literal_ones():
    ann = await seeds.person()
    await seeds.said(ann, date(2026, 5, 25), "Rice for dinner", "Then a walk")
    await seeds.said(ann, date(2026, 6, 20), "Rice again, as on May 25th", "rice, at last")
    found = await search_results.find_messages(ann.id, "rice May 25th", ["rice", "May", "25th"], calendar=NOW)
    plain = await search_results.find_messages(ann.id, "May 25th", ["May", "25th"], calendar=NOW)
    assert found == ["Rice again, as on May 25th", "Rice for dinner", "rice, at last"]
    assert plain == ["Rice again, as on May 25th", "Then a walk", "Rice for dinner"]


async def test_prompt_of_a_question_gives_the_weekday_and_the_date(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await say(ann, "Hello!")
    [[*_, asked], *_] = await chat_prompts(model)
    today = day_of(datetime.now(timezone.utc), ann.time_zone, 0)
    assert f"{today:%A %Y-%m-%d}" in asked["content"]


async def test_message_search_of_the_api_understands_days():
    ann = await seeds.person()
    yesterday = day_of(datetime.now(timezone.utc), ann.time_zone, ann.day_ends_at) - timedelta(days=1)
    await seeds.said(ann, yesterday, "Rice for dinner")
    await seeds.said(ann, yesterday - timedelta(days=30), "Rice for lunch")
    page = await chat.search_messages(await context_of(ann), "yesterday", limit=5)
    assert [row.content for row in page.rows] == ["Rice for dinner"]
