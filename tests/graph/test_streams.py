"""Streams over real connections to two servers on one database: stopped, resumed and continued by whichever of them, and answers of killed processes."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import httpx2
import pytest
from anyio.from_thread import BlockingPortal

import settings
from persistence import database
from tests import seeds
from tests.paced_model import PacedModel, paced_model
from tests.test_web import start_server

PATIENCE_SECONDS = 40.0
FIRST, REST = "The tide rises and", " falls twice a day."
SHOWN = "The tide rises an"
"""The part of the first words that is shown: the last characters wait until they are known not to begin a tool call."""
EVENT = """{ __typename ... on MessageStreamStarted { streamId cursor question { id status streamId } conversation { id } }
  ... on MessageStreamDelta { text cursor } ... on MessageSendSuccess { question { id status } answer { id content status cutOff } }
  ... on Error { code message } ... on ModelUnavailableError { question { id status } } }"""
SEND = f"subscription($input: MessageSendInput, $from: String) {{ event: messageStream(input: $input, resumeFrom: $from) {EVENT} }}"
AGAIN = f"subscription($id: ID!) {{ event: messageRegenerateStream(input: {{messageId: $id}}) {EVENT} }}"
GO_ON = f"subscription($id: ID!) {{ event: messageContinueStream(input: {{messageId: $id}}) {EVENT} }}"
STOP = """mutation($id: ID!) { messageStop(input: {messageId: $id}) { __typename ... on Error { code message }
  ... on MessageStopSuccess { question { id status errorCode } answer { id content status cutOff } conversation { id } } } }"""
CONTINUE = """mutation($id: ID!) { messageContinue(input: {messageId: $id}) { __typename ... on Error { code message } ... on InvalidInputError { field }
  ... on MessageContinueSuccess { answer { id content status cutOff } } } }"""
SEND_WHOLE = """mutation($input: MessageSendInput!) { messageSend(input: $input) { __typename ... on Error { code message }
  ... on MessageSendSuccess { question { id } answer { id content } } } }"""
DELETE = "mutation($id: ID!) { messageDelete(input: {messageId: $id}) { ... on MessageDeleteSuccess { deletedIds } ... on Error { code message } } }"
LIST = "query($id: ID!) { conversation(id: $id) { title messages { nodes { id role status content cutOff errorCode } } } }"


Process = tuple[str, "subprocess.Popen[bytes]"]
"""The address and the process of a server."""


class Server:
    """A server process with one signed-in user."""

    def __init__(self, address: str, process: subprocess.Popen[bytes], token: str) -> None:
        self.process = process
        self.client = httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS, headers={"authorization": f"Bearer {token}"})

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answered = self.client.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answered, answered
        [found] = answered["data"].values()
        return dict(found)

    @contextmanager
    def stream(self, query: str, **variables: Any) -> Iterator[Iterator[dict[str, Any]]]:
        """Open a stream and yield its events; leaving the block closes the connection."""
        with self.client.stream("POST", "/graphql", json={"query": query, "variables": variables}, headers={"accept": "text/event-stream"}) as response:
            yield (json.loads(line[6:])["data"]["event"] for line in response.iter_lines() if line.startswith("data: {"))

    def messages(self, conversation_id: str) -> list[dict[str, Any]]:
        return list(self.ask(LIST, id=conversation_id)["messages"]["nodes"])


def text_of(events: Sequence[dict[str, Any]]) -> str:
    return "".join(event["text"] for event in events if event["__typename"] == "MessageStreamDelta")


def read_until(events: Iterator[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Return the events up to the one with which the text is complete."""
    found = [next(events)]
    while text_of(found) != text:
        found.append(next(events))
    return found


@pytest.fixture(scope="module")
def processes(migrated_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PacedModel, Process, Process]]:
    """Start two servers for all tests of this file, and the model that both call. The last test kills the first of them."""
    logs = tmp_path_factory.mktemp("logs")
    with paced_model(FIRST, REST) as paced:
        given = {"DEEPSEEK_BASE_URL": paced.address, "SERVERLESS": "false", "FUNCTION_TIMEOUT_SECONDS": "120"}
        with patch.dict(os.environ, given), start_server(logs / "a") as one, start_server(logs / "b") as other:
            yield paced, one, other
    settings.current.cache_clear()  # the sign-ins of this process have read the address of this model


