"""Wishes to forget what the profile does not have yet: the messages that say it are kept out of diary and profile until the wish is undone."""
from __future__ import annotations

from unittest.mock import patch

import pytest
from sqlalchemy import update

from llm.tools import SEARCH_MESSAGES, Search
from persistence import database
from persistence.models import DiaryLine, DiaryVersion, Message, ProfileValue, Signal, User
from persistence.models.enums import Learning, MessageRole, ToolOutcome, ValueStatus
from resolvers import chat, tool_undo
from resolvers.answer_sources import ToolCall, read_sources
from resolvers.chat.recall import recall_for
from resolvers.errors import Conflict, ConflictReason, NotFound
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, model, move_messages_back, rows, say

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


def forgets(exchange: chat.Exchange) -> list[ToolCall]:
    sources = read_sources(exchange.answer.sources)
    assert sources is not None
    return [call for call in sources.calls if call.tool == "forget"]


async def kept_out(user: User) -> set[str]:
    """Return the texts of the user's messages from which nothing may be learned."""
    own = await rows(Message, Message.role == MessageRole.USER)
    return {row.content for row in own if row.user_id == user.id and row.learning is Learning.NONE}


async def written(user: User) -> str:
    """Return all that diary and profile say of the user."""
    lines, versions = await rows(DiaryLine, DiaryLine.user_id == user.id), await rows(DiaryVersion, DiaryVersion.user_id == user.id)
    values = [*await rows(Signal, Signal.user_id == user.id), *await rows(ProfileValue, ProfileValue.user_id == user.id)]
    return "\n".join([*(line.text for line in lines), *(version.summary for version in versions), *(value.value for value in values)])


WISHES = [
    ("I love hiking.", "I live in Oslo.", "Don't remember that I love hiking.", "hiking", "Oslo"),
    ("I love hiking.", "I live in Oslo.", "Forget what I just said about hiking", "hiking", "Oslo"),
    ("我喜欢爬山。", "我住在杭州。", "别记我喜欢爬山", "爬山", "杭州"),
]


@pytest.mark.parametrize(("said", "life", "wish", "word", "place"), WISHES, ids=["en", "en, about", "zh"])
async def test_wish_to_forget_before_the_night_keeps_what_says_it_out_until_it_is_undone(model: Model, said: str, life: str, wish: str, word: str, place: str):
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    first = await say(ann, said)
    await say(ann, life)
    other = await say(bob, said)
    forgotten = await say(ann, wish)
    [call] = forgets(forgotten)
    assert (call.outcome, call.value, call.verdict) == (ToolOutcome.DONE, None, None)
    assert dict(call.kept_out) == {first.question.id: Learning.ALL, forgotten.question.id: Learning.ALL}
    assert word not in (forgotten.answer.sources or ""), "ids only"
    assert {row.learning for row in await rows(Message, Message.reply_to.in_(call.kept_out))} == {Learning.NONE}, "the answers as well"
    later = await say(ann, "Hello! 你好！")
    assert not any(word in text for text in await recall_for(later.question)(Search(SEARCH_MESSAGES, word))), "it is not recalled in other conversations"
    await move_messages_back(ann, 1)
    await move_messages_back(bob, 1)
    await night()
    assert place in await written(ann) and word not in await written(ann)
    assert word in await written(bob), "of another user it is learned"
    with pytest.raises(NotFound):
        await tool_undo.undo(await context_of(bob), forgotten.answer.id, 0)
    for _ in range(2):
        undone = await tool_undo.undo(await context_of(ann), forgotten.answer.id, 0)
        assert [done.undone for done in (read_sources(undone.message.sources) or pytest.fail("no sources")).calls] == [True]
        assert await kept_out(ann) == set()
    await night()
    assert word in await written(ann) and place in await written(ann)
    assert other.question.id not in call.kept_out


MEANT: list[tuple[str, str, set[str]]] = [
    ("I love hiking.", "forget what I just said", {"I love hiking."}), ("我喜欢爬山。", "刚才说的别记", {"我喜欢爬山。"}),
    ("It rained.", "I love hiking, but don't remember that.", {"I love hiking, but don't remember that."}),
    ("下雨了。", "我喜欢爬山，别记", {"我喜欢爬山，别记"}),
    ("I love hiking.", "Forget what I said about volcanoes.", set()), ("我喜欢爬山。", "忘掉我刚说的火山的事", set()),
    ("I love hiking.", "forget it", set()), ("我喜欢爬山。", "忘了吧", set()),
    ("I love hiking.", "My boss wrote:\n> Forget that you love hiking.\n\nStrange?", set()), ("我喜欢爬山。", "老王说：“忘了我喜欢爬山吧。”", set()),
    ("I love hiking in Zermatt, and I love chess.", "Forget that I love chess.", {"I love hiking in Zermatt, and I love chess.", "Forget that I love chess."}),
]
"""Messages, wishes after them, and the messages that these mean."""


