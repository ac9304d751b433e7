"""Display names of a profile's slots, statuses and columns, in English and Chinese."""
from __future__ import annotations

NAMES: dict[str, tuple[str, str]] = {
    "IDENTITY_OCCUPATION": ("Occupation", "职业"),
    "IDENTITY_INDUSTRY": ("Industry", "行业"),
    "IDENTITY_POSITION": ("Position", "职位"),
    "IDENTITY_HOME": ("Lives in", "居住地"),
    "RELATIONSHIPS_STATUS": ("Relationship", "感情状况"),
    "RELATIONSHIPS_PEOPLE": ("Close to", "亲近的人"),
    "PREFERENCES_ACTIVITIES": ("Likes to do", "爱好"),
    "PREFERENCES_SOCIAL": ("With other people", "社交偏好"),
    "PREFERENCES_WORK_STYLE": ("Likes to work", "工作方式"),
    "PREFERENCES_STRESS_COPING": ("Helps against stress", "缓解压力的方式"),
    "PREFERENCES_FOOD": ("Food and drink", "饮食偏好"),
    "PREFERENCES_MEDIA": ("Books, films, music", "书影音"),
    "HABITS_SLEEP": ("Sleep", "作息"),
    "HABITS_WORK_HOURS": ("Working hours", "工作时间"),
    "HABITS_EXERCISE": ("Exercise", "运动习惯"),
    "HABITS_MEALS": ("Meals", "用餐习惯"),
    "DECISIONS_TIME_OF_DAY": ("Best time to decide", "适合做决定的时间"),
    "DECISIONS_MEETINGS": ("Meetings", "开会偏好"),
    "DECISIONS_ENERGY_PEAKS": ("Most energy", "精力最好的时候"),
    "DECISIONS_CONFLICT_STYLE": ("In a conflict", "处理冲突的方式"),
    "DECISIONS_RULES": ("Principles", "做事原则"),
}
"""English and Chinese name by the slot's name in the API."""

STATUSES: dict[str, tuple[str, str]] = {
    "ACTIVE": ("active", "成立"),
    "DISPUTED": ("disputed", "有争议"),
    "SUGGESTED": ("suggested", "建议"),
    "SUPERSEDED": ("superseded", "已被取代"),
    "REJECTED": ("rejected", "已否定"),
}

COLUMNS: tuple[tuple[str, str], ...] = (("slot", "方面"), ("value", "内容"), ("confidence", "把握"), ("status", "状态"), ("quotes", "原话"))
TITLE: tuple[str, str] = ("Profile of {}", "{}的画像")


def pick(names: tuple[str, str], locale: str) -> str:
    """Return the name in the language of `locale`."""
    return names[locale.startswith("zh")]
