"""The query for the signed-in user's sessions."""
import strawberry

from graph.permissions import SignedIn
from graph.relay import After, Before, Connection, First, Last, encode_cursor, id_of_cursor, make_connection, read_page
from graph.types.sessions import ActiveSession
from resolvers import sessions


@strawberry.type
class SessionQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="Where the signed-in user is signed in: the sessions that have not ended, the newest sign-in first. `sessionRevoke(input: {id:})` ends one.",
    )
    async def sessions(
        self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ActiveSession] | None:
        viewer = await info.context.require_viewer()
        page = await sessions.list_sessions(viewer, **read_page(first, after, last, before, id_of_cursor))
        return make_connection(
            page.sessions, node=lambda found: ActiveSession.from_sign_in(found, viewer), cursor=lambda found: encode_cursor(found.row.id),
            has_next=page.has_next, has_previous=page.has_previous, count=lambda: sessions.count_sessions(viewer),
        )
