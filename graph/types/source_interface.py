"""The interface of an answer's sources: the contents of the prompt about the user, each with its reasons."""
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import strawberry

from graph.enums import describe_enum
from graph.relay import decode_part_id, encode_part_id
from persistence.models import enums
from resolvers.answer_sources import ACCOUNT, SourceKey, read_key, read_sources

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyMessage
else:  # only annotations name it
    AnyMessage = object

SOURCE = "Source"
"""The type's name in ids."""

SourceReason = enums.SourceReason
describe_enum(
    SourceReason, "The reason for which something about the user was in the prompt of an answer.", name="SourceReason",
    PROFILE="A value of the profile. The prompts of every conversation contain the profile, as far as their budget of tokens allows.",
    DISPUTE="A value that contradicts another one or may be outdated, about which the model was allowed to ask.",
    RECENT="One of the latest diaries, which the prompts of every conversation contain.",
    UPCOMING="The day's diary names an event to come, or a past one about which the model was allowed to ask.",
    DATE="The question, or a search of the model, names the day or one of the days before it.",
    SEARCH="It is about the words of the question, or of a search of the model.",
    TOOL="The model found it with a search of its own while it answered.",
    CONVERSATION="The running summary of the conversation's earlier messages, which no longer fit into the prompt.",
    ACCOUNT="A field of the account, which the prompts of every conversation contain.",
)
SourceVerdict = enums.SourceVerdict
describe_enum(
    SourceVerdict, "The user's verdict on a source.", name="SourceVerdict",
    WRONG="It is not true. A value is rejected, as by `profileValueReject`, and what the model wrote of it in diaries and answers is left out of prompts; lines of a day are hidden, as by `diaryUpdate`, and the day is left out of prompts; a message is left out of "
    "prompts; a summary is written anew.",
    OUTDATED="It was true, and is over. A value becomes SUPERSEDED at once, until the user says it again, and prompts have the latest diaries without it; a day or a message is left out of prompts; a summary is "
    "written anew.",
    NOT_NOW="It is true, but does not belong into this conversation, whose prompts and searches leave it out from now on. A value is also left out where messages or diaries of other days mention it.",
)


@strawberry.interface(
    description="Something about the user that was in the prompt of an answer, or in the results of a search of the model. Its text is not stored with the answer: "
    "the fields of its type return its current state and the quotes that support it."
)
class Source:
    reasons: list[SourceReason] = strawberry.field(
        description="The reasons for which the prompt contained it; empty for an answer from before the reasons were recorded."
    )
    kinds: ClassVar[dict[str, type["Source"]]] = {}
    """The types by the kinds of keys; graph/types/sources.py adds them."""
    key: strawberry.Private[SourceKey]
    answer: strawberry.Private["AnyMessage"]

    @strawberry.field(description="Id of the source in this answer: pass it to `sourceJudge`.")
    def id(self) -> strawberry.ID:
        return encode_part_id(SOURCE, self.answer.id, str(self.key))

    @strawberry.field(description="Whether it was deleted since the answer was written.")
    async def removed(self, info: strawberry.Info) -> bool:
        return await self.find(info) is None

    @strawberry.field(description="The user's verdict on it that is in effect in this conversation; null without one.")
    async def verdict(self, info: strawberry.Info) -> SourceVerdict | None:
        found: SourceVerdict | None = await info.context.loaders.source_verdict.load((self.answer.conversation_id, str(self.key)))
        return found if found and await self.holds(info, found) else None

    async def find(self, info: strawberry.Info) -> Any:
        """Return the object that the source names, or None if it was deleted."""
        raise NotImplementedError

    async def holds(self, info: strawberry.Info, verdict: SourceVerdict) -> bool:
        """Return whether the verdict still has its effect."""
        return True


def make_sources(answer: "AnyMessage") -> list[Source]:
    """Return the sources of an answer in the order of its prompt; those of the account last."""
    found = read_sources(answer.sources)
    made = [make_source(answer, key, reasons) for key, reasons in found.items().items() if key.kind in Source.kinds] if found else []
    return sorted(made, key=lambda source: source.key.kind == ACCOUNT)


def make_source(answer: "AnyMessage", key: SourceKey, reasons: Sequence[SourceReason]) -> Source:
    return Source.kinds[key.kind](reasons=list(reasons), key=key, answer=answer)


def decode_source_id(id: str) -> tuple[UUID, SourceKey]:
    """Return the answer's id and the source's key. Raises BAD_USER_INPUT."""
    answer_id, key = decode_part_id(SOURCE, id)
    return answer_id, read_key(key)
