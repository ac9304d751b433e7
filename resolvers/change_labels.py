"""Short names of the causes and effects of profile changes in the languages of the API's texts for users: English and Chinese."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from resolvers.locales import is_chinese

CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "NIGHT": ("Daily update", "每日更新"),
    "WEEK": ("Weekly review", "每周回顾"),
    "MESSAGE_EDITED": ("You edited a message", "您修改了消息"),
    "MESSAGE_DELETED": ("You deleted messages", "您删除了消息"),
    "CONVERSATION_PLAY": ("You marked a conversation as play", "您把对话标为角色扮演"),
    "DIARY_EDITED": ("You edited a diary", "您修改了日记"),
    "DIARY_REWRITTEN": ("You had a diary rewritten", "您重写了日记"),
    "DIARY_DELETED": ("You deleted a diary", "您删除了日记"),
    "VALUE_SET": ("You set a value", "您设定了内容"),
    "VALUE_LOCKED": ("You locked a value", "您锁定了内容"),
    "VALUE_UNLOCKED": ("You unlocked a value", "您解锁了内容"),
    "VALUE_REJECTED": ("You rejected a value", "您否定了内容"),
    "VALUE_ENDED": ("You said that it is over", "您说它已过时"),
    "VERDICT_UNDONE": ("You took a verdict back", "您撤回了判断"),
    "VALUE_ERASED": ("You erased a value", "您抹去了内容"),
    "SLOT_UPDATED": ("You changed a slot of your own", "您修改了自定义栏目"),
    "PROFILE_REVERTED": ("You went back to an earlier state", "您恢复到较早的状态"),
    "PROFILE_IMPORTED": ("You imported an account", "您导入了账号"),
    "MEMORY_IMPORTED": ("You imported a memory text", "您导入了记忆文本"),
    "ASSISTANT_SUGGESTED": ("Another assistant suggested it", "其他助手提出建议"),
    "VALUES_JOINED": ("A new version joined spellings", "新版本合并了不同写法"),
    "TOPICS_ERASED": ("You erased topics that are never kept", "您抹去了不保留的话题"),
    "COMPANION_DELETED": ("You deleted versions of the companion", "您删除了助手设定的旧版本"),
}
"""English and Chinese name by the cause."""

EFFECTS: Final[Mapping[str, tuple[str, str]]] = {
    "ADDED": ("Added", "新增"),
    "SET": ("Set by you", "由您设定"),
    "LOCKED": ("Locked", "锁定"),
    "UNLOCKED": ("Unlocked", "解锁"),
    "REJECTED": ("Rejected", "被否定"),
    "RESTORED": ("Holds again", "重新成立"),
    "SUGGESTED": ("Suggested", "列为建议"),
    "SUPERSEDED": ("No longer current", "不再是当前内容"),
    "DISPUTED": ("In dispute", "存在矛盾"),
    "STRENGTHENED": ("More certain", "更确定"),
    "WEAKENED": ("Less certain", "较不确定"),
    "EVIDENCE_REMOVED": ("Evidence removed", "依据减少"),
    "REWORDED": ("Reworded", "改写"),
    "CONTEXT_CHANGED": ("Context changed", "情境变化"),
    "GONE": ("Removed", "移除"),
}
"""English and Chinese name by the effect."""


def cause_label(cause: str, locale: str) -> str:
    return CAUSES[cause][is_chinese(locale)]


def effect_label(effect: str, locale: str) -> str:
    return EFFECTS[effect][is_chinese(locale)]
