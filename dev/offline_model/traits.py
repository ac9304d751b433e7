# ruff: noqa: E501 - a table of patterns reads by its rows
"""Traits by pattern: statements about the user in a sentence, each with its slot of the profile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dev.offline_model import lexicon
from dev.offline_model.preferences import find_preferences
from dev.offline_model.sentences import clauses, is_question, is_wide
from dev.offline_model.trait import MAX_VALUE_LENGTH, Trait


@dataclass(frozen=True, slots=True)
class _Pattern:
    slot: str
    words: re.Pattern[str]
    positive: bool = True
    stated: bool = True
    value: str | None = None


def _pattern(slot: str, words: str, *, positive: bool = True, stated: bool = True, value: str | None = None) -> _Pattern:
    return _Pattern(slot, re.compile(words), positive, stated, value)


_JOBS_EN = "engineer|teacher|nurse|doctor|designer|developer|programmer|student|writer|lawyer|accountant|chef|artist|photographer|musician|journalist|translator|researcher|scientist|analyst|driver|editor|consultant|architect|baker|librarian|pharmacist|salesperson|electrician|pilot|manager"
_JOBS_ZH = "工程师|设计师|律师|教师|老师|医生|护士|程序员|产品经理|会计|作家|编辑|记者|司机|厨师|警察|大学生|研究生|学生|翻译|摄影师|画家|音乐人|销售|公务员|研究员|分析师|建筑师|药剂师|导游|教练|店主"
_KIN_EN = "(?:(?:older|younger|elder|big|little|twin) )?(?:best friend|sister|brother|mother|mom|mum|father|dad|wife|husband|son|daughter|girlfriend|boyfriend|partner|boss|roommate|grandmother|grandma|grandfather)"
_KIN_ZH = "妈妈|母亲|爸爸|父亲|姐姐|妹妹|哥哥|弟弟|老婆|妻子|老公|丈夫|女朋友|男朋友|女儿|儿子|闺蜜|室友|老板|奶奶|爷爷|外婆|外公|最好的朋友"

PATTERNS = (
    _pattern("identity.name", r"\b[Mm]y (?:full )?name is (?P<v>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"),
    _pattern("identity.name", r"(?:我叫|我的名字[是叫])(?P<v>[^，。！？；、\s]{2,6})"),
    _pattern("identity.form_of_address", r"\b[Cc]all me (?P<v>[A-Z][\w.'’-]+(?: [A-Z][\w'’-]+)?)"),
    _pattern("identity.form_of_address", r"(?:叫|称呼)我(?P<v>[^，。！？；、\s就吧好]{2,6})"),
    _pattern("identity.birthday", r"\b[Mm]y birthday(?:'s| is)(?: on)? (?P<v>(?:the )?(?:[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?:st|nd|rd|th)? (?:of )?[A-Z][a-z]+)(?:,? \d{4})?)"),
    _pattern("identity.birthday", r"\bI was born on (?P<v>(?:[A-Z][a-z]+ \d{1,2}|\d{1,2} [A-Z][a-z]+)(?:,? \d{4})?)"),
    _pattern("identity.birthday", r"我的?生日是(?P<v>(?:\d{4}年)?\d{1,2}月\d{1,2}[日号])"),
    _pattern("identity.languages", r"\bI (?:speak|am learning) (?P<v>[A-Z][a-z]+)\b"),
    _pattern("identity.languages", r"我(?:会说|会讲|在学)(?P<v>[^，。！？；、\s的]{1,4}[语话])"),
    _pattern("identity.allergies", r"\bI(?:'m| am) allergic to (?P<v>[^.,;!?]{3,30})"),
    _pattern("identity.allergies", r"我对(?P<v>[^，。！？；、\s]{1,8})过敏"),
    _pattern("identity.health", r"\bI have (?P<v>asthma|diabetes|migraines?|epilepsy|hypertension)\b"),
    _pattern("identity.health", r"我有(?P<v>哮喘|糖尿病|偏头痛|高血压|癫痫)"),
    _pattern("identity.beliefs", r"\bI(?:'m| am) (?:an? )?(?P<v>Buddhist|Catholic|Muslim|atheist|Christian)\b"),
    _pattern("identity.beliefs", r"我(?:信|是)(?P<v>佛教?徒?|基督教?徒?|道教|无神论者)"),
    _pattern("relationships.pets", r"\b[Mm]y (?P<v>(?:cat|dog|rabbit|hamster|parrot)(?:,? [A-Z][a-z]+)?)\b(?!s|'s| of)"),
    _pattern("relationships.pets", r"我(?:的|家)?(?P<v>(?:小?猫|小?狗|兔子|仓鼠|乌龟)(?:叫[^，。！？；、\s]{1,4})?)"),
    _pattern("relationships.dates", r"(?P<v>[Mm]y (?:sister|brother|mother|mum|mom|father|dad|wife|husband)'s birthday is(?: on)? (?:[A-Z][a-z]+ \d{1,2}|\d{1,2} [A-Z][a-z]+))"),
    _pattern("decisions.goals", r"\b[Mm]y goal is to (?P<v>[^.,;!?]{3,50})"),
    _pattern("decisions.goals", r"我的目标是(?P<v>[^，。！？；]{2,20})"),
    _pattern("identity.home", r"\bI(?: currently| now| still| have)?(?:'ve)? (?:live|lived|living) in (?P<v>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)"),
    _pattern("identity.home", r"\bI(?:'m| am) (?:based|living) in (?P<v>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)"),
    _pattern("identity.home", r"\b(?:I(?:'ve| have)?(?: just| recently)? |^)[Mm]oved to (?P<v>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)"),
    _pattern("identity.home", r"我(?:现在|目前|一直|们|平时)?(?:是)?(?:住在|定居在?|搬到了?|搬去了?|搬来了?)(?P<v>[^，。！？；、\s的了]{2,8})"),
    _pattern("identity.home", r"我家(?:就)?(?:在|住)(?P<v>[^，。！？；、\s的了]{2,8})"),
    _pattern("identity.home", r"\bI (?:no longer|don't) live in (?P<v>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)", positive=False),
    _pattern("identity.home", r"我(?:已经)?不(?:再)?住在(?P<v>[^，。！？；、\s的了]{2,8})", positive=False),
    _pattern("identity.occupation", r"\bI(?: currently| now)? work as (?:an?|the) (?P<v>[a-z][a-z -]{2,40}?)(?= (?:at|in|for|and|with|but|since)\b|[.,;!?]|$)"),
    _pattern("identity.occupation", rf"\bI(?:'m| am) (?:an?|still an?) (?P<v>(?:[a-z-]+ ){{0,3}}(?:{_JOBS_EN}))\b"),
    _pattern("identity.occupation", rf"\b[Mm]y (?:job|profession) is (?:an? |being an? )?(?P<v>(?:[a-z-]+ ){{0,3}}(?:{_JOBS_EN}))\b"),
    _pattern("relationships.people", r"\b[Mm]y (?P<v>(?:friend|colleague|classmate|cousin|aunt|uncle),? [A-Z][a-z]+)"),
    _pattern("identity.occupation", rf"我(?:现在|目前|也)?(?:是|当|做)(?:一?[名个位])?(?P<v>[^，。！？；、我你他她的]{{0,6}}(?:{_JOBS_ZH}))"),
    _pattern("identity.occupation", r"我的(?:工作|职业)是(?P<v>[^，。！？；、]{2,12})"),
    _pattern("identity.occupation", r"\bI (?:quit|left) my job as (?:an?|the) (?P<v>[a-z][a-z -]{2,40}?)(?=[.,;!?]|$)", positive=False),
    _pattern("identity.occupation", r"\bI (?:no longer|don't) work as (?:an?|the) (?P<v>[a-z][a-z -]{2,40}?)(?: any ?more\b|(?=[.,;!?]|$))", positive=False),
    _pattern("identity.occupation", rf"我(?:已经|早就|现在)?不(?:再)?(?:是|当|做)(?:一?[名个位])?(?P<v>[^，。！？；、我你他她的]{{0,6}}(?:{_JOBS_ZH}))", positive=False),
    _pattern("identity.industry", r"\bI work in (?:the )?(?P<v>(?:[a-z-]+ )?(?:finance|education|healthcare|software|it|advertising|media|retail|construction|logistics|banking|tourism|publishing|law|energy|insurance|gaming|hospitality|marketing|agriculture|research))(?: industry| sector)?\b"),
    _pattern("identity.industry", r"我(?:在|从事)(?P<v>[^，。！？；、你他她]{2,8}?)(?:行业|这一行|领域)"),
    _pattern("identity.position", r"\bI(?:'m| am| became| was promoted to) (?:the |an? )?(?P<v>(?:[a-z]+ )?(?:team lead|tech lead|team leader|director|head of [a-z ]+|vice president|supervisor|department manager|intern))\b"),
    _pattern("identity.position", r"我(?:现在|刚)?(?:是|担任|升(?:为|任|职为|成)?了?)(?P<v>[^，。！？；、我你他她]{0,6}(?:主管|总监|组长|部门经理|负责人|主任|实习生|副总))"),
    _pattern("relationships.status", r"\bI(?:'m| am| just got| got|'m still| am still) (?P<v>single|married|engaged|divorced|in a relationship)\b"),
    _pattern("relationships.status", r"我(?:现在|还|还是|是|已经|目前|刚刚?)*(?P<v>单身|结婚|已婚|离婚|订婚|恋爱)"),
    _pattern("relationships.status", r"\b[Mm]y (?:wife|husband)\b", stated=False, value="married"),
    _pattern("relationships.status", r"\b[Mm]y (?:girlfriend|boyfriend)\b", stated=False, value="in a relationship"),
    _pattern("relationships.status", r"我(?:的)?(?:老婆|妻子|老公|丈夫)", stated=False, value="已婚"),
    _pattern("relationships.status", r"我(?:的)?(?:女朋友|男朋友)", stated=False, value="恋爱中"),
    _pattern("relationships.people", rf"\b[Mm]y (?P<v>{_KIN_EN}(?:,? [A-Z][a-z]+)?)\b(?!s|'s| of)"),
    _pattern("relationships.people", rf"我(?:的|家)?(?P<v>(?:{_KIN_ZH})(?:叫[^，。！？；、\s]{{1,4}})?)"),
    _pattern("preferences.social", r"\bI(?:'m| am) (?:quite |rather |very |a bit |an? |more of an? )*(?P<v>introvert(?:ed)?|extrovert(?:ed)?|shy|outgoing)\b"),
    _pattern("preferences.social", r"我(?:的性格|这个人|是个)?(?:比较|很|有点|挺|非常|是)*(?P<v>内向|外向|社恐|慢热)"),
    _pattern("preferences.work_style", r"\bI (?:prefer (?:to work|working)|work best|like (?:to work|working)) (?P<v>[^.,;!?]{3,50})"),
    _pattern("preferences.work_style", r"我(?:更|比较|很|最)?喜欢(?P<v>独立工作|远程(?:办公|工作)|在家(?:办公|工作)|团队合作|一个人工作)"),
    _pattern("preferences.stress_coping", r"\bwhen(?:ever)? I(?:'m| am| feel| get) (?:\w+ )?(?:stressed|anxious|overwhelmed|under pressure|upset)[^,.]{0,12}, I (?:usually |always |often |just )?(?P<v>[^.,;!?]{3,50})"),
    _pattern("preferences.stress_coping", r"\b(?P<v>[A-Za-z]+ing(?: [a-z]+){0,4}) (?:always )?helps me (?:to )?(?:relax|calm|unwind|de-stress|feel better)"),
    _pattern("preferences.stress_coping", r"压力(?:很|比较)?大(?:的时候|时)[，,]?我?(?:会|就|一般|通常)*(?P<v>[^，。！？；]{2,16})"),
    _pattern("preferences.stress_coping", r"(?:^|[，。])(?P<v>[^，。！？；我]{2,10}?)(?:能|可以|会)?(?:让我|帮我)(?:很|更|感到|觉得)*(?:放松|平静|减压|舒服)"),
    _pattern("habits.sleep", r"\bI (?:always |usually |normally |generally )?(?P<v>(?:get up|wake up|go to bed|go to sleep|fall asleep) (?:at|around|before|after|by) [^.,;!?]{2,30})"),
    _pattern("habits.work_hours", r"\bI (?:usually |normally |always )?(?P<v>(?:start work|work from|work until|work late|work nights|work weekends)[^.,;!?]{0,30})"),
    _pattern("decisions.energy_peaks", r"\bI(?:'m| am) (?:definitely |really |more of )?an? (?P<v>morning person|night owl|early bird)\b"),
    _pattern("decisions.energy_peaks", r"\bI(?:'m| am)? ?(?:focus best|think best|concentrate best|most productive|at my best|work best) (?P<v>(?:in|at|before|after|early|late|on)\b[^.,;!?]{2,30})"),
    _pattern("decisions.energy_peaks", r"(?:我)?(?P<v>早上|清晨|上午|中午|下午|晚上|深夜|夜里)(?:的时候)?我?(?:的)?(?:效率|精力|状态|思路)(?:最|比较|特别|更)*(?:高|好|充沛|清晰)"),
    _pattern("decisions.time_of_day", r"\bI (?:always |usually |prefer to )?(?:make|take) (?:my |big |important )*decisions (?P<v>(?:in|at|before|after|early|late|on)\b[^.,;!?]{2,30})"),
    _pattern("decisions.time_of_day", r"我(?:一般|通常|习惯|喜欢|总是)*在?(?P<v>早上|清晨|上午|中午|下午|晚上|周末)(?:才|再)?做(?:重要的?)?决定"),
    _pattern("decisions.meetings", r"\bI (?:prefer|like|love) (?P<v>[^.,;!?]{0,30}meetings?[^.,;!?]{0,30})"),
    _pattern("decisions.meetings", r"\bI (?:hate|dislike|avoid|can't stand|don't like) (?P<v>[^.,;!?]{0,30}meetings?[^.,;!?]{0,30})", positive=False),
    _pattern("decisions.meetings", r"我(?:不喜欢|讨厌|受不了)(?P<v>[^，。！？；]{0,8}(?:开会|会议))", positive=False),
    _pattern("decisions.conflict_style", r"\bI (?:always |usually |tend to |try to )*(?P<v>(?:avoid|walk away from|face|confront) (?:conflicts?|arguments?|confrontations?)[^.,;!?]{0,20})"),
    _pattern("decisions.conflict_style", r"(?:吵架|有矛盾|起冲突|意见不合)(?:的时候|时)?[，,]?我(?:一般|通常|都|总是|会)*(?P<v>[^，。！？；]{2,14})"),
    _pattern("decisions.rules", r"\b[Mm]y (?:\w+ )?rule is (?:to |that )?(?P<v>[^.;!?]{3,60})"),
    _pattern("decisions.rules", r"\bI (?P<v>(?:never|always) (?:sleep on|buy|sign|decide|answer|check|reply|say)[^.;!?]{3,50})"),
    _pattern("decisions.rules", r"我的(?:原则|规矩|底线)(?:就)?是(?P<v>[^。！？；]{2,30})"),
)  # fmt: skip

_HYPOTHETICAL = re.compile(r"^(?:if|imagine|suppose|when I was|如果|假如|要是|小时候)", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:and|but|so|because|recently|lately|now|then|also|sometimes|I(?:'ve| have| also| just)?|we|但是?|所以|因为|而且|然后|最近|现在|其实|有时候?也?会?|我们?|也|都|还|会|在)[\s,，]*",
    re.IGNORECASE,
)


def find_named(sentence: str, names: Mapping[str, str]) -> Iterator[Trait]:
    """Yield what a sentence says of slots that the user named: "my <name> is …", 我的<name>是…."""
    for code, name in names.items():
        words = re.escape(name)
        match = name and re.search(rf"\b[Mm]y {words} (?:is|are) (?:an? |the )?(?P<v>[^.,;!?]+)|我的?{words}(?:是|为|有)(?P<w>[^，。！？；]+)", sentence, re.IGNORECASE)
        if match:
            yield Trait(code, (match["v"] or match["w"]).strip(), match[0].strip(" ,，。"))


def find_traits(sentence: str) -> Iterator[Trait]:
    """Yield all traits that a user's sentence states; later ones may repeat earlier ones."""
    if _HYPOTHETICAL.match(sentence):
        return
    if not is_question(sentence):
        yield from _patterns(sentence)
        yield from _habits(sentence)
    yield from find_preferences(sentence)


