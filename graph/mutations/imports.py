"""Mutations that import chats, journals and memory texts of other products in parts."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.field_costs import WHOLE_ACCOUNT, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of
from graph.results import ConflictError, ErrorFactory, InvalidInputError, StorageExceededError, to_result
from graph.types.imports import ChatImport, ImportCommitSuccess, ImportKind, ImportPartSuccess, ImportReport, ImportStartSuccess
from resolvers.errors import Refusal
from resolvers.imports import staging
from resolvers.imports.memory_reading import MemoryUnread
from resolvers.imports.staging import StagedImport
from resolvers.imports.storing import ImportSummary


@strawberry.input(description="The import to begin.")
class ImportStartInput:
    replace: bool = strawberry.field(
        default=True,
        description="True to delete an earlier import that is not committed, with its parts; false to be refused when there is one that has parts.",
    )


@strawberry.input(description="A part of an import: whole conversations, as the product wrote them.")
class ImportPartInput:
    import_id: strawberry.ID = strawberry.field(description="The import, from `importStart`.")
    position: int = strawberry.field(description="Position of the part, 0 to 63. A part that is sent again replaces the one at its position.")
    kind: ImportKind = strawberry.field(
        default=ImportKind.CHATS, description="CHATS for conversations and entries, MEMORY for a memory text; an import has at most one memory text, beside any number of other parts."
    )
    content: str = strawberry.field(
        description="With CHATS JSON, at most 4,000,000 characters. The whole request may have 4 MiB (4,194,304 bytes) and is answered with HTTP 413 above that; "
        "quotation marks and line breaks are escaped in it, and other characters than ASCII take several bytes, so cut parts by the bytes of the request. Send a list of whole conversations, cut out of the export's list; or an object "
        "of the export, such as LibreChat's or Day One's. The kind is recognised by the content: ChatGPT, Claude, DeepSeek, Gemini, Grok, Open WebUI, Qwen Chat, LibreChat, Day One, "
        "MemoryBank. With MEMORY the text as it was pasted, of which the first 60,000 characters and 300 new lines are read."
    )


@strawberry.input(description="The import to carry out.")
class ImportCommitInput:
    import_id: strawberry.ID = strawberry.field(description="The import, from `importStart`.")
    write_diaries: bool = strawberry.field(
        default=True,
        description="True to have the nightly jobs write the diaries of the imported days, within the installation's token budget per user; false to leave "
        "days that are up to date as they are, until they get a new message or their diary is requested.",
    )
    dry_run: bool = strawberry.field(default=False, description="True to only return what would happen; writes nothing.")


@strawberry.type(description="The language model did not read the memory text: `code` is one of the MODEL_ codes or QUOTA_EXCEEDED. Nothing was imported; the parts are kept.")
class ImportReadingFailedError(Error):
    retry_after: float | None = strawberry.field(description="Seconds to wait before the next attempt; null when no time is known.")

    @classmethod
    def from_refusal(cls, refusal: MemoryUnread) -> "ImportReadingFailedError":
        code = ErrorCode[refusal.code] if refusal.code in PUBLIC_CODES else ErrorCode.MODEL_MALFORMED
        return cls(code=code, message=refusal.message, retry_after=refusal.retry_after)


EXTRA_ERRORS: Mapping[type[Refusal], ErrorFactory] = {MemoryUnread: ImportReadingFailedError.from_refusal}

ImportStartResult = Annotated[
    ImportStartSuccess | ConflictError,
    strawberry.union(
        "ImportStartResult", description="Outcome of `importStart`; ConflictError only with `replace: false`, while another import waits for its commit."
    ),
]
ImportPartResult = Annotated[
    ImportPartSuccess | InvalidInputError | ConflictError,
    strawberry.union(
        "ImportPartResult",
        description="Outcome of `importPart`; InvalidInputError when nothing in the part can be read, naming the kinds that are read, or it is too large; "
        "ConflictError when the import was committed, or its parts together exceed 64 MB.",
    ),
]
ImportCommitResult = Annotated[
    ImportCommitSuccess | ConflictError | StorageExceededError | ImportReadingFailedError,
    strawberry.union(
        "ImportCommitResult",
        description="Outcome of `importCommit`; ConflictError when the import has no parts, or when a part was received while it was committed: send it again; "
        "StorageExceededError when its messages exceed the storage limit of an account; ImportReadingFailedError when the language model did not read its memory "
        "text, also when the user's tokens of the day do not suffice.",
    ),
]


@strawberry.type
class ImportMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Begin an import of chats or journals. A user has one at a time: an earlier one that was not committed is deleted with its parts.",
    )
    async def import_start(self, info: strawberry.Info, input: ImportStartInput) -> ImportStartResult | None:
        viewer = await info.context.require_viewer()
        return await to_result(staging.start(viewer, replace=input.replace), lambda staged: ImportStartSuccess(chat_import=ChatImport.from_staged(staged)))

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Send a part of an import. Conversations that cannot be read are left out and reported with their position; nothing is imported before "
        "`importCommit`.",
    )
    async def import_part(self, info: strawberry.Info, input: ImportPartInput) -> ImportPartResult | None:
        viewer = await info.context.require_viewer()
        adding = staging.add_part(viewer, decode_id_of("ChatImport", input.import_id), input.position, input.content, input.kind)
        return await to_result(adding, _part)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(WHOLE_ACCOUNT),
        description="Import the conversations of all parts, or preview that with `dryRun`. Messages keep their times, days, order and model; titles and tags "
        "are cut to the bounds of this schema; archived conversations stay archived; of branches the current one is taken; an answer belongs to its "
        "question's day. The language model reads a memory text, once for a dry run and the commit after it; its values become SUGGESTED values of the profile, "
        "which the user confirms or rejects. A repeated import adds only what is new, and a repeated or interrupted commit can be sent again.",
    )
    async def import_commit(self, info: strawberry.Info, input: ImportCommitInput) -> ImportCommitResult | None:
        viewer = await info.context.require_viewer()
        import_id = decode_id_of("ChatImport", input.import_id)
        committing = staging.commit(viewer, import_id, info.context.deadline, write_diaries=input.write_diaries, dry_run=input.dry_run)
        return await to_result(committing, lambda summary: ImportCommitSuccess(report=ImportReport.from_summary(summary)), EXTRA_ERRORS)


def _part(added: tuple[StagedImport, ImportSummary]) -> ImportPartSuccess:
    staged, summary = added
    return ImportPartSuccess(chat_import=ChatImport.from_staged(staged), report=ImportReport.from_summary(summary))
