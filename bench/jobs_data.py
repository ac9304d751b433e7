"""Users and their messages, made in SQL. All users write the same text, so that one answer of the model fits all."""

from __future__ import annotations

from sqlalchemy import text

from dev.migrate import up
from persistence.database import make_engine

_PEOPLE = """
insert into users (id, email, password_hash, nickname, time_zone, locale)
  select lpad(to_hex(n), 32, '0')::uuid, 'p' || n || '@example.org', '-', 'Lin', 'Asia/Shanghai', 'en' from generate_series(1, {people}) n;
insert into active_days (user_id, day, starts_at, ends_at)
  select id, (now() at time zone 'Asia/Shanghai')::date - 1, date_trunc('day', now() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' - interval '1 day',
    date_trunc('day', now() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' from users;
"""

WORDS = (
    "I work as a nurse in Hamburg, and the night shift was long again.", "That sounds tiring. Did you get any rest?",
    "A little. Today I went to the market with my sister and we had a wonderful time.", "I am glad to hear that.",
    "I really like hiking in the mountains, so I decided to buy new boots.", "A good decision. Where will you go?",
    "I do not know yet. I usually get up at six in the morning, so it can be far away.", "Then you have many to choose from.",
)  # fmt: skip
"""A day's messages, alternately by the user and the assistant."""

_MESSAGES = """
insert into conversations (user_id, id, title) select id, lpad('1', 32, '0')::uuid, 'A day' from users;
insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, reply_to, created_at)
  select a.user_id, lpad(to_hex(n), 32, '0')::uuid, lpad('1', 32, '0')::uuid, case n % 2 when 1 then 'USER' else 'ASSISTANT' end, w.words, 'COMPLETE', a.day,
    'Asia/Shanghai', case n % 2 when 0 then lpad(to_hex(n - 1), 32, '0')::uuid end, a.starts_at + interval '9 hours' + n * interval '5 minutes'
  from active_days a, (values {words}) w (n, words);
"""


async def load(url: str, people: int, *, messages: bool = True) -> None:
    """Migrate the database at `url` and create `people` users whose diary of yesterday, in Shanghai, is due.

    Only tables with rows are analysed: a foreign key's check that is planned for an empty table reads all of it, until the next analysis.
    """
    await up(url)
    said = _MESSAGES.format(words=", ".join(f"({number}, '{text}')" for number, text in enumerate(WORDS, start=1))) if messages else ""
    filled = "users, active_days" + (", conversations, messages" if messages else "")
    await execute(url, _PEOPLE.format(people=people) + said + f"analyze {filled};")


async def execute(url: str, statements: str) -> None:
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as connection:
        for statement in filter(str.strip, statements.split(";\n")):
            await connection.execute(text(statement.rstrip().rstrip(";")))
    await engine.dispose()
