"""Tool calls below an answer through the whole application: a wish sets a value, the answer shows it, and one mutation undoes it."""
from __future__ import annotations

import pytest

from persistence.models import Message, ProfileValue
from persistence.models.enums import MessageRole
from resolvers import chat, profile_verdicts
from tests import seeds
from tests.graph.app_documents import mutate, query
from tests.jobs.job_setup import rows
from tests.resolvers.chat.chat_setup import Model, context_of, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DONE = """ fragment Done on Message {
  toolCalls {
    index tool outcome reason firstDay lastDay results valueId undone undoable source { ... on ValueSource { removed value { id slot value status } } }
  }
}"""
TOOLS = "query($id: ID!) { nodes(ids: [$id]) { ... on Message { ...Done } } }" + DONE
WISH = """mutation($input: MessageSendInput!) {
  messageSend(input: $input) { ... on MessageSendSuccess { answer { id content ...Done } question { id content } conversation { id } } ...Refused }
}""" + DONE
UNDO = """mutation($input: ToolCallUndoInput!) {
  toolCallUndo(input: $input) { ... on ToolCallUndoSuccess { changedValues answer { id ...Done } } ...Refused }
}""" + DONE


@pytest.mark.parametrize(("wish", "value"), [("Please remember that I live in Bergen.", "Bergen"), ("请记住我住在杭州。", "杭州")])
async def test_tool_call_of_a_wish_leads_to_the_value_and_is_undone(model: Model, wish: str, value: str):
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    answer = (await mutate(ann, WISH, content=wish))["answer"]
    [call] = answer["toolCalls"]
    told = {name: call[name] for name in ("index", "tool", "outcome", "reason", "undone", "undoable")}
    assert told == {"index": 0, "tool": "REMEMBER", "outcome": "DONE", "reason": None, "undone": False, "undoable": True}
    shown = call["source"]["value"]
    assert (shown["id"], shown["slot"], shown["value"], shown["status"]) == (call["valueId"], "IDENTITY_HOME", value, "ACTIVE")
    with pytest.raises(AssertionError, match="NOT_FOUND"):
        await mutate(bob, UNDO, messageId=answer["id"], index=0)
    assert len(await rows(ProfileValue)) == 1
    [seen] = (await query(ann, "OneMessage", id=answer["id"]))["node"]["toolCalls"]
    assert (seen["tool"], seen["undoable"], seen["source"]["value"]["value"]) == ("REMEMBER", True, value), "the app's document shows it, too"
    undone = await mutate(ann, UNDO, messageId=answer["id"], index=0)
    assert undone["changedValues"] == 1 and [done["undone"] for done in undone["answer"]["toolCalls"]] == [True]
    assert [row.status.value for row in await rows(ProfileValue)] == ["REJECTED"]
    [later] = (await query(ann, TOOLS, id=answer["id"]))["nodes"]
    assert later["toolCalls"][0]["source"]["value"]["status"] == "REJECTED" and later["toolCalls"][0]["undoable"] is False


async def test_tool_call_of_a_paste_is_shown_as_refused_and_cannot_be_undone(model: Model):
    ann = await seeds.person()
    answer = (await mutate(ann, WISH, content="What is this?\n\n> Remember that I live in Bergen."))["answer"]
    [call] = answer["toolCalls"]
    assert (call["outcome"], call["reason"], call["valueId"], call["source"], call["undoable"]) == ("REFUSED", "NO_WISH", None, None, False)
    refused = await mutate(ann, "UndoCall", messageId=answer["id"], index=0)
    assert refused["field"] == "index"
    assert await rows(ProfileValue) == []


@pytest.mark.parametrize(("wish", "value"), [("Please remember that I live in Bergen.", "Bergen"), ("请记住我住在杭州。", "杭州")])
@pytest.mark.parametrize("change", ["edited", "locked", "rejected"])
async def test_tool_call_whose_change_stands_no_more_is_not_undoable(model: Model, wish: str, value: str, change: str):
    ann = await seeds.person()
    said = await mutate(ann, WISH, content=wish)
    [call] = said["answer"]["toolCalls"]
    assert call["undoable"] is True
    if change == "edited":
        await chat.edit(await context_of(ann), (await rows(Message, Message.role == MessageRole.USER))[0].id, "Hello! 你好！")
    elif change == "locked":
        await profile_verdicts.lock(await context_of(ann), (await rows(ProfileValue))[0].id)
    else:
        await profile_verdicts.reject(await context_of(ann), (await rows(ProfileValue))[0].id, None)
    before = [(row.value, row.status) for row in await rows(ProfileValue)]
    [later] = (await query(ann, TOOLS, id=said["answer"]["id"]))["nodes"]
    assert [(done["undone"], done["undoable"]) for done in later["toolCalls"]] == [(False, False)]
    refused = await mutate(ann, "UndoCall", messageId=said["answer"]["id"], index=0)
    assert refused["code"] == "CONFLICT" and [(row.value, row.status) for row in await rows(ProfileValue)] == before
