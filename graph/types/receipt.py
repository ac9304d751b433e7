"""The type that counts what a deletion removed."""
import strawberry

from resolvers import erasure


@strawberry.type(
    description="What a deletion or edit removed. Data supported only by the removed text is deleted, data with other evidence loses confidence, "
    "and values it had superseded become active again."
)
class ForgettingReceipt:
    messages_removed: int = strawberry.field(description="Messages removed, including answers.")
    copies_removed: int = strawberry.field(description="Copies of those messages in forks, also removed.")
    diaries_removed: int = strawberry.field(description="Diaries removed completely, with all their versions.")
    lines_removed: int = strawberry.field(description="Lines removed from the current versions of diaries. Lines are removed from earlier versions too, but not counted.")
    signals_removed: int = strawberry.field(description="Signals of current diary versions and weekly reviews that were removed or no longer count.")
    values_removed: int = strawberry.field(description="Values removed from the profile.")
    values_lowered: int = strawberry.field(description="Values of the profile whose confidence fell.")
    values_restored: int = strawberry.field(description="Values of the profile that became active again.")

    @classmethod
    def from_receipt(cls, receipt: "erasure.Receipt") -> "ForgettingReceipt":
        return cls(**vars(receipt))
