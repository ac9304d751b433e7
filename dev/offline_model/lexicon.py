# ruff: noqa: E501 - a table of patterns reads by its rows
"""The patterns by which the offline model recognises feelings, activities and habits, in English and Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass


def either(english: str, chinese: str) -> re.Pattern[str]:
    """Return a pattern that matches English alternatives as whole words and Chinese ones anywhere."""
    return re.compile(rf"\b(?:{english})\b|{chinese}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling with its names and pattern. `value` is -1 for a bad feeling, 1 for a good one, 0 for neither."""

    english: str
    chinese: str
    value: int
    words: re.Pattern[str]


FEELINGS = (
    Feeling("Joy", "开心", 1, either("happy|glad|excited|exciting|joy(?:ful)?|delighted|fun|amazing|wonderful|thrilled", "开心|高兴|快乐|兴奋|愉快|愉悦|喜悦|幸福|太棒了|超级棒")),
    Feeling("Ease", "放松", 1, either("relaxed|relaxing|refreshing|refreshed|calm|comfortable|peaceful|at ease|much better", "放松|舒畅|舒服|平静|惬意|感觉好多了|自在")),
    Feeling("Pride", "成就感", 1, either("proud|accomplished|sense of achievement|satisf(?:ied|ying)", "自豪|骄傲|成就感|满足")),
    Feeling("Gratitude", "感激", 1, either("grateful|thankful|very warm|touched", "感激|感动|温暖")),
    Feeling("Anticipation", "期待", 1, either("looking forward|can't wait|hopeful", "期待|盼望|憧憬")),
    Feeling("Stress", "压力", -1, either("stress(?:ed|ful)?|pressure|overwhelmed|burn(?:ed|t) out", "压力|应付不过来|崩溃|喘不过气")),
    Feeling("Worry", "担心", -1, either("anxious|anxiety|worried|worry|nervous|afraid|scared|dangerous", "焦虑|担心|紧张|害怕|不安|危险")),
    Feeling("Sadness", "难过", -1, either("sad|lonely|upset|heartbroken|depressed|disappointed|feel(?:ing)? down", "难过|伤心|孤独|失落|沮丧|低落|失望|心情不好")),
    Feeling("Tiredness", "疲惫", -1, either("tired|tiring|exhausted|worn out", "好累|很累|太累|累人|疲惫|疲倦|疲劳")),
    Feeling("Anger", "烦躁", -1, either("angry|annoyed|annoying|frustrat(?:ed|ing)|irritated", "生气|愤怒|烦恼|烦躁|恼火|心烦")),
    Feeling("Confusion", "困惑", -1, either("confused|struggling|at a loss|some troubles?|lost interest", "困惑|迷茫|纠结|不知所措")),
)  # fmt: skip

NEGATION = re.compile(r"(?:\bnot|n't|\bno longer|\bno|\bnever|\bwithout|不|没有?|别|缓解我?的?|减轻)\s*(?:\w+\s){0,2}$", re.IGNORECASE)
SELF = re.compile(r"\b(?:I|I'm|I've|I'll|I'd|my|me|we|our)\b|我")
OTHERS = re.compile(r"\b(?:he|she|they|his|their|main character)\b|[他她]|主角", re.IGNORECASE)
ADDRESSED = re.compile(r"\b(?:you|your)\b|[你您]", re.IGNORECASE)
COURTESY = re.compile(
    r"nice to meet|glad to meet|pleased to meet|happy to chat|thank|you're welcome|see you|talk (?:to you )?(?:again|later)|my name is|"
    r"first (?:time|chat)|very helpful|your (?:advice|suggestion|recommendation)|take a look|keep (?:these|that|this|it|them) in mind|follow them|I got it|those are|that's (?:very|a (?:great|good))|sure I will|that sounds|sounds (?:good|great)|i(?:'ll| will) (?:try|consider) (?:it|that|them)|"
    r"chat with you|stay in touch|认识你|谢谢|感谢|不客气|再见|明天见|下次(?:再)?聊|我叫|我的名字|第一次(?:跟你)?聊天|你的建议|你说得对|有道理|跟你聊|和你聊|找你聊|听起来|去看一看|去试试|下次我?(?:可以)?试试|会(?:去)?(?:尝试|试|实践)(?:一下|看)|好好实践|我知道了|我明白了|这些建议|这个建议|的?主意",
    re.IGNORECASE,
)

