"""The command `unilife demo`: days of chat through the API, the nightly jobs, and the resulting diaries and profiles.

Everything is real but the calendar: the clock is set back while the user writes a day, so that the day is over and its jobs can run.
"""
from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

import time_machine
from rich.console import Console

from dev import environment
from dev.demo.client import Client
from dev.demo.rendering import show_diaries, show_events, show_heading, show_profile, show_sources, show_tool_call, show_verdict, show_words
from dev.demo.script import PEOPLE, Person, Said
from jobs.deadline import Deadline
from jobs.rules.day import time_zone
from jobs.run import RunRequest, RunSummary
from jobs.run import run as run_request
from llm import client as model
from persistence.database import dispose
from persistence.models.jobs import Trigger

PASSWORD = "a kettle sings at dawn"
NIGHT_SECONDS = 60.0


def run() -> None:
    """Run the demonstration on a database that is deleted afterwards. Raises `CommandError` when a request is refused."""
    console, began = Console(), time.monotonic()
    with console.status("Starting a database and the offline model …") as status, environment.temporary_environment():
        status.stop()
        asyncio.run(_show(console))
    console.print(f"\n[dim]{time.monotonic() - began:.0f} seconds. To try it yourself: make dev")


async def _show(console: Console) -> None:
    from graph.asgi import app

    try:
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(Client(app())) for _ in PEOPLE]
            await _live(console, clients)
            await _read(console, clients)
    finally:
        await model.close()
        await dispose()


async def _live(console: Console, clients: list[Client]) -> None:
    """Run the days and their nightly jobs, up to yesterday."""
    days = len(PEOPLE[0].days)
    today = min(datetime.now(time_zone(person.time_zone)).date() for person in PEOPLE)
    for number in range(days):
        day = today - timedelta(days=days - number)
        show_heading(console, f"{day:%A} {day}")
        for person, client in zip(PEOPLE, clients, strict=True):
            await _live_day(console, client, person, day, person.days[number])
        night = await _night()
        console.print(f"[dim]Nightly jobs: {night.succeeded} items succeeded, {night.failed} failed, {night.tokens} tokens[/dim]")


async def _live_day(console: Console, client: Client, person: Person, day: date, messages: tuple[Said, ...]) -> None:
    conversation_id = None
    for said in messages:
        at = datetime.combine(day, clock_time(said.hour), time_zone(person.time_zone))
        with time_machine.travel(at, tick=True):
            await _sign_in(client, person)
            sent = await client.run("Say", input={"content": said.words, "conversationId": conversation_id})
        conversation_id = sent["conversation"]["id"]
        show_words(console, person, f"{said.hour:02}:00", said.words, sent["answer"]["content"])


async def _sign_in(client: Client, person: Person) -> None:
    """Sign in, the first time by registering. An access token expires between two messages of the script."""
    first = client.token is None
    client.token = None
    account = {"email": person.email, "password": PASSWORD}
    if first:
        account |= {"nickname": person.nickname, "timeZone": person.time_zone, "locale": person.locale}
    client.token = (await client.run("Register" if first else "SignIn", input=account))["accessToken"]


async def _night() -> RunSummary:
    return await run_request(RunRequest(None, Trigger.TIMER), Deadline(NIGHT_SECONDS))


async def _read(console: Console, clients: list[Client]) -> None:
    """Show the diaries, the profile and an answer, as a frontend would today."""
    for person, client in zip(PEOPLE, clients, strict=True):
        await _sign_in(client, person)
        show_heading(console, f"{person.nickname}'s diaries, each line with the quotes that support it")
        show_diaries(console, person, (await client.run("Diaries"))["nodes"])
        show_heading(console, f"What lies ahead of {person.nickname}")
        show_events(console, (await client.run("Ahead"))["nodes"])
        show_heading(console, f"{person.nickname}'s profile")
        show_profile(console, person, (await client.run("Profile"))["sections"])
        show_heading(console, "A new conversation")
        sent = await _ask(console, client, person, {})
        show_heading(console, "What that answer was told, and why")
        show_sources(console, person, sent["answer"]["sources"]["items"])
        await _correct(console, client, person, sent)
        await _wish(console, client, person)


async def _ask(console: Console, client: Client, person: Person, input: dict[str, Any]) -> Any:
    """Ask the user's question and show the answer."""
    sent = await client.run("AskWithSources", input={"content": person.question, **input})
    show_words(console, person, "today", person.question, sent["answer"]["content"], whole=True)
    return sent


async def _correct(console: Console, client: Client, person: Person, sent: Any) -> None:
    """Judge one source of the answer to be outdated, and ask again."""
    told = next(item for item in sent["answer"]["sources"]["items"] if item.get("value", {}).get("slot") == person.outdated)
    judged = await client.run("Judge", input={"id": told["id"], "verdict": "OUTDATED"})
    show_heading(console, "A correction below that answer, and the question again")
    show_verdict(console, person, judged["source"])
    again = await _ask(console, client, person, {"conversationId": sent["conversation"]["id"]})
    show_sources(console, person, [item for item in again["answer"]["sources"]["items"] if "value" in item])


async def _wish(console: Console, client: Client, person: Person) -> None:
    """Wish that something be remembered, show what the answer did, and undo it."""
    show_heading(console, "A wish to remember, what came of it, and its undo")
    sent = await client.run("Say", input={"content": person.wish})
    show_words(console, person, "today", person.wish, sent["answer"]["content"], whole=True)
    [call] = sent["answer"]["toolCalls"]
    show_tool_call(console, person, call)
    undone = await client.run("Undo", input={"messageId": sent["answer"]["id"], "index": call["index"]})
    show_tool_call(console, person, undone["answer"]["toolCalls"][0])
