"""The fallback diary, made without the model from the user's own sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.diary.draft_check import check_draft
from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.diary.fallback import MAX_LINES, fallback
from jobs.rules.text.secrets import contains_secret
from jobs.rules.text.sentences import MAX_SENTENCE_LENGTH, sentences
from tests.jobs.rules.factories import day, message

ENGLISH = (
    message(1, "Hello! How are you?"),
    message(2, "I am doing great, thank you for asking me.", by_person=False),
    message(3, "Can you recommend a book? Thanks."),
    message(4, "Today I decided to leave my job at the hospital, because the night shifts make me tired."),
    message(5, "Okay, thanks!"),
    message(6, "My sister Anna was happy when I told her about the hospital. We plan to open a bakery in May."),
    message(7, "ok bye"),
)
CHINESE = (
    message(1, "你好！"),
    message(2, "你能推荐一本书吗？谢谢。"),
    message(3, "今天我终于决定辞职了，因为医院的夜班让我太累。晚安"),
    message(4, "好的"),
    message(5, "我妹妹很高兴，我们打算五月一起开一家面包店。"),
    message(6, "我担心存款不够，所以明天去银行问问贷款。"),
)


def texts(messages: Sequence[SourceMessage], locale: str) -> list[str]:
    return [line.text for line in fallback(messages, locale).lines]


@pytest.mark.parametrize(
    ("messages", "locale", "telling"),
    [
        (ENGLISH, "en-GB", ("decided to leave", "My sister Anna", "open a bakery")),
        (CHINESE, "zh-CN", ("决定辞职", "我妹妹很高兴", "担心存款")),
    ],
)
def test_fallback_day_with_greetings_chooses_the_sentences_with_content(messages: Sequence[SourceMessage], locale: str, telling: tuple[str, ...]) -> None:
    chosen = texts(messages, locale)
    assert 3 <= len(chosen) <= MAX_LINES
    assert all(any(words in text for text in chosen) for words in telling)
    assert not {"Hello!", "ok bye", "你好！", "好的"} & set(chosen)


@pytest.mark.parametrize(("messages", "locale"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_fallback_passes_every_check_of_a_draft(messages: Sequence[SourceMessage], locale: str) -> None:
    draft = fallback(messages, locale)
    found = check_draft(draft.lines, draft.signals, messages, day(0))
    assert [line.text for line in found.lines] == [line.text for line in draft.lines]
    assert all(line.evidence[0].text == line.text and line.kind == "SUMMARY" for line in found.lines)
    assert dict(found.dropped) == {}
    assert draft.signals == ()


def test_fallback_of_a_short_day_returns_what_there_is() -> None:
    assert texts([message(1, "Hello")], "en") == ["Hello"]
    assert texts([message(1, "…"), message(2, "I said this.", by_person=False)], "en") == []


def test_fallback_repeated_sentences_are_chosen_once() -> None:
    tea = "I love my jasmine tea in the garden"
    chosen = texts([message(1, f"{tea}. {tea}. {tea} today. I bought a red bicycle. My cat is ill."), message(2, tea + ".")], "en")
    assert chosen.count(tea + ".") <= 1
    assert {"I bought a red bicycle.", "My cat is ill."} <= set(chosen)


def test_fallback_prefers_sentences_in_the_users_language() -> None:
    pasted = message(1, "I think the market will grow. I feel the plan will work. We want more work today. I like my first plan.")
    own = message(2, "我今天心情不错。我打算周末去爬山。我想买一双新鞋。")
    assert sum("我" in text for text in texts([pasted, own], "zh-CN")) == 3


contents = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(["I like tea. ", "我今天很累。", "密码是abc123。", "My card is 4111 1111 1111 1111! ", "long " * 80, "\n"]),
    ),
    max_size=5,
).map("".join)
conversations = st.lists(st.tuples(contents, st.booleans()), max_size=6).map(
    lambda items: [message(number, content, by_person=own) for number, (content, own) in enumerate(items, 1)]
)


@given(messages=conversations, locale=st.sampled_from(["en", "zh-CN", ""]))
@settings(max_examples=80, deadline=None)
def test_fallback_any_conversation_quotes_the_user_verbatim_without_secrets(messages: list[SourceMessage], locale: str) -> None:
    own = {source.number: source.content for source in messages if source.by_person}
    draft = fallback(messages, locale)
    assert len(draft.lines) <= MAX_LINES
    for line in draft.lines:
        (quote,) = line.evidence
        assert quote.text == line.text
        assert quote.text in own[quote.message]
        assert not contains_secret(line.text)
    assert draft == fallback(messages, locale)


@given(text=st.text(st.one_of(st.sampled_from("ab 好。，.!\n"), st.characters()), max_size=600))
@settings(max_examples=200, deadline=None)
def test_sentences_any_text_returns_its_slices_in_order(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert end <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert len(sentence.text) <= MAX_SENTENCE_LENGTH
        end = sentence.end


def test_sentences_long_sentence_is_cut_between_words() -> None:
    parts = [sentence.text for sentence in sentences("word " * 200)]
    assert len(parts) > 1
    assert all(set(part.split()) == {"word"} for part in parts)
