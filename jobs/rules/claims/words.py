# ruff: noqa: E501 - tables of words read by their rows
"""The content words of a text, compared by their stems: an inflected form counts as the word, and so does a declared everyday paraphrase."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from jobs.rules.text.filtered_patterns import find_ngrams
from jobs.rules.text.normalization import has_cjk, is_cjk

_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_PART: Final = re.compile(r"[^\W]+(?:['-][^\W]+)*")
_NOT_BARE: Final = re.compile(r"[^\w$€£¥]|_")
_IRREGULAR: Final[Mapping[str, str]] = {
    form: words.split()[0]
    for words in """be am is are was were been being|have has had having|do does did done doing|go goes went gone going|get got gotten getting|make made making|take took taken taking
    |come came coming|see saw seen seeing|know knew known|give gave given giving|find found|think thought|tell told|become became becoming|leave left leaving|feel felt|bring brought|begin began begun beginning
    |keep kept|hold held|write wrote written writing|stand stood|hear heard|let|mean meant|meet met meeting|run ran running|pay paid|sit sat sitting|speak spoke spoken|lead led|read|grow grew grown|lose lost losing
    |fall fell fallen|send sent|build built|understand understood|draw drew drawn|break broke broken|spend spent|cut cutting|rise rose risen rising|drive drove driven driving|buy bought|wear wore worn|choose chose chosen choosing
    |eat ate eaten|drink drank drunk|sleep slept asleep|swim swam swum swimming|sing sang sung|fly flew flown|ride rode ridden riding|teach taught|catch caught|fight fought|win won winning|sell sold|say said|sign signed
    |wake woke woken waking|lie lay lain lying|steal stole stolen|throw threw thrown|forget forgot forgotten|bake baked baking|child children|man men|woman women|person people|foot feet|tooth teeth|mouse mice|wife wives|knife knives
    |life lives|quit quitting|put putting|set setting|hit hitting|hurt|cost|shut|plan planned planning|stop stopped stopping|jog jogged jogging|hug hugged|shop shopped shopping|chat chatted chatting|skip skipped skipping|nap napped
    |bad worse worst|good better best|far further farther|shake shook shaken shaking|hide hid hidden hiding|hang hung|stick stuck|strike struck|dig dug|ring rang rung|show shown|knit knitted knitting|bet|beat beaten|bite bit bitten
    |live lives living lived|love loves loved loving|like likes liked liking|hike hikes hiked hiking|move moves moved moving|cycle cycled cycling|dance danced dancing|bike biked biking|use used using|retire retired|decide decided deciding
    |die died dying|tie tied|cry cried cries|try tried tries|study studied studies|marry married marries|worry worried worries|apologise apologised apologize apologized|realise realised realize realized""".replace("\n", "").split("|")
    for form in words.split()
}  # fmt: skip
_STOP: Final = frozenset(
    """a about above after again all also am an and any are as at be because been before being both but by can could did do does doing during each
    every for from get gets got had has have having he her here hers him his how i i'd i'll i'm i've if in into is it it's its itself just me more most
    my myself no nor not now of off on one's once only or other our ours out over own really s same she should so some such than that that's the their them
    then there these they this those through to too under until up us very was we were what when where which while who whom whose why will with would you
    your yours yourself won't don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't can't cannot couldn't wouldn't shouldn't ain't never hardly
    without no longer oneself themselves himself herself still even quite rather bit lot lots much many kind sort thing things way today
    person person's user user's writer speaker oh well yes etc around towards toward though although since yet already else
    felt feel feels feeling let lets may might must shall we've we're we'll we'd they're they've he's she's you're you've who's there's whether""".split()
)
_FRAME: Final = frozenset(
    """say mention describe share note report write express talk tell think decide plan want intend hope wonder ask consider prefer like enjoy love hate dislike feel
    seem find remember recall spend have take time day today morning""".split()
)
"""Words by which a line tells that something was said, felt or planned. They are judged by the statement's marks, not by its words."""
_FRAME_ONLY: Final = frozenset("say mention describe share note report write express talk tell feel have person".split())

