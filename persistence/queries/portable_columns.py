"""The kind of each column of the exported tables, which decides what an import accepts. It is defined nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final


class Kind(Enum):
    """The kind of a column.

    PERSON: written or decided by the user, or generated from the user's text; imported by the rules of the API. INSTALLATION: written by the
    installation alone; exported for reading, never imported. DERIVED: follows from the other columns, so an import computes it, or compares the
    given value with the computed one.
    """

    PERSON = "PERSON"
    INSTALLATION = "INSTALLATION"
    DERIVED = "DERIVED"


NEVER_IMPORTED: Final[Mapping[str, str]] = {
    "answer_streams": "the text so far of answers that are being written; the text of processes that died is stored as messages before an export",
    "usage": "usage counted against this installation's quotas",
    "active_days": "revisions that tell this installation's jobs which days changed; an import creates new ones",
}
"""Tables whose columns are all of kind INSTALLATION, and why."""

_PERSON: Final[Mapping[str, str]] = {
    "conversations": "id title title_by_person temporary play not_play memory_off archived pinned tags summary summary_through_message_id forked_from "
    "created_at updated_at last_message_at current_branch_id",
    "conversation_branches": "id conversation_id parent_id begins_at created_at",
    "messages": "id conversation_id role content status day time_zone reply_to idempotency_key error_code model prompt_version copied copy_of rating "
    "created_at edited_at cut_off written_by_hand learning in_gap companion_version branch_id chosen off_path",
    "diaries": "id day version tags created_at updated_at",
    "diary_versions": "diary_id version origin summary summary_by_person mood mood_by_person model prompt_version created_at",
    "diary_lines": "id diary_id version position kind text hidden by_person replaced_text happens_on",
    "line_evidence": "line_id position message_id quote start cited_start cited_end",
    "signals": "id diary_id version week position slot value polarity confidence stated happens_on created_at",
    "signal_evidence": "signal_id position message_id quote start cited_start cited_end withdrawn relation since until condition",
    "line_deletions": "id diary_id kind message_id start stop",
    "diary_deletions": "day through_message_id created_at",
    "verdicts": "id kind slot value value_key evidence reason as_of verdicts_valid_until polarity created_at",
    "imported_values": "id slot value polarity quote cited_start cited_end noted_on day suggested_by created_at",
    "companion_versions": "version name tone form_of_address language instructions preset created_at",
    "own_slots": "id name many half_life_days guide created_at updated_at",
    "profile_aliases": "slot from_key into_key created_at",
    "event_questions": "message_id happens_on question_id created_at",
    "dispute_questions": "slot dispute_digest question_id created_at",
    "profile_changes": "id slot value_key before after status_before status_after confidence_before confidence_after reason created_at",
}
_INSTALLATION: Final[Mapping[str, str]] = {
    "messages": "answer_lease_until input_tokens output_tokens latency_ms tool_calls sources redacted withdrawn suggested_replies",
    "diary_versions": "dropped_count run_id",
    "profile_aliases": "run_id",
    "profile_changes": "run_id",
}
_DERIVED: Final[Mapping[str, str]] = {
    "diary_versions": "conversation_count message_count tool_call_count",
    "signals": "value_key",
    "imported_values": "value_key",
    "own_slots": "name_key",
    "signal_evidence": "day said_at",
    "profile_values": "id slot value value_key status confidence locked origin first_seen_at last_seen_at ended_at evidence polarity since until condition",
}

COMPARED: Final = frozenset({"profile_values", "signal_evidence"})
"""Tables whose DERIVED columns an import reads and compares: values that follow from the other rows keep all their digits, and a quote with
another day than its message is rejected.
"""

_CONTEXT: Final = ("since", "until", "condition")
ADDED: Final[Mapping[tuple[str, str], Any]] = {
    ("signal_evidence", "relation"): None,
    ("conversations", "pinned"): False,
    ("imported_values", "suggested_by"): None,
    ("messages", "companion_version"): None,
    ("conversations", "current_branch_id"): None,
    ("messages", "branch_id"): None,
    ("messages", "chosen"): True,
    ("messages", "off_path"): False,
    ("messages", "written_by_hand"): False,
    ("messages", "learning"): "ALL",
    ("messages", "in_gap"): False,
    ("conversations", "memory_off"): [],
    ("verdicts", "polarity"): None,
    ("conversations", "play"): False,
    ("conversations", "not_play"): False,
    ("diary_lines", "happens_on"): None,
    ("signals", "happens_on"): None,
    ("profile_values", "polarity"): "IS",
    **{(table, column): None for table in ("signal_evidence", "profile_values") for column in _CONTEXT},
}
"""Columns of kind PERSON, or compared ones, that were added to a table after files of the format had been written, with the value for rows
without the column."""

FILE_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "conversations": {"summary_through_message_id": "summary_through"},
    "diary_deletions": {"through_message_id": "through"},
    "dispute_questions": {"dispute_digest": "dispute"},
    "verdicts": {"verdicts_valid_until": "until"},
}
"""Columns with another name in files, by table: a column that is renamed keeps its name in files, so that files of the format stay readable."""


def name_in_files(table: str, column: str) -> str:
    """Return the name that a column has in files."""
    return FILE_NAMES.get(table, {}).get(column, column)


def kinds_of(table: str) -> dict[str, Kind]:
    """Return the kind of each column of an imported table; `user_id` is always the account that imports."""
    return {"user_id": Kind.INSTALLATION, **dict(_kinds(table))}


def _kinds(table: str) -> Iterator[tuple[str, Kind]]:
    for kind, columns in ((Kind.PERSON, _PERSON), (Kind.INSTALLATION, _INSTALLATION), (Kind.DERIVED, _DERIVED)):
        for name in columns.get(table, "").split():
            yield name, kind


def is_read(table: str, column: str) -> bool:
    """Return True when an import reads the column out of a file; `column` is its name there or in the table."""
    names = {in_files: name for name, in_files in FILE_NAMES.get(table, {}).items()}
    kind = kinds_of(table)[names.get(column, column)]
    return kind is Kind.PERSON or (kind is Kind.DERIVED and table in COMPARED)
