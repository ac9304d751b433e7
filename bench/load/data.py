"""Users with a history for the load test: chats as bench/chat_data.py makes them, and a month of diaries over these."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bench import chat_data
from bench.jobs_data import execute

DIARIES = 30

_DIARIES = """
insert into diaries (user_id, id, day, version)
  select u.id, lpad(to_hex(1000 + d), 32, '0')::uuid, current_date - d, 1 from users u, generate_series(1, {diaries}) d;
insert into diary_versions (user_id, diary_id, version, origin, summary, mood, conversation_count, message_count, tool_call_count)
  select user_id, id, 1, 'MODEL', repeat('A walk in the park with a friend, and a long talk about the garden. ', 3), 4, 3, 20, 0 from diaries;
insert into diary_lines (user_id, id, diary_id, version, position, kind, text)
  select d.user_id, gen_random_uuid(), d.id, 1, k.position, k.kind, k.words from diaries d,
    (values (0, 'ACTIVITY', 'A walk'), (1, 'ACTIVITY', 'Reading'), (2, 'EMOTION', 'Calm'), (3, 'PATTERN', 'Up early'), (4, 'TIME_PREFERENCE', 'Morning')) k (position, kind, words);
insert into line_evidence (user_id, line_id, position, message_id, quote, start)
  select user_id, id, 0, lpad('1', 32, '0')::uuid, 'coffee', 0 from diary_lines;
insert into signals (user_id, id, diary_id, version, position, slot, value, value_key, polarity, confidence, stated)
  select d.user_id, gen_random_uuid(), d.id, 1, n, 'habits.sleep', 'up early', 'up early', 'POSITIVE', 0.9, true from diaries d, generate_series(0, 3) n;
insert into signal_evidence (user_id, signal_id, position, message_id, quote, start, day, said_at)
  select s.user_id, s.id, 0, lpad('1', 32, '0')::uuid, 'coffee', 0, d.day, d.day + interval '8 hours' from signals s join diaries d on d.user_id = s.user_id and d.id = s.diary_id;
analyze;
"""

_ROLE = """
create role {role} login connection limit {connections};
grant pg_read_all_data, pg_write_all_data to {role};
"""


def user_id(number: int) -> UUID:
    return UUID(int=10_000 + number)


async def load(url: str, users: int, messages: int, grants: Sequence[int]) -> None:
    """Migrate the database at `url`, and create the users and a role for each number of connections in `grants`."""
    await chat_data.load(url, [user_id(number) for number in range(users)], messages)
    await execute(url, _DIARIES.format(diaries=DIARIES))
    for connections in grants:
        await execute(url, _ROLE.format(role=role(connections), connections=connections))


def role(connections: int) -> str:
    """Return the name of the role that the database grants so many connections."""
    return f"granted_{connections}"
