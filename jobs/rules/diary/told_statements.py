# ruff: noqa: E501 - patterns of words read by their rows
"""The statements of a message by which users tell something: without greetings, questions, requests, jokes, secrets and pasted text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.text.normalization import fold
from jobs.rules.text.pasted_text import Pasted
from jobs.rules.text.secrets import find_secrets
from jobs.rules.text.spans import Spans

if TYPE_CHECKING:  # the tables of the claims take a while to compile
    from jobs.rules.claims.messages import Message

MIN_CUT: Final = 60
"""Minimum length, in characters, of a part of a sentence that is too long to be taken whole."""
TAKEN_BACK: Final = 30
"""Maximum length of a message that only takes back what the one before it said."""

_GREETING: Final = re.compile(
    r"^\W*(?:(?:hi|hello|hey|yeah|yep|yes|yup|no|nope|ok(?:ay)?|sure|thanks|thank\syou|wow|oh|well|haha|good\s(?:morning|afternoon|evening|night))(?:\s(?!to\b|for\b)\w+){0,2}"
    r"|你好[啊呀]?|您好|嗨|哈喽|嗯+|恩|哦|好的?|是[的啊呀]|对[啊呀]|哈哈+|哎呀|谢谢(?:你的?\w{0,3})?|早上好|下午好|晚上好|早安|ai\w{0,4}|朋友|亲爱的)[,，、!！~～。]+\s*",
    re.IGNORECASE,
)
"""A greeting or an answer of a word or two in front of a statement, with the name of the one who is greeted."""
_ADDRESSED: Final = re.compile(
    r"""^\W*(?:
        (?:hi|hello|hey|thanks?(?!\ to\b)|thank\ you|ok(?:ay)?|good\ (?:morning|afternoon|night|evening)|bye|goodbye|see\ you|talk\ (?:to\ you|soon)|take\ care|please|(?:it['’]s\ )?nice\ to\ meet)\b
        |(?:(?:please|now|then|so|and|but|also|okay|ok),?\ )?(?:(?:can|could|would|will|do|did|have|are|were)\ you|tell\ me|recommend|translate|explain|summari[sz]e|show\ me|give\ me|help\ me|write\ (?:me|a|an|the)
            |list|suggest|remind\ me|let\ me\ know|remember\ (?:that|my|to)|i\ (?:want|would\ like|wanted)\ to\ (?:ask|talk|chat)|i['’]d\ like\ to\ (?:ask|talk|chat|know)|i\ have\ (?:a|another|one\ more)\ question)\b
        |(?:what(?:['’]s|\ (?:is|are|do|does|did|should|can|would|was|were|about))|how\ (?:do|does|did|can|should|to|is|are|much|many|about|long|often)|why\ (?:do|does|is|are|did|not)
            |where\ (?:is|are|can|do|should)|who\ (?:is|was)|(?:is|are|does|can|could|should|would|will)\ (?:i|you|it|there|that|this|we|my|the|a)|any)\b
        |你好|您好|嗨|谢谢|謝謝|好的|嗯|请(?![客假了])|請(?![客假了])|再见|再見|晚安|早安|早上好|下午好|晚上好|拜拜|不客气|不用谢
        |(?:那么?|所以|麻烦|顺便|还)?(?:想?(?:请?问|请教)(?!题)|你能|你可以|能不能|可以帮|帮我|幫我|[给給]我(?=[写讲推列说出看寫講])|替我|告诉我|告訴我|推荐|推薦|翻译|翻譯|解释|解釋|记住|記住
            |你?(?:觉得|覺得|认为)(?=.*(?:什么|怎|吗|哪|如何))|你有没有|你有沒有|有没有|有沒有|[我].{0,4}(?:和|跟|问|请教|了解)(?:一下)?你))""",
    re.VERBOSE | re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"[?？]\W*$|[吗嗎]\W*$|[你您].*(?:什么|什麼|怎[么麼样]|哪|几|谁|如何|多少)|(?<!不知道)(?<!不知道该)(?:怎么办|怎麼辦|怎么样|怎麼樣|为什么|為什麼|多少钱|多少錢|什么好|什麼好|哪[里裡儿個个])\W*$"
)
_LINKING: Final = re.compile(
    r"^\W*(?:(?:by\sthe\sway|also|besides(?:\s(?:that|this))?|actually|anyway|speaking\sof\swhich|(?:an|one)?other\sthing)|(?:顺便|另外|其实|对了|除此之外|除了这个|话说回来|说起来|还有)\w{0,6})\W*$",
    re.IGNORECASE,
)
"""A phrase that only leads over to what comes next, such as a question."""
_DEPENDENT: Final = re.compile(
    r"^\W*(?:and\s|so\s|but\s)?(?:if|when|whenever|because|since|as|while|although|though|unless|before|after|until|for|in|on|at|with|given)\b"
    r"|^\W*(?:如果|要是|假如|当|當|因为|因為|既然|虽然|雖然|关于|關於|对于|對於|除了|比如)|的话\W*$|[时時]\W*$",
    re.IGNORECASE,
)
"""A clause that says nothing without the one after it."""
_CLAUSE_END: Final = re.compile(r"[,，、：:;；—–](?=.)|\s-+\s")
_CUT: Final = re.compile(r"[,，、;；：:—–]\s*|\s+")
_CODE: Final = re.compile(r"[{}\\]|</\w+>|<\w+[^<>]*>|```|^\s*[|#>$]|[=_]{3,}|\w\(\)|^\s*(?:def|class|function|import|const|var|public|private)\s.*[(=;:]|;\s*$")
_LINK: Final = re.compile(r"https?://\S+")
_DID: Final = re.compile(r"\b(?:i|we)\s(?:just\s|also\s|finally\s)?(?:\w{2,}ed|set|wrote|put|kept|saved|made|broke)\b|我.*了", re.IGNORECASE)
"""An act of the user, which is no instruction: "I set a record today"."""
_JOKE: Final = frozenset((("JOKE", "BEFORE"),))
_NOT_SERIOUS: Final = _JOKE | frozenset((("INSTRUCTION", "SENTENCE"), ("INSTRUCTION", "ALL"), ("FICTION", "MESSAGE"), ("REPORTED", "MESSAGE")))
"""Marks and reaches (jobs/rules/claims/markers.py) of statements that tell nothing of the day. A film that was seen, or what a friend said, does."""


class ToldMessage:
    """A message of the user. What is looked up for each of its statements is found once."""

    def __init__(self, message: SourceMessage) -> None:
        self.number, self.content = message.number, message.content
        self._secrets = Spans((secret.start, secret.end) for secret in find_secrets(message.content))

    @cached_property
    def _pasted(self) -> Pasted:
        return Pasted(self.content)

    @cached_property
    def _reading(self) -> Message:
        from jobs.rules.claims.messages import Message

        return Message(self.content)

    def statements(self) -> Iterator[tuple[int, int, bool]]:
        """Yield the start and end of each statement without a secret, and whether it tells something; else it is said to the assistant."""
        for start, end in whole_statements(self.content):
            text = self.content[start:end]
            if self._secrets.touch(start, end) or not is_prose(text):
                continue
            first, last = told_span(text)
            yield (start + first, start + last, True) if first < last else (start, end, False)

    def is_serious(self, start: int, end: int) -> bool:
        """Return whether a statement is neither pasted nor, by its sentence or another one, a joke, fiction or an instruction to the system."""
        spans = [span for span in self._reading.spans if span[0] < end and start < span[1]]
        if self._pasted.holds(start, end) or any(_is_marked(self.content[first:last], _NOT_SERIOUS) for first, last in spans):
            return False
        return len(self._reading.spans) == 1 or not any(sentence.inherited for sentence in self._reading.sentences(start, end))

    @property
    def takes_back(self) -> bool:
        """Return whether the message says no more than that the one before it was a joke."""
        return len(self.content) <= TAKEN_BACK and _is_marked(self.content, _JOKE)


def _is_marked(sentence: str, kinds: Collection[tuple[str, str]]) -> bool:
    from jobs.rules.claims.markers import MARKERS
    from jobs.rules.claims.reading import SIMPLIFIED

    text = fold(sentence).text.translate(SIMPLIFIED)
    kinds = {(mark, reach) for mark, reach in kinds if reach != "SENTENCE" or not _DID.search(text)}
    return any(
        pattern is not None and pattern.search(text)
        for marker in MARKERS
        if (marker.mark, marker.reach) in kinds
        for pattern in (marker.english, marker.chinese)
    )


def whole_statements(content: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence; a very long one in parts that end at a comma, or else between words."""
    from jobs.rules.claims.whole_statements import STATEMENT_LENGTH, sentence_spans

    for start, end in sentence_spans(content):
        while end - start > STATEMENT_LENGTH:
            cuts = list(_CUT.finditer(content, start + MIN_CUT, start + STATEMENT_LENGTH))
            cut = next((found for found in reversed(cuts) if not found[0].isspace()), cuts[-1] if cuts else None)
            stop = cut.end() if cut else start + STATEMENT_LENGTH
            yield start, start + len(content[start:stop].rstrip())
            start = stop
        if any(map(str.isalnum, content[start:end])):
            yield start, end


def is_prose(sentence: str) -> bool:
    """Return whether a sentence has words other than code, a table or a link."""
    return _CODE.search(sentence) is None and any(map(str.isalnum, _LINK.sub("", sentence)))


def is_addressed(sentence: str) -> bool:
    """Return whether a sentence is a greeting, a question or a request: it is said to the assistant and tells nothing."""
    return _ADDRESSED.search(sentence) is not None or _QUESTION.search(sentence) is not None


def told_span(sentence: str) -> tuple[int, int]:
    """Return the span of a sentence that tells something: without a greeting in front, and without a question in its last clauses.

    The span is empty if nothing is told.
    """
    start, end = 0, len(sentence)
    while found := _GREETING.match(sentence[start:]):
        start += found.end()
    while start < end and is_addressed(sentence[start:end]):
        ends = [match.start() for match in _CLAUSE_END.finditer(sentence, start, end)]
        if not ends or _ADDRESSED.search(sentence[start:end]):
            return start, start
        end = ends[-1]
    told = sentence[start:end]
    cut = end < len(sentence) and _DEPENDENT.search(told) is not None
    named = start > 0 and len(told.split()) <= 2 and len(told) <= 20 and told.isascii()
    return (start, start) if cut or named or _LINKING.search(told) or not any(map(str.isalnum, told)) else (start, end)
