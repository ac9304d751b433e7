"""Branches through the whole application: ask differently, ask again, and switch back and forth, in both languages and as a stream."""
from __future__ import annotations

from typing import Any

import pytest

from graph.relay import encode_id
from tests import seeds
from tests.graph.app_documents import mutate, query, query_counted
from tests.graph.test_chat import data, execute
from tests.graph.test_chat_stream import Client
from tests.resolvers.chat.chat_setup import Model, everything, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

PLACE = "id role content onPath siblingIndex siblingCount siblings(first: 50) { id }"
EXCHANGE = f"question {{ {PLACE} }} answer {{ {PLACE} }} conversation {{ id }}"
PATH = f"query($id: ID!) {{ conversation(id: $id) {{ messages(first: 50) {{ totalCount nodes {{ {PLACE} }} }} }} }}"
FOUND = f"query($text: String!) {{ messageSearch(query: $text) {{ nodes {{ {PLACE} }} }} }}"
STREAM = """subscription($input: MessageBranchInput!) { result: messageBranchStream(input: $input) { __typename
  ... on MessageStreamStarted { question { id status onPath siblingIndex siblingCount } } ... on MessageStreamDelta { text }
  ... on MessageSendSuccess { question { id } answer { content onPath } } ... on Error { code field } } }"""

TEXTS = {
    "en": ("I moved to Oslo.", "Are there trams?", "I moved to Bergen.", "Does it rain?", "I moved to Tromsø."),
    "zh": ("我搬到了杭州。", "那里有地铁吗？", "我搬到了苏州。", "那里常下雨吗？", "我搬到了昆明。"),
}


def document(name: str) -> str:
    kind = name[0].upper() + name[1:]
    fields = f"conversation {{ id messages {{ totalCount nodes {{ {PLACE} }} }} }}" if name == "messageSelect" else EXCHANGE
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ __typename ... on {kind}Success {{ {fields} }} ... on Error {{ code field }} }} }}"


async def call(user: seeds.User, name: str, **given: Any) -> Any:
    return (await data(user, document(name), input=given))[name]


async def path(user: seeds.User, conversation: str) -> list[dict[str, Any]]:
    """Return the messages of the current path."""
    page = (await data(user, PATH, id=conversation))["conversation"]["messages"]
    assert page["totalCount"] == len(page["nodes"]) and all(node["onPath"] for node in page["nodes"])
    return page["nodes"]  # type: ignore[no-any-return]


def texts(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["content"] for node in nodes if node["role"] == "USER"]


def place(message: dict[str, Any]) -> tuple[int, int]:
    assert message["siblings"][message["siblingIndex"]]["id"] == message["id"] and len(message["siblings"]) == message["siblingCount"]
    return message["siblingIndex"], message["siblingCount"]


@pytest.mark.parametrize("language", TEXTS)
async def test_branches_are_asked_streamed_and_switched(model: Model, language: str):
    first, then, other, after, third = TEXTS[language]
    ann = await seeds.person()
    sent = await call(ann, "messageSend", content=first)
    id, question = sent["conversation"]["id"], sent["question"]["id"]
    assert place(sent["question"]) == place(sent["answer"]) == (0, 1)
    await call(ann, "messageSend", content=then, conversationId=id)
    branched = await call(ann, "messageBranch", messageId=question, content=other, idempotencyKey="k")
    assert branched["__typename"] == "MessageBranchSuccess" and branched["question"]["onPath"] and branched["answer"]["onPath"]
    assert place(branched["question"]) == (1, 2) and branched["answer"]["content"] and branched["conversation"]["id"] == id
    await call(ann, "messageSend", content=after, conversationId=id)
    assert texts(await path(ann, id)) == [other, after]
    assert (await call(ann, "messageBranch", messageId=question, content=other, idempotencyKey="k"))["answer"]["id"] == branched["answer"]["id"]

    given = {"messageId": branched["question"]["id"], "content": third, "idempotencyKey": "stream"}
    started, *pieces, done = await run(ann, given)
    assert started["__typename"] == "MessageStreamStarted" and started["question"]["onPath"]
    assert (started["question"]["siblingIndex"], started["question"]["siblingCount"]) == (2, 3)
    assert done["__typename"] == "MessageSendSuccess" and "".join(piece["text"] for piece in pieces) == done["answer"]["content"]
    assert await run(ann, given) == [done], "a repeated key asks nothing again"
    assert texts(await path(ann, id)) == [third]
    for chosen, shown in ((question, [first, then]), (branched["question"]["id"], [other, after]), (started["question"]["id"], [third])):
        selected = await call(ann, "messageSelect", messageId=chosen)
        assert texts(selected["conversation"]["messages"]["nodes"]) == shown and texts(await path(ann, id)) == shown
        assert [place(node) for node in selected["conversation"]["messages"]["nodes"]][:2] == [
            ([question, branched["question"]["id"], started["question"]["id"]].index(chosen), 3), (0, 1)]


