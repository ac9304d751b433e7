"""Diary requests shared by several tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from llm.diary import DayMessage, DayRequest, SlotGuide

SHANGHAI = timezone(timedelta(hours=8))
DAY = date(2024, 5, 3)
SLOTS = (
    SlotGuide("identity.home", False, "where the person lives"),
    SlotGuide("identity.occupation", False, "what the person does for a living"),
    SlotGuide("preferences.activities", True, "what the person likes to do"),
    SlotGuide("habits.exercise", True, "how and when the person exercises"),
)
ENGLISH = (
    ("user", "Hi! I live in Chengdu and I work as a nurse."),
    ("assistant", "I live in Paris and I like chess."),
    ("user", "Yesterday I went for a run along the river. It was really relaxing."),
    ("user", "I decided to sign up for the spring race. Should I also change my shifts?"),
)
CHINESE = (
    ("user", "你好！我住在成都，我是一名护士。"),
    ("assistant", "我住在巴黎，我喜欢下棋。"),
    ("user", "昨天我去了河边跑步，感觉非常放松。"),
    ("user", "我决定报名春天的比赛。我该不该换班呢？"),
)


def request(said: tuple[tuple[str, str], ...], *, known: tuple[str, ...] = (), rejected: tuple[str, ...] = ()) -> DayRequest:
    start = datetime(2024, 5, 3, 4, tzinfo=SHANGHAI)
    messages = [
        DayMessage(number, "user" if role == "user" else "assistant", start + timedelta(hours=number), text)
        for number, (role, text) in enumerate(said, start=1)
    ]
    end = start + timedelta(days=1)
    return DayRequest(DAY, "Asia/Shanghai", start, end, "zh-CN", "Lin", messages, SLOTS, known, rejected)
