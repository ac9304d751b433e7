"""The MCP endpoint of a server process, called by the official Python client and by the protocol's conformance suite."""
from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

import pytest

from dev.web import WebUnavailable
from graph.mcp import LEGACY, MODERN
from graph.mcp_tools import TOOLS
from persistence.models import ApiTokenUse, ImportedValue
from persistence.models.enums import ApiScope
from tests.clients.packages import CLIENTS, install_for_node, run_node, run_python
from tests.clients.test_clients import install_python_or_skip, missing
from tests.graph.test_api_tokens import make
from tests.graph.test_mcp import store_person
from tests.jobs.job_setup import rows
from tests.seeds import DAY
from tests.test_web import start_server

pytestmark = [pytest.mark.once, pytest.mark.anyio]

CONFORMANCE: Final = CLIENTS / "conformance"
SUITE: Final = "node_modules/@modelcontextprotocol/conformance/dist/index.js"
SCHEMA_CHECK: Final = "wire-schema-valid"
"""The suite's check of each message against the protocol's schema, in every scenario, whatever the scenario asks for."""

SERVED: Final[dict[str, dict[str, frozenset[str]]]] = {
    MODERN: {
        "server-stateless": frozenset({  # each needs a tool of the suite's example server
            "sep-2575-server-rejects-undeclared-capability", "sep-2575-missing-capability-http-400", "sep-2575-http-server-no-independent-requests-on-stream",
            "sep-2575-server-no-log-without-loglevel"}),
        "caching": frozenset({  # what is not served has no time to live
            "sep-2549-prompts-list-caching-hints", "sep-2549-resources-list-caching-hints", "sep-2549-resources-templates-list-caching-hints"}),
        "http-header-validation": frozenset(), "dns-rebinding-protection": frozenset(), "tools-list": frozenset(),
        "input-required-result-unsupported-methods": frozenset(),
    },
    LEGACY[0]: {"server-initialize": frozenset(), "ping": frozenset(), "dns-rebinding-protection": frozenset(), "tools-list": frozenset()},
}  # fmt: skip
"""The scenarios that apply to what is served, by revision, each with its checks that do not."""

NOT_SERVED: Final = {
    r"prompts-.+|input-required-result-non-tool-request": "there are no prompts",
    r"resources-.+|sep-2164-resource-not-found": "there are no resources",
    r"completion-complete|logging-set-level|tools-call-with-logging": "neither completion nor log messages are offered",
    r"server-sse-.+|server-session-lifecycle": "there are no streams and no sessions",
    r"tools-call-.+|elicitation-.+|json-schema-2020-12|http-custom-header-server-validation": "they call tools of the suite's example server",
    r"input-required-result-.+": "no tool here asks the user while it runs",
    r"tasks-.+": "an extension that is not announced",
}
"""The other scenarios, as patterns of their names, each with the reason why they do not apply."""


class Checks(NamedTuple):
    """The ids of a scenario's checks by how they ended."""

    passed: frozenset[str]
    failed: frozenset[str]


@pytest.fixture(scope="module")
def address(migrated_database: str, model_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the server, which accepts pages of its own address, and yield the address of its endpoint."""
    given = {"SERVERLESS": "false", "CORS_ORIGINS": "http://127.0.0.1:*"}
    with patch.dict(os.environ, given), start_server(tmp_path_factory.mktemp("logs") / "server") as (origin, _):
        yield f"{origin}/mcp"


async def test_official_client_calls_all_tools_in_both_revisions_and_is_refused_without_the_scope(address: str, database: str) -> None:
    packages = install_python_or_skip("mcp")
    ann = await store_person()
    everything, diary = await make(ann, *ApiScope), await make(ann, ApiScope.READ_DIARY)
    calls = {"profile": {"sections": ["PREFERENCES"]}, "diary_days": {"limit": 5}, "diary_day": {"day": DAY.isoformat()}, "search": {"query": "很累"},
             "suggest_value": {"slot": "preferences.food", "value": "香菜", "negated": True}}
    found = json.loads(run_python(CLIENTS / "python/run_mcp.py", address, everything, diary, json.dumps(calls), path=str(packages)))
    for mode, version in (("auto", MODERN), ("legacy", LEGACY[0])):
        whole, part = found[f"{mode} everything"], found[f"{mode} diary"]
        assert (whole["version"], whole["tools"]) == (part["version"], list(TOOLS)) == (version, list(TOOLS))
        assert part["tools"] == ["diary_days", "diary_day", "search"]
        answers, refused = whole["answers"], part["answers"]
        assert [(value["value"], value["quotes"]) for value in answers["profile"]["values"]] == [("running", [{"quote": "ran 5 km", "day": DAY.isoformat()}])]
        assert [day["day"] for day in answers["diary_days"]["days"]] == [DAY.isoformat()] and answers["suggest_value"]["received"] is True
        assert [line["quotes"] for line in answers["diary_day"]["lines"]] == [["ran 5 km"], ["很开心"], []]
        assert "今天很累，但是很开心" in answers["search"]["results"][0]["quotes"]
        assert "READ_PREFERENCES" in refused["profile"] and "SUGGEST" in refused["suggest_value"]
        assert [line["quotes"] for line in refused["diary_day"]["lines"]] == [[], [], []] and refused["search"]["results"][0]["quotes"] == []
    [suggested] = await rows(ImportedValue)
    assert (suggested.value, suggested.suggested_by) == ("香菜", "Desk"), "once, although both ways suggested it"
    uses = [(use.tool.value, use.outcome.value) for use in await rows(ApiTokenUse)]
    assert len(uses) == 20 and sorted(use for use in uses if use[1] == "REFUSED") == [*[("PROFILE", "REFUSED")] * 2, *[("SUGGEST_VALUE", "REFUSED")] * 2]


@pytest.mark.parametrize("revision", SERVED)
async def test_conformance_scenarios_that_apply_pass(revision: str, address: str, database: str, tmp_path: Path) -> None:
    try:
        install_for_node(CONFORMANCE)
    except WebUnavailable as error:
        missing(error)
    token = await make(await store_person(), *ApiScope)
    arguments = ("server", "--url", address, "--requirements", revision, "--output-dir", tmp_path)
    run_node("--import", "./bearer.mjs", SUITE, *arguments, cwd=CONFORMANCE, statuses=(0, 1), TOKEN=token)
    ran = read_checks(tmp_path)
    served = SERVED[revision]
    other = {name for name in ran if any(re.fullmatch(pattern, name) for pattern in NOT_SERVED)} - set(served)
    assert set(ran) == set(served) | other, "each scenario is in one of the two lists"
    assert {name: checks.failed for name, checks in ran.items() if name in served} == served
    assert [name for name in served if not ran[name].passed - {SCHEMA_CHECK}] == [], "these checked nothing"
    assert {name for name, checks in ran.items() if SCHEMA_CHECK in checks.failed} == set()
    assert sum(SCHEMA_CHECK in checks.passed for checks in ran.values()) > 20


def read_checks(directory: Path) -> dict[str, Checks]:
    """Return the checks of each scenario by its name, from the files that the suite wrote."""
    ran = {}
    for file in directory.glob("*/checks.json"):
        name = re.fullmatch(r"server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z", file.parent.name)
        assert name, file.parent.name
        ended = [(check["id"], check["status"]) for check in json.loads(file.read_text(encoding="utf-8"))]
        passed, failed = (frozenset(id for id, status in ended if status in statuses) for statuses in (("SUCCESS",), ("FAILURE", "WARNING")))
        ran[name[1]] = Checks(passed, failed)
    return ran
