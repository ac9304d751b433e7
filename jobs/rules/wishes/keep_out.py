# ruff: noqa: E501 - tables of words read by their rows
"""Words by which a user says that something is not to be written down: "off the record", "keep this out of my diary", "scratch that", 别写进日记, 当我没说.

They keep messages out of diary and profile and change nothing else, so they are looked for in any message, also beside sentences that a wish to remember or
forget may not stand beside. They have to be the user's own all the same: at the beginning of a clause or as the whole of it, in no quotation marks and no pasted
text, and neither quoted, nor told of others, nor asked. "Don't tell anyone" is none of them: the diary is the user's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jobs.rules.claims.whole_statements import sentence_spans
from jobs.rules.text.normalization import has_cjk
from jobs.rules.text.pasted_text import brought_spans
from jobs.rules.text.spans import Spans
from jobs.rules.wishes import BEFORE, Wish, chinese, english, prepare
from jobs.rules.wishes.readings import any_of, has, pattern, skip, split_clauses, words_of

_HINT: Final = re.compile(
    r"record|between|diar|journal|writ|down|log\b|note|out\b|off\b|includ|summary|save|store|omit|skip|profile|memor|entry|document|exclude|pretend|forget|private|confiden|secret|yoursel|oursel|wraps|scratch|strike|scrap|said|say\b|mention|told|hear|back|ignore|disregard|"
    r"日志|日誌|[记記进進]|跳过|跳過|略|只有你|忽略|无视|無視|划掉|劃掉|[删刪]|[进進]|略|不算|作废|作廢|没说|沒說|没讲|沒講|没提|沒提|没听|沒聽|没看|沒看|收回|撤回|跟你|和你|对你|對你|告诉你|告訴你|讲给你|講給你|咱|你知我知|我们俩|我們倆|保密|写|寫|手账|手帳|总结|總結|存|留",
    re.IGNORECASE,
)
"""One of these stands in each message with such words, so that most messages are not read."""
_QUOTED: Final = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》|〈[^〉\n]*〉|«[^»\n]*»|„[^“”\n]*[“”]|‘[^’\n]*’(?!\w)|(?<!\w)'[^'\n]*'(?!\w)")

_THIS: Final = (
    r"(?:(?:any|all|none|nothing|anything|everything)(?: (?:of|about))? (?:this|that|it|what i (?:just )?(?:said|told you|wrote))|(?:this|that|the|my) (?:last |whole |entire )?(?:part|bit|one|thing|sentence|message|story|line|stuff)|"
    r"what i (?:just )?(?:said|told you|wrote)|this|that|it|these|those)"
)
_DIARY: Final = (
    r"(?:(?:my|the|your|our|today's|todays|any|a) )?(?:(?:daily|nightly|personal|official|public) )?(?:diary|diaries|journal|journals|log|logs|notes?|records?|entry|entries|summary|profile|memory|memories)(?: (?:entry|entries|summary))?"
    r"(?: (?:for|of) (?:today|the day|tonight|this))?"
)
_NOT: Final = (
    r"(?:(?:do not|don't|dont|don t|dnt)(?: (?:you|u) dare)?|never|no need to|there's no need to|(?:you|u) (?:do not|don't|dont) (?:have|need) to|(?:you|u) (?:should not|shouldn't|must not|mustn't|needn't)|"
    r"(?:i|we)(?:'d| would) rather (?:you|u) (?:did not|didn't|not)|(?:i|we)(?:'d| would) prefer (?:(?:you|u) (?:did not|didn't)|it if (?:you|u) (?:did not|didn't)|not to)|"
    r"(?:i|we) (?:do not|don't|dont) want (?:(?:you|u) )?to|(?:could|can|would) (?:you|u) (?:please |pls |maybe )?(?:not|avoid|mind not)|better not|let's not|please not)"
)
_WRITES: Final = (
    r"(?:write|writing|wrote|note|noting|noted|jot|put|putting|log|logging|logged|record|recording|recorded|save|saving|include|including|add|adding|store|storing|keep|keeping|enter|track|document|mention|remember)"
)
_BETWEEN: Final = r"between (?:us|you and me|you and i|you & me|u and me|ourselves|the two of us|you and myself)"
_PRIVATE: Final = (
    rf"{_NOT} (?:ever |please |pls |also )?(?:diary|journal) {_THIS}",
    rf"{_NOT} (?:ever |please |pls |also )?{_WRITES} (?:about )?{_THIS}(?: down)? (?:anywhere|(?:in|into|to|on|for|from) {_DIARY})",
    rf"{_NOT} (?:ever |please |pls |also )?(?:write|writing|wrote|note|noting|noted|jot|jotting|put|putting) (?:down {_THIS}|{_THIS} down)(?: anywhere)?",
    rf"{_NOT} (?:ever |please |pls |also )?(?:write|writing|log|logging|logged|record|recording|recorded|note|include|including|document|store|save|remember)(?: about)? {_THIS}",
    rf"(?:keep|leave|keeping|leaving) {_THIS} (?:out|off|away)(?: (?:of|from) {_DIARY}|(?= |$))(?: please)?",
    rf"(?:omit|skip|exclude) {_THIS}(?: (?:in|from) {_DIARY})?",
    rf"(?:let's )?(?:keep|leave|keeping) {_THIS} (?:just |strictly |only )?(?:{_BETWEEN}|to (?:your|ur|our)sel(?:f|ves)|off the record|off record|private|confidential|secret|under wraps)",
    rf"(?:(?:{_THIS}|what i'm (?:saying|telling you|about to say)|everything i say)(?:'s| is| was| stays| remains| (?:must|should|has to|needs to) (?:stay|remain))? )?(?:just |only |strictly |completely |purely )*(?:off the record|off record|{_BETWEEN}|in (?:strict )?confidence|not for {_DIARY})|(?:strictly|top) (?:confidential|secret)|{_THIS} (?:is not|isn't|isnt) for {_DIARY}",
    rf"{_THIS}(?:'s| is| stays| remains| (?:must|should|has to|needs to) (?:stay|remain|be))(?: \w+)? (?:confidential|private|secret|our (?:little )?secret)",
    rf"(?:i|we)(?:'d| would) (?:rather|prefer) (?:not )?(?:to )?(?:have|see|find|put) {_THIS} (?:not )?in {_DIARY}",
    rf"(?:i|we)(?: (?:do not|don't|dont) want|(?:'m| am) not ready) (?:to (?:see|find|have|read) )?{_THIS} (?:written down|in {_DIARY}|on record)",
    rf"{_THIS} (?:should not|shouldn't|must not|mustn't|does not|doesn't|need not|needn't|is not to|isn't to|better not) (?:go|be|appear|end up|belong|land|get written|be written)(?: down)?(?: (?:in|into|for) {_DIARY})",
    rf"(?:(?:nothing|none) of (?:this|that|it)(?: (?:goes|should go|belongs|is to go|gets written|should be|is for|is going)(?: down)?)?|not) (?:in|into|for) {_DIARY}|no {_DIARY} (?:for|about|of|on) {_THIS}|not (?:something|a thing|one) for {_DIARY}",
    rf"{_NOT} (?:keep|make|take|leave) (?:a |an |any )?(?:records?|notes?|logs?|entry|trace)(?: (?:of|about|on|for) {_THIS})?",
    rf"(?:can|could|may) {_THIS} (?:please |just )?(?:stay|be|remain) (?:off the record|off record|{_BETWEEN}|private|confidential|secret|out of {_DIARY})",
)
_RETRACTED: Final = (
    rf"(?:scratch|strike|scrap) (?:that|this|what i (?:just )?said|(?:my|the|that) last (?:message|sentence|bit|part|one))(?: (?:from|off) {_DIARY})?",
    r"forget (?:that )?(?:i|we) (?:ever |just |even )?(?:said|mentioned|told you|wrote|brought) (?:that|this|it|anything|so)(?: up)?",
    r"(?:let's )?(?:pretend|act (?:like|as if)) (?:that )?i (?:never|did not|didn't|didnt|hadn't) (?:say|said|mention|mentioned|tell you|told you) (?:that|this|it|anything|so)",
    r"i (?:take|took|am taking|'m taking) (?:that|it|this|what i (?:just )?said) back",
    r"(?:you|u) (?:did not|didn't|didnt|never) (?:hear|heard) (?:that|this|it)(?: from me)?",
    r"(?:ignore|disregard) (?:that|this|what i (?:just )?said|(?:my|the|that) last (?:message|sentence|bit|part|one))",
)
_TAIL: Final = r"(?: (?:please|pls|plz|ok|okay|k|thanks|thank you|thx|ty|lol|haha|hehe|though|tho|for now|too|as well|will you|would you|could you|can you|yeah|right|alright|at all|anywhere|any ?more|from me|now|then|today|tonight|if you (?:can|could)|if possible|just))*"
_GOES_ON: Final = r" (?=(?:i|im|i'm|ive|i've|id|ill|we|we're|we've|my|our|but|because|cause|cuz|since|he|she|they)\b)"
_DIVIDES: Final = r" (?=(?:and|so|but|also|please|pls|plz|can you|could you|would you) )"
_FUSED: Final = (
    r"(?<!\bto)(?<!\bme)(?<!\bhim)(?<!\bher)(?<!\bthem)(?<!\bi)(?<!\bwe)(?<!\bhe)(?<!\bshe)(?<!\bthey)(?<!\byou)(?<!\bsaid)(?<!\bsays)(?<!\basked)(?<!\btold)(?<!\bnot)(?<!\bnever)"
    r"(?<!\bcan)(?<!\bwill)(?<!\bmust)(?<!\bshould)(?<!\bcould)(?<!\bwould)(?<!n't) (?=(?:keep|leave|don't|dont|do not|scratch|strike|forget i|pretend i) )"
)
"""The space before words that ask at the end of a clause without a comma: "i kissed him keep it between us"."""
_SHARED: Final = r"^[ ,]*(?:we(?: all| both)?(?:'ve| have| had| own| owned| earn| make| made| speak| spoke| ate| drank| drink| eat| paid| share| raise| raised| know| knew| can| could| managed| got)\b|my \w+ and i\b|me and my\b|there\b|the (?:two|three|four) of us\b|.{0,30}\b(?:and i|and me) (?:have|own|speak|earn)\b)"
"""Words behind "between us" that make it mean "together"."""
_SAID: Final = (
    r"\b(?:said|says|say|told|tells|tell|asked|asks|ask|goes|went|whispered|wrote|writes|texted|replied|answered|added|begged|warned|called|titled|reads)"
    r"(?: (?:me|us|him|her|them|you|my \w+|to me|to us|to him|to her))?(?: that)?(?: (?:today|yesterday|then|once|again|before|quietly))?$"
)
_SAID_AFTER: Final = r"^[ ,]*(?:(?:(?:my|his|her|the|our) )?[\w'-]+(?: \w+)?|as \w+(?: \w+)?) (?:said|says|told me|told us|tells me|asked me|asked|begged|whispered|wrote|texted|replied|warned|added)(?: (?:me|us|to me))?(?: (?:today|yesterday|then|once|again|before))?$"
_LEADS_MORE: Final = ("(?:i'm |im |i am )?(?:just |only )?(?:venting|ranting)|rant|rant over|vent|(?:please )?(?:don't|dont|do not) tell (?:anyone|anybody|a soul|people|others)|nobody knows(?: this| that| it)?|(?:can|could|shall|may) we|ps|p s|listen|look|honestly|sorry|oh|ah|ok so|and please|but please|wait|no wait|actually|hmm|hey|important|really|seriously|even so|still|since|because",)

_THIS_ZH: Final = "(?:这|那|此|刚才|刚|上面|前面|以上|上|最后|我|说|的|一|下|件|个|句|段|条|点|些|部分|话|事情|事儿|事|内容|消息|种|次)"
_NOT_ZH: Final = "(?:别|不要|不用|不必|不许|不能|甭|莫|勿|无需|无须|不准|不想|不希望|不愿意?|不该|不应该|不需要|不会想|不适合|不宜|不便)"
_DIARY_ZH: Final = "(?:我|你|您|咱|今天|今日)?的?(?:日记|日志|手账|日记本|记录|档案|画像|总结|摘要|小结|备忘录?|记忆)(?:本)?(?:里面?|里头|中|上|当中)?"
_ASKS_ZH: Final = "(?:请|麻烦|拜托|烦请|劳烦|劳驾|你|您|帮我|替我|给我|可以|能不能|能否|可不可以|能|千万|一定|就|也|先|都|但是?|不过|那|所以|可|我|真的|最好|还是|暂时|务必|记得|要|得|希望|想|ps|另外|对了|哎|唉|嗯|哦|算了|还有|啊|然后|因为)"
_TAIL_ZH: Final = "(?:了|哦|噢|喔|啊|呀|吧|啦|哈|呢|嘛|哟|呗|好吗|好不好|行吗|可以吗|行不行|谢谢|拜托|就好|就行|就可以了|下来|下|过|好了|噻|thx|ok|请|的)*"
_PRIVATE_ZH: Final = (
    f"{_ASKS_ZH}*{_THIS_ZH}*{_ASKS_ZH}*{_NOT_ZH}{_ASKS_ZH}*(?:让你|让|叫你|再|往|把)?(?:{_DIARY_ZH}|{_THIS_ZH})*(?:写|记录|记载|记|放|录|加|存|收|列|提|留|出现)?(?:录|载|下来|下|上)?(?:这|那)?(?:些|个|段|件事|事)?(?:进|到|入|在|去|上)(?:{_DIARY_ZH}|案)(?:去)?{_TAIL_ZH}",
    f"(?:{_THIS_ZH}*)(?:可以|能|能不能|可不可以|可否)(?:{_THIS_ZH}*)不(?:要)?(?:写|记|放|留)(?:进|到|在)?(?:{_DIARY_ZH}|下来)?吗?{_TAIL_ZH}",
    f"{_ASKS_ZH}*{_NOT_ZH}{_ASKS_ZH}*(?:往|在|把{_THIS_ZH}+)?{_DIARY_ZH}(?:写|记|放|加|提|出现){_THIS_ZH}*{_TAIL_ZH}",
    f"{_ASKS_ZH}*{_DIARY_ZH}{_ASKS_ZH}*(?:就|也|请)*{_NOT_ZH}{_ASKS_ZH}*(?:写|记|提|出现|放|加|有){_THIS_ZH}*{_TAIL_ZH}",
    f"{_ASKS_ZH}*{_THIS_ZH}*{_ASKS_ZH}*{_NOT_ZH}(?:再)?{_ASKS_ZH}*(?:把{_THIS_ZH}+)?(?:记录|记下来|记下|记|写下来|写下|保存|留下?(?:任何)?(?:记录|痕迹|痕|底|案)|做(?:任何)?(?:记录|笔记)|存档|归档|留档|(?:写|记)进去|写$){_THIS_ZH}*{_TAIL_ZH}",
    f"{_ASKS_ZH}*(?:{_DIARY_ZH})?{_ASKS_ZH}*(?:把)?{_THIS_ZH}+{_ASKS_ZH}*(?:跳过|略过|省略|略去|省去)(?:吧|好了|就好|就行|别写|不写|别记)?",
    f"{_ASKS_ZH}*(?:只|就|光|单|仅|悄悄|偷偷|偷摸|私下里?|私底下|小声)+(?:地)?(?:跟|和|对|告诉|讲给|说给)(?:你|您)(?:一个人|一人|自己)?(?:听)?(?:说|讲|提)?(?:说|一声|一下|一句|个事)?{_TAIL_ZH}",
    f"{_ASKS_ZH}*{_THIS_ZH}*(?:是|就|只有?|仅限|只限)*(?:咱俩|咱们俩?|我们俩|我俩|你我|咱两|我们两个?|咱们两个?)(?:人)?(?:之间)?(?:的)?(?:知道|秘密|小秘密|说说|悄悄话){_TAIL_ZH}",
    f"{_ASKS_ZH}*{_THIS_ZH}*只有?(?:你|您)(?:一个人|一人)?(?:知道|晓得){_TAIL_ZH}",
    f"{_ASKS_ZH}*(?:天知地知)?你知我知{_TAIL_ZH}",
    f"{_ASKS_ZH}*{_THIS_ZH}*{_ASKS_ZH}*(?:严格)?(?:保密|守口如瓶|不外传){_TAIL_ZH}",
)
_OPEN_ZH: Final = (
    "(?:我)?(?:只|就|悄悄|偷偷|私下里?|私底下|小声)+(?:地)?(?:跟|和|对)(?:你|您)(?:一个人|一人)?(?:说|讲)(?:说|一声|一下|一句|个事)?(?!过)(?:啊|哦|哈)*(?=我|咱|今天|昨天|昨晚|刚)",
    "(?:我)?(?:只|就|悄悄|偷偷|私下里?|私底下|小声)+(?:地)?告诉(?:你|您)(?:一个人|一人)?(?!过)(?:啊|哦|哈)*(?=我|咱|今天|昨天|昨晚|刚)",
)
_RETRACTED_ZH: Final = (
    f"{_ASKS_ZH}*{_THIS_ZH}+{_ASKS_ZH}*(?:都|通通)?(?:不算数?|不作数|作废){_TAIL_ZH}",
    f"{_ASKS_ZH}*{_THIS_ZH}*{_ASKS_ZH}*(?:就)?当(?:做|作)?我?(?:刚才|刚刚)?(?:啥也|什么都|什么也|啥都)?没有?(?:说|讲|提|聊){_TAIL_ZH}",
    f"{_ASKS_ZH}*当(?:做|作)?(?:你|您)?(?:从)?没有?(?:听见|听到|听过|看见|看到|看过){_THIS_ZH}*{_TAIL_ZH}",
    f"{_ASKS_ZH}*(?:刚才|上面|最后)?(?:这|那|上一?)(?:一)?[句条段](?:话)?{_ASKS_ZH}*(?:删了|删掉|删|去掉|划掉){_TAIL_ZH}",
    f"{_ASKS_ZH}*{_THIS_ZH}*{_ASKS_ZH}*(?:收回|撤回){_THIS_ZH}*{_TAIL_ZH}",
    f"{_ASKS_ZH}*(?:忽略|无视|划掉|删掉|忘掉|忘了|忘记)(?:掉)?(?=.*(?:说|句|话)){_THIS_ZH}+{_TAIL_ZH}",
)
_ASIDE_ZH: Final = "(?:对谁|跟谁|和谁)?(?:也|都|先|千万)?(?:别|不要|不许)(?:跟|和|对)?(?:别人|任何人|谁|人)?(?:说|讲|告诉|外传)(?:别人|任何人|人|出去)?|没人知道|谁都不知道|嘘|吐槽一下|发泄一下"
_SAID_ZH: Final = "(?<!别)(?<!不要)(?<!不)(?:说|讲|喊|叫|让|问|嘱咐|叮嘱|告诉|要求|求)(?:过|了|道|着|我|我们|他|她|大家)*$"

MAX_COURTESY: Final = 40
"""Characters of a sentence that may say nothing."""
MAX_POINTING: Final = 200
"""Characters of a message that says nothing else."""
MAX_CLAUSE: Final = 30
"""Characters of a Chinese clause that asks for it, which bounds the time that its patterns take."""


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    """The end of the words, in the prepared sentence."""
    retracts: bool


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    found: Sequence[_Found]
    asks: tuple[tuple[int, int], ...]
    says: bool
    """True if the sentence says something beside the words that ask."""


def find_kept_out(content: str) -> list[Wish]:
    """Return what the user does not want to be written down, with the words that say so.

    These mean their own sentence, else up to two before it in the message, else all after it; words that only take something back mean what stands before them. A
    message of nothing else means the message before it: see `points_back`.
    """
    return [wish for wish in _wishes(content) if wish.start < wish.end]


def points_back(content: str) -> Wish | None:
    """Return the wish of a message that says nothing but that something is not to be written down, and so means the message before it."""
    lines = _read(content)
    asks = tuple(ask for line in lines for ask in line.asks)
    return Wish("FORGET", 0, len(content), asks) if asks and not any(line.says for line in lines) else None


def meant_before(content: str, following: str) -> Iterator[tuple[int, int]]:
    """Yield what the user's next message says of a message is not to be written down: all of it, or its last sentence if the next only takes it back."""
    if len(following) > MAX_POINTING or points_back(following) is None:
        return
    if all(found.retracts for line in _read(following) for found in line.found):
        yield from list(sentence_spans(content))[-1:]
    else:
        yield 0, len(content)


