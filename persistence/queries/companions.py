"""Queries of the versions of a user's companion, and of what changed between an answer and the one before it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.connection_holder import SupportsFetch
from persistence.models import CompanionVersion
from persistence.models.enums import CompanionPresetKey, CompanionTone
from persistence.queries.execution_options import QUIET

MAX_VERSIONS = 50
"""Number of the newest versions that are kept."""


class CompanionRow(NamedTuple):
    version: int
    name: str | None
    tone: CompanionTone | None
    form_of_address: str | None
    language: str | None
    instructions: str | None
    preset: CompanionPresetKey | None
    created_at: datetime


async def list_companion_versions(reading: SupportsFetch, user_id: UUID, limit: int = MAX_VERSIONS) -> Sequence[CompanionRow]:
    """Return the versions of the user's companion, newest first."""
    statement = f"select {', '.join(CompanionRow._fields)} from companion_versions where user_id = $1 order by version desc limit $2"
    rows = [CompanionRow(*row) for row in await reading.fetch(statement, user_id, limit)]
    return [row._replace(tone=row.tone and CompanionTone(row.tone), preset=row.preset and CompanionPresetKey(row.preset)) for row in rows]


async def list_forms_of_address(reading: SupportsFetch, user_id: UUID) -> Sequence[str]:
    """Return how the versions of the user's companion call the user."""
    statement = "select form_of_address from companion_versions where user_id = $1 and form_of_address is not null"
    return [form for form, in await reading.fetch(statement, user_id)]


async def find_companion_version(session: AsyncSession, user_id: UUID, version: int | None = None) -> CompanionVersion | None:
    """Return a version of the user's companion, or without `version` the newest one."""
    statement = select(CompanionVersion).where(CompanionVersion.user_id == user_id)
    if version is not None:
        statement = statement.where(CompanionVersion.version == version)
    return await session.scalar(statement.order_by(CompanionVersion.version.desc()).limit(1))


async def add_companion_version(session: AsyncSession, user_id: UUID, version: int, values: Mapping[str, Any]) -> CompanionVersion:
    """Store a version, and delete those that are older than the newest `MAX_VERSIONS`. The user's row must be locked."""
    added = (await session.scalars(insert(CompanionVersion).values(user_id=user_id, version=version, **values).returning(CompanionVersion))).one()
    old = delete(CompanionVersion).where(CompanionVersion.user_id == user_id, CompanionVersion.version <= version - MAX_VERSIONS)
    await session.execute(old, execution_options=QUIET)
    return added


class AnswerChange(NamedTuple):
    """An answer whose model, prompt or companion differs from those of the answer before it in its conversation."""

    model: str
    previous_model: str
    prompt_version: str
    previous_prompt_version: str
    companion_version: int | None
    previous_companion_version: int | None


_CHANGES = """
select a.id, a.model, p.model, a.prompt_version, p.prompt_version, a.companion_version, p.companion_version
from messages a join lateral (
  select b.model, b.prompt_version, b.companion_version from messages b
  where b.user_id = $1 and b.conversation_id = a.conversation_id and b.id < a.id and b.role = 'ASSISTANT'
    and b.model is not null and b.prompt_version is not null and b.reply_to is distinct from a.reply_to and not b.off_path
  order by b.id desc limit 1
) p on true
where a.user_id = $1 and a.id = any($2::uuid[]) and a.role = 'ASSISTANT' and a.model is not null and a.prompt_version is not null
  and (a.model <> p.model or split_part(a.prompt_version, '+', 1) <> split_part(p.prompt_version, '+', 1)
    or a.companion_version is distinct from p.companion_version)"""


async def load_answer_changes(reading: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, AnswerChange]:
    """Return what changed with answers, by id, without those with which nothing did. Answers of an unknown model or prompt are passed over."""
    return {id: AnswerChange(*change) for id, *change in await reading.fetch(_CHANGES, user_id, list(ids))}
