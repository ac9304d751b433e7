"""The cause and the effect of a profile change, split from `reason`, so that a frontend can translate them."""
import enum
from typing import TypeVar

from graph.enums import describe_enum


class ProfileChangeCause(enum.Enum):
    NIGHT = "NIGHT"
    WEEK = "WEEK"
    MESSAGE_EDITED = "MESSAGE_EDITED"
    MESSAGE_DELETED = "MESSAGE_DELETED"
    DIARY_EDITED = "DIARY_EDITED"
    DIARY_REWRITTEN = "DIARY_REWRITTEN"
    DIARY_DELETED = "DIARY_DELETED"
    VALUE_SET = "VALUE_SET"
    VALUE_LOCKED = "VALUE_LOCKED"
    VALUE_UNLOCKED = "VALUE_UNLOCKED"
    VALUE_REJECTED = "VALUE_REJECTED"
    PROFILE_REVERTED = "PROFILE_REVERTED"
    PROFILE_IMPORTED = "PROFILE_IMPORTED"


class ProfileChangeEffect(enum.Enum):
    ADDED = "ADDED"
    SET = "SET"
    LOCKED = "LOCKED"
    UNLOCKED = "UNLOCKED"
    REJECTED = "REJECTED"
    RESTORED = "RESTORED"
    SUGGESTED = "SUGGESTED"
    SUPERSEDED = "SUPERSEDED"
    DISPUTED = "DISPUTED"
    STRENGTHENED = "STRENGTHENED"
    WEAKENED = "WEAKENED"
    EVIDENCE_REMOVED = "EVIDENCE_REMOVED"
    REWORDED = "REWORDED"
    GONE = "GONE"


describe_enum(
    ProfileChangeCause,
    "What caused the profile to be recomputed.",
    NIGHT="The daily profile job processed a new or changed day.",
    WEEK="The weekly profile job reviewed seven days.",
    MESSAGE_EDITED="The user edited a message.",
    MESSAGE_DELETED="The user deleted a message or a conversation.",
    DIARY_EDITED="The user edited a diary.",
    DIARY_REWRITTEN="The user had a diary rewritten with `diaryRewrite`.",
    DIARY_DELETED="The user deleted a diary.",
    VALUE_SET="The user set a value.",
    VALUE_LOCKED="The user locked a value.",
    VALUE_UNLOCKED="The user unlocked a value.",
    VALUE_REJECTED="The user rejected a value.",
    PROFILE_REVERTED="The user reverted the profile to an earlier state.",
    PROFILE_IMPORTED="The user imported an account with `accountImport`.",
)

describe_enum(
    ProfileChangeEffect,
    "How the value changed.",
    ADDED="The value was added to the profile.",
    SET="The user set the value with `profileValueSet`.",
    LOCKED="The value was locked.",
    UNLOCKED="The value was unlocked.",
    REJECTED="The user rejected the value.",
    RESTORED="The value became active again.",
    SUGGESTED="The value is suggested beside the current one.",
    SUPERSEDED="Another value replaced it, or it was contradicted.",
    DISPUTED="Another value of the slot now has equally strong evidence.",
    STRENGTHENED="Its confidence rose.",
    WEAKENED="Its confidence fell, because its evidence aged or was contradicted.",
    EVIDENCE_REMOVED="Its confidence fell, because messages or quotes that supported it were removed.",
    REWORDED="The text of the value changed.",
    GONE="The value was removed, because too little evidence is left: it was deleted or has aged, or the value was merged with another.",
)

EnumT = TypeVar("EnumT", bound=enum.Enum)


def split_reason(reason: str) -> tuple[ProfileChangeCause | None, ProfileChangeEffect | None]:
    """Return cause and effect of a stored reason; None for one that this version does not know, as an imported file may have."""
    cause, _, effect = reason.partition(": ")
    return _member(ProfileChangeCause, cause), _member(ProfileChangeEffect, effect)


def _member(kind: type[EnumT], name: str) -> EnumT | None:
    return kind.__members__.get(name)
