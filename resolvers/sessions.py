"""The sessions of a user, as a list from which one can be ended, and the names that clients give themselves.

docs/decisions/0076-list-sessions-by-what-clients-call-themselves.md has the reasons.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from persistence import database
from persistence.paging import cut_page, range_of_keys
from persistence.queries import account as queries
from resolvers.errors import NotFound
from resolvers.text_limits import MAX_CLIENT_NAME_LENGTH
from resolvers.text_validation import validate_name

if TYPE_CHECKING:
    from persistence.queries.account import LiveSignIn
    from persistence.queries.viewer import Viewer


@dataclass(frozen=True)
class SessionPage:
    """A page of sessions; `has_next` is true if more follow, `has_previous` if some precede it."""

    sessions: Sequence[LiveSignIn]
    has_next: bool
    has_previous: bool


def validate_client_name(name: str | None) -> str | None:
    """Return the name that a client gives itself as it is stored; None stays None. Raises `InvalidInput`."""
    return None if name is None else validate_name("clientName", name, MAX_CLIENT_NAME_LENGTH)


async def list_sessions(viewer: Viewer, *, after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False) -> SessionPage:
    async with database.session() as session:
        found = await queries.list_sign_ins(session, viewer.id, range_of_keys(limit + 1, after, before, backward))
    return SessionPage(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_sessions(viewer: Viewer) -> int:
    async with database.session() as session:
        return await queries.count_sign_ins(session, viewer.id)


async def load_sessions(viewer: Viewer, ids: Sequence[UUID]) -> list[LiveSignIn | None]:
    """Return the viewer's live sessions in the order of the ids, None for every other id."""
    async with database.session() as session:
        found = await queries.load_sign_ins(session, viewer.id, ids)
    return [found.get(id) for id in ids]


async def revoke_session(viewer: Viewer, session_id: UUID) -> bool:
    """Revoke one of the viewer's sessions with all its tokens; return False if it had ended before. Raises `NotFound`, also for one of another user."""
    async with database.transaction() as session:
        revoked = await queries.revoke_sign_in(session, viewer.id, session_id)
        if not revoked and not await queries.has_sign_in(session, viewer.id, session_id):
            raise NotFound("session")
    return revoked
