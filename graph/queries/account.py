"""The query for the signed-in user."""
import strawberry

from graph.permissions import Public
from graph.types.user import User


@strawberry.type
class AccountQuery:
    @strawberry.field(
        permission_classes=[Public], description="The signed-in user; null without an access token. UNAUTHENTICATED for an invalid or expired one."
    )
    async def viewer(self, info: strawberry.Info) -> User | None:
        viewer = await info.context.viewer()
        return User.from_model(viewer) if viewer else None