@pytest.fixture
def model(processes: tuple[PacedModel, Process, Process]) -> Iterator[PacedModel]:
    paced = processes[0]
    paced.restart(FIRST, REST)
    yield paced
    paced.go_on.set()


@pytest.fixture
def servers(empty_database: str, processes: tuple[PacedModel, Process, Process], portal: BlockingPortal) -> Iterator[tuple[Server, Server]]:
    token = portal.call(_sign_in)
    here, there = Server(*processes[1], token), Server(*processes[2], token)
    with here.client, there.client:
        yield here, there


async def _lapse() -> None:
    """Move the last checkpoints of all streams into the past, instead of waiting until their process counts as dead."""
    async with database.connection() as connection:
        [[user_id]] = await connection.fetch("select user_id from answer_streams")
        await connection.fetch("update answer_streams set beat_at = beat_at - interval '1 minute' where user_id = $1", user_id)
    await database.dispose()


async def _sign_in() -> str:
    settings.current.cache_clear()
    try:
        return await seeds.bearer(await seeds.person())
    finally:
        await database.dispose()


def test_stream_stopped_from_another_server_ends_the_call_and_is_continued_there(servers: tuple[Server, Server], model: PacedModel) -> None:
    here, there = servers
    assert here.client.get("/health").json()["streaming"] is True and here.ask("{ health { streaming } }") == {"streaming": True}
    with here.stream(SEND, input={"content": "Tell me about the tide"}) as events:
        [started, *_] = read_until(events, SHOWN)
        stopped = there.ask(STOP, id=started["question"]["id"])
        assert model.left.wait(PATIENCE_SECONDS), "the connection to the provider stayed open"
        [last] = list(events)
    assert stopped["question"]["status"] == "COMPLETE" and last["answer"] == stopped["answer"]
    assert stopped["answer"]["content"] == SHOWN and (stopped["answer"]["status"], stopped["answer"]["cutOff"]) == ("STOPPED", "STOPPED")
    assert there.ask(STOP, id=started["question"]["id"])["answer"] == stopped["answer"], "stopping again changes nothing"
    model.first, model.rest = "d falls", " twice a day."
    model.go_on.set()
    with there.stream(GO_ON, id=stopped["answer"]["id"]) as events:
        begun, *pieces, done = list(events)
    assert begun["cursor"] != started["cursor"] and text_of(pieces) == "d falls twice a day."
    whole = {"id": stopped["answer"]["id"], "content": FIRST + REST, "status": "COMPLETE", "cutOff": None}
    assert done["answer"] == whole
    [*_, given, request] = model.calls[-1]["messages"]
    assert (given["role"], given["content"], request["role"]) == ("assistant", SHOWN, "user")
    refused = here.ask(CONTINUE, id=whole["id"])
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", "messageId")
    assert [message["content"] for message in here.messages(started["conversation"]["id"])] == ["Tell me about the tide", whole["content"]]


@pytest.mark.parametrize(("first", "rest"), [
    ("On most mornings we walk", " in the garden."), ("早上我们大多在花园", "里散步。"), ("We sat down there.", "\n\n- Then it rained."),
])
def test_continuation_is_joined_as_the_model_sent_it(servers: tuple[Server, Server], model: PacedModel, first: str, rest: str) -> None:
    here, _ = servers
    for streams in (True, False):
        model.restart(first, "")
        with here.stream(SEND, input={"content": "What do you do?"}) as events:
            [started, piece] = next(events), next(events)
            answer = here.ask(STOP, id=started["question"]["id"])["answer"]
            list(events)
        assert piece["text"] and answer["content"].startswith(piece["text"])
        model.restart(rest, "")
        model.go_on.set()
        if streams:
            with here.stream(GO_ON, id=answer["id"]) as events:
                [_, *pieces, done] = list(events)
            assert text_of(pieces) == rest
        else:
            done = here.ask(CONTINUE, id=answer["id"])
        assert (done["answer"]["content"], done["answer"]["status"]) == (answer["content"] + rest, "COMPLETE")


