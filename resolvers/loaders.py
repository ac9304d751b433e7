"""Data loaders of a request: each batches the keys that fields request one by one into one query on the caller's own rows.

A loader lives for one request, because it caches its results. This is the only module outside `graph` that imports Strawberry.
"""
from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from persistence import database
from persistence.queries import branches, chat_pages, companions, diary_reads, own_slots, profile_reads, source_verdicts, usage
from persistence.queries.diary_reads import MAX_VERSIONS, DaySignal, EntryRow, Insight, Line, Version, VersionKey, WantedDay

if TYPE_CHECKING:
    from asyncio import Future

    from jobs.profile_inputs import ProfileInputs
    from persistence.models import OwnSlot, Usage
    from persistence.models.enums import SourceVerdict
    from persistence.queries.companions import AnswerChange
    from persistence.queries.exchange_rows import AnyConversation, AnyMessage
    from persistence.queries.profile_reads import Change, ChangeRun, Value, ValueKey, ValueQuote
    from persistence.queries.source_verdicts import SourceName
    from persistence.queries.usage import UserDay
else:  # these modules are imported lazily (lazy_modules.py)
    AnswerChange = AnyConversation = AnyMessage = Change = ChangeRun = OwnSlot = UserDay = object
    SourceName = SourceVerdict = Usage = Value = ValueKey = ValueQuote = object

K = TypeVar("K")
T = TypeVar("T")

MAX_ROWS_PER_KEY = 100
"""Maximum number of changes of a profile value that are loaded with it."""


class OwnedRowLoader(DataLoader[K, T]):
    """Base loader of rows that belong to one user; returns `default` for rows that are missing or belong to another user."""

    query: ClassVar[Callable[..., Awaitable[Mapping[Any, Any]]]]
    options: ClassVar[Mapping[str, Any]] = {}
    default: ClassVar[Any] = None
    cached: ClassVar[bool] = True
    """A flag that caches results by key; False where a request may change a result between two loads."""
    source: ClassVar[Callable[[], AbstractAsyncContextManager[Any]]] = staticmethod(database.session)
    """Opens what `query` reads from: an ORM session, or a plain connection for queries written in SQL."""

    def __init__(self, user_id: UUID) -> None:
        super().__init__(self._answer, cache=type(self).cached)
        self._user_id = user_id

    async def _answer(self, keys: list[K]) -> Sequence[T]:
        async with type(self).source() as session:
            found = await type(self).query(session, self._user_id, keys, **self.options)
        return [found.get(key, self.default) for key in keys]


class DiaryById(OwnedRowLoader[UUID, EntryRow | None]):
    query = staticmethod(diary_reads.load_entries)
    source = staticmethod(database.connection)


class DiaryByDay(OwnedRowLoader[WantedDay, EntryRow | None]):
    query = staticmethod(diary_reads.load_wanted_days)
    source = staticmethod(database.connection)


class PartOfVersion(OwnedRowLoader[VersionKey, Sequence[T]]):
    query = staticmethod(diary_reads.load_part)
    source = staticmethod(database.connection)
    default = ()


class InsightsOfVersion(PartOfVersion[Insight]):
    options = {"part": "insights"}


class LinesOfVersion(PartOfVersion[Line]):
    options = {"part": "lines"}


class SignalsOfVersion(PartOfVersion[DaySignal]):
    options = {"part": "signals"}


class LineById(OwnedRowLoader[UUID, Line | None]):
    query = staticmethod(diary_reads.load_lines)
    source = staticmethod(database.connection)


class VersionsOfDiary(OwnedRowLoader[UUID, Sequence[Version]]):
    """Versions by diary, newest first, at most `MAX_VERSIONS`."""

    query = staticmethod(diary_reads.load_versions)
    source = staticmethod(database.connection)
    options = {"limit": MAX_VERSIONS}
    default = ()


class VersionByKey(OwnedRowLoader[VersionKey, Version | None]):
    query = staticmethod(diary_reads.load_versions_by_key)
    source = staticmethod(database.connection)


class ConversationById(OwnedRowLoader[UUID, AnyConversation | None]):
    query = staticmethod(lambda *asked, **options: chat_pages.load_conversations(*asked, **options))
    source = staticmethod(database.connection)


