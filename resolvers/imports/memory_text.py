# ruff: noqa: E501 - patterns of lines read by their rows
"""Memory texts: what ChatGPT, Claude or Gemini print when they are asked what they remember, or a copied list of saved memories, one statement a line.

No product publishes a format; the text is whatever its model prints. Forms looked up on 2026-11-28:

- ChatGPT: no export; the list of "Manage memories" is copied, short sentences such as "User prefers Python" (memx.app/how-to/how-to-export-your-chatgpt-memory,
  tokrepo.com/zh/ai-memory/chatgpt-memory-guide); asked to show them, it prints numbered lines "1. [2024-04-26]. User loves dogs." (TBPL, chatgpt-bio-and-memory.md).
- Claude: the prompt that its help centre gives for any other assistant asks for a code block of "[date saved, if available] - memory content", in the user's
  words (support.claude.com, article 12123587); an older one asks for the memories verbatim, also as a Markdown file.
- Claude's data export has memories.json: `[{"conversations_memory": "…", "project_memories": {id: "…"}, "account_uuid": "…"}]`, in Markdown (programs
  that read it, 2026-11-29).
- Gemini: gemini.google.com/import gives a prompt for a summary about "the user", without "I" and "you" (barbarosozturk.com/blog, read the same day).
"""
from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from jobs.rules.claims.whole_statements import sentence_spans
from jobs.rules.text.normalization import has_content
from jobs.rules.text.quotes import MAX_QUOTE_LENGTH
from llm.titles import shorten
from resolvers.imports.bounds import clean

MAX_CHARACTERS: Final = 60_000
"""Characters of a memory text that are read, from its beginning."""

INSTRUCTION: Final = "instruction to an assistant"
HEADING: Final = "heading"
BEYOND: Final = f"line beyond the first {MAX_CHARACTERS:,} characters"
LONG: Final = f"cut to {MAX_QUOTE_LENGTH} characters"
REPEATED: Final = "repeated line"


@dataclass(frozen=True)
class MemoryLine:
    """A statement of the text, without list marks, emphasis and date. `continues`: it follows another one in the same paragraph."""

    text: str
    noted_on: date | None = None
    continues: bool = False


@dataclass
class MemoryText:
    """The statements of a memory text in their order, and the number of lines that are left out, by reason."""

    lines: list[MemoryLine] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def read_memory_text(text: str) -> MemoryText:
    """Return the statements of a text. Repeated ones are left out, and so are headings and what speaks to an assistant."""
    text = clean(text.lstrip("\ufeff"))
    found = MemoryText()
    found.skipped[BEYOND] = sum(map(has_content, text[MAX_CHARACTERS:].splitlines()))
    seen: set[str] = set()
    for raw in _rows(text[:MAX_CHARACTERS]):
        for line in _statements(raw, found.skipped):
            if line.text.casefold() in seen:
                found.skipped[REPEATED] += 1
            else:
                seen.add(line.text.casefold())
                found.lines.append(line)
    found.skipped = +found.skipped
    return found


def _rows(text: str) -> Iterator[str]:
    """Yield the lines of a text; of a JSON document, as some programs make of a list of memories, the lines of all its strings."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            yield from (row for string in _strings(document) for row in string.splitlines())
            return
    yield from text.splitlines()


def _strings(document: object) -> Iterator[str]:
    """Yield the strings of a JSON document that are texts, without the names of members, depth first."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if not _NO_TEXT.fullmatch(item.strip()):
                yield item
        elif isinstance(item, (list, dict)):
            waiting += reversed(list(item.values()) if isinstance(item, dict) else item)


