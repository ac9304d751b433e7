"""Prompt of the chat and answers of the offline model."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from llm import chat, prompts, tokens
from llm.chat import Background, DiaryNote, Turn
from llm.messages import Completion
from tests.llm.conftest import OfflineModel

NOW = datetime(2024, 5, 3, 21, 5, tzinfo=timezone(timedelta(hours=8)))
KNOWN = Background(
    "Lin",
    "en",
    NOW,
    profile=["lives in Chengdu", "works as a nurse", "likes rock climbing"],
    diaries=[DiaryNote(date(2024, 5, 2), "Signed up for the spring race.\nSlept badly.")],
)


def compose(background: Background, *turns: Turn, history: int = 1000, profile: int = 1000, summary: str | None = None) -> chat.ComposedPrompt:
    return chat.compose(background, summary, turns, seed=b"seed", history_tokens=history, profile_tokens=profile)


def test_compose_background_is_in_the_system_message_as_background() -> None:
    composition = compose(KNOWN, Turn("user", "Hello"), summary="They spoke of Oslo.")
    system = composition.messages[0]["content"]
    for told in (
        *KNOWN.profile,
        "2024-05-02: Signed up for the spring race. Slept badly.",
        "They spoke of Oslo.",
    ):
        assert told in system
    assert "2024-05-03 21:05" in composition.messages[-1]["content"] and "21:05" not in system
    assert "It is background, may be out of date, and yields to what the person says now" in system
    assert system.startswith(f"task: {chat.PROMPT_VERSION}\n")


def test_compose_profile_over_budget_is_cut_in_its_order() -> None:
    system = compose(KNOWN, Turn("user", "Hello"), profile=tokens.count(KNOWN.profile[0]) + 1).messages[0]["content"]
    assert KNOWN.profile[0] in system
    assert KNOWN.profile[1] not in system and KNOWN.profile[2] not in system


def test_compose_without_a_final_user_turn_raises() -> None:
    for turns in ([], [Turn("user", "Hello"), Turn("assistant", "Hi")]):
        with pytest.raises(ValueError):
            compose(KNOWN, *turns)


@pytest.mark.parametrize("version", ["chat/7", "diary/5", "week/5", "title/2", "summary/2", "repair/1"])
def test_load_prompt_each_version_begins_with_its_name(version: str) -> None:
    assert prompts.load(version).instructions.template.startswith(f"task: {version}\n")


def test_load_prompt_unknown_version_raises() -> None:
    with pytest.raises(ValueError):
        prompts.load("diary/999")


@pytest.mark.anyio
async def test_answer_with_profile_and_diaries_uses_them(model: OfflineModel) -> None:
    recalled = await chat.answer(compose(KNOWN, Turn("user", "What do you know about me?")), timeout=40)
    assert all(line in recalled.text for line in KNOWN.profile)
    assert "Signed up for the spring race." in recalled.text
    related = await chat.answer(compose(KNOWN, Turn("user", "I went climbing at the new hall.")), timeout=40)
    assert "I remember: likes rock climbing" in related.text and "climbing at the new hall" in related.text


@pytest.mark.anyio
async def test_answer_in_chinese_with_a_profile_uses_it(model: OfflineModel) -> None:
    background = Background("小林", "zh-CN", NOW, ["住在成都", "喜欢攀岩"])
    recalled = await chat.answer(compose(background, Turn("user", "你还记得我什么？")), timeout=40)
    assert "住在成都" in recalled.text and "喜欢攀岩" in recalled.text
    nothing = await chat.answer(compose(Background("小林", "zh-CN", NOW), Turn("user", "你记得我什么？")), timeout=40)
    assert "成都" not in nothing.text


@pytest.mark.anyio
async def test_answer_stream_of_the_same_prompt_equals_answer(model: OfflineModel) -> None:
    composition = compose(KNOWN, Turn("user", "我今天很累。"))
    items = [item async for item in chat.answer_stream(composition, timeout=40)]
    assert isinstance(items[-1], Completion)
    assert items[-1].text == (await chat.answer(composition, timeout=40)).text
