"""ORM models of the tables. In every table of user data, keys and foreign keys begin with `user_id`, so no row can refer to another user's.

A module of models is imported when one of its classes is first accessed here: mapping all tables would take an eighth of a cold start.
Access to `Model` imports every table, so that a migration misses none.
"""
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persistence.models.account import RefreshToken, SignIn, Usage, UsageCost, User, UserStorage
    from persistence.models.base import Model
    from persistence.models.chat import ActiveDay, Conversation, Message
    from persistence.models.diary import Diary, DiaryDeletion, DiaryLine, DiaryVersion, LineDeletion, LineEvidence, Signal, SignalEvidence
    from persistence.models.jobs import JobAttempt, JobItem, JobRun
    from persistence.models.limits import JobTokenBudget, ModelPause, ModelRateBucket, ModelSlot, NightShare, Throttle
    from persistence.models.profile import DisputeQuestion, ProfileAlias, ProfileChange, ProfileValue, Verdict

_SLICES = {
    "account": ("RefreshToken", "SignIn", "Usage", "UsageCost", "User", "UserStorage"),
    "chat": ("ActiveDay", "Conversation", "Message"),
    "diary": ("Diary", "DiaryDeletion", "DiaryLine", "DiaryVersion", "LineDeletion", "LineEvidence", "Signal", "SignalEvidence"),
    "jobs": ("JobAttempt", "JobItem", "JobRun"),
    "limits": ("JobTokenBudget", "ModelPause", "ModelRateBucket", "ModelSlot", "NightShare", "Throttle"),
    "profile": ("DisputeQuestion", "ProfileAlias", "ProfileChange", "ProfileValue", "Verdict"),
}
_SLICE_OF = {table: name for name, tables in _SLICES.items() for table in tables}

__all__ = [
    "ActiveDay", "Conversation", "Diary", "DiaryDeletion", "DiaryLine", "DiaryVersion", "DisputeQuestion", "JobAttempt", "JobItem", "JobRun",
    "LineDeletion", "LineEvidence", "Message", "Model", "ModelRateBucket", "ModelSlot", "JobTokenBudget", "NightShare", "ModelPause", "ProfileAlias",
    "ProfileChange", "ProfileValue", "RefreshToken", "SignIn", "Signal", "SignalEvidence", "Throttle", "Usage", "UsageCost", "User",
    "UserStorage", "Verdict",
]


def __getattr__(name: str) -> Any:
    if name == "Model":
        for slice_name in _SLICES:
            import_module(f"{__name__}.{slice_name}")
        return import_module(f"{__name__}.base").Model
    if name in _SLICE_OF:
        return getattr(import_module(f"{__name__}.{_SLICE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
