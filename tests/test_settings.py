"""Settings that are given and wrong, contradict each other, or have no effect: each is refused or named, with what to set."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import logs
import settings
from handler import EventDispatcher
from tests.cloud_events import load_event
from tests.log_capture import lines_of

ENVIRON = {"POSTGRESQL_URL": "postgresql://a/b", "DEEPSEEK_API_KEY": "k", "DEBUG": "1"}
HOUR_OF_TYPING = "correct-horse-battery-staple-and-more"
REFUSED: list[tuple[dict[str, str], str]] = [
    # quotation marks and invisible characters, as files of variables and clipboards bring them
    ({"DEEPSEEK_API_KEY": '"sk-1"'}, "DEEPSEEK_API_KEY begins and ends with quotation marks"),
    ({"POSTGRESQL_URL": "'postgresql://a/b'"}, "POSTGRESQL_URL begins and ends with quotation marks"),
    ({"DEEPSEEK_MODEL": "“deepseek-flash”"}, "DEEPSEEK_MODEL begins and ends with quotation marks"),
    ({"JWT_SECRET_KEY": f" `{HOUR_OF_TYPING}` "}, "JWT_SECRET_KEY begins and ends with backticks"),
    ({"SERVERLESS": '"false"'}, "SERVERLESS begins and ends with quotation marks"),
    ({"NIGHT_CONCURRENCY": '""'}, "NIGHT_CONCURRENCY begins and ends with quotation marks"),
    ({"MODEL_THINKING": "'diary'"}, "MODEL_THINKING begins and ends with quotation marks"),
    ({"DEEPSEEK_MODEL": "deepseek\u200b-flash"}, "DEEPSEEK_MODEL has an invisible character"),
    ({"JWT_PREVIOUS_SECRET_KEY": f"{HOUR_OF_TYPING}\ufeff"}, "JWT_PREVIOUS_SECRET_KEY has an invisible character"),
    # a part of what belongs together
    ({"MODEL_INPUT_PRICE": "1"}, "MODEL_INPUT_PRICE has no effect without MODEL_OUTPUT_PRICE"),
    ({"MODEL_OUTPUT_PRICE": "1"}, "MODEL_OUTPUT_PRICE has no effect without MODEL_INPUT_PRICE"),
    ({"MODEL_CACHED_INPUT_PRICE": "1"}, "MODEL_CACHED_INPUT_PRICE has no effect without MODEL_INPUT_PRICE and MODEL_OUTPUT_PRICE"),
    ({"MODEL_PRICE_CURRENCY": "CNY"}, "MODEL_PRICE_CURRENCY has no effect without MODEL_INPUT_PRICE and MODEL_OUTPUT_PRICE"),
    ({"CORS_ORIGINS": "https://a.example, *"}, "CORS_ORIGINS has * beside other origins"),
    # words and numbers that mean something else
    ({"MODEL_CHECK": "True"}, "MODEL_CHECK must be the name of a model, or off"),
    ({"DEEPSEEK_BASE_URL": "https://a.example/v1/chat/completions/"}, "DEEPSEEK_BASE_URL must be the address before /chat/completions"),
    ({"DEEPSEEK_BASE_URL": "https://a.example/v1?api-version=1"}, "DEEPSEEK_BASE_URL must end with its path"),
    ({"DEEPSEEK_BASE_URL": "https://a.example:70000"}, "DEEPSEEK_BASE_URL must start with"),
    ({"CORS_ORIGINS": "https://a.example，https://b.example"}, "separate origins by commas"),
    ({"CORS_ORIGINS": "https://例子.example"}, "xn--"),
    ({"CORS_ORIGINS": "https://a.example:0"}, "write https://app.example.org"),
    ({"CORS_ORIGINS": "https://ann@a.example"}, "write https://app.example.org"),
    ({"MODEL_TIMEOUT_SECONDS": "nan", "ITEM_ATTEMPTS": "0", "NIGHT_CONCURRENCY": "-1"}, "MODEL_TIMEOUT_SECONDS must be a number from"),
    ({"STATEMENT_TIMEOUT_SECONDS": "1e999", "STORAGE_PER_USER": "9" * 5000}, "STORAGE_PER_USER must be an integer from"),
    # options of the model, down to their innermost values
    ({"MODEL_OPTIONS": '{"codes": {"Arrears": "account"}}'}, "in lower case"),
    ({"MODEL_OPTIONS": '{"codes": {"arrears": "broke"}}'}, "must be account or busy"),
    ({"MODEL_OPTIONS": '{"codes": {"arrears": ["account"]}}'}, "must be account or busy"),
    ({"MODEL_OPTIONS": '{"body": {"messages": []}}'}, "remove messages"),
    ({"MODEL_OPTIONS": '{"thinking_off": {"max_tokens": 1}}'}, "remove max_tokens"),
    ({"MODEL_OPTIONS": '{"thinking_on": {"": 1}}'}, "must not be empty"),
    ({"MODEL_OPTIONS": '{"thought_fields": []}'}, "at least one field"),
    ({"MODEL_OPTIONS": '{"cached_fields": ["a..b"]}'}, "at least one field"),
    ({"MODEL_OPTIONS": '{"thinking_fields": [{"a": 1}]}'}, "at least one field"),
    ({"MODEL_OPTIONS": '{"thought_tokens": -1}'}, "from 0 to 1000000"),
    ({"MODEL_OPTIONS": '{"json_mode": ["never"]}'}, "always or without_thinking"),
    ({"MODEL_OPTIONS": '{"body": {"temperature": NaN}}'}, "NaN"),
    ({"MODEL_OPTIONS": '{"body": {"temperature": 1e999}}'}, "1e999"),
    ({"MODEL_OPTIONS": '{"body": {"a": {"b": 1, "b": 2}}}'}, "'b' twice"),
    ({"MODEL_OPTIONS": '{"body":' * 20_000}, "must be a JSON object"),
]


def test_settings_wrong_or_useless_values_are_refused_by_name_with_what_to_set() -> None:
    for given, words in REFUSED:
        with pytest.raises(settings.SettingsError) as raised:
            settings.load({**ENVIRON, **given})
        faults = raised.value.faults
        assert any(words in fault for fault in faults), (given, faults)
        assert {fault.split()[0] for fault in faults} == set(given) and len(faults) == len(given), (given, faults)
        assert HOUR_OF_TYPING not in str(raised.value) and "sk-1" not in str(raised.value)


def test_settings_right_values_in_other_spellings_are_read() -> None:
    found = settings.load({
        **ENVIRON, "DB_TYPE": " PostgreSQL ", "JWT_ALGORITHM": "hs256", "LOG_LEVEL": "warning\r", "MODEL_CHECK": "OFF", "MODEL_PRICE_CURRENCY": "USD",
        "CORS_ORIGINS": "https://App.Example.org:443/, http://[::1]:80, http://localhost:*, http://a.example:8080,", "DEEPSEEK_BASE_URL": "HTTPS://a.example/v1/",
        "MODEL_OPTIONS": '{"body": {"temperature": 0.2, "top_p": 1},\n "codes": {"arrears": "account"}, "thought_tokens": 0}', "TRUSTED_DOCUMENTS": "",
    })  # fmt: skip
    assert (found.db_type, found.jwt_algorithm, found.log_level, found.checks_claims) == ("postgresql", "HS256", "WARNING", False)
    assert found.cors_origins == ("https://app.example.org", "http://[::1]", "http://localhost:*", "http://a.example:8080")
    assert settings.find_doubts({**ENVIRON, "DATABASE_URL": "x", "MODEL_NAME": "x", "PORT": "1", "NIGHT_TOKENS_PER_DAY": "5"}, found) == []


def test_find_doubts_names_what_has_no_effect_and_which_setting_may_be_meant() -> None:
    given = {
        **ENVIRON, "JWT_SECRET": "x", "MODEL_TIMOUT_SECONDS": "3", "CORS_ORIGIN": "*", "Night_Concurrency": "1", "MODEL_CHECKS": "off",
        "NIGHT_TOKENS_PER_USER": "10", "NIGHT_TOKENS_PER_DAY": "5", "TRUSTED_DOCUMENTS_FILES": "x.json",
    }  # fmt: skip
    found = settings.find_doubts(given, settings.load(given))
    meant = {"CORS_ORIGIN": "CORS_ORIGINS", "JWT_SECRET": "JWT_SECRET_KEY", "MODEL_CHECKS": "MODEL_CHECK", "MODEL_TIMOUT_SECONDS": "MODEL_TIMEOUT_SECONDS",
             "Night_Concurrency": "NIGHT_CONCURRENCY"}
    assert sorted(found[:5]) == sorted(f"{name} is no setting and has no effect: {setting} may be meant" for name, setting in meant.items())
    assert [doubt.split()[0] for doubt in found[5:]] == ["TRUSTED_DOCUMENTS_FILES", "NIGHT_TOKENS_PER_USER"]
    right = {**given, **{setting: given[name] for name, setting in meant.items()}, "TRUSTED_DOCUMENTS": "off", "NIGHT_TOKENS_PER_USER": "5"}
    assert settings.find_doubts(right, settings.load({**ENVIRON, "NIGHT_TOKENS_PER_USER": "5", "NIGHT_TOKENS_PER_DAY": "5"})) == []


def test_event_dispatcher_with_a_misspelt_setting_serves_and_logs_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run_timer(trigger: Any, deadline: Any) -> dict[str, Any]:
        return {}

    def make_app() -> Any:
        raise AssertionError("a timer event needs no application")

    lines: Callable[[], list[Any]] = lines_of(monkeypatch)
    monkeypatch.setattr(logs, "_warned_of", [])
    monkeypatch.setenv("MODEL_TIMOUT_SECONDS", "30")
    settings.current_doubts.cache_clear()
    dispatcher = EventDispatcher(make_app, run_timer, run_timer)
    try:
        assert [dispatcher({"job": "tick"}, load_event("tencent/context.json"))["ok"] for _ in range(2)] == [True, True]
    finally:
        dispatcher.close()
        monkeypatch.undo()
        settings.current_doubts.cache_clear()
    [line] = [line for line in lines() if line["event"] == "settings_without_effect"]
    assert line["level"] == "WARNING" and "MODEL_TIMEOUT_SECONDS may be meant" in line["settings"][0] and line["action"]
