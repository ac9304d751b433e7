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
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return made


Role = describe_enum(
    enums.Role,
    "What a person may do. Read from the database at each call.",
    USER="Sees and changes what is theirs.",
    ADMIN="Besides: starts jobs, reads their runs and everyone's usage, changes roles and limits. Not other people's words.",
)

Job = describe_enum(
    enums.Job, "A nightly job.",
    DAILY_DIARY="A person's day becomes their diary. The period is the day.",
    DAILY_PROFILE="The profile is brought up to date with the diaries; no model is asked. The period is the day.",
    WEEKLY_PROFILE="Seven days are looked at together. The period is the week's Monday.",
)
