"""The parts that the baseline's pages and its chat share: settings, engine, the model's client, the users' table and the format of an event."""
from __future__ import annotations

import json
import os
from typing import Any
from uuid import UUID, uuid4

from openai import AsyncOpenAI
from pydantic_settings import BaseSettings
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Settings(BaseSettings):
    postgresql_url: str
    model_key: str = "none"
    model_url: str = "http://127.0.0.1:1/v1"
    model_name: str = "unilife-offline"
    jwt_secret_key: str = "none"
    chat_tokens_per_day: int = 0


settings = Settings()
pooled: dict[str, Any] = {"statement_cache_size": 0, "prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: f"__{uuid4()}__"}
"""The arguments that SQLAlchemy's documentation asks for behind pgbouncer in transaction mode."""
connect_args = pooled if os.environ.get("BENCH_POOLED") else {}
engine = create_async_engine(settings.postgresql_url, pool_size=2, pool_pre_ping=True, connect_args=connect_args)
sessions = async_sessionmaker(engine, expire_on_commit=False)
model = AsyncOpenAI(api_key=settings.model_key, base_url=settings.model_url, max_retries=0)


class Table(DeclarativeBase):
    pass


class Person(Table):
    __tablename__ = "baseline_people"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    nickname: Mapped[str]
    profile: Mapped[str] = mapped_column(default="")


def event(method: str, path: str, *, body: Any = None, bearer: str | None = None) -> dict[str, Any]:
    """Return an HTTP API's event, payload format 2.0."""
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench"}
    headers = {"host": "bench", "content-type": "application/json", **({"authorization": f"Bearer {bearer}"} if bearer else {})}
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers, "isBase64Encoded": False,
        "body": None if body is None else json.dumps(body), "requestContext": {"http": http, "stage": "$default", "requestId": "1"},
    }  # fmt: skip
