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

DRY_RUN = "True returns what the mutation would return, with its receipt, and changes nothing: `deletedIds` of the receipt then names what would go. Refusals are the same."


@strawberry.type(
    description="What a deletion or edit removed. Data supported only by the removed text is deleted, data with other evidence loses confidence, "
    "and values it had superseded become active again."
)
class ForgettingReceipt:
    dry_run: bool = strawberry.field(description="True when the input had `dryRun`: nothing was removed, and the receipt says what would be.")
    deleted_ids: list[strawberry.ID] = strawberry.field(
        description="Ids of all objects that are gone: messages with their copies, conversations, diaries, lines (also of earlier versions), values, changes in the profile's history, and "
        "slots. The versions of a diary go with it, and are not listed. A client removes them from its cache; `diaries` and `profile` are what is left."
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
        description="Ids of the answers to other questions that repeated the removed text: their sentences that did were replaced by a marker."
    )
    kept_in: list[strawberry.ID] = strawberry.field(
        description="Ids of what you wrote by hand and that still says words of the removed text: diaries, values of the profile, conversations (title or tags), slots. They stay until you change, reject or erase them."
    )

    @strawberry.field(
        description="The diaries of `days` that there are now, the newest first, at most 100; with `dryRun` as they still are.", metadata=WITH_SOURCES
    )
    async def diaries(self, info: strawberry.Info) -> list[Annotated["Diary", strawberry.lazy("graph.types.diary")]]:
        return await receipt_contents.load_diaries(info, self.days)

    @strawberry.field(description="The profile as it is now.", metadata=WITH_SOURCES)
    async def profile(self, info: strawberry.Info) -> Annotated["Profile", strawberry.lazy("graph.types.profile")] | None:
        return await receipt_contents.load_profile(info)

    @classmethod
    def from_receipt(cls, receipt: "erasure.Receipt", *, dry_run: bool = False) -> "ForgettingReceipt":
        counts = {name: value for name, value in vars(receipt).items() if name not in ("deleted", "days")}
        counts["kept_in"] = [encode_id(_OWNERS[kind], id) for kind, id in receipt.kept_in]
        counts["repeated_in"] = [encode_id("Message", id) for id in receipt.repeated_in]
        return cls(dry_run=dry_run, deleted_ids=[encode_id(kind, id) for kind, id in receipt.deleted], days=list(receipt.days), **counts)