PARAPHRASES: Final = (
    "happy glad joy joyful delighted pleased thrilled cheerful excited fun wonderful amazing exciting",
    "ease relaxed relaxing calm peaceful refreshed refreshing comfortable relax unwind",
    "pride proud accomplished achievement satisfied satisfying",
    "gratitude grateful thankful touched warm",
    "anticipation forward wait hopeful",
    "stress stressed stressful pressure overwhelmed burnt burned",
    "worry worried anxious anxiety nervous afraid scared dangerous fear",
    "sadness sad lonely upset heartbroken depressed disappointed down unhappy",
    "tiredness tired tiring exhausted exhausting worn weary drained",
    "anger angry annoyed annoying frustrated frustrating irritated mad furious",
    "confusion confused struggling loss trouble lost",
    "relief relieved",
    "mother mom mum mama", "father dad papa", "grandmother grandma granny", "grandfather grandpa", "kid child", "wife spouse", "husband spouse",
    "go head travel", "buy purchase get", "see watch", "film movie", "call phone ring", "job work", "start begin", "finish complete done", "fix repair mend",
    "talk speak chat", "dinner supper", "flat apartment", "holiday vacation", "photo picture", "bike bicycle cycle", "run jog", "walk stroll",
    "gym workout exercise", "hike climb", "meditate meditation", "dance dancing", "big large huge", "small little tiny", "late", "vegetarian veggie", "sleep bed",
    "quit resign leave", "argue argument fight quarrel", "doctor physician", "home house", "meal food", "cook make", "tea", "receive get", "help assist",
    "decide decision", "move relocate", "study learn", "meet see", "car auto", "child daughter son kid", "mail email", "company firm", "early", "introvert introverted", "extrovert extroverted",
    "married marry wedding", "birthday bday b-day", "january jan", "february feb", "march mar", "april apr", "june jun", "july jul", "august aug", "september sep sept", "october oct", "november nov", "december dec", "divorced divorce", "engaged engagement", "widowed widow widower", "swim swimming", "novel book",
)  # fmt: skip
"""Everyday paraphrases: the words of a row may stand for each other."""
PARAPHRASES_ZH: Final = (
    "开心 高兴 快乐 喜悦 愉快 兴奋 幸福 太棒了", "放松 舒畅 舒服 平静 惬意 自在 减压", "成就感 自豪 骄傲 满足", "感激 感动 温暖 感谢", "期待 盼望 憧憬",
    "压力 应付不过来 崩溃 喘不过气", "担心 焦虑 紧张 害怕 不安 危险 担忧", "难过 伤心 孤独 失落 沮丧 低落 失望 心情不好", "疲惫 累 疲倦 疲劳 好累 很累 太累", "烦躁 生气 愤怒 烦恼 恼火 心烦", "困惑 迷茫 纠结 不知所措",
    "妈妈 母亲 妈", "爸爸 父亲 爸", "姐姐 姐", "哥哥 哥", "妹妹 妹", "弟弟 弟", "老婆 妻子 媳妇", "老公 丈夫", "孩子 娃", "吃素 素食 素食主义", "跑步 慢跑 长跑 晨跑", "睡觉 入睡 睡", "做饭 下厨 烧菜",
    "打电话 致电 通电话 打了电话", "辞职 离职", "工作 上班", "锻炼 运动 健身", "骑行 骑车 骑自行车", "爬山 登山 徒步", "电影 影片", "买 购买", "散步 遛弯", "看书 读书 阅读", "已婚 结婚", "恋爱中 恋爱", "单身 没对象",
    "搬家 搬", "聊天 聊", "晚饭 晚餐", "早饭 早餐", "午饭 午餐", "手机 电话", "不吃 戒", "喜欢 爱 热爱 喜爱", "讨厌 烦 受不了", "游泳 游",
)  # fmt: skip
_FUNCTION_ZH: Final = frozenset("的了着过地得是在有和跟与及就都也又还很太好真最更比较挺特别非常十分把被给对为因所以而且但可然后来我你他她它们咱俺本人自己这那个些件条只位名里上下中吗呢吧啊呀哦嗯哈嘛去到一不没要会能想")
_FRAME_ZH: Final = (
    "感到", "觉得", "感觉", "表示", "提到", "说起", "谈到", "认为", "记录", "分享", "心情", "今天", "当天", "这天", "自己", "因为", "由于", "之后", "后来", "然后", "打算", "计划", "决定", "准备", "希望", "喜欢", "讨厌", "平时", "是否", "起来", "一下", "非常", "特别", "十分", "比较",
)  # fmt: skip


class Word(NamedTuple):
    """A Latin word of a folded text, with its stem and position."""

    stem: str
    start: int
    end: int


class FoldedText(str):
    """A folded text, of which words and n-grams are found once, however many claims are compared with it."""

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(_find_words(self))

    @cached_property
    def content_words(self) -> tuple[Word, ...]:
        return _content_words(self, self.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)

    @cached_property
    def bare(self) -> str:
        """The text's letters, digits and signs of currencies."""
        return _NOT_BARE.sub("", self)

    @cached_property
    def ngrams(self) -> frozenset[str]:
        return find_ngrams(self)


def latin_words(text: str) -> tuple[Word, ...]:
    """Return the words of a folded text that are not written in Chinese characters."""
    return text.words if isinstance(text, FoldedText) else tuple(_find_words(text))


def find_stems(text: str) -> frozenset[str]:
    """Return the stems of `latin_words`."""
    return text.stems if isinstance(text, FoldedText) else frozenset(word.stem for word in _find_words(text))


def ngrams_of(text: str) -> frozenset[str]:
    """Return the n-grams by which patterns are filtered for the text."""
    return text.ngrams if isinstance(text, FoldedText) else find_ngrams(text)


def _find_words(text: str) -> Iterator[Word]:
    plain = text.isascii()
    for match in _WORD.finditer(text):
        start = match.start()
        if plain or not has_cjk(match[0]):
            yield Word(stem(match[0]), start, match.end())
            continue
        for part in _PART.finditer("".join(" " if is_cjk(char) else char for char in match[0])):
            yield Word(stem(part[0]), start + part.start(), start + part.end())


