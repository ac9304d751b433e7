"""The baseline: a function of the same kind in the common style, with FastAPI, pydantic, SQLAlchemy's ORM, the openai client and Mangum.

Everything is imported when the process starts, as is usual for small services, and a diary is one row with two JSON columns. The baseline runs
in an environment of its own (requirements.txt), which the benchmark creates. `python -m app load` creates and fills its tables in the database
POSTGRESQL_URL; `cold` prints the seconds from the start of the process to its first health response and its first page of twenty diaries;
`warm N` prints the median milliseconds of that page, and of the signed-in user, over N events. The chat's commands begin with `chat` (chat.py).
"""
# ruff: noqa: E402 - the time is taken before the imports, which are part of the measurement
import time

STARTED = time.perf_counter()

import asyncio
import json
import os
import statistics
import sys
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

import argon2
import chat
import chat_measure
from fastapi import Depends, FastAPI
from mangum import Mangum
from pydantic import BaseModel, ConfigDict
from service import Person, Table, engine, event, sessions
from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

PEOPLE = 200
DAYS = 60
PAGE = 20
READER = UUID(int=7)
FIRST_DAY = date(2026, 1, 1)

hasher = argon2.PasswordHasher()


class Diary(Table):
    __tablename__ = "baseline_diaries"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    day: Mapped[date]
    summary: Mapped[str]
    insights: Mapped[dict[str, Any]] = mapped_column(JSON)
    signals: Mapped[list[Any]] = mapped_column(JSON)
    conversation_count: Mapped[int]
    message_count: Mapped[int]
    tool_call_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)


class DiaryAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    day: date
    summary: str
    insights: dict[str, Any]
    signals: list[dict[str, Any]]
    conversation_count: int
    message_count: int
    tool_call_count: int
    created_at: datetime


class ViewerAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    nickname: str


app = FastAPI()
app.include_router(chat.router)


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"healthy": True}


@app.get("/diaries")
async def diaries(first: int = PAGE) -> list[DiaryAnswer]:
    async with sessions() as session:
        found = await session.scalars(select(Diary).where(Diary.person_id == READER).order_by(Diary.day.desc()).limit(first))
        return [DiaryAnswer.model_validate(row) for row in found]


@app.get("/viewer")
async def viewer(person: Annotated[Person, Depends(chat.viewer)]) -> ViewerAnswer:
    return ViewerAnswer.model_validate(person)


handler = Mangum(app, lifespan="off")


async def load() -> None:
    """Create the tables and fill them with the same number of users and days as bench/data.py."""
    async with engine.begin() as connection:
        await connection.run_sync(Table.metadata.create_all)
    async with sessions.begin() as session:
        session.add_all(Person(id=UUID(int=number), nickname=f"n{number}") for number in range(PEOPLE))
    for number in range(PEOPLE):
        async with sessions.begin() as session:
            session.add_all(diary(UUID(int=number), FIRST_DAY + timedelta(days=day)) for day in range(DAYS))
    await engine.dispose()


def diary(person_id: UUID, day: date) -> Diary:
    signal = {"slot": "habits.sleep", "value": "早起", "confidence": 0.9, "evidence": ["早上八点"]}
    insights = {"activities": ["散步", "阅读"], "emotions": ["平静"], "patterns": ["早起"], "timePreference": ["早上"], "decisionStyle": []}
    return Diary(
        person_id=person_id, day=day, summary="今天和朋友一起去公园散步。" * 8, insights=insights, signals=[signal] * 4,
        conversation_count=3, message_count=20, tool_call_count=0,
    )  # fmt: skip


def read_page() -> None:
    answer = handler(event("GET", "/diaries"), None)
    assert answer["statusCode"] == 200 and len(json.loads(answer["body"])) == PAGE, answer["body"][:500]


def read_viewer() -> None:
    answer = handler(event("GET", "/viewer", bearer=os.environ["BENCH_TOKEN"]), None)
    assert answer["statusCode"] == 200 and json.loads(answer["body"])["nickname"] == "n7", answer["body"][:500]


def measure_cold() -> dict[str, float]:
    assert handler(event("GET", "/health"), None)["statusCode"] == 200
    first = time.perf_counter() - STARTED
    read_page()
    return {"health_s": round(first, 4), "page_s": round(time.perf_counter() - STARTED, 4)}


def measure_warm(events: int) -> dict[str, float]:
    spent: dict[str, list[float]] = {}
    for name, one in {"page_ms": read_page, "viewer_ms": read_viewer}.items():
        for _ in range(events + 20):
            began = time.perf_counter()
            one()
            spent.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    return {name: round(statistics.median(found[20:]), 3) for name, found in spent.items()}


def send(text: str) -> None:
    body = {"conversation_id": os.environ["BENCH_CONVERSATION"], "content": text}
    answer = handler(event("POST", "/chat", body=body, bearer=os.environ["BENCH_TOKEN"]), None)
    assert answer["statusCode"] == 200 and json.loads(answer["body"])["answer"]["content"], answer["body"][:500]


def run_chat() -> None:
    del sys.argv[1]
    if sys.argv[1] == "load":
        asyncio.run(chat.load([UUID(given) for given in sys.argv[3:]], int(sys.argv[2])))
    else:
        chat_measure.count_driver_calls()
        chat_measure.main(send, STARTED)


if __name__ == "__main__":
    if sys.argv[1] == "chat":
        run_chat()
    elif sys.argv[1] == "load":
        asyncio.run(load())
    else:
        print(json.dumps(measure_cold() if sys.argv[1] == "cold" else measure_warm(int(sys.argv[2]))))
