"""Queries for the profile."""
from datetime import date as Date
from typing import Annotated

import strawberry

from graph.field_costs import AGGREGATE, weight
from graph.permissions import SignedIn
from graph.relay import After, Before, Connection, First, Last, encode_cursor, id_of_cursor, make_connection, read_page
from graph.types.own_slots import ProfileSlotSetting
from graph.types.past_profile import ProfileSnapshot
from graph.types.profile import Profile, ProfileChange
from resolvers import profile as resolvers
from resolvers import profile_slots

AsOf = Annotated[
    Date | None,
    strawberry.argument(
        description="A day up to today, in the user's own time zone: the profile as of the end of that day, computed by today's rules from the messages and the "
        "user's decisions up to then that still exist. Text deleted since then is not counted. Absent or null for the current profile.",
        deprecation_reason="Use `profileAsOf`: the values of a past day have the ids of today's here, so a client's cache shows the past as the present.",
    ),
]


@strawberry.type
class ProfileQuery:
    @strawberry.field(
        description="What is known about the user: learned from their diaries and corrected by them.",
        permission_classes=[SignedIn], metadata=weight(AGGREGATE, when="asOf"),
    )
    async def profile(self, info: strawberry.Info, as_of: AsOf = None) -> Profile | None:
        return Profile.from_model(await resolvers.get_profile(await info.context.require_viewer(), as_of))

    @strawberry.field(
        description="The user's profile as of the end of a day up to today, in the user's own time zone.",
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
    )
    async def profile_as_of(
        self, info: strawberry.Info, date: Annotated[Date, strawberry.argument(description="The day.")]
    ) -> ProfileSnapshot | None:
        return ProfileSnapshot.from_model(await resolvers.get_profile(await info.context.require_viewer(), date, name="date"))

    @strawberry.field(
        description="All slots of the user's profile with their settings, for a settings screen: those that every profile has in the order in which a profile "
        "lists them, then those that the user defined, the oldest first.",
        permission_classes=[SignedIn],
    )
    async def profile_slots(self, info: strawberry.Info) -> list[ProfileSlotSetting] | None:
        return [ProfileSlotSetting.from_setting(setting) for setting in await profile_slots.list_slots(await info.context.require_viewer())]

    @strawberry.field(description="History of the user's profile, the newest change first.", permission_classes=[SignedIn])
    async def profile_changes(
        self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ProfileChange] | None:
        viewer = await info.context.require_viewer()
        page = await resolvers.list_changes(viewer, **read_page(first, after, last, before, id_of_cursor))
        return make_connection(
            page.changes,
            node=ProfileChange.from_model,
            cursor=lambda change: encode_cursor(change.id),
            has_next=page.has_next,
            has_previous=page.has_previous,
            count=lambda: resolvers.count_changes(viewer),
        )
