# ruff: noqa: E501 - patterns of words read by their rows
"""Wishes that the assistant remember or forget something, in English and Chinese, found by rules in the user's own words of one message.

A tool may change the profile only at such a wish. The model does not decide whether there is one: a pasted text that asks for it can persuade a model, and
not these rules. A wish stands at the beginning of a clause, is addressed to the assistant, and is neither denied nor reported nor a question about
what it remembers. It counts only outside of what the message brings along: quotations, mails, transcripts, files, texts to work on, and what an
earlier answer or a diary says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from jobs.rules.claims.whole_statements import sentence_spans
from jobs.rules.text.normalization import fold, has_cjk, is_cjk
from jobs.rules.text.pasted_text import brought_spans
from jobs.rules.text.spans import Spans
from jobs.rules.text.words import simplified

Kind = Literal["REMEMBER", "FORGET"]
Fault = Literal["NO_WISH", "NOT_IN_WISH"]
"""NO_WISH: the user's own words in the message have no such wish. NOT_IN_WISH: the words are not part of what it is about, or not the user's own."""

MAX_PARAGRAPH: Final = 700
"""Characters of a paragraph among others; in a longer one, no wish counts, since most are pasted."""
MAX_LIST: Final = 400
"""Characters that may follow the colon of a wish in the lines below it."""
MIN_REPEATED: Final = 10
"""Characters of a sentence that counts as repeated from an earlier answer or a diary; shorter ones are said by chance."""
MAX_NAME: Final = 30
"""Characters in quotation marks that may be a name or a title of which the user speaks."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish in a message. `start` to `end` is what it is about, `asks` are the characters that only ask for it."""

    kind: Kind
    start: int
    end: int
    asks: tuple[int, int]


def find_wishes(kind: Kind, content: str, told: Iterable[str] = ()) -> list[Wish]:
    """Return the wishes of this kind. `told` are texts that are not the user's words: earlier answers and diaries."""
    own = _OwnWords(content, told)
    spans = list(sentence_spans(content))
    return [wish for number in range(len(spans)) if (wish := _wish_in(kind, content, spans, number, own)) is not None]


def locate(kind: Kind, content: str, words: str, told: Iterable[str] = ()) -> tuple[Wish, int, int] | Fault:
    """Return the wish that the words belong to, and their place in the message.

    The words have to be an excerpt of the message, and the user's own.
    """
    from jobs.rules.text.quotes import find_quote

    own = _OwnWords(content, told)
    spans = list(sentence_spans(content))
    wishes = [wish for number in range(len(spans)) if (wish := _wish_in(kind, content, spans, number, own)) is not None]
    if not wishes:
        return "NO_WISH"
    for wish in wishes:
        scope = content[wish.start : wish.end]
        place = find_quote(words, scope, fold(scope)) if words.strip() else None
        if place is not None and not own.is_foreign(wish.start + place[0], wish.start + place[1]):
            return wish, wish.start + place[0], wish.start + place[1]
    return "NOT_IN_WISH"


def repeats(text: str, said: str) -> bool:
    """Return whether all sentences of a text stand in what the user said."""
    plain = _plain(said)
    return all(not sentence or sentence in plain for sentence in (_plain(text[slice(*span)]).strip(_OUTER) for span in sentence_spans(text)))


def without_request(content: str, wish: Wish) -> str:
    """Return the message with spaces for the words that ask, and full stops for a polite question mark, so that only the statement is left to read."""
    start, end = wish.asks
    made = content[:start] + " " * (end - start) + content[end:]
    if _POLITE.search(_plain(content[wish.start : wish.end])):
        tail = _ASKING_TAIL.search(made, wish.start, wish.end)
        if tail is not None:
            made = made[: tail.start()] + "." * (tail.end() - tail.start()) + made[tail.end() :]
    return made


class _OwnWords:
    """The user's own words of a message: all that are not brought along."""

    def __init__(self, content: str, told: Iterable[str]) -> None:
        spans = [*brought_spans(content), *_quoted(content), *_forms(content), *_worked_on(content), *_after_colons(content), *_long_paragraphs(content)]
        repeated = [_plain(text) for text in told]
        spans += [span for span in sentence_spans(content) if _is_repeated(content[slice(*span)], repeated)] if repeated else []
        self._foreign = Spans(spans)

    def is_foreign(self, start: int, end: int) -> bool:
        return self._foreign.touch(start, end)


