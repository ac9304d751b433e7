"""The types of model usage and its cost."""
from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry

from graph.enums import Job, describe_enum
from graph.scalars import BigInt
from graph.types.user import User
from persistence import models
from persistence.models import enums
from persistence.queries import usage_reports

UsagePurpose = describe_enum(
    enums.Purpose, "What the model was asked for.", name="UsagePurpose",
    CHAT="An answer in a conversation.", TITLE="A conversation's title.", SUMMARY="The summary of what no longer fits into a conversation's context.",
    DIARY="A day's diary.", WEEK="A week's review.",
)


@strawberry.type(description="An amount of money.")
class Cost:
    amount: float = strawberry.field(description="In whole units of the currency, with decimals.")
    currency: str = strawberry.field(description="ISO 4217 code, such as USD.")

    @classmethod
    def list_from(cls, costs: Mapping[str, int]) -> "list[Cost]":
        return [cls(amount=nano / NANO, currency=currency) for currency, nano in sorted(costs.items())]


NANO = 10**9
COST = "What they cost, each call at the price of its minute; null when no price was known, and when they were paid in several currencies: see `costs`."
CURRENCY = "The currency of `cost`, as an ISO 4217 code; null when `cost` is."
COSTS = "What they cost by currency; empty when no price was known. Calls without a known price are left out."
CACHED = "Those of `inputTokens` that the provider's prompt cache served, as it reported; the others were new."
THINKING = "Those of `outputTokens` that the model spent on its thought, as the provider reported; the others are answers."


def cost_fields(costs: Mapping[str, int]) -> dict[str, Any]:
    """Return the fields `cost` and `currency`, both null without any cost or with several currencies."""
    found = Cost.list_from(costs)
    return {"cost": found[0].amount, "currency": found[0].currency} if len(found) == 1 else {"cost": None, "currency": None}


@strawberry.type(description="What everybody together, or the one person who was asked about, used of the model on one day for one purpose.")
class UsageDay:
    day: date = strawberry.field(description="The day, each person's in their own zone; of a week's review the week's last.")
    purpose: UsagePurpose = strawberry.field(description="What for.")  # type: ignore[valid-type]
    job: Job | None = strawberry.field(description="The job that asked; null for chats, titles and summaries.")  # type: ignore[valid-type]
    people: int = strawberry.field(description="How many people.")
    calls: BigInt = strawberry.field(description="Pieces of work, failed ones included.")
    failed_calls: BigInt = strawberry.field(description="Pieces of work that failed; they count with what they used.")
    input_tokens: BigInt = strawberry.field(description="Tokens of prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of answers, their thought included.")
    cached_tokens: BigInt = strawberry.field(description=CACHED)
    thinking_tokens: BigInt = strawberry.field(description=THINKING)
    cost: float | None = strawberry.field(description=COST)
    currency: str | None = strawberry.field(description=CURRENCY)
    costs: list[Cost] = strawberry.field(description=COSTS)

    @classmethod
    def from_row(cls, row: "usage_reports.UsageRow") -> "UsageDay":
        return cls(
            day=row.day, purpose=row.purpose, people=row.people, calls=BigInt(row.calls), failed_calls=BigInt(row.failed_calls), job=usage_reports.JOB_OF.get(row.purpose),
            **_amounts(row),
        )


@strawberry.type(description="What one person used of the model over all the days that were asked about.")
class UsagePerson:
    user: User = strawberry.field(description="The person.")
    calls: BigInt = strawberry.field(description="Pieces of work, failed ones included.")
    failed_calls: BigInt = strawberry.field(description="Pieces of work that failed; they count with what they used.")
    input_tokens: BigInt = strawberry.field(description="Tokens of prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of answers, their thought included.")
    cached_tokens: BigInt = strawberry.field(description=CACHED)
    thinking_tokens: BigInt = strawberry.field(description=THINKING)
    cost: float | None = strawberry.field(description=COST)
    currency: str | None = strawberry.field(description=CURRENCY)
    costs: list[Cost] = strawberry.field(description=COSTS)

    @classmethod
    def from_usage(cls, used: "usage_reports.PersonUsage", user: "models.User") -> "UsagePerson":
        return cls(user=User.from_model(user), calls=BigInt(used.calls), failed_calls=BigInt(used.failed_calls), **_amounts(used))


def _amounts(used: "usage_reports.UsageRow | usage_reports.PersonUsage") -> dict[str, Any]:
    return {
        "input_tokens": BigInt(used.input_tokens), "output_tokens": BigInt(used.output_tokens), "cached_tokens": BigInt(used.cached_tokens),
        "thinking_tokens": BigInt(used.thinking_tokens), "costs": Cost.list_from(used.costs), **cost_fields(used.costs),
    }
