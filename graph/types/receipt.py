"""The type that counts what a deletion removed."""
import strawberry

from resolvers import erasure


@strawberry.type(
    description="What a deletion or an edit took away. What stood on the words alone is gone; what stood on other words, too, is less sure; "
    "what they had replaced holds again."
)
class ForgettingReceipt:
    messages_removed: int = strawberry.field(description="Messages, answers included.")
    copies_removed: int = strawberry.field(description="Copies of those messages in forks.")
    diaries_removed: int = strawberry.field(description="Whole diaries, with all their versions.")
    lines_removed: int = strawberry.field(description="Lines of present diaries. Earlier versions lost theirs, too; those are not counted.")
    signals_removed: int = strawberry.field(description="Signals of present diaries and weekly reviews that count no more.")
    values_removed: int = strawberry.field(description="Values that left the profile.")
    values_lowered: int = strawberry.field(description="Values of the profile that are less sure now.")
    values_restored: int = strawberry.field(description="Values of the profile that hold again.")

    @classmethod
    def from_receipt(cls, receipt: "erasure.Receipt") -> "ForgettingReceipt":
        return cls(**vars(receipt))
