"""What an account's export and import answer."""

from enum import Enum

import strawberry

from graph.enums import described


class ExportFormatKind(Enum):
    JSON = "JSON"
    MARKDOWN = "MARKDOWN"


ExportFormat = described(
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


@strawberry.type(description="The account holds what the file held, except what only an installation writes. No imported day is due by itself.")
class AccountImportSuccess:
    conversations: int = strawberry.field(description="Conversations imported.")
    messages: int = strawberry.field(description="Messages imported, answers included.")
    diaries: int = strawberry.field(description="Diaries imported, each with all its versions.")
    profile_values: int = strawberry.field(description="Values of the profile imported, superseded and rejected ones included.")
