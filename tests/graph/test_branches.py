"""Branches of a conversation through the whole application: asked differently and again, moved between, found, and hidden from others."""
from __future__ import annotations

from typing import Any

import pytest

from tests import seeds
from tests.graph.test_screens import mutate, query, query_counted
from tests.resolvers.chat.chat_setup import Model, everything, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

WORDS = [("I moved to Oslo.", "Are there trams?", "I moved to Bergen.", "trams"), ("我搬到了杭州。", "那里有地铁吗？", "我搬到了苏州。", "地铁")]


async def path(user: seeds.User, id: str) -> list[dict[str, Any]]:
    nodes = (await query(user, "branches", "Path", id=id))["conversation"]["messages"]["nodes"]
    assert all(node["onPath"] for node in nodes)
    return list(nodes)


def ids(messages: list[dict[str, Any]]) -> list[str]:
    return [message["id"] for message in messages]


@pytest.mark.parametrize("words", WORDS, ids=["en", "zh"])
async def test_question_asked_differently_and_answers_asked_again_keep_their_places(model: Model, words: tuple[str, str, str, str]):
    ann = await seeds.person()
    first = await mutate(ann, "branches", "Begin", content=words[0])
    id = first["conversation"]["id"]
    then = await mutate(ann, "branches", "Begin", content=words[1], conversationId=id)
    trunk = await path(ann, id)
    assert ids(trunk) == ids([first["question"], first["answer"], then["question"], then["answer"]])
    assert {(node["siblingIndex"], node["siblingCount"]) for node in trunk} == {(0, 1)}

    other = await mutate(ann, "branches", "AskDifferently", messageId=first["question"]["id"], content=words[2])
    places = [{"id": first["question"]["id"], "content": words[0]}, {"id": other["question"]["id"], "content": words[2]}]
    assert (other["question"]["siblings"], other["question"]["siblingIndex"], other["question"]["siblingCount"]) == (places, 1, 2)
    assert ids(await path(ann, id)) == ids([other["question"], other["answer"]])
    again = await mutate(ann, "branches", "AskAgain", messageId=other["answer"]["id"])
    third = await mutate(ann, "branches", "AskAgain", messageId=again["answer"]["id"])
    assert ids(third["answer"]["siblings"]) == ids([other["answer"], again["answer"], third["answer"]]) and third["answer"]["siblingIndex"] == 2
    assert ids(await path(ann, id)) == ids([other["question"], third["answer"]])

    found = (await query(ann, "branches", "Found", text=words[3]))["messageSearch"]["nodes"]
    assert [node["onPath"] for node in found if node["id"] == then["question"]["id"]] == [False]
    back = await mutate(ann, "branches", "Select", messageId=then["question"]["id"])
    assert ids(back["conversation"]["messages"]["nodes"]) == ids(trunk)
    chosen = await mutate(ann, "branches", "Select", messageId=again["answer"]["id"])
    assert ids(chosen["conversation"]["messages"]["nodes"]) == ids([other["question"], again["answer"]])


async def test_branch_and_select_of_others_and_of_wrong_messages_change_nothing(model: Model):
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    first = await mutate(ann, "branches", "Begin", content="I moved to Oslo.")
    await mutate(bob, "branches", "Begin", content="Hello there")
    before = {name: rows for name, rows in (await everything()).items() if name != "sign_ins"}
    for operation, input in (
        ("AskDifferently", {"messageId": first["question"]["id"], "content": "Mine"}),
        ("AskAgain", {"messageId": first["answer"]["id"]}),
        ("Select", {"messageId": first["question"]["id"]}),
    ):
        with pytest.raises(AssertionError, match="NOT_FOUND"):
            await mutate(bob, "branches", operation, **input)
    for id, content, field in ((first["answer"]["id"], "Mine", "messageId"), (first["question"]["id"], " ", "content")):
        refused = await mutate(ann, "branches", "AskDifferently", messageId=id, content=content)
        assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", field)
    assert {name: rows for name, rows in (await everything()).items() if name != "sign_ins"} == before


async def test_page_of_a_path_takes_as_many_statements_with_many_branches_as_with_one(model: Model):
    ann = await seeds.person()
    first = await mutate(ann, "branches", "Begin", content="I moved to Oslo.")
    id = first["conversation"]["id"]
    await mutate(ann, "branches", "AskDifferently", messageId=first["question"]["id"], content="I moved to Bergen.")
    _, few = await query_counted(ann, "branches", "Path", id=id)
    for number in range(3):
        then = await mutate(ann, "branches", "Begin", content=f"Is it far? {number}", conversationId=id)
        await mutate(ann, "branches", "AskDifferently", messageId=then["question"]["id"], content=f"Is it near? {number}")
    shown, many = await query_counted(ann, "branches", "Path", id=id)
    assert [node["siblingCount"] for node in shown["conversation"]["messages"]["nodes"] if node["role"] == "USER"] == [2] * 4
    assert many == few