def _wishes(content: str) -> Iterator[Wish]:
    lines = _read(content)
    for number, line in enumerate(lines):
        if not line.found:
            continue
        retracts = all(found.retracts for found in line.found)
        before = [other for other in lines[max(0, number - (1 if retracts else BEFORE)) : number] if other.says]
        after = [] if retracts else [other for other in lines[number + 1 :] if other.says]
        if retracts and line.says and line.asks[-1][0] > line.start and _says(content[line.start : line.asks[-1][0]]):
            yield Wish("FORGET", line.start, line.asks[-1][1], line.asks)
        elif line.says and not retracts:
            yield Wish("FORGET", line.start, line.end, line.asks)
        elif beside := before or after:
            yield Wish("FORGET", min(line.start, beside[0].start), max(line.end if not line.says else line.asks[-1][1], beside[-1].end), line.asks)


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


def _read(content: str) -> list[_Line]:
    """Return the sentences of a message, with the words in them that ask; none if no sentence asks."""
    if _HINT.search(content) is None:
        return []
    brought = Spans((*brought_spans(content), *(found.span() for found in _QUOTED.finditer(content))))
    lines: list[_Line] = []
    for start, end in sentence_spans(content):
        if end - start > MAX_COURTESY and _HINT.search(content, start, end) is None:
            lines.append(_Line(start, end, (), (), True))
            continue
        text, _, starts, ends = prepare(content, start, end)
        found = [] if not text else [one for one in _find(text) if not brought.touch(starts[one.start], ends[one.end - 1])]
        rest = "".join(" " if any(one.start <= at < one.end for one in found) else char for at, char in enumerate(text))
        asks = tuple((starts[one.start], ends[one.end - 1]) for one in found)
        lines.append(_Line(start, end, found, asks, not _is_courtesy(rest)))
    return lines if any(line.found for line in lines) else []


