"""Users at their devices: a process that plays some of them. It reads a plan as a line of JSON, prints a line when it is ready, reads the times of the plan's
beginning and end, and prints what each request got.

Each user is a closed loop: one request at a time over a connection of its own, and a pause before the next. With functions, this process is the
platform too: a request goes to an instance that is free, and waits while there is none.
"""
from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bench.events import event
from bench.load.requests import KINDS, Asked, draw, find_refusal

PATIENCE_SECONDS = 60.0
"""Time after which a user gives a request up; it counts as refused without a response."""

Send = Callable[[dict[str, Any], Asked], Awaitable["tuple[int, str]"]]


class ServerClients:
    """The connections of the users to a server, one each, as a proxy in front of it would make them."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._open: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def send(self, user: dict[str, Any], asked: Asked) -> tuple[int, str]:
        number = user["number"]
        if number not in self._open:
            self._open[number] = await asyncio.open_connection("127.0.0.1", self._ports[number % len(self._ports)])
        reader, writer = self._open[number]
        try:
            body = json.dumps(asked.body).encode()
            writer.write(_HEAD % (number // 250, number % 250, user["token"].encode(), len(body)) + body)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0])
            answer = (await reader.readexactly(length)).decode()
        except BaseException:
            self._open.pop(number)[1].close()
            raise
        if "connection: close" in head:
            self._open.pop(number)[1].close()
        return int(head.split(" ", 2)[1]), answer


_HEAD = (
    b"POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/graphql-response+json\r\ncontent-type: application/json\r\nuser-agent: bench\r\n"
    b"x-real-ip: 10.0.%d.%d\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n"
)


class Instances:
    """The instances of a function, each of which gets one event at a time."""

    def __init__(self, ports: list[int]) -> None:
        self._ports, self._free = ports, asyncio.Queue[Any]()

    async def connect(self) -> None:
        for port in self._ports:
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", port, limit=1 << 24))

    async def send(self, user: dict[str, Any], asked: Asked) -> tuple[int, str]:
        instance = await self._free.get()
        task = asyncio.ensure_future(self._invoke(instance, event("POST", "/graphql", body=asked.body, bearer=user["token"])))
        return await asyncio.shield(task)

    async def _invoke(self, instance: Any, given: dict[str, Any]) -> tuple[int, str]:
        """Return the response. An instance whose client has left is busy until it has answered."""
        reader, writer = instance
        writer.write(json.dumps(given).encode() + b"\n")
        answer = json.loads(await reader.readline())
        self._free.put_nowait(instance)
        return answer["statusCode"], answer["body"]


async def live(user: dict[str, Any], plan: dict[str, Any], send: Send, found: list[Any]) -> None:
    """Send requests until the plan's end."""
    choose = random.Random(user["number"])
    await asyncio.sleep(max(0.0, plan["starts_at"] - time.time()) + choose.uniform(0, plan["think"][1]))
    while time.time() < plan["ends_at"]:
        asked = draw(choose.choices(KINDS, plan["mix"])[0], user["conversation"], plan["words"], choose)
        began = time.perf_counter()
        try:
            refusal = find_refusal(asked, *await asyncio.wait_for(send(user, asked), PATIENCE_SECONDS))
        except asyncio.TimeoutError:
            refusal = "no response"
        except (OSError, EOFError, ValueError) as error:
            refusal = type(error).__name__
        found.append((asked.kind, time.time(), time.perf_counter() - began, refusal, asked.text))
        await asyncio.sleep(choose.uniform(*plan["think"]))


async def _main(plan: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    clients: ServerClients | Instances = ServerClients(plan["ports"])
    if plan["functions"]:
        clients = Instances(plan["ports"])
        await clients.connect()
    print("ready", flush=True)
    plan.update(json.loads(await asyncio.to_thread(sys.stdin.readline)))
    await asyncio.gather(*(live(user, plan, clients.send, found) for user in plan["users"]))
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_main(json.loads(sys.stdin.readline())))))
