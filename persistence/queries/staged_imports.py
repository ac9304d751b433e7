"""Imports that are sent in parts: their rows until they are committed or expire."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import execute_each
from persistence.ids import uuid7
from persistence.models import ChatImport, ChatImportPart
from persistence.models.enums import ImportKind

PRUNE_BATCH_SIZE = 100
"""Imports that one call deletes with their parts."""

_PRUNE = """
delete from chat_imports where user_id = $1 and id in (
  select id from chat_imports where user_id = $1 and id = $2 and expires_at <= now() for update skip locked)"""


class PartSize(NamedTuple):
    """The position of a part, the bytes of its text, and its kind."""

    position: int
    size: int
    kind: ImportKind = ImportKind.CHATS


class MemoryPart(NamedTuple):
    """A memory text, and what the model read in it; None before that."""

    content: str
    reading: str | None


async def has_parts(session: AsyncSession, user_id: UUID) -> bool:
    """Return whether the user has an import with parts that has not expired."""
    live = select(ChatImportPart.import_id).join(ChatImport, (ChatImport.user_id == ChatImportPart.user_id) & (ChatImport.id == ChatImportPart.import_id))
    return await session.scalar(live.where(ChatImport.user_id == user_id, ChatImport.expires_at > func.now()).limit(1)) is not None


async def replace_import(session: AsyncSession, user_id: UUID, lifetime: timedelta) -> ChatImport:
    """Store a new import and delete the user's earlier ones with their parts."""
    await session.execute(delete(ChatImport).where(ChatImport.user_id == user_id))
    statement = insert(ChatImport).values(user_id=user_id, id=uuid7(), expires_at=func.now() + lifetime).returning(ChatImport)
    return (await session.scalars(statement)).one()


async def lock_import(session: AsyncSession, user_id: UUID, import_id: UUID) -> ChatImport | None:
    """Lock the import until the transaction ends and return it; None if there is none, or it has expired."""
    statement = select(ChatImport).where(ChatImport.user_id == user_id, ChatImport.id == import_id, ChatImport.expires_at > func.now())
    return await session.scalar(statement.with_for_update())


async def list_part_sizes(session: AsyncSession, user_id: UUID, import_id: UUID) -> Sequence[PartSize]:
    statement = select(ChatImportPart.position, func.octet_length(ChatImportPart.content), ChatImportPart.kind)
    found = await session.execute(statement.where(*_of(user_id, import_id)).order_by(ChatImportPart.position))
    return [PartSize(*row) for row in found]


async def save_part(session: AsyncSession, user_id: UUID, import_id: UUID, position: int, content: str, kind: ImportKind = ImportKind.CHATS) -> None:
    """Store a part in place of an earlier one at its position. What was read in the same text is kept."""
    row = insert(ChatImportPart).values(user_id=user_id, import_id=import_id, position=position, content=content, kind=kind)
    key = [ChatImportPart.user_id, ChatImportPart.import_id, ChatImportPart.position]
    kept = case((ChatImportPart.content == row.excluded.content, ChatImportPart.reading), else_=null())
    await session.execute(row.on_conflict_do_update(index_elements=key, set_={"content": row.excluded.content, "kind": row.excluded.kind, "reading": kept}))


async def load_part(session: AsyncSession, user_id: UUID, import_id: UUID, position: int) -> str | None:
    return await session.scalar(select(ChatImportPart.content).where(*_of(user_id, import_id), ChatImportPart.position == position))


async def load_memory_part(session: AsyncSession, user_id: UUID, import_id: UUID, position: int) -> MemoryPart | None:
    its = (*_of(user_id, import_id), ChatImportPart.position == position)
    row = (await session.execute(select(ChatImportPart.content, ChatImportPart.reading).where(*its))).first()
    return MemoryPart(*row) if row is not None else None


async def save_reading(session: AsyncSession, user_id: UUID, import_id: UUID, position: int, content: str, reading: str) -> None:
    """Store the reading of a memory text, unless the part was replaced meanwhile."""
    its = (*_of(user_id, import_id), ChatImportPart.position == position, ChatImportPart.content == content)
    await session.execute(update(ChatImportPart).where(*its).values(reading=reading))


async def close_import(session: AsyncSession, user_id: UUID, import_id: UUID, result: str) -> None:
    """Store the result of a committed import, unless an equal commit has ended before, and delete its parts."""
    await session.execute(delete(ChatImportPart).where(*_of(user_id, import_id)))
    open_import = (ChatImport.user_id == user_id, ChatImport.id == import_id, ChatImport.result.is_(None))
    await session.execute(update(ChatImport).where(*open_import).values(result=result))


async def prune_imports(session: AsyncSession) -> None:
    """Delete up to `PRUNE_BATCH_SIZE` expired imports with their parts, skipping rows that other transactions have locked."""
    expired = select(ChatImport.user_id, ChatImport.id).where(ChatImport.expires_at <= func.now()).limit(PRUNE_BATCH_SIZE)
    await execute_each(session, _PRUNE, [(row.user_id, row.id) for row in await session.execute(expired)])


def _of(user_id: UUID, import_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return ChatImportPart.user_id == user_id, ChatImportPart.import_id == import_id
