"""Withdrawal of what repeats deleted text: answers, generated titles and running summaries, and what the model wrote into diaries and profile.

Only what came from the deleted text alone is a repetition. A word that the user still says, in a message or in a text of their own, stays.
"""
from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from uuid import UUID

from jobs.rules.search.repetition import MANY_TERMS, blank_sentences, mentioned, name_terms, telling_terms, text_patterns
from jobs.search_terms import store_changed_message
from jobs.user_edits import join_sentences
from persistence.database import Session
from persistence.queries import derived_texts as derived
from persistence.queries import repetitions as reading
from persistence.queries.derived_texts import FoundText
from persistence.queries.erasure import ErasedData
from persistence.queries.evidence_erasure import DroppedTexts, MentioningTexts, drop_mentioning
from persistence.queries.imported_values import delete_values
from persistence.queries.repetitions import GeneratedTexts, SupportedValue, TellingAnswer
from resolvers.answer_sources import Sources, read_sources

EVERYTHING = ["%"]
"""The pattern for more terms than a statement should look for: all texts are read, and the terms are looked for in them here."""
_SAID_BY_HAND = frozenset({derived.OWN_DIARY, derived.OWN_VALUE, derived.OWN_CONVERSATION, derived.OWN_SLOT, derived.OWN_COMPANION})

KeptText = tuple[str, UUID]
"""A kind of text that the user wrote by hand (persistence/queries/derived_texts.py) and the id of what has it."""


@dataclass(frozen=True)
class Repeated:
    """Texts that repeated deleted text: answers that lost sentences, what was deleted of diaries and profile, and texts by hand that stay.

    `terms` are the words that came from the deleted text alone.
    """

    answers: Sequence[UUID] = ()
    dropped: DroppedTexts = field(default_factory=DroppedTexts)
    kept: Sequence[KeptText] = ()
    terms: frozenset[str] = frozenset()


NOTHING_REPEATED = Repeated()


@dataclass(frozen=True)
class _Found:
    """The texts that may repeat the deleted one."""

    answers: Sequence[TellingAnswer]
    generated: Sequence[GeneratedTexts]
    derived: Sequence[FoundText]

    def texts(self) -> Iterable[str]:
        yield from (answer.content for answer in self.answers)
        yield from chain.from_iterable((item.title or "", item.summary or "") for item in self.generated)
        yield from (item.text for item in self.derived)


async def withdraw_repetitions(session: Session, user_id: UUID, forgotten: ErasedData, names: Sequence[str] = ()) -> Repeated:
    """Withdraw what repeats deleted text. Runs before the profile is computed again.

    An answer that was told of the text, or may have been, loses each sentence with a word that came from it alone; another answer those with a name or
    number that did. Lines, summaries and signals with such a word are deleted. Answers that were told of the text are not recalled any more, whatever
    their words. What a memory text of another product suggests counts as made by a model. Suggested replies of later answers are removed. `names` stay,
    as the user's own.

    An answer that only repeats words which the user still says keeps them, and is withdrawn: once these are deleted as well, it is looked at again.
    """
    asked = (telling_terms(forgotten.texts) - telling_terms(names)).difference(*map(str.split, names))
    if forgotten.since is None:
        return NOTHING_REPEATED
    await reading.clear_suggested_replies(session, user_id, forgotten.since)
    patterns = _patterns(asked)
    found = _Found(
        await reading.list_telling_answers(session, user_id, patterns, forgotten.deleted, forgotten.since),
        await reading.lock_generated_texts(session, user_id, patterns) if asked else [],
        await derived.list_derived_texts(session, user_id, patterns) if asked else [],
    )
    near = asked if len(asked) <= MANY_TERMS else await asyncio.to_thread(_mentioned_in, [*found.texts()], asked)
    free = await _unsaid(session, user_id, near)
    terms = _not_by_hand(found.derived, free)
    values = await reading.list_supported_values(session, user_id, forgotten.deleted)
    mentioning = [item for item in found.derived if _mentions(item, terms)]
    dropped = await _drop_derived(session, user_id, [item for item in mentioning if item.kind != derived.VALUE], forgotten)
    told = Sources(
        {*forgotten.values, *(value.id for value in values), *(item.id for item in mentioning if item.kind == derived.VALUE and item.id is not None)},
        {*forgotten.days, *dropped.days}, set(forgotten.deleted))
    answers = await _withdraw_answers(session, user_id, forgotten, found.answers, terms, near, told)
    await _clear_generated(session, user_id, found.generated, terms)
    if terms or len(asked) > MANY_TERMS or forgotten.edited:
        await _withdraw_told(session, user_id, forgotten, values, dropped)
    kept = {(item.kind, item.id) for item in found.derived if item.kind.startswith("OWN_") and item.id is not None and mentioned(item.text, free)}
    return Repeated(answers, dropped, tuple(sorted(kept)), terms)