def test_stream_of_a_lost_connection_is_resumed_from_both_servers(servers: tuple[Server, Server], model: PacedModel) -> None:
    here, there = servers
    with here.stream(SEND, input={"content": "Tell me about the tide"}) as events:
        shown = read_until(events, "The ti")
    started, last = shown[0], shown[-1]
    assert started["question"]["status"] == "PENDING" and started["question"]["streamId"] == started["streamId"]
    with there.stream(SEND, **{"from": last["cursor"]}) as remote, here.stream(SEND, **{"from": started["streamId"]}) as local:
        far = [next(remote), next(remote)]
        near = read_until(local, SHOWN)
        model.go_on.set()
        far += list(remote)
        near += list(local)
    assert far[0]["__typename"] == near[0]["__typename"] == "MessageStreamStarted"
    assert "The ti" + text_of(far) == text_of(near) == FIRST + REST
    assert far[-1]["answer"] == near[-1]["answer"] and far[-1]["answer"]["content"] == FIRST + REST and len(model.calls) == 1
    with there.stream(SEND, **{"from": last["cursor"]}) as events:
        rest, done = list(events)
    assert rest["text"] == (FIRST + REST)[len("The ti"):] and done["answer"] == far[-1]["answer"]


def test_stream_asked_again_and_stopped_stands_beside_the_earlier_answer_until_both_are_deleted(servers: tuple[Server, Server], model: PacedModel) -> None:
    here, there = servers
    model.go_on.set()
    first = here.ask(SEND_WHOLE, input={"content": "Tell me about the tide"})
    model.go_on.clear()
    with here.stream(AGAIN, id=first["answer"]["id"]) as events:
        read_until(events, SHOWN)
        stopped = here.ask(STOP, id=first["question"]["id"])
        [last] = list(events)
    assert model.left.wait(PATIENCE_SECONDS) and last["answer"] == stopped["answer"] and stopped["answer"]["content"] == SHOWN
    messages = there.messages(stopped["conversation"]["id"])
    assert [(message["content"], message["status"]) for message in messages[1:]] == [(SHOWN, "STOPPED")], "the earlier answer is beside it"
    model.left.clear()
    with here.stream(GO_ON, id=stopped["answer"]["id"]) as events:
        started = next(events)
        refused = there.ask(CONTINUE, id=stopped["answer"]["id"])
        deleted = there.ask(DELETE, id=first["question"]["id"])
        assert len(deleted["deletedIds"]) == 3 and model.left.wait(PATIENCE_SECONDS), "the call goes on for a deleted question"
        *_, last = list(events)
    assert started["__typename"] == "MessageStreamStarted" and refused["__typename"] == last["__typename"] == "ConflictError"
    assert there.messages(stopped["conversation"]["id"]) == []


def test_answer_that_is_not_streamed_is_stopped_from_another_server(servers: tuple[Server, Server], model: PacedModel) -> None:
    here, there = servers
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(here.ask, SEND_WHOLE, input={"content": "Tell me about the tide"})
        while not model.calls and not sending.done():
            time.sleep(0.02)
        [conversation] = there.ask("{ conversations { nodes { id } } }")["nodes"]
        [question] = there.messages(conversation["id"])
        stopped = there.ask(STOP, id=question["id"])
        failed = sending.result(PATIENCE_SECONDS)
    assert model.left.wait(PATIENCE_SECONDS) and stopped["answer"] is None
    assert (failed["code"], stopped["question"]["status"], stopped["question"]["errorCode"]) == ("MODEL_INTERRUPTED", "FAILED", "MODEL_INTERRUPTED")


def test_stream_of_a_killed_server_is_kept_once_and_told_to_the_model(servers: tuple[Server, Server], model: PacedModel, portal: BlockingPortal) -> None:
    here, there = servers
    with here.stream(SEND, input={"content": "Tell me about the tide"}) as events:
        shown = read_until(events, SHOWN)
        time.sleep(1.5)  # the interval of checkpoints, and a half
        here.process.send_signal(signal.SIGKILL)
        here.process.wait(PATIENCE_SECONDS)
    portal.call(_lapse)
    with there.stream(SEND, **{"from": shown[-1]["cursor"]}) as events:
        *_, last = list(events)
    assert (last["answer"]["content"], last["answer"]["status"]) == (SHOWN, "STOPPED")
    model.go_on.set()
    with there.stream(SEND, input={"content": "And then?", "conversationId": shown[0]["conversation"]["id"]}) as events:
        *_, done = list(events)
    assert done["__typename"] == "MessageSendSuccess"
    told = [said["content"].rpartition("]\n")[2] for said in model.calls[-1]["messages"][1:3]]  # without the time of the message
    assert told == ["Tell me about the tide", f"{SHOWN}\n\n[stopped here]"]
    kept = there.messages(shown[0]["conversation"]["id"])
    assert [message["status"] for message in kept] == ["COMPLETE", "STOPPED", "COMPLETE", "COMPLETE"]
