"""Data loaders of admins: items and users of the job runs on a page, of any user. Permissions allow only admins to use them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from persistence.queries import job_run_items, users
from persistence.queries.job_run_items import ItemPage, RunItem
from resolvers.loaders import OwnedRowLoader

if TYPE_CHECKING:
    from persistence.models import User
    from persistence.models.enums import ItemStatus

    FoundUser = User | None
    RunAndStatus = tuple[UUID, ItemStatus | None]
else:  # type arguments are evaluated, and these modules are imported lazily (lazy_modules.py)
    FoundUser = RunAndStatus = object


class ItemsOfRun(OwnedRowLoader[ItemPage, Sequence[RunItem]]):
    query = staticmethod(lambda session, _, pages: job_run_items.load_item_pages(session, pages))
    default = ()
    cached = False


class ItemCount(OwnedRowLoader[RunAndStatus, int]):
    query = staticmethod(lambda session, _, wanted: job_run_items.load_item_counts(session, wanted))
    default = 0
    cached = False


class UserOfItem(OwnedRowLoader[UUID, FoundUser]):
    query = staticmethod(lambda session, _, ids: users.load_users(session, ids))


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
    def user(self) -> UserOfItem:
        return UserOfItem(self._user_id)
