"""The query for clients that keep a copy of the user's data."""
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.errors import ErrorCode, coded_error
from graph.permissions import SignedIn
from graph.relay import First, decode_cursor, encode_cursor, page_size
from graph.types.changes import Changes, load_objects
from persistence.queries.changes import TABLES, FeedPosition, Snapshot
from resolvers import changes as resolvers

Since = Annotated[
    str | None, strawberry.argument(description="The `cursor` of the last page that was stored; absent or null for a new copy.")
]


@strawberry.type
class ChangesQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="One feed of what is new, changed and deleted, for clients that keep a copy: the user's conversations with all messages (also temporary ones and those "
        "off the path), diaries, profile values, own slots and settings. Without `since` it lists everything; a copy that has applied all pages up to `hasMore: false` equals a new one. "
        "Nothing that commits late is left out. A field that depends on other objects (`Message.siblings`, `ProfileValue.evidence`, totals) is not followed: query it when it is shown.",
    )
    async def changes(self, info: strawberry.Info, since: Since = None, first: First = None) -> Changes | None:
        viewer = await info.context.require_viewer()
        page = await resolvers.list_changes(viewer.id, _decode(since) if since is not None else None, page_size(first))
        nodes = await load_objects(info, viewer.id, page.changes)
        return Changes(nodes=nodes, cursor=_encode(page.cursor), has_more=page.has_more, anew=page.anew)


def _encode(cursor: resolvers.Cursor) -> str:
    until = str(cursor.until) if cursor.until else ""
    return encode_cursor(cursor.epoch, cursor.at, str(cursor.since), until, *(cursor.copied or ("", UUID(int=0))), *cursor.position)


def _decode(since: str) -> resolvers.Cursor:
    """Return the state of a client's copy. Raises BAD_USER_INPUT for a cursor that `_encode` does not give."""
    epoch, at, begin, end, kind, id, changed_in, changed, last = decode_cursor(since, int, datetime, str, str, str, UUID, int, str, UUID)
    try:
        snapshots = Snapshot.parse(begin), Snapshot.parse(end) if end else None
    except ValueError:
        raise coded_error(ErrorCode.BAD_USER_INPUT, "invalid cursor: send one that this API returned, unchanged") from None
    return resolvers.Cursor(epoch, at, *snapshots, FeedPosition(changed_in, changed, last), (kind, id) if kind in TABLES else None)
