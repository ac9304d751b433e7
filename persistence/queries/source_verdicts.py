"""The user's verdicts on the sources of answers. Lists are sent as JSON, since the driver asks the server for the type of each array."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.ids import uuid7
from persistence.models.enums import SourceVerdict

if TYPE_CHECKING:
    from persistence.orm import Session

SourceName = tuple[UUID, str]
"""A conversation and the source of one of its answers."""


class StoredVerdict(NamedTuple):
    """A verdict on a source. `conversation_id` is None if it holds in all conversations; the other columns are those of `JudgedSource`."""

    source: str
    verdict: SourceVerdict
    conversation_id: UUID | None = None
    withheld: bool = False
    verdict_id: UUID | None = None
    line_ids: Sequence[UUID] = ()


_COLUMNS = "source, verdict, conversation_id, withheld, verdict_id, array_to_json(line_ids)::text"
_IN_CONVERSATION = "user_id = $1 and source = $2 and (conversation_id = $3 or conversation_id is null)"
_FIND = f"select {_COLUMNS} from source_verdicts where {_IN_CONVERSATION} order by conversation_id nulls first"
_DELETE = f"delete from source_verdicts where {_IN_CONVERSATION} returning id"
_LIST = f"select {_COLUMNS} from source_verdicts where user_id = $1 and conversation_id = $2 order by id"
_LOAD = """
select conversation_id, source, verdict from source_verdicts
where user_id = $1 and source in (select value from json_array_elements_text($2::json))"""
_INSERT = """
insert into source_verdicts (user_id, id, source, verdict, conversation_id, withheld, verdict_id, line_ids)
select $1, v.id, v.source, v.verdict, v.conversation_id, v.withheld, v.verdict_id, array(select l.value::uuid from json_array_elements_text(v.line_ids) l)
from json_to_recordset($2::json) v (id uuid, source text, verdict text, conversation_id uuid, withheld bool, verdict_id uuid, line_ids json)
returning id"""
_STANDING = """
select v.id, p.id from json_to_recordset($2::json) w (verdict uuid, value uuid)
  join verdicts v on v.user_id = $1 and v.id = w.verdict join profile_values p on p.user_id = $1 and p.id = w.value
where case v.kind when 'REJECT' then p.status = 'REJECTED' else p.status in ('ACTIVE', 'DISPUTED') end and not exists (
  select from verdicts o where o.user_id = $1 and o.id > v.id and (o.slot = '' or (o.slot = v.slot and o.value_key = v.value_key and o.value <> '')))"""
_DELETE_PROFILE_VERDICT = "delete from verdicts where user_id = $1 and id = $2 returning id"


async def find_verdict(session: Session, user_id: UUID, conversation_id: UUID, source: str) -> StoredVerdict | None:
    """Return the verdict that holds on a source in a conversation; of two the one in all conversations, since only that one may have other effects.

    None without a verdict.
    """
    rows = await session.fetch(_FIND, user_id, source, conversation_id)
    return _to_verdict(rows[0]) if rows else None


async def list_verdicts(session: Session, user_id: UUID, conversation_id: UUID) -> list[StoredVerdict]:
    """List the verdicts that hold in one conversation only."""
    return [_to_verdict(row) for row in await session.fetch(_LIST, user_id, conversation_id)]


async def store_verdicts(session: Session, user_id: UUID, verdicts: Iterable[StoredVerdict]) -> None:
    """Store verdicts on sources that have none."""
    rows = [
        {
            "id": str(uuid7()), "source": given.source, "verdict": given.verdict.value, "withheld": given.withheld,
            "conversation_id": given.conversation_id and str(given.conversation_id), "verdict_id": given.verdict_id and str(given.verdict_id),
            "line_ids": list(map(str, given.line_ids)),
        }
        for given in verdicts
    ]
    await session.fetch(_INSERT, user_id, json.dumps(rows))


async def delete_verdict(session: Session, user_id: UUID, conversation_id: UUID, source: str) -> None:
    """Delete the verdict that holds on a source in a conversation."""
    await session.fetch(_DELETE, user_id, source, conversation_id)


async def delete_profile_verdict(session: Session, user_id: UUID, verdict_id: UUID) -> None:
    """Delete a verdict on a value of the profile, which has to be computed anew then."""
    await session.fetch(_DELETE_PROFILE_VERDICT, user_id, verdict_id)


async def load_standing(connection: SupportsFetch, user_id: UUID, given: Sequence[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], bool]:
    """Return of verdicts on values of the profile, each with the id of its value, those that still decide the value: no later verdict concerns it."""
    wanted = [{"verdict": str(verdict), "value": str(value)} for verdict, value in given]
    return {tuple(row): True for row in await connection.fetch(_STANDING, user_id, json.dumps(wanted))}


async def load_source_verdicts(connection: SupportsFetch, user_id: UUID, names: Sequence[SourceName]) -> Mapping[SourceName, SourceVerdict]:
    """Return the verdicts that hold on sources, by conversation and source."""
    rows = await connection.fetch(_LOAD, user_id, json.dumps(sorted({source for _, source in names})))
    found = {(conversation_id, source): SourceVerdict(verdict) for conversation_id, source, verdict in rows}
    everywhere = {source: verdict for (conversation_id, source), verdict in found.items() if conversation_id is None}
    held = {name: found.get(name) or everywhere.get(name[1]) for name in names}
    return {name: verdict for name, verdict in held.items() if verdict is not None}


def _to_verdict(row: Sequence[object]) -> StoredVerdict:
    found = StoredVerdict._make(row)
    return found._replace(verdict=SourceVerdict(found.verdict), line_ids=[UUID(id) for id in json.loads(str(found.line_ids))])
