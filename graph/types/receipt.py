"""The type that counts what a deletion removed."""
import strawberry

from graph.relay import encode_id
from resolvers import erasure

_OWNERS = {"OWN_DIARY": "Diary", "OWN_VALUE": "ProfileValue", "OWN_REASON": "ProfileValue", "OWN_CONVERSATION": "Conversation", "OWN_SLOT": "OwnSlot"}


@strawberry.type(
    description="What a deletion or edit removed. Data supported only by the removed text is deleted, data with other evidence loses confidence, "
    "and values it had superseded become active again."
)
class ForgettingReceipt:
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

    @classmethod
    def from_receipt(cls, receipt: "erasure.Receipt") -> "ForgettingReceipt":
        counts = {**vars(receipt)}
        counts["kept_in"] = [encode_id(_OWNERS[kind], id) for kind, id in receipt.kept_in]
        counts["repeated_in"] = [encode_id("Message", id) for id in receipt.repeated_in]
        return cls(**counts)