_OUTER: Final = " .!?,;:'"


def _is_repeated(sentence: str, told: Sequence[str]) -> bool:
    plain = _plain(sentence).strip(_OUTER)
    return len(plain) >= (MIN_REPEATED if not has_cjk(plain) else MIN_REPEATED // 2) and any(plain in text for text in told)


def _plain(text: str) -> str:
    """Return the text folded and in simplified characters."""
    folded = fold(text).text
    return folded if folded.isascii() else folded.translate(simplified())


_MARKS: Final = (("“", "”"), ("„", "”"), ("「", "」"), ("『", "』"), ("«", "»"), ("‹", "›"), ("《", "》"), ("〈", "〉"), ("【", "】"), ("＂", "＂"), ("‘", "’"), ("〝", "〞"))
_STRAIGHT: Final = re.compile(r"\"|(?<![\w'])'(?=\w)|(?<=[\w.,!?])'(?!\w)|`+")
_INVITES: Final = re.compile(r"remember|forget|memor|note|save|delete|erase|keep|store|record|profile|记|忘|记|删|存|保存|清|記|刪|\bI\b|\bmy\b|[我俺咱]|\buser\b|用户|用戶", re.IGNORECASE)


def _quoted(content: str) -> Iterator[tuple[int, int]]:
    """Yield what stands in quotation marks, across lines, and to the end where one is not closed; but for a name or a title."""
    for opening, closing in _MARKS:
        at = content.find(opening)
        while at >= 0:
            end = content.find(closing, at + 1)
            last = len(content) if end < 0 else end + 1
            if opening == "‘" and end < 0:
                break
            if not _is_name(content[at + 1 : last - 1 if end >= 0 else last]):
                yield at, last
            at = content.find(opening, last)
    open_at: dict[str, int] = {}
    for mark in _STRAIGHT.finditer(content):
        kind = mark[0]
        if kind in open_at:
            start = open_at.pop(kind)
            if not _is_name(content[start + len(kind) : mark.start()]):
                yield start, mark.end()
        else:
            open_at[kind] = mark.start()
    for kind, start in open_at.items():
        if kind != "'" and not _is_name(content[start + len(kind) :]):
            yield start, len(content)


def _is_name(text: str) -> bool:
    return len(text) <= MAX_NAME and not _INVITES.search(text) and "\n" not in text and not any(mark in text for mark in "。！？!?")


_HEADER: Final = re.compile(
    r"^[ \t>]*(?:on\b.{3,120}\bwrote\s*[:：]|.{1,60}\bwrote\s*[:：]\s*$|-{2,}\s*(?:original|forwarded|begin)\b.*|begin forwarded message.*"
    r"|(?:from|to|subject|sent|date|cc|reply-to|fwd?|fw|re)\s*[:：].*"
    r"|.{0,60}(?:写道|寫道)\s*[:：]|(?:发件人|收件人|抄送|主题|发送时间|寄件人|寄件者|收件者|主旨|日期|时间|發件人|寄件日期|主題)\s*[:：].*"
    r"|[-—－─=]{2,}\s*(?:原始|转发|轉發|以下|回复|回覆).*|[【\[(（]?(?:转发|轉發|轉寄|转自|轉自|回复|回覆)[】\])）]?(?:自|的)?.{0,40}[:：】\]].*|(?:转发|轉發|轉寄)[:：\s].*|转发一条.*|(?:fwd|forwarded)\b.*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""The first line of a mail or a forwarded message. What follows it is not the user's."""
_LINES: Final = re.compile(
    r"^(?: {4,}|\t).*$|^[ \t]*(?:>|＞|\||│|┃|#|//|/\*|<!--|--\s|%%|;;).*$|^.*<[/!?]?[a-z][\w-]*(?:\s[^<>\n]*)?/?>.*$"
    r"|^[ \t]*(?:def|class|import|from|function|var|const|let|public|private|return|echo|print|SELECT|INSERT|UPDATE|DELETE FROM|BEGIN:|END:)\b.*[;{(:=].*$"
    r"|^[ \t]*(?:[\[(（【]?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T ,]*)?[\[(（【]?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[.,]\d+)?Z?\s*(?:[ap]m)?[\])）】]?[\s,-]+\S.*$"
    r"|^[ \t]*[\[(（【<]\s*(?:system|assistant|user|human|ai|bot|admin|developer|note|memory|instruction|系统|助手|用户|管理员|系統|用戶|管理員)[^\])）】>\n]{0,30}[\])）】>].*$"
    r"|^[ \t]*(?:system|assistant|user|human|ai|bot|gpt|chatgpt|admin|developer|instruction|memory|note to (?:the )?assistant|系统|助手|用户|管理员|系統|用戶|管理員|机器人)\s*(?:note|message|prompt|提示|消息)?\s*[:：].*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of forms that are not typed to an assistant in passing: indented, quoted, of tables, code, markup and logs, and those that name another speaker."""
_HEADED: Final = re.compile(r"^[ \t]*(?:#{1,6}|={2,}) ?\S.*(?:\n.*\S.*)*", re.MULTILINE)
"""A heading of a document, with what stands under it."""
_FIELD: Final = re.compile(r"^[ \t]*[-*•]?[ \t]*[\w\u4e00-\u9fff][\w\u4e00-\u9fff ./_-]{0,24}[ \t]*(?:[:：=]|,(?=\S)|\t)[ \t]*\S.*$", re.MULTILINE)
_SPEAKERS: Final = re.compile(r"(?:^|(?<=[\s。.!?！？]))([A-Z\u4e00-\u9fff][\w\u4e00-\u9fff]{0,11})[:：][ \t]*(?=\S)")
_OPENS: Final = re.compile(r"^(?:remember|forget|note|记住|忘|备注|p\.?s|btw|记|請記|请记|wish|删|fyi|hi|hey)", re.IGNORECASE)


def _forms(content: str) -> Iterator[tuple[int, int]]:
    """Yield the parts that have the form of something else than a message to an assistant."""
    header = _HEADER.search(content)
    if header is not None:
        yield header.start(), len(content)
    yield from (found.span() for pattern in (_LINES, _HEADED) for found in pattern.finditer(content))
    fields = [found.span() for found in _FIELD.finditer(content)]
    together = _neighbours(content, fields)
    yield from ((run[0][0], run[-1][1]) for run in together if len(run) >= 3)
    spoken = [found for found in _SPEAKERS.finditer(content) if not _OPENS.match(found[1])]
    if len(spoken) >= 2:
        yield spoken[0].start(), len(content)


def _neighbours(content: str, spans: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    runs: list[list[tuple[int, int]]] = []
    for span in spans:
        if runs and not content[runs[-1][-1][1] : span[0]].strip():
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


_TASK: Final = re.compile(
    r"\b(?:translat\w*|proof-?read\w*|summari[sz]\w*|paraphras\w*|rephras\w*|rewrit\w*|rewrite|polish(?! (?:food|sausage|\w+ian))|correct (?:the|this|my)|fix (?:the|this|my) (?:text|grammar|english|code|sentence)|edit (?:this|the|my)|review (?:this|the|my)|check (?:this|the|my) (?:text|grammar|code|letter|email|e-mail|english|sentence)|explain (?:this|the|what this)|what does (?:this|that|it) (?:\w+ )?(?:mean|say)|what (?:do|did) (?:they|he|she) mean|grammar|classify|analy[sz]e|continue (?:this|the)|improve (?:this|the|my)|read (?:this|the following)|reply to (?:this|the)|answer (?:this|the) (?:mail|e-?mail|message|letter)|is (?:this|the following) (?:a )?(?:scam|correct|real|spam|phishing|true|right)|here(?:'s| is)(?: \w+){0,4} (?:text|e-?mail|mail|letter|article|message|note|post|prompt|review|document|page|log|chat|transcript)|this (?:text|e-?mail|mail|letter|article|message|post|prompt|review|document|page|sentence|paragraph|chat|log)\b|the following)\b"
    r"|翻译|翻成|译成|总结|概括|摘要|润色|改写|校对|修改(?:一下)?(?:这|下|以)|改(?:一下|改)?(?:这|下面|以下)|语法|病句|解释(?:一下)?(?:这|下|以)|什么意思|(?:这|那)(?:句话?|段话?|段文字|封邮件|封信|条消息|条短信|篇|个提示|篇文章|则)|(?:下面|以下|上面|以上|上文)(?:的|这|是)?(?:内容|文字|文章|话|邮件|信|消息|句子|段落|代码|聊天记录)?|分析(?:一下)?(?:这|下|以)|续写|评价(?:一下)?(?:这|下|以)|回复(?:一下)?(?:这|她|他)|看看(?:这|下面|以下)|读(?:一下|读)?(?:这|下面|以下)|是不是(?:诈骗|骗子|真的|骗)|怎么(?:回复?|翻)|聊天记录|截图|原文",
    re.IGNORECASE,
)
"""Work on a text that stands in the message: whose words that text has is unknown."""
_TASK_ABOVE: Final = re.compile(r"\b(?:above|preceding|previous|that (?:text|mail|e-?mail|message))\b|上面|以上|上文|前面", re.IGNORECASE)
_TASK_BELOW: Final = re.compile(r"\b(?:below|following|here(?:'s| is))\b|下面|以下|下文|[:：]\s*$", re.IGNORECASE)


def _worked_on(content: str) -> Iterator[tuple[int, int]]:
    """Yield what a sentence that asks for work on a text may mean by it: what follows its colon, and what stands below or above it."""
    spans = list(sentence_spans(content))
    for start, end in spans:
        sentence = content[start:end]
        task = _TASK.search(_plain(sentence)) or _TASK.search(sentence)
        if task is None:
            continue
        above, below = _TASK_ABOVE.search(_plain(sentence)), _TASK_BELOW.search(_plain(sentence))
        yield start, end
        if below or not above:
            yield end, len(content)
        if above or not below:
            yield 0, start


_COLON: Final = re.compile(r"[:：](?:[ \t]*\n)+")


def _after_colons(content: str) -> Iterator[tuple[int, int]]:
    """Yield the lines below a colon at the end of a line, unless the line asks to remember and they are few."""
    for colon in _COLON.finditer(content):
        line = content[content.rfind("\n", 0, colon.start()) + 1 : colon.start()]
        asks = any(_request(kind, _plain(line)) is not None for kind in ("REMEMBER", "FORGET"))
        if not asks or len(content) - colon.end() > MAX_LIST:
            yield colon.end(), len(content)


def _long_paragraphs(content: str) -> Iterator[tuple[int, int]]:
    at, parts = 0, content.split("\n")
    filled = sum(bool(part.strip()) for part in parts)
    for part in parts:
        if len(part) > MAX_PARAGRAPH and filled > 1:
            yield at, at + len(part)
        at += len(part) + 1


_LEAD: Final = (
    r"(?:^|[.!?;:,\n()-]|\b(?:please|pls|plz|so|and|but|also|ok|okay|hey|hi|hello|oh|btw|by the way|unilife|well|then|now|anyway|just|kindly|always|fyi|ps|p\.s|thanks|one thing|yes|no|right|"
    r"(?:(?:can|could|would|will) you(?: please| kindly)?(?: just| also)?)|(?:i(?:'d| would)? (?:want|like|love|need) you to)|(?:i(?:'d| would) appreciate it if you(?:'d| would| could)?)|(?:would you mind)|(?:you (?:should|must|can|may|might want to|need to|ought to|have to))|(?:it would be (?:great|nice|good) if you (?:could|would|can))|(?:make sure (?:to|you|that you))|(?:be sure to)|(?:try to)|(?:let's)|(?:go ahead and)|(?:i'm asking you to)|(?:do me a favou?r and)|(?:my wish is that you)|(?:for (?:the )?future(?: reference)?)|(?:from now on)|(?:in future)))\s*[,:!-]?\s*"
)
_MEMORISE: Final = (
    r"(?:do\s+)?(?:(?:re?mem?b?e?r|remeber|rember|rememeber|rmember|remmeber|memori[sz]e|memori[sz]ing|remembering)(?! (?:when|how|who|where|why|whether|if|last|the (?:time|day|way|old|first)|to (?:buy|get|bring|pick|pay|take|book|send|do|go|water|lock|turn|be)\b))"
    r"|(?:do not|don'?t|never|dnt|not) (?:ever )?(?:forget|lose sight of)(?! (?:to (?:buy|get|bring|pick|pay|take|book|send|do|go|water|lock|turn))\b)"
    r"|(?:take|make) (?:a )?(?:\w+ )?note(?: of| that|:)?|(?:please )?note(?: down)?(?=:| that| this| down|,| my| i\b| i')|jot(?: \w+)? down|write (?:it |this |that )?down(?! (?:the|a) )|put (?:it |this |that )?(?:down |on record|on file|in (?:your|my) (?:memory|profile|notes?))|(?:keep|bear) (?:it |this |that |the fact )?in (?:your )?(?:mind|memory)|keep (?:a |the )?(?:record|note|track) (?:of|that)|(?:add|save|store|log|record|keep|put)\b.{0,60}?\b(?:to|in|into|on) (?:your|my) (?:memory|profile|notes?|record|file)|(?:save|store|record|log) (?:this|that|it|the fact)|(?:commit|committing) (?:this|that|it)? ?to memory|file (?:this |it |that )?away|hold on to (?:this|that)|know that(?= i| my)|be aware that|noting|noted for you|for your (?:notes?|memory|records?|files?)\b)"
)
_ERASE: Final = (
    r"(?:do\s+)?(?:(?:forget|unlearn|unremember|forgetting)(?: (?:about|that|what|everything|anything|all|it|this|my|the|i|me|i'm|whatever|where|how|which|who|any))?"
    r"|(?:stop|quit|cease) (?:remembering|keeping|storing|knowing|thinking|believing|assuming|mentioning|bringing up)|(?:do not|don'?t|never|no longer) (?:ever )?(?:remember|keep|store|note|save|record|hold on to|memori[sz]e)"
    r"|(?:delete|remove|erase|wipe|clear|scrub|drop|discard|strike|purge|get rid of|throw (?:out|away)|cross out)(?! (?:the )?(?:file|app|photo|account|conversation|chat|message|spaces?|lines?|from (?:the )?(?:list|text))\b)"
    r"|take\b.{1,60}?\b(?:out of|off) (?:your|my) (?:memory|profile|notes?|records?|file)|let go of (?:the fact|what)|(?:remembering|knowing) (?:this|that) is no longer)"
)
_REQUESTS_EN: Final[dict[Kind, re.Pattern[str]]] = {
    "REMEMBER": re.compile(rf"(?:{_LEAD})(?P<asks>{_MEMORISE})(?: (?:for me|please|pls|for later|for next time|for good|too|also))?(?:[,:]? (?:that|the fact that|how|down|this|these|the following)\b)?"),
    "FORGET": re.compile(rf"(?:{_LEAD})(?P<asks>{_ERASE})"),
}
_BEFORE_ZH: Final = (
    r"(?:^|[.!?;:,\n()-]|请你?|麻烦你?|拜托你?|帮我|帮忙|给我|替我|替我们|你(?:能|可以|可不可以|能不能|要|得|一定要?|务必|记得|就|帮我|给我|替我)?|那(?:你)?|希望你|我(?:想|要|希望)(?:让|请|要)?你(?:能)?|能不能|可不可以|可以|能否|还有|另外|对了|顺便|以后|今后|一定|务必|千万|好的?|嗯|哦|那么|所以|也|再|都|先|烦请|劳烦|请务必|unilife)\s*[,:]?\s*"
)
_MEMORISE_ZH: Final = (
    r"(?:(?:把|将)(?P<object>[^.!?]{1,60}?)(?:这一?(?:点|件事|事|条|个)?|的事)?(?:也|都|给我|帮我|好好)?(?:记|存|写|加|录|放|保存|收)(?:住|下来?|到|进|入|在|一下|上|好|着)"
    r"|(?:也|都|好好|牢牢|替我|给我|帮我|务必)?(?:记(?:住|下来?|一下|好|着|一笔|上|个|录(?:一下|下来))|记得(?!吗|么|上次|那|当时|以前|小时候|的|清|带|买|去|给|提醒|叫我(?:起床|吃)|关|锁|拿|还|交|写|打|发)|牢记|谨记|熟记|铭记|备注(?:一下|上)?|存(?:一下|起来|下来|进)|留意(?:一下)?(?=,?我)|标记(?:一下)?|留个?底|做个?(?:记录|笔记|备注)|写(?:进|到|在)(?:你的?|我的?)?(?:记忆|档案|资料|笔记)|加(?:进|到|入)(?:你的?|我的?)?(?:记忆|档案|资料|画像)|记到(?:心|脑|档案|记忆|资料)|放在心上|知道一下(?=,?我))"
    r"|(?:别|不要|不能|勿|可别|不许|不准|莫)(?:再|给我|把)?(?:忘|忘记|忘了|忘掉|弄忘)(?:了|掉|记)?)"
)
_ERASE_ZH: Final = (
    r"(?:(?:把|将|对)(?P<object>[^.!?]{1,60}?)(?:这一?(?:点|件事|事|条|个)?|的事|的记忆|的记录)?(?:也|都|给|全|从[^.!?]{1,16}?)?(?:忘|忘掉|忘了|忘记|删|删掉|删除|删了|清|清除|清掉|抹|抹掉|抹去|去掉|拿掉|划掉|移除|擦掉|撤掉)(?:了|掉|除|去|吧)?"
    r"|(?:快|就|赶紧|全部|统统|都|彻底)?(?:忘(?:了|掉|记)(?!带|拿|买|吗|么|没)|删(?:掉|除|了|去)|清(?:除|掉|空|理)|抹(?:掉|去)|去掉|移除|擦掉|撤掉|划掉|(?:别|不要|不用|不必|不许|停止|无需|甭|莫)(?:再|去|一直)?(?:记(?:得|着|住|录|下|忆)?|存|保存|保留|留着|认为|以为)(?!忘)))"
)
_REQUESTS_ZH: Final[dict[Kind, re.Pattern[str]]] = {
    "REMEMBER": re.compile(rf"(?:{_BEFORE_ZH})(?P<asks>{_MEMORISE_ZH})"),
    "FORGET": re.compile(rf"(?:{_BEFORE_ZH})(?P<asks>{_ERASE_ZH})"),
}
_TRAILING: Final[dict[Kind, re.Pattern[str]]] = {
    "REMEMBER": re.compile(r"(?:[,;.-]|\band\b|\bso\b) ?(?P<asks>(?:please |pls |and |so |just )*(?:remember|note|keep|save|memori[sz]e|don'?t forget) (?:that|this|it)(?: down| in mind)?(?: for me| please| for later| for next time)?)\W*$|[,;.]? ?(?P<asks_zh>(?:请|麻烦|你|帮我|给我|要|可|一定)*(?:记住|记一下|记下来?|记好|记着|别忘了?|不要忘(?:记|了)?|记得)(?:哦|啊|呀|吧|了|喔|噢|啦|这一?点|这个|这件事|它)*)\W*$"),
    "FORGET": re.compile(r"[,;.-] ?(?P<asks>(?:please |pls |and |so |just )*(?:forget|delete|erase|remove|drop) (?:that|this|it|about it)(?: please)?)\W*$|[,;.]? ?(?P<asks_zh>(?:请|麻烦|你|帮我|给我|就|都)*(?:忘了|忘掉|忘记|删掉|删了|删除|别记了|不用记了|别再记了?|不要再记了?|不要记得)(?:它|这个|这件事|这一?点)?(?:吧|哦|啊|了|啦|好了|好吗)*)\W*$"),
}

_REPORTS: Final = re.compile(
    r"(?<!\bi )(?<!\bi've )(?<!\bi already )(?<!\bwe )(?<!\bi just )(?<!\bi once )\b(?:says?|said|saying|tells?|told|telling|writes?|wrote|written|asks?|asked|asking|goes|reads|reading|reminds?|reminded|begs?|begged|orders?|ordered|texted|emailed|posted|replied|quote[sd]?|according to|(?:mail|e-?mail|text|note|message|letter|sign|poster|lyrics?|song|slogan|motto|poem|book|article|prompt|page|website|screen) (?:that |which )?(?:from|by|says?|was|is|goes|with))\b"
    r"|(?<!我)(?<!我刚)(?<!我刚才)(?<!我之前)(?<!我都)(?<!我再)(?<!我已经)(?<!跟你)(?<!和你)(?<!对你)(?<!听我)(?<!我跟你)(?:说|讲|喊|嘱咐|叮嘱|吩咐|要求|写着|写道|写的是|提到|回复|留言|发来|发消息|发信息|叫|教)(?!话|法|不定|服|得|什么好)|(?:让|叫|劝|求|提醒|教|告诉|嘱咐)(?:我|我们|大家|他|她)|歌词|口号|标语|座右铭|台词|短信|邮件|纸条|(?:网|书|文章|牌子|墙|屏幕|群|信|页面?)(?:上|里)"
)
"""Words before a wish that make it the words of another speaker."""
_REPORTED_BEHIND: Final = re.compile(r",?\s*(?:(?:he|she|they|it|my \w+|the \w+|(?!i\b|we\b)[a-z]+) (?:says?|said|told|tells|wrote|texted|goes|shouted|yelled|whispered)|said (?:he|she|my \w+|the \w+))(?: (?:to )?(?:me|us))?\W*$|,?(?:他|她|他们|我[妈爸姐哥弟妹老]\w?|老师|老板|同事|朋友)(?:总|常|经常|老)?(?:这么|这样|那么)?(?:说|讲|叮嘱|提醒|告诉)(?:我|的|道)?\W*$")
_DENIED: Final = re.compile(
    r"(?:\b(?:do not|don'?t|dont|never|no need to|not necessary to|(?:do not|don'?t|doesn'?t|needn'?t|not|didn'?t|never) (?:need|have|want|ask|asking|expect|wish|like)(?:ed|ing)?(?: you)?(?: to)?|needn'?t|shouldn'?t|mustn'?t|can'?t|won'?t|rather not|without|instead of|stop|why|why would you|should you|did you|do you|have you|how (?:do|can|could|would|will) (?:you|i|we)|what (?:do|can|could|would|will) you|if you|when you|whenever you|once you|unless you|until you|because you|since you|as you|i (?:always |still |often |never |can'?t |cannot |can |don'?t |do |used to |must |should |need to |have to |want to |try to |will |'?ll |hardly |barely )?|we|he|she|they|people|everyone|who|to|wants? me to|let me|help me(?: to)?)\W*(?:please |just |even |ever |also |to )*)$"
    r"|(?:不用|不必|不需要|无需|没必要|不要|别|不想|不希望|不准|不许|不会|不能|没法|没|未|甭|是否|有没有|为什么|为啥|怎么|如何|如果你?|要是你?|假如你?|当你|因为你?|是不是|我(?:总|老|一直|还|会|要|得|都|也|又|常|差点|已经|把[^,.!?]{0,20})?|我们|他|她|他们|大家|人们|谁|自己|已经|曾经|刚才?|居然|竟然|又|总是|老是)$"
)
"""Words directly before a wish with which it is none: denied, asked about, or what another subject does."""
_ADDRESSED: Final = re.compile(r"(?<!not )(?<!n't )(?<!never )\b(?:want|like|love|need|asking) you to\W*(?:please |also |just )*$|(?<!不)(?<!没)(?:请|帮|替|给|麻烦|拜托)(?:你)?我?$")
"""The end of a clause that turns to the assistant: "I'd like you to", 帮我."""
_ASKS_ABOUT: Final = re.compile(
    r"^\W*(?:(?:so|and|but|hey|ok|well|oh|hi|unilife)\W+)*(?:do|did|does|are|were|have|had|will|would|should|can|could|how|what|when|why|where|who|which|isn't|aren't|don't|didn't|won't|is|was)\b.*\?\W*$|(?:还|都|你)?(?:记得|记住了?|记下了?|忘了?|忘记了?|记着)[^,.!?]{0,40}(?:吗|么|没有?|不|呢)\W*$|(?:记不记得|记没记住|忘没忘|有没有(?:记|忘))"
)
_POLITE: Final = re.compile(
    r"\b(?:can|could|would|will) (?:you|u)\b.{0,30}?\b(?:please|pls|kindly|for me|note|forget|delete|erase|remove|drop|wipe|clear|save|store|write|take a|make a|jot|keep|memori[sz]e|remember that|remember (?:i|my|i'm|we)\b(?!.*\b(?:name|birthday)\b\W*\?))|\bwould you mind\b|\bplease\b|(?:能|可以|可不可以|能不能|能否|麻烦|请|帮我|拜托)[^.!?]{0,24}(?:记住|记下|记一下|记好|备注|记到|忘|删|清|抹|存|写|加)|好吗|好不好|行吗|可以吗|行不行|成吗|吧\?"
)
_ASKING_TAIL: Final = re.compile(r"(?:[,，]?\s*(?:好吗|好不好|行吗|可以吗|行不行|成吗|吗|嗎|麼|么|okay|ok|will you|would you|can you))?\s*[?？]+\s*$", re.IGNORECASE)
_DEMONSTRATIVE: Final = re.compile(
    r"^\W*(?:(?:that|this|it|these|those|the following|what i (?:just )?(?:said|told you|say|wrote)|down|for me|please|pls|for later|for next time|two|three|four|some|a few|few|several|things?|facts?|points?|about me|as well|too|ok|okay|will you|would you|can you|could you|thanks|thank you|in mind|of|now|always|forever|from now on|and)\W*)*$"
    r"|^\W*(?:(?:这|那|以下|下面|我刚才?说的|我说的|上面)(?:一?点|件事|个|些|几点|几件事|两点|两件事|三点|三件事|话)?|它|哦|啊|呀|吧|了|喔|噢|啦|好吗|谢谢你?|一下|两件事|几件事|几点|下来|好|吗|行吗|拜托|麻烦了?|请|[一二两三四几]?[件点个条]事?|都|也|\W)*$"
)
_ANNOUNCES: Final = re.compile(r"^\W*(?:(?:that|these|the|following|two|three|four|some|a few|few|several|all|of) )*(?:things?|facts?|points?)(?: about me)?\W*:|^[^,.:]{0,8}(?:几|两|三|四|[2-9])(?:件事|点|条|个)[^,.:]{0,4}:")
"""The beginning of a list of what to remember, which goes on in the next sentences."""
_OBJECT: Final = re.compile(r"[\w']+")


def _request(kind: Kind, text: str) -> tuple[int, int] | None:
    """Return the part of a folded sentence that asks, "could you" included, if it is a wish: at the beginning of a clause, or at the sentence's end."""
    for pattern in (_REQUESTS_EN[kind], _REQUESTS_ZH[kind], _TRAILING[kind]):
        for found in pattern.finditer(text):
            name = next((name for name in ("asks", "asks_zh") if name in pattern.groupindex and found[name] is not None), "asks")
            start, end = found.span(name)
            if not _is_refused(kind, text, start):
                first = found.start() + len(found[0]) - len(found[0].lstrip(" .!?;:,\n()-"))
                return min(first, start), end
    return None


def _is_refused(kind: Kind, text: str, start: int) -> bool:
    before = text[:start]
    if _REPORTS.search(before) or _REPORTED_BEHIND.search(text[start:]):
        return True
    clause = re.split(r"[.;,!?:]", before)[-1]
    polite = _POLITE.search(text) is not None
    if _DENIED.search(clause) and not _ADDRESSED.search(clause) and not (polite and re.search(r"(?:can|could|would|will) you\W*(?:please|pls|kindly|just|also|\W)*$|you to\W*$|(?:能|可以|不可以|能不|能否|麻烦|请)你?$", clause)):
        return True
    if _ASKS_ABOUT.search(text) and not polite:
        return True
    own = re.search(r"我(?:又|都|已经|总是?|差点|一直|刚|还|也|会|要|得|必须|应该)*$", clause)
    return own is not None and not re.search(r"(?:请|帮|替|给|让|麻烦)我$", clause)


def _wish_in(kind: Kind, content: str, spans: Sequence[tuple[int, int]], number: int, own: _OwnWords) -> Wish | None:
    """Return the wish of one sentence: about the sentence itself, or, if it only points at something, about those beside it."""
    start, end = spans[number]
    folded = fold(content[start:end])
    text = folded.text if folded.text.isascii() else folded.text.translate(simplified())
    asked = _request(kind, text) if len(text) == len(folded.starts) else None
    if asked is None:
        return None
    asks = start + folded.starts[asked[0]], start + folded.ends[asked[1] - 1]
    if own.is_foreign(*asks) or own.is_foreign(asks[0], asks[0] + 1):
        return None
    rest = (text[: asked[0]], text[asked[1] :])
    if _is_only_pointing(*rest) or _ANNOUNCES.match(rest[1]):
        first, last = _beside(content, spans, number)
        return Wish(kind, first, last, asks)
    return Wish(kind, start, end, asks)


def _is_only_pointing(before: str, after: str) -> bool:
    led = re.sub(_LEAD + "$|" + _BEFORE_ZH + "$", "", before).strip(" ,.:;-")
    words = _OBJECT.findall(led)
    size = sum(map(is_cjk, led)) + sum(word.isascii() for word in words) * 2
    return _DEMONSTRATIVE.match(after) is not None and (size < 5 or re.search(r"\b(?:can|could|would|will) you\b", led) is not None)


BEFORE, AFTER = 2, 4
"""Sentences before and after a wish that it may be about, within its paragraph and the one that follows a colon."""


def _beside(content: str, spans: Sequence[tuple[int, int]], number: int) -> tuple[int, int]:
    first, last = number, number
    while first > max(0, number - BEFORE) and "\n\n" not in content[spans[first - 1][0] : spans[first][0]]:
        first -= 1
    while last < min(len(spans) - 1, number + AFTER) and "\n\n" not in content[spans[last][0] : spans[last + 1][0]].rstrip(" "):
        last += 1
    return spans[first][0], spans[last][1]
