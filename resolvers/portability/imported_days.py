"""Imported days without a diary, and an estimate of the tokens that the nightly jobs would use for them, computed from the file's texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobs.token_estimates import estimate_diaries
from llm.usage import Cost
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.enums import Learning
from resolvers.portability.import_file import ParsedExport

_REFUSED = "QUOTA_EXCEEDED"
"""The error code of messages that the nightly jobs do not read until they are answered."""


@dataclass(frozen=True)
class DayEstimate:
    """An estimate of writing the diaries of `days` and reviewing their weeks; `cost` is None if no price is known."""

    days: frozenset[date]
    tokens: int
    cost: Cost | None


def active_days(imported: ParsedExport) -> Collection[date]:
    """Return the days on which the user wrote a message that the nightly jobs may read, or one that was refused."""
    return {row["day"] for row in _read_by_night(imported) if _is_own(row)}


def estimate_days(imported: ParsedExport) -> DayEstimate:
    """Return the days without a diary and the estimate for them. Days whose diary the user deleted are excluded."""
    settled = {row["day"] for table in ("diaries", "diary_deletions") for row in imported.rows[table]}
    said: defaultdict[date, list[tuple[bool, str]]] = defaultdict(list)
    for row in _read_by_night(imported):
        if row["day"] not in settled and not (row["status"] is MessageStatus.FAILED and row["error_code"] == _REFUSED):
            said[row["day"]].append((_is_own(row), row["content"]))
    waiting = {day: texts for day, texts in said.items() if any(own for own, _ in texts)}
    return DayEstimate(frozenset(waiting), *estimate_diaries(waiting))


def _read_by_night(imported: ParsedExport) -> list[Mapping[str, Any]]:
    temporary = {row["id"] for row in imported.rows["conversations"] if row["temporary"]}
    return [
        row for row in imported.rows["messages"]
        if not row["copied"] and row["conversation_id"] not in temporary and row["learning"] is not Learning.NONE
    ]


def _is_own(row: Mapping[str, Any]) -> bool:
    return row["role"] is MessageRole.USER
