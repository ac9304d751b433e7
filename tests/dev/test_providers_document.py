"""docs/providers.md in both languages: every provider family of the code, the same figures, and only existing settings."""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields

import pytest

import settings
from dev.workspace import ROOT
from llm.providers import PROVIDERS
from llm.retired_models import RETIREMENTS

PAGES = {"en": ROOT / "docs" / "providers.md", "zh": ROOT / "docs" / "providers.zh-CN.md"}
NOT_OURS = {"OLLAMA_CONTEXT_LENGTH"}

each_page = pytest.mark.parametrize("language", PAGES)


def text(language: str) -> str:
    return PAGES[language].read_text(encoding="utf-8")


@each_page
def test_providers_page_names_every_family_and_the_default_model(language: str) -> None:
    spans = set(re.findall(r"`([^`\n]+)`", text(language)))
    assert {provider.name for provider in PROVIDERS} <= spans
    assert settings.load({"POSTGRESQL_URL": "postgresql:///x", "DEEPSEEK_API_KEY": "x", "DEBUG": "true"}).deepseek_model in spans


@each_page
def test_providers_page_every_setting_and_option_exists(language: str) -> None:
    known = {field.name.upper() for field in fields(settings.Settings)} | NOT_OURS | {"MODEL_CACHED_INPUT_PRICE", "MODEL_PRICE_CURRENCY"}
    named = set(re.findall(r"`((?:MODEL|DEEPSEEK|OLLAMA)_[A-Z_]+)", text(language)))
    codes = {"MODEL_NOT_FOUND"}
    assert named - codes <= known
    for option in re.findall(r'MODEL_OPTIONS=\{"(\w+)"', text(language)):
        assert option in settings.MODEL_OPTIONS


def test_providers_pages_have_the_same_prices_and_addresses() -> None:
    for form in (r"[$¥]\d[\d.]*", r"https://[\w./<>-]+"):
        english, chinese = (Counter(re.findall(form, text(language))) for language in ("en", "zh"))
        ours = {found: count for found, count in english.items() if "<" not in found}
        assert ours and all(chinese[found] == count for found, count in ours.items())


@each_page
def test_providers_page_first_table_recommends_no_retired_model(language: str) -> None:
    table = re.findall(r"(?:^\|.*\n)+", text(language), re.MULTILINE)[0]
    named = set(re.findall(r"`([\w.-]+)`", table))
    assert "deepseek-flash" in named and not named & set(RETIREMENTS)


@pytest.mark.parametrize("path", ["README.md", "docs/deployment.md", "docs/deployment.zh-CN.md"])
def test_readme_and_guides_link_to_the_providers_page(path: str) -> None:
    found = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(r"\]\((docs/)?providers(\.zh-CN)?\.md\)", found) and "unilife check-model" in found
