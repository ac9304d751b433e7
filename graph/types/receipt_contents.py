"""The fields of a receipt that show the state after a deletion: the diaries of the days concerned, and the profile."""
from collections.abc import Sequence
from datetime import date

import strawberry

from graph.types.diary import Diary, parts_asked, prefetch_messages
from graph.types.profile import load_profile
from persistence.queries.diary_reads import WantedDay
from resolvers.loaders import DiaryByDay

__all__ = ["MAX_DIARIES", "load_diaries", "load_profile"]

MAX_DIARIES = 100
"""Diaries that a receipt returns, of the newest days."""


async def load_diaries(info: strawberry.Info, days: Sequence[date]) -> list[Diary]:
    """Return the diaries of the first 100 of these days, with the selected parts, as they are now."""
    parts = tuple(parts_asked(info, ()))
    wanted = [WantedDay(day, parts) for day in days[:MAX_DIARIES]]
    viewer = await info.context.require_viewer()
    loader = DiaryByDay(viewer.id)  # not the request's, which may have loaded them for an earlier mutation of the document
    found = [entry for entry in await loader.load_many(wanted) if entry is not None]
    await prefetch_messages(info, found, ())
    return [Diary.from_model(entry) for entry in found]
