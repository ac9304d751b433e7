"""The result types of an account's export and import."""

from enum import Enum

import strawberry

from graph.enums import describe_enum
from graph.scalars import BigInt
from resolvers.portability import Import


class ExportFormatKind(Enum):
    JSON = "JSON"
    MARKDOWN = "MARKDOWN"


ExportFormat = ExportFormatKind
describe_enum(
    ExportFormat,
    "The format of an export.",
    name="ExportFormat",
    JSON="A complete file for `accountImport`: conversations, diaries with all versions, profile with its evidence, verdicts and changes, settings.",
    MARKDOWN="Profile, diaries and conversations as a document for reading, in the user's language.",
)


@strawberry.type(description="A file with the user's data.")
class AccountExportSuccess:
    content: str = strawberry.field(description="The text of the file. Unchanged data gives an identical text.")
    media_type: str = strawberry.field(description="Media type of the file: `application/json` or `text/markdown`.")
    file_name: str = strawberry.field(description="Suggested file name, such as `unilife.json`.")


@strawberry.type(description="The data of the file was imported, except what only an installation writes (see `accountImport`). No imported day becomes due for the nightly jobs by itself. After a dry run the counts say what would be imported.")
class AccountImportSuccess:
    conversations: int = strawberry.field(description="Number of imported conversations.")
    messages: int = strawberry.field(description="Number of imported messages, including answers.")
    diaries: int = strawberry.field(description="Number of imported diaries, each with all its versions.")
    profile_values: int = strawberry.field(description="Number of imported values of the profile, including superseded and rejected ones.")
    days_without_diary: int = strawberry.field(
        description="Number of imported days that have no diary and whose diary was not deleted: the days that `writeDiaries` enqueues for the nightly jobs."
    )
    estimated_tokens: BigInt = strawberry.field(
        description="Estimated model tokens for their diaries and weekly reviews, based on the length of the file's messages; used only with `writeDiaries`."
    )
    estimated_cost: float | None = strawberry.field(description="What these tokens would cost at current prices; null when no price is known.")
    currency: str | None = strawberry.field(description="The currency of `estimatedCost` as an ISO 4217 code; null when no price is known.")

    @classmethod
    def from_import(cls, done: Import) -> "AccountImportSuccess":
        told, counts = done.foretold, done.counts
        names = ("conversations", "messages", "diaries", "profile_values")
        return cls(
            **{name: counts[name] for name in names}, days_without_diary=len(told.days), estimated_tokens=BigInt(told.tokens),
            estimated_cost=told.cost.amount if told.cost else None, currency=told.cost.currency if told.cost else None,
        )  # fmt: skip