def _is_courtesy(text: str) -> bool:
    language = chinese if has_cjk(text) else english
    rows = f"{_ASIDE_ZH}|{any_of(chinese.COURTESY)}" if language is chinese else words_of((*english.COURTESY, *_LEADS_MORE))
    return skip(text, 0, pattern(rows), " .,!?;:~-()") >= len(text)


def _find(text: str) -> list[_Found]:
    body = text.rstrip(" .!?~-,;:")
    if has_cjk(body):
        return list(_find_chinese(body, "?" in text[len(body) :]))
    return list(_find_english(body, "?" in text[len(body) :]))


def _find_english(body: str, asked: bool) -> Iterator[_Found]:
    if asked and not has(r"\b(?:can|could|would|will|shall|may) (?:you|u|we|this|that|it)\b|\b(?:ok|okay|please|pls)\s*$", body):
        return
    leads = pattern(words_of((*english.LEADS, *english.COURTESY, *_LEADS_MORE)))
    for clause in split_clauses(body):
        before = body[: clause.start].rstrip(" ,:;(-")
        if has(_SAID, before) or (":" in clause.before and not _is_courtesy(before) and not _is_label(before)):
            continue
        places = [clause.start, *(found.end() for found in pattern(_DIVIDES).finditer(body, clause.start, clause.end))]
        fused = [found.end() for found in pattern(_FUSED).finditer(body, clause.start, clause.end)]
        for place in (*places, *fused):
            for at in sorted({place, skip(body[: clause.end], place, leads, " ")}):
                if (one := _match_english(body, at, clause.end, place not in places)) is not None:
                    yield _Found(clause.start if place == clause.start else place, one.end, one.retracts)
                    break
            else:
                continue
            break


