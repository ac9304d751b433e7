"""Names and descriptions of the profile's slots in the languages of the API's texts for users: English and Chinese."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jobs.rules.slots import SLOTS
from resolvers.locales import is_chinese

LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "identity.name": ("Name", "姓名"),
    "identity.form_of_address": ("How to address me", "称呼"),
    "identity.birthday": ("Birthday", "生日"),
    "identity.languages": ("Languages", "语言"),
    "identity.occupation": ("Occupation", "职业"),
    "identity.industry": ("Industry", "行业"),
    "identity.position": ("Position", "职位"),
    "identity.home": ("Lives in", "居住地"),
    "identity.places": ("Places", "去处与地方"),
    "identity.possessions": ("Belongings", "物品"),
    "identity.health": ("Health", "健康状况"),
    "identity.allergies": ("Allergies", "过敏与不耐受"),
    "identity.beliefs": ("Beliefs", "信仰与信念"),
    "relationships.status": ("Relationship", "感情状况"),
    "relationships.people": ("Close to", "亲近的人"),
    "relationships.pets": ("Pets", "宠物"),
    "relationships.dates": ("Dates of others", "他人的重要日子"),
    "preferences.activities": ("Likes to do", "爱好"),
    "preferences.social": ("With other people", "社交偏好"),
    "preferences.work_style": ("Likes to work", "工作方式"),
    "preferences.stress_coping": ("Helps against stress", "缓解压力的方式"),
    "preferences.food": ("Food and drink", "饮食偏好"),
    "preferences.media": ("Books, films, music", "书影音"),
    "habits.sleep": ("Sleep", "作息"),
    "habits.work_hours": ("Working hours", "工作时间"),
    "habits.exercise": ("Exercise", "运动习惯"),
    "habits.meals": ("Meals", "用餐习惯"),
    "decisions.goals": ("Goals", "目标"),
    "decisions.time_of_day": ("Best time to decide", "适合做决定的时间"),
    "decisions.meetings": ("Meetings", "开会偏好"),
    "decisions.energy_peaks": ("Most energy", "精力最好的时候"),
    "decisions.conflict_style": ("In a conflict", "处理冲突的方式"),
    "decisions.rules": ("Principles", "做事原则"),
}
"""English and Chinese name by the slot's key."""

_CHINESE_GUIDES: Final[Mapping[str, str]] = {
    "identity.name": "本人的姓名，例如陈薇、Anna Berg",
    "identity.form_of_address": "希望别人怎么称呼自己，例如小陈、陈博士、您",
    "identity.birthday": "本人的生日，包括月和日，说过年份的也包括年份，例如 5月2日、1990-05-02",
    "identity.languages": "会说或正在学的语言，例如普通话、葡萄牙语",
    "identity.occupation": "职业或专业，例如护士、物理系学生",
    "identity.industry": "所在行业，例如医疗、软件、教育",
    "identity.position": "职级或在单位里的角色，例如组长、实习生、创始人",
    "identity.home": "目前居住的城市、地区或国家，不含旅行目的地",
    "identity.places": "住处以外的、生活中的地方，例如老家昆明、浦东的办公室",
    "identity.possessions": "自己的、常提到的物品，例如红色的折叠自行车、爷爷的手表",
    "identity.health": "健康状况、残障和治疗，例如哮喘、每天两次胰岛素",
    "identity.allergies": "过敏和不耐受，例如花生、乳糖",
    "identity.beliefs": "宗教、哲学和政治方面的信仰与信念，例如佛教徒、无神论者",
    "relationships.status": "感情状况，例如单身、恋爱中、已婚、离异、丧偶",
    "relationships.people": "亲近的人，包括关系和名字，例如妹妹小雨、朋友李雷",
    "relationships.pets": "宠物，包括种类和名字，例如小狗可可",
    "relationships.dates": "他人的重要日子，包括是谁的和哪一天，例如妈妈的生日3月8日、结婚纪念日6月12日",
    "preferences.activities": "喜欢做的事，例如徒步、下棋、画画",
    "preferences.social": "喜欢怎样与人相处，例如小圈子、晚上独处",
    "preferences.work_style": "喜欢怎样工作，例如在家办公、团队合作、有截止日期",
    "preferences.stress_coping": "缓解压力的办法，例如跑步、听音乐、找朋友聊天",
    "preferences.food": "喜欢的饮食和饮食方式，例如川菜、素食",
    "preferences.media": "喜欢的书、电影、音乐、游戏、节目和艺术家",
    "habits.sleep": "平时的睡眠时间和方式，用一句话概括，例如 23:00 到 6:30",
    "habits.work_hours": "平时的工作时间，例如朝九晚六、夜班",
    "habits.exercise": "规律的运动及其频率，例如每天早上跑步、周日瑜伽",
    "habits.meals": "平时的用餐方式，例如不吃早饭、在家做饭",
    "decisions.goals": "想要达成的目标，例如跑完一场马拉松、学会吉他",
    "decisions.time_of_day": "适合做决定的时段，例如早上",
    "decisions.meetings": "偏好的会议形式，例如简短、下午、视频",
    "decisions.energy_peaks": "一天里精力最好的时候，例如清晨、晚饭后",
    "decisions.conflict_style": "平时处理冲突的方式，例如当场说开、先睡一觉再说",
    "decisions.rules": "做决定的原则，例如从不借钱、家人优先",
}


def label(key: str, locale: str) -> str:
    return LABELS[key][is_chinese(locale)]


def description(key: str, locale: str) -> str:
    """Return what belongs into a slot of the table, in the language of `locale`."""
    if is_chinese(locale):
        return _CHINESE_GUIDES[key]
    guide = SLOTS[key].guide
    return f"{guide[0].upper()}{guide[1:]}"
