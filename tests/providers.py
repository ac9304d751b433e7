"""Provider families for tests of the whole program: the offline model as an endpoint of each family, and checks of what is stored."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from dev.offline_model.thought import MARK
from llm import endpoint_adjustments
from persistence.models import Usage
from tests.jobs.job_setup import ModelServer, everything, rows
from tests.resolvers.chat.chat_setup import set_to

MODELS: Mapping[str, str] = {
    "deepseek": "deepseek-flash",
    "openai": "gpt-5.1",
    "dashscope": "qwen3-max",
    "zhipu": "glm-4.7",
    "moonshot": "kimi-k2.6",
    "ark": "doubao-seed-1-6",
    "openrouter": "z-ai/glm-4.7",
    "vllm": "Qwen/Qwen3-8B",
    "ollama": "qwen3:8b",
    "llama.cpp": "qwen3-8b.gguf",
    "plain": "a-model",
}
"""Family → a model whose thinking can be switched on and off."""
ALWAYS: Mapping[str, str] = {"openai": "o3", "dashscope": "qwq-plus", "zhipu": "glm-5.3", "moonshot": "kimi-k3"}
"""Family → a model that always thinks."""
CODES: Mapping[str, frozenset[str]] = {
    "account": frozenset({"MODEL_QUOTA_EXCEEDED"}),
    "busy": frozenset({"MODEL_RATE_LIMITED", "MODEL_UNAVAILABLE"}),
    "filtered": frozenset({"MODEL_FILTERED"}),
    "too_long": frozenset({"MODEL_CONTEXT_TOO_LONG"}),
    "key": frozenset({"MODEL_UNAUTHORIZED"}),
    "model": frozenset({"MODEL_NOT_FOUND"}),
    "server": frozenset({"MODEL_UNAVAILABLE"}),
}
"""Kind of provider error → the error codes that it may become."""
MARKUP = (MARK, "<think", "</think", "tool_call", "｜tool", "<function", '"arguments"', "search_messages", "search_diary", "```")
"""Text that occurs in any part of a thought or a tool call."""


def family_of(kind: str) -> str:
    """Return the family whose error `kind` of the offline model imitates, or "plain"."""
    name = {"llamacpp": "llama.cpp", "azure": "openai"}.get(kind.partition("-")[0], kind.partition("-")[0])
    return name if name in MODELS else "plain"


@asynccontextmanager
async def speaking_as(server: ModelServer, family: str, *, model: str | None = None, thinking: bool = False, **plan: Any) -> AsyncIterator[None]:
    """Make the offline model an endpoint of this family, set it in the settings and forget what was learned of it before."""
    endpoint_adjustments.forget()
    await server.fail(family=family, **plan)
    with set_to(MODEL_PROVIDER=family, DEEPSEEK_MODEL=model or MODELS[family], MODEL_THINKING="on" if thinking else "off"):
        yield
    endpoint_adjustments.forget()


async def assert_nothing_of_a_thought_is_stored() -> None:
    """Assert that no column of any table contains a part of a thought or markup of a tool call. The record of a call has the tool's name."""
    stored = await everything()
    texts = [(table, re.sub(r'"tool": "\w+"', "", value)) for table, lines in stored.items() for line in lines for value in line]
    found = [(table, mark) for table, value in texts for mark in MARKUP if mark in value]
    assert not found, found


async def assert_all_is_counted(server: ModelServer) -> None:
    """Assert that the stored usage of all users equals what the server billed."""
    billed = (await server.stats())["tokens"]
    used = await rows(Usage)
    counted = {"prompt_tokens": sum(row.input_tokens for row in used), "completion_tokens": sum(row.output_tokens for row in used)}
    assert counted == {name: billed[name] for name in counted}
