"""The tables. Every personal row carries its person: keys and foreign keys begin with `user_id`, so no row can refer to another person's."""
from persistence.models.account import RefreshToken, SignIn, Usage, User
from persistence.models.base import Model
from persistence.models.chat import ActiveDay, Conversation, Message
from persistence.models.diary import Diary, DiaryDeletion, DiaryLine, DiaryVersion, LineDeletion, LineEvidence, Signal, SignalEvidence
from persistence.models.jobs import JobAttempt, JobItem, JobRun
from persistence.models.limits import ModelPace, ModelSlot, NightBudget, Pause
from persistence.models.profile import ProfileAlias, ProfileChange, ProfileValue, Verdict

__all__ = [
    "ActiveDay", "Conversation", "Diary", "DiaryDeletion", "DiaryLine", "DiaryVersion", "JobAttempt", "JobItem", "JobRun", "LineDeletion",
    "LineEvidence", "Message", "Model", "ModelPace", "ModelSlot", "NightBudget", "Pause", "ProfileAlias", "ProfileChange", "ProfileValue", "RefreshToken", "SignIn", "Signal", "SignalEvidence", "Usage", "User",
    "Verdict",
]
