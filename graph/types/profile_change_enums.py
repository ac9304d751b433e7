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
    "What set the recomputation going.",
    NIGHT="The daily job read a new or changed day.",
    WEEK="The weekly job looked over seven days.",
    MESSAGE_EDITED="The person edited a message.",
    MESSAGE_DELETED="The person deleted a message or a conversation.",
    DIARY_EDITED="The person corrected a diary.",
    DIARY_REWRITTEN="The person had a diary written again.",
    DIARY_DELETED="The person deleted a diary.",
    VALUE_SET="The person said what holds.",
    VALUE_LOCKED="The person locked a value.",
    VALUE_UNLOCKED="The person unlocked a value.",
    VALUE_REJECTED="The person rejected a value.",
    PROFILE_REVERTED="The person went back to an earlier profile.",
)

describe_enum(
    ProfileChangeEffect,
    "What came of the value.",
    ADDED="It was learned.",
    SET="The person set it by hand, without any message.",
    LOCKED="It is locked now.",
    UNLOCKED="It is not locked any more.",
    REJECTED="The person rejected it.",
    RESTORED="It holds again.",
    SUGGESTED="It is suggested beside what holds.",
    SUPERSEDED="Something newer took its place.",
    DISPUTED="Another value is just as strong now.",
    STRENGTHENED="It is surer.",
    WEAKENED="It is less sure, by age or contradiction.",
    EVIDENCE_REMOVED="It is less sure, since words that it stood on are gone.",
    REWORDED="It is worded anew.",
    GONE="Too little is left that speaks for it: deleted, merged or aged.",
)

EnumT = TypeVar("EnumT", bound=enum.Enum)


def split_reason(reason: str) -> tuple[ProfileChangeCause | None, ProfileChangeEffect | None]:
    """Return cause and effect of a stored reason; None for one that this version does not know, as an imported file may have."""
    cause, _, effect = reason.partition(": ")
    return _member(ProfileChangeCause, cause), _member(ProfileChangeEffect, effect)


def _member(kind: type[EnumT], name: str) -> EnumT | None:
    return kind.__members__.get(name)
