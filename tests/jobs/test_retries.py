"""Retries while the database is unavailable, until the deadline."""
from __future__ import annotations

import pytest

from jobs import retries
from jobs.deadline import Deadline
from jobs.retries import retry_while_unavailable
from persistence.errors import DatabaseNotMigrated, DatabaseUnavailable

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "RETRY_DELAYS", (0.0,) * 5)


class Away:
    def __init__(self, times: int, error: type[Exception] = DatabaseUnavailable) -> None:
        self.times, self.error, self.tries = times, error, 0

    async def __call__(self) -> str:
        self.tries += 1
        if self.tries <= self.times:
            raise self.error()
        return "stored"


async def test_retry_while_unavailable_until_the_database_is_back_returns_the_result() -> None:
    assert await retry_while_unavailable(Away(5), Deadline(60)) == "stored"


@pytest.mark.parametrize(
    ("work", "seconds", "tries"), [(Away(9), 60, 6), (Away(9), 0, 1), (Away(1, DatabaseNotMigrated), 60, 1)],
    ids=["out of retries", "out of time", "other error"],
)
async def test_retry_while_unavailable_out_of_retries_or_time_or_for_another_error_raises(work: Away, seconds: float, tries: int) -> None:
    with pytest.raises(work.error):
        await retry_while_unavailable(work, Deadline(seconds))
    assert work.tries == tries