@pytest.mark.parametrize("language", TEXTS)
async def test_message_regenerate_keeps_the_earlier_answer_as_a_sibling(model: Model, language: str):
    first, then, *_ = TEXTS[language]
    ann = await seeds.person()
    sent = await call(ann, "messageSend", content=first)
    id = sent["conversation"]["id"]
    later = await call(ann, "messageSend", content=then, conversationId=id)
    again = await call(ann, "messageRegenerate", messageId=sent["question"]["id"])
    assert place(again["answer"]) == (1, 2) and again["answer"]["onPath"] and place(again["question"]) == (0, 1)
    shown = [node["id"] for node in await path(ann, id)]
    assert shown == [sent["question"]["id"], again["answer"]["id"], later["question"]["id"], later["answer"]["id"]]
    selected = await call(ann, "messageSelect", messageId=sent["answer"]["id"])
    nodes = selected["conversation"]["messages"]["nodes"]
    assert [node["id"] for node in nodes] == [sent["question"]["id"], sent["answer"]["id"], later["question"]["id"], later["answer"]["id"]]
    assert place(nodes[1]) == (0, 2)
    left = "query($id: ID!) { node(id: $id) { ... on Message { onPath siblingIndex siblingCount } } }"
    assert (await data(ann, left, id=again["answer"]["id"]))["node"] == {"onPath": False, "siblingIndex": 1, "siblingCount": 2}


async def run(user: seeds.User, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the events of `messageBranchStream`."""
    return [event["data"]["result"] for event in await Client(await seeds.bearer(user), given, document=STREAM).run()]


async def stored() -> dict[str, Any]:
    return {name: found for name, found in (await everything()).items() if name not in ("sign_ins", "users")}


async def test_branch_refusals_and_ids_of_another_user_change_nothing(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    one = await call(ann, "messageSend", content=TEXTS["en"][0])
    other = await call(ann, "messageBranch", messageId=one["question"]["id"], content=TEXTS["zh"][2])
    question, answer, left = other["question"]["id"], other["answer"]["id"], one["question"]["id"]
    before, calls = await stored(), await model.calls()
    for name, given, field in (
        ("messageBranch", {"messageId": answer, "content": "x"}, "messageId"), ("messageBranch", {"messageId": left, "content": "x"}, "messageId"),
        ("messageBranch", {"messageId": question, "content": " "}, "content"), ("messageRegenerate", {"messageId": left}, "messageId"),
    ):
        refused = await call(ann, name, **given)
        assert (refused["__typename"], refused["field"]) == ("InvalidInputError", field), (name, given, refused)
    [refused] = await run(ann, {"messageId": left, "content": "x"})
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", "messageId")
    for user in (bob, None):
        code = "NOT_FOUND" if user else "UNAUTHENTICATED"
        for name, given in (("messageBranch", {"messageId": question, "content": "x"}), ("messageSelect", {"messageId": left}),
                            ("messageSelect", {"messageId": encode_id("Message", ann.id)})):
            answered = await execute(user, document(name), input=given)
            assert [error["extensions"]["code"] for error in answered["errors"]] == [code], answered
    events = await Client(await seeds.bearer(bob), {"messageId": question, "content": "x"}, document=STREAM).run()
    assert [error["extensions"]["code"] for event in events for error in event["errors"]] == ["NOT_FOUND"]
    nodes = await data(bob, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[question, answer, left])
    assert nodes["nodes"] == [None, None, None]
    assert await stored() == before and await model.calls() == calls


@pytest.mark.parametrize(("words", "searched"), [(("I moved to Oslo.", "I moved to Bergen."), "Oslo"), (("我搬到了杭州。", "我搬到了苏州。"), "杭州")])
async def test_message_search_finds_what_is_off_the_path(model: Model, words: tuple[str, str], searched: str):
    ann = await seeds.person()
    first = await mutate(ann, "Send", content=words[0])
    id = first["question"]["id"]
    await mutate(ann, "AskDifferentlyWhole", messageId=id, content=words[1])
    found = (await query(ann, FOUND, text=searched))["messageSearch"]["nodes"]
    assert [node["onPath"] for node in found if node["id"] == id] == [False]
    assert id in [node["id"] for node in (await query(ann, "Find", words=searched))["messageSearch"]["nodes"]]
    back = await mutate(ann, "Select", messageId=id)
    assert [node["content"] for node in back["conversation"]["messages"]["nodes"] if node["role"] == "USER"] == [words[0]]
    assert len((await query(ann, "Siblings", id=id))["node"]["siblings"]) == 2


async def test_page_of_a_path_takes_as_many_statements_with_many_branches_as_with_one(model: Model):
    ann = await seeds.person()
    first = await mutate(ann, "Send", content="I moved to Oslo.")
    id = first["conversation"]["id"]
    await mutate(ann, "AskDifferentlyWhole", messageId=first["question"]["id"], content="I moved to Bergen.")
    pages: tuple[tuple[str, dict[str, Any]], ...] = (("Page", {"id": id, "first": 50}), (PATH, {"id": id}))
    few = [(await query_counted(ann, page, **given))[1] for page, given in pages]
    for number in range(3):
        then = await mutate(ann, "Send", content=f"Is it far? {number}", conversationId=id)
        await mutate(ann, "AskDifferentlyWhole", messageId=then["question"]["id"], content=f"Is it near? {number}")
    for (page, given), expected in zip(pages, few):
        shown, many = await query_counted(ann, page, **given)
        assert [node["siblingCount"] for node in shown["conversation"]["messages"]["nodes"] if node["role"] == "USER"] == [2] * 4
        assert many == expected
