"""What was used of the model, and what it cost."""
from datetime import date

import strawberry

from graph.enums import Job, described
from graph.scalars import BigInt
from graph.types.user import User
from persistence import models
from persistence.models import kinds
from persistence.queries import spending
from resolvers import admin

UsagePurpose = described(
    kinds.Purpose, "What the model was asked for.", name="UsagePurpose",
    CHAT="An answer in a conversation.", TITLE="A conversation's title.", SUMMARY="The summary of what no longer fits into a conversation's context.",
    DIARY="A day's diary.", WEEK="A week's review.",
)
COST = "Their price by the settings MODEL_INPUT_PRICE and MODEL_OUTPUT_PRICE as they are now, in their currency; null when these are not set."


@strawberry.type(description="What everybody together, or the one person who was asked about, used of the model on one day for one purpose.")
class UsageDay:
    day: date = strawberry.field(description="The day, each person's in their own zone; of a week's review the week's last.")
    purpose: UsagePurpose = strawberry.field(description="What for.")  # type: ignore[valid-type]
    job: Job | None = strawberry.field(description="The job that asked; null for chats, titles and summaries.")  # type: ignore[valid-type]
    people: int = strawberry.field(description="How many people.")
    calls: BigInt = strawberry.field(description="Pieces of work, failed ones included.")
    failed_calls: BigInt = strawberry.field(description="Pieces of work that failed; they count with what they used.")
    input_tokens: BigInt = strawberry.field(description="Tokens of prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of answers.")
    cost: float | None = strawberry.field(description=COST)

    @classmethod
    def from_row(cls, row: "spending.UsageRow") -> "UsageDay":
        return cls(day=row.day, purpose=row.purpose, people=row.people, calls=BigInt(row.calls), failed_calls=BigInt(row.failed_calls),
                   input_tokens=BigInt(row.input_tokens), output_tokens=BigInt(row.output_tokens), job=spending.JOB_OF.get(row.purpose), cost=admin.cost(row.input_tokens, row.output_tokens))


@strawberry.type(description="What one person used of the model over all the days that were asked about.")
class UsagePerson:
    user: User = strawberry.field(description="The person.")
    calls: BigInt = strawberry.field(description="Pieces of work, failed ones included.")
    failed_calls: BigInt = strawberry.field(description="Pieces of work that failed; they count with what they used.")
    input_tokens: BigInt = strawberry.field(description="Tokens of prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of answers.")
    cost: float | None = strawberry.field(description=COST)

    @classmethod
    def from_usage(cls, used: "spending.PersonUsage", user: "models.User") -> "UsagePerson":
        return cls(user=User.from_model(user), calls=BigInt(used.calls), failed_calls=BigInt(used.failed_calls), input_tokens=BigInt(used.input_tokens),
                   output_tokens=BigInt(used.output_tokens), cost=admin.cost(used.input_tokens, used.output_tokens))
