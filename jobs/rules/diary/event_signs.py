# ruff: noqa: E501 - a table of patterns reads by its rows
"""The signs by which a statement is an event of its user's day or not: a table, each with statements that have the sign and that do not.

A diary tells what the user did, met and plans. In a chat such statements stand between comments on what the assistant said, advice and opinions; the
signs tell them apart without understanding them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jobs.rules.text.normalization import is_cjk

_ED: Final = r"(?!(?:need|feed|seed|weed|speed|indeed|bed|red|shed|exceed|proceed|succeed|embed|hundred|sacred|naked|wicked|kindred)\b)\w{2,}ed"
_IRREGULAR: Final = (
    "ate|became|began|broke|brought|built|bought|came|caught|chose|did|drank|drove|fell|felt|flew|forgot|fought|found|gave|got|grew|had|heard|held|kept|knew|learnt|led|left|lost|made"
    "|met|paid|ran|rode|said|sang|sat|saw|sent|slept|sold|spent|spoke|stood|swam|taught|thought|told|took|was|went|were|woke|won|wore|wrote"
)
_PAST: Final = rf"(?:{_IRREGULAR}|cut|hit|hurt|let|put|quit|read|set|{_ED})"
_PARTICIPLE: Final = rf"(?:been|begun|broken|chosen|done|driven|eaten|fallen|gone|had|made|met|ridden|seen|taken|won|written|found|left|lost|bought|got|{_ED})"
_ADVERB: Final = r"(?:(?:just|also|actually|recently|finally|even|already|really|totally|both|all|only|never|always|still|once|then|almost|nearly)\s+){0,2}"
_SUBJECT: Final = r"(?:i|we|he|she|they|\w+\sand\si|(?:my|our)\s\w+(?:\s(?!and\b)\w+){0,2}?(?:\sand\si)?)"
_DONE_ZH: Final = (
    "去|来|來|回|到|见|見|看|听|聽|买|買|做|吃|喝|学|學|写|寫|读|讀|跑|爬|拍|遇|碰|搬|换|換|试|試|拿|找|考|辞|辭|升|结|結|离|離|赢|贏|输|輸|丢|丟|坏|壞|修|送|收|借|还|還|卖|賣|养|養|带|帶|陪|帮|幫|摔|吵|分手|逛|练|練|病|住|打|玩|报名|報名|预订|預訂|注册|通过|通過|发生|發生|出|花|哭|生"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of what a statement tells. `factor` multiplies the weight of a statement that has it, once however often it occurs."""

    name: str
    factor: float
    english: re.Pattern[str]
    chinese: re.Pattern[str]
    having: tuple[str, ...]
    """Example statements that have the sign."""
    lacking: tuple[str, ...]
    """Example statements that look alike and do not have it."""


def _sign(name: str, factor: float, english: str, chinese: str, having: tuple[str, ...], lacking: tuple[str, ...]) -> Sign:
    return Sign(name, factor, re.compile(english, re.IGNORECASE), re.compile(chinese), having, lacking)


