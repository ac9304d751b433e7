"""Users with 10, 1,000 or 50,000 old messages, as the baseline loads them for itself: ten in the conversation that goes on, the others in conversations of 20."""
from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from uuid import UUID

import settings
from bench.jobs_data import execute
from dev.migrate import up
from jobs.search_terms import make_terms_of
from persistence import database

SIGN_IN = UUID(int=1)

WORDS = (
    "work", "nurse", "Hamburg", "night", "shift", "market", "sister", "hiking", "mountains", "boots", "tired", "coffee", "garden", "music", "rain", "train",
    "dinner", "friend", "book", "running", "doctor", "holiday", "river", "cinema", "公园", "散步", "朋友", "早上", "加班", "爬山", "咖啡", "杭州", "妈妈", "电影",
    "跑步", "下雨", "医院", "周末", "火车", "晚饭", "读书", "音乐", "旅行", "生日", "老师", "同事", "感冒", "开心",
)  # fmt: skip
"""The words of old messages, ten in each."""

_FILL = """
insert into users (id, email, password_hash, nickname, time_zone, locale)
  select p, 'p' || p || '@example.org', '-', 'Lin', 'Asia/Shanghai', 'en' from unnest(array[{people}]::uuid[]) p;
insert into sign_ins (user_id, id, expires_at) select p, '{sign_in}', now() + interval '1 day' from unnest(array[{people}]::uuid[]) p;
insert into conversations (user_id, id, title, last_message_at)
  select p, lpad(to_hex(c + 1), 32, '0')::uuid, 'A talk', now() - c * interval '400 minutes'
  from unnest(array[{people}]::uuid[]) p, generate_series(0, ({messages} - 10) / 20 + 1) c where c = 0 or c * 20 < {messages} + 10;
insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, reply_to, created_at)
  select p, lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex((case when n > {messages} - 10 then 0 else 1 + (({messages} - 10 - n) / 20) end) + 1), 32, '0')::uuid,
    case n % 2 when 1 then 'USER' else 'ASSISTANT' end,
    (select string_agg(words[1 + abs(hashint8(n * 17 + k)) % array_length(words, 1)], ' ' order by k) from generate_series(1, 10) k),
    'COMPLETE', ((now() - ({messages} - n) * interval '20 minutes') at time zone 'Asia/Shanghai')::date, 'Asia/Shanghai', null,
    now() - ({messages} - n) * interval '20 minutes'
  from unnest(array[{people}]::uuid[]) p, generate_series(1, {messages}::bigint) n, (select array[{words}] as words) w;
insert into profile_values (user_id, id, slot, value, value_key, status, confidence, origin, first_seen_at, last_seen_at, evidence)
  select p, lpad(to_hex(n), 32, '0')::uuid, 'preferences.activities', w[n], w[n], 'ACTIVE', 0.8, 'STATED', now(), now(), array[lpad('1', 32, '0')::uuid]
  from unnest(array[{people}]::uuid[]) p, (select array[{words}] as w) x, generate_series(1, 8) n;
"""


async def load(url: str, people: Sequence[UUID], messages: int) -> None:
    """Migrate the database at `url` and create these users, with `messages` old messages each and the search terms of them."""
    await up(url)
    quoted = {"people": _list(map(str, people)), "words": _list(WORDS), "sign_in": SIGN_IN, "messages": messages}
    await execute(url, _FILL.format(**quoted))
    await _make_terms(url, people)
    await execute(url, "analyze;")


async def _make_terms(url: str, people: Sequence[UUID]) -> None:
    """Make the search terms of the users, as the timers would have done hours ago."""
    os.environ.update(POSTGRESQL_URL=url, JWT_SECRET_KEY=secrets.token_hex(32), DEEPSEEK_API_KEY="none", LOG_LEVEL="ERROR", DATABASE_POOL_SIZE="1")
    settings.current.cache_clear()
    for user_id in people:
        await make_terms_of(user_id)
    await database.dispose()


def _list(texts: object) -> str:
    return ", ".join(f"'{text}'" for text in texts)  # type: ignore[attr-defined]
