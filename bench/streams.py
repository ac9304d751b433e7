"""Streams: the time from the provider's first token to the client's, and what is left of answers whose processes are killed while they stream.

`python -m bench.streams` measures both; `--first 100` and `--kills 50` set how many of each. The provider is an HTTP server of this process, so that its clock
and the client's are one. It writes its first word after 0.2 s, and then one every 25 ms.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2

from bench.comparison import make_token
from bench.data import READER, SIGN_IN, load
from bench.load.processes import Form, running
from dev.database import create, temporary_server
from persistence.queries.answer_streams import SILENT_SECONDS

FIRST_SECONDS = 0.2
WORD_SECONDS = 0.025
WORDS = 400
AT_ONCE = 4
"""Servers that run side by side in the kill run."""
EVENT = """{ __typename ... on MessageStreamStarted { cursor question { id } conversation { id } } ... on MessageStreamDelta { text cursor }
  ... on MessageSendSuccess { answer { content status } } ... on Error { code message } }"""
STREAM = f"subscription($input: MessageSendInput, $from: String) {{ event: messageStream(input: $input, resumeFrom: $from) {EVENT} }}"
MESSAGES = "query($id: ID!) { conversation(id: $id) { messages { nodes { role content status } } } }"


class Provider(ThreadingHTTPServer):
    """The model's server; `first_at` is the time at which it sent the first word to each question."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.first_at: dict[str, float] = {}
        self.words = WORDS


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = call["messages"][-1]["content"].rpartition("question ")[2]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if call.get("stream") else "application/json")
        self.end_headers()
        with suppress(OSError):
            if not call.get("stream"):
                self.wfile.write(json.dumps({"choices": [{"message": {"role": "assistant", "content": "Title"}, "finish_reason": "stop"}]}).encode())
                return
            time.sleep(FIRST_SECONDS)
            for number in range(self.server.words):
                self.server.first_at.setdefault(asked, time.monotonic())
                self._say({"content": f"word{number:04} "}, None)
                time.sleep(WORD_SECONDS)
            self._say({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def _say(self, delta: dict[str, str], reason: str | None) -> None:
        self.wfile.write(f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta, 'finish_reason': reason}]})}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@dataclass
class Shown:
    """The part of an answer that a client was shown before its server was killed."""

    question: str
    conversation: str
    cursor: str
    text: str


@contextmanager
def events(client: httpx2.Client, **variables: Any) -> Iterator[Iterator[dict[str, Any]]]:
    with client.stream("POST", "/graphql", json={"query": STREAM, "variables": variables}, headers={"accept": "text/event-stream"}) as response:
        yield (_event(line[6:]) for line in response.iter_lines() if line.startswith("data: {"))


def _event(data: str) -> dict[str, Any]:
    found = json.loads(data)
    if not found.get("data"):
        raise SystemExit(f"a stream was refused: {data}")
    event: dict[str, Any] = found["data"]["event"]
    return event


def client_of(port: int) -> httpx2.Client:
    headers = {"authorization": f"Bearer {make_token(READER, SIGN_IN)}", "x-real-ip": "203.0.113.7"}
    return httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120)


def wake(client: httpx2.Client) -> None:
    """Let a server that has just started load its schema and prepare its statements, which may take longer than a statement's limit on a busy machine."""
    while "errors" in client.post("/graphql", json={"query": "mutation { messageSend(input: {content: \"Hello\", temporary: true}) { __typename } }"}).json():
        pass


def measure_first(client: httpx2.Client, provider: Provider, number: int) -> list[float]:
    """Return the milliseconds from the provider's first word to the client's first chunk."""
    found = []
    for question in range(number):
        with events(client, input={"content": f"question f{question}", "temporary": True}) as stream:
            for event in stream:
                if event["__typename"] == "MessageStreamDelta":
                    found.append((time.monotonic() - provider.first_at[f"f{question}"]) * 1000)
                    break
            list(stream)
    return found


def stream_until_killed(port: int, pid: int, name: str) -> Shown:
    """Read a stream, and kill its server at a random moment after its first chunk."""
    text, question, conversation, cursor = "", "", "", ""
    client, killer = client_of(port), None
    wake(client)
    with suppress(httpx2.HTTPError), events(client, input={"content": f"question {name}"}) as stream:
        for event in stream:
            if event["__typename"] == "MessageStreamStarted":
                question, conversation = event["question"]["id"], event["conversation"]["id"]
            elif event["__typename"] == "MessageStreamDelta":
                text += event["text"]
                if killer is None:
                    killer = threading.Timer(random.Random(name).uniform(0.05, 5.0), os.kill, (pid, signal.SIGKILL))
                    killer.start()
            cursor = event.get("cursor", cursor)
    return Shown(question, conversation, cursor, text)


def check_kept(client: httpx2.Client, shown: Shown) -> tuple[int, int]:
    """Return how many characters that were shown are lost, and how many answers the question has."""
    with events(client, **{"from": shown.cursor}) as stream:
        *_, last = list(stream)
    body = client.post("/graphql", json={"query": MESSAGES, "variables": {"id": shown.conversation}}).json()
    answers = [message for message in body["data"]["conversation"]["messages"]["nodes"] if message["role"] == "ASSISTANT"]
    kept = last["answer"]["content"] if "answer" in last else ""
    if not (kept.startswith(shown.text) or shown.text.startswith(kept)):
        raise SystemExit(f"another text was kept than shown: {kept!r}, {shown.text!r}")
    return max(0, len(shown.text) - len(kept)) if kept else len(shown.text) + 10**6, len(answers)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.streams")
    parser.add_argument("--first", type=int, default=100)
    parser.add_argument("--kills", type=int, default=50)
    given = parser.parse_args()
    with temporary_server() as server, tempfile.TemporaryDirectory() as directory, Provider() as provider:
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        url, log = asyncio.run(_database(server)), Path(directory, "log")
        address = f"http://127.0.0.1:{provider.server_port}/v1"
        if given.first:
            provider.words = 10
            with running(Form("server", 1), url, address, log) as group:
                found = sorted(measure_first(client_of(group.ports[0]), provider, given.first + 5)[5:])
            print(f"first token: median {statistics.median(found):.1f} ms, 95 of 100 below {found[int(len(found) * 0.95)]:.1f} ms, {len(found)} streams")
        if given.kills:
            provider.words = WORDS
            run_kills(url, address, log, given.kills)
        provider.shutdown()


def run_kills(url: str, address: str, log: Path, number: int) -> None:
    shown: list[Shown] = []
    while len(shown) < number:
        with running(Form("server", min(AT_ONCE, number - len(shown))), url, address, log) as group, ThreadPoolExecutor(AT_ONCE) as pool:
            names = [f"k{len(shown) + index}" for index in range(len(group.ports))]
            shown += pool.map(stream_until_killed, group.ports, group.pids, names)
        print(f"{len(shown)} killed", file=sys.stderr)
    time.sleep(SILENT_SECONDS + 1)
    with running(Form("server", 1), url, address, log) as group:
        client = client_of(group.ports[0])
        kept = [check_kept(client, each) for each in shown]
    lost, answers = [characters for characters, _ in kept], [count for _, count in kept]
    print(f"kills: {len(shown)} processes killed while streaming; answers lost: {sum(each >= 10**6 for each in lost)}")
    print(f"answers doubled: {sum(each > 1 for each in answers)}; characters shown and not kept: median {statistics.median(lost):.0f}, most {max(lost)}")


async def _database(server: str) -> str:
    url = await create(server, "streams")
    await load(url)
    return url


if __name__ == "__main__":
    main()