class MessageById(OwnedRowLoader[UUID, AnyMessage | None]):
    query = staticmethod(lambda *asked, **options: chat_pages.load_messages(*asked, **options))
    source = staticmethod(database.connection)


class AnswerOfQuestion(OwnedRowLoader[UUID, AnyMessage | None]):
    query = staticmethod(lambda *asked, **options: chat_pages.load_answers(*asked, **options))
    source = staticmethod(database.connection)


class ChangeOfAnswer(OwnedRowLoader[UUID, AnswerChange | None]):
    """The difference of an answer's model, prompt and companion from those of the answer before it."""

    query = staticmethod(lambda *asked, **options: companions.load_answer_changes(*asked, **options))
    source = staticmethod(database.connection)
    cached = False


class StandingOfVerdict(OwnedRowLoader[tuple[UUID, UUID], bool]):
    """The fact that a verdict on a value of the profile, by the ids of both, still decides the value."""

    query = staticmethod(lambda *asked, **options: source_verdicts.load_standing(*asked, **options))
    source = staticmethod(database.connection)
    default = False
    cached = False


class SiblingsOfMessage(OwnedRowLoader[UUID, Sequence[UUID]]):
    """The ids of what is in the place of a message, itself included, the oldest first."""

    query = staticmethod(lambda *asked, **options: branches.load_siblings(*asked, **options))
    source = staticmethod(database.connection)
    default = ()
    cached = False


class LinesOfMessage(OwnedRowLoader[UUID, Sequence[Line]]):
    """The visible lines of current diaries that quote a message."""

    query = staticmethod(diary_reads.load_lines_of_messages)
    source = staticmethod(database.connection)
    default = ()
    cached = False


class ValuesOfMessage(OwnedRowLoader[UUID, Sequence[Value]]):
    """The values of the profile that a message supports, whatever their status."""

    query = staticmethod(lambda *asked, **options: profile_reads.load_values_of_messages(*asked, **options))
    default = ()
    cached = False


class ProfileValueById(OwnedRowLoader[UUID, Value | None]):
    query = staticmethod(lambda *asked, **options: profile_reads.load_values(*asked, **options))


class ProfileValueByKey(OwnedRowLoader[ValueKey, Value | None]):
    query = staticmethod(lambda *asked, **options: profile_reads.load_values_by_key(*asked, **options))


class QuotesOfValue(OwnedRowLoader[ValueKey, Sequence[ValueQuote]]):
    query = staticmethod(lambda *asked, **options: profile_reads.load_quotes(*asked, **options))
    default = ()


class SuggestedByOfValue(OwnedRowLoader[ValueKey, str | None]):
    query = staticmethod(lambda *asked, **options: profile_reads.load_suggested_by(*asked, **options))


class OwnSlotById(OwnedRowLoader[UUID, OwnSlot | None]):
    query = staticmethod(lambda *asked, **options: own_slots.load_own_slots(*asked, **options))
    cached = False


class ChangeById(OwnedRowLoader[UUID, Change | None]):
    query = staticmethod(lambda *asked, **options: profile_reads.load_changes(*asked, **options))


class ChangeRunById(OwnedRowLoader[UUID, ChangeRun | None]):
    query = staticmethod(lambda *asked, **options: profile_reads.load_change_runs(*asked, **options))


class ChangesOfValue(OwnedRowLoader[ValueKey, Sequence[Change]]):
    """Changes by profile value, newest first, at most `MAX_ROWS_PER_KEY`."""

    query = staticmethod(lambda *asked, **options: profile_reads.load_changes_of_values(*asked, **options))
    options = {"limit": MAX_ROWS_PER_KEY}
    default = ()


class VerdictOfSource(OwnedRowLoader[SourceName, SourceVerdict | None]):
    """The user's verdict on a source of an answer in one conversation."""

    query = staticmethod(lambda *asked, **options: source_verdicts.load_source_verdicts(*asked, **options))
    source = staticmethod(database.connection)
    cached = False


