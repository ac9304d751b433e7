"""Data loaders of admins: items and users of the job runs on a page, of any user. Permissions allow only admins to use them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from persistence.queries import job_run_items, users
from persistence.queries.job_run_items import ItemPage, RunItem
from resolvers.loaders import OwnedRowLoader


class ItemsOfRun(OwnedRowLoader[ItemPage, Sequence[RunItem]]):
    query = staticmethod(lambda reading, _, pages: job_run_items.load_item_pages(reading, pages))
    default = ()
    cached = False


class ItemCount(OwnedRowLoader["tuple[UUID, ItemStatus | None]", int]):
    query = staticmethod(lambda reading, _, wanted: job_run_items.load_item_counts(reading, wanted))
    default = 0
    cached = False


class PersonOfItem(OwnedRowLoader[UUID, "User | None"]):
    query = staticmethod(lambda reading, _, ids: users.load_users(reading, ids))


class AdminLoaders:
    """The loaders of one admin's request, each created at first use."""

    def __init__(self, user_id: UUID) -> None:
        self._user_id = user_id

    @cached_property
    def items(self) -> ItemsOfRun:
        return ItemsOfRun(self._user_id)

    @cached_property
    def item_count(self) -> ItemCount:
        return ItemCount(self._user_id)

    @cached_property
    def person(self) -> PersonOfItem:
        return PersonOfItem(self._user_id)
