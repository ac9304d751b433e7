"""The messages of the demonstration's two users, in their own languages, on four consecutive days."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One message: the hour of the user's day, and the text."""

    hour: int
    words: str


@dataclass(frozen=True)
class Person:
    """A user of the demonstration. `question` is asked after the nightly jobs; then the value in the slot `outdated` is judged to be outdated, and
    `wish` is sent, which is remembered, and undone."""

    email: str
    nickname: str
    time_zone: str
    locale: str
    days: tuple[tuple[Said, ...], ...]
    question: str
    outdated: str
    wish: str


PEOPLE = (
    Person(
        "emma@example.org", "Emma", "Europe/London", "en",
        (
            (
                Said(8, "Good morning! I live in Bristol and I work as a nurse at the children's hospital."),
                Said(20, "I went for a run along the harbour after my shift. I felt exhausted but happy."),
            ),
            (
                Said(7, "I usually get up at six to go running before work."),
                Said(21, "My sister Kate came over and we cooked a curry. I love spicy food."),
            ),
            (
                Said(12, "I'm worried about the night shifts next month. Should I talk to my manager?"),
                Said(21, "I decided to talk to my manager tomorrow morning. I make big decisions best in the morning."),
            ),
            (
                Said(9, "Big news: I have just moved to Bath! The new flat is near the river."),
                Said(22, "I talked to my manager and she took me off the night shifts. I'm so relieved."),
                Said(23, "I have my driving test in two weeks."),
            ),
        ),
        "What do you know about me?",
        "IDENTITY_OCCUPATION",
        "Please remember that I speak Portuguese.",
    ),
    Person(
        "wei@example.org", "李伟", "Asia/Shanghai", "zh-CN",
        (
            (
                Said(9, "早上好！我住在杭州，我是一名软件工程师。"),
                Said(22, "今天加班到很晚，我有点累，不过新功能终于上线了，很开心。"),
            ),
            (
                Said(7, "我每天早上六点起床跑步，跑完步一整天都有精神。"),
                Said(20, "晚上和妹妹一起吃了火锅，我很喜欢吃辣。"),
            ),
            (
                Said(13, "下个月要不要申请转到新的团队？我有点犹豫。"),
                Said(21, "我决定明天上午跟主管谈一谈。我喜欢在早上做重要的决定。"),
            ),
            (
                Said(11, "我跟主管谈过了，下个月我就去新的团队，真是松了一口气。"),
                Said(21, "周末我去西湖边散步，拍了很多照片。我喜欢摄影。"),
                Said(22, "两周后我要参加摄影比赛。"),
            ),
        ),
        "你知道我什么？",
        "IDENTITY_OCCUPATION",
        "请记住我会说粤语。",
    ),
)
