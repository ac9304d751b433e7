"""Ids that clients make: what is written offline keeps its id, once, in the order of arrival, and apart from other users."""
from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

import pytest

from graph.relay import encode_id
from persistence.ids import to_public_id, to_stored_id, uuid7, uuid7_time
from persistence.models import Conversation, Message
from persistence.models.chat import MessageRole
from resolvers import chat
from resolvers.errors import Conflict, ConflictReason
from tests import seeds
from tests.graph.test_changes import Copy, pull_page
from tests.graph.test_chat import data, execute
from tests.graph.test_chat_stream import Client
from tests.resolvers.chat.chat_setup import Model, context_of, everything, model, rows

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

FIELDS = {
    "messageSend": "question { id } answer { id } conversation { id title }", "messageBranch": "question { id content onPath } answer { id }",
    "messageRegenerate": "question { id }", "messageStop": "question { id }", "messageSelect": "conversation { id }",
    "messageEdit": "editedMessage { id content }", "messageDelete": "deletedIds receipt { deletedIds }", "conversationDelete": "deletedId",
    "conversationFork": "conversation { id messages { nodes { content } } }", "slotCreate": "slot { id name }", "slotDelete": "deletedId",
}
CREATING = ("messageSend", "messageBranch", "conversationFork", "slotCreate")
REFUSALS = "... on InvalidInputError { rule } ... on ConflictError { reason retryAfter }"
STREAM = """subscription($input: MessageBranchInput!) { result: messageBranchStream(input: $input) { __typename
  ... on MessageStreamStarted { question { id } } ... on MessageSendSuccess { question { id } } ... on Error { code field } } }"""
PAGE = """query($id: ID!, $around: ID) { conversation(id: $id) { messages(around: $around) {
  nodes { id role replyTo { id } cursor siblings { id } } } } }"""
WORDS = {"en": ("The ferry has no signal.", "We are still at sea.", "We have landed."), "zh": ("渡轮上没有信号。", "我们还在海上。", "我们靠岸了。")}


def made(kind: str, digits: str) -> str:
    """Return an id as a client makes it, with 16 digits for the random bytes."""
    return urlsafe_b64encode(f"{kind}:".encode() + bytes.fromhex("0000000000008000" + digits)).rstrip(b"=").decode()


LATE, EARLY, MIDDLE = "bfffffffffffffff", "8000000000000000", "9876543210fedcba"


async def call(user: seeds.User, name: str, /, **given: Any) -> dict[str, Any]:
    return (await data(user, document(name), input=given))[name]  # type: ignore[no-any-return]


def document(name: str) -> str:
    kind = name[0].upper() + name[1:]
    return (
        f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ __typename ... on {kind}Success {{ {FIELDS[name]} }} "
        f"... on Error {{ code field message }} {REFUSALS if name in CREATING else ''} }} }}"
    )


async def stored() -> dict[str, Any]:
    return {name: found for name, found in (await everything()).items() if name not in ("sign_ins", "users")}


async def not_found(user: seeds.User, name: str, /, **given: Any) -> bool:
    answered = await execute(user, document(name), input=given)
    return [error["extensions"]["code"] for error in answered.get("errors", [])] == ["NOT_FOUND"]


def test_stored_ids_sort_by_their_arrival_and_lead_back_to_what_the_client_made():
    for digits in (LATE, EARLY, MIDDLE):
        id = UUID(hex="0000000000008000" + digits)
        found = [to_stored_id(id) for _ in range(3)]
        assert found == sorted(found) and len(set(found)) == 3 and set(map(to_public_id, found)) == {id} == {to_public_id(id)}
        assert abs(uuid7_time(found[0]).timestamp() - uuid7_time(uuid7()).timestamp()) < 60 and found[0].int >> 76 & 0xF == 8
    assert (server := uuid7()) == to_public_id(server)


