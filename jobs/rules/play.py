"""Detection of messages with which role play or a game in words begins, in English and Chinese: "Let's play: you are a dragon", 你扮演医生，我扮演病人.

A conversation is never marked because of it: the user is offered to do so. What others play, what was played, sports, music and "imagine" without a part
begin nothing.
"""

from __future__ import annotations

import re
from typing import Final

MAX_CHARACTERS: Final = 400
_SPACE: Final = re.compile(r"\s+")
_PLAYED_WITH_THE_BODY: Final = (
    r"tennis|football|soccer|basketball|volleyball|badminton|golf|hockey|rugby|cricket|baseball|softball|ping.?pong|table tennis|squash|padel|pickleball|bowls|"
    r"darts|pool|billiards|chess online|cards with|mahjong with|piano|guitar|violin|drums|cello|"
    r"flute|music|song|songs|album|record|playlist|video|movie|some\s+\w+\s+music|"
    r"outside|outdoors|together with|it by ear|it safe|it cool|fair|nice|along|the lottery|hooky|hookey|the odds|the market|devil['’]?s advocate"
)
_LATER: Final = (
    r"tomorrow|tonight|yesterday|next\s+\w+|this\s+(?:weekend|evening|afternoon|week)|later|after\s+(?:work|school|lunch|dinner|class)|"
    r"(?:on|at|over)\s+(?:the\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|at\s+(?:the|my|his|her|your)\s+\w+|with\s+(?:my|the|our|him|her|them|[A-Z]\w+)|"
    r"at\s+\d|on\s+the\s+weekend|at\s+the\s+weekend"
)
_SOMEBODY: Final = r"(?:a|an|the|my|our|some)\s+\w"
_START: Final = r"(?:^|[.!?\n,;:—-]\s*|\b(?:so|now|ok|okay|hey|hi|please|and|then|well)[\s,]+)"
_ASK: Final = (
    r"(?:(?:can|could|will|would)\s+(?:you|we)\s+(?:please\s+)?|(?:i(?:['’]d|\s+would)?\s+(?:like|want|love)|i\s+need)\s+(?:you\s+)?to\s+|"
    r"(?:do\s+you\s+)?want\s+to\s+|how\s+about\s+(?:we\s+)?|shall\s+we\s+)"
)
_GAMES: Final = (
    r"(?:a|another|some)\s+(?:little\s+|quick\s+|fun\s+|short\s+)?(?:\w+[\s-]){0,2}(?:game|role|scene|adventure|campaign|rpg|roleplay|role-play|character)|pretend|make[\s-]believe|"
    r"(?:twenty|20)\s+questions|trivia|hangman|word\s+association|truth\s+or\s+dare|would\s+you\s+rather|two\s+truths|i\s+spy|detectives?\b|doctors?\b|"
    r"house\b(?!\s*music)|school\b|shop\b|pirates|knights|spies|dungeons|d\s?&\s?d|an?\s+(?:rpg|text\s+adventure)|never\s+have\s+i\s+ever|charades"
)
_ASKED: Final = "|".join((
    rf"(?:{_ASK})?(?:let['’]?s|let\s+us|lets)?\s*(?:play|do|start|try|have|run|begin)\s+(?:{_GAMES})",
    r"(?:let['’]?s|lets|let\s+us)\s+play(?:\s*[!.:]|\s*$|\s*[,:—-]\s*(?:you|i)\b|\s+(?:that\s+)?(?:you(?:['’]re|\s+are)|i(?:['’]m|\s+am)|we(?:['’]re|\s+are))\b)",
    rf"(?:{_ASK})?(?:let['’]?s\s+)?(?:do\s+(?:a\s+|some\s+)?)?role[\s-]?play(?:ing)?(?!\w|\s+(?:games?\s+(?:are|is|were)|is|was|has|can|as\s+a\s+hobby))",
    r"let['’]?s\s+(?:pretend|make\s+believe|improvise|act\s+out|imagine\s+(?:that\s+)?(?:you(?:['’]re|\s+are)|i(?:['’]m|\s+am)|we(?:['’]re|\s+are)))\b",
    rf"(?:{_ASK})?pretend\s+(?:that\s+)?(?:to\s+be\s+|you(?:['’]re|\s+are|\s+were)\s+|i(?:['’]m|\s+am)\s+|we(?:['’]re|\s+are)\s+)(?!(?:asleep|sick|ill|fine|not|happy|ok|okay|deaf|busy)\b)",
    r"(?:i(?:['’]d\s+like|\s+(?:would\s+like|want|need))\s+you\s+to|(?:can|could|would|will)\s+you(?:\s+please)?)\s+be\s+(?:a|an|the|my)\s+(?!part\b|bit\b|friend\b|help\b|guest\b|member\b|little\b|good\b|better\b)\w[^.!?\n]{0,40}(?<!\bwhen\b)$",
    rf"act\s+(?:like|as\s+if|as\s+though)\s+you(?:['’]re|\s+are|\s+were)\s+{_SOMEBODY}",
    r"(?:be|(?:speak|talk|answer|reply)(?:\s+to\s+me)?\s+as)\s+(?-i:[A-Z]\w+)(?:\s+(?-i:[A-Z]\w+))*\s*(?:for\s+me\b|$|[.!])",
    r"play\s+(?:a|an|the)\s+\w+\s+with\s+me\b",
    rf"(?:{_ASK})?(?:act|speak|talk|respond|answer|reply|behave)\s+(?:to\s+me\s+)?(?:as|like)\s+(?!if\b|though\b|a\s+team|soon|usual|normal|my\s+age|an?\s+adult|adults){_SOMEBODY}",
    rf"(?:{_ASK})?(?:play|take(?:\s+on)?|assume)\s+the\s+(?:role|part|character)\s+of\b",
    rf"(?:{_ASK})?be\s+(?:my\s+|the\s+|our\s+)(?:dungeon\s+master|game\s+master|dm|gm|narrator|storyteller\s+and|npc)\b",
    rf"from\s+now\s+on,?\s+you(?:['’]re|\s+are|\s+will\s+be)\s+{_SOMEBODY}",
    r"you(?:['’]re|\s+are)\s+now\s+(?:a|an|the)\s+(?!\w*(?:est|member|part|bit|little|winner)\b)\w",
    r"(?:you(?:['’]re|\s+are|['’]ll\s+be|\s+will\s+be|\s+be|\s+play)\s+(?:a|an|the|my)\s+[^.!?\n]{2,60}?[,.;]?\s+(?:and\s+)?i(?:['’]m|\s+am|['’]ll\s+be|\s+will\s+be|\s+play|\s+be)\s+(?:a|an|the|your)\s)",
    r"i(?:['’]ll|\s+will)\s+(?:be|play)\s+(?:a|an|the|your)\s+[^.!?\n]{2,60}?[,.;]?\s+(?:and\s+|while\s+)?you(?:['’]ll|\s+will)?\s*(?:be|play|are)\s+(?:a|an|the|my)\s",
    r"imagine\s+(?:that\s+)?you(?:['’]re|\s+are)\s+(?:a|an|the)\s+[^.!?\n]{2,80}?\bi(?:['’]m|\s+am)\s+(?:a|an|the|your)\s",
))
"""The patterns behind `_START`, which is tried once for all of them."""
_ENGLISH: Final = re.compile(
    "|".join((
        f"{_START}(?:{_ASKED})",
        r"^\s*(?:\[?rp\]?|ooc|ic)\s*[:\]]|^\s*\*\w+s\s[^*\n]{1,80}\*",
        r"\bstay\s+in\s+character\b|\bin[\s-]character\s+(?:as|from\s+now)\b|\btext[\s-](?:based\s+)?adventure\b(?=.*\b(?:start|begin|let['’]?s|i\s+am|you\s+are)\b)",
    )),
    re.IGNORECASE,
)
_NOT_ENGLISH: Final = re.compile(
    rf"\bplay\s+(?:a\s+(?:game|round|match|set|bit)\s+of\s+|some\s+|the\s+|a\s+|my\s+|your\s+|that\s+|this\s+)?(?:{_PLAYED_WITH_THE_BODY})\b|\bplay\b[^.!?\n]{{0,60}}?\b(?:{_LATER})\b|"
    r"\b(?:my|his|her|their|our)\s+(?:son|daughter|kids?|children|brother|sister|friends?|boss|teacher|colleagues?)\b[^.!?\n]{0,40}\b(?:pretend|play|act|role)|"
    r"\b(?:he|she|they)\s+(?:\w+\s+)?(?:pretend|play|act)",
    re.IGNORECASE,
)
_PART: Final = "(?:一?[个位名只条头匹台]|我的?|他|她|医生|老师|老板|面试官|客服|警察|侦探|国王|公主|皇帝|[\u4e00-\u9fff]{1,12})"
_CHINESE: Final = re.compile(
    "|".join((
        "(?:你|请你?|让你|想让你|要你|由你|麻烦你|能不能|可以)(?:来|先|现在|帮我)?扮演(?!过|得|的)",
        "(?:我们|咱们|咱俩|我俩|我想|想|来|一起|陪我|跟我|和我)(?:来|先|再|一起|想|和你|跟你)*(?:玩|做|开始|来)(?:一?[个场次局]|一下|会儿)?(?:[\u4e00-\u9fff]{0,6})?(?:角色扮演|游戏|过家家|跑团|猜谜|猜猜看|[\u4e00-\u9fff]{0,2}接龙|海龟汤|狼人杀|剧本杀|真心话大冒险|二十个?问题)",
        "(?:我们|咱们|来|陪我|开始)(?:来|一起)*(?:玩|做|来)?(?:一?[个场次段])?角色扮演",
        "(?:陪我|跟我|和我|我们|咱们|来)(?:来|一起)?演(?:一?[出场段个]|戏|一下)",
        "你(?:来)?(?:演|当|做|扮|是|就是)(?!对|错|不|在|否|最|AI|ai|人工|机器|我的?(?:好|最)|饭|好)(?:一?[个位名只])?[^，。！？,.!?\n]{1,14}[，,、；;]?(?:然后|而)?我(?:来)?(?:演|当|做|扮|是|就是)(?!不|在|想|说|要|觉得|很|错|对|饭)",
        "我(?:来)?(?:演|当|扮)(?:一?[个位名只])?[^，。！？,.!?\n]{1,14}[，,、；;]?你(?:来)?(?:演|当|做|扮|是)",
        f"(?:从现在(?:开始|起)|接下来|今天|现在起)[，,]?(?:请)?你(?:就)?(?:是|叫|扮|当)(?:一?[个位名只条头]){_PART}?",
        "你现在(?:就)?是[\u4e00-\u9fff]{1,8}[，,](?:请)?(?:跟|和|来|用|回答)",
        "(?:从现在(?:开始|起)|现在起|接下来)[，,]?你(?:就)?是我的(?!最好|朋友|骄傲)",
        "(?:^|[。！!？?，,\n])(?:请|来)?扮演(?:一下|一[个位名只])?我?的?[\u4e00-\u9fff]",
        "请你?当一[次回个位名]|你现在(?:就)?是我的?[\u4e00-\u9fff]{1,10}[，,]我(?:就)?是|(?:练|模拟|演练)[^。！!？?\n]{0,12}[，,]你(?:来)?(?:当|做|演|扮)",
        "^\\s*[（(](?:推|走|坐|站|拿|抬|点头|摇头|叹|转身|拔|掏)[^（）()\n]{1,20}[）)]",
        "你现在(?:就)?是(?:一?[个位名只条头])(?!好|很|什么|怎|成熟|大人|工作)",
        "(?:假装|想象|设想|假想)(?:一下)?你(?:就)?是(?!我(?:会|你|的话|该)|不|否|在)[^？?]{1,40}$",
        "(?:假装|装作)(?:我|我们|咱们)(?:就)?(?:是|在)",
        "(?:请|你)(?:现在|来|先)?(?:以|用)[^，。！？\n]{1,16}的(?:身份|口吻|角色|语气)(?:和我|跟我|来|回答|对话|说话|聊)",
        "(?:请)?(?:进入|保持)(?:你的)?角色(?!扮演游戏)|文字(?:冒险|版?跑团)|(?:当|做|担任)(?:我的?)?(?:DM|GM|地下城主|游戏主持人|旁白)",
        "(?:来|开始|玩)(?:一?[个场次])?(?:[\u4e00-\u9fff]{0,4})(?:cosplay|cos|rp)(?![a-z])",
        "(?:^|[。！\n])(?:我们|咱们)?(?:来)?玩(?:游戏)?吧[。！!]?$|^来玩吧",
    )),
    re.IGNORECASE,
)
_NOT_CHINESE: Final = re.compile(
    "(?:明天|后天|今晚|晚上|周末|下周|下个?月|昨天|前天|上周|放学|下班|改天|有空|放假)[^，。！？\n]{0,16}(?:玩|打|演)|"
    "(?:他|她|他们|女儿|儿子|孩子|弟弟|妹妹|朋友|同学|演员|学生|老师)[们]?(?:们)?[^，。！？\n]{0,10}(?:扮演|假装|演|玩)|"
    "(?:打|玩)(?:网球|篮球|足球|羽毛球|乒乓球|排球|麻将|牌|手机|电脑)|(?:扮演|玩|演)(?:过|了|得|完)|弹(?:钢琴|吉他)|喜欢玩|爱玩|(?:什么|哪些|推荐)[^，。！？\n]{0,8}游戏|游戏(?:机|本|厅|公司|行业|账号)|手游"
)


def begins_play(text: str) -> bool:
    """Return whether the beginning of a message, apart from pasted text, asks the assistant to play a part or a game in words."""
    from jobs.rules.text.pasted_text import Pasted

    head = _SPACE.sub(lambda found: "\n" if "\n" in found[0] else " ", text[:MAX_CHARACTERS])  # many spaces would take the patterns seconds
    pasted = Pasted(head)
    for pattern, against in ((_ENGLISH, _NOT_ENGLISH), (_CHINESE, _NOT_CHINESE)):
        for found in pattern.finditer(head):
            if not pasted.holds(*found.span()) and not against.search(_sentence(head, *found.span())):
                return True
    return False


def _sentence(text: str, start: int, end: int) -> str:
    """Return the sentences that the characters from `start` to `end` stand in."""
    first = max((text.rfind(mark, 0, start + 1) for mark in ".!?。！？\n"), default=-1) + 1
    ends = [at for mark in ".!?。！？\n" if (at := text.find(mark, end)) >= 0]
    return text[first : min(ends, default=len(text))] if first <= start else text[start : min(ends, default=len(text))]
