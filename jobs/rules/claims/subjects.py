# ruff: noqa: E501 - tables of words read by their rows
"""The words of a sentence that name its subject: the user, or another subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jobs.rules.claims.markers import BODY_OF_ONE, KIN_ZH, RELATIONS
from jobs.rules.text.filtered_patterns import FilteredPattern
from jobs.rules.text.normalization import has_cjk


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject that a sentence names. `own` is true for the user."""

    start: int
    end: int
    own: bool
    name: str


_OWN: Final = FilteredPattern(r"\b(?:i|im|ive|we|weve|me|us|my|our|mine|myself|ourselves)\b|我们?(?!的?(?:" + KIN_ZH + r")(?![车里会])|们?(?:班|公司|部门|团队))|咱们?|俺|本人")
_PRONOUN: Final = FilteredPattern(
    r"\b(?:hes|shes|theyre|theyve|everyones|everybodys|someones|nobodys|he|she|they|you|everyone|everybody|someone|somebody|people|nobody|neither of them|both of them|most people)\b(?! know\b)|(?<=\w )who\b|(?:全[一-龥]{1,3}|大家|所有人|同事们?)除了我|(?<!其)[他她它]们?|[你您]们?|大家|人家|别人|有人|对方|那?[男女]的(?=[^,])|有个人|隔壁[^,]{0,3}|(?:^|(?<=[,.;:!?]))(?:楼[上下]|对门)(?=养|有|买|家|住|那|的|教|练|弹|拉|唱|跳|吵|装|打|又|每|天天|一大早|小孩|邻居)|(?:^|(?<=[,.;:!?]))(?:新|班主任|语文|数学|英语)?(?:牙医|大夫|中介|专家|顾问|律师|理发师|教练|老师|护士|司机|店员|店主|师傅|大爷|大妈|大叔|博主|主播|up主|网友|客人|顾客|病人|前台|保安)(?=喜欢|爱|讨厌|住|养|有|会|是|吃|喝|每|天天|总|从不|不[喜爱吃喝]|说|让)|主角|叙述者|康复师"
)
_RELATION: Final = FilteredPattern(
    rf"\b(?P<det>my|our|his|her|their|your|the|a|an|this|that|some|half|most|many|every|all)(?: (?!(?:{BODY_OF_ONE}|my|our|his|her|their|your)\b)[\w-]+){{0,2}}? (?:{RELATIONS})\b(?! tongue\b)(?:'s \w+)?(?: (?:next door|on the \w+|at \w+|across the \w+|from \w+))?"
)
_KIN_NAME: Final = FilteredPattern(r"(?:^|(?<=[,;:.!?] )|(?<=\band )|(?<=\bbut )|(?<=\bwhen )|(?<=\bif )|(?<=\bthat )|(?<=\bso ))(?:mum|mom|dad|grandma|grandpa|granny|gran|nan|nana|nanna|auntie|mama|papa)\b")
_NOT_SUBJECT: Final = re.compile(
    r"\b(?:with|to|for|from|at|of|by|about|like|than|and|or|in|on|saw|see|met|meet|call|called|visit|visited|tell|told|ask|asked|love|loved|help|helped|miss|missed|have|had|has|got|gave|give|took|take|showed|thank|thanked|invited|picked|walk|walked|feed|fed|hug|hugged|made|make|watched|watch|join|joined|is|was|be|become|became|am|are|as|i'm|being)\s$"
)
_RELATIVE_CLAUSE: Final = FilteredPattern(
    rf"\b(?P<det>the|a|that|this) (?:\w+ )?(?:{RELATIONS}) (?:that |who |whom )?(?:i|we)(?:'m|'ve|'d|'re)?(?: [a-z]+){{1,3}}? (?=(?:is|was|has|had|works?|lives?|loves?|likes?|hates?|plays?|speaks?|eats?|drinks?|teaches|runs?)\b)"
)
"""A relation who is described by what the user does: "the guy I'm dating is a pilot"."""
_VERB: Final = (
    r"(?:is|was|are|were|has|had|does|did|will|would|can|could|may|might|loves?|likes?|hates?|lives?|works?|plays?|runs?|swims?|eats?|drinks?|says?|said|told|thinks?|thought|announced|wrote|made|makes|got|gets|went|goes|bought|buys|signed|took|takes"
    r"|started|joined|moved|became|ran|swam|won|asked|asks|wants?|prefers?|enjoys?|sleeps?|keeps?|teaches|drives?|speaks?|plans?|lost|found|broke|fell|met|sang|hit|drew|drove|flew|forgot|grew|held|hurt|paid|rode|sat|saw|sent|slept|spoke|stole|taught|threw|woke|wore|brought|built|caught|chose|drank|gave|kept|spent|swore|sold|quit|left|came|knows?|needs?|always|never|just|also|finally|still|used|[a-z]{2,}ed)"
)
_NAME: Final = re.compile(rf"(?<![\w'@-])(?P<name>[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ]+)?)(?= {_VERB}\b|'s [a-z]+ {_VERB}\b)")
_NO_NAMES: Final = frozenset(
    """still just finally today yesterday tonight tomorrow last never always hardly half neither everyone everybody someone somebody people honestly recently lately maybe
    perhaps usually sometimes often mostly actually really also then now here there this that these those it its what who when where why how which if while since because
    although though after before as at in on by for from with without to of and but or so yes no not my our his her their your the a an we i he she they you
    all both each every some any many most much more few several one two three four five six seven eight nine ten nothing something anything everything
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
    work school home life dinner lunch breakfast coffee tea music traffic weather rain sun snow sleep exercise food money time things stuff stress pressure english chinese german
    please let give get got gave made took went ran walked baked bought had have has did do does is are was were can could will would should might
    once twice whoever whatever whichever even only such other another next first second third meanwhile instead anyway however therefore basically apparently
    office train bus car phone computer laptop alarm shift job day week month year night morning afternoon evening weekend decision rule goal dream plan""".split()
)
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_VERB_ZH: Final = r"(?=[比是在说也都很爱喜来要会想有住吃买跑每总把给让的告当报宣去又刚最跟得拿赢考找做写画唱跳学教开打带送请借生结离毕升辞搬养喝睡起玩走飞坐骑哭笑约帮答赶病迷](?![么里面下子])|昨天|今天|终于|已经|上周|打算|打了|决定|觉得)"
_NAME_ZH: Final = re.compile(
    rf"(?<![一-龥])(?:[{_SURNAMES}][一-龥]{{1,2}}?){_VERB_ZH}|(?<![一-龥])[小老阿][一-龥](?=[一-龥]{{1,6}}(?:过敏|不耐受))|(?<=[让叫请派选])(?:[{_SURNAMES}][一-龥]{{1,2}}?){_VERB_ZH}"
    r"|(?<![最大多很不变缩从和跟给对陪带见找同与向为去])[小老阿](?![时说心孩朋区学吃狗猫店型声偷气事巧师家是板公婆人乡友实歌姨拉里面两组米麦鱼车妈腰病爱酒腹])[一-龥]" + _VERB_ZH
    + r"|(?<![一-龥])([一-龥])(?![天常刚慢妈爸哥姐弟妹爷奶哈呵嘿嗯每渐早好白偏仅往人处事刻时家年月步])\1" + _VERB_ZH
)  # fmt: skip
_NO_NAMES_ZH: Final = re.compile(r"^(?:周[一二三四五六日末天]|方便|方面|马上|金融|万一|向来|高兴|白天|石头|毛病|龙虾|江边|夏天|任何|于是|何况|许多|余下|田里|钟头|陆续|严重|武术|孔雀|汤面|谢谢|程序|付出|段时|金钱|顾客|白领|黄昏|马路|林荫|雷雨|江湖|熊猫|田野|曾经|史上|方法|苏打|叶子|杜绝)")
_KIN: Final = FilteredPattern(rf"(?:我们?|咱们?|俺)?家?的?(?:{KIN_ZH})(?![车里会])")
_BARE_RELATION: Final = re.compile(
    r"(?:^|(?<=[,;:.!?] ))(?:coworkers?|colleagues?|flatmates?|roommates?|roomies?|housemates?|neighbou?rs?|boss|manager|landlord|landlady|mate|friend|bestie|hubby|husband|wife|missus|gf|bf|bro|sis|toddler|kid|brother|sister|cousin|uncle|aunt|son|daughter|teacher|coach|doc|doctor|dentist|therapist)"
    rf"(?= {_VERB}\b)"
)
"""A relation without an article at the beginning of a clause, before a verb: "coworker moved here"."""
_HANDED_DOWN: Final = re.compile(r"(?:[给在]我?|以前|当年|去年|生前|亲手)?(?:留下?|送|买|给|寄|织|做|传|淘|缝|塞|捎)(?:给|下)?(?:来|我|咱|俺)?的(?=[一-龥])")
"""The words that make a relative the giver of a thing and not the subject: "爷爷留下的相机"."""
_KIN_OF_OWN: Final = FilteredPattern(rf"(?:我们?|咱们?|俺)(?:家)?的?(?:{KIN_ZH}|们?(?:班|公司|部门|团队))|我家(?:里人?|人)(?=[都全也很是])")
_THOSE_WHO: Final = FilteredPattern(r"(?<![一-龥])(?![我咱俺本]|平时|有时|周末|早上|晚上)[一-龥]{2,8}的(?=每天|天天|总是|都(?:是|在|说)|说)")
_WITH: Final = re.compile(r"[和跟与同陪带]$")
"""The words that make a relative of the user the companion and not the subject: "我和我老婆住在杭州"."""
_PREPOSITION_ZH: Final = re.compile(r"(?:[和跟与同陪带找](?:[俩两几仨一二三四]个?)|[跟随陪带帮听当照背瞒对靠]着|和|跟|与|给|对|陪|带|向|为|找|见|看|问|像|同|比|是|当|做|了|的|有|养|叫|让着|把|被|遛|喂|替|帮|爱|想|教|请教|只|条|个)$")