async def clear_changes(session: Session, user_id: UUID, terms: frozenset[str]) -> Sequence[UUID]:
    """Clear the wordings of the profile's changes that mention one of the terms, and return those whose value the profile has no more."""
    if not terms:
        return ()
    found = [change for change in await derived.list_changes(session, user_id, _patterns(terms)) if mentioned(change[1], terms)]
    kept = [id for id, _, has_value in found if has_value]
    if kept:
        await derived.clear_changes(session, user_id, kept)
    return [id for id, _, has_value in found if not has_value]


def _patterns(terms: Collection[str]) -> list[str]:
    return sorted(set(chain.from_iterable(map(text_patterns, terms)))) if len(terms) <= MANY_TERMS else EVERYTHING


def _mentioned_in(texts: Sequence[str], terms: frozenset[str]) -> frozenset[str]:
    return frozenset[str]().union(*(_mentioned(text, terms) for text in texts))


def _mentioned(text: str, terms: Collection[str]) -> frozenset[str]:
    return mentioned(text, terms) if terms else frozenset()


def _mentions(item: FoundText, terms: frozenset[str]) -> bool:
    """Return whether the text mentions one of the terms. The keys of merged values have no spaces, so a term may be a part of one."""
    if item.kind == derived.ALIAS:
        return any(term in item.text for term in terms)
    return bool(_mentioned(item.text, terms))


async def keep_unsaid(session: Session, user_id: UUID, terms: frozenset[str]) -> frozenset[str]:
    """Return the terms that the user says in no message and no text by hand."""
    free = await _unsaid(session, user_id, terms)
    return _not_by_hand(await derived.list_derived_texts(session, user_id, _patterns(free)), free) if free else free


def _not_by_hand(found: Sequence[FoundText], terms: frozenset[str]) -> frozenset[str]:
    return terms.difference(*(mentioned(item.text, terms) for item in found if item.kind in _SAID_BY_HAND)) if terms else terms


async def _unsaid(session: Session, user_id: UUID, terms: frozenset[str]) -> frozenset[str]:
    """Return the terms that none of the user's messages says any more."""
    if not terms:
        return terms
    if len(terms) > MANY_TERMS:
        return terms - await asyncio.to_thread(_mentioned_in, await reading.list_own_texts(session, user_id), terms)
    said = await reading.list_said(session, user_id, {term: text_patterns(term) for term in terms})
    return terms - frozenset(term for term, content in said if mentioned(content, [term]))


async def _withdraw_answers(
    session: Session, user_id: UUID, forgotten: ErasedData, found: Sequence[TellingAnswer], terms: frozenset[str], asked: frozenset[str], told: Sources
) -> Sequence[UUID]:
    """Blank sentences of answers, and return the answers that had some. `told` are the sources that had the deleted text, `asked` its terms, also those
    that the user still says."""
    names = name_terms(forgotten.texts)
    repeating = _repeating(found, terms, terms & names, told, forgotten)
    still_said = _repeating(found, asked, asked & names, told, forgotten) if terms != asked and len(asked) <= MANY_TERMS else frozenset[UUID]()
    withdrawn = [(answer.id, blank_sentences(answer.content, terms), True) if answer.id in repeating else (answer.id, answer.content, False)
                 for answer in found if answer.id in repeating or answer.found_deleted or (answer.id in still_said and not answer.withdrawn)]
    if withdrawn:
        await reading.withdraw_answers(session, user_id, withdrawn)
    for id, content, redacted in withdrawn:
        if redacted:
            await store_changed_message(session, user_id, id, content)
    return tuple(id for id, _, redacted in withdrawn if redacted)


