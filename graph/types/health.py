"""The type of the service's state."""
import strawberry

from graph.enums import describe_enum
from resolvers import health

HealthStatus = health.HealthStatus
describe_enum(
    HealthStatus,
    "Whether the service is able to work.",
    OK="The service works.",
    DATABASE_UNREACHABLE="The database does not respond: check POSTGRESQL_URL and the database server.",
    DATABASE_NOT_MIGRATED="The database's tables are missing, or of a version that this code does not support: run `unilife migrate up`.",
)

ModelState = health.ModelState
describe_enum(
    ModelState,
    "Whether the language model's provider accepts calls, according to the latest ones. The model is not called to find out.",
    OK="The latest calls had no account-wide error.",
    KEY_REJECTED="The provider rejected the API key: check DEEPSEEK_API_KEY.",
    NAME_REJECTED="The provider does not know the model's name, which may be retired: check DEEPSEEK_MODEL with `unilife check-model`.",
    BALANCE_EMPTY="The account at the provider has no balance left.",
    REFUSED="The provider rejected the latest calls with another account-wide error: see `modelPaused`.",
    SWITCHED_OFF="All use of the model is switched off, by an admin or by MODEL_ENABLED=false.",
    UNKNOWN="Not known, because the database does not respond or is not migrated.",
)


@strawberry.type(description="The state of the service. Contains no secrets.")
class Health:
    status: HealthStatus = strawberry.field(description="The state of the service: OK, or what is wrong with the database.")
    version: str = strawberry.field(description="The version of the running code.")
    database_reachable: bool = strawberry.field(description="Whether the database responds.")
    migrations_current: bool = strawberry.field(description="Whether this version supports the database's tables: they are of this version, or of a newer one that only added to them. False when the database does not respond.")
    model: str = strawberry.field(
        description="The host name of the language model's endpoint; OFFLINE for the offline model of development. The endpoint is not called for this."
    )
    model_paused: str | None = strawberry.field(
        description="Why model calls are paused: MODEL_SWITCHED_OFF, or the code of an account-wide provider error, such as MODEL_UNAUTHORIZED (then only the nightly jobs pause, and chats still call the model). Null when they are not paused, and when `modelState` is UNKNOWN."
    )
    model_state: ModelState = strawberry.field(
        description="Whether the provider accepts model calls. Does not affect `status`, because the service stores messages even when the model is unavailable."
    )

    streaming: bool = strawberry.field(
        description="Whether answers can be streamed: false in an event function, where subscriptions are refused with STREAMING_UNAVAILABLE."
    )

    @classmethod
    def from_found(cls, found: health.Health, *, streaming: bool) -> "Health":
        return cls(**vars(found), streaming=streaming)
