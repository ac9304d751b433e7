"""Who is asking: read with every request, so in PostgreSQL's own words, as a page's rows are."""
from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from persistence.models.enums import Role
from persistence.pool import SupportsFetch


class Viewer(NamedTuple):
    """A person who is signed in, as they stand now, and the sign-in by which they ask."""

    id: UUID
    email: str
    password_hash: str
    nickname: str
    time_zone: str
    locale: str
    day_ends_at: int
    disabled: bool
    chat_tokens_per_day: int | None
    """Their own limit in place of CHAT_TOKENS_PER_DAY; 0 allows no chat."""
    created_at: datetime
    updated_at: datetime
    sign_in_id: UUID
    role: Role

    def __repr__(self) -> str:
        return f"Viewer({self.id})"


_VIEWER = """
select u.id, u.email, u.password_hash, u.nickname, u.time_zone, u.locale, u.day_ends_at, u.disabled, u.chat_tokens_per_day, u.created_at,
       u.updated_at, s.id, u.role
from users u join sign_ins s on s.user_id = u.id
where u.id = $1 and not u.disabled and s.id = $2 and s.revoked_at is null and s.expires_at > now()"""


async def find_viewer(reading: SupportsFetch, user_id: UUID, sign_in_id: UUID) -> Viewer | None:
    """The person, if the sign-in is theirs and live and they are not disabled: one statement, so no state between two can slip through."""
    for row in await reading.fetch(_VIEWER, user_id, sign_in_id):
        return Viewer(*row[:-1], Role[row[-1]])
    return None