@pytest.mark.parametrize("language", WORDS)
async def test_messages_written_offline_keep_their_ids_and_the_order_of_their_arrival(model: Model, language: str):
    ann, (first, second, edited) = await seeds.person(), WORDS[language]
    copy = await Copy(await seeds.bearer(ann)).pull()
    talk, one, two = made("Conversation", MIDDLE), made("Message", LATE), made("Message", EARLY)
    sent = await call(ann, "messageSend", id=one, newConversationId=talk, content=first)
    assert (sent["question"]["id"], sent["conversation"]["id"]) == (one, talk), sent
    next = await call(ann, "messageSend", id=two, newConversationId=talk, content=second)
    assert (next["question"]["id"], next["conversation"]["id"]) == (two, talk)
    nodes = (await data(ann, PAGE, id=talk))["conversation"]["messages"]["nodes"]
    assert [node["id"] for node in nodes] == [one, sent["answer"]["id"], two, next["answer"]["id"]]
    assert [node["replyTo"] and node["replyTo"]["id"] for node in nodes] == [None, one, None, two] and nodes[0]["siblings"] == [{"id": one}]
    assert (await data(ann, PAGE, id=talk, around=two))["conversation"]["messages"]["nodes"][-1]["id"] == next["answer"]["id"]
    assert (await data(ann, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[two, talk, one]))["nodes"] == [{"id": two}, {"id": talk}, {"id": one}]
    await copy.pull()
    assert {talk, one, two} <= copy.objects.keys()

    before, calls = await stored(), await model.calls()
    assert await call(ann, "messageSend", id=one, newConversationId=talk, content=first) == {**sent, "conversation": next["conversation"]}
    assert await call(ann, "messageSend", id=two, conversationId=talk, content=second) == next
    assert await stored() == before and await model.calls() == calls, "a repeat stores nothing and calls no model"

    assert (await call(ann, "messageEdit", messageId=two, content=edited))["editedMessage"] == {"id": two, "content": edited}
    assert (await call(ann, "messageStop", messageId=two))["question"]["id"] == two
    gone = await call(ann, "messageDelete", messageId=one)
    assert one in gone["deletedIds"] and one in gone["receipt"]["deletedIds"]
    before = await stored()
    assert await not_found(ann, "messageSend", id=one, newConversationId=talk, content=first), "what was deleted is not born again"
    assert await not_found(ann, "messageEdit", messageId=one, content="x")
    assert await stored() == before
    assert [node["id"] for node in (await pull_page(copy.token, copy.since))["data"]["changes"]["nodes"] if node["__typename"] == "Deleted"].count(one) == 1


async def test_ids_that_clients_may_not_make_are_refused_and_nothing_changes(model: Model):
    ann = await seeds.person()
    talk, one = made("Conversation", MIDDLE), made("Message", MIDDLE)
    await call(ann, "messageSend", id=one, newConversationId=talk, content="First")
    other = (await call(ann, "messageSend", content="Elsewhere"))["conversation"]["id"]
    slot = (await call(ann, "slotCreate", id=made("OwnSlot", MIDDLE), name="Boats", many=True))["slot"]["id"]
    before, calls = await stored(), await model.calls()
    fresh, forms = made("Message", EARLY), (made("Conversation", EARLY), encode_id("Message", uuid7()), made("Message", "4000000000000000"), "?", "")
    invalid: list[tuple[str, dict[str, Any], str, str]] = [
        *(("messageSend", {"id": id, "content": "x"}, "id", "FORMAT") for id in forms),
        ("messageSend", {"newConversationId": fresh, "content": "x"}, "newConversationId", "FORMAT"),
        ("messageSend", {"id": fresh, "idempotencyKey": "k", "content": "x"}, "idempotencyKey", "NOT_ALLOWED_HERE"),
        ("messageSend", {"id": fresh, "conversationId": talk, "newConversationId": talk, "content": "x"}, "newConversationId", "NOT_ALLOWED_HERE"),
        ("messageBranch", {"id": talk, "messageId": one, "content": "x"}, "id", "FORMAT"),
        ("conversationFork", {"id": fresh, "messageId": one}, "id", "FORMAT"), ("slotCreate", {"id": fresh, "name": "x", "many": True}, "id", "FORMAT"),
    ]
    for name, given, field, rule in invalid:
        refused = await call(ann, name, **given)
        assert (refused["__typename"], refused["field"], refused["rule"]) == ("InvalidInputError", field, rule), (given, refused)
    taken: list[tuple[str, dict[str, Any]]] = [
        ("messageSend", {"id": one, "conversationId": talk, "content": "Second"}), ("messageSend", {"id": one, "conversationId": other, "content": "First"}),
        ("messageBranch", {"id": one, "messageId": one, "content": "Second"}),
        ("messageSend", {"id": fresh, "newConversationId": talk, "temporary": True, "content": "x"}),
        ("messageSend", {"id": fresh, "newConversationId": talk, "memory": {"profile": False}, "content": "x"}),
        ("conversationFork", {"id": talk, "messageId": one}), ("slotCreate", {"id": slot, "name": "Ships", "many": True}),
    ]
    for name, given in taken:
        refused = await call(ann, name, **given)
        assert (refused["__typename"], refused["reason"]) == ("ConflictError", "ID_TAKEN"), (given, refused)
    assert await stored() == before and await model.calls() == calls


