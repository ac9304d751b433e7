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
    IMPORT = "IMPORT"


class ImportKind(enum.Enum):
    """The kind of a part of an import."""

    CHATS = "CHATS"
    MEMORY = "MEMORY"


class MessageRole(enum.Enum):
    USER = "USER"
    ASSISTANT = "ASSISTANT"


class MessageStatus(enum.Enum):
    """The state of a question's answer. An answer itself is always COMPLETE."""

    PENDING = "PENDING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"


MODEL_INTERRUPTED = "MODEL_INTERRUPTED"
"""The code of a question whose model call was aborted before any text was stored: the user stopped it, the client
disconnected, or the process died."""


class Learning(enum.Enum):
    """The things that nightly jobs may learn from a message, by the user's switches when it was written. DIARY: lines of a diary, nothing for the profile."""

    ALL = "ALL"
    DIARY = "DIARY"
    NONE = "NONE"


class CutOff(enum.Enum):
    """The reason why an answer is incomplete."""

    LENGTH = "LENGTH"
    FILTER = "FILTER"
    STOPPED = "STOPPED"


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


class ValuePolarity(enum.Enum):
    """The relation between the user and a value. DISLIKES and IS_NOT belong to negated values."""

    IS = "IS"
    LIKES = "LIKES"
    DISLIKES = "DISLIKES"
    IS_NOT = "IS_NOT"


class StatementRelation(enum.Enum):
    """The relation between the user and a value that one statement gives. ENDED and CORRECTED only count against the value."""

    LIKES = "LIKES"
    DISLIKES = "DISLIKES"
    IS_NOT = "IS_NOT"
    ENDED = "ENDED"
    CORRECTED = "CORRECTED"


class VerdictKind(enum.Enum):
    SET = "SET"
    LOCK = "LOCK"
    UNLOCK = "UNLOCK"
    REJECT = "REJECT"
    END = "END"
    REVERT = "REVERT"


class SourceReason(enum.Enum):
    """The reason why something about the user was in the prompt of an answer."""

    PROFILE = "PROFILE"
    DISPUTE = "DISPUTE"
    RECENT = "RECENT"
    UPCOMING = "UPCOMING"
    DATE = "DATE"
    SEARCH = "SEARCH"
    TOOL = "TOOL"
    CONVERSATION = "CONVERSATION"
    ACCOUNT = "ACCOUNT"


class SourceVerdict(enum.Enum):
    """The user's verdict on a source of an answer."""

    WRONG = "WRONG"
    OUTDATED = "OUTDATED"
    NOT_NOW = "NOT_NOW"


class CompanionTone(enum.Enum):
    """The tone in which a user wants to be answered."""

    WARM = "WARM"
    CALM = "CALM"
    LIVELY = "LIVELY"
    MATTER_OF_FACT = "MATTER_OF_FACT"


class CompanionPresetKey(enum.Enum):
    """The presets of a companion (resolvers/companion_presets.py)."""

    CALM_LISTENER = "CALM_LISTENER"
    LIVELY_FRIEND = "LIVELY_FRIEND"
    PLAIN_ASSISTANT = "PLAIN_ASSISTANT"


class ToolOutcome(enum.Enum):
    """The outcome of a tool call of the model. SKIPPED: its results were left out of the prompt, because the user's tokens did not suffice for them."""

    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


class ApiScope(enum.Enum):
    """A thing that a personal access token allows. READ_SENSITIVE adds what is about health or beliefs to what the token may read."""

    READ_IDENTITY = "READ_IDENTITY"
    READ_RELATIONSHIPS = "READ_RELATIONSHIPS"
    READ_PREFERENCES = "READ_PREFERENCES"
    READ_HABITS = "READ_HABITS"
    READ_DECISIONS = "READ_DECISIONS"
    READ_OWN = "READ_OWN"
    READ_SENSITIVE = "READ_SENSITIVE"
    READ_DIARY = "READ_DIARY"
    QUOTES = "QUOTES"
    SUGGEST = "SUGGEST"


class ApiTool(enum.Enum):
    """The tools of the MCP endpoint, by the names in upper case that clients call them by."""

    PROFILE = "PROFILE"
    DIARY_DAYS = "DIARY_DAYS"
    DIARY_DAY = "DIARY_DAY"
    SEARCH = "SEARCH"
    SUGGEST_VALUE = "SUGGEST_VALUE"


class ApiUseOutcome(enum.Enum):
    """The outcome of a tool call with a personal access token."""

    DONE = "DONE"
    REFUSED = "REFUSED"
