"""The chat through the whole application: fields, results as unions, pages and the number of statements."""
from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from graph.relay import encode_id
from persistence.models import Message, User
from persistence.models.chat import MessageStatus
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, abandoned, everything, model, rows, say
from tests.seeds import DAY

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

EXCHANGE = """
  __typename
  ... on MessageSendSuccess {
    question { id role content status errorCode createdAt editedAt day model promptVersion tokens { input output } latencyMs rating
      replyTo { id } answer { id } conversation { id } }
    answer { id role content status day model promptVersion tokens { input output } latencyMs replyTo { id } answer { id } }
    conversation { id title temporary archived tags lastMessageAt forkedFrom { id } messages { totalCount nodes { id content } } }
  }
  ... on Error { code message }
  ... on InvalidInputError { field }
  ... on ModelUnavailableError { retryAfter question { id status errorCode content answer { id } } conversation { id title } }
"""
SEND = "mutation Send($input: MessageSendInput!) { messageSend(input: $input) {" + EXCHANGE + "} }"


async def execute(viewer: User | None, document: str, **variables: Any) -> dict[str, Any]:
    return await seeds.ask(document, variables, token=await seeds.bearer(viewer) if viewer else None)


async def data(viewer: User, document: str, **variables: Any) -> Any:
    answered = await execute(viewer, document, **variables)
    assert "errors" not in answered, answered["errors"]
    return answered["data"]


async def errors(viewer: User | None, document: str, **variables: Any) -> list[tuple[str, str]]:
    return [(error["extensions"]["code"], error["message"]) for error in (await execute(viewer, document, **variables))["errors"]]


async def test_message_send_returns_the_exchange_and_repeats_it_for_the_same_idempotency_key(model: Model):
    ann = await seeds.person()
    sent = (await data(ann, SEND, input={"content": "I moved to Hangzhou last week.", "idempotencyKey": "k"}))["messageSend"]
    question, reply, conversation = sent["question"], sent["answer"], sent["conversation"]
    assert sent["__typename"] == "MessageSendSuccess"
    assert (question["role"], question["status"], question["errorCode"], question["model"]) == ("USER", "COMPLETE", None, None)
    assert question["answer"]["id"] == reply["id"] and reply["replyTo"]["id"] == question["id"] and question["replyTo"] is reply["answer"] is None
    assert (reply["role"], reply["model"], reply["promptVersion"], reply["day"]) == ("ASSISTANT", "unilife-offline", "chat/7", question["day"])
    assert reply["tokens"]["input"] > 0 and reply["tokens"]["output"] > 0 and reply["latencyMs"] >= 0
    assert conversation["title"] and conversation["messages"]["totalCount"] == 2
    assert [node["id"] for node in conversation["messages"]["nodes"]] == [question["id"], reply["id"]]
    again = (await data(ann, SEND, input={"content": "I moved to Hangzhou last week.", "idempotencyKey": "k"}))["messageSend"]
    assert again == sent and (await model.calls())["chat"] == 1
    more = (await data(ann, SEND, input={"content": "And then?", "conversationId": conversation["id"]}))["messageSend"]
    assert more["conversation"]["id"] == conversation["id"] and more["conversation"]["messages"]["totalCount"] == 4


async def test_message_cut_off_of_a_truncated_answer_names_the_cause(model: Model):
    ann = await seeds.person()
    document = """mutation Send($input: MessageSendInput!) { messageSend(input: $input) {
        ... on MessageSendSuccess { question { cutOff } answer { content cutOff } conversation { id } } } }"""
    shown = []
    for kind in ("finish-length", "finish-content-filter", "finish-eos"):
        await model.fail(always=kind)
        sent = (await data(ann, document, input={"content": "I moved to Hangzhou last week."}))["messageSend"]
        shown.append((sent["question"]["cutOff"], sent["answer"]["cutOff"], bool(sent["answer"]["content"])))
    assert shown == [(None, "LENGTH", True), (None, "FILTER", True), (None, None, True)]


