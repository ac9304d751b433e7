"""The type of a session in the list of a user's sessions."""
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from graph.relay import Node, NodeLoader, encode_id
from resolvers import authentication, sessions

if TYPE_CHECKING:
    from persistence.queries.account import LiveSignIn
    from persistence.queries.viewer import Viewer


@strawberry.type(description="A session of the signed-in user that has not ended: one sign-in with its refreshes. Addresses and headers of requests are not kept.")
class ActiveSession(Node):
    client_name: str | None = strawberry.field(description="What the client called itself at sign-in (`clientName`); null if it did not.")
    created_at: datetime = strawberry.field(description="When the user signed in.")
    last_used_at: datetime = strawberry.field(
        description="When its tokens were last refreshed, or when it began. Its latest access token may have been used since, for 30 minutes by default."
    )
    expires_at: datetime = strawberry.field(description="When it ends unless it is refreshed.")
    current: bool = strawberry.field(description="Whether it is the session of this request.")

    @classmethod
    def from_sign_in(cls, found: "LiveSignIn", viewer: "Viewer") -> "ActiveSession":
        row = found.row
        return cls(
            id=encode_id("ActiveSession", row.id), client_name=row.client_name, created_at=row.created_at, last_used_at=found.last_used_at,
            expires_at=row.expires_at, current=row.id == authentication.current_sign_in_id(viewer),
        )


async def load_active_sessions(info: strawberry.Info, ids: Sequence[UUID]) -> list[ActiveSession | None]:
    """Return the caller's sessions with these ids, for `node`."""
    viewer = await info.context.require_viewer()
    return [found and ActiveSession.from_sign_in(found, viewer) for found in await sessions.load_sessions(viewer, ids)]


NODES: dict[str, NodeLoader] = {"ActiveSession": load_active_sessions}
