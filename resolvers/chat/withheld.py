"""Sources that the user withheld from a conversation or from all: values, days and messages are left out of its prompts and of the model's searches.

A withheld value is also left out where the words of days say it: messages and sentences of diaries that have all of its telling words. Of a value that the
user judged wrong, these are only what the model wrote, since the user's own words are what they said; of an outdated one, only the latest diaries,
since earlier days tell when it was so.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from jobs.rules.search import repetition
from jobs.rules.search.look_back import Turn
from jobs.rules.text.sentences import sentences
from persistence.queries.events import PromptEvent
from persistence.queries.prompt_inputs import PromptInputs
from resolvers.answer_sources import DAY, MESSAGE, VALUE, read_key
from resolvers.search import LookBack


@dataclass(frozen=True)
class Withheld:
    """The ids of withheld values and messages, withheld days, and the texts of the values: those withheld as such, judged wrong, and judged outdated."""

    values: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    texts: Sequence[str] = ()
    wrong: Sequence[str] = ()
    outdated: Sequence[str] = ()

    def told(self, inputs: PromptInputs) -> PromptInputs:
        """Return the inputs without the withheld values."""
        return inputs._replace(values=[value for value in inputs.values if str(value.id) not in self.values]) if self.values else inputs

    def has_value(self, ids: Collection[UUID]) -> bool:
        """Return whether one of the values is withheld."""
        return not self.values.isdisjoint(map(str, ids))

    def latest(self, summaries: Iterable[tuple[date, str]]) -> list[tuple[date, str]]:
        """Return the latest days and summaries as `_diaries` does, and without the sentences that say an outdated value."""
        return self._diaries(summaries, [*self._unwritten, *_terms(self.outdated)])

    def _diaries(self, texts: Iterable[tuple[date, str]], withheld: Sequence[frozenset[str]]) -> list[tuple[date, str]]:
        """Return days and texts without the withheld days and sentences; a text without a sentence left is left out."""
        kept = [(day, _without(text, withheld)) for day, text in texts if day.isoformat() not in self.days]
        return [(day, text) for day, text in kept if text]

    def events(self, events: Iterable[PromptEvent]) -> list[PromptEvent]:
        """Return the events without those of withheld days, and without those that mention a withheld value."""
        unsaid = [*self._unwritten, *_terms(self.outdated)]
        return [event for event in events if event.said_on.isoformat() not in self.days and not _says(event.text, unsaid)]

    def text(self, day: date, text: str) -> str:
        """Return a diary's text of a day without the sentences that mention a withheld value; empty if the day is withheld."""
        return next((kept for _, kept in self._diaries([(day, text)], self._unwritten)), "")

    def has_message(self, id: str, day: date, text: str) -> bool:
        """Return whether a message of the user, or a quote of it, is withheld: itself, its day, or a value that it says."""
        return day.isoformat() in self.days or id in self.messages or _says(text, self._unsaid)

    def filter(self, found: LookBack) -> LookBack:
        """Return the results of a search without withheld ones."""
        if not (self.values or self.days or self.messages or self.wrong):
            return found
        turns = [item for item in found.turns if not self._is_withheld(item.turn)]
        days = [scored for scored in found.days if scored.day.isoformat() not in self.days]
        diaries = dict(self._diaries(found.diaries.items(), self._unwritten))
        return replace(found, turns=turns, days=days, diaries=diaries, about=found.about and bool(turns or diaries))

    def _is_withheld(self, turn: Turn) -> bool:
        gone = turn.day.isoformat() in self.days or str(turn.key) in self.messages
        return gone or _says(turn.text, self._unsaid if turn.by_user else self._unwritten)

    @cached_property
    def _unsaid(self) -> list[frozenset[str]]:
        """The telling words of each value that no text may say."""
        return _terms(self.texts)

    @cached_property
    def _unwritten(self) -> list[frozenset[str]]:
        """The telling words of each value that no text of the model may say."""
        return [*self._unsaid, *_terms(self.wrong)]


def _terms(texts: Iterable[str]) -> list[frozenset[str]]:
    return [terms for terms in (repetition.telling_terms([text]) for text in texts) if terms]


def _says(text: str, values: Iterable[frozenset[str]]) -> bool:
    """Return whether the text has all telling words of one of the values."""
    return any(terms <= repetition.mentioned(text, terms) for terms in values)


def _without(text: str, values: Sequence[frozenset[str]]) -> str:
    """Return the text without the sentences that say one of the values; if only several together say it, without all that have one of its words."""
    if not _says(text, values):
        return text
    kept = [sentence.text for sentence in sentences(text) if not _says(sentence.text, values)]
    if _says(" ".join(kept), values):
        kept = [sentence for sentence in kept if not any(repetition.mentioned(sentence, terms) for terms in values)]
    return " ".join(kept)


NOTHING_WITHHELD = Withheld()


def withheld_of(inputs: PromptInputs) -> Withheld:
    """Return the sources that the user withheld from the prompt with these inputs."""
    if not inputs.withheld:
        return NOTHING_WITHHELD
    keys = [(read_key(found.source), found) for found in inputs.withheld]
    values, days, messages = (frozenset(key.reference for key, _ in keys if key.kind == kind) for kind in (VALUE, DAY, MESSAGE))
    wrong, outdated = ([found.text for _, found in keys if found.text and found.status == status] for status in ("REJECTED", "SUPERSEDED"))
    return Withheld(values, days, messages, [value.value for value in inputs.values if str(value.id) in values], wrong, outdated)
