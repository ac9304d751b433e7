"""Warning at start about a retired model in the settings, with its successor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

import settings
from llm import retired_models
from llm.providers import PROVIDERS
from tests.log_capture import written_log

TODAY = date(2026, 11, 28)


SetModel = Callable[..., None]


@pytest.fixture
def set_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetModel]:
    def set_to(model: str, base_url: str = "https://api.deepseek.com") -> None:
        monkeypatch.setenv("DEEPSEEK_MODEL", model)
        monkeypatch.setenv("DEEPSEEK_BASE_URL", base_url)
        settings.current.cache_clear()

    retired_models.forget()
    yield set_to
    retired_models.forget()
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.parametrize(
    ("model", "base_url", "successor"),
    [("deepseek-chat", "https://api.deepseek.com", "deepseek-flash"), ("deepseek-reasoner", "http://127.0.0.1:1/v1", "deepseek-flash"),
     ("gpt-4", "https://api.openai.com/v1", "gpt-5.6-sol"), ("kimi-k2.5", "https://api.moonshot.cn/v1", "kimi-k3")],
)
def test_warn_retired_model_logs_its_successor_once(set_model: SetModel, model: str, base_url: str, successor: str) -> None:
    set_model(model, base_url)
    with written_log() as lines:
        retired_models.warn(TODAY)
        retired_models.warn(TODAY)
    [line] = lines
    assert (line["event"], line["level"], line["model"], line["successor"]) == ("model_retired", "WARNING", model, successor)
    assert "DEEPSEEK_MODEL" in line["action"]


def test_warn_before_the_retirement_date_logs_the_date(set_model: SetModel) -> None:
    set_model("gpt-4o", "https://api.openai.com/v1")
    with written_log() as lines:
        retired_models.warn(TODAY)
    assert [(line["event"], line["retired_on"]) for line in lines] == [("model_about_to_retire", "2027-01-14")]


@pytest.mark.parametrize(("model", "base_url"), [("deepseek-flash", "https://api.deepseek.com"), ("deepseek-chat", "https://openrouter.ai/api/v1"), ("gpt-4", "http://127.0.0.1:11434/v1")])
def test_warn_current_model_or_other_provider_logs_nothing(set_model: SetModel, model: str, base_url: str) -> None:
    set_model(model, base_url)
    with written_log() as lines:
        retired_models.warn(TODAY)
    assert lines == []


def test_retirements_table_names_known_providers_and_current_successors() -> None:
    names = {provider.name for provider in PROVIDERS}
    for model, found in retired_models.RETIREMENTS.items():
        assert found.provider in names and found.successor not in retired_models.RETIREMENTS, model


def test_current_models_of_the_settings_are_not_retired() -> None:
    assert not set(settings.CURRENT_MODELS) & set(retired_models.RETIREMENTS)
