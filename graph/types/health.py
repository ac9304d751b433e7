"""The state of the service."""
import strawberry

from graph.enums import described
from resolvers import health

HealthStatus = described(
    health.HealthStatus,
    "Whether the service can do its work.",
    OK="It can.",
    DATABASE_UNREACHABLE="The database does not answer: check POSTGRESQL_URL and the server.",
    DATABASE_NOT_MIGRATED="The database's tables are missing, or of a version that this one cannot work on: run `unilife migrate up`.",
)


@strawberry.type(description="The state of the service. Holds no secrets.")
class Health:
    status: HealthStatus = strawberry.field(description="The state in one word.")  # type: ignore[valid-type]
    version: str = strawberry.field(description="The version of the code that answers.")
    database_reachable: bool = strawberry.field(description="Whether the database answers.")
    migrations_current: bool = strawberry.field(description="Whether this version can work on the database's tables: they are its own, or newer ones that were only added to; false when it does not answer.")
    model: str = strawberry.field(
        description="The host name of the language model's endpoint; OFFLINE for the offline model of development. It is not called for this."
    )
    model_paused: str | None = strawberry.field(
        description="Why the model is not asked at present: MODEL_SWITCHED_OFF, or the provider's refusal of everyone as a code; null while it is asked."
    )

    @classmethod
    def from_found(cls, found: health.Health) -> "Health":
        return cls(**vars(found))
