"""The cause and the effect of a profile change, split from `reason`, so that a frontend can translate them."""
import enum
from typing import TypeVar

from graph.enums import describe_enum


class ProfileChangeCause(enum.Enum):
    NIGHT = "NIGHT"
    WEEK = "WEEK"
    MESSAGE_EDITED = "MESSAGE_EDITED"
    MESSAGE_DELETED = "MESSAGE_DELETED"
    CONVERSATION_PLAY = "CONVERSATION_PLAY"
    DIARY_EDITED = "DIARY_EDITED"
    DIARY_REWRITTEN = "DIARY_REWRITTEN"
    DIARY_DELETED = "DIARY_DELETED"
    VALUE_SET = "VALUE_SET"
    VALUE_LOCKED = "VALUE_LOCKED"
    VALUE_UNLOCKED = "VALUE_UNLOCKED"
    VALUE_REJECTED = "VALUE_REJECTED"
    VALUE_ENDED = "VALUE_ENDED"
    VERDICT_UNDONE = "VERDICT_UNDONE"
    VALUE_ERASED = "VALUE_ERASED"
    SLOT_UPDATED = "SLOT_UPDATED"
    PROFILE_REVERTED = "PROFILE_REVERTED"
    PROFILE_IMPORTED = "PROFILE_IMPORTED"
    MEMORY_IMPORTED = "MEMORY_IMPORTED"
    ASSISTANT_SUGGESTED = "ASSISTANT_SUGGESTED"
    VALUES_JOINED = "VALUES_JOINED"
    TOPICS_ERASED = "TOPICS_ERASED"
    COMPANION_DELETED = "COMPANION_DELETED"


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
    CONTEXT_CHANGED = "CONTEXT_CHANGED"
    GONE = "GONE"


describe_enum(
    ProfileChangeCause,
    "What caused the profile to be recomputed.",
    NIGHT="The daily profile job processed a new or changed day.",
    WEEK="The weekly profile job reviewed seven days.",
    MESSAGE_EDITED="The user edited a message.",
    MESSAGE_DELETED="The user deleted a message or a conversation.",
    CONVERSATION_PLAY="The user marked a conversation as play.",
    DIARY_EDITED="The user edited a diary.",
    DIARY_REWRITTEN="The user had a diary rewritten with `diaryRewrite`.",
    DIARY_DELETED="The user deleted a diary.",
    VALUE_SET="The user set a value.",
    VALUE_LOCKED="The user locked a value.",
    VALUE_UNLOCKED="The user unlocked a value.",
    VALUE_REJECTED="The user rejected a value.",
    VALUE_ENDED="The user judged a value to be outdated with `sourceJudge`.",
    VERDICT_UNDONE="The user took a verdict of `sourceJudge` back.",
    VALUE_ERASED="The user erased a value, or the reasons of its rejections.",
    SLOT_UPDATED="The user changed a slot of their own with `slotUpdate`.",
    PROFILE_REVERTED="The user reverted the profile to an earlier state.",
    PROFILE_IMPORTED="The user imported an account with `accountImport`.",
    MEMORY_IMPORTED="The user imported a memory text of another product.",
    ASSISTANT_SUGGESTED="Another assistant of the user suggested a value by the MCP endpoint, with a personal access token.",
    VALUES_JOINED="A new version of the application merged spellings of a value.",
    TOPICS_ERASED="The user erased what was kept about topics and people that are never kept, with `memoryErase`.",
    COMPANION_DELETED="The user deleted earlier versions of the companion, with `companionVersionsDelete`.",
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
    SUPERSEDED="Another value replaced it, it was contradicted, or the user judged it to be outdated.",
    DISPUTED="Another value of the slot, or the opposite, now has equally strong evidence; or a single statement says that the well-founded value is over.",
    STRENGTHENED="Its confidence rose.",
    WEAKENED="Its confidence fell, because its evidence aged or was contradicted.",
    EVIDENCE_REMOVED="Its confidence fell, because messages or quotes that supported it were removed.",
    REWORDED="The text of the value changed.",
    CONTEXT_CHANGED="Its polarity changed, or since when, until when or under which condition it is true.",
    GONE="The value was removed, because too little evidence is left: it was deleted or has aged, or the value was merged with another.",
)

EnumT = TypeVar("EnumT", bound=enum.Enum)


def split_reason(reason: str) -> tuple[ProfileChangeCause | None, ProfileChangeEffect | None]:
    """Return cause and effect of a stored reason; None for one that this version does not know, as an imported file may have."""
    cause, _, effect = reason.partition(": ")
    return _member(ProfileChangeCause, cause), _member(ProfileChangeEffect, effect)


def _member(kind: type[EnumT], name: str) -> EnumT | None:
    return kind.__members__.get(name)
