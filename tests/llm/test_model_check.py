"""Check of the configured model endpoint, over HTTP against the offline model."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import settings
from dev.offline_model.families import FAMILIES
from llm.findings import NEEDED, QUESTIONS, Finding, ModelCheck, Verdict
from llm.model_check import check_model
from llm.model_list import find_nearest
from tests.llm.conftest import OfflineModel
from tests.log_capture import written_log

pytestmark = pytest.mark.anyio

SECONDS = 60.0


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that sets environment variables for one test, on top of those of the offline model."""

    def use(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    yield use
    monkeypatch.undo()
    settings.current.cache_clear()


def finding_of(found: ModelCheck, check: str) -> Finding:
    return next(finding for finding in found.findings if finding.check == check)


async def test_check_model_good_endpoint_passes_every_check(model: OfflineModel) -> None:
    found = await check_model(SECONDS)
    assert [finding.check for finding in found.findings] == list(QUESTIONS)
    assert {finding.check: finding.verdict for finding in found.findings if finding.needed} == dict.fromkeys(sorted(NEEDED), Verdict.YES)
    assert finding_of(found, "tools").verdict is Verdict.YES and finding_of(found, "thinking_off").verdict is Verdict.YES
    assert found.works and "unilife-offline" in found.offered and found.usage.input_tokens > 1_000


@pytest.mark.parametrize(
    ("fault", "check", "code"), [("401", "key", "MODEL_UNAUTHORIZED"), ("404", "model", "MODEL_NOT_FOUND"), ("402", "answers", "MODEL_QUOTA_EXCEEDED")]
)
async def test_check_model_account_wide_error_names_the_cause_and_skips_the_rest(model: OfflineModel, fault: str, check: str, code: str) -> None:
    model.fail(always=fault)
    found = await check_model(SECONDS)
    assert not found.works and finding_of(found, "reached").verdict is Verdict.YES
    finding = finding_of(found, check)
    assert finding.verdict is Verdict.NO and finding.found.startswith(f"{code} · {fault}") and finding.advice
    assert {finding_of(found, name).verdict for name in ("streams", "tools", "json", "cache")} == {Verdict.NOT_TRIED} and model.calls() == 1


async def test_check_model_unknown_model_suggests_the_nearest_names(model: OfflineModel, setting: Callable[..., None]) -> None:
    setting(DEEPSEEK_MODEL="unilife-ofline")
    model.fail(always="404")
    finding = finding_of(await check_model(SECONDS), "model")
    assert finding.verdict is Verdict.NO and finding.advice is not None and "unilife-offline" in finding.advice


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", "http://no-such-host.invalid/v1", "https://127.0.0.1:1/v1"])
async def test_check_model_unreachable_endpoint_names_the_cause_without_credentials(model: OfflineModel, setting: Callable[..., None], address: str) -> None:
    setting(DEEPSEEK_BASE_URL=address.replace("//", "//ann:hunter2@"), MODEL_TIMEOUT_SECONDS="5")
    found = await check_model(SECONDS)
    assert not found.works and finding_of(found, "reached").verdict is Verdict.NO and "no connection" in finding_of(found, "reached").found
    assert finding_of(found, "key").verdict is finding_of(found, "model").verdict is Verdict.NOT_TRIED and "hunter2" not in str(found)


async def test_check_model_wrong_path_is_reported_as_unreached_with_advice(model: OfflineModel, setting: Callable[..., None]) -> None:
    setting(DEEPSEEK_BASE_URL=model.base_url.removesuffix("/v1") + "/v2")
    found = await check_model(SECONDS)
    reached = finding_of(found, "reached")
    assert not found.works and reached.verdict is Verdict.NO and "404" in reached.found and "path is wrong" in reached.found
    assert "DEEPSEEK_BASE_URL" in (reached.advice or "")
    assert {finding_of(found, name).verdict for name in ("key", "model", "streams", "cache")} == {Verdict.NOT_TRIED}


@pytest.mark.parametrize("family", sorted(FAMILIES))
async def test_check_model_each_family_works_with_thinking_off(model: OfflineModel, setting: Callable[..., None], family: str) -> None:
    name = {"deepseek": "deepseek-flash", "openai": "gpt-6-luna"}.get(family, "some-model")
    setting(DEEPSEEK_MODEL=name, MODEL_PROVIDER=family.replace("llamacpp", "llama.cpp"))
    model.fail(family=family)
    found = await check_model(SECONDS)
    assert found.works, found.findings
    assert not FAMILIES[family].switches or finding_of(found, "thinking_off").verdict is Verdict.YES
    assert finding_of(found, "cache").verdict is (Verdict.YES if FAMILIES[family].cached != "none" else Verdict.UNCERTAIN)


async def test_check_model_with_wrong_provider_reports_thinking(model: OfflineModel, setting: Callable[..., None]) -> None:
    setting(DEEPSEEK_MODEL="deepseek-flash", MODEL_PROVIDER="plain")
    finding = finding_of(await check_model(SECONDS), "thinking_off")
    assert finding.verdict is Verdict.UNCERTAIN and "MODEL_PROVIDER" in (finding.advice or "")


async def test_check_model_retired_model_suggests_its_successor(model: OfflineModel, setting: Callable[..., None]) -> None:
    setting(DEEPSEEK_MODEL="deepseek-chat")
    found = await check_model(SECONDS)
    finding = finding_of(found, "model")
    assert not found.works and finding.verdict is Verdict.NO and "Model Not Exist" in finding.found
    assert (finding.advice or "").startswith("Set DEEPSEEK_MODEL to deepseek-flash")


async def test_check_model_without_json_output_fails(model: OfflineModel) -> None:
    model.fail(answers={"diary": "I would rather not write json."})
    found = await check_model(SECONDS)
    assert not found.works and finding_of(found, "json").verdict is Verdict.NO and finding_of(found, "answers").verdict is Verdict.YES


async def test_check_model_without_tool_calls_still_works(model: OfflineModel) -> None:
    model.fail(answers={"chat": "Hello."})
    found = await check_model(SECONDS)
    assert found.works and finding_of(found, "tools").verdict is Verdict.UNCERTAIN and finding_of(found, "tools").advice


async def test_check_model_too_little_time_reports_checks_not_tried(model: OfflineModel) -> None:
    found = await check_model(0.5)
    assert not found.works and finding_of(found, "answers").verdict is Verdict.NOT_TRIED and model.calls() == 0


async def test_check_model_failed_call_is_logged_with_purpose_check(model: OfflineModel) -> None:
    model.fail(always="401")
    with written_log() as lines:
        await check_model(SECONDS)
    assert {line["purpose"] for line in lines if line["event"] == "model_call_failed"} == {"CHECK"}


def test_find_nearest_similar_or_unknown_name_returns_closest_or_list_order() -> None:
    offered = ["deepseek-flash", "deepseek-v4-pro", "Qwen3.8-Flash", "glm-5.3"]
    assert find_nearest("deepseek-chat", offered)[0] == "deepseek-flash"
    assert find_nearest("qwen3.8-flash", offered)[0] == "Qwen3.8-Flash"
    assert find_nearest("zzz", offered) == offered
