"""Use cases that list a user's conversations by filters, and the tags in use."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from jobs.rules.text.word_patterns import equal_pattern, word_pattern
from jobs.rules.text.words import fold_words
from persistence import database
from persistence.paging import PageRange, cut_page
from persistence.queries import conversation_lists as reading
from persistence.queries.conversation_lists import ConversationCursor, ConversationFilter, TagUse
from persistence.queries.exchange_rows import ConversationRow
from resolvers import text_validation
from resolvers.context import Context

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Page(Generic[RowT]):
    rows: Sequence[RowT]
    has_next: bool
    has_previous: bool


async def list_conversations(
    context: Context, wanted: ConversationFilter, *, after: ConversationCursor | None = None, before: ConversationCursor | None = None, limit: int,
    backward: bool = False,
) -> Page[ConversationRow]:
    """Return a page of the conversations that a filter names, pinned ones first, then those with the newest message."""
    viewer = await context.require_viewer()
    async with database.connection() as connection:
        found = await reading.list_conversations(connection, viewer.id, wanted, PageRange(limit + 1, after, before, backward))
    return Page(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_conversations(context: Context, wanted: ConversationFilter) -> int:
    viewer = await context.require_viewer()
    async with database.connection() as connection:
        return await reading.count_conversations(connection, viewer.id, wanted)


def make_filter(archived: bool = False, pinned: bool | None = None, tags: Sequence[str] = (), search: str | None = None) -> ConversationFilter:
    """Return the filter of conversations that have all `tags`, and each word of `search` in the title or in a message.

    Spellings of a word or a tag are one. Raises `InvalidInput`.
    """
    words = text_validation.search_words("search", search)
    return ConversationFilter(archived, pinned, list(map(word_pattern, words)), list(map(equal_pattern, text_validation.validate_tags(tags))))


async def list_tags(context: Context, *, archived: bool | None = None) -> Sequence[TagUse]:
    """Return the tags of the user's conversations with their numbers of conversations, those of most conversations first.

    Spellings of a tag count as one and are shown as most conversations spell it.
    """
    viewer = await context.require_viewer()
    async with database.connection() as connection:
        found = await reading.list_tag_uses(connection, viewer.id, archived)
    by_key: dict[str, list[TagUse]] = {}
    for use in found:
        by_key.setdefault(fold_words(use.tag), []).append(use)
    return sorted(map(_merge, by_key.values()), key=lambda use: (-use.conversations, use.tag))


def _merge(uses: Sequence[TagUse]) -> TagUse:
    spelled = max(uses, key=_weight)
    return TagUse(spelled.tag, sum(use.conversations for use in uses), max(use.last_message_at for use in uses))


def _weight(use: TagUse) -> tuple[int, datetime, str]:
    return use.conversations, use.last_message_at, use.tag
