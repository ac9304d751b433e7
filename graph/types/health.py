"""The type of the service's state."""
import strawberry

from graph.enums import describe_enum
from resolvers import health

HealthStatus = describe_enum(
    health.HealthStatus,
    "Whether the service can do its work.",
    OK="It can.",
    DATABASE_UNREACHABLE="The database does not answer: check POSTGRESQL_URL and the server.",
    DATABASE_NOT_MIGRATED="The database's tables are missing, or of a version that this one cannot work on: run `unilife migrate up`.",
)

ModelState = describe_enum(
    health.ModelState,
    "Whether the language model's provider takes the calls, by the last of them. The model is not called to find out.",
    OK="The last calls were not refused for a cause that concerns everybody.",
    KEY_REJECTED="The last calls were refused for the key: check DEEPSEEK_API_KEY.",
    NAME_REJECTED="The last calls were refused for the model's name, which may be retired: check DEEPSEEK_MODEL by `unilife check-model`.",
    BALANCE_EMPTY="The last calls were refused because the account at the provider is empty.",
    REFUSED="The last calls were refused for another cause that concerns everybody: see `modelPaused`.",
    SWITCHED_OFF="An admin, or MODEL_ENABLED=false, has stopped all use of the model.",
    UNKNOWN="The database, which would tell, does not answer or is not migrated.",
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
    model_state: ModelState = strawberry.field(  # type: ignore[valid-type]
        description="Whether the provider takes the calls, in one word. It does not change `status`: the service stores what people write all the same."
    )

    @classmethod
    def from_found(cls, found: health.Health) -> "Health":
        return cls(**vars(found))
