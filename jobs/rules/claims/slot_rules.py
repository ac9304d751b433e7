# ruff: noqa: E501 - patterns of words read by their rows
"""Rules of particular slots beside the words that affirm a value: goals are plans, birthdays are days, own slots are named by the user."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from jobs.rules.claims.markers import KIN_ZH, NO_LONGER, RELATIONS
from jobs.rules.claims.reading import SIMPLIFIED, Place, Sentence
from jobs.rules.claims.words import content_words, is_same_word
from jobs.rules.search.dates.named_days import find_birthday
from jobs.rules.slots import BIRTHDAY
from jobs.rules.text.normalization import fold, is_cjk

GOALS: Final = "decisions.goals"
PETS: Final = "relationships.pets"
OF_OTHERS: Final = frozenset({"relationships.people", PETS, "relationships.dates"})
"""The slots whose values are about others than the speaker."""

_WISH: Final = re.compile(r"\b(?:i'd|i would) (?:like|love) to\b|想要?|希望|盼着|梦想|目标")
_CONDITION: Final = re.compile(
    r"\b(?:if|unless|suppose|supposing|assuming|wish|imagine|maybe|perhaps|might|could|would(?! (?:like|love))|hypothetically|day-?dream\w*|in another life)\b|如果|要是|假如|假设|假使|万一|倘若|也许|说不定|没准|白日梦|做梦|想象|可能|就好了|该多好|真希望|恨不得|考虑|(?<!我)(?:希望|想让|盼)我|(?:要求|劝|催|让)我"
)
"""Words that make a wish more than a goal can be: "if I were rich I'd buy a boat"."""


def is_goal(slot: str, sentence: Sentence) -> bool:
    """Return whether the sentence tells a goal of its speaker, for which it is a plan or a wish and not a hypothesis."""
    return slot == GOALS and _CONDITION.search(sentence.text) is None


def is_wish(sentence: Sentence) -> bool:
    return _WISH.search(sentence.text) is not None


_OF_OTHER: Final = re.compile(r"\b(?:her|his|their|your|[a-z]+'s) (?:\w+ )?(?:dreams?|goals?|plans?|aims?|wish|ambitions?|resolutions?)\b[^,]*$")


def is_others_goal(slot: str, sentence: Sentence, start: int) -> bool:
    """Return whether the clause tells another one's goal: "her dream is to swim the channel"."""
    return slot == GOALS and _OF_OTHER.search(sentence.text, sentence.clauses[sentence.clause_at(start)][0], start) is not None


def ends_something(slot: str, value: Sentence) -> bool:
    """Return whether a goal is to end something, as "quit smoking": its words look like those of a value that holds no longer."""
    return slot == GOALS and NO_LONGER.search(value.text) is not None


_NAMES_ITSELF: Final = re.compile(r"\bname|\bcalled\b|[叫姓名]")


def is_name(slot: str, sentence: Sentence, start: int) -> bool:
    """Return whether a value of the slot of names is written as a name, unless its sentence says that it is one: "I'm Tom", not "I'm tired"."""
    first = sentence.cased[start : start + 1]
    return slot != "identity.name" or _NAMES_ITSELF.search(sentence.text) is not None or first.isupper() or is_cjk(first)