class UsageOfUser(OwnedRowLoader[UserDay, Sequence[Usage]]):
    """Usage of any user, so that admins can read it for others: it contains no text of users."""

    query = staticmethod(lambda session, _, days: usage.load_usage(session, days))
    default = ()
    cached = False


class Loaders:
    """The loaders of one request, each created at first use."""

    def __init__(self, user_id: UUID) -> None:
        self._user_id = user_id
        self.profile_inputs: Future[ProfileInputs] | None = None
        """The inputs of profiles of past days, once a field has needed it (resolvers/profile_history.py)."""

    def prime_exchange(self, question: AnyMessage, answer: AnyMessage, conversation: AnyConversation) -> None:
        """Remember the rows of an exchange that a mutation returns, so that its fields need no query for them."""
        self.message.prime_many({question.id: question, answer.id: answer}, force=True)
        self.answer.prime(question.id, answer, force=True)
        self.conversation.prime(conversation.id, conversation, force=True)

    async def prefetch_messages(self, ids: Sequence[UUID]) -> None:
        """Load messages with their conversations, so that fields that need both take no query of their own."""
        async with database.connection() as connection:
            messages, conversations = await chat_pages.load_messages_with_conversations(connection, self._user_id, ids)
        self.message.prime_many({id: messages.get(id) for id in ids})
        self.conversation.prime_many(conversations)

    @cached_property
    def diary(self) -> DiaryById:
        return DiaryById(self._user_id)

    @cached_property
    def diary_by_day(self) -> DiaryByDay:
        return DiaryByDay(self._user_id)

    @cached_property
    def insights(self) -> InsightsOfVersion:
        return InsightsOfVersion(self._user_id)

    @cached_property
    def lines(self) -> LinesOfVersion:
        return LinesOfVersion(self._user_id)

    @cached_property
    def signals(self) -> SignalsOfVersion:
        return SignalsOfVersion(self._user_id)

    @cached_property
    def line(self) -> LineById:
        return LineById(self._user_id)

    @cached_property
    def versions(self) -> VersionsOfDiary:
        return VersionsOfDiary(self._user_id)

    @cached_property
    def version(self) -> VersionByKey:
        return VersionByKey(self._user_id)

    @cached_property
    def conversation(self) -> ConversationById:
        return ConversationById(self._user_id)

    @cached_property
    def message(self) -> MessageById:
        return MessageById(self._user_id)

    @cached_property
    def answer(self) -> AnswerOfQuestion:
        return AnswerOfQuestion(self._user_id)

    @cached_property
    def answer_change(self) -> ChangeOfAnswer:
        return ChangeOfAnswer(self._user_id)

    @cached_property
    def siblings(self) -> SiblingsOfMessage:
        return SiblingsOfMessage(self._user_id)

    @cached_property
    def carried_lines(self) -> LinesOfMessage:
        return LinesOfMessage(self._user_id)

    @cached_property
    def carried_values(self) -> ValuesOfMessage:
        return ValuesOfMessage(self._user_id)

    @cached_property
    def profile_value(self) -> ProfileValueById:
        return ProfileValueById(self._user_id)

    @cached_property
    def profile_value_by_key(self) -> ProfileValueByKey:
        return ProfileValueByKey(self._user_id)

    @cached_property
    def quotes(self) -> QuotesOfValue:
        return QuotesOfValue(self._user_id)

    @cached_property
    def suggested_by(self) -> SuggestedByOfValue:
        return SuggestedByOfValue(self._user_id)

    @cached_property
    def own_slot(self) -> OwnSlotById:
        return OwnSlotById(self._user_id)

    @cached_property
    def change(self) -> ChangeById:
        return ChangeById(self._user_id)

    @cached_property
    def change_run(self) -> ChangeRunById:
        return ChangeRunById(self._user_id)

    @cached_property
    def changes(self) -> ChangesOfValue:
        return ChangesOfValue(self._user_id)

    @cached_property
    def source_verdict(self) -> VerdictOfSource:
        return VerdictOfSource(self._user_id)

    @cached_property
    def standing_verdict(self) -> StandingOfVerdict:
        return StandingOfVerdict(self._user_id)

    @cached_property
    def usage(self) -> UsageOfUser:
        return UsageOfUser(self._user_id)
