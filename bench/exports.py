"""`python -m bench.exports [MB …]`: time and peak memory of an export of a generated account, as JSON, as a zip and in parts."""
from __future__ import annotations

import asyncio
import os
import resource
import secrets
import subprocess
import sys
import time
from typing import Any

MESSAGES_PER_DAY = 200
WORDS = 180
"""Words of a message, of seven letters and a space each."""
KINDS = os.environ.get("BENCH_EXPORTS", "json,zip,parts,markdown parts").split(",")


async def generate(url: str, megabytes: int) -> str:
    """Create a user with so many megabytes of messages, over days with a diary each, and return the e-mail address."""
    from persistence import dsn
    from persistence.connector import Connector

    connection = await Connector(dsn.parse(url)).connect()
    email, messages = f"user{megabytes}@example.org", megabytes * 1_000_000 // (WORDS * 8)
    [[user_id]] = await connection.fetch(
        "insert into users (id, email, password_hash, nickname, time_zone, locale, day_ends_at) "
        "values (gen_random_uuid(), $1, 'none', 'Ann', 'UTC', 'en', 0) returning id", email,
    )  # fmt: skip
    conversations, messages_statement, diaries = STATEMENTS
    await connection.execute(conversations, user_id, messages // 50 + 1)
    await connection.execute(messages_statement, user_id, messages, WORDS)
    await connection.execute(diaries, user_id, messages // MESSAGES_PER_DAY + 1)
    await connection.execute(VERSIONS, user_id)
    await connection.execute("analyze")
    await connection.close()
    return email


STATEMENTS = (
    "insert into conversations (user_id, id, title) select $1, lpad(to_hex(n), 32, '0')::uuid, 'Talk ' || n from generate_series(0, $2::int) n",
    """insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, created_at)
    select $1, lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n / 50), 32, '0')::uuid, (case when n % 2 = 0 then 'USER' else 'ASSISTANT' end)::text,
    (select string_agg(substr(md5((n * $3 + w)::text), 1, 7), ' ') from generate_series(1, $3::int) w),
    'COMPLETE', date '2000-01-01' + n / 200, 'UTC', timestamptz '2000-01-01' + n * interval '5 minutes' from generate_series(0, $2::int) n""",
    "insert into diaries (user_id, id, day, version) select $1, lpad(to_hex(n), 32, '0')::uuid, date '2000-01-01' + n, 1 from generate_series(0, $2::int) n",
)
VERSIONS = """insert into diary_versions (user_id, diary_id, version, origin, summary, conversation_count, message_count, tool_call_count)
    select user_id, id, 1, 'MODEL', 'A day.', 4, 200, 0 from diaries where user_id = $1"""


async def export(kind: str, email: str) -> tuple[int, int]:
    """Export the account to nowhere; return the bytes and the number of texts."""
    from persistence import database
    from persistence.queries.account import find_user_by_email
    from resolvers.portability import export_part
    from resolvers.portability.archive import stream_archive
    from resolvers.portability.exports import stream_text
    from resolvers.portability.pieces import measure

    async with database.session() as session:
        user: Any = await find_user_by_email(session, email)
    size = count = 0
    if kind == "json":
        async for text in stream_text(user, is_json=True):
            size, count = size + len(text.encode()), count + 1
    elif kind == "zip":
        async for chunk in stream_archive(user, database.session, await measure(user.id, database.session)):
            size, count = size + len(chunk), count + 1
    else:
        cursor, slowest = None, 0.0
        while True:
            began = time.monotonic()
            part = await export_part(user, cursor, is_json=kind == "parts")
            slowest = max(slowest, time.monotonic() - began)
            size, count, cursor = size + sum(len(text.content.encode()) for text in part.texts), count + 1, part.cursor
            if cursor is None:
                break
        print(f"slowest part {slowest:.2f} s", end=", ")
    await database.dispose()
    return size, count


def measure_one(kind: str, email: str) -> None:
    """Print what one export takes, in this process."""
    began = time.monotonic()
    size, count = asyncio.run(export(kind, email))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{kind}: {size / 1e6:.0f} MB in {count} pieces, {time.monotonic() - began:.1f} s, CPU {time.process_time():.1f} s, peak {peak:.0f} MB", flush=True)


def main(sizes: list[int]) -> None:
    from dev.database import create, temporary_server
    from dev.migrate import up

    with temporary_server() as server:
        url = asyncio.run(create(server, "exports"))
        asyncio.run(up(url))
        for size in sizes:
            email = asyncio.run(generate(url, size))
            print(f"{size} MB of messages", flush=True)
            for kind in KINDS:
                environment = {**os.environ, "POSTGRESQL_URL": url, "JWT_SECRET_KEY": secrets.token_hex(32), "DEEPSEEK_API_KEY": "none"}
                subprocess.run([sys.executable, "-m", "bench.exports", "--one", kind, email], env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_one(*sys.argv[2:])
    else:
        main([int(size) for size in sys.argv[1:]] or [50, 200])
