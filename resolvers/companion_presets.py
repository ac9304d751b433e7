"""The presets of a companion, with their texts in both languages."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from persistence.models.enums import CompanionPresetKey, CompanionTone
from resolvers.locales import is_chinese


class PresetTexts(NamedTuple):
    """A preset in one language: what a settings screen shows, and the tone and instructions that it sets."""

    label: str
    description: str
    tone: CompanionTone
    instructions: str


_TONES: Final[Mapping[CompanionPresetKey, CompanionTone]] = {
    CompanionPresetKey.CALM_LISTENER: CompanionTone.CALM, CompanionPresetKey.LIVELY_FRIEND: CompanionTone.LIVELY,
    CompanionPresetKey.PLAIN_ASSISTANT: CompanionTone.MATTER_OF_FACT,
}  # fmt: skip
_ENGLISH: Final[Mapping[CompanionPresetKey, tuple[str, str, str]]] = {
    CompanionPresetKey.CALM_LISTENER: (
        "Calm listener", "Listens first, asks little, gives advice only when asked.",
        "Listen first. Take up in a sentence what I said before you add anything. Give advice only when I ask for it. Ask at most one question at a time.",
    ),
    CompanionPresetKey.LIVELY_FRIEND: (
        "Lively friend", "Talks like a friend: playful, curious, now and then a joke.",
        "Talk like a good friend: short sentences, curious questions, a joke now and then. Be glad with me when something goes well. No lists.",
    ),
    CompanionPresetKey.PLAIN_ASSISTANT: (
        "Plain assistant", "Answers briefly and to the point, without small talk.",
        "Begin with the answer. Keep it brief, without small talk, compliments and emoji. Use a list where there are several steps.",
    ),
}
_CHINESE: Final[Mapping[CompanionPresetKey, tuple[str, str, str]]] = {
    CompanionPresetKey.CALM_LISTENER: (
        "安静的倾听者", "先倾听，少提问，我问了才给建议。", "先听我说。回应时先用一句话接住我说的内容，再说别的。我问了才给建议。一次最多问一个问题。",
    ),
    CompanionPresetKey.LIVELY_FRIEND: (
        "活泼的朋友", "像朋友一样聊天：俏皮、好奇，偶尔开个玩笑。",
        "像好朋友一样聊天：句子短一点，多一点好奇，偶尔开个玩笑。有好事就和我一起高兴。不要列清单。",
    ),
    CompanionPresetKey.PLAIN_ASSISTANT: (
        "直接的助手", "回答简短切题，不寒暄。", "直接从答案说起。保持简短，不寒暄，不夸奖，不用表情符号。有几个步骤时用列表。",
    ),
}


def preset_texts(preset: CompanionPresetKey, locale: str) -> PresetTexts:
    """Return a preset in Chinese for a Chinese locale, otherwise in English."""
    label, description, instructions = (_CHINESE if is_chinese(locale) else _ENGLISH)[preset]
    return PresetTexts(label, description, _TONES[preset], instructions)