_GONE: Final = re.compile(
    r"\b(?:sold|gave away|given away|lost|threw (?:out|away)|died|dead|passed away|put to sleep|ran away|was stolen|got stolen)\b|卖了|卖掉|送人|扔了|丢了|弄丢|被偷|去世|死了|走丢|没了|过世"
)
_LEFT: Final = (
    (re.compile(r"\b(?:went|gone|going|switch\w*|mov\w+|chang\w+|down|cut|dropp\w+|converted|transferr\w+)\b[^,.;]{0,30}\bfrom\s(?:[\w'-]+\s){0,3}$"), re.compile(r"[^,.;]{0,24}?\s(?:in)?to\b")),
    (re.compile(r"从[^,]{0,8}$"), re.compile(r"[^,]{0,6}?(?:减|降|改|变|换|搬|跳槽?|转|调)[^,]{0,3}?[到成为去]")),
)
"""The words before and behind a value that the user left for another: "went from tea to coffee", "从早班换成晚班"."""
_LISTED: Final = re.compile(r"\s*(?:and|or) (?:my|the|our|an?) [\w' -]{1,24}\W*$")
"""A clause that goes on with a list of things: "sold my bike and my saxophone"."""
_FORMER: Final = re.compile(
    r"\b(?:retired|former|one-?time|erstwhile|ex)[ -](?:[a-z]+ ){0,1}$|(?:退休|离休|退役|卸任)的?(?:老)?$|(?:是|当|做)(?:一名|一个|一位|个|位|名)?前$"
)
_OLD_HOME: Final = re.compile(r"\b(?:my|our) (?:old|former|previous|last|first|ex) (?:place|flat|house|apartment|home|room)\b|(?:之前|以前|原来|从前)[^,]{0,8}的(?:房子|家|公寓|住处|小区)")
_OFFICES: Final = ("identity.occupation", "identity.position", "identity.industry")
_DENIED_BEHIND: Final = re.compile(r"[^,]{0,6}(?:不(?:会|再)?|没有?)(?:过敏|不耐受)")


def is_gone(slot: str, sentence: Sentence, start: int, end: int) -> bool:
    """Return whether the clause tells that the value at `start` to `end` was left for another, that a possession or a pet is no longer there, or
    that an occupation is a former one: "a retired nurse"."""
    first, last = sentence.clauses[sentence.clause_at(start)]
    if slot == "identity.home" and _OLD_HOME.search(sentence.text, first, last) is not None:
        return True
    if slot in _OFFICES and _FORMER.search(sentence.text[first:start]) is not None:
        return True
    if any(before.search(sentence.text[first:start]) and behind.match(sentence.text, end, last) for before, behind in _LEFT):
        return slot != "identity.places"
    if slot not in ("identity.possessions", PETS):
        return False
    number = sentence.clause_at(start)
    listed = number > 0 and _LISTED.match(sentence.text, first, last) is not None
    return _GONE.search(sentence.text, sentence.clauses[number - listed][0], last) is not None


def is_denied_behind(slot: str, sentence: Sentence, end: int) -> bool:
    """Return whether the words behind an allergen deny the allergy, as in "我对花生不过敏"."""
    return slot == "identity.allergies" and _DENIED_BEHIND.match(sentence.text, end) is not None


def names_a_day(slot: str, value: str, today: date) -> bool:
    """Return whether a value of the slot of birthdays names one day; True for every other slot."""
    return slot != BIRTHDAY or find_birthday(value, today) is not None


def affirms_own(topic: str, sentence: Sentence, place: Place) -> bool:
    """Return whether a statement of the speaker of themselves ("I", "my", 我) mentions a word of an own slot's name or guide.

    Nothing is known of the slot but the user's words for it, so that a statement without any of them leaves a value undecided. What the slot is
    about may be the subject, as in "my team won", but a relative's thing is not: "my brother's bike" tells nothing of a slot for bikes.
    """
    if not any(subject.own for subject in sentence.subjects) and not _FIRST_PERSON.search(sentence.text):
        return False
    if place.subject is not None and not place.subject.own and not _names(topic, _POSSESSION.sub("", place.subject.name)):
        return False
    return _names(topic, sentence.text)


_FIRST_PERSON: Final = re.compile(r"\b(?:i|we|my|our)\b|[我咱俺]")
_POSSESSION: Final = re.compile(r"'s \w+.*$")


