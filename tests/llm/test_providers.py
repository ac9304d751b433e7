"""Provider table, and each family over HTTP: thinking off and on, tool rounds, titles, streams, thinking tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timezone

import pytest

import settings
from llm import chat, endpoint_adjustments, error_meanings, providers
from llm.messages import Completion
from llm.providers import PROVIDERS, Provider
from llm.tools import Search
from settings_checks import ERROR_MEANINGS
from tests.llm.conftest import OfflineModel

MODELS = {
    "deepseek": "deepseek-flash", "openai": "gpt-5.1", "dashscope": "qwen3-max", "zhipu": "glm-4.7", "moonshot": "kimi-k2.6", "ark": "doubao-seed-1-6",
    "openrouter": "z-ai/glm-4.7", "vllm": "Qwen/Qwen3-8B", "ollama": "qwen3:8b", "llama.cpp": "qwen3-8b.gguf", "plain": "a-model",
}
NOW = datetime(2026, 5, 3, 21, 5, tzinfo=timezone.utc)
COMPOSITION = chat.compose(
    chat.Background("Lin", "en", NOW), None, [chat.Turn("user", "What did I say about the apple trees?")], history_tokens=1000,
    profile_tokens=1000, seed=b"seed")
Configure = Callable[..., None]


@pytest.fixture
def configure(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> Configure:
    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()
        endpoint_adjustments.forget()

    return change


async def recall(search: Search) -> list[str]:
    return ["2026-01-02: I planted apple trees."]


async def streamed() -> tuple[list[str], Completion]:
    *pieces, whole = [item async for item in chat.answer_stream(COMPOSITION, timeout=40, recall=recall)]
    assert isinstance(whole, Completion)
    return [str(piece) for piece in pieces], whole


@pytest.mark.anyio
@pytest.mark.parametrize("thinking", ["off", "on"])
@pytest.mark.parametrize("family", MODELS)
async def test_chat_each_provider_family_answers_searches_streams_and_titles(model: OfflineModel, configure: Configure, family: str, thinking: str) -> None:
    configure(MODEL_PROVIDER=family, DEEPSEEK_MODEL=MODELS[family], MODEL_THINKING=thinking)
    model.fail(family=family)
    thinks = thinking == "on" and family != "plain"
    whole = await chat.answer(COMPOSITION, timeout=40, recall=recall)
    pieces, stream = await streamed()
    title = await chat.generate_title("What did I say about the apple trees?", seed=b"seed", locale="en", timeout=40)
    assert "I planted apple trees" in whole.text and whole.tools_used == 1
    assert "".join(pieces) == stream.text == whole.text
    assert "apple" in title.text or title.text.startswith("What did I say")
    assert (whole.usage.thinking_tokens > 0) == (stream.usage.thinking_tokens > 0) == thinks
    assert title.usage.thinking_tokens == 0
    assert "(offline thought)" not in whole.text + stream.text + title.text


@pytest.mark.anyio
@pytest.mark.parametrize(("family", "name"), [("openai", "o3"), ("dashscope", "qwq-plus"), ("zhipu", "glm-5.3"), ("moonshot", "kimi-k3")])
async def test_title_model_that_always_thinks_is_not_cut_off(model: OfflineModel, configure: Configure, family: str, name: str) -> None:
    configure(MODEL_PROVIDER=family, DEEPSEEK_MODEL=name)
    model.fail(family=family)
    assert providers.current().provider.thinks_always
    title = await chat.generate_title("What did I say about the apple trees?", seed=b"seed", locale="en", timeout=40)
    assert title.text and title.cut_off is None


@pytest.mark.anyio
async def test_title_model_that_thinks_unasked_is_retried_once_with_more_tokens(model: OfflineModel, configure: Configure) -> None:
    configure(MODEL_PROVIDER="plain", DEEPSEEK_MODEL="deepseek-flash")  # this provider has no switch for thinking, so the model goes on thinking
    title = await chat.generate_title("What did I say about the apple trees?", seed=b"seed", locale="en", timeout=40)
    assert title.text and title.usage.thinking_tokens > 0 and model.calls() == 2
    await chat.generate_title("What did I say about the pear trees?", seed=b"seed", locale="en", timeout=40)
    assert model.calls() == 3, "it is known from then on"


@pytest.mark.anyio
@pytest.mark.parametrize("purposes", ["off", "diary,week"])
async def test_answer_thinking_enabled_for_other_purposes_uses_no_thinking_tokens(model: OfflineModel, configure: Configure, purposes: str) -> None:
    configure(DEEPSEEK_MODEL="deepseek-flash", MODEL_THINKING=purposes)
    assert (await chat.answer(COMPOSITION, timeout=40)).usage.thinking_tokens == 0


@pytest.mark.parametrize(
    ("base_url", "model", "name"),
    [
        ("https://api.deepseek.com", "deepseek-flash", "deepseek"), ("https://api.deepseek.com/v1", "any", "deepseek"),
        ("https://api.openai.com/v1", "gpt-5.1", "openai"), ("https://x.openai.azure.com/openai/v1", "mine", "openai"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen3-max", "dashscope"), ("https://open.bigmodel.cn/api/paas/v4", "glm-4.7", "zhipu"),
        ("https://api.z.ai/api/paas/v4", "glm-4.7", "zhipu"), ("https://api.moonshot.cn/v1", "kimi-k2.6", "moonshot"),
        ("https://ark.cn-beijing.volces.com/api/v3", "doubao-seed-1-6", "ark"), ("https://openrouter.ai/api/v1", "deepseek/deepseek-v4", "openrouter"),
        ("http://localhost:8000/v1", "anything", "vllm"), ("http://10.0.0.7:30000/v1", "anything", "vllm"), ("http://gpu:8080/v1", "x", "llama.cpp"),
        ("http://127.0.0.1:11434/v1", "llama4", "ollama"), ("https://gateway.example.org/v1", "deepseek-flash", "deepseek"),
        ("https://gateway.example.org:8000/v1", "qwen3-max", "dashscope"), ("https://gateway.example.org/v1", "Qwen/Qwen3-8B", "vllm"),
        ("https://gateway.example.org/v1", "mystery", "plain"), ("https://api.deepseek.com.evil.example/v1", "mystery", "plain"),
        ("https://[broken", "mystery", "plain"),
    ],
)
def test_find_by_host_then_by_model_returns_the_matching_provider(base_url: str, model: str, name: str) -> None:
    assert (providers.find_by_host(base_url) or providers.find_by_model(model)).name == name


@pytest.mark.anyio
async def test_current_endpoint_with_model_provider_and_options_overrides_detection(configure: Configure) -> None:
    configure(MODEL_PROVIDER="vllm", MODEL_OPTIONS='{"thinking_off": {"x": 1}, "token_limit": "max_completion_tokens", "thought_fields": ["thinking"]}')
    found = providers.current()
    assert (found.provider.name, found.provider.thinking_off, found.provider.token_limit) == ("vllm", {"x": 1}, "max_completion_tokens")
    assert found.provider.thought_fields == ("thinking",) and not found.guessed


@pytest.mark.parametrize(
    "options", ["no json", "[1]", '{"thinking": {}}', '{"thinks_always": 1}', '{"token_limit": "tokens"}', '{"thought_tokens": true}', '{"codes": []}'])
def test_settings_invalid_model_options_are_refused(options: str) -> None:
    with pytest.raises(settings.SettingsError) as raised:
        settings.load({"MODEL_OPTIONS": options, "MODEL_PROVIDER": "nobody", "MODEL_THINKING": "on,title"})
    assert {fault.split()[0] for fault in raised.value.faults} >= {"MODEL_OPTIONS", "MODEL_PROVIDER", "MODEL_THINKING"}


def test_settings_base_url_needs_a_host() -> None:
    environ = {"POSTGRESQL_URL": "postgresql://a/b", "DEEPSEEK_API_KEY": "k", "DEBUG": "1"}
    for good in ("http://localhost", "http://ann:hunter2@127.0.0.1:8080/v1/", "http://[::1]:80/v1", "https://my_host/v1"):
        assert settings.load({**environ, "DEEPSEEK_BASE_URL": good}).deepseek_base_url == good.rstrip("/")
    for bad in ("https://", "https:///v1", "https://:443/v1", "https://host:port/v1", "https://ann hunter2@host", "host/v1"):
        with pytest.raises(settings.SettingsError, match="DEEPSEEK_BASE_URL") as raised:
            settings.load({**environ, "DEEPSEEK_BASE_URL": bad})
        assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "purposes"),
    [("", set()), ("off", set()), ("ON", {"chat", "summary", "diary", "week"}), ("diary, week", {"diary", "week"})],
)
def test_settings_model_thinking_off_on_or_list_returns_purposes(given: str, purposes: set[str]) -> None:
    environ = {"POSTGRESQL_URL": "postgresql://a/b", "DEEPSEEK_API_KEY": "k", "DEBUG": "1", "MODEL_THINKING": given}
    loaded = settings.load(environ)
    assert loaded.model_thinking == purposes and loaded.deepseek_model == "deepseek-flash"


def test_settings_model_providers_and_options_match_the_provider_table() -> None:
    assert settings.MODEL_PROVIDERS == tuple(provider.name for provider in PROVIDERS)
    fixed = {"name", "hosts", "models", "variants"}
    assert set(settings.MODEL_OPTIONS) == {field.name for field in fields(Provider)} - fixed
    assert set(ERROR_MEANINGS) == set(error_meanings._MEANINGS)
