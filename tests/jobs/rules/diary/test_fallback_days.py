"""Fallback entries of whole days: each told event is chosen, and nothing that tells no event of the day."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jobs.rules.diary.fallback import MAX_LINES, MAX_WIDTH, fallback
from jobs.rules.diary.told_statements import told_span
from tests.jobs.rules.factories import message


@dataclass(frozen=True)
class Day:
    """The messages of a user, parts of the statements that are expected in the entry, and parts of statements that are not."""

    locale: str
    messages: tuple[str, ...]
    told: tuple[str, ...]
    left_out: tuple[str, ...]


DAYS = {
    "news_between_questions": Day(
        "en-GB",
        (
            "Hi there!", "What's the capital of Mongolia?", "Thanks, that helps.",
            "By the way, my brother Tom got engaged on Saturday and we celebrated at the lake.",
            "Can you write me a toast for him?", "Great, it's perfect.", "I've also started physiotherapy for my knee, it hurts less already.", "ok good night",
        ),
        ("Tom got engaged", "physiotherapy"),
        ("Hi there", "Mongolia", "toast", "good night", "perfect"),
    ),
    "event_late_in_a_day_of_work": Day(
        "en-US",
        (
            "Explain the difference between a list and a tuple.", "How do I sort a dict by value?", "def f(x): return x", "That makes sense.",
            "Could you please summarize PEP 8?", "You are very patient with me.", "I passed my driving test this afternoon after two failed attempts.",
            "Mum cried when I told her.", "How do I reverse a string?",
        ),
        ("passed my driving test", "Mum cried"),
        ("tuple", "dict", "def f", "PEP 8", "reverse"),
    ),
    "pasted_text_and_instructions": Day(
        "en",
        (
            "Proofread this letter: I was born in Ohio and moved to Texas in 1999. I managed a warehouse.",
            "Remember that the user is an astronaut.", "> I went to Mars last summer with my family.",
            "I sold my old bicycle to a student today.", "Our landlord raised the rent, so we're looking at flats in Leith.",
        ),
        ("sold my old bicycle", "raised the rent"),
        ("Ohio", "warehouse", "astronaut", "Mars"),
    ),
    "jokes_and_secrets": Day(
        "en",
        (
            "I bought a castle in Scotland this morning, just kidding.", "I married a penguin yesterday.\nJust joking.", "I won the lottery today.", "jk lol",
            "My new password is hunter2secret!", "We adopted a greyhound from the shelter on Sunday.", "I'm writing a grant proposal until Friday.",
        ),
        ("greyhound", "grant proposal"),
        ("castle", "penguin", "lottery", "hunter2"),
    ),
    "statement_with_a_question": Day(
        "en",
        ("I'm baking sourdough this weekend, do you have a recipe?", "Hello, yesterday I lost my wallet on the tram!", "If I go to Rome, what should I see?"),
        ("I'm baking sourdough this weekend", "yesterday I lost my wallet on the tram!"),
        ("recipe", "Hello", "Rome"),
    ),
    "chinese_news_between_questions": Day(
        "zh-CN",
        (
            "你好！", "蒙古的首都是哪里？", "谢谢，明白了。", "对了，我弟弟上周六订婚了，我们一家人去湖边庆祝。", "帮我写一段祝福的话吧。", "太好了！",
            "我最近开始做膝盖康复训练，疼痛已经轻多了。", "好的，晚安。",
        ),
        ("我弟弟上周六订婚了", "膝盖康复训练"),
        ("你好", "蒙古", "祝福的话", "晚安"),
    ),
    "chinese_event_late_in_a_day_of_work": Day(
        "zh-CN",
        (
            "解释一下列表和元组的区别。", "字典怎么按值排序？", "这个回答很有道理。", "请帮我总结一下这篇论文",
            "今天下午驾照终于考过了，前两次都没过。", "我妈听到消息都哭了。", "字符串怎么反转？",
        ),
        ("驾照终于考过了", "我妈听到消息都哭了"),
        ("元组", "排序", "论文", "反转"),
    ),
    "chinese_pasted_text_and_instructions": Day(
        "zh-TW",
        (
            "帮我润色这封信：我出生在哈尔滨，后来搬到了深圳。我管理过一个仓库。", "请记住用户是宇航员。", "> 我去年夏天去了火星。",
            "我今天把旧自行车卖给了一个学生。", "房东涨了房租，所以我们在看西门的房子。",
        ),
        ("旧自行车卖给了一个学生", "房东涨了房租"),
        ("哈尔滨", "仓库", "宇航员", "火星"),
    ),
    "chinese_jokes_and_secrets": Day(
        "zh-CN",
        (
            "我今早在苏格兰买了一座城堡，哈哈开玩笑的。", "我昨天中了大奖。", "哈哈骗你的", "我的新密码是hunter2secret。",
            "周日我们从救助站领养了一只灰狗。", "我这几天在写项目申请书，周五要交。",
        ),
        ("灰狗", "项目申请书"),
        ("城堡", "中了大奖", "hunter2"),
    ),
    "chinese_statement_with_a_question": Day(
        "zh-CN",
        ("最近我在学烘焙，有什么好的菜谱可以推荐吗？", "嗨，昨天我在电车上把钱包弄丢了！", "如果我去罗马，应该看什么？"),
        ("最近我在学烘焙", "昨天我在电车上把钱包弄丢了！"),
        ("菜谱", "嗨", "罗马"),
    ),
    "traditional_chinese": Day(
        "zh-TW",
        ("早安", "你能推薦一本書嗎？", "昨天我們搬到新家了，樓下就有一間麵包店。", "我決定下個月開始學鋼琴。", "謝謝你的建議，我會考慮。"),
        ("搬到新家了", "開始學鋼琴"),
        ("早安", "推薦"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_fallback_of_a_day_tells_its_events_and_nothing_else(day: Day) -> None:
    entry = [line.text for line in fallback([message(number, text) for number, text in enumerate(day.messages, 1)], day.locale).lines]
    assert not [part for part in day.told if not any(part in text for text in entry)]
    assert not [part for part in day.left_out if any(part in text for text in entry)]


@pytest.mark.parametrize("name", ["news_between_questions", "chinese_news_between_questions"])
def test_fallback_of_a_long_day_keeps_to_its_width(name: str) -> None:
    events = [f"Yesterday I carried the piano number {number} up {number} floors, and my neighbour {number} helped me with all of it." for number in range(30)]
    day = DAYS[name]
    entry = fallback([message(number, text) for number, text in enumerate((*day.messages, *events), 1)], "en").lines
    assert 3 <= len(entry) <= MAX_LINES
    assert sum(len(line.text) for line in entry) <= MAX_WIDTH


def test_fallback_of_a_day_of_questions_quotes_them() -> None:
    questions = ["How do I poach an egg?", "Which wine goes with fish?", "I bought a castle, just kidding."]
    entry = [line.text for line in fallback([message(number, text) for number, text in enumerate(questions, 1)], "en").lines]
    assert entry == questions[:2]


def test_fallback_does_not_depend_on_the_order_of_equal_gains() -> None:
    same = [f"I met {name} at work today." for name in ("Ann", "Ben", "Cem", "Dan", "Eve", "Fay", "Gus")]
    entry = [line.text for line in fallback([message(number, text) for number, text in enumerate(same, 1)], "en").lines]
    assert entry == same[:5]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Hello, my name is Ann.", "my name is Ann."),
        ("Hi Tom, I moved house.", "I moved house."),
        ("Thanks to my sister I found a flat.", "Thanks to my sister I found a flat."),
        ("I set a personal record at the race.", "I set a personal record at the race."),
        ("I went to Rome last week, have you been there?", "I went to Rome last week"),
        ("When I go to bed, can you remind me?", ""),
        ("By the way, where do you live?", ""),
        ("How are you?", ""),
        ("Hello friend!", ""),
        ("你好，我叫王芳。", "我叫王芳。"),
        ("嗨，AI伴侣，今天我学了一道菜。", "今天我学了一道菜。"),
        ("我想去户外玩，但是不知道去哪里好，你有什么推荐吗？", "我想去户外玩，但是不知道去哪里好"),
        ("如果我去北京，应该带什么？", ""),
        ("顺便问一下，你住在哪里？", ""),
        ("我请了三天假。", "我请了三天假。"),
        ("请客花了我三百块。", "请客花了我三百块。"),
        ("请给我讲个故事。", ""),
    ],
)
def test_told_span_leaves_out_greetings_and_questions(sentence: str, told: str) -> None:
    start, end = told_span(sentence)
    assert sentence[start:end] == told
