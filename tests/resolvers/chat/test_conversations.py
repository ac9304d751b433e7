"""Conversations: queries, search, updates and forks, for their own user only."""
from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import ActiveDay, Conversation, Message
from persistence.models.chat import MessageStatus, Rating
from persistence.queries.job_inputs import list_learnable
from resolvers import chat
from resolvers.chat import make_filter
from resolvers.context import Context
from resolvers.errors import InvalidInput, NotFound
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, abandoned, context_of, everything, rows, say
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def pages(ask: Callable[[Any], Awaitable[chat.Page[Any]]], place: Callable[[Any], Any]) -> list[Any]:
    """Return all rows, loaded page by page."""
    found, after = [], None
    while True:
        page = await ask(after)
        found += page.rows
        if not page.has_next:
            return found
        after = place(page.rows[-1])


async def make_conversations(user: seeds.User, *titles: str) -> list[Conversation]:
    """Create conversations whose last messages have the same time."""
    made = [(await seeds.said(user, DAY, f"about {title}"))[0].conversation_id for title in titles]
    async with database.transaction() as session:
        for conversation_id, title in zip(made, titles):
            await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(title=title))
    stored = {found.id: found for found in await rows(Conversation)}
    return [stored[conversation_id] for conversation_id in made]


def place_of(row: Any) -> tuple[bool, datetime, UUID]:
    return row.pinned, row.last_message_at, row.id


async def test_list_conversations_in_pages_returns_each_once_latest_first():
    ann = await seeds.person()
    made = await make_conversations(ann, *(f"number {number}" for number in range(5)))
    context = await context_of(ann)
    found = await pages(lambda after: chat.list_conversations(context, make_filter(), after=after, limit=2), place_of)
    assert [row.id for row in found] == sorted((row.id for row in made), reverse=True)
    assert await chat.count_conversations(context, make_filter()) == 5


async def test_list_conversations_new_message_moves_its_conversation_first(model: Model):
    ann = await seeds.person()
    first, second = await say(ann, "One"), await say(ann, "Two")
    context = await context_of(ann)
    assert [row.id for row in (await chat.list_conversations(context, make_filter(), limit=9)).rows] == [second.conversation.id, first.conversation.id]
    await say(ann, "Three", first.conversation.id)
    assert [row.id for row in (await chat.list_conversations(context, make_filter(), limit=9)).rows] == [first.conversation.id, second.conversation.id]


@pytest.mark.parametrize(("search", "found"), {
    "HANGZHOU": {"Moving to Hangzhou"}, "杭州": {"搬到杭州了"}, "搬 了": {"搬到杭州了"}, "about moving": {"Moving to Hangzhou"}, "100%": {"100% sure"},
    "%": {"100% sure"}, "_": {"snake_case"}, "\\": {"back\\slash"}, "nothing": set(), "moving nothing": set(),
}.items())  # fmt: skip
async def test_search_conversations_and_messages_finds_all_words(search: str, found: set[str]):
    ann, bob = await seeds.person(), await seeds.person("bob")
    await make_conversations(ann, "Moving to Hangzhou", "搬到杭州了", "100% sure", "snake_case", "back\\slash")
    await make_conversations(bob, "Moving to Hangzhou")
    context = await context_of(ann)
    assert {row.title for row in (await chat.list_conversations(context, make_filter(search=search), limit=9)).rows} == found
    assert await chat.count_conversations(context, make_filter(search=search)) == len(found)
    hits = await chat.search_messages(context, search, limit=9)
    assert {row.content for row in hits.rows} == {f"about {title}" for title in found}
    assert (await chat.search_messages(context, search, limit=1)).total == len(found)


async def test_search_messages_in_pages_returns_newest_first(model: Model):
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "a red fox", "a blue fox", "a red hen", "a RED fox again")
    context = await context_of(ann)
    found = await pages(lambda after: chat.search_messages(context, "fox red", after=after, limit=1), lambda row: row.id)
    assert [row.id for row in found] == [said[3].id, said[0].id]


@pytest.mark.parametrize("query", ["", "  ", "x" * 201, "a b c d e f g h i j k", "\x00"])
async def test_search_messages_and_conversations_invalid_query_is_refused(query: str):
    context = await context_of(await seeds.person())
    with pytest.raises(InvalidInput) as refused:
        await chat.search_messages(context, query, limit=9)
    assert refused.value.field == "query"
    with pytest.raises(InvalidInput) as refused:
        await chat.list_conversations(context, make_filter(search=query), limit=9)
    assert refused.value.field == "search"