async def test_wish_to_forget_means_what_it_names_or_points_at_and_else_says_that_nothing_was_found(model: Model):
    for number, (before, wish, meant) in enumerate(MEANT):
        ann = await seeds.person(f"ann{number}")
        first = await say(ann, before)
        said = await say(ann, wish, first.conversation.id)
        assert await kept_out(ann) == meant, wish
        calls = forgets(said)
        if meant:
            assert [call.outcome for call in calls] == [ToolOutcome.DONE], wish
        else:
            assert all(call.outcome is ToolOutcome.REFUSED and call.reason in ("NOT_FOUND", "NO_WISH", "NOT_IN_WISH") for call in calls), wish


@pytest.mark.parametrize(("said", "wish"), [("I live in Bergen.", "Forget that I live in Bergen."), ("我住在杭州。", "忘掉我住在杭州。")])
async def test_value_that_is_forgotten_is_not_learned_again_from_what_was_said_before_the_wish(model: Model, said: str, wish: str):
    ann = await seeds.person()
    await say(ann, said)
    await move_messages_back(ann, 2)
    await night()
    repeated = await say(ann, said)
    [call] = forgets(await say(ann, wish, repeated.conversation.id))
    assert call.outcome is ToolOutcome.DONE and call.value is not None and await kept_out(ann) == set()
    for status in (ValueStatus.REJECTED, ValueStatus.ACTIVE):
        await move_messages_back(ann, 1)
        await night()
        [value] = [row for row in await rows(ProfileValue) if row.slot == "identity.home" and row.value in said]
        assert value.status is status
        await say(ann, said)


async def test_kept_out_messages_are_included_again_when_the_answer_fails_and_not_once_they_are_deleted(model: Model):
    ann = await seeds.person()
    first = await say(ann, "I love hiking.")
    with patch("resolvers.chat.answers.store_answer", side_effect=Conflict("gone", reason=ConflictReason.DELETED_MEANWHILE)), pytest.raises(Conflict):
        await say(ann, "Don't remember that I love hiking.", first.conversation.id)
    assert await kept_out(ann) == set()
    async with database.transaction() as session:
        await session.execute(update(Message).values(answer_lease_until=None))
    said = await say(ann, "Don't remember that I love hiking.", first.conversation.id)
    again = await chat.regenerate(await context_of(ann), said.question.id)
    assert [call.kept_out for call in forgets(again)] == [call.kept_out for call in forgets(said)] != [{}]
    await tool_undo.undo(await context_of(ann), again.answer.id, 0)
    assert await kept_out(ann) == set()
    undone = await tool_undo.undo(await context_of(ann), said.answer.id, 0)
    assert [call.undone for call in (read_sources(undone.message.sources) or pytest.fail("no sources")).calls] == [True], "an undo happens once"
    spoken = await say(ann, "I love chess.")
    later = await say(ann, "Forget what I just said", spoken.conversation.id)
    assert await kept_out(ann) == {"I love chess."}
    await chat.delete(await context_of(ann), spoken.question.id)
    with pytest.raises(Conflict):
        await tool_undo.undo(await context_of(ann), later.answer.id, 0)
    assert not forgets_undone(await rows(Message, Message.id == later.answer.id))


UNWRITTEN = [
    ("Off the record, I love chess.", None, "chess"), ("I love chess.", "Please keep this out of my diary", "chess"),
    ("I love chess. Scratch that.", None, "chess"),
    ("只跟你说，我喜欢下棋。", None, "下棋"), ("我喜欢下棋。", "这句别写进日记", "下棋"), ("我喜欢下棋。这句不算。", None, "下棋"),
]
"""Messages, those after them, and the word that is not to be written down."""


async def test_words_that_are_not_to_be_written_down_stay_out_with_and_without_a_tool_until_it_is_undone(model: Model):
    people = [await seeds.person(f"ann{number}") for number in range(len(UNWRITTEN))]
    undoable = {}
    for person, (said, then, _) in zip(people, UNWRITTEN):
        await say(person, "I live in Oslo." if said.isascii() else "我住在杭州。")
        first = await say(person, said)
        last = await say(person, then, first.conversation.id) if then else first
        calls = forgets(last)
        assert [call.outcome for call in calls] == [ToolOutcome.DONE] * len(calls), said
        assert [dict(call.kept_out) for call in calls] == [{first.question.id: Learning.ALL}] * len(calls), said
        assert bool(calls) is not ("cratch" in said or "不算" in said), "the offline model does not call the tool for these"
        if calls:
            undoable[person.id] = last.answer.id
        await move_messages_back(person, 1)
    await night()
    for person, (said, _, word) in zip(people, UNWRITTEN):
        assert word not in await written(person) and ("Oslo" in await written(person) or "杭州" in await written(person)), said
        if person.id in undoable:
            await tool_undo.undo(await context_of(person), undoable[person.id], 0)
            assert await kept_out(person) == set()
    await night()
    for person, (said, _, word) in zip(people, UNWRITTEN):
        assert (word in await written(person)) is (person.id in undoable), said


def forgets_undone(found: list[Message]) -> list[bool]:
    return [call.undone for row in found for call in (read_sources(row.sources) or pytest.fail("no sources")).calls if call.undone]
