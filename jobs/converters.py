"""Conversions between stored rows and the forms in which the model and the check use them.

Messages are converted to the form of prompts (small numbers, local times) and to that of the check (ids, authors); checked lines and signals to rows
to store, in which every quote has the day and the time of its message.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from jobs.rules.diary.drafts import CheckedLine, CheckedQuote, CheckedSignal, SourceMessage
from jobs.rules.profile.opposites import split_negation
from jobs.rules.slots import value_key
from llm.message_chunks import DayMessage
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind, Polarity, StatementRelation
from persistence.queries.diary_writes import StoredLine, StoredQuote, StoredSignal
from persistence.queries.job_inputs import LearnableMessage

if TYPE_CHECKING:
    from jobs.rules.claims.messages import Message


def to_prompt_messages(messages: Sequence[LearnableMessage]) -> list[DayMessage]:
    """Return the messages numbered from 1, in order; an answer's number follows its question's."""
    return [
        DayMessage(
            number,
            "user" if message.role is MessageRole.USER else "assistant",
            message.created_at.astimezone(ZoneInfo(message.time_zone)),
            message.content,
        )
        for number, message in enumerate(messages, start=1)
    ]


def to_source_messages(messages: Sequence[LearnableMessage]) -> list[SourceMessage]:
    """Return the messages under the same numbers as `to_prompt_messages`."""
    included = {message.undone_exclusion for message in messages}
    return [
        SourceMessage(number=number, message_id=message.id, by_person=message.role is MessageRole.USER, day=message.day, content=message.content,
                      conversation_id=message.thread_id, not_play=message.not_play, exclusion_undone=message.id in included)
        for number, message in enumerate(messages, start=1)
    ]


def to_stored_lines(lines: Iterable[CheckedLine], messages: Sequence[LearnableMessage]) -> list[StoredLine]:
    by_id = {message.id: message for message in messages}
    return [StoredLine(LineKind(line.kind), line.text, _quotes(line.evidence, by_id), happens_on=line.happens_on) for line in lines]


def to_stored_signals(signals: Iterable[CheckedSignal], messages: Sequence[LearnableMessage]) -> list[StoredSignal]:
    """Return the signals as rows, each quote with what its statement says of the value's polarity and context. "doesn't eat pork" becomes "pork", negative."""
    from jobs.rules.claims.messages import Message  # the tables of these modules take a while to compile, and only the jobs store signals

    by_id = {message.id: message for message in messages}
    found = list(signals)
    statements = {quote.text: Message(quote.text) for signal in found for quote in signal.evidence}
    return [_stored_signal(signal, by_id, statements) for signal in found]


def _stored_signal(signal: CheckedSignal, by_id: Mapping[UUID, LearnableMessage], statements: Mapping[str, Message]) -> StoredSignal:
    thing, denied = split_negation(signal.slot, signal.value)
    positive = (signal.polarity == "POSITIVE") == (denied is None)
    quotes = tuple(
        _with_context(quote, stored, signal.slot, thing, positive, statements[quote.text])
        for quote, stored in zip(signal.evidence, _quotes(signal.evidence, by_id))
    )
    key = signal.value_key if denied is None else value_key(thing)
    polarity = Polarity.POSITIVE if positive else Polarity.NEGATIVE
    return StoredSignal(signal.slot, thing, key, polarity, signal.confidence, signal.stated, quotes, signal.happens_on)


def _with_context(quote: CheckedQuote, stored: StoredQuote, slot: str, value: str, positive: bool, statement: Message) -> StoredQuote:
    from jobs.rules.claims.context import read_context
    from jobs.rules.claims.relations import find_place, find_relation

    place = find_place(value, quote, statement)
    relation = find_relation(slot, value, *place, denied=not positive)
    context = read_context(value, *place, quote.day, ended=relation == "ENDED")
    return replace(stored, relation=relation and StatementRelation(relation), since=context.since, until=context.until, condition=context.condition)


def _quotes(evidence: Sequence[CheckedQuote], by_id: Mapping[UUID, LearnableMessage]) -> tuple[StoredQuote, ...]:
    return tuple(
        StoredQuote(
            item.message_id, item.text, item.start, by_id[item.message_id].day, by_id[item.message_id].created_at, False, item.cited_start, item.cited_end
        )
        for item in evidence
    )
