"""Enums of column values, which the GraphQL API names as well.

To keep the cold start short, the module imports no SQLAlchemy and stays small, so that a first page maps no table.
"""
from __future__ import annotations

import enum


class Role(enum.Enum):
    USER = "USER"
    ADMIN = "ADMIN"


class Purpose(enum.Enum):
    """The purpose of a model call."""

    CHAT = "CHAT"
    TITLE = "TITLE"
    SUMMARY = "SUMMARY"
    DIARY = "DIARY"
    WEEK = "WEEK"


class MessageRole(enum.Enum):
    USER = "USER"
    ASSISTANT = "ASSISTANT"


class MessageStatus(enum.Enum):
    """The state of a question's answer. An answer itself is always COMPLETE."""

    PENDING = "PENDING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"


class CutOff(enum.Enum):
    """The reason why an answer is incomplete."""

    LENGTH = "LENGTH"
    FILTER = "FILTER"


class Rating(enum.Enum):
    UP = "UP"
    DOWN = "DOWN"


class Origin(enum.Enum):
    MODEL = "MODEL"
    FALLBACK = "FALLBACK"
    EDITED = "EDITED"


class LineKind(enum.Enum):
    SUMMARY = "SUMMARY"
    HIGHLIGHT = "HIGHLIGHT"
    DECISION = "DECISION"
    OPEN_QUESTION = "OPEN_QUESTION"
    EMOTION = "EMOTION"
    PATTERN = "PATTERN"
    ACTIVITY = "ACTIVITY"
    TIME_PREFERENCE = "TIME_PREFERENCE"
    DECISION_STYLE = "DECISION_STYLE"


class Polarity(enum.Enum):
    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"


class Job(enum.Enum):
    DAILY_DIARY = "DAILY_DIARY"
    DAILY_PROFILE = "DAILY_PROFILE"
    WEEKLY_PROFILE = "WEEKLY_PROFILE"


class Trigger(enum.Enum):
    TIMER = "TIMER"
    ADMIN = "ADMIN"
    CLI = "CLI"


class RunStatus(enum.Enum):
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class ItemStatus(enum.Enum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"


class PauseKind(enum.Enum):
    """The kind of a pause. MODEL: an account-wide provider error, which a successful probe ends. SWITCH: an admin stopped all use of the model."""

    MODEL = "MODEL"
    SWITCH = "SWITCH"


class ValueStatus(enum.Enum):
    ACTIVE = "ACTIVE"
    SUGGESTED = "SUGGESTED"
    SUPERSEDED = "SUPERSEDED"
    DISPUTED = "DISPUTED"
    REJECTED = "REJECTED"


class ValueOrigin(enum.Enum):
    INFERRED = "INFERRED"
    STATED = "STATED"


class VerdictKind(enum.Enum):
    SET = "SET"
    LOCK = "LOCK"
    UNLOCK = "UNLOCK"
    REJECT = "REJECT"
    REVERT = "REVERT"
