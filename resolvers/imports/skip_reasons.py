"""Codes of the reasons for which an import leaves something out, for clients that say them in the reader's language."""
from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resolvers.imports import memory, memory_text, records, storing
from resolvers.imports.bounds import CUT
from resolvers.imports.day_assignment import IN_THE_FUTURE, NO_SUCH_DAY

if TYPE_CHECKING:  # its module has tables that take a while to compile
    from jobs.rules.imports.memory_lines import Fault


class SkipReason(enum.Enum):
    TEMPORARY_CHAT = "TEMPORARY_CHAT"
    OTHER_BRANCH = "OTHER_BRANCH"
    ATTACHMENT = "ATTACHMENT"
    NOT_DIALOGUE = "NOT_DIALOGUE"
    NO_TEXT = "NO_TEXT"
    NO_TIME = "NO_TIME"
    CUT = "CUT"
    DELETED_BY_USER = "DELETED_BY_USER"
    SECRET = "SECRET"
    INSTRUCTION = "INSTRUCTION"
    HEADING = "HEADING"
    REPEATED = "REPEATED"
    BEYOND_LIMIT = "BEYOND_LIMIT"
    PROFILE_OFF = "PROFILE_OFF"
    NEVER_KEPT = "NEVER_KEPT"
    REJECTED = "REJECTED"
    NO_VALUE = "NO_VALUE"
    NO_SLOT = "NO_SLOT"
    SLOT_OFF = "SLOT_OFF"
    BAD_LENGTH = "BAD_LENGTH"
    NOT_SAID = "NOT_SAID"
    OTHER_PERSON = "OTHER_PERSON"
    NOT_NOW = "NOT_NOW"
    NOT_IN_EARNEST = "NOT_IN_EARNEST"
    OTHER = "OTHER"


_BY_FAULT: Final[Mapping[Fault, SkipReason]] = {
    "UNKNOWN_SLOT": SkipReason.NO_SLOT, "SLOT_OFF": SkipReason.SLOT_OFF, "LENGTH": SkipReason.BAD_LENGTH, "SECRET": SkipReason.SECRET,
    "WORDS": SkipReason.NOT_SAID, "OTHER_SUBJECT": SkipReason.OTHER_PERSON, "NOT_NOW": SkipReason.NOT_NOW, "NOT_IN_EARNEST": SkipReason.NOT_IN_EARNEST,
    "INSTRUCTION": SkipReason.INSTRUCTION, "NEGATION": SkipReason.NOT_SAID, "UNDECIDED": SkipReason.NOT_SAID,
}  # fmt: skip
_BY_TEXT: Final[Mapping[str, SkipReason]] = {
    records.TEMPORARY: SkipReason.TEMPORARY_CHAT, records.OTHER_BRANCH: SkipReason.OTHER_BRANCH, records.ATTACHMENT: SkipReason.ATTACHMENT,
    records.NO_TEXT: SkipReason.NO_TEXT, records.NO_TIME: SkipReason.NO_TIME, IN_THE_FUTURE: SkipReason.NO_TIME, NO_SUCH_DAY: SkipReason.NO_TIME,
    CUT: SkipReason.CUT, memory_text.LONG: SkipReason.CUT, storing.DELETED: SkipReason.DELETED_BY_USER,
    memory.SECRET: SkipReason.SECRET, memory_text.INSTRUCTION: SkipReason.INSTRUCTION, memory_text.HEADING: SkipReason.HEADING,
    memory_text.REPEATED: SkipReason.REPEATED, memory_text.BEYOND: SkipReason.BEYOND_LIMIT, memory.BEYOND: SkipReason.BEYOND_LIMIT,
    memory.TOO_MANY: SkipReason.BEYOND_LIMIT, memory.SWITCHED_OFF: SkipReason.PROFILE_OFF, memory.TOPIC: SkipReason.NEVER_KEPT,
    memory.REJECTED: SkipReason.REJECTED, memory.EMPTY: SkipReason.NO_VALUE,
    **{memory.FAULT_REASONS[fault]: reason for fault, reason in _BY_FAULT.items()},
    records.HIDDEN: SkipReason.NOT_DIALOGUE, records.TOOL_CALL: SkipReason.NOT_DIALOGUE, records.ERROR_MESSAGE: SkipReason.NOT_DIALOGUE,
    records.UNKNOWN_ROLE: SkipReason.NOT_DIALOGUE, records.OTHER_ACTIVITY: SkipReason.NOT_DIALOGUE, records.UNKNOWN_FORM: SkipReason.OTHER,
}  # fmt: skip
_NOT_DIALOGUE: Final = ("role ", "content type ", "part of type ", "fragment of type ")
"""Beginnings of the reasons that name a kind of the product's own: system messages, thoughts, calls of tools and their results."""


def reason_of(text: str) -> SkipReason:
    """Return the code of a reason's text; OTHER for one of another release, or of a form that is not known."""
    return _BY_TEXT.get(text) or (SkipReason.NOT_DIALOGUE if text.startswith(_NOT_DIALOGUE) else SkipReason.OTHER)
