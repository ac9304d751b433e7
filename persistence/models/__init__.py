"""ORM models of the tables. In every table of user data, keys and foreign keys begin with `user_id`, so no row can refer to another user's.

A module of models is imported when one of its classes is first accessed here: mapping all tables would take an eighth of a cold start.
Access to `Model` imports every table, so that a migration misses none.
"""
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persistence.models.account import RefreshToken, SignIn, Usage, UsageCost, User, UserChange, UserStorage
    from persistence.models.api_tokens import ApiToken, ApiTokenUse
    from persistence.models.base import Model
    from persistence.models.changes import RowChange
    from persistence.models.chat import ActiveDay, Conversation, ConversationBranch, DeletedDigest, Message
    from persistence.models.companions import CompanionVersion
    from persistence.models.diary import Diary, DiaryDeletion, DiaryLine, DiaryVersion, EventQuestion, LineDeletion, LineEvidence, Signal, SignalEvidence
    from persistence.models.imports import ChatImport, ChatImportPart, ImportedLine, ImportedValue
    from persistence.models.jobs import JobAttempt, JobItem, JobRun
    from persistence.models.limits import JobTokenBudget, ModelPause, ModelRateBucket, ModelSlot, NightShare, Throttle
    from persistence.models.profile import DisputeQuestion, OwnSlot, ProfileAlias, ProfileChange, ProfileUpdateDue, ProfileValue, Verdict
    from persistence.models.search import DiaryTerms, MessageTerms, SearchState, SearchSweep
    from persistence.models.sources import JudgedSource
    from persistence.models.streams import AnswerStream

_SLICES = {
    "account": ("RefreshToken", "SearchState", "SearchSweep", "SignIn", "Usage", "UsageCost", "User", "UserChange", "UserStorage"),
    "api_tokens": ("ApiToken", "ApiTokenUse"),
    "changes": ("RowChange",),
    "chat": ("ActiveDay", "Conversation", "ConversationBranch", "DeletedDigest", "Message"),
    "companions": ("CompanionVersion",),
    "diary": ("Diary", "DiaryDeletion", "DiaryLine", "DiaryVersion", "EventQuestion", "LineDeletion", "LineEvidence", "Signal", "SignalEvidence"),
    "imports": ("ChatImport", "ChatImportPart", "ImportedLine", "ImportedValue"),
    "jobs": ("JobAttempt", "JobItem", "JobRun"),
    "limits": ("JobTokenBudget", "ModelPause", "ModelRateBucket", "ModelSlot", "NightShare", "Throttle"),
    "profile": ("DisputeQuestion", "OwnSlot", "ProfileAlias", "ProfileChange", "ProfileUpdateDue", "ProfileValue", "Verdict"),
    "search": ("DiaryTerms", "MessageTerms", "SearchState", "SearchSweep"),
    "sources": ("JudgedSource",),
    "streams": ("AnswerStream",),
}
_SLICE_OF = {table: name for name, tables in _SLICES.items() for table in tables}

__all__ = [
    "ActiveDay", "AnswerStream", "ApiToken", "ApiTokenUse", "ChatImport", "ChatImportPart", "CompanionVersion", "Conversation",
    "ConversationBranch", "DeletedDigest",
    "Diary", "DiaryDeletion", "DiaryLine", "DiaryTerms", "DiaryVersion", "DisputeQuestion", "EventQuestion", "ImportedLine", "ImportedValue",
    "JobAttempt", "JobItem", "JudgedSource",
    "JobRun", "LineDeletion", "LineEvidence", "Message", "MessageTerms", "Model", "ModelRateBucket", "ModelSlot", "JobTokenBudget", "NightShare",
    "ModelPause", "OwnSlot", "ProfileAlias", "ProfileChange", "ProfileUpdateDue", "ProfileValue", "RefreshToken", "RowChange", "SearchState",
    "SearchSweep", "SignIn", "Signal", "SignalEvidence", "Throttle", "Usage", "UsageCost", "User", "UserChange", "UserStorage", "Verdict",
]


def __getattr__(name: str) -> Any:
    if name == "Model":
        for slice_name in _SLICES:
            import_module(f"{__name__}.{slice_name}")
        return import_module(f"{__name__}.base").Model
    if name in _SLICE_OF:
        return getattr(import_module(f"{__name__}.{_SLICE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
