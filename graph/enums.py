"""The models' enums in the API: the same classes, with descriptions that `describe_enum` adds."""
import enum
from typing import TypeVar

import strawberry

from persistence.models import enums

EnumT = TypeVar("EnumT", bound=enum.EnumMeta)


def describe_enum(kind: EnumT, description: str, /, *, name: str | None = None, **values: str) -> EnumT:
    """Register the enum with the schema (as `name`, if given), with one description per value, and return it.

    Raises `ValueError` when a value has no description or a description no value.
    """
    if set(values) != set(kind.__members__):
        raise ValueError(f"{kind.__name__}: describe exactly {', '.join(kind.__members__)}")
    made = strawberry.enum(kind, name=name, description=description)
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined] # set by strawberry.enum
        value.description = values[value.name]
    return made


Role = enums.Role
describe_enum(
    Role,
    "What a user is allowed to do. Read from the database for each request.",
    USER="May read and change their own data.",
    ADMIN="Everything a USER may do; also starts jobs, reads job runs and the usage of all users, and changes roles and limits. Cannot read other users' content.",
)

Job = enums.Job
describe_enum(
    Job, "A nightly job.",
    DAILY_DIARY="Writes the diary of a user's day. The period is the day.",
    DAILY_PROFILE="Updates a user's profile from the diaries, without model calls. The period is the day.",
    WEEKLY_PROFILE="Reviews a user's seven days of a week together. The period is the week's Monday.",
)