def _names(topic: str, text: str) -> bool:
    folded = fold(topic).text.translate(SIMPLIFIED)
    stems = {word.stem for word in content_words(folded)}
    if any(is_same_word(word.stem, stem) for word in content_words(text) for stem in stems):
        return True
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1) if is_cjk(folded[at]) and is_cjk(folded[at + 1])}
    alone = {run for run in re.findall(r"[一-龥]+", folded) if len(run) == 1}
    return any(pair in text for pair in pairs | alone)


_SLEEP: Final = re.compile(
    r"\b(?:sle[ep]\w*|asleep|bed\w*|naps?|napping|insomnia\w*|wak(?:e|es|ing)|woke|awake|g[eo]t(?:s|ting)? up|up (?:at|by|before|until|till|til|late|early|all|with)|lights out|night owls?|early birds?|(?:early|late) risers?|(?:morning|night) person|snooz\w*|doz\w+|alarm|turn in|lie[- ]ins?|crash\w*)\b"
    r"|睡|起|醒|床|躺|熬夜|失眠|夜猫|早鸟|闭眼|午休|困|通宵|眯|打盹|小憩|补觉"
)
_WORK: Final = re.compile(
    r"\b(?:wo?rk\w*|nites?|shifts?|jobs?|office|hours?|desk|clock\w*|duty|on call|overtime|(?:part|full)[- ]time|nights?|days?|teach\w*|open\w*|start\w*|finish\w*|stack\w*|nine[- ]to[- ]five)\b|9[- ](?:to|-)[- ]5|班|工|岗|干活|打卡|值|朝九|早[一-龥\d]{1,2}晚|[双单轮]休|课|营业|开店|996|007|965"
)
_EXERCISE: Final = re.compile(
    r"\b(?:runs?|running|ran|jog\w*|walk\w*|gym|swim\w*|lift\w*|yoga|pilates|climb\w*|boulder\w*|train\w*|exercis\w*|work ?outs?|sport\w*|cycl\w*|bik\w*|rid(?:e|es|ing)|row\w*|danc\w*|boxing|hik\w*|stretch\w*|push-?ups?|squats?|plays?|football|tennis|steps)\b|跑|走|步|游|练|健身|瑜伽|爬|攀|骑|打|球|跳|舞|操|拳|运动|锻炼|举铁|徒步|滑"
)
_EATING: Final = re.compile(
    r"\b(?:eat\w*|ate|meals?|food|breakfast|lunch|dinner|supper|brunch|snack\w*|cook\w*|drink\w*|coffee|tea|fast\w*|diet|plate|takeaway|take-?out)\b|吃|喝|饭|餐|顿|煮|做菜|外卖|食|咖啡|茶|零食|宵夜|夜宵"
)
_HABITS: Final = {"habits.sleep": _SLEEP, "habits.work_hours": _WORK, "habits.exercise": _EXERCISE, "habits.meals": _EATING}
_BESIDE_WORK: Final = re.compile(r"\b(?:before|after|outside) (?:work|class)\b|[上下]班(?:之?前|以前|之?后|以后|路上)")
_ONCE: Final = re.compile(r"\b(?:for once|for the first time|just this once|for a change)\b|难得|破天荒|头一[回次]|下不为例")
_OCCASION: Final = re.compile(
    r"\b(?:today|tonight|yesterday|last night|this (?:morning|afternoon|evening)|just now|right now)\b"
    r"|(?:^|[,.;:!?]|\b(?:and|so|then|but|i|we)\b)\s*(?:just |then |also |finally |only |ended up )?(?:went|ran|walked|worked|slept|ate|woke|swam|cooked|skipped|skipping|stayed|biked|cycled|hiked|danced|trained|pulled|did|had|got up|called in|stacked)\b"
    r"|今天|昨天|昨[晚夜]|今[早晚]|刚才|刚刚|前天|前晚|这[次趟回]|了[一两三四五六七八九十百千万半几好\d]|了[趟次回个]|[跑走游睡吃喝爬骑练打跳起醒]了(?!就|才|再|以后|之后)|没(?:怎么)?[睡吃喝去跑起练]|^\W*连[上着干值]"
)
"""Words of something that happened once: the day, or a verb of what was done."""
_REPEATED: Final = re.compile(
    r"\b(?:usual(?:ly)?|always|never|every|each|often|normally|generally|typically|regular(?:ly)?|mostly|most|rarely|seldom|hardly|routine|habit|daily|nightly|weekly|weekdays?|weekends?|mornings|evenings|nights|afternoons|\w+days|once an?|twice|times an?"
    r"|these days|nowadays|lately|as ever|same as|still|keeps?|tend|since|for (?:years|months|ages)|all (?:week|year)|used to|now (?:i|we)|i do|as always|started|stopped|quit|gave up|anymore|any more)\b|\b(?:i|we)(?:'m| am| are|'re)? (?:\w+ly )?(?:work|sleep|run|eat|go|wake|get up|cook|swim|skip|do|have|nap)\b"
    r"|每|都(?!没)|天天|总|一般|平时|平常|通常|习惯|经常|常|老是|老[在爱]|从不|从来|一直|照[旧例样]|雷打不动|坚持|固定|往往|向来|改[成为到]|换[成到]|开始|以来|很少|基本|至今|日常|规律|现在|[\d一二两三四五六七八九十]年了?"
)
"""Words of what is done again and again, or is so since a change."""
_UNLEARNT: Final = re.compile(r"\bforg[eo]t(?:ten)? (?:it|all|every|most|how)\b|\b(?:rusty|can't (?:order|say|speak|understand) (?:a|it|any|one))|忘光|忘[得了]?(?:差不多|干净|精光)|还给(?:了)?老师|全忘|早忘|不利索")
_TIED: Final = re.compile(r"\W*(?:之前|以前|前|之后|以后|后)")
_DURATION: Final = re.compile(r"(?:for )?(?:\d+|[a-z]+) (?:years?|yrs?|months?|weeks?)|第?[\d一二两三四五六七八九十]+(?:个)?[年月周天]")
_NO_PET: Final = re.compile(r"单身[狗汪]|舔狗|加班狗|热狗|夜猫子?|铁公鸡|旱鸭子|菜鸟|落汤鸡|替罪羊|没?宠物|(?:hot ?dogs?|night owls?|early birds?|black sheep|lone wolf|underdogs?|bookworms?|no pets?|pets?)")
_MARRIED: Final = re.compile(r"married|engaged|[已结]婚")
_COUNTED: Final = re.compile(r"\s(?:once|twice|(?:two|three|four|\d) times)\b|[一两二三四][次回]")
_EVENT: Final = re.compile(r"(?:the |our |my )?(?:weddings?|engagement party|hen do|stag do)\b|婚礼|婚宴")
_NO_PERSON: Final = re.compile(r"(?:nobody|no one|everybody|everyone|somebody|someone|anybody|people|them|they|guys?|没人|大家|有人|别人|人家|谁|所有人|没.{0,2}人|有些人|几个人|那个人|(?:some|most|other) people|(?:a|some|this) (?:guy|man|woman|stranger|girl|boy|person))")
_RULE: Final = re.compile(
    r"\b(?:never|always|rules?|principles?|motto|policy|must|don't|dont|do not|won't|wont|not|only|first|before|refuse\w*|insist\w*|every|each|any|sleep on|no more|unless|everything|anything|matters?|rather|over|values?|believe)\b|原则|规矩|底线|[不绝]|必须|一定|永远|从来|只|先|宁|再.*也|凡|都|每|靠"
)
_NO_OFFICE: Final = re.compile(
    r"(?:an? |the )?(?:\w+ ){0,2}?(?:idiot|moron|fool|failure|mess|disaster|genius|clown|zombie|wreck|monster|angel|saint|sinner|hermit|machine|robot|potato|goblin|ghost|legend|hero|heroine|princess|queen|king|god|goddess|superstar|unicorn|sloth|snail|koala|panda|bear|cat|dog|pig|fish|bird|owl|lark|horse|sheep|houseplant|plant|cactus|rock|sponge|burrito|pancake|vegetable|millionaire|billionaire|procrastinator|overthinker|couch potato|weirdo|creep|night owl|grown-?up|adult)s?"
    r"|[一-龥]{0,4}(?:废物|废柴|傻[子瓜逼]|笨蛋|白痴|智障|小丑|怨种|冤种|牛马|社畜|韭菜|工具人|打工人|菜鸡|咸鱼|天才|学渣|学霸|萌新|吃货|路痴|[肥死]?宅[男女]?|单身狗|夜猫子|公主|女王|国王|皇帝|皇后|仙女|天使|恶魔|魔鬼|上帝|僵尸|机器人?|石头|木头|绿萝|仙人掌|蘑菇|土豆|树懒|熊猫|考拉|猪|狗|猫|鱼|鸟|龟|富翁|富婆|土豪|大冤种)"
)
_MEETING: Final = re.compile(r"\b(?:meet\w*|calls?|stand-?ups?|syncs?|video|zoom|teams|agenda|one[- ]on[- ]ones?|1:1s?|slides|retros?|huddles?|workshops?|catch-?ups?|conference|remote\w*|in person)\b|会|议|视频|线上|当面|面对面|碰头|电话")
_BELIEF: Final = re.compile(
    r"\b(?:\w+(?:ists?|ism|istic|theism)|christian\w*|catholic\w*|muslim|islam\w*|jew\w*|hindu\w*|sikh\w*|pagan\w*|wicca\w*|protestant\w*|orthodox|quaker|mormon|evangelical|lutheran|anglican|presbyterian|agnostic\w*|believ\w+|faith\w*|religio\w+|spiritual\w*|god|gods|jesus|allah|buddha|church|mosque|temple|synagogue|pray\w*|vot(?:e|es|ed|ing)|left|left-wing|right-wing|liberal\w*|conservative\w*|progressive|greens?|labour|tory|republican|democrat\w*|libertarian|stoic\w*|tao\w*|dao\w*|zen|philosoph\w+|politic\w+|karma)\b"
    r"|信|教|佛|神|主义|徒|党|派|论|道|禅|基督|伊斯兰|穆斯林|犹太|祷|拜|命|哲学|政治"
)
_NUISANCE: Final = re.compile(
    r"\b(?:queu\w+|standing in (?:line|the rain)|(?:being )?on hold|traffic|commut\w+|tax(?:es)?|tax returns?|paperwork|bills|printers?|delays?|delayed|cancel\w+|overtime|hangovers?|dentist\w*|root canals?|drill\w*|spam|mondays?|wifi|crash\w+|being (?:late|ignored|ghosted|yelled at|woken|stuck|sick|broke)|waiting (?:for|in)|parking tickets?|(?:cat|dog|baby|kid)'?s? (?:sick|puke|vomit|poo|poop|pee)|stepping on|being woken|power cuts?)\b"
    r"|踩到|踩[猫狗屎]|[猫狗娃]吐|呕吐|排队|堵车|报税|背锅|加班|挤地铁|挤公交|早八|早高峰|被骂|挨骂|周报|返工|断网|死机|停电|停水|罚款|罚单|看牙|被催|催债|迟到|延误|被鸽|甩锅|改需求|等公交|等车"
)
"""Values that are hardly ever liked. Such a value is undecided, since the statement may be ironic."""
_RELATION: Final = re.compile(rf"\b(?:(?:{RELATIONS})s?|bro|sis|gran|nan|nanna|nonna|oma|opa|godmother|godfather|godson|goddaughter|step\w+|soulmate|crush|bf|gf|bff|pal|tutor|mentor)\b|{KIN_ZH}|发小|死党|同桌|舍友|老师|师傅|师父|外[公婆甥孙]|孙|侄|姨|舅|叔|婶|嫂|姑|爷|奶|姥|娘|爹|搭档|战友|网友|笔友")


