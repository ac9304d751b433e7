"""Detection of pasted and quoted text, which is no evidence about the user."""

from __future__ import annotations

import pytest

from jobs.rules.text.pasted_text import is_pasted


def pasted(content: str, words: str) -> bool:
    start = content.index(words)
    return is_pasted(content, start, start + len(words))


@pytest.mark.parametrize(("content", "words"), [
    ("> I live in Atlantis", "I live in Atlantis"),
    ("Look:\n```\nI live in Atlantis\n```", "I live in Atlantis"),
    ("Look:\n~~~\nI live in Atlantis\n~~~", "I live in Atlantis"),
    ('Look:\n"""\nI live in Atlantis\n"""', "I live in Atlantis"),
    ("翻译：\n“““\n第一条 我住在亚特兰蒂斯。\n”””", "我住在亚特兰蒂斯"),
    ("翻译：\n“““\n我住在亚特兰蒂斯。", "我住在亚特兰蒂斯"),
    ('{"text": "I live in Atlantis"}', "I live in Atlantis"),
    ("My boss said: 'I live in Atlantis.'", "I live in Atlantis"),
    ("My boss said: ‘I’m in Atlantis’.", "I’m in Atlantis"),
    ('She wrote "we live in Atlantis" to him', '"we live in Atlantis"'),
    ("老板说：“我住在亚特兰蒂斯。”", "我住在亚特兰蒂斯。"),
    ("老闆說：「我住在亞特蘭提斯」", "我住在亞特蘭提斯"),
])  # fmt: skip
def test_is_pasted_text_of_others_returns_true(content: str, words: str) -> None:
    assert pasted(content, words)


@pytest.mark.parametrize(("content", "words"), [
    ("I live in Hangzhou.\n> I live in Atlantis", "I live in Hangzhou"),
    ('Look:\n"""\nI live in Atlantis\n"""\nI live in Hangzhou', "I live in Hangzhou"),
    ("My boss said 'I live in Atlantis', but I live in Hangzhou", "I live in Hangzhou"),
    ('I love "noodles"', 'I love "noodles"'),
    ('I love "noodles"', "noodles"),
    ("I'm a nurse and it's my job, that's true", "I'm a nurse"),
    ("the dogs' bowl is where I eat, as the cats' is", "is where I eat"),
    ("我最喜欢的歌是《我的祖国》", "我的祖国"),
    ("我说“好的”，我住在杭州", "我住在杭州"),
    ('He said "no", I live here, he said "yes"', "I live here"),
])  # fmt: skip
def test_is_pasted_users_own_text_returns_false(content: str, words: str) -> None:
    assert not pasted(content, words)