_NAMES_IN_LY: Final = frozenset("ally beverly billy carly cecily charly cicely dolly elly emely emily everly holly jilly kelly kimberly lily lilly marly milly molly nataly nelly polly sally shelly tilly wally willy".split())
_BEFORE_NAMES: Final = frozenset("today yesterday tonight tomorrow then now maybe perhaps sometimes often also finally and but so because since when while if although though after before".split())
"""Words that begin a sentence before the name of its subject. Other words of `_NO_NAMES` belong to what follows: "My Toyota", "The Beatles"."""


def find_subjects(text: str, cased: str, ngrams: frozenset[str]) -> list[Subject]:
    """Return the subjects that a folded sentence with these n-grams names, in order. `cased` is the same text before its case was folded."""
    found = [*_own(text, ngrams), *_others(text, ngrams)]
    found += _names(cased)
    if has_cjk(text):
        found += _chinese(text, ngrams)
    kept: list[Subject] = []
    for subject in sorted(found, key=lambda item: (item.start, -item.end)):
        if kept and subject.start < kept[-1].end:
            continue
        kept.append(subject)
    return kept


def _own(text: str, ngrams: frozenset[str]) -> Iterator[Subject]:
    for match in _OWN.find_all(text, ngrams):
        yield Subject(match.start(), match.end(), True, match[0])


