"""The number of connections that the database gives, as far as its refusals show."""
from __future__ import annotations

import random
import re
import time

FIRST_PAUSE_SECONDS = 0.2
"""Pause after the first refusal; it doubles with each further one."""
MAX_PAUSE_SECONDS = 30.0
"""Longest pause while some connections are open, which the waiting requests share meanwhile."""
MAX_PAUSE_WITHOUT_CONNECTION_SECONDS = 1.0
"""Longest pause while none is open: then nothing is served until the database gives one."""

_FULL_TEXTS = re.compile("no more connections allowed|too many (clients|connections)|max client connections reached|max ?clients", re.IGNORECASE)
"""Texts of poolers that refuse a connection without SQLSTATE 53300: pgbouncer (github.com/neondatabase/neon/issues/5368) and Supabase's
(github.com/supabase/supabase/issues/21166, github.com/supabase/supavisor/pull/473); all read 2026-11-28."""
_OTHER_STATES = ("08P01", "XX000", "53400")
"""SQLSTATEs with which poolers send those texts."""


def is_full(error: BaseException | None) -> bool:
    """Return whether a server or a pooler refused a connection because it has none left."""
    state = getattr(error, "sqlstate", None)
    return state == "53300" or (state in _OTHER_STATES and _FULL_TEXTS.search(str(error)) is not None)


class Grant:
    """The number of connections that may be open: the pool's size, and after a refusal as many as are open then.

    After a pause one more is tried; each success allows the next try at once, each refusal doubles the pause. The pauses are random within
    bounds, so that many processes do not try at the same moment.
    """

    def __init__(self, size: int) -> None:
        self._size = self._most = size
        self._pause = self._next_try = 0.0
        self.refusal: BaseException | None = None
        """The last refusal, None when the pool may have its full size."""

    def may_open(self, opened: int) -> bool:
        return opened < self._most or (opened < self._size and time.monotonic() >= self._next_try)

    def note_try(self, opened: int) -> None:
        """Note that a connection is being opened besides `opened` others: one try at a time goes beyond what was granted."""
        if opened >= self._most:
            self._set_next_try()

    def note_success(self, opened: int) -> None:
        """Note that `opened` connections are open, the new one included."""
        if opened > self._most:
            self._most, self._pause, self._next_try = opened, 0.0, 0.0
        if self._most >= self._size:
            self.refusal = None

    def note_refusal(self, refusal: BaseException, opened: int) -> None:
        """Note that a connection was refused while `opened` others were open or being opened."""
        self.refusal, self._most = refusal, opened
        longest = MAX_PAUSE_SECONDS if opened else MAX_PAUSE_WITHOUT_CONNECTION_SECONDS
        self._pause = min(longest, 2 * self._pause or FIRST_PAUSE_SECONDS)
        self._set_next_try()

    def seconds_to_next_try(self) -> float | None:
        """Return the seconds until one more connection may be tried, None when the pool may have its full size."""
        return None if self._most >= self._size else max(0.0, self._next_try - time.monotonic())

    def _set_next_try(self) -> None:
        self._next_try = time.monotonic() + max(self._pause, FIRST_PAUSE_SECONDS) * random.uniform(0.5, 1.5)