@pytest.mark.parametrize("newest_first", [False, True])
async def test_list_messages_in_pages_works_in_both_directions(newest_first: bool):
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, *map(str, range(5)))
    context, conversation_id = await context_of(ann), said[0].conversation_id
    found = await pages(
        lambda after: chat.list_messages(context, conversation_id, after=after, limit=2, newest_first=newest_first), lambda row: row.id)
    assert [row.content for row in found] == sorted(map(str, range(5)), reverse=newest_first)
    assert await chat.count_messages(context, conversation_id) == 5


async def test_list_conversations_archived_are_listed_separately():
    ann = await seeds.person()
    kept, put_away = await make_conversations(ann, "kept", "put away")
    context = await context_of(ann)
    await chat.update_conversation(context, put_away.id, {"archived": True})
    assert [row.title for row in (await chat.list_conversations(context, make_filter(), limit=9)).rows] == [kept.title]
    assert [row.title for row in (await chat.list_conversations(context, make_filter(True), limit=9)).rows] == [put_away.title]


async def test_update_conversation_absent_fields_stay_and_null_clears():
    ann = await seeds.person()
    [made] = await make_conversations(ann, "A title")
    context = await context_of(ann)
    tagged = await chat.update_conversation(context, made.id, {"tags": ["b", " a  tag ", "b", "标签"]})
    assert (tagged.tags, tagged.title, tagged.archived) == (["b", "a tag", "标签"], "A title", False)
    named = await chat.update_conversation(context, made.id, {"title": "  Another\n title ", "archived": True})
    assert (named.title, named.tags, named.archived, named.title_by_person) == ("Another title", ["b", "a tag", "标签"], True, True)
    cleared = await chat.update_conversation(context, made.id, {"title": None, "tags": None})
    assert (cleared.title, cleared.tags, cleared.archived, cleared.title_by_person) == (None, [], True, False)


