"""The daily token quota of a user: tokens that are reserved for a call before it is made, so that concurrent calls cannot exceed it together.

The module uses plain SQL, because each chat message of a limited user reserves tokens.
"""
from __future__ import annotations

from datetime import date
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.models.enums import Purpose

USER_PURPOSES = (Purpose.CHAT, Purpose.DIARY, Purpose.IMPORT, Purpose.SUMMARY, Purpose.TITLE)
"""Purposes that count against a user's daily limit: those of calls that the user requested that day. Their rows are locked in this order.

Nightly jobs count under the day of the diary that they write, which is over by then.
"""

_NAMES = ", ".join(f"'{purpose.value}'" for purpose in USER_PURPOSES)
_VALUES = ", ".join(f"('{purpose.value}')" for purpose in USER_PURPOSES)

CREATE_QUOTA_ROWS = f"""insert into usage (user_id, day, purpose) select $1, {{day}}, given.purpose
  from (values {_VALUES}) given(purpose) cross join (select from {{source}}) s order by given.purpose
  on conflict (user_id, day, purpose) do nothing returning purpose"""
"""A statement that creates the missing rows of a day: a lock on existing rows is what keeps two calls from exceeding the limit together."""
_CREATE = CREATE_QUOTA_ROWS.format(day="$2::date", source="(values (1)) one")

_RESERVE = f"""
with held as materialized (
  select input_tokens + output_tokens + reserved_tokens as used from usage
  where user_id = $1 and day = $2 and purpose in ({_NAMES}) order by purpose for update
), granted as (
  select case when sum(used) + $3::bigint <= $5::bigint then $3 when sum(used) + $4::bigint <= $5 then $4 end as tokens
  from held having count(*) = {len(USER_PURPOSES)}
), reserved as (
  update usage set reserved_tokens = reserved_tokens + granted.tokens from granted
  where usage.user_id = $1 and day = $2 and purpose = '{Purpose.CHAT.value}' and granted.tokens is not null returning granted.tokens
)
select (select count(*) from held), (select tokens from reserved)"""


async def reserve_tokens(connection: SupportsFetch, user_id: UUID, day: date, *, wanted: int, minimum: int, limit: int) -> int:
    """Reserve `wanted` tokens of the user's day for a call, or `minimum` if these are too many, and return the reserved tokens; 0 if neither fits.

    Neither fits if the sum with all tokens already used and reserved would exceed the limit.
    """
    for _ in range(2):
        [(rows, tokens)] = await connection.fetch(_RESERVE, user_id, day, wanted, minimum, limit)
        if rows == len(USER_PURPOSES):
            return tokens or 0
        await connection.fetch(_CREATE, user_id, day)
    raise AssertionError("the rows of the day were created, and nothing deletes them but the user's account")


async def reserve_chat_tokens(connection: SupportsFetch, user_id: UUID, day: date, *, tokens: int, limit: int) -> bool:
    """Reserve tokens of the user's day for a call, and return whether they fit."""
    return await reserve_tokens(connection, user_id, day, wanted=tokens, minimum=tokens, limit=limit) > 0
