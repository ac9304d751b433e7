"""Splitting of a text into sentences and clauses, in Chinese and English: every part is a verbatim part of its text."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[。！？!?…])(?![。！？!?…\"”’」』）)])|(?<=[。！？!?…][\"”’」』）)])|(?<=\.)(?=\s)|\n+")
_ABBREVIATION = re.compile(r"(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|vs|e\.g|i\.e|etc|No|approx|a\.m|p\.m)\.$")
_CLAUSE_END = re.compile(r"(?<=[，,；;：。！？!?])(?!\d)|(?<=\.)(?=\s|$)|(?<=\s)(?=(?:but|and I|so I|because)\s)")
_OPENING = re.compile(
    r"(?:(?:well|yes|yeah|haha|hmm+|um|oh|actually|okay|ok|sure|no|wow|of course|you're right|by the way|alright|great|thanks|thank you|"
    r"you know what|hi|hello|hey|good (?:morning|afternoon|evening))(?:,? (?:there|(?:my )?(?:friend|buddy)|ai companion))?\s*[,.!?]+(?:\s+|$)"
    r"|(?:嗯+|恩|哈+|是啊|是的|对啊?|哦|呃|哇|哎呀|其实|好的?|好啊|不客气|当然(?:可以)?|没问题|谢谢|嗨|你好|早上好|下午好|晚上好|实际上|顺便(?:问一下|说一下))"
    r"(?:啊|呀)?(?:，?(?:朋友|AI伴侣|AI))?[，,！!。、~～]+\s*)+",
    re.IGNORECASE,
)
_GREETING = re.compile(r"\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))\b|你好|您好|早上好|下午好|晚上好|嗨)", re.IGNORECASE)
_SAYS_MORE = re.compile(r"\b(?:I|my)\b|我|[?？]")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def sentences(text: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATION.search(text[start : match.start()]):
            continue
        pieces.append(text[start : match.start()].strip())
        start = match.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if any(character.isalnum() for character in piece)]


def clauses(sentence: str) -> list[str]:
    """Return the parts between commas and similar marks, without the mark that ends them."""
    pieces = (piece.strip().rstrip("，,；;：。！？!?.").strip() for piece in _CLAUSE_END.split(sentence))
    return [piece for piece in pieces if piece]


def without_opening(sentence: str) -> str:
    """Return the sentence without its opening: "Haha, I like fish." → "I like fish."."""
    match = _OPENING.match(sentence)
    rest = sentence[match.end() :] if match else sentence
    return rest if any(character.isalnum() for character in rest) else sentence


def is_wide(text: str) -> bool:
    """Return whether a text is written in Chinese (or Japanese, Korean) rather than in an alphabet."""
    wide = len(_WIDE.findall(text))
    return wide > 0 and wide * 4 >= sum(character.isalpha() for character in text)


def is_greeting(sentence: str) -> bool:
    """Return whether a sentence only greets: "Hi, friend!", 你好，朋友！"""
    return greets(sentence) and len(without_opening(sentence)) <= 24 and not _SAYS_MORE.search(sentence)


def greets(text: str) -> bool:
    return bool(_GREETING.match(text))


def is_question(sentence: str) -> bool:
    return bool(re.search(r"[?？]\W*$|[吗呢][。！!]?$", sentence))


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