_NO_TEXT: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ][\d:.,]+(?:Z|[+-][\d:]+)?)?|(?:https?:/)?(?:/[\w.%?=&#~-]+)+/?", re.ASCII | re.IGNORECASE)
"""A string that is an id, a time, a path or an address as a whole."""
_FENCE: Final = re.compile(r"^\s*(?:`{3,}|~{3,})[\w-]*\s*$")
_MARKS: Final = re.compile(r"^(?:\s|[>|]|[-*+•·◦‣▪●○–—]\s|\d{1,3}[.)、．:：](?=\s|\D)|[（(]\d{1,3}[)）]|\[[ xX✓]?\]\s)+")
_JSON: Final = re.compile(r'^\s*[\[{]?\s*(?:"(?:content|memory|text|value|fact|statement)"\s*:\s*)?"(?P<text>(?:[^"\\]|\\.)+)"\s*[}\]]?,?\s*$')
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_EMPHASIS: Final = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)|`+|~~|</?(?:b|i|strong|em|li|ul|ol|p|br)\s*/?>")
_BOLD: Final = re.compile(r"^\s*(?:\*\*|__)(?P<text>[^*_]+)(?:\*\*|__)\s*$")
_RULE: Final = re.compile(r"^[\s\-*_=—|:+]*$")
_NUMBERS: Final = r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?)?(?:[T\s]\d{1,2}:\d{2}(?::\d{2})?Z?)?"
_NO_DATE: Final = r"(?:date\s+)?(?:unknown|n/?a|none|undated|not available|no date|date)(?:\s+(?:saved|available|date))?|日期|未知|无日期|日期未知|不详"
_LEADING: Final = re.compile(
    rf"^(?:[\[(（【]\s*(?:saved|date|noted|保存于|日期)?[\s:：]*(?:{_NUMBERS}[^\])）】]{{0,20}}|{_NO_DATE})\s*[\])）】]|{_NUMBERS.replace('?P<year>', '?P<year2>').replace('?P<month>', '?P<month2>').replace('?P<day>', '?P<day2>')}(?=\s*[:：\-–—.|]))\s*[.:：,，|\-–—]*\s*",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(rf"\s*[\[(（【]\s*(?:saved|date|noted|as of|保存于|日期)?[\s:：]*{_NUMBERS}\s*[\])）】]\s*[.。]?\s*$", re.IGNORECASE)


def _statements(raw: str, skipped: Counter[str]) -> Iterator[MemoryLine]:
    """Yield the statements of a line."""
    from jobs.rules.imports.memory_lines import is_instruction  # its tables take a while to compile, and no other request needs them

    if _FENCE.match(raw) or _RULE.match(raw) or not has_content(raw):
        return
    text, noted_on = _plain(raw)
    if not has_content(text):
        return
    if is_instruction(text):
        skipped[INSTRUCTION] += 1
    elif _is_heading(raw, text):
        skipped[HEADING] += 1
    else:
        yield from _sentences(text, noted_on, skipped)


def _sentences(text: str, noted_on: date | None, skipped: Counter[str]) -> Iterator[MemoryLine]:
    continues = False
    for start, end in sentence_spans(text):
        sentence = text[start:end].strip()
        if not has_content(sentence):
            continue
        if len(sentence) > MAX_QUOTE_LENGTH:
            skipped[LONG] += 1
            sentence = shorten(sentence, MAX_QUOTE_LENGTH)
        yield MemoryLine(sentence, noted_on, continues)
        continues = True


def _plain(raw: str) -> tuple[str, date | None]:
    """Return a line without list marks, emphasis, links and its date, and the date."""
    quoted = _JSON.match(raw)
    text = quoted["text"].replace('\\"', '"') if quoted else raw
    if "|" in text.strip()[1:-1] and text.strip().startswith("|"):
        text = ": ".join(cell.strip() for cell in text.strip().strip("|").split("|") if cell.strip())
    text = _EMPHASIS.sub("", _LINK.sub(r"\1", _MARKS.sub("", text)))
    text = _MARKS.sub("", text.lstrip("# \t") if raw.lstrip().startswith("#") else text).strip()
    noted_on: date | None = None
    if (leading := _LEADING.match(text)) and has_content(text[leading.end() :]):
        noted_on, text = _day(leading), text[leading.end() :]
    elif (trailing := _TRAILING.search(text)) and has_content(text[: trailing.start()]):
        noted_on, text = _day(trailing), text[: trailing.start()]
    return " ".join(_MARKS.sub("", text).split()), noted_on


def _day(match: re.Match[str]) -> date | None:
    """Return the day that a line names; None for a month without a day, for a day that does not exist, and for one to come."""
    named = match.groupdict()
    parts = [named.get(name) or named.get(f"{name}2") for name in ("year", "month", "day")]
    try:
        day = date(*(int(part or "") for part in parts))
    except ValueError:
        return None
    return day if date(1970, 1, 2) <= day <= date.today() else None


def _is_heading(raw: str, text: str) -> bool:
    """Return whether a line only names what follows: "## Work", "**Interests**", "Here is what I remember:"."""
    if raw.lstrip().startswith("#") or text.endswith((":", "：")):
        return True
    bold = _BOLD.match(raw)
    return bold is not None and len(text.split()) <= 5 and len(text) <= 40 and not text.endswith((".", "。", "!", "！"))