def is_of_kind(slot: str, value: Sentence, sentence: Sentence, start: int, end: int) -> bool:
    """Return whether a value is of its slot's kind by the words around it: hours of a statement that speaks of no sleep are none of sleep.

    A value that its own words give to another habit, an event in place of a status, and a name without a relation are of another kind.
    """
    if slot.startswith("habits.") and _ONCE.search(sentence.text):
        return False
    if slot == "identity.languages":
        return _UNLEARNT.search(sentence.text) is None
    if slot.startswith(("identity.", "habits.")) and _DURATION.fullmatch(value.text):
        return False
    if slot == "decisions.meetings" and _MEETING.search(_around(sentence)) is None:
        return False
    if slot == "decisions.rules":
        return _RULE.search(sentence.text) is not None
    if slot == PETS:
        return _NO_PET.fullmatch(value.text) is None
    if slot in ("habits.sleep", "habits.work_hours"):
        if slot == "habits.work_hours" and _TIED.match(sentence.text, end):
            return False
        around = _BESIDE_WORK.sub(" ", _around(sentence))
        if _HABITS[slot].search(around) is not None:
            return True
        return slot == "habits.work_hours" and not any(_HABITS[other].search(around) for other in _HABITS if other != slot)
    if slot in _HABITS:
        others = (pattern for key, pattern in _HABITS.items() if key != slot and key in ("habits.sleep", "habits.meals"))
        return _HABITS[slot].search(value.text) is not None or not any(pattern.search(value.text) for pattern in others)
    if slot == "relationships.status" and _MARRIED.search(value.text) and _COUNTED.match(sentence.text, end):
        return False
    if slot == "relationships.status" and _STATUS.search(value.text) is None:
        return False
    if slot == "relationships.status":
        return _EVENT.match(sentence.text, start) is None
    if slot == "identity.beliefs":
        return _BELIEF.search(value.text) is not None or _BELIEF.search(sentence.text) is not None
    if slot.startswith("preferences."):
        return _NUISANCE.search(value.text) is None
    return slot != "relationships.people" or _is_person(value, sentence, start, end)


