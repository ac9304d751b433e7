"""The query for the signed-in user."""
import strawberry

from graph.permissions import Public
from graph.types.user import User


@strawberry.type
class AccountQuery:
    @strawberry.field(
        permission_classes=[Public], description="The person who is signed in; null without an access token. UNAUTHENTICATED for one that has expired."
    )
    async def viewer(self, info: strawberry.Info) -> User | None:
        viewer = await info.context.viewer()
        return User.from_model(viewer) if viewer else None
