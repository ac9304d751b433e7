"""Lines, signals and values of a user, each with the quotes that support it, to find those about topics that are never kept."""
from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch

LINE, SIGNAL, VALUE, IMPORTED = "LINE", "SIGNAL", "VALUE", "IMPORTED"
"""IMPORTED is a value that a memory text suggests."""


class KeptText(NamedTuple):
    """A line, a signal or a value; `text` is followed by its quotes, one a line.

    `current` unless only an earlier version of a diary has it, or the profile has an imported value as well.
    """

    kind: str
    id: UUID
    slot: str
    text: str
    current: bool


_KEPT = f"""
select '{LINE}', l.id, '', concat_ws(E'\\n', l.text, (
    select string_agg(e.quote, E'\\n') from line_evidence e where e.user_id = $1 and e.line_id = l.id)), l.version = d.version
  from diary_lines l join diaries d on d.user_id = $1 and d.id = l.diary_id where l.user_id = $1 and not l.by_person
union all select '{SIGNAL}', s.id, s.slot, concat_ws(E'\\n', s.value, (
    select string_agg(e.quote, E'\\n') from signal_evidence e where e.user_id = $1 and e.signal_id = s.id)), s.week is not null or s.version = d.version
  from signals s left join diaries d on d.user_id = $1 and d.id = s.diary_id where s.user_id = $1
union all select '{IMPORTED}', i.id, i.slot, concat_ws(E'\\n', i.value, i.quote), not exists (
    select from profile_values p where p.user_id = $1 and p.slot = i.slot and p.value_key = i.value_key) from imported_values i where i.user_id = $1
union all select '{VALUE}', p.id, p.slot, concat_ws(E'\\n', p.value, (
    select i.quote from imported_values i where i.user_id = $1 and i.slot = p.slot and i.value_key = p.value_key)), true
  from profile_values p where p.user_id = $1 and not p.locked and not exists (
    select from verdicts v where v.user_id = $1 and v.kind = 'SET' and v.slot = p.slot and v.value_key = p.value_key)"""


async def list_kept_texts(connection: SupportsFetch, user_id: UUID) -> Sequence[KeptText]:
    """List all lines, signals and values that the user neither wrote, set nor locked."""
    return [KeptText(*row) for row in await connection.fetch(_KEPT, user_id)]