SIGNS: Final = (
    _sign(
        "EVENT", 2.5,
        rf"\b{_SUBJECT}\s{_ADVERB}{_PAST}\b|\b(?:i|we)(?:['’]ve|\shave)\s{_ADVERB}{_PARTICIPLE}\b|\b(?:i|we)(?:['’]m|['’]re|\sam|\sare)\s{_ADVERB}\w{{3,}}ing\b"
        rf"|^\W*{_ADVERB}(?:{_IRREGULAR}|{_ED})\s(?!by\b|on\b)",
        rf"(?:{_DONE_ZH})[^\W\d]{{0,2}}?(?:了(?![解不])|过(?![程度分敏])|過(?![程度分敏])|[到完])|正在|[最近一直都还還]在(?=[^\W])|学会|學會|开始|開始|完成|终于|終於|决定|決定|参加|參加|收到|发现|發現",
        ("I went to a concert yesterday.", "My sister Anna got the job.", "We've moved.", "I'm reading a novel.", "Finished the report.", "我昨天买了一辆车。", "今天终于交了报告。", "最近在学吉他。"),
        ("I like concerts.", "I need a break.", "It is a nice job.", "我喜欢车。", "我对花生过敏。", "我了解你。"),
    ),
    _sign(
        "PLAN", 1.3,
        r"\b(?:gonna|decid(?:e|ed|ing)|plan(?:s|ning|ned)?\s(?:to|on|for|a)|going\sto|thinking\s(?:of|about)|about\sto|signed\sup)\b",
        r"决定|決定|打算|计划|計劃|准备|準備|约好|約好|报名|報名|[我们們].{0,4}(?:要去|想去)",
        ("We plan to open a bakery.", "I'm gonna call the bank.", "我打算五月开店。"),
        ("I like plans.", "我有一家店。"),
    ),
    _sign(
        "TIME", 1.3,
        r"\b(?:today|tonight|tomorrow|yesterday|(?:last|next|this|past)\s(?:few\s|couple\s(?:of\s)?)?(?:night|morning|afternoon|evening|days?|weeks?|weekend|months?|year|summer|winter|spring|fall|autumn|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
        r"|(?:days?|weeks?|months?|years?)\sago|the\sother\sday|recently|lately|first\stime|finally|(?:on|since)\s\w+day)\b",
        r"今[天早晚]|昨[天晚]|前天|明[天早晚]|后天|後天|刚[才刚]|剛[才剛]|最近|这几天|這幾天|[上下]周|[上下]週|[上下][个個]?月|[周週][一二三四五六日末]|星期|早上|上午|中午|下午|晚上|第一次|终于|終於",
        ("It broke last Friday.", "三天前的晚上下雨。"),
        ("It may last.", "我喜欢雨。"),
    ),
    _sign(
        "SELF", 1.3,
        r"\b(?:i|i['’]\w+|my|me|we|we['’]\w+|our|mine|myself|us)\b",
        r"[我咱俺私僕]",
        ("It hit me.", "妈妈给我做饭。"),
        ("It is in there.", "今天下雨。"),
    ),
    _sign(
        "SECOND_PERSON", 0.4,
        r"\b(?:you|your|yours|yourself|you['’]\w+|ya)\b",
        r"[你您妳]",
        ("You did well.", "你真好。"),
        ("Youth is short.", "他很好。"),
    ),
    _sign(
        "COMMENT", 0.5,
        r"^\W*(?:wow|whoa|woah|congrat\w*|sounds|looks|great|awesome|nice|cool|glad|sorry|absolutely|definitely|totally|exactly|agreed|of\scourse|no\s(?:worries|problem)|good|oh|haha|aw+|omg"
        r"|(?:that|this|it|they)['’](?:s|re)|(?:that|this|these|those|it)\s(?:is|are|sounds?|looks?|must|seems?|makes?|advice|methods?|suggestions?|ideas?)|keep|take\scare|let['’]s|don['’]t|can['’]t\swait)\b",
        r"^\W*(?:哇|哎呀|感谢|感謝|哈哈|没问题|沒問題|当然|當然|真[的是]?[好棒不]|太[好棒]了|听起来|聽起來|听你|这(?:个|些|真|听|主意|建议|确实|都|是)|這(?:個|些|真|聽|主意|建議|確實|都|是)|那就|不错|不錯|不用谢|不客气|没关系|很有道理)",
        ("Wow, that is wild.", "It's important to rest.", "Those methods seem practical.", "这听起来不错。"),
        ("The wow effect was there.", "我听起来像感冒了。"),
    ),
    _sign(
        "REPLY", 0.4,
        r"\b(?:i|we)(?:['’]ll|\swill)\s(?:\w+ly\s)?(?:try|consider|think|keep|remember|check|do\smy\sbest|take\s(?:a\slook|your|it)|look\sinto|give\sit)\b|\bthank(?:s|\syou)\b|\bi\s(?:see|agree|understand|got\sit|know)\b\W*(?:$|,)",
        r"我会(?:.{0,3}(?:注意|考虑|试|尝试|努力|记住|看看|去看|继续|好好|认真|谨记|虚心|参考))|我(?:明白|知道|懂)了|谢谢|感谢|謝謝|感謝|我会的|你的?(?:建议|指导|帮助|推荐)",
        ("I will try my best.", "Thank you for your help.", "我会考虑你的建议。"),
        ("I tried my best.", "我考虑换工作。"),
    ),
)  # fmt: skip


def weigh(statement: str) -> float:
    """Return the weight of a statement: the product of the factors of its signs, 1 if it has none."""
    chinese = has_cjk(statement)
    weight = 1.0
    for sign in SIGNS:
        if sign.english.search(statement) or (chinese and sign.chinese.search(statement)):
            weight *= sign.factor
    return weight


def has_cjk(text: str) -> bool:
    return not text.isascii() and any(map(is_cjk, text))
