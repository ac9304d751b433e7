"""Mutations that export and import an account's data."""

from typing import Annotated

import strawberry

from graph.field_costs import WHOLE_ACCOUNT, weight
from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.portability import AccountExportPartSuccess, AccountExportSuccess, AccountImportSuccess, ExportFormat, ExportFormatKind
from resolvers import portability


@strawberry.input(description="The export to create.")
class AccountExportInput:
    format: ExportFormat = strawberry.field(default=ExportFormatKind.JSON, description="Format of the file.")


@strawberry.input(description="The part of an export to return.")
class AccountExportPartInput:
    format: ExportFormat = strawberry.field(
        default=ExportFormatKind.JSON, description="JSON: one file for import. MARKDOWN: `profile.md`, and a file for each day, such as `days/2026-01-31.md`."
    )
    after: str | None = strawberry.field(
        default=None, description="`nextCursor` of the previous part; null for the first part. A cursor can be sent again, also days later."
    )


@strawberry.input(description="The file to import, created by `accountExport` with format JSON.")
class AccountImportInput:
    content: str = strawberry.field(
        description="The text of a JSON export, at most 4,000,000 characters, because a request body is limited to 4 MiB."
    )
    write_diaries: bool = strawberry.field(
        default=False,
        description="True to have the nightly jobs write diaries for the imported days that have none, within the installation's token budget per user. "
        "With `dryRun` the result says beforehand how many days these are and what they would cost.",
    )
    restore_deleted: bool = strawberry.field(
        default=False, description="True to also import messages that the user deleted from this account. With false, a file that has such messages is refused, with their number."
    )
    dry_run: bool = strawberry.field(default=False, description="True to only check the file and return what an import would add and cost; writes nothing.")


AccountExportResult = Annotated[
    AccountExportSuccess | ConflictError,
    strawberry.union(
        "AccountExportResult",
        description="Outcome of `accountExport`; ConflictError when the file is larger than 4 MB: then use `accountExportPart`.",
    ),
]
AccountExportPartResult = Annotated[
    AccountExportPartSuccess | InvalidInputError,
    strawberry.union("AccountExportPartResult", description="Outcome of `accountExportPart`; InvalidInputError for a cursor of another format or version."),
]
AccountImportResult = Annotated[
    AccountImportSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union(
        "AccountImportResult",
        description="Outcome of `accountImport`; InvalidInputError says what is wrong in the file and where, ConflictError when the account is not empty, "
        "StorageExceededError when the file exceeds the storage limit of an account.",
    ),
]


@strawberry.type
class PortabilityMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Export all data of the signed-in user, except sessions, the password and the job queue, as one file of at most 4 MB. It says which of its texts a language model wrote. Changes nothing.",
    )
    async def account_export(self, info: strawberry.Info, input: AccountExportInput) -> AccountExportResult | None:
        viewer = await info.context.require_viewer()
        if input.format is ExportFormatKind.MARKDOWN:
            return await to_result(portability.export_markdown(viewer), lambda text: _file(text, "text/markdown", "unilife.md"))
        return await to_result(portability.export_json(viewer), lambda text: _file(text, "application/json", "unilife.json"))

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Return a part of an export of any size: request part after part with `nextCursor`, and append each text to its file. An interrupted export is continued with the "
        "last cursor. Rows are those of the moment: what is deleted between two parts is not in the later ones, and the last part names the tables that changed meanwhile. "
        "Changes nothing.",
    )
    async def account_export_part(self, info: strawberry.Info, input: AccountExportPartInput) -> AccountExportPartResult | None:
        viewer = await info.context.require_viewer()
        reading = portability.export_part(viewer, input.after, is_json=input.format is ExportFormatKind.JSON)
        return await to_result(reading, AccountExportPartSuccess.from_part)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Import an export into an account without any messages: conversations, diaries and profile are taken from the file, "
        "and so are nickname, time zone, locale and day end; e-mail address and password stay. Imports everything or nothing. "
        "What only an installation writes (usage, quotas, counters, revisions, run records) is not imported, and no imported day becomes due for the nightly jobs by itself: "
        "it has the diary of the file, or none until it gets a new message or its diary is requested; `writeDiaries` requests all of them.",
    )
    async def account_import(self, info: strawberry.Info, input: AccountImportInput) -> AccountImportResult | None:
        viewer = await info.context.require_viewer()
        importing = portability.import_json(
            viewer, input.content, write_diaries=input.write_diaries, dry_run=input.dry_run, restore_deleted=input.restore_deleted)
        return await to_result(importing, AccountImportSuccess.from_import)


def _file(text: str, media_type: str, name: str) -> AccountExportSuccess:
    return AccountExportSuccess(content=text, media_type=media_type, file_name=name)