_FREE: Final = re.compile(r"\d|[一二两三四五六七八九十]|\b(?:am|pm|every|daily|mornings?|evenings?|nights?|weekends?|\w+days?|once|twice)\b|每|天|周|早|晚")


def tells_habit(slot: str, value: Sentence, sentence: Sentence, start: int) -> bool:
    """Return whether a value of a habit may stand on this one statement; True for other slots.

    What was done once is no habit: "worked till ten last night". Only a bare kind of exercise, as in "I went running", may be kept: it is inferred, and
    holds when another day tells it, too.
    """
    if not slot.startswith("habits.") or not is_single_occasion(sentence, start):
        return True
    return slot == "habits.exercise" and _FREE.search(value.text) is None and _HABITS[slot].search(value.text) is not None


_THAT_DAY: Final = re.compile(r"\b(?:today|tonight|yesterday|last night|this (?:morning|afternoon|evening))\b|今天|昨天|昨[晚夜]|今[早晚]")


def is_single_occasion(sentence: Sentence, start: int) -> bool:
    """Return whether the sentence tells at a place what was done once: "walked 12 km today", "昨晚加班到十点", also beside what is usual: "but today I slept in"."""
    first, last = sentence.clauses[sentence.clause_at(start)]
    days = [match.end() for match in _THAT_DAY.finditer(sentence.text, first, start)]
    if days and _REPEATED.search(sentence.text, days[-1], last) is None:
        return True
    return _OCCASION.search(sentence.text) is not None and _REPEATED.search(sentence.text) is None


