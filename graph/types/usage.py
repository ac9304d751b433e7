"""What was used of the model."""
from datetime import date

import strawberry

from graph.enums import described
from persistence.models import kinds
from resolvers import admin

UsagePurpose = described(
    kinds.Purpose, "What the model was asked for.", name="UsagePurpose",
    CHAT="An answer in a conversation.", TITLE="A conversation's title.", SUMMARY="The summary of what no longer fits into a conversation's context.",
    DIARY="A day's diary.", WEEK="A week's review.",
)


@strawberry.type(description="What everybody together used of the model on one day for one purpose.")
class UsageDay:
    day: date = strawberry.field(description="The day, each person's in their own zone.")
    purpose: UsagePurpose = strawberry.field(description="What for.")  # type: ignore[valid-type]
    people: int = strawberry.field(description="How many people.")
    calls: int = strawberry.field(description="Pieces of work, failed ones included.")
    failed_calls: int = strawberry.field(description="Pieces of work that failed; they count with what they used.")
    input_tokens: int = strawberry.field(description="Tokens of prompts.")
    output_tokens: int = strawberry.field(description="Tokens of answers.")

    @classmethod
    def from_row(cls, row: "admin.UsageRow") -> "UsageDay":
        return cls(day=row.day, purpose=row.purpose, people=row.people, calls=row.calls, failed_calls=row.failed_calls,
                   input_tokens=row.input_tokens, output_tokens=row.output_tokens)
