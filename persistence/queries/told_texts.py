"""Texts that the prompt of an answer contained, as they are stored now. Lists are sent as JSON. Each function runs inside the caller's transaction."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from persistence.orm import Session
from persistence.queries.exchange_closing import AccountDeleted


@dataclass
class PresentTexts:
    """The texts that are stored now: messages and values of the profile by id, all texts of each day's diary, and the summary of the conversation.

    `slots` are the names of the slots that the user defined, by id, `companions` the numbers of the companion's versions.
    """

    messages: dict[UUID, str] = field(default_factory=dict)
    values: dict[UUID, str] = field(default_factory=dict)
    days: dict[date, list[str]] = field(default_factory=dict)
    summary: str | None = None
    slots: dict[UUID, str] = field(default_factory=dict)
    companions: set[int] = field(default_factory=set)
    erasures: int = 0


_TEXTS = """
select 'message', m.id::text, m.content from messages m where m.user_id = $1 and (
  m.conversation_id = $2 or m.id in (select value::uuid from json_array_elements_text($3::json)))
union all select 'value', p.id::text, p.value from profile_values p where p.user_id = $1
union all select 'day', d.day::text, v.summary from diaries d
  join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version where d.user_id = $1
union all select 'day', d.day::text, l.text from diaries d
  join diary_lines l on l.user_id = d.user_id and l.diary_id = d.id and l.version = d.version where d.user_id = $1 and not l.hidden
union all select 'summary', '', c.summary from conversations c where c.user_id = $1 and c.id = $2
union all select 'slot', o.id::text, o.name from own_slots o where o.user_id = $1
union all select 'companion', v.version::text, null from companion_versions v where v.user_id = $1
union all select 'erasures', s.erasures::text, null from user_storage s where s.user_id = $1"""


@contextmanager
def translate_missing_user() -> Iterator[None]:
    """Translate the violation of a foreign key, which only a deleted account leaves without its row. Raises `AccountDeleted`."""
    try:
        yield
    except IntegrityError as error:
        raise AccountDeleted from error


async def load_present_texts(session: Session, user_id: UUID, conversation_id: UUID, message_ids: Iterable[UUID]) -> PresentTexts:
    """Load these messages and those of the conversation, the profile's values, current diaries, names of slots, and which versions the companion has."""
    present = PresentTexts()
    for kind, reference, text in await session.fetch(_TEXTS, user_id, conversation_id, json.dumps(sorted(map(str, message_ids)))):
        if kind == "message":
            present.messages[UUID(reference)] = text
        elif kind == "value":
            present.values[UUID(reference)] = text
        elif kind == "day":
            present.days.setdefault(date.fromisoformat(reference), []).append(text)
        elif kind == "summary":
            present.summary = text
        elif kind == "slot":
            present.slots[UUID(reference)] = text
        elif kind == "companion":
            present.companions.add(int(reference))
        else:
            present.erasures = int(reference)
    return present
