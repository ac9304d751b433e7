"""The same number of diaries as the baseline loads for itself: 200 users, 60 days each, four signals and five lines a day, with quotes."""
from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from dev.migrate import up
from persistence.database import make_engine

READER = UUID(int=7)
SIGN_IN = UUID(int=1)

_STATEMENTS = """
insert into users (id, email, password_hash, nickname, time_zone, locale)
  select lpad(to_hex(n), 32, '0')::uuid, 'p' || n || '@example.org', '-', 'n' || n, 'Asia/Shanghai', 'zh-CN' from generate_series(0, 199) n;
insert into sign_ins (user_id, id, expires_at) select id, lpad('1', 32, '0')::uuid, now() + interval '1 day' from users;
insert into conversations (user_id, id, title) select id, lpad('2', 32, '0')::uuid, '散步' from users;
insert into diaries (user_id, id, day, version)
  select u.id, lpad(to_hex(1000 + d), 32, '0')::uuid, date '2026-01-01' + d, 1 from users u, generate_series(0, 59) d;
insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, created_at)
  select user_id, id, lpad('2', 32, '0')::uuid, 'USER', '今天早上八点和朋友一起去公园散步。', 'COMPLETE', day, 'Asia/Shanghai', day + interval '8 hours' from diaries;
insert into diary_versions (user_id, diary_id, version, origin, summary, mood, conversation_count, message_count, tool_call_count)
  select user_id, id, 1, 'MODEL', repeat('今天和朋友一起去公园散步。', 8), 4, 3, 20, 0 from diaries;
insert into diary_lines (user_id, id, diary_id, version, position, kind, text)
  select d.user_id, gen_random_uuid(), d.id, 1, k.position, k.kind, k.words from diaries d,
    (values (0, 'ACTIVITY', '散步'), (1, 'ACTIVITY', '阅读'), (2, 'EMOTION', '平静'), (3, 'PATTERN', '早起'), (4, 'TIME_PREFERENCE', '早上')) k (position, kind, words);
insert into line_evidence (user_id, line_id, position, message_id, quote, start)
  select user_id, id, 0, diary_id, '散步', 14 from diary_lines;
insert into signals (user_id, id, diary_id, version, position, slot, value, value_key, polarity, confidence, stated)
  select d.user_id, gen_random_uuid(), d.id, 1, n, 'habits.sleep', '早起', '早起', 'POSITIVE', 0.9, true from diaries d, generate_series(0, 3) n;
insert into signal_evidence (user_id, signal_id, position, message_id, quote, start, day, said_at)
  select s.user_id, s.id, 0, s.diary_id, '早上八点', 2, d.day, d.day + interval '8 hours' from signals s join diaries d on d.user_id = s.user_id and d.id = s.diary_id;
analyze;
"""


async def load(url: str) -> None:
    """Migrate the database at `url` and fill it."""
    await up(url)
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as connection:
        for statement in filter(str.strip, _STATEMENTS.split(";\n")):
            await connection.execute(text(statement))
    await engine.dispose()
