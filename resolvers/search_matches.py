"""Places of a text that a search matched, for clients that mark them."""
from __future__ import annotations

from datetime import datetime, timezone
from uuid import UUID

from jobs.rules.day import day_of
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import make_calendar
from jobs.rules.search.matches import Match, MatchFinder
from persistence.queries.viewer import Viewer
from resolvers import text_validation
from resolvers.context import Context, request_loaders


class MatchFinders:
    """The request's finders by their queries."""

    def __init__(self, user_id: UUID) -> None:
        self._calendars: dict[str, Calendar] = {}
        self._finders: dict[str, MatchFinder] = {}

    def prime(self, query: str, calendar: Calendar) -> None:
        """Note the calendar by which a search understands the days that its query names."""
        self._calendars[query] = calendar

    def get(self, query: str, viewer: Viewer) -> MatchFinder:
        """Return the finder of a query. Raises `InvalidInput` as the search does."""
        if query not in self._finders:
            words = text_validation.search_words("query", query)
            if query not in self._calendars:
                today = day_of(datetime.now(timezone.utc), viewer.time_zone, viewer.day_ends_at)
                self._calendars[query] = make_calendar(today, viewer.locale, viewer.time_zone)
            self._finders[query] = MatchFinder(query, words, self._calendars[query])
        return self._finders[query]


async def find_matches(context: Context, text: str | None, query: str, *, part: bool = False) -> list[Match]:
    """Return the places of a text that match a query; with `part`, of one of the texts in which a search finds all words together. Raises `InvalidInput`."""
    finders = await request_loaders(context, MatchFinders)
    finder = finders.get(query, await context.require_viewer())
    return finder.find(text, part=part) if text else []