DONE = either(
    r"I(?:'ve| have| also| just| recently| finally| then)* (?:went|visited|saw|watched|made|cooked|baked|played|read|tried|started|learned|joined|attended|"
    r"finished|bought|took|ran|swam|met|painted|wrote|practi[cs]ed|studied|climbed|traveled|travelled|moved|helped|had|got|did|walked|called|signed|repaired|planted)",
    "去了|看了|看到了|做了|学会了|参加了|买了|玩了|跑了|跑步了|爬山了|读了|画了|写了|见了|吃了|完成了|遇到了|(?<![想要备算划])去[^，。]{0,8}(?:散步|跑步|慢跑|游泳|爬山|逛街|旅游|旅行)|在学|开始学",
)
DECIDED = either(
    r"(?:I|we)(?:'ve| have)? (?:finally )?decided|(?:I'm|I am|we're|we are) (?:going|planning) to|(?:I|we) plan to|I(?:'ll| will) (?!be|have|need|never|explain|tell|check)\w+|it's decided",
    "决定|打算|我?准备(?:去|开始|要|在|把)|我会(?:去|尝试|试|尽|多|继续|考虑)|就这么定",
)
UNSETTLED = either(
    r"how (?:can|do|should|could) I|(?:what|which|where|when)(?: \w+){0,4} should I|should (?:I|we)|what can I|any (?:advice|suggestions?|tips?)|"
    r"can (?:you|we)[^?]* improve|whether (?:I|to)|I don't know (?:how|what|whether|if)",
    "怎么|如何|该不该|要不要|是否|应该|什么(?:建议|方法|办法|样的)|有没有(?:什么)?(?:建议|方法|办法)|不知道该",
)
ABOUT_YOU = re.compile(
    r"\bdo you (?:like|have|do|ever|usually)|\bhave you|\bare you|\bwhat (?:do|about) you|你(?:喜欢|有|会|平时|呢|去过|看过|叫什么|是)",
    re.IGNORECASE,
)
HABITUAL = either(
    r"usually|always|often|every (?:single )?(?:day|morning|afternoon|evening|night|week|weekend|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
    r"normally|generally|regularly|tend to|most (?:days|mornings|evenings)|on (?:weekdays|weekends|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)",
    "每天|每周|每晚|每个?(?:早上|晚上|周末|月)|经常|常常|总是|通常|一般|平时|习惯|一向|从来",
)
DAYTIME = either(
    "mornings?|afternoons?|evenings?|nights?|noon|midnight|weekends?|after work|before work",
    "早上|清晨|上午|中午|下午|傍晚|晚上|夜里|深夜|周末|下班后",
)
PREFERRING = either(
    "prefer|best|like|love|focus(?:ed)?|productive|energy|morning person|night owl",
    "喜欢|效率|状态|精力|更好|最好|适合",
)
DECIDING = either(
    "pros and cons|my gut|intuition|weigh(?:ed|ing)?|think (?:it|things) (?:over|through)|sleep on it|before (?:I )?decid(?:e|ing)|make (?:a |my |big )?decisions?|ask (?:my|a) \\w+ (?:for advice|first)",
    "权衡|利弊|直觉|深思熟虑|考虑清楚|想清楚|列(?:个|一个)?清单|做决定|征求|问问?(?:朋友|家人|爸妈|同事)",
)
TIMELY = either(
    "today|yesterday|tonight|tomorrow|last (?:night|week|weekend|month)|this (?:morning|afternoon|evening|week)|recently|lately",
    "今天|今晚|昨天|昨晚|明天|早上|最近|上周末?|这周|刚刚|周末",
)

