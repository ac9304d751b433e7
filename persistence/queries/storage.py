"""Counters of the bytes that each user's rows take, raised as rows are written, so that a limit can be checked without a sum over all rows.

Nothing is subtracted when rows are deleted. Before the limit rejects a write, the caller recounts the stored rows; a recount younger than
`RECOUNT_AFTER` is reused.
"""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Insert, Uuid, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import UserStorage
from persistence.queries.row_size import ROW_BYTES as ROW_BYTES

RECOUNT_AFTER = timedelta(minutes=10)
_NO_LIMIT = 2**62


def _count_in(user_id: UUID, size: int, limit: int | None) -> Insert:
    """Return a statement that adds `size` bytes to the user's counter and returns a row; if that would exceed `limit`, it adds nothing and returns no row."""
    most = literal(_NO_LIMIT if limit is None else limit, BigInteger)
    given = select(literal(user_id, Uuid), literal(size, BigInteger)).where(literal(size, BigInteger) <= most)
    row = insert(UserStorage).from_select(["user_id", "bytes"], given)
    total = UserStorage.bytes + row.excluded.bytes
    return row.on_conflict_do_update(index_elements=[UserStorage.user_id], set_={"bytes": total}, where=total <= most).returning(UserStorage.user_id)


async def add(session: AsyncSession, user_id: UUID, size: int, limit: int | None) -> bool:
    """Add `size` bytes to the user's counter, and lock it until the transaction ends.

    Return False, and add nothing, if that would exceed `limit`.
    """
    return await session.scalar(_count_in(user_id, size, limit)) is not None


async def recount(session: AsyncSession, user_id: UUID) -> int:
    """Lock and return the user's counter in bytes, after summing up the stored rows unless the last recount is younger than `RECOUNT_AFTER`."""
    await session.execute(insert(UserStorage).values(user_id=user_id, bytes=0).on_conflict_do_nothing())
    locked = (await session.scalars(select(UserStorage).where(UserStorage.user_id == user_id).with_for_update())).one()
    now = await session.scalar(select(func.now()))
    assert now is not None
    if locked.recounted_at is None or locked.recounted_at < now - RECOUNT_AFTER:
        locked.bytes = int(await session.scalar(_SUM, {"user_id": user_id, "row": ROW_BYTES}) or 0)
        locked.recounted_at = now
        await session.flush()
    return locked.bytes


_SUM = text("""
select sum(bytes)::bigint from (
  select sum(octet_length(content) + :row) from messages where user_id = :user_id
  union all select sum(octet_length(text) + coalesce(octet_length(replaced_text), 0) + :row) from diary_lines where user_id = :user_id
  union all select sum(octet_length(quote) + :row) from line_evidence where user_id = :user_id
  union all select sum(octet_length(quote) + :row) from signal_evidence where user_id = :user_id
  union all select sum(octet_length(value) + coalesce(octet_length(reason), 0) + 16 * cardinality(evidence) + :row) from verdicts where user_id = :user_id
  union all select sum(octet_length(value) + coalesce(octet_length(quote), 0) + :row) from imported_values where user_id = :user_id
  union all select count(*) * :row from conversations where user_id = :user_id
  union all select sum(coalesce(octet_length(name), 0) + coalesce(octet_length(form_of_address), 0) + coalesce(octet_length(instructions), 0) + :row)
    from companion_versions where user_id = :user_id
  union all select sum(octet_length(name) + octet_length(guide) + :row) from own_slots where user_id = :user_id
) counted(bytes)""")
"""Sum over the tables that one user can fill; the size of the other tables is a bounded share of these."""
