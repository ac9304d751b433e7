"""The bytes that each person's rows take, counted as they are written, so that a limit can be held without a sum over all rows.

Nothing is subtracted when rows go: where a limit would refuse, what is there is summed up anew, unless a sum that was kept is younger than `RECOUNT_AFTER`.
"""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Insert, Uuid, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import UserStorage

ROW_BYTES = 500
"""What a row costs beside its texts: its other columns, its header and its entries in indexes."""
RECOUNT_AFTER = timedelta(minutes=10)
_NO_LIMIT = 2**62


def count_in(user_id: UUID, size: int, limit: int | None) -> Insert:
    """Return the statement that adds `size` bytes, unless more than `limit` would be there: then it returns no row."""
    most = literal(_NO_LIMIT if limit is None else limit, BigInteger)
    given = select(literal(user_id, Uuid), literal(size, BigInteger)).where(literal(size, BigInteger) <= most)
    row = insert(UserStorage).from_select(["user_id", "bytes"], given)
    total = UserStorage.bytes + row.excluded.bytes
    return row.on_conflict_do_update(index_elements=[UserStorage.user_id], set_={"bytes": total}, where=total <= most).returning(UserStorage.user_id)


async def add(session: AsyncSession, user_id: UUID, size: int, limit: int | None) -> bool:
    """Count `size` bytes more; False, and nothing is counted, when that would pass `limit`. Holds the person's counter until the transaction ends."""
    return await session.scalar(count_in(user_id, size, limit)) is not None


async def recount(session: AsyncSession, user_id: UUID) -> int:
    """Return what is there by the counter, summed up anew if that was not done lately."""
    await session.execute(insert(UserStorage).values(user_id=user_id, bytes=0).on_conflict_do_nothing())
    held = (await session.scalars(select(UserStorage).where(UserStorage.user_id == user_id).with_for_update())).one()
    now = await session.scalar(select(func.now()))
    assert now is not None
    if held.recounted_at is None or held.recounted_at < now - RECOUNT_AFTER:
        held.bytes = int(await session.scalar(_SUM, {"user_id": user_id, "row": ROW_BYTES}) or 0)
        held.recounted_at = now
        await session.flush()
    return held.bytes


_SUM = text("""
select sum(bytes)::bigint from (
  select sum(octet_length(content) + :row) from messages where user_id = :user_id
  union all select sum(octet_length(text) + coalesce(octet_length(replaced_text), 0) + :row) from diary_lines where user_id = :user_id
  union all select sum(octet_length(quote) + :row) from line_evidence where user_id = :user_id
  union all select sum(octet_length(quote) + :row) from signal_evidence where user_id = :user_id
  union all select sum(octet_length(value) + coalesce(octet_length(reason), 0) + 16 * cardinality(evidence) + :row) from verdicts where user_id = :user_id
  union all select count(*) * :row from conversations where user_id = :user_id
) counted(bytes)""")
"""The tables that one person can fill; the others hold a bounded share of these."""