_BARE_CONDITION: Final = re.compile(r"^\W*(?:(?!i\b|we\b|my\b)[a-z]+ ){1,4}and (?:i'm|i|we're|we)\b|^\W*(?:[一-龥]{0,3}(?:冷|热|累|困|晚|忙|雨|雪|风|病|醉|饱|饿|吵|堵|加班))了?我?就[不没]")


def is_conditional_denial(sentence: Sentence) -> bool:
    """Return whether the sentence denies only under a condition that it names without "if": "rain and I'm not running", "下雨就不跑了"."""
    return _BARE_CONDITION.search(sentence.text) is not None


_SPOUSE: Final = re.compile(r"\bmy (?P<english>wife|husband|hubby|spouse|gf|bf|girlfriend|boyfriend|partner|fianc[eé]e?)\b(?! (?:died|passed|left|has left|was|used|had been))|我的?(?P<chinese>老婆|妻子|媳妇|老公|丈夫|女朋友|男朋友|女友|男友|对象|未婚[夫妻])(?!去世|走了|没了|跑了|生前)")
_SPOUSES: Final = {
    "wife": "married|wife|spouse", "husband": "married|husband|spouse", "hubby": "married|husband|hubby|spouse", "spouse": "married|spouse", "girlfriend": "relationship|girlfriend|partner|taken|dating", "gf": "relationship|girlfriend|gf|taken|dating", "bf": "relationship|boyfriend|bf|taken|dating",
    "boyfriend": "relationship|boyfriend|partner|taken|dating", "partner": "relationship|partner|taken", "老婆": "已婚|结婚|老婆", "妻子": "已婚|结婚|妻子", "媳妇": "已婚|结婚|媳妇", "老公": "已婚|结婚|老公", "丈夫": "已婚|结婚|丈夫",
    "女朋友": "恋爱|女朋友|女友", "女友": "恋爱|女朋友|女友", "男朋友": "恋爱|男朋友|男友", "男友": "恋爱|男朋友|男友", "对象": "恋爱|对象",
}  # fmt: skip
_STATUS: Final = re.compile(
    r"\b(?:single|married|unmarried|wed|divorc\w+|relationship|dating|seeing|engaged|widow\w*|partner\w*|wife|husband|hubby|spouse|girlfriend|boyfriend|fianc\w+|taken|separated|together|couple|celibate|alone|poly\w*|open|complicated|bachelor\w*|love|newlyweds?|crush)\b"
    r"|单身|婚|恋|离|对象|老公|老婆|妻|丈夫|夫|媳妇|女友|男友|女朋友|男朋友|丧偶|分居|伴侣|未嫁|未娶|脱单|一起|同居|单着|光棍|母胎"
)


