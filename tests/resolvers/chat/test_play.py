"""Conversations that are play: the diary says that the user played, and the profile learns nothing, whenever they are marked."""
from __future__ import annotations

import pytest

from persistence.models import Conversation, Diary, DiaryLine, DiaryVersion, ProfileValue, Signal, SignalEvidence, User
from resolvers import chat, portability
from resolvers.chat import make_filter
from resolvers.chat.recall import recall_for
from resolvers.errors import InvalidInput, NotFound
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, everything, model, move_messages_back, rows, say

__all__ = ["model"]
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

PLAYS = [
    ("Let's play: you are a dragon and I am the knight.", "I live in Hangzhou.", "Hangzhou", "Played: “Let's play: you are a dragon and I am the knight.”"),
    ("你扮演一条龙，我扮演骑士。", "我住在杭州。", "杭州", "玩了角色扮演：“你扮演一条龙，我扮演骑士。”"),
]

UNANNOUNCED = [
    ("Good evening, brave knight.", "I live in Hangzhou.", "Hangzhou", "Played: “Good evening, brave knight.”"),
    ("晚上好，勇敢的骑士。", "我住在杭州。", "杭州", "玩了角色扮演：“晚上好，勇敢的骑士。”"),
]
"""Games that no rule sees begin, so that something is learned before they are marked."""


async def mark(user: User, exchange: chat.Exchange, play: bool = True) -> None:
    changed = await chat.update_conversation(await context_of(user), exchange.conversation.id, {"play": play})
    assert changed.play is play


async def nights(user: User) -> None:
    await night()
    await night()


async def summary(user: User) -> str:
    [diary] = await rows(Diary, Diary.user_id == user.id)
    [version] = await rows(DiaryVersion, DiaryVersion.user_id == user.id, DiaryVersion.version == diary.version)
    return str(version.summary)


@pytest.mark.parametrize(("opening", "said", "value", "line"), PLAYS, ids=["en", "zh"])
async def test_play_is_in_the_diary_as_play_and_never_in_the_profile(model: Model, opening: str, said: str, value: str, line: str):
    ann = await seeds.person()
    first = await say(ann, opening)
    await say(ann, said, first.conversation.id)
    await mark(ann, first)
    await move_messages_back(ann, 8)
    await nights(ann)
    assert await summary(ann) == line and await rows(Signal) == [] == await rows(ProfileValue)
    assert (await model.calls()).get("diary", 0) == 0


@pytest.mark.parametrize(("opening", "said", "value", "line"), PLAYS, ids=["en", "zh"])
async def test_play_beside_life_leaves_the_life_as_it_is(model: Model, opening: str, said: str, value: str, line: str):
    ann = await seeds.person()
    first = await say(ann, opening)
    await say(ann, said, first.conversation.id)
    await mark(ann, first)
    await say(ann, "I live in Oslo. I went to the lake with Tom." if opening.isascii() else "我住在奥斯陆。我和小明去了湖边。")
    await move_messages_back(ann, 8)
    await nights(ann)
    assert {row.value for row in await rows(ProfileValue)} <= {"Oslo", "奥斯陆"} and await rows(ProfileValue)
    told = await summary(ann)
    assert line in told and value not in told and ("lake" in told or "湖边" in told)


@pytest.mark.parametrize(("opening", "said", "value", "line"), UNANNOUNCED, ids=["en", "zh"])
async def test_play_marked_after_the_night_is_forgotten_at_once_and_learned_again_when_unmarked(model: Model, opening: str, said: str, value: str, line: str):
    ann = await seeds.person()
    first = await say(ann, opening)
    await say(ann, said, first.conversation.id)
    await move_messages_back(ann, 2)
    await nights(ann)
    assert [row.value for row in await rows(ProfileValue)] == [value]
    await mark(ann, first)
    assert await rows(ProfileValue) == [] == await rows(SignalEvidence)
    assert not [row.text for row in await rows(DiaryLine) if value in row.text]
    await nights(ann)
    assert await summary(ann) == line and await rows(ProfileValue) == []
    await mark(ann, first, False)
    await nights(ann)
    assert [row.value for row in await rows(ProfileValue)] == [value] and line not in await summary(ann)


@pytest.mark.parametrize("after_the_night", [False, True], ids=["before the night", "after the night"])
@pytest.mark.parametrize(("opening", "said", "value", "line"), PLAYS, ids=["en", "zh"])
async def test_conversation_that_is_no_play_as_the_user_says_is_learned_from_though_it_looks_like_a_game(
    model: Model, opening: str, said: str, value: str, line: str, after_the_night: bool
):
    ann = await seeds.person()
    first = await say(ann, opening)
    await say(ann, said, first.conversation.id)
    await move_messages_back(ann, 2)
    if after_the_night:
        await nights(ann)
        assert await rows(ProfileValue) == [], "the rules see a game"
        await mark(ann, first)
        await nights(ann)
    await mark(ann, first, False)
    await nights(ann)
    assert [row.value for row in await rows(ProfileValue)] == [value]
    fork = await chat.fork_conversation(await context_of(ann), first.answer.id)
    assert fork.not_play and not fork.play
    await mark(ann, first)
    assert await rows(ProfileValue) == [], "the user may change their mind"
    [held] = [row for row in await rows(Conversation) if row.id == first.conversation.id]
    assert held.play and not held.not_play


