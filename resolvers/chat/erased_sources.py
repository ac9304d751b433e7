"""Storage of an answer after an erasure of something that its prompt may have contained: the answer is stored without the sentences that repeat it.

What the model was told is compared with what is stored now, under the lock of erasures. The words that are gone, and that the user says nowhere else, are
treated as in the answers that a deletion finds (resolvers/repetitions.py): sentences with one of them are blanked, and an answer that was told of
something that is gone is not recalled, whatever its words.
"""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.rules.own_slots import own_key
from jobs.rules.search.repetition import blank_sentences, mentioned, telling_terms
from jobs.search_terms import store_changed_message
from persistence import database
from persistence.connection_holder import SupportsFetch
from persistence.models.enums import MessageRole
from persistence.queries.erasure import lock_erasures
from persistence.queries.prompt_inputs import OUTDATED, STOPPED
from persistence.queries.repetitions import withdraw_answers
from persistence.queries.told_texts import PresentTexts, load_present_texts, translate_missing_user
from resolvers.repetitions import keep_unsaid

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from resolvers.answer_sources import Sources
    from resolvers.chat.questions import StoredQuestion

Store = Callable[[SupportsFetch, str, int], Awaitable["tuple[MessageRow, MessageRow, ConversationRow] | None"]]
"""A function that stores the answer with a title, as of a number of erasures. Returns question, answer and conversation; None if the lease was lost."""


@dataclass(frozen=True)
class _Gone:
    """The telling words of what the model was told and is stored no more; `any` is true if anything of it changed."""

    terms: frozenset[str]
    any: bool


async def store_without_erased(
    asked: StoredQuestion, sources: Sources, titles: tuple[str, str], store: Store, names: Iterable[str] = ()
) -> tuple[MessageRow, MessageRow, ConversationRow] | None:
    """Store an answer by `store` without what it repeats of erased text, and return what was stored.

    The second title takes the place of the first one if that has words of erased text. `names` stay, as the user's own. Raises `AccountDeleted`.
    """
    user_id = asked.question.user_id
    with translate_missing_user():
        async with database.transaction() as session:
            await lock_erasures(session, user_id)
            wanted = {*sources.messages, *(message.id for message in asked.inputs.history)}
            present = await load_present_texts(session, user_id, asked.conversation.id, wanted)
            gone = await asyncio.to_thread(_find_gone, asked, sources, present, tuple(names))
            terms = await keep_unsaid(session, user_id, gone.terms)
            title = titles[1] if terms and mentioned(titles[0], terms) else titles[0]
            stored = await store(session, title, present.erasures)
            if stored is None or not gone.any:
                return stored
            question, answer, conversation = stored
            repeats = bool(terms) and bool(mentioned(answer.content, terms))
            content = blank_sentences(answer.content, terms) if repeats else answer.content
            await withdraw_answers(session, user_id, [(answer.id, content, repeats)])
            if repeats:
                await store_changed_message(session, user_id, answer.id, content)
            return question, answer._replace(content=content, redacted=answer.redacted or repeats, withdrawn=True), conversation


def _find_gone(asked: StoredQuestion, sources: Sources, present: PresentTexts, names: Iterable[str]) -> _Gone:
    """Compare what the model was told with what is stored now."""
    inputs, found, changed = asked.inputs, set[str](), False
    told = [(message.id, message.role, message.content) for message in inputs.history if message.content != OUTDATED]
    if asked.continues and asked.answer is not None:
        told.append((asked.answer.id, MessageRole.ASSISTANT, asked.answer.content))
    for id, role, content in told:
        text, now = content.removesuffix(STOPPED), present.messages.get(id)
        if now != text:
            changed = True
            if now is not None or role is MessageRole.USER:
                found |= telling_terms([text]) - telling_terms([now or ""])
    for value in inputs.values if inputs.told else ():
        if present.values.get(value.id) != value.value:
            changed = True
            found |= telling_terms([value.value])
    for id, name, _ in inputs.own_slots if inputs.told else ():
        if present.slots.get(id) != name and any(value.slot == own_key(id) for value in inputs.values):
            changed = True
            found |= telling_terms([name])
    days = [*inputs.diaries, *((event.said_on, event.text) for event in (*inputs.ahead, *inputs.passed))]
    for day, text in days:
        if text not in (now_texts := present.days.get(day, [])):
            changed = True
            found |= telling_terms([text]) - telling_terms(now_texts)
    for excerpt in sources.excerpts:
        for line, key in zip(excerpt.lines, excerpt.keys):
            (speaker, _, text), now = line.partition(": "), present.messages.get(UUID(str(key)))
            if now is None or text.rstrip("…") not in " ".join(now.split()):
                changed = True
                if now is not None or speaker == "person":
                    found |= telling_terms([text]) - telling_terms([now or ""])
        if lost := telling_terms([excerpt.diary]) - telling_terms(present.days.get(excerpt.day, [])):
            changed = True
            found |= lost
    companion = inputs.companion
    if companion is not None and companion.version not in present.companions:
        changed = True
        found |= telling_terms(filter(None, [companion.name, companion.form_of_address, companion.instructions]))
    summary = asked.conversation.summary
    if inputs.told and summary is not None and summary != present.summary:
        changed = True
        found |= telling_terms([summary]) - telling_terms([present.summary or "", *present.messages.values()])
    return _Gone(frozenset(found - telling_terms(names)).difference(*map(str.split, names)), changed)
