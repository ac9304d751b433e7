"""The baseline: a function of the same kind in the common style, with FastAPI, pydantic, SQLAlchemy's ORM, the openai client and Mangum.

Everything is imported when the process starts, as is usual for small services, and a diary is one row with two JSON columns. The baseline runs
in an environment of its own (requirements.txt), which the benchmark creates. `python -m app load` creates and fills its tables in the database
POSTGRESQL_URL; `cold` prints the seconds from the start of the process to its first health response and its first page of twenty diaries;
`warm N` prints the median milliseconds of that page over N events.
"""
# ruff: noqa: E402 - the time is taken before the imports, which are part of the measurement
import time

STARTED = time.perf_counter()

import asyncio
import json
import statistics
import sys
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import argon2
import jwt  # noqa: F401 - a service of this kind signs tokens
from fastapi import FastAPI
from mangum import Mangum
from openai import AsyncOpenAI
from pydantic import BaseModel, ConfigDict
from pydantic_settings import BaseSettings
from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PEOPLE = 200
DAYS = 60
PAGE = 20
READER = UUID(int=7)
FIRST_DAY = date(2026, 1, 1)


class Settings(BaseSettings):
    postgresql_url: str
    model_key: str = "none"


settings = Settings()
engine = create_async_engine(settings.postgresql_url, pool_size=2, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
model = AsyncOpenAI(api_key=settings.model_key)
hasher = argon2.PasswordHasher()


class Table(DeclarativeBase):
    pass


class Person(Table):
    __tablename__ = "baseline_people"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    nickname: Mapped[str]


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


app = FastAPI()


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"healthy": True}


@app.get("/diaries")
async def diaries(first: int = PAGE) -> list[DiaryAnswer]:
    async with sessions() as session:
        found = await session.scalars(select(Diary).where(Diary.person_id == READER).order_by(Diary.day.desc()).limit(first))
        return [DiaryAnswer.model_validate(row) for row in found]


handler = Mangum(app, lifespan="off")


def event(path: str) -> dict[str, Any]:
    """Return an HTTP API's event, payload format 2.0."""
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench"}
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {"host": "bench"}, "isBase64Encoded": False,
        "requestContext": {"http": http, "stage": "$default", "requestId": "1"},
    }  # fmt: skip


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
    answer = handler(event("/diaries"), None)
    assert answer["statusCode"] == 200 and len(json.loads(answer["body"])) == PAGE, answer["body"][:500]


def measure_cold() -> dict[str, float]:
    assert handler(event("/health"), None)["statusCode"] == 200
    first = time.perf_counter() - STARTED
    read_page()
    return {"health_s": round(first, 4), "page_s": round(time.perf_counter() - STARTED, 4)}


def measure_warm(events: int) -> dict[str, float]:
    spent = []
    for _ in range(events + 20):
        began = time.perf_counter()
        read_page()
        spent.append((time.perf_counter() - began) * 1000)
    return {"page_ms": round(statistics.median(spent[20:]), 3)}


if __name__ == "__main__":
    if sys.argv[1] == "load":
        asyncio.run(load())
    else:
        print(json.dumps(measure_cold() if sys.argv[1] == "cold" else measure_warm(int(sys.argv[2]))))
