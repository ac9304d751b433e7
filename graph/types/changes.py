"""The types of the feed of changes."""
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graph.relay import NodeLoader, encode_id
from graph.types import chat, diary, own_slots, profile
from graph.types.chat import Conversation, Message
from graph.types.diary import Diary
from graph.types.own_slots import OwnSlot
from graph.types.profile import ProfileValue
from graph.types.user import User
from persistence.queries.changes import Change
from resolvers import changes as resolvers


@strawberry.type(description="The mark of a deleted object.")
class Deleted:
    id: strawberry.ID = strawberry.field(description="The global id that the object had.")
    typename: str = strawberry.field(description="The object's type, such as `Message`.")


ChangedObject = Annotated[
    Conversation | Message | Diary | ProfileValue | OwnSlot | User | Deleted,
    strawberry.union("ChangedObject", description="The current state of an object, or the mark that it was deleted."),
]


@strawberry.type(description="A page of the changes that a client's copy of the user's data lacks.")
class Changes:
    nodes: list[ChangedObject] = strawberry.field(
        description="The new and changed objects in their current state, and marks of the deleted ones. Replace the object with the same id by each. An object may come "
        "again unchanged, and may come before the object that it belongs to."
    )
    cursor: str = strawberry.field(description="Store it with the copy, and pass it as `since` next time.")
    has_more: bool = strawberry.field(description="Whether there are further changes: request them with `cursor` at once.")
    anew: bool = strawberry.field(
        description="Whether a new copy begins with this page: discard the old one first. True for the first page without `since`, and where `since` is more than 30 days old "
        "or from before the database was restored."
    )


_LOADERS: dict[str, NodeLoader] = {**chat.NODES, **diary.NODES, **profile.NODES, **own_slots.NODES}


async def load_objects(info: strawberry.Info, user_id: UUID, changes: Sequence[Change]) -> list[Any]:
    """Return the objects of changes as they are now, in order. One that was deleted by now, or that the API does not show, counts as deleted."""
    info.context.discard_loaded()  # what was loaded before the feed was read may be older than its changes
    found: dict[tuple[str, UUID], Any] = {}
    for kind in dict.fromkeys(change.kind for change in changes if not change.deleted):
        ids = [change.id for change in changes if change.kind == kind and not change.deleted]
        if kind == "User":
            found[kind, user_id] = User.from_model(await resolvers.load_user(user_id))
        else:
            found.update(zip(((kind, id) for id in ids), await _LOADERS[kind](info, ids)))
    return [found.get((change.kind, change.id)) or Deleted(id=encode_id(change.kind, change.id), typename=change.kind) for change in changes]
