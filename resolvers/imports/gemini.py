"""Gemini's activity in Google Takeout ("My Activity", as JSON): a list of entries, each with a prompt and its answer, newest first.

Google publishes no description. Names looked up on 2026-11-29 in programs tried on real files, such as Superkikim/nexus-ai-chat-importer
(src/providers/gemini/gemini-types.ts): `header` and `products` ("Gemini Apps"), `title`, which is the prompt behind "Prompted ", `time`, `safeHtmlItem`
with the answer as `html`, `attachedFiles`, `imageFile`. Other activity has titles such as "Used …" and "Created …". Few entries say to which chat they
belong, so each becomes a conversation. The word before the prompt is of the account's language; of others than these the reader knows nothing.
"""
from __future__ import annotations

import hashlib
import html
import re
from typing import Any, Final

from llm.titles import clean_title
from resolvers.imports.building import ConversationBuilder
from resolvers.imports.records import ATTACHMENT, NO_TIME, OTHER_ACTIVITY, ParsedConversation, UnreadableConversation
from resolvers.imports.timestamps import read_time

_PROMPT: Final = re.compile(r"(?:Prompted|Eingegebener Prompt:)\s+")
_OTHER: Final = re.compile(r"(?:Used|Created|Selected|Gave|Viewed|Visited|Opened|Shared|Deleted|Searched)\b")
_BREAK: Final = re.compile(r"<br\s*/?>|</(?:p|li|h\d|div|tr|pre|blockquote)>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_ADVICE: Final = "set the language of the Google account to English, and export once more"


def matches(item: Any) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("title"), str) or not isinstance(item.get("time"), str):
        return False
    products = item.get("products")
    return any(isinstance(name, str) and "gemini" in name.lower() for name in (item.get("header"), *(products if isinstance(products, list) else ())))


def read(item: dict[str, Any]) -> ParsedConversation:
    """Return the prompt and its answer. Raises `UnreadableConversation`, also for an entry in a language that is not known."""
    at, title = read_time(item["time"]), item["title"].strip()
    prompt = _PROMPT.match(title)
    if at is None:
        raise UnreadableConversation(NO_TIME)
    name = f"{at.isoformat()}:{hashlib.sha256(title.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    text = title[prompt.end() :] if prompt else ""
    builder = ConversationBuilder("gemini", name, clean_title(text) or None, started_at=at)
    if prompt is None and not _OTHER.match(title) and _answer(item):
        raise UnreadableConversation(f"no word for a prompt that is known: {_ADVICE}")
    if prompt is None:
        builder.skip(OTHER_ACTIVITY)
        return builder.parsed
    for member in ("attachedFiles", "imageFile"):
        files = item.get(member)
        builder.skip(ATTACHMENT, len(files) if isinstance(files, list) else int(isinstance(files, str)))
    builder.add(f"{name}:q", by_person=True, text=text, sent_at=at)
    builder.add(f"{name}:a", by_person=False, text=_answer(item), sent_at=at)
    return builder.parsed


def _answer(item: dict[str, Any]) -> str:
    """Return the answer as text without its markup."""
    parts = item.get("safeHtmlItem")
    found = [part["html"] for part in parts if isinstance(part, dict) and isinstance(part.get("html"), str)] if isinstance(parts, list) else []
    return re.sub(r"\n{3,}", "\n\n", html.unescape(_TAG.sub("", _BREAK.sub("\n", "\n".join(found))))).strip()