async def test_users_with_the_same_ids_reach_only_their_own(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    given = {"id": made("Message", MIDDLE), "newConversationId": made("Conversation", MIDDLE)}
    await call(ann, "messageSend", **given, content="I am Ann's secret.")
    mine = [row for row in await rows(Message) if row.user_id == ann.id]
    node = "query($id: ID!) { node(id: $id) { id ... on Message { content } } }"
    assert (await data(bob, node, id=given["id"]))["node"] is None
    for name, more in (("messageEdit", {"content": "x"}), ("messageBranch", {"content": "x"}), ("messageDelete", {}), ("messageRegenerate", {})):
        assert await not_found(bob, name, messageId=given["id"], **more)
    his = await call(bob, "messageSend", **given, content="And I am Bob's.")
    assert (his["question"]["id"], his["conversation"]["id"]) == (given["id"], given["newConversationId"])
    assert (await data(bob, node, id=given["id"]))["node"]["content"] == "And I am Bob's."
    await call(bob, "conversationDelete", conversationId=given["newConversationId"])
    assert (await data(ann, node, id=given["id"]))["node"]["content"] == "I am Ann's secret."
    assert {(row.id, row.content) for row in await rows(Message)} == {(row.id, row.content) for row in mine}


@pytest.mark.parametrize("emptied", [False, True])
async def test_deleted_conversation_is_not_born_again_by_its_id(model: Model, emptied: bool):
    ann, talk = await seeds.person(), made("Conversation", EARLY)
    sent = await call(ann, "messageSend", id=made("Message", EARLY), newConversationId=talk, content="Forget this")
    if emptied:
        await call(ann, "messageDelete", messageId=sent["question"]["id"])
    assert (await call(ann, "conversationDelete", conversationId=talk))["deletedId"] == talk
    kept = (await call(ann, "messageSend", content="Stay"))["question"]["id"]
    before = await stored()
    assert await not_found(ann, "messageSend", id=made("Message", LATE), newConversationId=talk, content="Written before I knew")
    assert await not_found(ann, "conversationFork", id=talk, messageId=kept)
    assert await stored() == before


async def test_question_of_a_branch_and_a_fork_take_ids(model: Model):
    ann = await seeds.person()
    one, two, three, talk = made("Message", LATE), made("Message", MIDDLE), made("Message", EARLY), made("Conversation", LATE)
    await call(ann, "messageSend", id=one, content="I moved to Oslo.")
    given = {"messageId": one, "id": two, "content": "I moved to Bergen."}
    branched = await call(ann, "messageBranch", **given)
    assert branched["question"] == {"id": two, "content": "I moved to Bergen.", "onPath": True}
    events = [event["data"]["result"] for event in await Client(await seeds.bearer(ann), {**given, "messageId": two, "id": three}, document=STREAM).run()]
    assert events[0] == {"__typename": "MessageStreamStarted", "question": {"id": three}} and events[-1]["question"] == {"id": three}
    await call(ann, "messageSelect", messageId=two)
    siblings = "query($id: ID!) { node(id: $id) { ... on Message { siblings { id } siblingIndex } } }"
    for index, id in enumerate((one, two, three)):
        assert (await data(ann, siblings, id=id))["node"] == {"siblings": [{"id": one}, {"id": two}, {"id": three}], "siblingIndex": index}
    assert (await call(ann, "messageRegenerate", messageId=two))["question"]["id"] == two
    forked = await call(ann, "conversationFork", id=talk, messageId=two)
    assert forked["conversation"]["id"] == talk and [node["content"] for node in forked["conversation"]["messages"]["nodes"]] == ["I moved to Bergen."]
    before = await stored()
    assert await call(ann, "messageBranch", **given) == {**branched, "answer": (await call(ann, "messageBranch", **given))["answer"]}
    assert await call(ann, "conversationFork", id=talk, messageId=two) == forked
    assert await stored() == before


async def test_slot_takes_an_id_once(model: Model):
    ann, given = await seeds.person(), {"id": made("OwnSlot", EARLY), "name": "船", "many": True}
    await call(ann, "slotCreate", name="Before", many=False)
    created = await call(ann, "slotCreate", **given)
    assert created["slot"] == {"id": given["id"], "name": "船"}
    before = await stored()
    assert await call(ann, "slotCreate", **given) == created and await stored() == before
    listed = (await data(ann, "{ profileSlots { ownSlot { id name } } }"))["profileSlots"]
    assert [slot["ownSlot"]["name"] for slot in listed if slot["ownSlot"]] == ["Before", "船"], "the oldest first, whatever its id"
    assert (await call(ann, "slotDelete", id=given["id"]))["deletedId"] == given["id"]
    before = await stored()
    assert await not_found(ann, "slotCreate", **given) and await stored() == before


async def test_requests_with_one_id_at_once_store_one_object(model: Model):
    ann, talk = await seeds.person(), UUID(hex="0000000000008000" + MIDDLE)
    ids = [UUID(hex="0000000000008000" + digits) for digits in (LATE, EARLY, LATE, EARLY)]
    contexts = [await context_of(ann) for _ in ids]
    sent = await asyncio.gather(*(
        chat.send(context, chat.NewMessage("Hello", made_id=id, new_conversation_id=talk)) for context, id in zip(contexts, ids)
    ), return_exceptions=True)
    refused = [end for end in sent if isinstance(end, BaseException)]
    assert all(isinstance(end, Conflict) and end.reason in (ConflictReason.BEING_ANSWERED, ConflictReason.CHANGED_MEANWHILE) for end in refused), refused
    assert len(refused) < len(sent)
    assert [row.id for row in await rows(Conversation)] == [talk]
    questions = [to_public_id(row.id) for row in await rows(Message, Message.role == MessageRole.USER)]
    assert 1 <= len(questions) == len(set(questions)) and set(questions) <= set(ids)
