"""The result types of an account's export and import."""

from enum import Enum

import strawberry

from graph.enums import describe_enum
from graph.scalars import BigInt
from resolvers.portability import Import


class ExportFormatKind(Enum):
    JSON = "JSON"
    MARKDOWN = "MARKDOWN"


ExportFormat = describe_enum(
    ExportFormatKind,
    "What an export is for.",
    name="ExportFormat",
    JSON="Everything, to be read back by `accountImport`: conversations, diaries with all versions, profile with its evidence, verdicts and changes, settings.",
    MARKDOWN="Profile, diaries and conversations, to be read by people; in the person's language.",
)


@strawberry.type(description="A file of what the person has.")
class AccountExportSuccess:
    content: str = strawberry.field(description="The file's text. The same state gives the same text.")
    media_type: str = strawberry.field(description="`application/json` or `text/markdown`.")
    file_name: str = strawberry.field(description="A name to save it under.")


@strawberry.type(description="The account holds what the file held, except what only an installation writes. No imported day is due by itself. After a dry run: what it would hold.")
class AccountImportSuccess:
    conversations: int = strawberry.field(description="Conversations imported.")
    messages: int = strawberry.field(description="Messages imported, answers included.")
    diaries: int = strawberry.field(description="Diaries imported, each with all its versions.")
    profile_values: int = strawberry.field(description="Values of the profile imported, superseded and rejected ones included.")
    days_without_diary: int = strawberry.field(
        description="Imported days that have no diary and whose diary was not deleted: those that `writeDiaries` makes due."
    )
    estimated_tokens: BigInt = strawberry.field(
        description="Tokens that their diaries and the reviews of their weeks would take, estimated by the words of the file; spent only with `writeDiaries`."
    )
    estimated_cost: float | None = strawberry.field(description="What these tokens would cost at this minute's prices; null when no price is known.")
    currency: str | None = strawberry.field(description="The currency of `estimatedCost`, as an ISO 4217 code; null when no price is known.")

    @classmethod
    def from_import(cls, done: Import) -> "AccountImportSuccess":
        told, counts = done.foretold, done.counts
        names = ("conversations", "messages", "diaries", "profile_values")
        return cls(
            **{name: counts[name] for name in names}, days_without_diary=len(told.days), estimated_tokens=BigInt(told.tokens),
            estimated_cost=told.cost and told.cost.amount, currency=told.cost and told.cost.currency,
        )  # fmt: skip
