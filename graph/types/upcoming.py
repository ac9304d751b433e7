"""The type of an event that a line of a diary or a signal mentions."""
from collections.abc import Sequence
from datetime import date as Date

import strawberry

from graph.types.diary import DiaryEvidence, DiaryLineKind
from graph.types.own_slots import OwnSlot, find_own_slot
from graph.types.profile_slots import ProfileSlot, slot_of
from persistence.queries.events import Event as EventRow
from persistence.queries.events import EventQuote


@strawberry.type(description="Something that the user said of another day than that on which they said it, such as an exam on Friday. Code has read the day from the user's words.")
class UpcomingEvent:
    date: Date = strawberry.field(description="The day of the event; of several days, the first.")
    said_on: Date = strawberry.field(description="The day on which the user said it.")
    text: str = strawberry.field(description="The text of the diary's line, or the value of the signal, in the user's language.")
    kind: DiaryLineKind | None = strawberry.field(description="What the diary's line is about; null for a signal.")
    slot: ProfileSlot | None = strawberry.field(description="The profile slot that the signal is about; null for a line.")
    evidence: list[DiaryEvidence] = strawberry.field(description="The quotes that support it; at least one, except for a line that the user wrote.")
    key: strawberry.Private[str | None]

    @strawberry.field(description="The slot, if the user defined it (`slot` is OWN); null otherwise.")
    async def own_slot(self, info: strawberry.Info) -> OwnSlot | None:
        return await find_own_slot(info, self.key) if self.key else None

    @classmethod
    def from_row(cls, row: tuple[EventRow, Sequence[EventQuote]]) -> "UpcomingEvent":
        event, quotes = row
        return cls(
            date=event.happens_on, said_on=event.said_on, text=event.text, kind=DiaryLineKind[event.kind] if event.kind else None,
            slot=slot_of(event.slot) if event.slot else None, key=event.slot,
            evidence=[
                DiaryEvidence(quote=item.quote, start=item.start, cited_start=item.cited_start, cited_end=item.cited_end, message_id=item.message_id)
                for item in quotes
            ],
        )  # fmt: skip
