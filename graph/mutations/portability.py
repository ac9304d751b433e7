"""Mutations that export and import an account's data."""

from typing import Annotated

import strawberry

from graph.field_costs import WHOLE_ACCOUNT, weight
from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.portability import AccountExportSuccess, AccountImportSuccess, ExportFormat, ExportFormatKind
from resolvers import portability


@strawberry.input(description="Which file to make.")
class AccountExportInput:
    format: ExportFormat = strawberry.field(default=ExportFormatKind.JSON, description="What it is for.")


@strawberry.input(description="A file that `accountExport` made.")
class AccountImportInput:
    content: str = strawberry.field(
        description="The text of a JSON export, at most 4,000,000 characters: a request may have 4 MiB, and the clouds cut it at 6 MB."
    )
    write_diaries: bool = strawberry.field(
        default=False,
        description="Have the nightly jobs write the imported days that have no diary, within the tokens that one person has a night. "
        "With `dryRun` the answer tells beforehand how many days that are and what they take.",
    )
    dry_run: bool = strawberry.field(default=False, description="Only check the file and tell what an import of it would bring and take; writes nothing.")


AccountExportResult = Annotated[
    AccountExportSuccess | ConflictError,
    strawberry.union(
        "AccountExportResult",
        description="Outcome of `accountExport`; ConflictError when the file is larger than a response may be (4 MB, so that it can be imported again).",
    ),
]
AccountImportResult = Annotated[
    AccountImportSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union(
        "AccountImportResult",
        description="Outcome of `accountImport`; InvalidInputError says what is wrong in the file and where, ConflictError when the account is not empty, "
        "StorageExceededError when the file holds more than an account may.",
    ),
]


@strawberry.type
class PortabilityMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Export everything the person has, except sign-ins, the password and the ledger of nights. Changes nothing.",
    )
    async def account_export(self, info: strawberry.Info, input: AccountExportInput) -> AccountExportResult | None:
        viewer = await info.context.require_viewer()
        if input.format is ExportFormatKind.MARKDOWN:
            return await to_result(portability.export_markdown(viewer), lambda text: _file(text, "text/markdown", "unilife.md"))
        return await to_result(portability.export_json(viewer), lambda text: _file(text, "application/json", "unilife.json"))

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Import an export into an account in which nothing was said yet: conversations, diaries and profile become those of the file, "
        "and so do nickname, time zone, locale and day end; e-mail address and password stay. All or nothing. "
        "What only an installation writes (usage, allowances, counters, revisions, run records) is not imported, and no imported day is due by itself: "
        "its diary is that of the file, or none until something is said on that day again or it is asked for, as `writeDiaries` does for all of them.",
    )
    async def account_import(self, info: strawberry.Info, input: AccountImportInput) -> AccountImportResult | None:
        viewer = await info.context.require_viewer()
        importing = portability.import_json(viewer, input.content, write_diaries=input.write_diaries, dry_run=input.dry_run)
        return await to_result(importing, AccountImportSuccess.from_import)


def _file(text: str, media_type: str, name: str) -> AccountExportSuccess:
    return AccountExportSuccess(content=text, media_type=media_type, file_name=name)
