# ruff: noqa: E501 - patterns of words read by their rows
"""The reading of a message's sentences: at each place of a sentence, who it is about, whether it is negated, and which markers mark it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from jobs.rules.claims.chat_spellings import expand_spellings, find_spellings
from jobs.rules.claims.markers import BEGAN, DISLIKES, LIKES, MARKERS, NEGATOR, NO_LONGER, NOT_NEGATING, RETURNS, SAYING, SINCE, WAS, Mark
from jobs.rules.claims.subjects import Subject, find_subjects
from jobs.rules.claims.words import FoldedText, Word
from jobs.rules.text.normalization import fold, has_cjk

Attitude = Literal["LIKES", "DISLIKES"]

SIMPLIFIED: Final = str.maketrans(
    "歡愛討厭過們個說讓從來還沒時會對為這後學實國開關無論應該當幾點錢誰見覺聽買賣麼嗎樣電腦話視離結單戀職辦運動練習總經貓書養媽爺點雙邊麵飯廳園橋車車陽臺灣廣東鄰萬報導員戰爭頭髮發現區號處體驗親",
    "欢爱讨厌过们个说让从来还没时会对为这后学实国开关无论应该当几点钱谁见觉听买卖么吗样电脑话视离结单恋职办运动练习总经猫书养妈爷点双边面饭厅园桥车车阳台湾广东邻万报导员战争头发发现区号处体验亲",
)


_DIALECT_SELF: Final = re.compile(r"阿拉(?![伯斯善木蕾丁法])|(?:^|(?<=[,.;:!?但而和跟]))[额偶吾](?=[是在家也不都就最爱喜想要去有会的哥姐弟妹爸妈娃们])")


def simplified(text: str) -> str:
    """Return a folded text with the characters and pronouns of the patterns in place of traditional and dialectal ones, as many as there were."""
    if text.isascii():
        return text
    return _DIALECT_SELF.sub(lambda found: "我们" if len(found[0]) == 2 else "我", text.translate(SIMPLIFIED))


_GAP: Final = re.compile(r"[一-龥]\s+[一-龥]")
_SCRIPTS_MEET: Final = re.compile(r"(?<=[一-龥])(?=[a-z])|(?<=[a-z])(?=[一-龥])")


def _spaced(text: str, starts: Sequence[int]) -> tuple[str, Sequence[int], frozenset[int]]:
    """Return a text with a space where Chinese and Latin letters meet, so that English patterns find their words; the starts, and where the spaces are."""
    places = [match.start() for match in _SCRIPTS_MEET.finditer(text)]
    pieces: list[str] = []
    found: list[int] = []
    last = 0
    for at in [*places, len(text)]:
        pieces.append(text[last:at])
        found += starts[last:at]
        if at < len(text):
            found.append(starts[at])
        last = at
    return " ".join(pieces), found, frozenset(at + number for number, at in enumerate(places))


_CLAUSE_END: Final = re.compile(
    r"[,;:](?!\d)|--|\s-\s|[()]|(?<=\S)\s(?=(?:but|because|although|though|whereas|unless|yet)\s)"
    r"|\s(?=(?:and|so|while|since|or|then)\s(?:no,?\s)?(?:i|i'm|i've|i'll|we|he|she|they|it|you|my|our|his|her|the|that|this|love|like|hate|enjoy|prefer|can't)\b)"
    r"|\s(?=(?:ngl|tbh|lol|lmao|btw|i\sdon't\sknow\swhy|anyway)\s)|\s(?=so\s(?:[a-z]+\s){1,2}(?:is|was|are|were|has|had|will)\s)"
    r"|(?<=[^\s,])(?=所以|因为(?!是)|因此)|(?<=[^\s,])(?=结果(?!是|很|出|不|好)|没想到|谁知)|(?=但是?|可是|不过(?!量)|而是|然而)|(?<=[。.!?])"
)
_QUESTION_END: Final = re.compile(r"\?\W*$|吗\W*$|没\?|呢\?")
_ASKS: Final = re.compile(
    r"^(?:and |but |so |then |or )?(?:do|does|did|is|are|am|was|were|have|has|had|can|could|will|would|should|shall|may|might|who|whose|what|when|where|why|which|how|isn't|aren't|don't|doesn't|didn't|won't|what's|how's|who's|where's)\b(?! (?:not )?(?:it|that) (?:is|was)\b)"
    r"|([^\W\d])[不没]\1(?!\1)|什么|怎么|为什么|谁|哪|几[点个]|多少|如何|有没有|是否"
)
_ASKS_ITSELF: Final = re.compile(
    r"^(?:and |but |so |then |or |wait |ok )?(?:(?:is|isn't|was) it (?:weird|ok|okay|bad|normal|wrong|rude|gross|cool|too|possible|true|just|safe|worth)(?! (?:that|how))\b|(?:do|does|is|are|am|has|can|could|would|will) (?:i|you|he|she|they|anyone|anybody|people|someone)\b(?! (?:know what|remember|the only))|what even (?:is|are) |(?:what time|how (?:often|many|much|long)|where|why|when) (?:do|does|should|can|would) (?:i|you|we|he|she|they|people|normal|most|one|it)\b)[^!]*$"
    r"|^(?:and |but |so |then |or )?(?:should|shall|could|can|may|might|would|will) (?:i|we)\b[^!]*$|^(?:我|我们)?(?:该不该|要不要|能不能|会不会|可不可以)")
"""The beginning of a sentence that asks, also without a question mark."""
_ASKING_END: Final = re.compile(r"(?:能|会|可以|要|行|有|是|敢|该)[^,不没]{0,8}不\W*$|([^\W\d])[不没]\1\w{0,4}[呀啊呢]?\W*$")
_SAYS: Final = re.compile(r"\b(?:says|said|writes|claims|claimed|insists|insisted|swears|swore|(?:was|were|is|be)\s(?:all\s)?like,)(?!\s(?:no|yes|hi|hello|goodbye|bye|sorry|thanks|a|an|the)\b)(?!\W*$)|(?:(?<!不能)说|写|回)(?:着|道)?(?=我|自己|本人|'|:)")
_SPEAKERS: Final = frozenset(("i", "we", "me", "us", "我", "我们", "咱", "咱们", "俺", "本人"))
"""Subjects whose own words a verb of saying announces: the user."""
_TAG: Final = re.compile(
    r"^\W*(?:(?:do|does|did|is|are|was|were|have|has|can|could|will|would|should)n't (?:i|you|he|she|it|we|they)|right|ok(?:ay)?|you know|eh|huh|yes|no|what about you|how about you|and you|对吧|是吧|对不对|是不是|你呢|好吗|懂吗|知道吗|对吗|是吗)\W*$"
)
_TOPIC: Final = re.compile(r"[\s,]*(?:对|连|这|那|现在|已经|早就|以后|的话|那个|这种|那种|什么)*[\s,]*")
_CONDITION: Final = re.compile(
    r"^\W*(?:(?:and|but|so|or|well|usually|sometimes|then) )?(?:when(?:ever)?|if|while|once|after|before|as soon as|as long as|on (?:the )?days (?:when|that)?|every time|any time)\b.*\s(?=(?:i|we)(?:\s|'))"
    r"|^(?:(?!喜欢|爱|讨厌|受不了|从|再|绝|想|会|能|要|敢|该|肯).)*?[不没](?:有|是)?(?:(?!喜欢|爱|讨厌|受不了|想|会|能|要|敢|该|肯|我).)*?(?:的时候|的日子|的那几?天|之前|以前)(?=.)"
)
"""A condition at the beginning of a clause. A negation in it is no negation of what follows: "When I'm not at work I like tea", "不上班的时候我喝茶"."""
MAX_CONDITION: Final = 120
"""Characters in which a condition ends; the bound keeps the time linear."""
_OWN_NOUN: Final = re.compile(r"(?:no|without|zero)\s(?!more|longer|way)")
"""A negation that denies the noun behind it and nothing before it: "black coffee, no sugar"."""
MAX_REST: Final = 24
_EXCEPTED: Final = re.compile(
    r"\b(?:except(?:ing)?(?: (?:for|on|in|at))?|apart from|aside from|other than|excluding|all but|(?:all|any|every\w*|anything|everything|any\w*)(?: [\w'-]+){0,4} (?:but|bar|minus))\s(?:(?:the|my|on|maybe|for) ){0,2}$"
    r"|(?<![^\W我])除了?(?=[^,]{1,8}(?:[,以之]|我|都|全|啥|什么|其他|别的|天天))$|除了?$"
)
"""The words before an exception."""
_EXCEPTED_BEHIND: Final = re.compile(r"\s?(?:除外|不算|(?:以外|之外)(?![^,]*[还也]))|\s(?:excepted|aside|excluded)\b")
_COMPARES: Final = re.compile(r"\b(?:except|apart|aside|other than|exclud|but|bar|minus|prefer|choose|chose|pick|rather|than|instead|opposed|less of|not so much)|除|以外|之外|不算|>|比|与其|大于|胜过|强过|好过|优于|而不是")
"""The words without which nothing is excepted or liked less."""
_LESSER: Final = re.compile(
    r"\b(?:prefer\w*|choose|chose|pick|picked|rather have|would take|i'd take|i'll take)\b[^,.]{1,40}?\s(?:to|over|than|instead of)\s(?:the |a |an |any |some )?(?:[\w-]+ )?$"
    r"|\b(?:rather|sooner|better|more|nicer)\b[^,.]{1,40}?\bthan\s(?:the |a |an |any |some )?(?:[\w-]+ )?$|>+\s?$|\b(?:instead of|rather than|as opposed to)\s(?:the |a |an |any |some )?(?:[\w-]+ )?$|\b(?:less|not so much) of an?\s(?:[\w-]+ )?$"
    r"|(?:比起|相比|相较于?|与其|大于|胜过|强过|好过|优于|而不是)[吃喝看去打玩做坐]?$|[^,]比(?!较|如|方|赛)[吃喝看去打玩做坐]?$"
)
"""The words before what is liked less than something else."""
_SAME: Final = re.compile(r"没有?什么|没有?啥|\b(?:nothing|no one|nobody|not)\b")
_CONTINUATION: Final = re.compile(r"^[\s,]*(?:and |or |nor |和|跟|或者?|还有)?[\w'-]+(?: [\w'-]+){0,3}\W*$")

_CONTRAST: Final = re.compile(r"[\s,]*(?:(?:but|rather|instead|just|only)\b|(?:而(?!且)|就|只)?是|而(?!且)|只(?!有))")
"""The beginning of a clause that says what holds in place of what was denied: "not a nurse but a doctor", "不是护士，是医生"."""

_ANEW: Final = re.compile(r"[\s,]*(?:还(?!有)|反而|反倒|却|又|仍|依旧|依然|继续|只好|于是|所以|现在|如今|改|结果|最后|后来|反正|好在|幸好)")
"""The beginning of a Chinese clause that says something of its own, however short: "那套没谈成，还是住昆山"."""


@dataclass(frozen=True, slots=True)
class Place:
    """The reading of a sentence at one place. `negations` counts negations, `attitude` is that of the verb of liking or disliking that governs it."""

    marks: frozenset[Mark]
    subject: Subject | None
    """The last one that the place can be about; None when the sentence names none: then users speak of themselves."""
    negations: int
    attitude: Attitude | None
    no_longer: bool
    was: bool
    """True after "I was", which says nothing about today. A diary tells of the past, a value does not."""

    @property
    def is_negative(self) -> bool:
        return (self.negations + (self.attitude == "DISLIKES")) % 2 == 1

    @property
    def is_about_other(self) -> bool:
        return self.subject is not None and not self.subject.own


@dataclass
class Sentence:
    """A sentence of a message, folded for comparison. `start` and `end` are its span in the message."""

    content: str
    start: int
    end: int
    inherited: frozenset[Mark] = frozenset()
    """Marks of an earlier or the next sentence of the message."""
    carried: Subject | None = None
    """The subject of the sentence before, which a short sentence without one goes on with: "My aunt's a nurse. Vegan too."."""
    elided: bool = False
    """True for a line of a diary, which says what the user did without naming them."""
    text: FoldedText = field(init=False)

    def __post_init__(self) -> None:
        folded = fold(self.content[self.start : self.end])
        self._expanded: str | None = None
        text, self._starts, self._spaces = simplified(folded.text), folded.starts, frozenset[int]()
        if spellings := find_spellings(text):
            text, self._starts, self._expanded = expand_spellings(spellings, text, self._starts, "".join(self.content[self.start + at] for at in folded.starts))
        if _SCRIPTS_MEET.search(text):
            text, self._starts, self._spaces = _spaced(text, self._starts)
        self.text = FoldedText(text)
        self._places: dict[tuple[int, int], Place] = {}
        self._times: dict[int, tuple[bool, bool]] = {}

    @cached_property
    def cased(self) -> str:
        """The text before its case was folded."""
        if self._expanded is not None:
            chars = iter(self._expanded)
            return "".join(" " if place in self._spaces else next(chars) for place in range(len(self._starts)))
        if isinstance(self._starts, range):  # each character stands where it stood
            return self.content[self.start : self.end]
        return "".join(" " if place in self._spaces else self.content[self.start + at] for place, at in enumerate(self._starts))

    def as_written(self, first: int, last: int) -> str:
        """Return a part of the text as the user wrote it, without the spaces that were put between Chinese and Latin letters."""
        starts = [at for place, at in enumerate(self._starts[first:last], start=first) if place not in self._spaces]
        return "".join(self.content[self.start + at] for number, at in enumerate(starts) if not number or starts[number - 1] != at)

    def position(self, offset: int) -> int:
        """Return the position in the folded text of an offset in the message."""
        return bisect_left(self._starts, offset - self.start)

    def offset(self, position: int) -> int:
        """Return the offset in the message of a position in the folded text."""
        return self.start + self._starts[position] if position < len(self._starts) else self.end

    @cached_property
    def _gaps(self) -> frozenset[int]:
        """The positions before which the user left a space between Chinese characters, as others put a comma."""
        if not self.is_chinese or not _GAP.search(self.content, self.start, self.end):
            return frozenset()
        starts = self._starts
        return frozenset(at for at in range(1, len(starts)) if starts[at] > starts[at - 1] + 1 and _GAP.match(self.content, self.start + starts[at - 1]))

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        ends = [*(match.end() for match in _CLAUSE_END.finditer(self.text)), len(self.text)]
        if self._gaps:
            ends = sorted({*ends, *self._gaps})
        spans, start = [], 0
        for end in ends:
            if any(char.isalnum() for char in self.text[start:end]):
                spans.append((start, end))
                start = end
        return spans or [(0, len(self.text))]

    @property
    def words(self) -> tuple[Word, ...]:
        return self.text.words

    @property
    def content_words(self) -> tuple[Word, ...]:
        return self.text.content_words

    @cached_property
    def subjects(self) -> list[Subject]:
        return find_subjects(self.text, self.cased, self.text.ngrams)

    @cached_property
    def is_chinese(self) -> bool:
        return has_cjk(self.text)

    @cached_property
    def _marked(self) -> list[tuple[Mark, int, int]]:
        return [*_marked_by_table(self), *_reported(self), *_questions(self)]

    @cached_property
    def _negators(self) -> list[tuple[int, int]]:
        free = [match.span() for pattern in (NOT_NEGATING, DISLIKES) for match in pattern.find_all(self.text, self.text.ngrams)]
        spans = [match.span() for pattern in (NO_LONGER, NEGATOR) for match in pattern.find_all(self.text, self.text.ngrams)]
        kept: list[tuple[int, int]] = []
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            masked = any(first < end and start < last for first, last in free)
            if not masked and not (kept and start < kept[-1][1]):
                kept.append((start, end))
        return kept

    def is_negated_between(self, first: int, last: int) -> bool:
        """Return whether a negation begins in this span of the folded text."""
        return any(first <= start < last for start, _ in self._negators)

    @cached_property
    def _attitudes(self) -> list[tuple[int, int, Attitude]]:
        dislikes = [match.span() for match in DISLIKES.find_all(self.text, self.text.ngrams)]
        likes = [match.span() for match in LIKES.find_all(self.text, self.text.ngrams)]
        free = [span for span in likes if not any(first < span[1] and span[0] < last for first, last in dislikes)]
        return sorted([*((start, end, "DISLIKES") for start, end in dislikes), *((start, end, "LIKES") for start, end in free)])

    def clause_at(self, position: int) -> int:
        """Return the number of the clause that holds a position."""
        return max(number for number, (start, _) in enumerate(self.clauses) if start <= position or number == 0)

    def read(self, start: int, end: int) -> Place:
        """Return how the sentence reads at the span `start` to `end` of its folded text."""
        if (start, end) not in self._places:
            self._places[start, end] = self._read(start, end)
        return self._places[start, end]

    def _read(self, start: int, end: int) -> Place:
        number = self.clause_at(start)
        clause = self.clauses[number]
        marks = {mark for mark, first, last in self._marked if first < max(end, start + 1) and start < last}
        negations, attitude = self._polarity(number, start, end)
        began, was = self._time_of(number)
        if began:
            marks.discard("PAST")
        no_longer = any(clause[0] <= match.start() < end for match in NO_LONGER.find_until(self.text, self.text.ngrams, 0, clause[1]))
        return Place(frozenset(marks) | self.inherited, self._subject(number, start, end), negations, attitude, no_longer, was)

    def _time_of(self, number: int) -> tuple[bool, bool]:
        """Return whether a clause tells of a beginning, so that what it says holds today, and whether it says "I was"."""
        if number not in self._times:
            first, last = self.clauses[number]
            text = self.text[first:last]
            began = (BEGAN.search(text) is not None and " until " not in text) or SINCE.is_in(self.text, self.text.ngrams)
            self._times[number] = began, not began and any(True for _ in WAS.find_until(self.text, self.text.ngrams, first, last))
        return self._times[number]

    def _polarity(self, number: int, start: int, end: int) -> tuple[int, Attitude | None]:
        first, last = self.clauses[number]
        attitudes = [item for item in self._attitudes if first <= item[0] < last]
        before = [item for item in attitudes if item[0] < end and item[1] <= max(end, start)]
        governing = before[-1] if before else attitudes[0] if attitudes else None
        stop = end if bool(before) or self._is_led(first, last, start) else last
        negations = sum(self._behind_condition(first, last, start) <= at < stop and not (at >= end and _OWN_NOUN.match(self.text, at)) for at, _ in self._negators) + self.is_excepted(start, end)
        if number and not negations and governing is None and self._continues(number, first, last):
            return self._polarity(number - 1, self.clauses[number - 1][1], self.clauses[number - 1][1])
        return negations, governing[2] if governing else None

    @cached_property
    def _compares(self) -> bool:
        return _COMPARES.search(self.text) is not None

    def is_excepted(self, start: int, end: int) -> bool:
        """Return whether a place is named as the exception, or as what is liked less: durian of "all fruit but durian", planes of "trains rather than planes"."""
        if not self._compares:
            return False
        number = self.clause_at(start)
        first, last = self.clauses[number]
        if number and self.text.startswith("but ", first):
            first = self.clauses[number - 1][0]
        lead, rest = self.text[first:start], self.text[end : end + MAX_REST]
        return bool(_EXCEPTED.search(lead) or _EXCEPTED_BEHIND.match(rest)) or (_LESSER.search(lead) is not None and not _SAME.search(self.text[first:last]))

    def _behind_condition(self, first: int, last: int, start: int) -> int:
        """Return where the clause begins behind its condition, if the place stands behind it, else where the clause begins."""
        condition = _CONDITION.match(self.text[first : min(last, first + MAX_CONDITION)])
        return first + condition.end() if condition is not None and first + condition.end() <= start else first

    def _is_led(self, first: int, last: int, start: int) -> bool:
        """Return whether a subject stands before the place, so that what is behind the place does not negate it. In Chinese an object may stand
        between both: "我咖啡不喝了"."""
        subjects = [subject for subject in self.subjects if first <= subject.start < last]
        before = [subject for subject in subjects if subject.start < start]
        if self.is_chinese:
            lead = self.text[before[-1].end if before else first : start]
            return (bool(before) or self.elided) and _TOPIC.fullmatch(lead) is None
        return bool(before) or (self.elided and not subjects)

    def _continues(self, number: int, first: int, last: int) -> bool:
        """Return whether the clause goes on with a list of the clause before it: "tea, coffee or juice"."""
        if self._contrasts(number) or self._repeats_verb(number, first) or _ANEW.match(self.text, first, last) or first in self._gaps:
            return False
        short = last - first <= 8 if self.is_chinese else _CONTINUATION.match(self.text[first:last]) is not None
        return short and not any(first <= subject.start < last for subject in self.subjects)

    def _contrasts(self, number: int) -> bool:
        """Return whether the clause says what holds in place of what the clause before it denies."""
        first, last = self.clauses[number]
        return number > 0 and _CONTRAST.match(self.text, first, last) is not None

    def lead(self, start: int) -> str:
        """Return the text before a place in its clause, with the clause before it where that one lends its verb: "I don't live in Bergen but in"."""
        number = self.clause_at(start)
        lends = self._contrasts(number) and not any(self.clauses[number][0] <= subject.start and subject.end <= start for subject in self.subjects)
        return self.text[self.clauses[number - lends][0] : start]

    def _repeats_verb(self, number: int, first: int) -> bool:
        """Return whether a Chinese clause begins with the verb that the clause before it denies: "我不住在杭州，住在上海"."""
        begin, end = self.clauses[number - 1]
        lead = self.text[first : first + 4].lstrip(" ,")
        denied = [self.text[last] for at, last in self._negators if begin <= at < last < end]
        return self.is_chinese and lead[:1] in denied

    def _subject(self, number: int, start: int, end: int) -> Subject | None:
        """Return the subject before the place in its clause, else one behind it, else that of the nearest clause before."""
        first, last = self.clauses[number]
        own = [subject for subject in self.subjects if first <= subject.start < last]
        if self._contrasts(number):
            own = [subject for subject in own if subject.own or not (subject.start < end and start < subject.end)]
        before = [subject for subject in own if subject.start <= start and not (not subject.own and start <= subject.start < end)]
        own = [subject for subject in own if subject.own or not start <= subject.start < end]
        if before:
            return before[-1]
        if own:
            return next((subject for subject in own if subject.own), own[0])
        earlier = [subject for subject in self.subjects if subject.start < first]
        return earlier[-1] if earlier else self.carried


def _marked_by_table(sentence: Sentence) -> Iterator[tuple[Mark, int, int]]:
    for marker in MARKERS:
        for pattern in (marker.english, marker.chinese if sentence.is_chinese else None):
            for match in pattern.find_all(sentence.text, sentence.text.ngrams) if pattern is not None else ():
                if marker.reach == "WORDS":
                    yield (marker.mark, *match.span())
                elif marker.reach == "CLAUSE":
                    number = sentence.clause_at(match.start())
                    yield (marker.mark, *sentence.clauses[number])
                elif marker.reach == "ONWARD":
                    if marker.mark != "QUESTION" or not _is_answered(sentence, sentence.clause_at(match.start())):
                        yield (marker.mark, match.start(), _returns(sentence, match.start(), match.end(), marker.mark))
                elif marker.mark == "REPORTED":
                    yield (marker.mark, match.end(), len(sentence.text))
                else:
                    yield (marker.mark, 0, len(sentence.text))


_DONE: Final = re.compile(r"\b(?:i|we)\b.*\b(?:every|usually|always|already|yesterday)\b|^[^就要会再等想]*了\W*$|^\W*[我咱俺]们?已[婚经]")


def _returns(sentence: Sentence, start: int, end: int, mark: Mark | None = None) -> int:
    """Return where the reach of a marker at `start` to `end` stops: at the first later clause that returns to the present or the real.

    A plan's reach also stops at a clause that tells of something done.
    """
    for first, last in sentence.clauses:
        clause = sentence.text[first:last]
        if first >= end and (RETURNS.search(clause) or (mark == "PLAN" and _DONE.search(clause))):
            return first
    return len(sentence.text)


def _reported(sentence: Sentence) -> Iterator[tuple[Mark, int, int]]:
    """Yield the spans that another subject is reported to say or think, and the quotation marks after it."""
    for match in _SAYS.finditer(sentence.text):
        first = sentence.clauses[sentence.clause_at(match.start())][0]
        before = [subject for subject in sentence.subjects if first <= subject.start < match.start()]
        if not before or before[-1].name not in _SPEAKERS:
            yield ("REPORTED", match.end(), _returns(sentence, match.start(), len(sentence.text)))
    for subject in sentence.subjects:
        if not subject.own and (saying := SAYING.match(sentence.text, subject.end)):
            yield ("REPORTED", saying.end(), _returns(sentence, saying.start(), saying.end()))


_ANSWERS: Final = re.compile(r"[\s,]*(?:(?:yes|yeah|yep|yup)\b|(?:and |well )?(?:of course )?(?:i|we) (?:do|am|did|have|can|will|are)\b(?! (?:not|n't))\W*(?:$|[,.]))|[\s,]*(?:当然|是的|对[啊呀的]|嗯[嗯,])")
_A_NOT_A: Final = re.compile(r"([^\W\d])[不没]\1")


def _is_answered(sentence: Sentence, number: int) -> bool:
    """Return whether the clause after a question says yes to it: "asked if I still dance, I do", "问我还跳不跳，跳啊"."""
    if number + 1 >= len(sentence.clauses):
        return False
    (first, last), (begin, end) = sentence.clauses[number : number + 2]
    if _ANSWERS.match(sentence.text, begin, end):
        return True
    asked = _A_NOT_A.search(sentence.text, first, last)
    return asked is not None and sentence.text[begin:end].lstrip(" ,").startswith(tuple(asked[1] + end for end in "啊呀的呗"))


def _questions(sentence: Sentence) -> Iterator[tuple[Mark, int, int]]:
    """Yield the clauses that ask: those that begin as a question does, and the last one before a question mark. A tag question asks nothing."""
    text, clauses = sentence.text, sentence.clauses
    asked = _QUESTION_END.search(text) is not None
    for number, (first, last) in enumerate(clauses):
        clause = text[first:last].strip(" ,;:")
        if _is_answered(sentence, number):
            continue
        if (_ASKING_END.search(clause) and not _TAG.match(clause)) or (number == 0 and _ASKS_ITSELF.search(clause)):
            yield ("QUESTION", first, last)
        if not asked or (number and _TAG.match(clause)):
            continue
        if _ASKS.search(clause) or number == len(clauses) - 1:
            yield ("QUESTION", first, last)
