"""The label of exported files: which of their texts a language model generated.

Measures for Labeling AI-Generated Synthetic Content (China, in force since 2025-09-01) ask for a visible label in exported files, for text a
sentence with "人工智能" or "AI"; Article 50 of the EU AI Act (applied since 2026-08-02) for one that a machine can read.
Looked up on 2026-11-28: udn.com/news/story/7333/8975458 and airiskaware.com/pt/insights/eu-ai-act-transparency-august-2026-article-50.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from resolvers.locales import is_chinese

_NOTICES: Final = {
    "en": "Contains AI-generated text: a language model wrote UniLife's answers, the titles and summaries of conversations, the diaries and the profile, "
    "except what is marked as written by the user. It may be wrong.",
    "zh": "本文件含 AI（人工智能）生成的内容：UniLife 的回答、对话的标题与摘要、日记和画像由语言模型生成，标明由用户本人书写的除外；内容可能有误。",
}
_GENERATED: Final = {
    "messages": "role is ASSISTANT",
    "conversations": "title unless title_by_person; summary",
    "diary_versions": "summary unless summary_by_person; mood unless mood_by_person",
    "diary_lines": "text unless by_person; replaced_text",
    "signals": "all",
    "profile_values": "all but those that the user set (verdicts of kind SET)",
}
"""The generated texts of each table."""


def notice(locale: str) -> str:
    """Return the label as a sentence, in Chinese for Chinese locales, otherwise in English."""
    return _NOTICES["zh" if is_chinese(locale) else "en"]


def make_label(locale: str) -> Mapping[str, Any]:
    """Return the label of a JSON export."""
    return {"ai_generated": True, "notice": notice(locale), "generated_texts": _GENERATED}