def _is_label(before: str) -> bool:
    """Return whether the words before a colon ask themselves, as in "off the record: …"."""
    return _match_english(before, skip(before, 0, pattern(words_of((*english.LEADS, *english.COURTESY))), " "), len(before), False) is not None


def _match_english(body: str, at: int, end: int, is_fused: bool) -> _Found | None:
    for rows, retracts in ((_PRIVATE, False), (_RETRACTED, True)):
        for row in rows:
            found = pattern(rf"(?:{row})\b{_TAIL}").match(body, at, end)
            if found is None or (has(_SHARED, body[found.end() :]) and "between" in found[0] and "keep" not in found[0]):
                continue
            after = body[found.end() : end]
            if (not after.strip() and not has(_SAID_AFTER, body[end:])) or (not is_fused and pattern(_GOES_ON).match(after) and not has(_SAID_AFTER, after)):
                return _Found(at, found.end(), retracts)
    return None


def _find_chinese(body: str, asked: bool) -> Iterator[_Found]:
    if (asked or has("[吗么]$", body)) and not has("能|可以|可否|好吗|行吗|好不好|行不行|麻烦|拜托|请", body):
        return
    for clause in split_clauses(body):
        before = body[: clause.start].rstrip(" ,:;(-")
        if has(_SAID_ZH, before) or (":" in clause.before and not _is_courtesy(before)):
            continue
        part = body[clause.start : clause.end].strip(" ")
        if len(part) > MAX_CLAUSE:
            continue
        for rows, retracts in ((_PRIVATE_ZH, False), (_RETRACTED_ZH, True)):
            if any(pattern(row).fullmatch(part) for row in rows):
                yield _Found(clause.start, clause.end, retracts)
                break
        else:
            found = next((found for row in _OPEN_ZH if (found := pattern(row).match(body, clause.start, clause.end))), None)
            if found is not None:
                yield _Found(clause.start, found.end(), False)
