"""Queries of the versions of a user's companion, and of what changed between an answer and the one before it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
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


async def list_companion_versions(connection: SupportsFetch, user_id: UUID, limit: int = MAX_VERSIONS) -> Sequence[CompanionRow]:
    """Return the versions of the user's companion, newest first."""
    statement = f"select {', '.join(CompanionRow._fields)} from companion_versions where user_id = $1 order by version desc limit $2"
    rows = [CompanionRow(*row) for row in await connection.fetch(statement, user_id, limit)]
    return [row._replace(tone=row.tone and CompanionTone(row.tone), preset=row.preset and CompanionPresetKey(row.preset)) for row in rows]


async def list_forms_of_address(connection: SupportsFetch, user_id: UUID) -> Sequence[str]:
    """Return how the versions of the user's companion call the user."""
    statement = "select form_of_address from companion_versions where user_id = $1 and form_of_address is not null"
    return [form for form, in await connection.fetch(statement, user_id)]


async def find_companion_version(session: AsyncSession, user_id: UUID, version: int | None = None) -> CompanionVersion | None:
    """Return a version of the user's companion, or without `version` the newest one; None if there is none."""
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


async def delete_companion_versions(session: AsyncSession, user_id: UUID, versions: Sequence[int]) -> Sequence[CompanionVersion]:
    """Delete versions of the user's companion, and return those that there were. The user's row must be locked."""
    statement = delete(CompanionVersion).where(CompanionVersion.user_id == user_id, CompanionVersion.version == any_of(versions, Integer()))
    return (await session.scalars(statement.returning(CompanionVersion), execution_options=QUIET)).all()


class AnswerChange(NamedTuple):
    """An answer whose model, prompt or companion differs from those of the answer before it on its path."""

    model: str
    previous_model: str
    prompt_version: str
    previous_prompt_version: str
    companion_version: int | None
    previous_companion_version: int | None


_CHANGES = """
with recursive asked as materialized (
  select id, conversation_id, branch_id, reply_to, model, split_part(prompt_version, '+', 1) as prompt, companion_version from messages
  where user_id = $1 and id = any($2::uuid[]) and role = 'ASSISTANT' and model is not null and prompt_version is not null
), path as (
  select a.id, a.branch_id, null::uuid as before from asked a
  union all
  select p.id, b.parent_id, b.begins_at from path p join conversation_branches b on b.user_id = $1 and b.id = p.branch_id
)
select a.id, a.model, e.model, a.prompt, e.prompt, a.companion_version, e.companion_version
from asked a join lateral (
  select m.model, split_part(m.prompt_version, '+', 1) as prompt, m.companion_version from messages m
  where m.user_id = $1 and m.conversation_id = a.conversation_id and m.id < a.id and m.role = 'ASSISTANT' and m.chosen
    and m.model is not null and m.prompt_version is not null and m.reply_to is distinct from a.reply_to
    and exists (select from path p where p.id = a.id and p.branch_id is not distinct from m.branch_id
      and (p.before is null or coalesce(m.reply_to, m.id) < p.before))
  order by m.id desc limit 1
) e on a.model <> e.model or a.prompt <> e.prompt or a.companion_version is distinct from e.companion_version"""


async def load_answer_changes(connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, AnswerChange]:
    """Return the changes of model, prompt or companion by the id of the answer, without answers that have none.

    Each is compared with the answer before it on its own path. Answers of an unknown model or prompt are skipped. The version of a prompt is that of its
    standing text, without the parts behind a "+", of which the companion's comes and goes with the user's settings.
    """
    return {id: AnswerChange(*change) for id, *change in await connection.fetch(_CHANGES, user_id, list(ids))}
