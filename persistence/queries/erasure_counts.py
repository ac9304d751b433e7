"""Numbers of the users' erasures, by which what was made of earlier reads is not stored as if what was erased were still there.

An erasure raises the number under the lock of `lock_erasures` (persistence/queries/erasure.py). Each function runs inside the caller's transaction.
"""
from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from persistence.orm import Session

_RAISE = """
with cleared as (
  update answer_streams set content = '' where user_id = $1 and content <> '' returning question_id
)
insert into user_storage (user_id, bytes, erasures) values ($1, 0, 1)
on conflict (user_id) do update set erasures = user_storage.erasures + 1 returning user_id"""
_LOCK = "select u.id, erasures_of(u.id) from (select value::uuid as id from json_array_elements_text($1::json) order by 1) u"


async def count_erasure(session: Session, user_id: UUID) -> None:
    """Raise the number of the user's erasures, and clear what was kept of answers in progress, which only their processes can compare with what is left.

    The caller has called `lock_erasures`, and locks nothing after this.
    """
    await session.fetch(_RAISE, user_id)


async def lock_erasure_counts(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return the numbers of the users' erasures, after those that are in progress, and keep further ones waiting until the transaction ends.

    Call it before any other lock.
    """
    rows = await session.fetch(_LOCK, json.dumps(sorted(map(str, user_ids))))
    return {row[0]: row[1] for row in rows}


async def find_erasures(session: Session, user_id: UUID) -> int:
    """Return the number of the user's erasures, before anything is read that one of them may erase."""
    rows = await session.fetch("select erasures from user_storage where user_id = $1", user_id)
    return int(rows[0][0]) if rows else 0
