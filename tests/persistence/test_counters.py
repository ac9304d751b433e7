"""Counters after migration 0013: wider, never negative, repaired where a forged import had stored invalid ones."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from persistence.database import SCHEMA_REVISION, make_engine
from persistence.migrator import upgrade_schema

pytestmark = pytest.mark.anyio

PERSON = "00000000-0000-7000-8000-000000000001"
COUNTERS = ("calls", "failed_calls", "input_tokens", "output_tokens", "reserved_tokens")


async def test_migration_0013_database_with_invalid_counters_repairs_widens_and_checks_them(new_database: Callable[[], str]) -> None:
    engine = make_engine(new_database(), pool_size=2)
    try:
        await upgrade_schema(engine, "0008")
        async with engine.begin() as link:
            await link.execute(text("insert into users (id, email, password_hash, nickname, time_zone, locale, disabled)"
                                    " values (:id, 'a@b.c', '-', 'a', 'UTC', 'en', true)"), {"id": PERSON})
            await link.execute(text("insert into usage (user_id, day, purpose, calls, input_tokens)"
                                    " values (:id, '2026-01-01', 'CHAT', -2147483648, 2147483647)"),
                               {"id": PERSON})
            await link.execute(text("insert into sign_ins (user_id, id, expires_at) values (:id, :id, now() + interval '1 day')"), {"id": PERSON})
            await link.execute(text("insert into conversations (user_id, id) values (:id, :id)"), {"id": PERSON})
            await link.execute(text("insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, latency_ms, created_at)"
                                    " values (:id, :id, :id, 'USER', '你好', 'COMPLETE', '2026-01-01', 'UTC', -5, now())"), {"id": PERSON})
        await upgrade_schema(engine, SCHEMA_REVISION)
        async with engine.begin() as link:
            assert (await link.execute(text("select calls, input_tokens from usage"))).one() == (0, 2147483647)
            assert await link.scalar(text("select latency_ms from messages")) == 0
            assert await link.scalar(text("select bytes from user_storage")) == 506
            assert await link.scalar(text("select count(*) from sign_ins where revoked_at is null")) == 0
            await link.execute(text("update usage set input_tokens = input_tokens + 1"))
        refused = [f"update usage set {name} = -1" for name in COUNTERS]
        refused += ["update messages set tool_calls = -1", "update messages set latency_ms = -1", "update user_storage set bytes = -1"]
        for statement in refused:
            with pytest.raises(IntegrityError, match="counted"):
                async with engine.begin() as link:
                    await link.execute(text(statement))
    finally:
        await engine.dispose()
