"""The query for the state of the service, for monitors and frontends."""
import strawberry

from graph.permissions import Public
from graph.types.health import Health
from resolvers.health import check


@strawberry.type
class HealthQuery:
    @strawberry.field(permission_classes=[Public], description="The state of the service. `GET /health` returns the same, with HTTP status 503 unless `status` is OK.")
    async def health(self, info: strawberry.Info) -> Health | None:
        return Health.from_found(await check(), streaming=info.context.can_stream)
