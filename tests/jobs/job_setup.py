"""Set-up shared by the tests of the jobs: users with days of conversation, job runs, and snapshots of all rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import select

from jobs.deadline import Deadline
from jobs.rules.day import day_bounds
from jobs.run import RunRequest, RunSummary, run
from persistence import database
from persistence.ids import uuid7
from persistence.models import ActiveDay, Conversation, JobTokenBudget, Message, Model, User
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.jobs import Job, Trigger
from persistence.queries.job_planning import Scope

YESTERDAY = "yesterday"

MODEL_PATIENCE_SECONDS = 60.0
"""The longest wait for an answer of the offline model's controls."""


@dataclass
class Person:
    id: UUID
    conversation_id: UUID
    time_zone: str


async def add_person(nickname: str = "Lin", *, time_zone: str = "Asia/Shanghai", locale: str = "en", day_ends_at: int = 0) -> Person:
    person = Person(uuid7(), uuid7(), time_zone)
    async with database.transaction() as session:
        session.add(
            User(
                id=person.id,
                email=f"{person.id}@example.org",
                password_hash="-",
                nickname=nickname,
                time_zone=time_zone,
                locale=locale,
                day_ends_at=day_ends_at,
            )
        )
        await session.flush()
        session.add(Conversation(user_id=person.id, id=person.conversation_id))
    return person


async def say(person: Person, day: date, *texts: str, conversation_id: UUID | None = None, hour: int = 9, temporary: bool = False) -> list[UUID]:
    """Add messages of the user, from `hour` on their clock, each with an answer. Return the ids of the user's messages."""
    starts_at, ends_at = day_bounds(day, person.time_zone, 0)
    spoken = []
    async with database.transaction() as session:
        if not temporary:
            active = await session.get(ActiveDay, (person.id, day))
            if active is None:
                session.add(ActiveDay(user_id=person.id, day=day, starts_at=starts_at, ends_at=ends_at))
            else:
                active.revision += 1
        for number, text in enumerate(texts):
            at = starts_at + timedelta(hours=hour, minutes=number)
            question = _message(person, day, at, MessageRole.USER, text, conversation_id)
            session.add(question)
            await session.flush()
            session.add(_message(person, day, at + timedelta(seconds=20), MessageRole.ASSISTANT, f"I see. ({number})", conversation_id, question.id))
            spoken.append(question.id)
    return spoken


def _message(
    person: Person, day: date, at: datetime, role: MessageRole, text: str, conversation_id: UUID | None, reply_to: UUID | None = None
) -> Message:
    return Message(
        user_id=person.id,
        id=uuid7(at),
        conversation_id=conversation_id or person.conversation_id,
        role=role,
        content=text,
        status=MessageStatus.COMPLETE,
        day=day,
        time_zone=person.time_zone,
        reply_to=reply_to,
        created_at=at,
    )


async def night(job: Job | None = None, *, seconds: float = 120.0, dry_run: bool = False, **scope: Any) -> RunSummary:
    """Run a job as the command line does, with time enough for a busy machine on which the first item imports the model client."""
    return await run(RunRequest(job, Trigger.CLI, scope=Scope(**scope), dry_run=dry_run), Deadline(seconds))


async def everything() -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Return every row of every table, but for the feed of changes, which triggers write, and the times of changes, which may rise without a visible one."""
    tables = [table for table in Model.metadata.sorted_tables if table.name not in ("row_changes", "user_changes")]
    async with database.session() as session:
        return {table.name: sorted(tuple(map(str, row)) for row in await session.execute(select(table))) for table in tables}


async def rows(model: type[Model], *conditions: Any) -> list[Any]:
    async with database.session() as session:
        return list(await session.scalars(select(model).where(*conditions)))


async def night_tokens() -> tuple[int, int]:
    """Return the spent and reserved tokens of all UTC days, because a run may continue past midnight."""
    found = await rows(JobTokenBudget)
    return sum(row.spent for row in found), sum(row.reserved for row in found)


def open_model_client(base_url: str) -> httpx2.AsyncClient:
    """Return an HTTP client of the offline model's controls. It waits longer than httpx2's 5 s, for machines under load."""
    return httpx2.AsyncClient(base_url=base_url.removesuffix("/v1"), timeout=MODEL_PATIENCE_SECONDS)


class ModelServer:
    """Controls of the offline model: the next faults, and the number of calls."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    async def _post(self, path: str, body: Mapping[str, Any] | None = None) -> None:
        async with open_model_client(self.base_url) as client:
            (await client.post(path, json=body or {})).raise_for_status()

    async def fail(self, **plan: Any) -> None:
        await self._post("/faults", plan)

    async def reset(self) -> None:
        await self._post("/reset")

    async def calls(self, task: str | None = None) -> int:
        stats = await self.stats()
        return int(stats["calls"] if task is None else stats["by_task"].get(task, 0))

    async def most_in_flight(self) -> int:
        return int((await self.stats())["most_in_flight"])

    async def stats(self) -> dict[str, Any]:
        async with open_model_client(self.base_url) as client:
            return (await client.get("/stats")).json()  # type: ignore[no-any-return]

    async def requests(self, task: str) -> list[dict[str, Any]]:
        """Return the last requests of a task, each with its body byte for byte."""
        async with open_model_client(self.base_url) as client:
            return (await client.get("/requests", params={"task": task})).json()["requests"]  # type: ignore[no-any-return]

    async def bodies(self) -> list[str]:
        """Return the bodies of the last requests of all tasks as text."""
        async with open_model_client(self.base_url) as client:
            found = (await client.get("/requests")).json()["requests"]
        return [json.dumps(json.loads(request["body"]), ensure_ascii=False) for request in found]
