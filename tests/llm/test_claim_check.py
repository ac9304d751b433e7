"""Second readings over HTTP: the prompt, the answers, the repair, and the model that MODEL_CHECK names."""
from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest

import settings
from llm import claim_check, errors, prompts
from llm.claim_check import LineClaim, ReadStatement, ValueClaim, check_claims
from tests.llm.conftest import OfflineModel

pytestmark = pytest.mark.anyio

DOG = ReadStatement("I walked the dog.", "It rained.", "Then I had soup.")
EGGS = ReadStatement("Plants and eggs are all I eat.", "", "")
CLAIMS = (
    LineClaim(1, "ACTIVITY", "Walked a dog.", (DOG,)),
    ValueClaim(2, "preferences.food", "favourite food", "meat", True, (EGGS, DOG)),
    LineClaim(7, "SUMMARY", "Ate soup for dinner with Anna.", (DOG,)),
)


def asked(model: OfflineModel) -> list[dict[str, Any]]:
    with urlopen(model.base_url.removesuffix("/v1") + "/requests?task=check") as response:
        return [json.loads(request["body"]) for request in json.load(response)["requests"]]


def block(content: str) -> dict[str, list[Any]]:
    """Return the items of each section of the prompt's data."""
    border = content.partition("\n")[0].removeprefix("border: ")
    found: dict[str, list[Any]] = {}
    name = ""
    for row in content.partition("\n\n")[2].split("\n"):
        if row.startswith(f"{border} "):
            name = row.removeprefix(f"{border} ")
        elif name not in ("", "end") and row:
            found.setdefault(name, []).append(json.loads(row))
    return found


async def test_check_claims_sends_each_statement_once_with_its_neighbours_and_answers_by_number(model: OfflineModel) -> None:
    found = await check_claims(CLAIMS, seed=b"seed", timeout=40)
    assert (found.answers, found.prompt_version, found.model) == ({1: "SAYS", 2: "DOES_NOT_SAY", 7: "DOES_NOT_SAY"}, "check/1", "unilife-offline")
    assert found.usage.input_tokens > 0 and found.usage.output_tokens > 0
    [body] = asked(model)
    assert body["response_format"] == {"type": "json_object"} and "json" in body["messages"][0]["content"]
    sections = block(body["messages"][1]["content"])
    assert sections["statements"] == [
        {"id": 1, "before": "It rained.", "text": "I walked the dog.", "after": "Then I had soup."}, {"id": 2, "text": "Plants and eggs are all I eat."},
    ]  # fmt: skip
    assert sections["slots"] == ["preferences.food: favourite food"]
    assert sections["claims"][:2] == [
        {"id": 1, "in": [1], "line": "ACTIVITY", "says": "Walked a dog."},
        {"id": 2, "in": [2, 1], "slot": "preferences.food", "says": "meat", "holds": True},
    ]


async def test_check_claims_ignores_unknown_numbers_and_leaves_missing_ones_unanswered(model: OfflineModel) -> None:
    model.fail(answers={"check": json.dumps({"answers": {"1": "not serious", "9": "SAYS", "0x7": "SAYS"}})})
    assert (await check_claims(CLAIMS, seed=b"seed", timeout=40)).answers == {1: "NOT_SERIOUS"}


@pytest.mark.parametrize("reply", ['{"answers": {"1": "YES"}}', '{"verdict": "SAYS"}', "SAYS to all", '{"answers": {"1": ["SAYS"]}}'])
async def test_check_claims_answer_of_another_form_is_repaired_once(model: OfflineModel, reply: str) -> None:
    model.fail(answers={"check": reply})
    with pytest.raises(errors.ModelMalformed) as failed:
        await check_claims(CLAIMS, seed=b"seed", timeout=40)
    assert model.calls() == 2 and len(asked(model)[1]["messages"]) == 4
    assert failed.value.usage.input_tokens > 0


async def test_check_claims_repaired_answer_is_used(model: OfflineModel) -> None:
    model.fail(next=["garbage", "agreeing"])
    found = await check_claims(CLAIMS, seed=b"seed", timeout=40)
    assert set(found.answers.values()) == {"SAYS"} and model.calls() == 2


async def test_check_claims_asks_the_model_of_the_setting_and_never_for_a_thought(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_CHECK", "deepseek-v4-pro")
    monkeypatch.setenv("MODEL_THINKING", "on")
    settings.current.cache_clear()
    found = await check_claims(CLAIMS, seed=b"seed", timeout=40)
    [body] = asked(model)
    assert (found.model, body["model"], body["thinking"]) == ("deepseek-v4-pro", "deepseek-v4-pro", {"type": "disabled"})
    assert found.usage.cost is not None and found.usage.cost.nano > 0


async def test_compose_more_claims_than_fit_into_one_call_keeps_the_first() -> None:
    many = [LineClaim(number, "ACTIVITY", f"Walk {number}. " * 20, (ReadStatement("word " * 400, "", str(number)),)) for number in range(1, 60)]
    kept, messages = claim_check.compose(many, seed=b"seed")
    assert 5 < len(kept) < 59 and kept == many[: len(kept)]
    assert f"each of the {len(kept)} claims" in messages[1]["content"]


async def test_check_claims_without_claims_is_refused(model: OfflineModel) -> None:
    with pytest.raises(ValueError, match="at least one claim"):
        await check_claims((), seed=b"seed", timeout=40)
    assert model.calls() == 0


def test_check_prompt_has_its_version_and_all_answers() -> None:
    instructions = prompts.load(claim_check.PROMPT_VERSION).instructions.substitute()
    assert all(answer in instructions for answer in ("SAYS:", "DOES_NOT_SAY:", "SAYS_THE_OPPOSITE:", "ABOUT_SOMEBODY_ELSE:", "NOT_SERIOUS:"))