def _repeating(
    found: Sequence[TellingAnswer], terms: frozenset[str], names: frozenset[str], told: Sources, forgotten: ErasedData
) -> frozenset[UUID]:
    """Return the answers that repeat the text. A search may have shown one answer to another, so this is repeated until none is added."""
    repeating: set[UUID] = set()
    before = -1
    while len(repeating) > before:
        before = len(repeating)
        for answer in found:
            was_told = (
                answer.conversation_id in forgotten.conversations or answer.told_of_lost_value or answer.companion in forgotten.companions
                or (answer.withdrawn and forgotten.since is not None and answer.id < forgotten.since) or _overlaps(read_sources(answer.sources), told)
            )
            if _mentioned(answer.content, terms if was_told else names):
                repeating.add(answer.id)
                told.messages.add(answer.id)
    return frozenset(repeating)


def _overlaps(sources: Sources | None, told: Sources) -> bool:
    """Return whether the prompt of an answer with these sources contained the text; if the sources are unknown, it may have."""
    return sources is None or bool(sources.values & told.values or sources.days & told.days or sources.messages & told.messages)


async def _clear_generated(session: Session, user_id: UUID, found: Sequence[GeneratedTexts], terms: frozenset[str]) -> None:
    cleared = [(item.id, bool(_mentioned(item.title or "", terms)), bool(_mentioned(item.summary or "", terms))) for item in found]
    if any(title or summary for _, title, summary in cleared):
        await reading.clear_texts(session, user_id, cleared)


async def _drop_derived(session: Session, user_id: UUID, found: Sequence[FoundText], forgotten: ErasedData) -> DroppedTexts:
    """Delete lines, summaries, signals and other texts, and have the nightly jobs write other days again that lost some."""
    if not found:
        return DroppedTexts()

    def ids(kind: str) -> list[UUID]:
        return [item.id for item in found if item.kind == kind and item.id is not None]

    await derived.clear_derived_texts(session, user_id, found)
    imported = await delete_values(session, user_id, ids(derived.IMPORTED))
    summaries = [(item.id, item.number) for item in found if item.kind == derived.SUMMARY and item.id is not None]
    mentioning = MentioningTexts(ids(derived.LINE), ids(derived.SIGNAL), summaries)
    dropped = await drop_mentioning(session, user_id, mentioning, join_sentences)
    if others := dropped.days - forgotten.days:
        await derived.make_days_due(session, user_id, others)
    return replace(dropped, names=dropped.names | {(value.slot, value.value_key) for value in imported})


async def _withdraw_told(session: Session, user_id: UUID, forgotten: ErasedData, values: Sequence[SupportedValue], dropped: DroppedTexts) -> None:
    """Keep answers from being recalled that were told of the deleted text: in its conversation, or by a value, a diary or a search that had it.

    After an edit, these are the answer to the earlier text, and those that were told by a value that lost its last quote.
    """
    lost = [value.id for value in values if value.alone and (not forgotten.edited or (value.slot, value.value_key) in forgotten.names)]
    days = dropped.days | (forgotten.days if forgotten.lines or forgotten.diaries else frozenset())
    told = {"values": [*forgotten.values, *lost], "days": days, "messages": forgotten.deleted}
    told |= {"questions": forgotten.deleted} if forgotten.edited else {"conversations": forgotten.conversations}
    assert forgotten.since is not None, "something was deleted"
    await reading.withdraw_told_answers(session, user_id, forgotten.since, told)