def _patterns(sentence: str) -> Iterator[Trait]:
    for pattern in PATTERNS:
        match = pattern.words.search(sentence)
        if match is None:
            continue
        value = (pattern.value or match["v"]).strip(" ,，的")
        if 1 < len(value) <= MAX_VALUE_LENGTH or (value and is_wide(value)):
            yield Trait(pattern.slot, value, match[0].strip(" ,，。"), pattern.positive, pattern.stated)


def _habits(sentence: str) -> Iterator[Trait]:
    """Yield habits. A clause with "usually", "每天" and the like is the user's own generalisation; one that only mentions sport is not."""
    if not lexicon.SELF.search(sentence) or lexicon.OTHERS.search(sentence):
        return
    for clause in clauses(sentence):
        if lexicon.ADDRESSED.search(clause):
            continue
        slot = _habit_slot(clause)
        if lexicon.HABITUAL.search(clause) and slot and 3 < len(clause) <= MAX_VALUE_LENGTH + 20:
            value = _LEAD.sub("", _LEAD.sub("", clause))
            if 1 < len(value) <= MAX_VALUE_LENGTH:
                yield Trait(slot, value, clause)
        elif lexicon.DONE.search(clause):
            yield from _sports(clause)


def _sports(clause: str) -> Iterator[Trait]:
    for english, (chinese, words) in lexicon.EXERCISE.items():
        if words.search(clause):
            yield Trait("habits.exercise", chinese if is_wide(clause) else english, clause, stated=False)


def _habit_slot(clause: str) -> str | None:
    if lexicon.SPORT.search(clause) or any(words.search(clause) for _, words in lexicon.EXERCISE.values()):
        return "habits.exercise"
    by_words = (
        ("habits.sleep", lexicon.SLEEP),
        ("habits.work_hours", lexicon.WORK_HOURS),
        ("habits.meals", lexicon.MEALS),
    )
    return next((slot for slot, words in by_words if words.search(clause)), None)
