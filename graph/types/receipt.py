"""The type that names and counts what a deletion removed."""
from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.errors import WITH_SOURCES
from graph.relay import encode_id
from graph.types import receipt_contents
from resolvers import erasure

if TYPE_CHECKING:
    from graph.types.diary import Diary
    from graph.types.profile import Profile

_OWNERS = {"OWN_DIARY": "Diary", "OWN_VALUE": "ProfileValue", "OWN_REASON": "ProfileValue", "OWN_CONVERSATION": "Conversation", "OWN_SLOT": "OwnSlot"}

DRY_RUN = "True to return what the mutation would return, with its receipt, and change nothing: `deletedIds` of the receipt then lists what would be deleted. Refusals are the same."


@strawberry.type(
    description="What a deletion or edit removed. Data supported only by the removed text is deleted, data with other evidence loses confidence, "
    "and values it had superseded become active again."
)
class ForgettingReceipt:
    dry_run: bool = strawberry.field(description="True when the input had `dryRun`: nothing was removed, and the receipt says what would be.")
    deleted_ids: list[strawberry.ID] = strawberry.field(
        description="Ids of all deleted objects: messages with their copies, conversations, diaries, lines (also of earlier versions), values, changes in the profile's history, and "
        "slots. The versions of a diary are deleted with it and not listed. A client removes these objects from its cache; `diaries` and `profile` are the state after the deletion."
    )
    days: list[date] = strawberry.field(description="The days whose diaries lost text, evidence or the whole diary, or are written again because of it, the newest first.")
    messages_removed: int = strawberry.field(description="Messages removed, including answers. Copies that a fork made are counted in `copiesRemoved` alone.")
    copies_removed: int = strawberry.field(description="Copies removed: those of the removed messages in forks, and those that the removed conversation had as a fork.")
    diaries_removed: int = strawberry.field(description="Diaries removed completely, with all their versions.")
    lines_removed: int = strawberry.field(description="Lines removed from the current versions of diaries. Lines are removed from earlier versions too, but not counted.")
    signals_removed: int = strawberry.field(description="Signals of current diary versions and weekly reviews that were removed or no longer count.")
    values_removed: int = strawberry.field(description="Values removed from the profile.")
    values_lowered: int = strawberry.field(description="Values of the profile whose confidence fell.")
    values_restored: int = strawberry.field(description="Values of the profile that became active again.")
    repeated_in: list[strawberry.ID] = strawberry.field(
        description="Ids of the answers to other questions that repeated the removed text: the repeating sentences were replaced by the marker [removed] or [已移除]."
    )
    kept_in: list[strawberry.ID] = strawberry.field(
        description="Ids of objects with text that the user wrote by hand and that still has words of the removed text: diaries, values of the profile, conversations (title or tags), slots. They stay until the user changes, rejects or erases them."
    )

    @strawberry.field(
        description="The diaries of `days` after the deletion, the newest first, at most 100; with `dryRun` as they are now.", metadata=WITH_SOURCES
    )
    async def diaries(self, info: strawberry.Info) -> list[Annotated["Diary", strawberry.lazy("graph.types.diary")]]:
        return await receipt_contents.load_diaries(info, self.days)

    @strawberry.field(description="The profile after the deletion; with `dryRun` as it is now.", metadata=WITH_SOURCES)
    async def profile(self, info: strawberry.Info) -> Annotated["Profile", strawberry.lazy("graph.types.profile")] | None:
        return await receipt_contents.load_profile(info)

    @classmethod
    def from_receipt(cls, receipt: "erasure.Receipt", *, dry_run: bool = False) -> "ForgettingReceipt":
        counts = {name: value for name, value in vars(receipt).items() if name not in ("deleted", "days")}
        counts["kept_in"] = [encode_id(_OWNERS[kind], id) for kind, id in receipt.kept_in]
        counts["repeated_in"] = [encode_id("Message", id) for id in receipt.repeated_in]
        return cls(dry_run=dry_run, deleted_ids=[encode_id(kind, id) for kind, id in receipt.deleted], days=list(receipt.days), **counts)
