"""Signals of a draft whose value is a name of the assistant."""
from __future__ import annotations

import pytest

from jobs.rules.diary.assistant_names import drop_assistant
from llm.drafts import DraftSignal, Quote

ASSISTANT = (
    "Thanks, Momo", "Momo and I talked for hours.", "I love talking to Momo.", "MOMO, you are kind.", "My boss was rude, momo.",
    "谢谢你，小莫", "我和小莫聊了很久。", "小莫是我的好朋友。", "我爱小莫。", "小莫，我今天很累。",
)  # fmt: skip
SOMEBODY = (
    "My sister Momo came over.", "I have a cat, Momo.", "We adopted a dog named Momo.", "Our neighbour, Momo, helped me.",
    "我妹妹小莫来了。", "我的猫小莫病了。", "我家小莫三岁了。", "我养了一只猫叫小莫。",
)  # fmt: skip


def signal(slot: str, value: str, quote: str) -> DraftSignal:
    return DraftSignal(slot=slot, value=value, polarity="POSITIVE", stated=True, confidence=0.9, happens_on=None, evidence=(Quote(1, quote),))


@pytest.mark.parametrize("slot", ["relationships.people", "relationships.pets"])
def test_drop_assistant_keeps_only_those_whom_the_words_tell_of_as_somebody_else(slot: str) -> None:
    def kept(quotes: tuple[str, ...]) -> list[str]:
        signals = [signal(slot, "momo" if quote.isascii() else "小莫", quote) for quote in quotes]
        assert drop_assistant(signals, []) == signals
        return [found.evidence[0].text for found in drop_assistant(signals, ["Momo", "小莫"])]

    assert kept(ASSISTANT) == [] and kept(SOMEBODY) == list(SOMEBODY)
    others = [signal(slot, "sister Momo", "Thanks, Momo"), signal(slot, "Mia", "Thanks, Mia"), signal("identity.name", "Momo", "I am called Momo too.")]
    assert drop_assistant(others, ["Momo"]) == others