_PARTED: Final = re.compile(r"\b(?:broke|break(?:ing)?|split(?:ting)?) up\b|\bsplit\b|\bdivorc\w+|\bleft me\b|\bdumped\b|分手|分了|离婚|掰了|甩了")


def is_over(text: str) -> bool:
    """Return whether a statement of a spouse or a partner tells that the two parted."""
    return _PARTED.search(text) is not None


_AVOIDED: Final = re.compile(r"(?:\bno|\b(?:can't|cannot|don't|never) (?:have|eat|do|drink|touch)(?: any)?)\s$|(?:不能|不敢|没法)[吃喝碰沾]$")
_ALLERGY: Final = re.compile(r"\b(?:intoleran\w+|allerg\w+|coeliac|celiac)\b|不耐|过敏")


def is_avoided(slot: str, sentence: Sentence, start: int) -> bool:
    """Return whether an allergen is denied as food because of the allergy: "no dairy for me, I'm intolerant"."""
    return slot == "identity.allergies" and _AVOIDED.search(sentence.text, max(0, start - 24), start) is not None and _ALLERGY.search(sentence.text) is not None


def is_own_spouse(value: Sentence, sentence: Sentence) -> bool:
    """Return whether the sentence names the user's spouse or partner, and the value says no more than that they have one: "my husband and I"."""
    return not is_over(sentence.text) and any((said := _SPOUSES.get(found["english"] or found["chinese"])) and re.fullmatch(rf"(?:is |have |has |in a |with |a |my |我?有|我的?|已)?(?:{said})(?: status|中|了)?", value.text) for found in _SPOUSE.finditer(sentence.text))


