"""The types of an import in parts."""

from datetime import date, datetime

import strawberry

from graph.enums import describe_enum
from graph.relay import encode_id
from graph.scalars import BigInt
from graph.types.own_slots import OwnSlot, find_own_slot
from graph.types.profile import ProfileValuePolarity
from graph.types.profile_slots import ProfileSlot, slot_of
from persistence.models import enums
from resolvers.imports.records import Suggestion
from resolvers.imports.skip_reasons import SkipReason, reason_of
from resolvers.imports.staging import StagedImport
from resolvers.imports.storing import ImportSummary

ImportKind = enums.ImportKind
describe_enum(
    ImportKind, "The kind of a part of an import.",
    CHATS="Conversations or journal entries, as a product exported them.",
    MEMORY="A memory text: another assistant's reply to the question what it remembers of the user, or the copied list of its saved memories.",
)


@strawberry.type(description="A part of an import that the server has received.")
class ChatImportPart:
    kind: ImportKind = strawberry.field(description="Whether it has conversations or a memory text.")
    position: int = strawberry.field(description="The part's position in the import, from 0 on.")
    size: int = strawberry.field(description="Bytes of its content.")


@strawberry.type(description="An import of chats, journals or a memory text that was begun. Its parts are kept for a day, or until it is committed.")
class ChatImport:
    id: strawberry.ID = strawberry.field(description="Identifies the import in `importPart` and `importCommit`; valid until `expiresAt`.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    expires_at: datetime = strawberry.field(description="When it and its parts are deleted if it is not committed.")
    parts: list[ChatImportPart] = strawberry.field(description="The parts that were received, by position: after an interruption, send the missing ones.")

    @classmethod
    def from_staged(cls, staged: StagedImport) -> "ChatImport":
        return cls(
            id=encode_id("ChatImport", staged.id), created_at=staged.created_at, expires_at=staged.expires_at,
            parts=[ChatImportPart(kind=part.kind, position=part.position, size=part.size) for part in staged.parts],
        )


ImportSkipReason = SkipReason
describe_enum(
    ImportSkipReason, "Why an import leaves something out, for clients with texts of their own.", name="ImportSkipReason",
    TEMPORARY_CHAT="Messages of a temporary chat.", OTHER_BRANCH="Messages of a branch that is not the current one of its conversation.",
    ATTACHMENT="Attachments: images, audio, files.",
    NOT_DIALOGUE="Messages or parts that neither the user nor the assistant said: system messages, thoughts, calls of tools and their results, errors.",
    NO_TEXT="Messages without text.", NO_TIME="Messages without a usable time, or with one in the future.",
    CUT="Messages or lines that were cut to the longest text that is kept; the beginning is read.",
    DELETED_BY_USER="What the user deleted here earlier.", SECRET="Lines or values that look like a password, a key or the number of a card.",
    INSTRUCTION="Lines that tell an assistant what to do.", HEADING="Headings.", REPEATED="Lines that stand in the text twice.",
    BEYOND_LIMIT="Lines or values beyond the most that are read at once: import the text again.",
    PROFILE_OFF="Lines of a memory text while the user has switched the profile off.",
    NEVER_KEPT="Values about a topic or a name that the user never wants kept.", REJECTED="Values that the user rejected.",
    NO_VALUE="Lines that say nothing for the profile.", NO_SLOT="Values that no slot of the profile is for.",
    SLOT_OFF="Values of a sensitive slot that is switched off.", BAD_LENGTH="Values of an unusable length.",
    NOT_SAID="Values that their line denies, or does not plainly say.", OTHER_PERSON="Values of somebody else.",
    NOT_NOW="Values that are over or planned.", NOT_IN_EARNEST="Values that are asked, supposed or in jest.",
    OTHER="Another reason, which `reason` names.",
)


@strawberry.type(description="A number of messages, or parts of messages, or lines and values of a memory text, that are left out for the same reason.")
class ImportSkipped:
    reason: str = strawberry.field(
        description="The reason in English, such as `temporary chat`, `role system` or `branch that is not the current one`; more exact than `code`, so several may share a code."
    )
    code: ImportSkipReason = strawberry.field(description="The kind of reason, to be said in the reader's language.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="A conversation or entry that is left out as a whole because it cannot be read. The others are imported.")
class ImportOmission:
    place: str = strawberry.field(description="Its position: the part and the index of the element in it, such as `part 0[12]`.")
    reason: str = strawberry.field(description="Why it cannot be read.")


@strawberry.type(description="A value that a memory text suggests for the profile. It is SUGGESTED there, unless the profile has it otherwise.")
class ImportSuggestion:
    slot: ProfileSlot = strawberry.field(description="The slot that the value belongs to.")
    value: str = strawberry.field(description="The value, in the words of its line.")
    polarity: ProfileValuePolarity = strawberry.field(description="How the user is related to `value`.")
    quote: str | None = strawberry.field(description="The sentence that says it; null once the user rejected the value, or deleted words of the sentence.")
    noted_on: date | None = strawberry.field(description="The day that the memory text gives for the sentence; null if it gives none.")
    known: bool = strawberry.field(description="Whether the profile had the value already: then the import changes nothing of it but adds the sentence to `evidence`.")
    key: strawberry.Private[str]

    @classmethod
    def from_suggestion(cls, found: Suggestion, slot: ProfileSlot) -> "ImportSuggestion":
        return cls(slot=slot, value=found.value, polarity=found.polarity, quote=found.quote, noted_on=found.noted_on, known=found.is_known, key=found.slot)

    @strawberry.field(description="The slot, if the user defined it (`slot` is OWN); null otherwise.")
    async def own_slot(self, info: strawberry.Info) -> OwnSlot | None:
        return await find_own_slot(info, self.key)


@strawberry.type(description="What an import adds, what it leaves out and why, which days it touches, and what the nightly jobs use for them.")
class ImportReport:
    kinds: list[str] = strawberry.field(description="The products whose conversations or entries were found, such as `Claude`.")
    conversations: int = strawberry.field(description="New conversations.")
    messages: int = strawberry.field(description="New messages, including answers and journal entries.")
    already_imported: int = strawberry.field(description="Messages, and lines and values of a memory text, that an earlier import stored; they are not added again.")
    suggestions: list[ImportSuggestion] = strawberry.field(
        description="Values that a memory text suggests, in its order; empty in `importPart`, because the language model reads the text at the first dry run or commit."
    )
    days: list[date] = strawberry.field(description="The days that get new messages of the user, in order.")
    skipped: list[ImportSkipped] = strawberry.field(description="Messages and parts of messages that are left out, by reason.")
    omissions: list[ImportOmission] = strawberry.field(description="Conversations that are left out as a whole, at most 100.")
    omitted: int = strawberry.field(description="Number of all conversations that are left out as a whole.")
    estimated_tokens: BigInt = strawberry.field(
        description="Estimated model tokens for the diaries of `days` and the reviews of their weeks, based on the length of the new messages; used only with "
        "`writeDiaries`. For a memory text in `importPart`, those of reading it."
    )
    estimated_cost: float | None = strawberry.field(description="What these tokens would cost at current prices; null when no price is known.")
    currency: str | None = strawberry.field(description="The currency of `estimatedCost` as an ISO 4217 code; null when no price is known.")

    @classmethod
    def from_summary(cls, summary: ImportSummary) -> "ImportReport":
        report, cost = summary.report, summary.cost
        suggested = [(found, slot) for found in summary.suggestions if (slot := slot_of(found.slot)) is not None]
        return cls(
            kinds=sorted(report.kinds), conversations=summary.conversations, messages=summary.messages, already_imported=summary.already_there,
            suggestions=[ImportSuggestion.from_suggestion(found, slot) for found, slot in suggested],
            days=sorted(summary.days), skipped=[ImportSkipped(reason=reason, code=reason_of(reason), count=count) for reason, count in sorted(report.skipped.items()) if count],
            omissions=[ImportOmission(place=omission.place, reason=omission.reason) for omission in report.omissions], omitted=report.omitted,
            estimated_tokens=BigInt(summary.tokens), estimated_cost=cost.amount if cost else None, currency=cost.currency if cost else None,
        )


@strawberry.type(description="The import was begun; send its parts with `importPart`.")
class ImportStartSuccess:
    chat_import: ChatImport = strawberry.field(name="import", description="The import, without parts.")


@strawberry.type(description="The part is stored until the import is committed or expires.")
class ImportPartSuccess:
    chat_import: ChatImport = strawberry.field(name="import", description="The import with all parts that were received.")
    report: ImportReport = strawberry.field(description="What this part alone would add now.")


@strawberry.type(
    description="The conversations and suggestions of all parts are imported and the parts deleted; after a dry run nothing is changed, and the report says what would happen."
)
class ImportCommitSuccess:
    report: ImportReport = strawberry.field(description="What was added or, after a dry run, would be added.")