async def test_message_send_when_the_model_fails_returns_model_unavailable_error(model: Model):
    ann = await seeds.person()
    await model.fail(match="task: chat/7", kind="429")
    failed = (await data(ann, SEND, input={"content": "Keep this"}))["messageSend"]
    assert (failed["__typename"], failed["code"], failed["retryAfter"]) == ("ModelUnavailableError", "MODEL_RATE_LIMITED", 7)
    assert "messageRegenerate" in failed["message"]
    assert failed["question"] == {"id": failed["question"]["id"], "status": "FAILED", "errorCode": "MODEL_RATE_LIMITED", "content": "Keep this", "answer": None}
    await model.reset()
    again = """mutation($input: MessageRegenerateInput!) { messageRegenerate(input: $input) {
        ... on MessageRegenerateSuccess { question { id status } answer { content } } } }"""
    done = (await data(ann, again, input={"messageId": failed["question"]["id"]}))["messageRegenerate"]
    assert done["question"] == {"id": failed["question"]["id"], "status": "COMPLETE"} and done["answer"]["content"]


async def test_message_status_of_a_pending_question_with_an_expired_lease_is_failed(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    await abandoned(said.question, since=timedelta(seconds=1))
    document = "query($id: ID!) { conversation(id: $id) { messages { nodes { status } } } }"
    found = (await data(ann, document, id=encode_id("Conversation", said.conversation.id)))["conversation"]["messages"]["nodes"]
    assert [node["status"] for node in found] == ["FAILED", "COMPLETE"]
    await abandoned(said.question, since=timedelta(seconds=-60))
    found = (await data(ann, document, id=encode_id("Conversation", said.conversation.id)))["conversation"]["messages"]["nodes"]
    assert [node["status"] for node in found] == ["PENDING", "COMPLETE"]


@pytest.mark.parametrize(("sent", "kind", "field"), [
    ({"content": " "}, "InvalidInputError", "content"),
    ({"content": "x" * 20_001}, "InvalidInputError", "content"),
    ({"content": "x", "idempotencyKey": ""}, "InvalidInputError", "idempotencyKey"),
])  # fmt: skip
async def test_message_send_with_an_invalid_field_is_refused_naming_it(model: Model, sent: dict[str, Any], kind: str, field: str):
    ann = await seeds.person()
    refused = (await data(ann, SEND, input=sent))["messageSend"]
    assert (refused["__typename"], refused["field"], refused["code"]) == (kind, field, "BAD_USER_INPUT")
    assert await rows(Message) == [] and await model.calls() == {}


async def test_chat_operations_when_signed_out_are_refused(model: Model):
    for document, variables in [
        (SEND, {"input": {"content": "Hello"}}), ("{ conversations { nodes { id } } }", {}), ('{ messageSearch(query: "a") { nodes { id } } }', {}),
        ("query($id: ID!) { conversation(id: $id) { id } }", {"id": encode_id("Conversation", uuid4())}),
    ]:  # fmt: skip
        [(code, _)] = await errors(None, document, **variables)
        assert code == "UNAUTHENTICATED"
    assert await rows(Message) == [] and await model.calls() == {}


async def test_conversations_are_paged_with_their_newest_messages(model: Model):
    ann = await seeds.person()
    for day in range(5):
        await seeds.said(ann, DAY + timedelta(days=day), f"day {day}", "and more")
    document = """query($after: String) { conversations(first: 2, after: $after) { totalCount nodes { title messages(first: 1, newestFirst: true) {
        nodes { content replyTo { id } answer { id } conversation { id } } pageInfo { hasNextPage } } } pageInfo { hasNextPage endCursor } } }"""
    seen, after, more = [], None, True
    while more:
        page = (await data(ann, document, after=after))["conversations"]
        seen += page["nodes"]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert page["totalCount"] == 5 and len(seen) == 5
    assert all(node["messages"]["nodes"][0]["content"] == "and more" and node["messages"]["pageInfo"]["hasNextPage"] for node in seen)


async def test_conversation_messages_with_related_objects_take_five_statements():
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, *(f"number {number}" for number in range(20)))
    document = "query($id: ID!) { conversation(id: $id) { messages { nodes { replyTo { id } answer { id } conversation { title } } } } }"
    token = await seeds.bearer(ann)
    with seeds.statements() as seen:
        answered = await seeds.ask(document, {"id": encode_id("Conversation", said[0].conversation_id)}, token=token)
    assert len(answered["data"]["conversation"]["messages"]["nodes"]) == 20 and len(seen) == 5


