"""Queries for any object by its global id. `NODES` has the loader of each type."""
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from graph.permissions import SignedIn
from graph.relay import Node, NodeLoader, PartLoader, find_node, find_nodes
from graph.types import chat, diary, own_slots, profile, sessions, user
from graph.types.job import JobItem, JobRun, read_item_key
from persistence.models.enums import Role
from resolvers import admin


async def load_job_runs(info: strawberry.Info, ids: Sequence[UUID]) -> Sequence[JobRun | profile.ProfileChangeRun | None]:
    """Return job runs for administrators; for other users those that changed their profile, as its changes show them."""
    viewer = await info.context.require_viewer()
    if viewer.role is not Role.ADMIN:
        return await profile.load_change_runs(info, ids)
    found = await admin.load_runs(ids)
    return [JobRun.from_view(found[id]) if id in found else None for id in ids]


async def load_job_items(info: strawberry.Info, keys: Sequence[tuple[UUID, str]]) -> Sequence[JobItem | None]:
    """Return items of job runs for administrators, None for other users."""
    viewer = await info.context.require_viewer()
    if viewer.role is not Role.ADMIN:
        return [None] * len(keys)
    wanted = {key: read for key in keys if (read := read_item_key(key))}
    found = await admin.load_run_items(list(wanted.values()))
    return [JobItem.from_item(*found[wanted[key]]) if wanted.get(key) in found else None for key in keys]


PART_LOADERS: dict[str, PartLoader] = {"DiaryVersion": diary.load_versions, "JobItem": load_job_items}
"""The loaders of types whose ids are made of another object's and a part."""

LOADERS: dict[str, NodeLoader] = {**user.NODES, **chat.NODES, **diary.NODES, **profile.NODES, **own_slots.NODES, **sessions.NODES, "JobRun": load_job_runs}


@strawberry.type
class NodeQuery:
    @strawberry.field(
        permission_classes=[SignedIn], description="The caller's object with this id; null when it does not exist or belongs to another user."
    )
    async def node(
        self, info: strawberry.Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id of the object.")]
    ) -> Node | None:
        return await find_node(LOADERS, info, id, part_loaders=PART_LOADERS)

    @strawberry.field(
        permission_classes=[SignedIn], description="The caller's objects with these ids, in the same order; null for each that is not found."
    )
    async def nodes(
        self, info: strawberry.Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 100.")]
    ) -> list[Node | None] | None:
        return await find_nodes(LOADERS, info, ids, part_loaders=PART_LOADERS)
