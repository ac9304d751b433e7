"""The result types of an account's export and import."""

from enum import Enum

import strawberry

from graph.enums import describe_enum
from graph.scalars import BigInt
from resolvers.portability import ExportPart, Import


class ExportFormatKind(Enum):
    JSON = "JSON"
    MARKDOWN = "MARKDOWN"


ExportFormat = ExportFormatKind
describe_enum(
    ExportFormat,
    "The format of an export.",
    name="ExportFormat",
    JSON="A complete file for `accountImport` or the command line: conversations, diaries with all versions, profile with its evidence, verdicts and changes, settings.",
    MARKDOWN="Profile, diaries and conversations for reading, by days, in the user's language.",
)


@strawberry.type(description="A file with the user's data.")
class AccountExportSuccess:
    content: str = strawberry.field(description="The text of the file. Unchanged data gives an identical text.")
    media_type: str = strawberry.field(description="Media type of the file: `application/json` or `text/markdown`.")
    file_name: str = strawberry.field(description="Suggested file name, such as `unilife.json`.")


@strawberry.type(description="A text of an exported file.")
class ExportedText:
    name: str = strawberry.field(description="Name of the file, such as `unilife.json` or `days/2026-01-31.md`.")
    media_type: str = strawberry.field(description="Media type of the file: `application/json` or `text/markdown`.")
    offset: BigInt = strawberry.field(description="Bytes (UTF-8) that the file has before this text: 0 begins a file, else append the text to what earlier parts gave.")
    content: str = strawberry.field(description="The text. A file may continue in the next part; it is complete before the next file begins, or after the last part.")


@strawberry.type(description="A part of an export. All texts of a name, in the order of the parts, make one file.")
class AccountExportPartSuccess:
    number: int = strawberry.field(description="Number of the part, from 1.")
    texts: list[ExportedText] = strawberry.field(description="The texts of the part.")
    next_cursor: str | None = strawberry.field(description="Send it as `after` for the next part; null after the last one.")
    changed_tables: list[str] | None = strawberry.field(
        description="In the last part: the tables, as the JSON file names them, whose rows changed since the first part; empty when all parts show one state. "
        "With changes export again for one state; the JSON file can be imported, without what lost what it refers to. Null in all other parts."
    )

    @classmethod
    def from_part(cls, part: ExportPart) -> "AccountExportPartSuccess":
        texts = [ExportedText(name=text.name, media_type=_media_type(text.name), offset=BigInt(text.offset), content=text.content) for text in part.texts]
        return cls(number=part.number, texts=texts, next_cursor=part.cursor, changed_tables=None if part.changed is None else list(part.changed))


def _media_type(name: str) -> str:
    return "application/json" if name.endswith(".json") else "text/markdown"


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
        told, counts = done.estimate, done.counts
        names = ("conversations", "messages", "diaries", "profile_values")
        return cls(
            **{name: counts[name] for name in names}, days_without_diary=len(told.days), estimated_tokens=BigInt(told.tokens),
            estimated_cost=told.cost.amount if told.cost else None, currency=told.cost.currency if told.cost else None,
        )  # fmt: skip