async def test_message_search_finds_chinese_and_english_text_and_refuses_an_empty_query():
    ann = await seeds.person()
    await seeds.said(ann, DAY, "我刚搬到杭州", "I moved to Hangzhou", "100% sure")
    document = "query($query: String!) { messageSearch(query: $query) { totalCount nodes { content conversation { id } } } }"
    for query, found in {"搬到": ["我刚搬到杭州"], "hangzhou I": ["I moved to Hangzhou"], "%": ["100% sure"], "nothing": []}.items():
        page = (await data(ann, document, query=query))["messageSearch"]
        assert [node["content"] for node in page["nodes"]] == found and page["totalCount"] == len(found)
    [(code, message)] = await errors(ann, document, query=" ")
    assert code == "BAD_USER_INPUT" and "query" in message


async def test_message_search_of_some_days_finds_and_marks_only_their_messages():
    ann, later = await seeds.person(), DAY + timedelta(days=7)
    await seeds.said(ann, DAY, "👩‍🍳 The ferries to Córdoba", "渡輪今天停航")
    await seeds.said(ann, later, "The ferry sailed again")
    document = """query($query: String!, $marked: String!, $from: Date, $to: Date) {
        messageSearch(query: $query, from: $from, to: $to) { totalCount nodes { content matches(query: $marked) { start end } } } }"""

    async def marked(query: str, **days: Any) -> list[list[str]]:
        page = (await data(ann, document, query=query, marked=query, **days))["messageSearch"]
        assert page["totalCount"] == len(page["nodes"])
        return [[node["content"][match["start"] : match["end"]] for match in node["matches"]] for node in page["nodes"]]

    assert await marked("ferry") == [["ferry"], ["ferries"]]
    assert await marked("ferry", to=DAY.isoformat()) == [["ferries"]] and await marked("ferry", **{"from": later.isoformat()}) == [["ferry"]]
    assert await marked("cordoba", **{"from": DAY.isoformat(), "to": DAY.isoformat()}) == [["Córdoba"]] and await marked("渡轮") == [["渡輪"]]
    assert await marked("ferry", **{"from": (DAY + timedelta(days=1)).isoformat(), "to": (DAY + timedelta(days=2)).isoformat()}) == []
    for wrong in ({"from": later.isoformat(), "to": DAY.isoformat(), "marked": "ferry"}, {"marked": " "}):
        [(code, message)] = await errors(ann, document, query="ferry", **wrong)
        assert code == "BAD_USER_INPUT" and ("from" in message or "query" in message)


async def test_conversation_update_keeps_absent_fields_and_clears_null_ones(model: Model):
    ann = await seeds.person()
    conversation_id = encode_id("Conversation", (await say(ann, "Hello")).conversation.id)
    document = """mutation($input: ConversationUpdateInput!) { conversationUpdate(input: $input) { __typename
        ... on ConversationUpdateSuccess { conversation { title archived tags } } ... on InvalidInputError { field } } }"""

    async def update(**changes: Any) -> Any:
        return (await data(ann, document, input={"conversationId": conversation_id, **changes}))["conversationUpdate"]

    assert (await update(title="Mine", tags=["a"]))["conversation"] == {"title": "Mine", "archived": False, "tags": ["a"]}
    assert (await update(archived=True))["conversation"] == {"title": "Mine", "archived": True, "tags": ["a"]}
    assert (await update(title=None, tags=None))["conversation"] == {"title": None, "archived": True, "tags": []}
    assert await update(archived=None) == {"__typename": "InvalidInputError", "field": "archived"}