_NO_PLACE: Final = re.compile(r"(?:at |to |in )?(?:his|hers?|theirs?|yours?|mine|there|here|out|away)(?: place)?|[他她它你]们?(?:那|家)[里儿边]?|[这那][里儿边]")


def is_impossible(slot: str, value: str) -> bool:
    """Return whether no user can have the value: an animal or a thing as the occupation, a pronoun such as "everyone" as a name."""
    if slot in ("identity.home", "identity.places"):
        return _NO_PLACE.fullmatch(value) is not None
    if slot in ("identity.occupation", "identity.position"):
        return _NO_OFFICE.fullmatch(value) is not None
    return slot in ("relationships.people", "identity.form_of_address", "identity.name") and _NO_PERSON.fullmatch(value) is not None


_NEAR: Final = 16
_AROUND: Final = 200
"""Characters before and after a sentence in which a question may name what the sentence answers: "When do you sleep? I'm out by ten."."""


def _around(sentence: Sentence) -> str:
    return sentence.content[max(0, sentence.start - _AROUND) : sentence.end + _AROUND].lower()


def _is_person(value: Sentence, sentence: Sentence, start: int, end: int) -> bool:
    """Return whether a value names a relation, or its statement does right before or behind it: "my sister Anna", "Anna, my boss"."""
    if _RELATION.search(value.text) is not None:
        return True
    before = sentence.text[max(0, start - _NEAR) : start]
    found = [match.end() for match in _RELATION.finditer(before)]
    if found and re.fullmatch(r"(?:'s name is|\W|\b(?:is|called|named|and|also|old|dear|叫|是|名叫|名字|的)\b|[叫是名字])*", before[found[-1] :]):
        return True
    return _RELATION.search(sentence.text, end, min(len(sentence.text), end + _NEAR + 8)) is not None


_DENIED: Final = re.compile(r"(?:\b(?:not|never|isnt|isn't|wasn't|aren't|don't have|dont have|no longer|without|lost|miss(?:ing|ed)?)\s(?:really |just |even )?|不是|没有?|才不是|不算)$")
"""The words before a relative or a pet that deny that the user has one: "she's not my sister"."""
_THEIRS: Final = re.compile(r"(?<![\w'])(?:my|our)\s(?P<called>(?:(?!ideal\b|future\b|next\b|imaginary\b|dream\b|first\b|late\b|ex\b)[\w'-]+\s?){1,3})|(?:我|咱|俺)们?家?的?(?P<named>[一-龥]{1,4})")


def is_called_own(slot: str, value: Sentence, sentence: Sentence) -> bool:
    """Return whether the statement calls a relative or a pet the user's own by a word of the value, as "my rabbit" in "fed Olive (our rabbit)".

    That holds in questions and in what others are reported to say, too: "Did I tell you that my brother Elias called?".
    """
    if slot not in ("relationships.people", PETS):
        return False
    stems = {word.stem for word in content_words(value.text)}
    pairs = [value.text[at : at + 2] for at in range(len(value.text) - 1) if is_cjk(value.text[at])]
    for match in _THEIRS.finditer(sentence.text):
        if _DENIED.search(sentence.text, max(0, match.start() - 24), match.start()):
            continue
        if match["called"] and any(is_same_word(word.stem, stem) for word in content_words(match["called"]) for stem in stems):
            return True
        if match["named"] and any(match["named"].startswith(pair) for pair in pairs):
            return True
    return False
