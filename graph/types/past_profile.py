"""The types of a profile as of a past day. Its values are objects of their own, so that a client's cache does not take the past for the present."""
from collections.abc import Sequence
from datetime import date as Date

import strawberry

from graph.types.profile import DEFAULT_STATUSES, ProfileValue, Statuses, ValueFields, value_fields, values_by_section
from graph.types.profile_slots import ProfileSectionName
from persistence.queries import profile_reads as rows
from resolvers import profile as resolvers


@strawberry.type(description="A value as it was as of the end of a past day. It has no id: `of` is the value as it is now.")
class ProfileValueThen(ValueFields):
    @classmethod
    def from_model(cls, value: "rows.Value") -> "ProfileValueThen":
        return cls(**value_fields(value))

    @strawberry.field(description="The value in the present profile; null when it is no longer there.")
    async def of(self, info: strawberry.Info) -> ProfileValue | None:
        found = await info.context.loaders.profile_value_by_key.load((self.found.slot, self.found.value_key))
        return found and ProfileValue.from_model(found)


@strawberry.type(description="A section of a profile as of a past day.")
class ProfileSectionThen:
    name: ProfileSectionName = strawberry.field(description="Which section it is.")
    found: strawberry.Private[Sequence["rows.Value"]]

    @strawberry.field(description="Its values as of that day, in the order of `ProfileSection.values`.")
    def values(self, statuses: Statuses = None) -> list[ProfileValueThen]:
        wanted = DEFAULT_STATUSES if statuses is None else frozenset(statuses)
        return [ProfileValueThen.from_model(value) for value in self.found if value.status in wanted]


@strawberry.type(
    description="The user's profile as of the end of a day, computed by today's rules from the messages and the user's decisions up to then that still exist. "
    "Text deleted since then is not counted."
)
class ProfileSnapshot:
    date: Date = strawberry.field(description="The user's day.")
    sections: list[ProfileSectionThen] = strawberry.field(description="All sections in a fixed order, including those without values.")

    @classmethod
    def from_model(cls, profile: "resolvers.Profile") -> "ProfileSnapshot":
        sections = [ProfileSectionThen(name=name, found=values) for name, values in values_by_section(profile).items()]
        return cls(date=profile.as_of, sections=sections)