async def test_play_when_the_model_is_down_is_told_as_play(model: Model):
    ann = await seeds.person()
    first = await say(ann, "Let's play: you are a dragon.")
    await say(ann, "I robbed the bank in Hangzhou.", first.conversation.id)
    await mark(ann, first)
    await say(ann, "I baked bread with Tom.")
    await move_messages_back(ann, 2)
    await model.fail(match="task: diary", kind="500")
    await night()
    assert await summary(ann) == "I baked bread with Tom. Played: “Let's play: you are a dragon.”"


async def test_play_is_not_reviewed_with_its_week(model: Model):
    ann = await seeds.person()
    first = await say(ann, "Let's play: you are a dragon. I always run before work.")
    await mark(ann, first)
    await move_messages_back(ann, 8)
    await night()
    assert (await model.calls()).get("week", 0) == 0 and await rows(Signal) == []


async def test_play_is_not_recalled_in_other_conversations(model: Model):
    ann = await seeds.person()
    first = await say(ann, "Let's play: the zebra was mine")
    second = await say(ann, "Hello!")
    question = second.question
    from llm.tools import SEARCH_MESSAGES, Search

    search = Search(SEARCH_MESSAGES, "zebra")
    assert any("zebra" in text for text in await recall_for(question)(search))
    await mark(ann, first)
    assert not any("the zebra was mine" in text for text in await recall_for(question)(search))
    await mark(ann, first, False)
    assert any("the zebra was mine" in text for text in await recall_for(question)(search))


async def test_play_null_or_of_another_user_is_refused_and_changes_nothing(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    first = await say(ann, "Hello!")
    hers, his = await context_of(ann), await context_of(bob)
    before = await everything()
    with pytest.raises(InvalidInput, match="play must be true or false"):
        await chat.update_conversation(hers, first.conversation.id, {"play": None})
    with pytest.raises(NotFound):
        await chat.update_conversation(his, first.conversation.id, {"play": True})
    assert await everything() == before


async def test_play_fork_and_imported_account_are_play(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    first = await say(ann, "Let's play: you are a dragon.")
    await mark(ann, first)
    fork = await chat.fork_conversation(await context_of(ann), first.answer.id)
    await portability.import_json(bob, await portability.export_json(ann))
    page = await chat.list_conversations(await context_of(bob), make_filter(), limit=10)
    assert fork.play and [row.play for row in page.rows] == [True, True]


SEND = "mutation($content: String!) {messageSend(input: {content: $content}) {... on MessageSendSuccess {playOffered answer {id} conversation {id play}}}}"
MARK = """mutation($id: ID!, $play: Boolean) {conversationUpdate(input: {conversationId: $id, play: $play}) {
  ... on ConversationUpdateSuccess {conversation {play}} ... on InvalidInputError {code field}}}"""
AGAIN = "mutation($id: ID!) {messageRegenerate(input: {messageId: $id}) {... on MessageRegenerateSuccess {playOffered}}}"


@pytest.mark.parametrize(("content", "offered"), [
    ("Let's play: you are a dragon.", True), ("你扮演一条龙", True), ("Let's play tennis tomorrow", False), ("明天一起玩游戏吧", False),
])  # fmt: skip
async def test_play_is_offered_where_a_message_begins_one_until_it_is_marked(model: Model, content: str, offered: bool):
    token = await seeds.bearer(await seeds.person())
    sent = (await seeds.ask(SEND, {"content": content}, token=token))["data"]["messageSend"]
    assert (sent["playOffered"], sent["conversation"]["play"]) == (offered, False)
    assert (await model.calls())["chat"] == 1
    changed = (await seeds.ask(MARK, {"id": sent["conversation"]["id"], "play": True}, token=token))["data"]["conversationUpdate"]
    assert changed == {"conversation": {"play": True}}
    again = (await seeds.ask(AGAIN, {"id": sent["answer"]["id"]}, token=token))["data"]["messageRegenerate"]
    assert again == {"playOffered": False}
    await seeds.ask(MARK, {"id": sent["conversation"]["id"], "play": False}, token=token)
    asked = (await seeds.ask(AGAIN, {"id": sent["answer"]["id"]}, token=token))["data"]["messageRegenerate"]
    assert asked == {"playOffered": False}, "once the user says that it is no play, nothing is offered"
    refused = (await seeds.ask(MARK, {"id": sent["conversation"]["id"], "play": None}, token=token))["data"]["conversationUpdate"]
    assert refused == {"code": "BAD_USER_INPUT", "field": "play"}