REFUSED: list[tuple[chat.ConversationChanges, str]] = [
    ({"title": ""}, "title"), ({"title": "x" * 201}, "title"), ({"title": "\x00"}, "title"), ({"archived": None}, "archived"),
    ({"tags": [""]}, "tags"), ({"tags": ["x" * 41]}, "tags"), ({"tags": [str(number) for number in range(21)]}, "tags"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field"), REFUSED)
async def test_update_conversation_invalid_field_is_refused_and_changes_nothing(changes: chat.ConversationChanges, field: str):
    ann = await seeds.person()
    [made] = await make_conversations(ann, "A title")
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.update_conversation(context, made.id, changes)
    assert refused.value.field == field and await everything() == before


async def test_rate_answer_is_stored_and_question_is_refused(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    context = await context_of(ann)
    assert (await chat.rate(context, said.answer.id, Rating.UP)).rating is Rating.UP
    assert (await chat.rate(context, said.answer.id, None)).rating is None
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.rate(context, said.question.id, Rating.UP)
    assert refused.value.field == "messageId" and await everything() == before


async def test_fork_conversation_at_a_message_copies_messages_up_to_it(model: Model):
    ann = await seeds.person()
    one = await say(ann, "First", idempotency_key="k")
    two = await say(ann, "Second", one.conversation.id)
    fork = await chat.fork_conversation(await context_of(ann), two.question.id)
    copies = sorted(await rows(Message, Message.conversation_id == fork.id), key=lambda found: found.id)
    originals = [one.question, one.answer, two.question]
    assert [(row.content, row.role, row.day, row.created_at) for row in copies] == [(row.content, row.role, row.day, row.created_at) for row in originals]
    assert [row.reply_to for row in copies] == [None, copies[0].id, None] and all(row.copied and row.idempotency_key is None for row in copies)
    assert fork.forked_from == one.conversation.id and fork.title == one.conversation.title
    assert (await say(ann, "First", idempotency_key="k")).question.id == one.question.id
    assert len(await rows(Message, Message.conversation_id == one.conversation.id)) == 4


async def test_list_learnable_forked_messages_are_listed_once(model: Model):
    ann = await seeds.person()
    one = await say(ann, "Said once")
    context = await context_of(ann)
    fork = await chat.fork_conversation(context, one.answer.id)
    again = await chat.fork_conversation(context, (await rows(Message, Message.conversation_id == fork.id, Message.reply_to.is_(None)))[0].id)
    assert (await rows(ActiveDay))[0].revision == 1
    new = await say(ann, "New in the fork", fork.id)
    async with database.session() as session:
        learned = await list_learnable(session, ann.id, one.question.day, one.question.day)
    assert [row.id for row in learned] == [one.question.id, one.answer.id, new.question.id, new.answer.id]
    assert again.forked_from == fork.id and (await rows(ActiveDay))[0].revision == 2


async def test_send_in_a_fork_includes_earlier_messages_in_the_prompt(model: Model):
    ann = await seeds.person()
    one = await say(ann, "My sister Mei is a violinist in Vienna.")
    fork = await chat.fork_conversation(await context_of(ann), one.answer.id)
    assert "Mei is a violinist" in (await say(ann, "What do you remember about me?", fork.id)).answer.content


async def test_fork_conversation_of_a_temporary_one_is_temporary(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Just between us", temporary=True)
    fork = await chat.fork_conversation(await context_of(ann), said.answer.id)
    await say(ann, "And this", fork.id)
    assert fork.temporary and await rows(ActiveDay) == []


async def test_fork_conversation_pending_question_is_copied_as_failed(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    await abandoned(said.question, since=timedelta(seconds=-60))
    fork = await chat.fork_conversation(await context_of(ann), said.question.id)
    [copy] = await rows(Message, Message.conversation_id == fork.id)
    assert (copy.status, copy.error_code, copy.answer_lease_until) == (MessageStatus.FAILED, "MODEL_INTERRUPTED", None)
    assert (await chat.regenerate(await context_of(ann), copy.id)).answer.copied


async def test_fork_conversation_too_many_messages_is_refused(monkeypatch: pytest.MonkeyPatch):
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "one", "two", "three")
    context = await context_of(ann)
    monkeypatch.setattr("resolvers.chat.conversations.MAX_COPIED", 2)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.fork_conversation(context, said[2].id)
    assert refused.value.field == "messageId" and await everything() == before
    assert (await chat.fork_conversation(context, said[1].id)).forked_from == said[0].conversation_id


OF_MESSAGES: dict[str, Callable[[Context, UUID], Awaitable[Any]]] = {
    "regenerate": chat.regenerate,
    "edit": lambda context, id: chat.edit(context, id, "Mine now"),
    "rate": lambda context, id: chat.rate(context, id, Rating.UP),
    "delete": chat.delete,
    "fork": chat.fork_conversation,
}
OF_CONVERSATIONS: dict[str, Callable[[Context, UUID], Awaitable[Any]]] = {
    "get": chat.get_conversation,
    "update": lambda context, id: chat.update_conversation(context, id, {"title": "Mine now"}),
    "delete": chat.delete_conversation,
}


@pytest.mark.parametrize("what", OF_MESSAGES)
async def test_message_operations_on_another_users_message_return_not_found(model: Model, what: str):
    ann, bob = await seeds.person(), await seeds.person("bob")
    said = await say(ann, "Mine")
    await _missing(OF_MESSAGES[what], await context_of(bob), [said.question.id, said.answer.id, uuid4()])


@pytest.mark.parametrize("what", OF_CONVERSATIONS)
async def test_conversation_operations_on_another_users_conversation_return_not_found(what: str):
    ann, bob = await seeds.person(), await seeds.person("bob")
    [made] = await make_conversations(ann, "Mine")
    await _missing(OF_CONVERSATIONS[what], await context_of(bob), [made.id, uuid4()])


async def _missing(attempt: Callable[[Context, UUID], Awaitable[Any]], context: Context, ids: list[UUID]) -> None:
    before, words = await everything(), set()
    for id in ids:
        with pytest.raises(NotFound) as missing:
            await attempt(context, id)
        words.add(str(missing.value))
    assert len(words) == 1 and await everything() == before


async def test_list_and_search_messages_of_another_user_return_nothing():
    ann, bob = await seeds.person(), await seeds.person("bob")
    [said] = await seeds.said(ann, DAY, "a red fox")
    context = await context_of(bob)
    assert not (await chat.list_messages(context, said.conversation_id, limit=9)).rows
    assert (await chat.search_messages(context, "fox", limit=9)).rows == []
    assert (await chat.list_conversations(context, make_filter(), limit=9, after=(False, datetime.now(timezone.utc), uuid4()))).rows == []
