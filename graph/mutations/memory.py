"""Mutations of the switches of a user's memory."""
from datetime import date
from typing import Annotated

import strawberry

from graph.field_costs import WHOLE_ACCOUNT, weight
from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, to_result
from graph.types.memory import DIARY, PROFILE, TOLD, MemoryGap, MemoryLearnFrom, MemoryTopic
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from graph.types.user import User
from resolvers import memory_erasure, memory_settings


@strawberry.input(description="Changes of the switches of the signed-in user's account, and of what is never kept. Absent fields keep their value; null is rejected but for `pausedUntil`.")
class MemoryUpdateInput:
    diary: strawberry.Maybe[bool | None] = strawberry.field(description=DIARY)
    profile: strawberry.Maybe[bool | None] = strawberry.field(description=PROFILE)
    told_in_chats: strawberry.Maybe[bool | None] = strawberry.field(description=TOLD)
    paused_until: strawberry.Maybe[date | None] = strawberry.field(
        description="The user's day, by `timeZone` and `dayEndsAt`, on which a pause ends: until then all switches are off, and on that day they are as they were. "
        "Null, today or an earlier day end a pause."
    )
    topics_not_kept: strawberry.Maybe[list[MemoryTopic] | None] = strawberry.field(
        description="All topics about which diary and profile keep nothing from now on. What is stored already stays until `memoryErase`; `stored` counts it."
    )
    names_not_kept: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All names of people about whom diary and profile keep nothing from now on: at most 50 of 1 to 80 characters. Every spelling counts as in "
        "`messageSearch`, but a longer name does not: Anna is not Annabel. Send nicknames as names of their own."
    )
    learn_from: MemoryLearnFrom | None = strawberry.field(
        default=None,
        description="Whether to learn from messages that were written while a switch was off that is on now, by this change or an earlier one. Absent or null: it stays open, and "
        "nothing is learned from them.",
    )


@strawberry.type(description="The switches were changed.")
class MemoryUpdateSuccess:
    user: User = strawberry.field(description="The user after the change.")
    gap: MemoryGap | None = strawberry.field(description="Messages from the time when a switch was off, for which `learnFrom` is still open; null for none.")
    learned_from: MemoryGap | None = strawberry.field(description="The messages of the gap from which the next nightly jobs learn, because of `learnFrom: GAP`; null for none.")

    @classmethod
    def from_updated(cls, updated: "memory_settings.UpdatedMemory") -> "MemoryUpdateSuccess":
        return cls(user=User.from_model(updated.user), gap=MemoryGap.from_gap(updated.gap), learned_from=MemoryGap.from_gap(updated.learned))


@strawberry.input(description="What to erase.")
class MemoryEraseInput:
    topics: list[MemoryTopic] | None = strawberry.field(
        default=None, description="The topics. Absent or null: all of the user's `topicsNotKept`, and all `namesNotKept` unless `names` are sent."
    )
    names: list[str] | None = strawberry.field(
        default=None, description="Names of people, as in `namesNotKept`. Absent or null: none if `topics` are sent, otherwise all of the user's `namesNotKept`."
    )
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(
    description="The texts of diary and profile about the topics and people were erased, in all versions, with generated titles and running summaries about "
    "them. Messages stay, and so does text that the user wrote by hand."
)
class MemoryEraseSuccess:
    receipt: ForgettingReceipt = strawberry.field(description="What was removed.")


MemoryUpdateResult = Annotated[
    MemoryUpdateSuccess | InvalidInputError | ConflictError, strawberry.union("MemoryUpdateResult", description="Outcome of `memoryUpdate`.")
]
MemoryEraseResult = Annotated[MemoryEraseSuccess | InvalidInputError | ConflictError, strawberry.union("MemoryEraseResult", description="Outcome of `memoryErase`.")]

_SWITCHES = {"diary": "DIARY", "profile": "PROFILE", "told_in_chats": "TOLD"}
_COLUMNS = {"paused_until": "memory_paused_until", "topics_not_kept": "topics_off", "names_not_kept": "names_off"}


@strawberry.type
class MemoryMutation:
    @strawberry.mutation(permission_classes=[SignedIn], description="Change the switches of the signed-in user's memory, pause it, or change what is never kept.")
    async def memory_update(self, info: strawberry.Info, input: MemoryUpdateInput) -> MemoryUpdateResult | None:
        viewer = await info.context.require_viewer()
        given = {name: some.value for name, some in vars(input).items() if name != "learn_from" and some is not None}
        if given.get("topics_not_kept") is not None:
            given["topics_not_kept"] = [topic.value for topic in given["topics_not_kept"]]
        changed = memory_settings.update_memory(
            viewer, {_SWITCHES[name]: value for name, value in given.items() if name in _SWITCHES},
            {_COLUMNS[name]: value for name, value in given.items() if name in _COLUMNS}, input.learn_from and input.learn_from.value)
        return await to_result(changed, MemoryUpdateSuccess.from_updated)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Erase the texts of diary and profile about topics and people, such as those that are never to be kept from now on.",
    )
    async def memory_erase(self, info: strawberry.Info, input: MemoryEraseInput) -> MemoryEraseResult | None:
        viewer = await info.context.require_viewer()
        topics = None if input.topics is None else [topic.value for topic in input.topics]
        erased = memory_erasure.erase_topics(viewer, topics, input.names, dry_run=input.dry_run)
        return await to_result(erased, lambda receipt: MemoryEraseSuccess(receipt=ForgettingReceipt.from_receipt(receipt, dry_run=input.dry_run)))
