"""The subscription of clients that keep a copy of the user's data."""
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timezone

import strawberry

from graph.permissions import SignedIn
from resolvers import changes


@strawberry.type(description="Something of the user changed, or may have.")
class ChangesAvailable:
    at: datetime = strawberry.field(description="When this was found.")


@strawberry.type
class ChangesSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn],
        description="Says when to call `changes`: at the beginning, and then some two seconds after anything in that feed has changed, on any device or by a nightly job. It "
        "tells nothing else. The stream ends after 15 minutes: open it again with a valid access token. Event functions cannot stream: call `changes` now and then instead.",
    )
    async def changed(self, info: strawberry.Info) -> AsyncGenerator[ChangesAvailable, None]:
        viewer = await info.context.require_viewer()
        async with aclosing(changes.follow(viewer.id)) as events:
            async for _ in events:
                yield ChangesAvailable(at=datetime.now(timezone.utc))