def _others(text: str, ngrams: frozenset[str]) -> Iterator[Subject]:
    for match in _PRONOUN.find_all(text, ngrams):
        if not (match[0] == "you" and _NOT_SUBJECT.search(text, max(0, match.start() - 12), match.start())):
            yield Subject(match.start(), match.end(), False, match[0])
    for match in _BARE_RELATION.finditer(text):
        yield Subject(match.start(), match.end(), False, match[0])
    for match in _RELATIVE_CLAUSE.find_all(text, ngrams):
        if _is_placed(text, match):
            yield Subject(match.start(), match.end(), False, match[0])
    for pattern in (_RELATION, _KIN_NAME):
        for match in pattern.find_all(text, ngrams):
            if not _NOT_SUBJECT.search(text, max(0, match.start() - 12), match.start()) and _is_placed(text, match):
                yield Subject(match.start(), match.end(), False, match[0])


def _names(cased: str) -> Iterator[Subject]:
    """Yield the names before a verb, without an adverb or a conjunction that begins their sentence ("Today Anna")."""
    for match in _NAME.finditer(cased):
        start, (first, *rest) = match.start("name"), match["name"].split()
        if rest and (_is_adverb(first) or first.lower() in _BEFORE_NAMES):
            start, first = start + len(first) + 1, rest[0]
        if first.lower() not in _NO_NAMES and not _is_adverb(first):
            yield Subject(start, match.end("name"), False, cased[start : match.end("name")].lower())


def _is_adverb(word: str) -> bool:
    """Return whether a capitalized word ends as adverbs do ("Suddenly") and is no first name ("Emily")."""
    return word.endswith("ly") and word.lower() not in _NAMES_IN_LY


def _is_placed(text: str, match: re.Match[str]) -> bool:
    """Return whether the words can be a subject: "my sister" anywhere, "the guy" only where a clause begins."""
    det = match.groupdict().get("det")
    if det in (None, "my", "our", "his", "her", "their"):
        return True
    return re.search(r"(?:^|[,;:.!?'(]\W*|\b(?:that|then|when|because|if|and|but|so|honestly|today|yesterday)\s)$", text[max(0, match.start() - 12) : match.start()]) is not None


def _chinese(text: str, ngrams: frozenset[str]) -> Iterator[Subject]:
    for match in _KIN_OF_OWN.find_all(text, ngrams):
        if _HANDED_DOWN.match(text, match.end()) or _WITH.search(text, max(0, match.start() - 2), match.start()):
            continue
        yield Subject(match.start(), match.end(), False, match[0])
    for match in _KIN.find_all(text, ngrams):
        if _HANDED_DOWN.match(text, match.end()):
            continue
        if match[0][0] not in "我咱俺" and not _PREPOSITION_ZH.search(text, max(0, match.start() - 4), match.start()):
            yield Subject(match.start(), match.end(), False, match[0])
    for match in _THOSE_WHO.find_all(text, ngrams):
        yield Subject(match.start(), match.end(), False, match[0])
    for match in _NAME_ZH.finditer(text):
        if not _NO_NAMES_ZH.match(match[0]):
            yield Subject(match.start(), match.end(), False, match[0])
