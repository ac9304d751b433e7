"""The viewer: the signed-in user who sends a request.

It is loaded with every request. To keep the cold start short, the module uses plain SQL without SQLAlchemy and stays small.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.models.enums import Role

if TYPE_CHECKING:
    from persistence.models import User


class Viewer(NamedTuple):
    """A signed-in user with their current account data, and the sign-in of the request."""

    id: UUID
    email: str
    password_hash: str
    nickname: str
    time_zone: str
    locale: str
    day_ends_at: int
    disabled: bool
    chat_tokens_per_day: int | None
    """The user's own limit in place of CHAT_TOKENS_PER_DAY; 0 allows no chat."""
    created_at: datetime
    updated_at: datetime
    sensitive_slots: Sequence[str]
    """The keys of the sensitive profile slots that the user switched on."""
    memory_off: Sequence[str]
    """The switches of memory that are off (jobs/rules/memory.py)."""
    memory_paused_until: date | None
    topics_off: Sequence[str]
    names_off: Sequence[str]
    sign_in_id: UUID
    role: Role

    def __repr__(self) -> str:
        return f"Viewer({self.id})"


if TYPE_CHECKING:
    AnyUser = Viewer | User
    """A user as the viewer of a request or as a row of the ORM: they have the same columns under the same names."""

_VIEWER = """
select u.id, u.email, u.password_hash, u.nickname, u.time_zone, u.locale, u.day_ends_at, u.disabled, u.chat_tokens_per_day, u.created_at,
       u.updated_at, u.sensitive_slots, u.memory_off, u.memory_paused_until, u.topics_off, u.names_off, s.id, u.role
from users u join sign_ins s on s.user_id = u.id
where u.id = $1 and not u.disabled and s.id = $2 and s.revoked_at is null and s.expires_at > now()"""


_LATEST_CHANGE = """
select greatest(
  (select changed_at from user_changes where user_id = $1), (select max(updated_at) from conversations where user_id = $1 and updated_at <= now()))"""


async def find_latest_change(connection: SupportsFetch, user_id: UUID) -> datetime | None:
    """Return when anything of a user last changed, but for what changed before that was noted; None if nothing did since.

    A conversation with a time in the future, which only an import can have, is ignored.
    """
    [[found]] = await connection.fetch(_LATEST_CHANGE, user_id)
    return found  # type: ignore[no-any-return] # a timestamp


async def find_viewer(connection: SupportsFetch, user_id: UUID, sign_in_id: UUID) -> Viewer | None:
    """Find the user if the sign-in is theirs and neither revoked nor expired, and the user is not disabled; otherwise return None.

    One statement checks all of it, so nothing can change between two checks.
    """
    for row in await connection.fetch(_VIEWER, user_id, sign_in_id):
        return Viewer._make((*row[:-1], Role[row[-1]]))
    return None