async def test_message_and_conversation_mutations_return_the_changed_objects(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    question, reply = encode_id("Message", said.question.id), encode_id("Message", said.answer.id)
    conversation = encode_id("Conversation", said.conversation.id)
    document = """mutation($question: ID!, $reply: ID!) {
      edit: messageEdit(input: {messageId: $question, content: "Hallo"}) {
        ... on MessageEditSuccess { editedMessage { content editedAt } receipt { linesRemoved valuesRemoved } } }
      rate: messageRate(input: {messageId: $reply, rating: UP}) { ... on MessageRateSuccess { ratedMessage { rating } } }
      fork: conversationFork(input: {messageId: $reply}) {
        ... on ConversationForkSuccess { conversation { forkedFrom { id } messages { nodes { content } } } } }
      delete: messageDelete(input: {messageId: $question}) { ... on MessageDeleteSuccess { deletedIds conversation { messages { totalCount } } } }
    }"""
    done = await data(ann, document, question=question, reply=reply)
    assert done["edit"]["editedMessage"]["content"] == "Hallo" and done["edit"]["editedMessage"]["editedAt"]
    assert done["edit"]["receipt"] == {"linesRemoved": 0, "valuesRemoved": 0}
    assert done["rate"]["ratedMessage"]["rating"] == "UP"
    assert done["fork"]["conversation"]["forkedFrom"]["id"] == conversation
    assert [node["content"] for node in done["fork"]["conversation"]["messages"]["nodes"]] == ["Hallo", said.answer.content]
    assert done["delete"] == {"deletedIds": [question, reply], "conversation": {"messages": {"totalCount": 0}}}
    document = "mutation($id: ID!) { conversationDelete(input: {conversationId: $id}) { ... on ConversationDeleteSuccess { deletedId } } }"
    assert (await data(ann, document, id=conversation))["conversationDelete"] == {"deletedId": conversation}
    assert await errors(ann, document, id=conversation) == [("NOT_FOUND", "no such conversation")]


OPERATIONS = [
    ('query($id: ID!) { conversation(id: $id) { id } }', "Conversation"),
    ('mutation($id: ID!) { messageSend(input: {conversationId: $id, content: "x"}) { __typename } }', "Conversation"),
    ('mutation($id: ID!) { conversationUpdate(input: {conversationId: $id, title: "x"}) { __typename } }', "Conversation"),
    ('mutation($id: ID!) { conversationDelete(input: {conversationId: $id}) { __typename } }', "Conversation"),
    ('mutation($id: ID!) { conversationFork(input: {messageId: $id}) { __typename } }', "Message"),
    ('mutation($id: ID!) { messageRegenerate(input: {messageId: $id}) { __typename } }', "Message"),
    ('mutation($id: ID!) { messageEdit(input: {messageId: $id, content: "x"}) { __typename } }', "Message"),
    ('mutation($id: ID!) { messageRate(input: {messageId: $id, rating: UP}) { __typename } }', "Message"),
    ('mutation($id: ID!) { messageDelete(input: {messageId: $id}) { __typename } }', "Message"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "kind"), OPERATIONS)
async def test_chat_operation_on_another_users_object_is_refused_like_an_unknown_id(document: str, kind: str):
    ann, bob = await seeds.person(), await seeds.person("bob")
    [said] = await seeds.said(ann, DAY, "Mine")
    hers = said.conversation_id if kind == "Conversation" else said.id
    token = await seeds.bearer(bob)
    before, told = await everything(), set()
    for id in (encode_id(kind, hers), encode_id(kind, uuid4())):
        answered = await seeds.ask(document, {"id": id}, token=token)
        assert list(answered["data"].values()) == [None]
        told |= {(error["extensions"]["code"], error["message"]) for error in answered["errors"]}
    assert told == {("NOT_FOUND", f"no such {kind.lower()}")} and await everything() == before


@pytest.mark.parametrize(("document", "kind"), OPERATIONS)
async def test_chat_operation_with_an_id_of_another_type_is_refused(document: str, kind: str):
    ann = await seeds.person()
    token = await seeds.bearer(ann)
    before = await everything()
    for id in (encode_id("User", ann.id), "x", ""):
        answered = await seeds.ask(document, {"id": id}, token=token)
        assert [error["extensions"]["code"] for error in answered["errors"]] == ["BAD_USER_INPUT"]
    assert await everything() == before


async def test_nodes_returns_conversations_and_messages_to_their_owner_only(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    said = await say(ann, "Hello")
    ids = [encode_id("Conversation", said.conversation.id), encode_id("Message", said.question.id)]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Message { content } } }"
    assert [node["id"] for node in (await data(ann, document, ids=ids))["nodes"]] == ids
    assert (await data(bob, document, ids=ids))["nodes"] == [None, None]
    assert (await rows(Message))[0].status is MessageStatus.COMPLETE
