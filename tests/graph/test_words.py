"""One notion of a word in all searches: each spelling finds the other one through the whole application, and different words stay apart."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from graph.relay import encode_id
from jobs.profile_update import update_profile
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.query import read_query
from jobs.rules.search.search_terms import content_terms
from jobs.rules.slots import value_key
from jobs.rules.text.words import fold_words
from jobs.search_terms import make_terms_of
from persistence import database
from persistence.models import User
from persistence.models.diary import LineKind
from resolvers.display_names import find_hidden
from resolvers.search import look_back
from tests import seeds
from tests.seeds import DAY, ask, bearer, line, quote, signal
from tests.word_pairs import DIFFERENT, EQUAL

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

FIRST = DAY - timedelta(days=400)
TODAY = Calendar(DAY + timedelta(days=10))
SEARCHES = """query ($word: String!) {
    messageSearch(query: $word, first: 100) { nodes { day content matches(query: $word) { start end } } }
    conversations(search: $word, first: 100) { nodes { messages { nodes { day } } } }
    diaries(search: $word, first: 100) { nodes { date lines { text matches(query: $word) { start end } } } }
    tagged: diaries(tag: $word, first: 100) { nodes { date } } }"""
TITLES = "query ($word: String!) { conversations(search: $word, first: 100) { nodes { title } } }"
RENAME = """mutation ($input: ConversationUpdateInput!) { result: conversationUpdate(input: $input) { __typename
    ... on ConversationUpdateSuccess { conversation { id title tags } } } }"""
CREATE = "mutation ($input: SlotCreateInput!) { result: slotCreate(input: $input) { __typename ... on InvalidInputError { field } } }"
VALUES = "{ profile { sections { values { value } } } }"


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


async def writer_of(name: str, words: Sequence[str]) -> User:
    """Return a user who used each word on a day of its own: in a message, a line of the diary and a tag."""
    user = await seeds.person(name)
    for number, word in enumerate(words):
        day = day_of(number)
        [message] = await seeds.said(user, day, f"({word})")
        await seeds.diary(user, day, [line(LineKind.ACTIVITY, f"Thought of ({word})", quote(message))], summary="A day.", tags=[word])
    return user


async def found_days(user: User, token: str, word: str) -> dict[str, set[date]]:
    answer = await ask(SEARCHES, {"word": word}, token=token)
    assert "errors" not in answer, (word, answer)
    data: dict[str, Any] = answer["data"]
    found = [(node["content"], node["matches"]) for node in data["messageSearch"]["nodes"]]
    found += [(line["text"], line["matches"]) for node in data["diaries"]["nodes"] for line in node["lines"]]
    marked = [(fold_words(text), fold_words("".join(text[match["start"] : match["end"]] for match in matches))) for text, matches in found]
    assert [text for text, marks in marked if (fold_words(word) in text) is not (fold_words(word) in marks)] == [], word
    days = {name: {date.fromisoformat(node["date"]) for node in data[name]["nodes"]} for name in ("diaries", "tagged")}
    days["messageSearch"] = {date.fromisoformat(node["day"]) for node in data["messageSearch"]["nodes"]}
    days["conversations"] = {date.fromisoformat(item["day"]) for node in data["conversations"]["nodes"] for item in node["messages"]["nodes"]}
    return days


async def look_back_days(user: User, word: str) -> set[date]:
    async with database.session() as session:
        found = await look_back(session, user.id, word, TODAY)
    return {item.turn.day for item in found.turns}


async def missed(user: User, queries: Sequence[str], *, wanted: bool = True) -> list[tuple[str, str]]:
    """Return the searches that do not find, or if not `wanted` find, what the user wrote on the day with the number of the query."""
    token, wrong = await bearer(user), []
    for number, query in enumerate(queries):
        found = await found_days(user, token, query)
        if wanted and content_terms(query) and not read_query(query, TODAY).named:
            found["look_back"] = await look_back_days(user, query)
        wrong += [(query, search) for search, days in found.items() if (day_of(number) in days) is not wanted]
    return wrong


def test_there_are_two_hundred_pairs():
    assert len(EQUAL) >= 200 and len({frozenset(pair) for pair in EQUAL}) >= 200 and all(one != other for one, other in EQUAL)


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("side", [0, 1])
async def test_searches_of_one_spelling_find_the_other(part: int, side: int):
    """Half of the words of each side are looked for by the texts, the other half by stored terms."""
    pairs = EQUAL[part::4]
    ann = await writer_of("ann", [pair[side] for pair in pairs])
    if (part + side) % 2:
        await make_terms_of(ann.id)
    assert await missed(ann, [pair[1 - side] for pair in pairs]) == []


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("stored", [False, True], ids=["by_text", "by_terms"])
async def test_searches_of_a_word_do_not_find_a_different_one(side: int, stored: bool):
    ann = await writer_of("ann", [pair[side] for pair in DIFFERENT])
    if stored:
        await make_terms_of(ann.id)
    assert await missed(ann, [pair[1 - side] for pair in DIFFERENT], wanted=False) == []
    assert await missed(ann, [pair[side] for pair in DIFFERENT]) == [], "or this test sees nothing"


async def change(user: User, document: str, **input: Any) -> Any:
    """Send a mutation and return its result."""
    answer = await ask(document, {"input": input}, token=await bearer(user))
    assert "errors" not in answer, answer
    return answer["data"]["result"]


async def test_conversations_search_finds_titles_by_each_spelling():
    ann, wrong = await seeds.person(), []
    [message] = await seeds.said(ann, DAY, "Nothing of it.")
    for one, other in [pair for pair in EQUAL[::8] if find_hidden(pair[0]) is None]:
        await change(ann, RENAME, conversationId=encode_id("Conversation", message.conversation_id), title=f"On {one}")
        answer = await ask(TITLES, {"word": other}, token=await bearer(ann))
        wrong += [] if answer["data"]["conversations"]["nodes"] == [{"title": f"On {one}"}] else [(one, other)]
    assert wrong == []


async def test_two_spellings_of_a_tag_are_stored_once():
    ann = await seeds.person()
    [message] = await seeds.said(ann, DAY, "Nothing of it.")
    pairs = [EQUAL[0], *EQUAL[-9:]]
    changed = await change(ann, RENAME, conversationId=encode_id("Conversation", message.conversation_id), tags=[word for pair in pairs for word in pair])
    assert changed["conversation"]["tags"] == [one for one, _ in pairs]


async def test_slot_create_with_another_spelling_of_a_name_is_refused():
    ann, wrong = await seeds.person(), []
    for one, other in [EQUAL[0], *EQUAL[-12:]]:
        assert (await change(ann, CREATE, name=one, many=False))["__typename"] == "SlotCreateSuccess"
        refused = await change(ann, CREATE, name=other, many=False)
        wrong += [] if refused == {"__typename": "InvalidInputError", "field": "name"} else [(one, other, refused)]
    assert wrong == []


async def test_profile_of_both_spellings_has_one_value_for_each_pair():
    ann = await seeds.person()
    words = [word for pair in (*EQUAL, *DIFFERENT) for word in pair]
    [message] = await seeds.said(ann, DAY, " ".join(words))
    await seeds.diary(ann, DAY, [], [signal("preferences.activities", word, quote(message)) for word in words])
    async with database.transaction() as session:
        await update_profile(session, ann.id, reason="NIGHT")
    answer = await ask(VALUES, token=await bearer(ann))
    shown = [value["value"] for section in answer["data"]["profile"]["sections"] for value in section["values"]]
    assert len(shown) == len(set(map(value_key, words))) and set(shown) <= set(words)
    assert all(value_key(one) == value_key(other) for one, other in EQUAL) and all(value_key(one) != value_key(other) for one, other in DIFFERENT)
