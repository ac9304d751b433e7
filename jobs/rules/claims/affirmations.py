# ruff: noqa: E501 - a table of patterns reads by its rows
"""The words by which a statement says a value of its speaker, by slot. A statement that has a value's words and none of these is undecided:
"mushrooms give me the creeps" names mushrooms, and says of no taste that the rules know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jobs.rules.claims.markers import LIKES
from jobs.rules.claims.reading import Place, Sentence


@dataclass(frozen=True, slots=True)
class Affirmation:
    """The words that affirm a value: `before` it in its clause (up to the value), or `anywhere` in its clause."""

    before: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    examples: tuple[str, ...]


def _row(before: str, anywhere: str, *examples: str) -> Affirmation:
    return Affirmation(re.compile(before) if before else None, re.compile(anywhere) if anywhere else None, examples)


_HABIT = _row(
    r"\b(?:i|we|i'm|i've|im|ive)\b|我|我们|咱|本人|俺",
    r"\b(?:usual(?:ly)?|always|never|every|each|often|normally|generally|typically|regular(?:ly)?|mostly|daily|nightly|weekly|weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days|twice|times a|once a)\b|每|通常|一般|经常|常常|总是|平时|平常|习惯|从不|从来|往往|天天|工作日|周末|一周|照样|基本|都(?=偷?[吃睡去喝])|的日子[^,]*都",
    "I run every morning.", "我每天跑步。", "There's usually soup for dinner.",
)  # fmt: skip
_TASTE = _row(
    r"\b(?:i|we)(?:'m| am|'re| are)(?: \w+){0,2} $|\bim(?: \w+){0,2} $|\b(?:i|we|i've|we've|i'm|we're|im|ive|weve)\b(?: \w+){0,3} (?:eat(?:ing)?|drink(?:ing)?|play(?:ing)?|listen(?:ing)?|watch(?:ing)?|rewatching|rereading|read(?:ing)?|cook(?:ing)?|practi[cs]e|collect|follow|binge|put|get|hooked|signed up|spend|paint|draw|knit|crochet|sew|bake|sing|grow|carve|brew|juggle|hike|surf|climb|garden|fish|do)\b.*$|^\W*(?:been |currently |still |always )*(?:listening to|reading|rereading|rewatching|binge?ing|binge-watching)\b[^,]*$"
    r"|(?:我|我们|咱|本人|俺|平时)[^,]{0,6}(?:吃|喝|看|听|玩|读|打|练|学|追|刷|养|收集|报了?|迷上?|对)[^,]*$|(?:我|本人)(?:很|是|比较|这人|有点|挺|非常|的性格|个)*$|(?:最近|一直|天天|这阵子)[^,]{0,4}[听看追玩刷读][^,]*$|^\W*(?:最近|正|又|还)*在?(?:重读|重看|二刷|三刷|追|补)[^,]*$|爱好|兴趣",
    r"我[^,]{0,3}(?:天天|顿顿|每天|一口气)[^,]{0,3}(?:吃|喝|看|听|玩)|\b(?:hobby|hobbies|interests?|passion|guilty pleasure|vegan|vegetarian|allergic|allergy|intolerant|diet|live for|look(?:ing)? forward|rewatch\w*|re-?read(?:ing)?|on repeat|never gets? old|(?:always|usually|only ever) (?:get|order|have|buy|pick|eat|drink|watch|read|play))\b|[刷看听读]了[^,]{0,4}遍|常看常新|每次都?[点买吃喝看]|[必常]点|\bforever\W*$|爱好|热爱|过敏|吃素|忌口|不吃|迷上?|盼|吃不够|看不够|听不够",
    "I'm vegan.", "Skydiving is my passion.", "我吃素。", "My hobby is photography.",
)  # fmt: skip
_DECISION = _row(r"\b(?:i|we|i'm)\b|\bmy (?:rule|principle|motto|brain|head|energy|mind)\b|我|我们|咱|本人|原则|底线|规矩", r"\bcomes? first\b|对我来说", "I sleep on every contract.", "我的原则是合同放一晚再签。")

DETERMINER: Final = re.compile(r"(?:and |but )?(?:the|a|an|some|these|those|his|her|their|most|all)\b")
"""The beginning of a clause about a subject that it names: "the bakers downstairs are up at 4 am"."""

AFFIRMATIONS: Final[Mapping[str, Affirmation]] = {
    "identity.home": _row(
        r"\b(?:live[sd]?|living|base|based|reside[sd]?|settled|stay(?:ed|ing)?|rent(?:ed|ing)?|moved?(?! (?:away|out|my|the|our|his|her|everything|it|them|all|some)\b)|moving|home(?:town)? is|(?:my|our|(?:got|have|own|share|bought) (?:an? |the )?)(?: ?[\w-]+){0,3} (?:place|house|flat|apartment)|here)\b[^,]{0,30}$|(?:住|搬|定居|现居|居住|安家|租|家(?![里乡具务教常])(?=[也就都还]?[在住是搬])|老家|待|扎根|(?<=[我人])在(?!家[^,]{0,3}[说讲做吃看练工上])|(?:我|现在|目前|一直|常年)(?:就|都|还|也)?在)[^,]{0,8}$",
        r"\b(?:my home|hometown|resident|native)\b|住|定居|租|安家|生活|老家",
        "I live in Porto.", "我住在昆明。",
    ),
    "identity.occupation": _row(
        r"(?:^\W*|\b(?:i|we|i've|my (?:job|life|career|time|work))\b(?:(?!\b(?:identify|play\w*|dress\w*|pos(?:e|ed|ing)|disguis\w+|go(?:es|ing)?|went|feel|treat\w*|pretend\w*)\b)[^,]){0,40} )as\b(?: [\w-]+){0,5} ?$|\b(?:i'm|i am|im|been|became|become|still|made me|job is|profession is)\b(?: (?!(?:for|with|like|near|than|by|dating|seeing|meeting)\b)[\w-]+){0,5} ?$|(?:是|当|做|干|任|作为|职业)[^,]{0,14}$",
        r"\bmy (?:job|profession|trade|career)\b|\bby (?:trade|profession)\b|\bi teach\b|\bi(?:'m)? (?:study|studying|major in|majoring in)\b|^\W*(?:[\w-]+ ){1,2}life\W*$|\bthe joys of\b|老本行|我是?教(?=[^,]{0,4}(?:数学|语文|英语|物理|化学|生物|历史|地理|体育|音乐|美术|钢琴|画|书法|舞蹈|小学|初[一二三中]|高[一二三中]|大学))|[我在读学][^,]{1,10}专业|专业[是学]|打工[人仔]|[士员师工农]狗|的职业|的工作是|在[^,]{1,10}(?:上班|打工|当)|开[^,]{1,8}到现在",
        "I'm a baker.", "As a nurse I see a lot.", "我是面包师。",
    ),
    "identity.industry": _row(r"\b(?:i|we|i'm|work|working|job|career)\b[^,]*\bin\b[^,]*$|(?:在|干|做|从事|搞)[^,]{0,8}$", r"\bindustry\b|行业", "I work in banking.", "我在银行业。"),
    "identity.position": _row(
        r"\b(?:i'm|i am|im|been|made me|as|promoted to|became|position is|role is)\b(?: [\w-]+){0,4} ?$|(?:是|当|升|担任|任|做)[^,]{0,14}$", "", "I'm the team lead.", "我是组长。"
    ),
    "relationships.status": _row(
        r"\b(?:i'm|i am|im|we're|we are|got|been|still|happily|i|we)\b(?: \w+){0,3} ?$|(?:我|我们|本人|俩|现在|已经|刚|至今)[^,]{0,8}$", r"\b(?:years?|months?) (?:divorced|married|single|widowed|separated)\b", "I'm single.", "我们结婚七年了。"
    ),
    "relationships.people": _row(
        r"\b(?:my|our|ma)\b(?: [\w-]+){0,3} ?$|\b(?:i|we|i've|we've|ive|weve)\b(?: \w+){0,2} ?(?:have|got|own|adopted)\b[^,]*$|(?:我|我们|咱|俺)[^,]{0,6}$", r"我|^\W*(?:家里)?(?:也|还|就|但)?有[一两俩三几]?[个位]?(?=[一-龥])|^\W*(?:现在|已经|家里)[^,我]{0,3}[一两俩三四仨几]个?(?:娃|孩子|儿子|女儿)|^\W*(?:[啊嗷哇呜]+)?(?:婆婆|公公|岳[母父]|丈母娘|老丈人|爷爷|奶奶|姥姥|姥爷|老[妈爸]|发小|闺蜜|死党|铁子|哥们儿?|姐们儿?|同桌|室友|舍友|[表堂大小二][哥姐弟妹]|儿子|女儿|闺女|老公|老婆|外[公婆])", "My sister Anna called.", "我妹妹小雨来了。"
    ),
    "relationships.pets": _row(
        r"\b(?:my|our)\b(?: [\w-]+){0,3} ?$|\b(?:i|we|i've|we've|ive|weve)\b(?: \w+){0,2} ?(?:have|got|own|keep|adopted)\b[^,]*$|(?:我|我们|咱|俺)[^,]{0,8}$|养[^,]{0,8}$", r"我",
        "Our cat Momo sleeps all day.", "I have a dog named Coco.", "我家的猫叫团子。", "我养了一只乌龟。",
    ),
    "relationships.dates": _row(
        "", r"\b(?:birthdays?|bdays?|b-days?|anniversary|anniversaries|wedding|born|due|died|passed away|memorial|turn(?:s|ing)? (?:\d+|[a-z]+) on)\b|生的|大寿|生日|纪念日|忌日|结婚|出生|婚礼|预产期|祭日",
        "Anna's birthday is May 5.", "Our wedding anniversary is on June 12.", "我妈的生日是3月8日。",
    ),
    "identity.name": _row(
        r"\bmy (?:\w+ )?name(?:'s|s| is)\b[^,]*$|\b(?:i'm|i am)(?: called| named)? $|\bcall me $|\bi go by $|\bname's $|^\W*叫$|(?:我叫|我是|我姓|本名[是叫]?|我的?(?:全|大|真|中文|英文)?名字?[是叫]?)[^,]{0,4}$", "",
        "My name is Anna Berg.", "I'm called Lin.", "我叫陈薇。", "我的英文名是Grace。",
    ),
    "identity.form_of_address": _row(
        r"\b(?:calls?|address|refer to) me\b[^,]*$|\bi (?:go by|prefer|use)\b[^,]*$|\bbe called $|\bmy (?:nickname|pronouns)\b[^,]*$|(?:叫我|称呼我|喊我|管我叫|对我用?|我的?(?:小名|昵称|外号)[是叫]?)[^,]*$",
        r"\bmy pronouns\b|\b(?:call|address) me\b|称呼|叫我|喊我",
        "Please call me Annie.", "My pronouns are they/them.", "叫我小陈就好。", "请用您来称呼我。",
    ),
    "identity.birthday": _row(
        "", r"\bmy (?:own )?(?:birthday|bday|b-day)\b|\bi(?: was|'m|'ve been| am)? born\b|\bi turn(?:ed)?\b|\bi'm turning\b|^\W*born (?:on|in|\d)|^\W*我?是?(?:\d{2}|\d{4})年[^,]{1,8}[号日]的|^\W*turn(?:ing|s|ed) \w+ on\b|我[满过]?[\d一二三四五六七八九十]{1,3}岁?了|我的?生日|我[^,]{0,12}(?:出生|生的|生日)",
        "My birthday is May 2.", "I was born on 2 May 1990.", "我的生日是5月2日。", "我1990年5月2日出生。",
    ),
    "identity.languages": _row(
        r"^\W*(?:still |currently |now |re)?(?:learning|studying)\b[^,]*$|^\W*(?:最近|现在|目前|正|还)*在?学(?!了)[^,]*$|^\W*(?:在家|平时|跟家里|上班|工作上?)[^,]{0,3}[说讲][^,]*$|\b(?:i|we|i'm|i've)\b(?: [\w-]+){0,4} (?:speak(?:ing)?|learn(?:ing|ed)?|stud(?:y|ying|ied)|understand|know|fluent|native|read|write|teach|bilingual|grew up)\b[^,]*$|(?:我|我们|本人)[^,]{0,8}(?:说|讲|会|学|懂|用|教)[^,]*$",
        r"^\W*my (?:mandarin|chinese|cantonese|english|german|french|spanish|italian|japanese|korean|russian|portuguese|dutch)\b|\byears of (?:mandarin|chinese|english|german|french|spanish|italian|japanese|korean)\b|学了[^,]{1,6}年|\bmy (?:mother tongue|(?:first|second|third|native) language)\b|\bi speak\b|母语|流利|会(?:一?点|些)|略懂|懂一?点|我[^,]{1,6}[说讲]得",
        "I speak Portuguese.", "I'm learning Mandarin.", "My mother tongue is Dutch.", "我会说粤语。", "我的母语是闽南话。",
    ),
    "identity.places": _row(
        r"\b(?:from|born|grew up|raised|hometown|home town|roots|(?:my|our) (?:[\w-]+ )?(?:office|school|university|college|gym|village|cabin|studio|caf[eé]|library|place)|favou?rite place|work(?:ed|ing)? (?:at|in)|stud(?:y|ied) (?:in|at)|go to|spend|rent|commute)\b[^,]*$|(?:老家|出生|来自|家乡|故乡|祖籍|办公室|公司|学校|母校|单位|常去|最爱去|租|毕业于|就读于?|在)[^,]{0,8}$",
        r"\bmy (?:hometown|home town|village|office|university)\b|\bi grew up\b|\bgraduated from\b|\boriginally\b|毕业|^\W*我是[^,]{2,6}的\W*$|(?:^\W*|我们?)(?:公司|单位|办公室|学校|工厂)[就也]?在|老家|家乡|故乡|祖籍|长大|出生|我是[^,]{2,6}人",
        "I'm from Kunming.", "My office is in Pudong.", "I grew up in Bergen.", "我老家在昆明。", "我在青岛长大。",
    ),
    "identity.possessions": _row(
        r"^\W*(?:刚|新|终于)?(?:继承|入手|淘到?|提)了[^,]*$|^\W*(?:driving|riding|using|wearing|bought|got|inherited|own) (?:an? |the |my |\w+'?s )?(?:\w+ ){0,3}$|\b(?:i|we|i've|we've|ive|weve)\b(?: \w+){0,3} (?:have|has|got|own|bought|drive|ride|collect|keep|inherited|built|wear|play)\b[^,]*$|\b(?:my|our)\b(?: [\w'-]+){0,4} ?$|(?:我|我们|咱|俺)[^,]{0,6}(?:有|买|开|骑|收藏|用|换|戴|弹)[^,]*$|(?:我|我们|咱|俺)[^,]{0,6}$", "",
        "I ride a red Brompton.", "My grandfather's watch still runs.", "我有一辆红色的自行车。",
    ),
    "identity.health": _row(
        r"\b(?:i|i'm|i've|i am|my)\b[^,]*$|(?:我|本人|俺)[^,]*$", r"\b(?:i'm|i am|i have|i've)\b|\bmakes? me (?:\w+ )?(?:ill|sick)\b",
        "I have asthma.", "I was diagnosed with ADHD.", "我有哮喘。",
    ),
    "identity.allergies": _row(
        r"\b(?:i'm|i am|i|i've|my)\b[^,]*\b(?:allerg(?:y|ic|ies)|intoleran(?:t|ce)|react)\b[^,]*$|(?:我|本人|俺)[^,]*(?:过敏|不耐受)[^,]*$",
        r"^\W*(?:\w+ly )?allergic to\b|\b(?:i'm|i am|im|my|i have|i've|ive)\b[^,]*\b(?:allerg(?:y|ic|ies)|intoleran(?:t|ce)|anaphyla\w+)\b|过敏|不耐受?",
        "I'm allergic to peanuts.", "I have a nut allergy.", "我对花生过敏。", "我乳糖不耐受。",
    ),
    "identity.beliefs": _row(
        r"\b(?:i'm|i am|i|we|we're|as)\b(?: [\w-]+){0,4} ?$|\bi (?:believe in|follow|practi[cs]e|vote)\b[^,]*$|(?:我|我们|本人|俺)[^,]{0,8}$", r"\bmy (?:faith|religion|belief)\b|信仰|信教",
        "I'm a Buddhist.", "I believe in God.", "我信佛。",
    ),
    "decisions.goals": _row(
        "", r"\b(?:want|goal|aim|dream|plan|hope|hoping|trying|training|aim(?:ing)?|fixin'?g? to|working (?:on|towards?)|one day|some ?day|saving|day \w+ (?:of|without)|sav(?:e|ing) up|determined|intend|resolution|would like)\b|目标|想|打算|计划|希望|梦想|争取|立志|准备|努力|戒[^,]{1,4}(?:第|中)|(?:今年|明年|年内|年底前|这个月|岁前)[^,]{0,4}要|攒钱?|存钱|总有一天|有朝一日|迟早",
        "My goal is to run a marathon.", "I want to learn the guitar.", "我的目标是跑完全马。", "我想学吉他。",
    ),
    "preferences.stress_coping": _row(
        "", r"\b(?:help(?:s|ed)?|calm(?:s|ed)?|relax(?:es|ed)?|unwind|de-?stress|cope|coping|when(?:ever)?|better|soothes?|clears?)\b|放松|减压|解压|平静|舒服|压力|缓解|好多|让我|帮我", "Running helps me.", "冥想让我放松。"
    ),
    "preferences.work_style": _row(r"\b(?:i|we)\b(?: \w+){0,2} work(?:ing)?\b.*$|我[^,]{0,6}$", r"\b(?:work best|suits? me)\b|\bi (?:really )?need\b|我[^,]{0,4}需要|\bi work (?:great|best|better|well|fine)\b|效率|适合我|我就能(?:干|做|工作)", "I work best at night.", "我独立工作效率高。"),
    "preferences.social": _row(r"\b(?:i|we)(?:'m| am|'re| are)\b(?: \w+){0,4} ?$|(?:我|本人)(?:很|是|比较|这人|有点|挺|非常|的性格|个)*$", "", "I'm an introvert.", "我很内向。"),
}  # fmt: skip


_VISIT: Final = re.compile(
    r"\b(?:for (?:the|a|an|one|two|three|some|a few|\d+) (?:long )?(?:weekend|week|night|day|conference|holiday|trip|wedding|meeting|course|visit)s?|on (?:holiday|vacation|business|a (?:business )?trip|tour)|this (?:week|weekend)|tonight|hotel|hostel|airbnb)\b"
    r"|\b(?:every|each) (?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter|easter|christmas)\b"
    r"|每年[^,]{0,6}(?:租|住|去|回)|出差|旅游|旅行|度假|转机|开会|培训|参加|玩几?天?|住了?几[天晚]|过(?:年|周末|节)|酒店|民宿"
)
"""Words that make a place one of a stay and not a home: "I'm staying in Lisbon for a conference", "我在杭州出差"."""


_NOW_IN: Final = re.compile(r"\b(?:i'm|im|we're|i am|we are) (?:back |now |currently )?in $")
_NOW: Final = re.compile(r"\s(?:now|these days|nowadays|at the moment)\b")
_MOVED_THING: Final = re.compile(r"把[^,]{1,8}搬[到去进]?$")
_DOES_THERE: Final = re.compile(r"(?:那边|附近)?(?:上[班学夜早晚课]|工作|打工|干活|开会|吃|逛|玩|看|买|等|排队|当|做|实习|读|念|学)|(?:的?一家|的|某)?[^,住家]{0,8}?(?:上班|打工|实习|做事)")
"""The words behind a place at which the user does something, and does not live: "我在港口上夜班"."""
_TRADES: Final = frozenset("做干搞教卖开修跑")
_SELF_ENDS: Final = re.compile(r"[我咱俺]们?是?$")
"""The user directly before what they do for a living: "我卖鱼的"."""
_SURNAME: Final = re.compile(r"(?:我|本人)姓([一-龥])")
"""A surname that the user gives before the whole name: "我姓牛，牛志远"."""


def affirms(slot: str, sentence: Sentence, place: Place, start: int, end: int, *, repeated: bool = False) -> bool:
    """Return whether the sentence says the value at `start` to `end` of its speaker, in words that the table has for the slot.

    `repeated`: whether statements of several days are cited, which tell a habit without words for it.
    """
    first, last = sentence.clauses[sentence.clause_at(start)]
    clause = sentence.text[first:last]
    if slot == "identity.name" and (surname := _SURNAME.search(sentence.text)) is not None and sentence.text.startswith(surname[1], start):
        return True
    if slot.startswith(("preferences.", "decisions.meetings")) and (place.attitude == "LIKES" or LIKES.search(sentence.text)):
        return True
    if slot == "identity.home" and _NOW_IN.search(sentence.lead(start)) and _NOW.match(sentence.text, end):
        return True
    if slot == "identity.home" and _MOVED_THING.search(sentence.lead(start)):
        return False
    if slot == "identity.home" and (_VISIT.search(clause) or (_DOES_THERE.match(sentence.text, end, last) and "住" not in clause)):
        return False
    if slot == "identity.occupation" and sentence.text[start : start + 1] in _TRADES and sentence.text[end : end + 1] == "的" and _SELF_ENDS.search(sentence.text, first, start):
        return True
    row = AFFIRMATIONS.get(slot) or (_HABIT if slot.startswith("habits.") else _DECISION if slot.startswith("decisions.") else _TASTE)
    if slot == "preferences.food" and _ONE_MEAL.search(clause) and row.anywhere is not None and not row.anywhere.search(clause):
        return False
    if row.before is not None and row.before.search(sentence.lead(start)):
        return True
    if row.anywhere is not None and (row.anywhere.search(clause) or (slot in _ACROSS_CLAUSES and row.anywhere.search(sentence.text))):
        return True
    if slot.startswith(("habits.", "decisions.")):
        if row.before is None or row.before.search(clause):
            return row.before is not None
        is_habit = slot.startswith("habits.")
        is_own = place.subject is None or place.subject.name in _SPEAKERS or (is_habit and place.subject.own)
        is_repeated = repeated or (_TIMED if slot in _OF_HOURS else _FREQUENT).search(sentence.text) is not None
        return is_own and (is_repeated or not is_habit) and DETERMINER.match(clause.lstrip(" ,")) is None
    if slot == "relationships.people" and _APPOSITION.match(sentence.text, end):
        return True
    if slot == "relationships.status" and start - first <= 10:
        return True
    return slot in _SINCE_SLOTS and place.subject is None and start - first <= 1 and _SINCE.match(sentence.text, end) is not None


_ONE_MEAL: Final = re.compile(
    r"\b(?:today|tonight|yesterday|last night|this (?:morning|afternoon|evening)|right now|just now|just|ended up|for (?:breakfast|lunch|dinner) (?:today|again))\b|\bi'm (?:\w+ )*eating\b|\b(?:had|ate|drank)\b(?!.*\b(?:always|every|since)\b)"
    r"|今天|昨天|昨[晚夜]|今[早晚]|刚|正在|现在[^,]*吃|[吃喝点]了|这[顿次]|中午吃|晚上吃"
)
"""Words of a single meal, which tells no taste: "I had toast today", "刚吃了薯片"."""
_APPOSITION: Final = re.compile(r"(?:, my|,? is my|\s?\(my) (?:[\w-]+ ){0,2}[\w-]+")
"""The words behind a name that say who it is: "Eva, my oldest friend"."""
_TIMED: Final = re.compile(
    r"\d|\b(?:nine|five|six|seven|eight|ten|midnight|noon)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:nights|nites|mornings|evenings|weekdays?|weekends?|rarely|seldom|hardly|mostly|most|part[- ]time|full[- ]time|on call)\b"
    r"|[一二三四五六七八九十两半]点|早[一-龥]晚|[每周天夜]|双休|单休|都|总|常|基本|从不|从来|一直|很少|老|照|习惯|一般|平时"
)
"""The hours, days or repetition by which a sentence tells a habit in a clause without a subject: "work 7 til 3", not "double shift"."""
_OF_HOURS: Final = ("habits.sleep", "habits.work_hours")
_FREQUENT: Final = re.compile(_TIMED.pattern.removeprefix(r"\d|") + r"|\d ?x\b|\b(?:times|once|twice|an?) (?:an? )?(?:day|week|month)\b|\b(?:every|each|always|usually|never|still|daily)\b|\d ?(?:am|pm|:\d\d)\b|\d点|一周")
"""The same for habits that have no hours: "gym 4x a week", not "20 squats"."""
_SPEAKERS: Final = frozenset(("i", "we", "我", "我们", "咱", "咱们", "俺", "本人"))
_ACROSS_CLAUSES: Final = frozenset(("preferences.work_style", "identity.languages", "identity.places", "identity.allergies"))
"""Slots whose values may stand in a list behind the words that affirm them: "I speak three languages, Dutch and French"."""
_SINCE_SLOTS: Final = frozenset({"identity.occupation", "identity.beliefs", "preferences.food"})
_SINCE: Final = re.compile(r"\s(?:since|for (?:\w+ ){1,3}(?:years|months|decades))\b")
"""The words behind a value that begins its clause without a subject: "raised a Catholic, atheist since twelve"."""
