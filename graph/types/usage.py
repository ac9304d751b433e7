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

UsagePurpose = enums.Purpose
describe_enum(
    UsagePurpose, "The purpose of a model call.", name="UsagePurpose",
    CHAT="An answer in a conversation.", TITLE="A conversation's title.", SUMMARY="The summary of the older messages that no longer fit into a conversation's context.",
    DIARY="Writing a day's diary.", WEEK="The weekly review of a user's diaries.", IMPORT="Reading an imported memory text.",
)


@strawberry.type(description="An amount of money.")
class Cost:
    amount: float = strawberry.field(description="The amount in whole units of the currency with decimals, such as 0.0123.")
    currency: str = strawberry.field(description="Currency as an ISO 4217 code, such as USD.")

    @classmethod
    def list_from(cls, costs: Mapping[str, int]) -> "list[Cost]":
        return [cls(amount=nano / NANO, currency=currency) for currency, nano in sorted(costs.items())]


NANO = 10**9
"""Stored units of a cost in one unit of its currency."""
COST = "Cost of these calls, each at the price at the time of the call; null when no price was known, and when they were billed in several currencies (see `costs`)."
CURRENCY = "The currency of `cost` as an ISO 4217 code; null when `cost` is null."
COSTS = "Cost by currency; empty when no price was known. Calls without a known price are not included."
CACHED = "Part of `inputTokens` that was served by the provider's prompt cache, as reported by the provider."
THINKING = "Part of `outputTokens` that the model spent on reasoning, as reported by the provider; the rest is answers."


def cost_fields(costs: Mapping[str, int]) -> dict[str, Any]:
    """Return the fields `cost` and `currency`, both null without any cost or with several currencies."""
    found = Cost.list_from(costs)
    return {"cost": found[0].amount, "currency": found[0].currency} if len(found) == 1 else {"cost": None, "currency": None}


@strawberry.type(description="Model usage on one day for one purpose, summed over all users or of the one user who was asked for.")
class UsageDay:
    day: date = strawberry.field(description="The day, in each user's own time zone; for a weekly review the last day of the week.")
    purpose: UsagePurpose = strawberry.field(description="What the model was called for.")
    job: Job | None = strawberry.field(description="The job that makes such calls, also where `diaryRewrite` made them; null for chats, titles, summaries and imports.")
    people: int = strawberry.field(description="Number of users with usage on that day for that purpose.")
    calls: BigInt = strawberry.field(description="Model tasks, including failed ones. Retries, a repair and tool-call rounds within one task count once, so provider request counts are higher.")
    failed_calls: BigInt = strawberry.field(description="Model tasks that failed; part of `calls`, and their tokens and cost are included.")
    input_tokens: BigInt = strawberry.field(description="Tokens of the prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of the answers, including reasoning.")
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


@strawberry.type(description="Model usage of one user over all requested days.")
class UsagePerson:
    user: User = strawberry.field(description="The user.")
    calls: BigInt = strawberry.field(description="Model tasks, including failed ones. Retries, a repair and tool-call rounds within one task count once, so provider request counts are higher.")
    failed_calls: BigInt = strawberry.field(description="Model tasks that failed; part of `calls`, and their tokens and cost are included.")
    input_tokens: BigInt = strawberry.field(description="Tokens of the prompts.")
    output_tokens: BigInt = strawberry.field(description="Tokens of the answers, including reasoning.")
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