EXERCISE = {
    "running": ("跑步", re.compile(r"\b(?:run(?:ning)?|ran|jog(?:ging|ged)?)\b(?! out| into|ing late)|跑步|慢跑|长跑", re.IGNORECASE)),
    "swimming": ("游泳", re.compile(r"\b(?:swim(?:ming)?|swam)\b|游泳", re.IGNORECASE)),
    "yoga": ("瑜伽", re.compile(r"\byoga\b|瑜伽", re.IGNORECASE)),
    "gym": ("健身", re.compile(r"\b(?:gym|work(?:ed|ing)? out|workouts?|weight training)\b|健身", re.IGNORECASE)),
    "climbing": ("攀岩", re.compile(r"\brock climbing\b|攀岩", re.IGNORECASE)),
    "hiking": ("爬山", re.compile(r"\b(?:hik(?:e|ed|ing)|mountain climbing|climbed)\b|爬山|登山|徒步", re.IGNORECASE)),
    "badminton": ("羽毛球", re.compile(r"\bbadminton\b|羽毛球", re.IGNORECASE)),
    "basketball": ("篮球", re.compile(r"\bbasketball\b|篮球", re.IGNORECASE)),
    "football": ("足球", re.compile(r"\b(?:football|soccer)\b|足球", re.IGNORECASE)),
    "tennis": ("网球", re.compile(r"\btennis\b|网球", re.IGNORECASE)),
    "cycling": ("骑行", re.compile(r"\b(?:cycl(?:e|ed|ing)|bik(?:e|ed|ing))\b|骑车|骑行|骑自行车", re.IGNORECASE)),
    "walking": ("散步", re.compile(r"\b(?:walk(?:s|ed|ing)?|stroll)\b|散步", re.IGNORECASE)),
    "dancing": ("跳舞", re.compile(r"\bdanc(?:e|ed|ing)\b|跳舞", re.IGNORECASE)),
    "meditation": ("冥想", re.compile(r"\bmeditat(?:e|ed|ing|ion)\b|冥想", re.IGNORECASE)),
}  # fmt: skip
"""Chinese name and pattern by English name."""

SLEEP = either("sleep|asleep|bed|wake up|woke up|get up|got up|nap", "睡觉|入睡|睡着|起床|早起|早睡|熬夜|晚睡|失眠|作息|午睡|睡")
WORK_HOURS = either(
    r"(?:start|finish|stop|leave) work(?:ing)?|overtime|work (?:from|until|till|late|nights|weekends|remotely)|office at",
    "上班|下班|加班|值班|夜班",
)
SPORT = either("exercis(?:e|ing)|sports?|train(?:ing)?|stretch(?:ing)?", "运动|锻炼|训练|打球")
MEALS = either("breakfast|lunch|dinner|supper|eat|meals?|skip|cook(?:ing)?", "早餐|早饭|午饭|午餐|晚饭|晚餐|夜宵|吃|做饭|不吃")
FOOD = either(
    "food|cuisine|dish(?:es)?|coffee|tea|sushi|barbecue|noodles|rice|soup|spicy|sweets?|cake|chocolate|fruit|fish|hotpot|pizza|beer|wine|dumplings|vegetables|bread|cheese|ramen|curry",
    "吃|菜|面条|火锅|咖啡|奶茶|红茶|绿茶|喝茶|寿司|烤肉|料理|烧烤|甜|辣|蛋糕|巧克力|水果|鱼|饺子|美食|啤酒|红酒|汤|面包",
)
MEDIA = either(
    "movies?|films?|novels?|books?|music|songs?|series|tv|podcasts?|anime|comics?|comed(?:y|ies)|romance|science fiction|jazz|rock music|reading|documentar(?:y|ies)",
    "电影|小说|读书|看书|阅读|音乐|歌曲|电视剧|综艺|播客|动漫|漫画|喜剧|爱情片|科幻|纪录片|书籍|听歌|《",
)
SOCIAL = either("alone|friends|parties|small groups|crowds|gatherings", "朋友|聚会|独处|一个人|热闹|社交|聚餐")
WORK = either(
    "work(?:ing)? (?:alone|from home|remotely|in (?:a |small )?teams?|at night|in silence)|deadlines|teamwork|remote work|pair programming",
    "独立工作|远程|在家(?:办公|工作)|团队合作|安静的环境|一个人工作",
)
MEETING = either("meetings?", "开会|会议")
NOT_A_TASTE = either("weather|scenery|the way|idea|advice|suggestions?", "天气|建议|主意|说法|景色")
