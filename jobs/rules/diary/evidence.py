"""The quotes of a draft: found in the user's own messages of the day, extended to whole statements, and free of secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from jobs.rules.diary.drafts import CheckedQuote, DraftQuote, DropReason, SourceMessage, Statement
from jobs.rules.slots import value_key
from jobs.rules.text.normalization import Folded, fold, has_content, to_single_line
from jobs.rules.text.pasted_text import Pasted
from jobs.rules.text.quotes import MAX_QUOTE_LENGTH, find_quote
from jobs.rules.text.secrets import Secret, contains_secret, find_secrets
from jobs.rules.text.spans import Spans

if TYPE_CHECKING:  # the tables of these modules take a while to compile, and resolvers need only the limits of the check
    from jobs.rules.claims.corrections import CorrectedWords
    from jobs.rules.claims.judgement import Cited
    from jobs.rules.claims.messages import Message

MAX_QUOTES: Final = 8
"""Maximum number of quotes kept for one line or signal."""
PLAYED: Final = 6
"""Messages, the assistant's too, after one with which a game in words begins that count as played, until one returns to the user's life."""
MAX_CONTEXT_LENGTH: Final = 200
"""Maximum length, in characters, of the sentence before and after a statement that a second reading is given."""


class EvidenceFinder:
    """The messages that a draft may quote; `dropped` counts the quotes that do not hold, by reason."""

    def __init__(self, messages: Iterable[SourceMessage], days: frozenset[date]) -> None:
        self.messages = {message.number: message for message in messages}
        self.dropped: Counter[DropReason] = Counter()
        self._days = days
        self._numbers = {message.message_id: number for number, message in self.messages.items()}
        self._readings: dict[int, Message] = {}
        self._begins: dict[int, bool] = {}
        self._folded: dict[int, Folded] = {}
        self._forgotten: dict[int, Spans] = {}
        self._following: dict[int, SourceMessage] | None = None
        self._places: dict[tuple[str, int], CheckedQuote | DropReason] = {}
        self._contents = {message.message_id: message.content for message in self.messages.values()}
        secrets = {number: find_secrets(message.content) for number, message in self.messages.items()}
        self._secrets = {number: Spans((secret.start, secret.end) for secret in found) for number, found in secrets.items()}
        self._secret_words = _Words(_secret_words(self.messages, secrets))
        self._pasted_in: dict[UUID, Pasted] = {}
        self._corrected: Mapping[UUID, Sequence[CorrectedWords]] | None = None

    def quotes(self, quotes: Iterable[DraftQuote]) -> tuple[CheckedQuote, ...]:
        """Return the quotes that hold. Quotes of the same statement become one, which cites all from the first to the last of them."""
        kept: dict[tuple[UUID, int, int], CheckedQuote] = {}
        for quote in quotes:
            if (checked := self._quote(quote)) is None:
                continue
            statement = (checked.message_id, checked.start, checked.end)
            if (other := kept.get(statement)) == checked or len(kept) >= MAX_QUOTES:
                self.dropped["DUPLICATE" if other == checked else "TOO_MANY"] += 1
            else:
                kept[statement] = checked if other is None else _citing_both(other, checked)
        return tuple(kept.values())

    def own_quotes(self, quotes: Iterable[DraftQuote]) -> tuple[CheckedQuote, ...]:
        """Return the quotes that hold and are no pasted text, which may be about anyone and so is no evidence for a signal."""
        found = self.quotes(quotes)
        kept = tuple(quote for quote in found if not self.is_pasted(quote))
        if len(kept) < len(found):
            self.dropped["PASTED"] += len(found) - len(kept)
        return kept

    def uncorrected(self, text: str, quotes: tuple[CheckedQuote, ...]) -> tuple[CheckedQuote, ...]:
        """Return the quotes without those whose words, as far as `text` is about them, the user took back in their next message."""
        from jobs.rules.claims.corrections import corrected_words, without_corrected

        if self._corrected is None:
            self._corrected = corrected_words(list(self.messages.values()))
        kept = without_corrected(text, quotes, self._corrected, self._contents)
        if len(kept) < len(quotes):
            self.dropped["CORRECTED"] += len(quotes) - len(kept)
        return kept

    def cited(self, quote: CheckedQuote) -> Cited:
        from jobs.rules.claims.judgement import Cited

        return Cited(self._reading(self._numbers[quote.message_id]), quote.day, quote.cited_start, quote.cited_end, self.is_pasted(quote))

    def restated(self, quote: CheckedQuote, text: str) -> Iterator[Cited]:
        """Yield the message that the quote's message corrects, as corrected, if `text` has the words that the correction sets right."""
        from jobs.rules.claims.corrections import find_correction, restatements
        from jobs.rules.claims.judgement import Cited
        from jobs.rules.claims.messages import Message

        number = self._numbers[quote.message_id]
        before, correction = self._own_before(number), find_correction(self.messages[number].content)
        if before is None or correction is None or correction.right is None:
            return
        right = value_key(correction.right)
        if not right or right not in value_key(text) and value_key(text) not in right:
            return
        for content, start, end in restatements(correction, before.content, self.messages[number].content):
            yield Cited(Message(content), quote.day, start, end, self.is_pasted(quote))

    def _own_before(self, number: int) -> SourceMessage | None:
        """Return the user's message before this one in the same conversation."""
        message = self.messages[number]
        earlier = [other for other in self.messages.values() if other.by_person and other.conversation_id == message.conversation_id]
        at = earlier.index(message)
        return earlier[at - 1] if at else None

    def _own_after(self, message: SourceMessage) -> SourceMessage | None:
        """Return the user's message after this one in the same conversation."""
        if self._following is None:
            self._following, last = {}, dict[UUID | None, SourceMessage]()
            for other in self.messages.values():
                if other.by_person:
                    if (before := last.get(other.conversation_id)) is not None:
                        self._following[before.number] = other
                    last[other.conversation_id] = other
        return self._following.get(message.number)

    def is_pasted(self, quote: CheckedQuote) -> bool:
        if quote.message_id not in self._pasted_in:
            self._pasted_in[quote.message_id] = Pasted(self.messages[self._numbers[quote.message_id]].content)
        return self._pasted_in[quote.message_id].holds(quote.cited_start, quote.cited_end)

    def contains_secret(self, text: str) -> bool:
        """Return whether the text looks like a secret or repeats a secret of one of the messages."""
        return contains_secret(text) or self._secret_words.occur_in(value_key(text))

    def statement(self, quote: CheckedQuote) -> Statement:
        """Return the quote's statement with the sentences before and after it, without those that hold a secret."""
        message = self.messages[self._numbers[quote.message_id]]
        spans = self._reading(message.number).spans
        before = next(((first, last) for first, last in reversed(spans) if last <= quote.start), (0, 0))
        after = next(((first, last) for first, last in spans if first >= quote.end), (0, 0))
        return Statement(quote.text, self._context(message, before)[-MAX_CONTEXT_LENGTH:], self._context(message, after)[:MAX_CONTEXT_LENGTH])

    def _context(self, message: SourceMessage, span: tuple[int, int]) -> str:
        text = message.content[span[0] : span[1]]
        return "" if self._secrets[message.number].touch(*span) or contains_secret(text) else to_single_line(text)

    def _reading(self, number: int) -> Message:
        from jobs.rules.claims.messages import Message

        if number not in self._readings:
            self._readings[number] = Message(self.messages[number].content, self._is_played(number))
        return self._readings[number]

    def _is_played(self, number: int) -> bool:
        """Return whether a message begins a game in words, or one of the user's `PLAYED` messages before it in the same conversation does.

        It does not where the user said that they do not play.
        """
        from jobs.rules.claims.messages import is_back_to_real

        if self.messages[number].not_play:
            return False
        for before in range(PLAYED + 1):
            message = self.messages.get(number - before)
            if message is None or (before and is_back_to_real(message.content)):
                return False
            if message.by_person and message.conversation_id == self.messages[number].conversation_id and self._begins_play(message):
                return True
        return False

    def _begins_play(self, message: SourceMessage) -> bool:
        from jobs.rules.play import begins_play

        if message.number not in self._begins:
            self._begins[message.number] = begins_play(message.content)
        return self._begins[message.number]

    def _quote(self, quote: DraftQuote) -> CheckedQuote | None:
        message = self.messages.get(quote.message)
        if message is None:
            return self._drop("UNKNOWN_MESSAGE")
        if not message.by_person:
            return self._drop("NOT_OWN_WORDS")
        if message.day not in self._days:
            return self._drop("OTHER_DAY")
        if not has_content(quote.text):
            return self._drop("QUOTE_EMPTY")
        if (quote.text, message.number) not in self._places:
            self._places[quote.text, message.number] = self._place(quote.text, message)
        place = self._places[quote.text, message.number]
        return place if isinstance(place, CheckedQuote) else self._drop(place)

    def _place(self, quote: str, message: SourceMessage) -> CheckedQuote | DropReason:
        place = find_quote(quote, message.content, self._fold(message))
        if place is None:
            return "QUOTE_NOT_FOUND"
        start, end = place
        if end - start > MAX_QUOTE_LENGTH:
            return "QUOTE_TOO_LONG"
        if contains_secret(message.content[start:end]) or self._secrets[message.number].touch(start, end):
            return "SECRET"
        if self._is_to_be_forgotten(message, start, end):
            return "INSTRUCTION"
        first, last = self._statement(message, start, end)
        return CheckedQuote(message.message_id, message.day, message.content[first:last], first, last, start, end)

    def _is_to_be_forgotten(self, message: SourceMessage, start: int, end: int) -> bool:
        """Return whether the user says in the same message, or in one that only says so after it, that these words are not to be written down."""
        if message.number not in self._forgotten:
            self._forgotten[message.number] = Spans(self._forgotten_spans(message))
        return self._forgotten[message.number].touch(start, end)

    def _forgotten_spans(self, message: SourceMessage) -> Iterator[tuple[int, int]]:
        from jobs.rules.wishes import forgotten_spans
        from jobs.rules.wishes.keep_out import meant_before

        if not message.exclusion_undone:
            yield from forgotten_spans(message.content)
        following = self._own_after(message)
        if following is not None and not following.exclusion_undone:
            yield from meant_before(message.content, following.content)

    def _statement(self, message: SourceMessage, start: int, end: int) -> tuple[int, int]:
        """Return the span of the whole statement, without the parts of it before and after the quote that hold a secret."""
        first, last = self._reading(message.number).statement(start, end)
        if self._secrets[message.number].touch(first, start):
            first = start
        if self._secrets[message.number].touch(end, last):
            last = end
        return (start, end) if contains_secret(message.content[first:last]) else (first, last)

    def _fold(self, message: SourceMessage) -> Folded:
        if message.number not in self._folded:
            self._folded[message.number] = fold(message.content)
        return self._folded[message.number]

    def _drop(self, reason: DropReason) -> None:
        self.dropped[reason] += 1


class _Words:
    """Words that are searched for inside a short text, in time that depends on the number of their lengths, not on their number."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted(set(map(len, self._words)))

    def occur_in(self, text: str) -> bool:
        fitting = (length for length in self._lengths if length <= len(text))
        return any(text[at : at + length] in self._words for length in fitting for at in range(len(text) - length + 1))


def _secret_words(messages: Mapping[int, SourceMessage], secrets: Mapping[int, Sequence[Secret]]) -> Iterator[str]:
    """Yield the keys of secrets that are too long or unusual for common words: "my password is the name of my dog" must not ban "the"."""
    for number, found in secrets.items():
        for secret in found:
            key = value_key(messages[number].content[secret.start : secret.end])
            if len(key) >= 8 or (len(key) >= 4 and not key.isalpha()):
                yield key


def _citing_both(one: CheckedQuote, other: CheckedQuote) -> CheckedQuote:
    return replace(one, cited_start=min(one.cited_start, other.cited_start), cited_end=max(one.cited_end, other.cited_end))