def content_words(text: str) -> tuple[Word, ...]:
    """Return the Latin words that carry meaning: no function words, no numbers."""
    return text.content_words if isinstance(text, FoldedText) else _content_words(text, _find_words(text))


def _content_words(text: str, words: Iterable[Word]) -> tuple[Word, ...]:
    return tuple(word for word in words if text[word.start : word.end] not in _STOP and not word.stem.isdigit())


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return the stem that the inflected forms of an English word share. `word` is in lower case."""
    if word.endswith("'s"):
        word = word[:-2]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, least in (("ies", 5), ("ied", 5), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4), ("ly", 6)):
        if word.endswith(ending) and len(word) >= least and not (ending == "s" and word.endswith(("ss", "us", "is"))):
            root = word[: -len(ending)]
            return next((_IRREGULAR[form] for form in (root + "e", root, root[:-1]) if form in _IRREGULAR), _plain(root, ending))
    return _plain(word, "")


def _plain(root: str, ending: str) -> str:
    if ending in ("ies", "ied"):
        return root + "i"
    if ending in ("ing", "ed") and len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
        root = root[:-1]
    return root[:-1] + "i" if root.endswith("y") and len(root) > 3 else root[:-1] if root.endswith("e") and len(root) > 3 else root


_NO_ROWS: Final = frozenset[int]()
_FREE: Final = frozenset(map(stem, _FRAME_ONLY))
_FREE_IN_FRAMES: Final = frozenset(map(stem, _FRAME))
_FAMILIES: Final[Mapping[str, frozenset[int]]] = {}
for _number, _row in enumerate(PARAPHRASES):
    for _form in _row.split():
        _FAMILIES[stem(_form)] = _FAMILIES.get(stem(_form), frozenset()) | {_number}  # type: ignore[index]


def is_same_word(one: str, other: str) -> bool:
    """Return whether two stems are of the same word or of one row of the paraphrases."""
    return one == other or not _FAMILIES.get(one, _NO_ROWS).isdisjoint(_FAMILIES.get(other, _NO_ROWS))


def families_of(stems: Iterable[str]) -> frozenset[int]:
    """Return the rows of the paraphrases that have one of the stems."""
    return frozenset().union(*(_FAMILIES.get(stem, _NO_ROWS) for stem in stems))


def is_any_word(stem: str, stems: Collection[str], families: frozenset[int]) -> bool:
    """Return whether a stem is of the same word as one of the stems, whose `families_of` are given, or of one row of the paraphrases."""
    return stem in stems or not families.isdisjoint(_FAMILIES.get(stem, _NO_ROWS))


def missing_words(text: str, statements: Iterable[str], *, framed: bool) -> list[str]:
    """Return the content words of a folded text that none of the folded statements has. With `framed`, words like "decided" need no statement."""
    asked = [word.stem for word in content_words(text) if word.stem not in (_FREE_IN_FRAMES if framed else _FREE)]
    if not asked:
        return []
    known = frozenset().union(*map(find_stems, statements))
    if known.issuperset(asked):
        return []
    families = families_of(known)
    return [word for word in asked if not is_any_word(word, known, families)]


def missing_characters(text: str, statements: Iterable[str], *, framed: bool) -> list[str]:
    """Return the Chinese content characters of a folded text that the folded statements do not have, after everyday paraphrases were replaced."""
    if not has_cjk(text):
        return []
    joined = "\n".join(statements)
    return [char for char in _rest(text, joined, framed) if is_cjk(char) and char.isalpha() and char not in _FUNCTION_ZH and char not in joined]


def _rest(text: str, joined: str, framed: bool) -> str:
    """Return the text without the words of a frame, and without the paraphrases of words that the statements have."""
    rest = _without(text, _FRAME_ZH) if framed else text
    for row in PARAPHRASES_ZH:
        words = row.split()
        if any(word in joined for word in words):
            rest = _without(rest, [word for word in sorted(words, key=len, reverse=True) if word not in joined])
    return rest


def shared_part(text: str, statements: Sequence[str]) -> float:
    """Return the share, from 0 to 1, of a folded text's content words and Chinese content characters that the folded statements have."""
    words = len(content_words(text))
    characters = sum(1 for char in (text if has_cjk(text) else "") if is_cjk(char) and char.isalpha() and char not in _FUNCTION_ZH)
    missing = len(missing_words(text, statements, framed=False)) + len(missing_characters(text, statements, framed=False))
    return max(0.0, 1.0 - missing / (words + characters)) if words + characters else 0.0


def has_chinese_order(text: str, statements: Iterable[str]) -> bool:
    """Return whether enough pairs of neighbouring Chinese characters of the text stand in the statements too, so that its words are not read into others."""
    if not has_cjk(text):
        return True
    joined = "\n".join(statements)
    rest = _rest(text, joined, True)
    pairs = [one + other for one, other in zip(rest, rest[1:]) if is_cjk(one) and is_cjk(other) and not (one in _FUNCTION_ZH or other in _FUNCTION_ZH)]
    return not pairs or sum(pair in joined for pair in pairs) / len(pairs) >= 0.34


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, " ")
    return text
