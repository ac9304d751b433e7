"""The deployment files compared with what their tools accept: those of AWS by its own linter, the others by the names in the tools' documents.

`terraform validate` and `s` need providers and components from the network, and check no more of the names.
"""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy import arguments
from tests.deploy.arguments import Arguments
from tests.deploy.files import DEPLOY, read_terraform, read_yaml

pytestmark = pytest.mark.once

TEMPLATE = DEPLOY / "aws" / "template.yaml"
TERRAFORM = ("tencent/main.tf", "huawei/main.tf")
SECONDS = 300

def lint(template: Path) -> subprocess.CompletedProcess[str]:
    """Run cfn-lint in a separate process, because its libraries emit warnings."""
    return subprocess.run([Path(sys.executable).with_name("cfn-lint"), template], capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    return read_yaml("aws/template.yaml")["Resources"]


def test_sam_template_passes_cfn_lint(tmp_path: Path) -> None:
    linted = lint(TEMPLATE)
    assert (linted.returncode, linted.stdout) == (0, ""), linted.stdout + linted.stderr
    wrong = tmp_path / "template.yaml"
    wrong.write_text(TEMPLATE.read_text(encoding="utf-8").replace("ComparisonOperator: Less", "ComparisonOperator: Fewer", 1), encoding="utf-8")
    assert "FewerThanThreshold" in lint(wrong).stdout


@pytest.mark.parametrize(("name", "right", "wrong"), [
    ("web-code.yaml", "Status: Enabled", "Status: On"), ("web.yaml", "AuthType: ApplicationManaged", "AuthType: NONE"),
    ("site.yaml", "SigningProtocol: sigv4", "SigningProtocol: none"),
    ("web.yaml", "MaxConcurrencyPerEnvironment: 64", "MaxConcurrency: 64"), ("web.yaml", "TimeoutSeconds: 300", "TimeoutSeconds: 901"),
])  # fmt: skip
def test_web_function_templates_pass_cfn_lint(name: str, right: str, wrong: str, tmp_path: Path) -> None:
    template = DEPLOY / "aws" / name
    linted = lint(template)
    assert (linted.returncode, linted.stdout) == (0, ""), linted.stdout + linted.stderr
    text = template.read_text(encoding="utf-8")
    assert text.count(right) == 1
    changed = tmp_path / name
    changed.write_text(text.replace(right, wrong), encoding="utf-8")
    assert re.search(r"^E\d+ ", lint(changed).stdout, re.M)


def test_sam_template_publishes_every_change_as_a_version_under_the_alias(resources: dict[str, Any]) -> None:
    """Publish under an alias: SAM lets the function URL and the timers invoke it (seen in the transform of aws-sam-translator 1.115.0)."""
    function = resources["Function"]["Properties"]
    assert (function["AutoPublishAlias"], function["AutoPublishAliasAllProperties"]) == ("live", True)
    assert "FunctionUrlConfig" in function and len(function["Events"]) == 4


def test_sam_template_alarms_use_existing_metrics(resources: dict[str, Any]) -> None:
    alarms = [found["Properties"] for found in resources.values() if found["Type"] == "AWS::CloudWatch::Alarm"]
    counted = [found["Properties"]["MetricTransformations"][0] for found in resources.values() if found["Type"] == "AWS::Logs::MetricFilter"]
    ours = [str(alarm["MetricName"]) for alarm in alarms if alarm["Namespace"] == "UniLife"]
    assert sorted(ours) == sorted(str(found["MetricName"]) for found in counted) and len(set(ours)) == 5
    assert {alarm["MetricName"] for alarm in alarms if alarm["Namespace"] == "AWS/Lambda"} == {"Errors", "Throttles"}


def test_sam_template_references_secrets_by_their_version(resources: dict[str, Any]) -> None:
    """CloudFormation reads a secret again only if its reference changes."""
    variables = resources["Function"]["Properties"]["Environment"]["Variables"]
    read = [value["Sub"] for value in variables.values() if "resolve" in str(value)]
    assert len(read) == 7 and all(value.endswith("::${SecretVersion}}}") for value in read)


@pytest.mark.parametrize("name", TERRAFORM)
def test_terraform_arguments_are_known_to_the_provider(name: str) -> None:
    _, _, resources = read_terraform(name)
    for title, body in resources.items():
        known = arguments.RESOURCES[title.partition(".")[0]]
        _check(title, {key: value for key, value in body.items() if key not in arguments.META_ARGUMENTS}, known)


@pytest.mark.parametrize("name", TERRAFORM)
def test_terraform_references_point_to_defined_names(name: str) -> None:
    local, variables, resources = read_terraform(name)
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\bvar\.(\w+)", text)) == variables.keys()
    assert set(re.findall(r"\blocal\.(\w+)", text)) == local.keys()
    assert set(re.findall(r"\b((?:tencentcloud|huaweicloud)_\w+\.\w+)\.\w", text)) <= resources.keys()


def test_tencent_http_trigger_has_no_name_and_the_package_comes_from_cos() -> None:
    """The provider refuses a name for `http`; the API accepts 20 MB of base64 (UpdateFunctionCode, ZipFile), less than the package."""
    _, _, resources = read_terraform("tencent/main.tf")
    assert "trigger_name" not in resources["tencentcloud_scf_trigger.http"] and resources["tencentcloud_scf_trigger.timer"]["trigger_name"]
    function = resources["tencentcloud_scf_function.function"]
    assert "zip_file" not in function and function["cos_object_name"] == "${one(tencentcloud_cos_bucket_object.package[*].key)}"


def test_tencent_image_arguments_fit_the_event_and_the_web_function() -> None:
    """An event image is reached only by the platform and accepts events; a web image is behind the function URL and never does."""
    _, variables, resources = read_terraform("tencent/main.tf")
    assert variables["image"]["default"] is None or variables["image"]["default"] == "null"
    started = {name: resources[f"tencentcloud_scf_function.{name}"]["dynamic"][0]["image_config"] for name in ("function", "web")}
    for name, block in started.items():
        content = block["content"][0]
        _check(f"{name}.image_config", content, arguments.RESOURCES["tencentcloud_scf_function"].blocks["image_config"])
        parser_options = set(content["args"].split()) - {"x-scf-remote-addr"}
        assert parser_options == ({"--event-invoke"} if name == "function" else {"--client-address-header"})


def test_aliyun_file_arguments_are_known_to_fc3() -> None:
    given = read_yaml("aliyun/s.yaml")["resources"]["function"]
    props = given["props"]
    assert given["component"] == "fc3"
    _check("props", props, arguments.FC3)
    assert props["runtime"] in arguments.FC3_RUNTIMES
    assert props["diskSize"] in arguments.FC3_DISKS and props["memorySize"] % 64 == 0 and props["logConfig"] == "auto"
    assert 0.05 <= props["cpu"] <= 16 and 1 <= props["memorySize"] / 1024 / props["cpu"] <= 4  # the platform's limits of CPU and memory
    for trigger in props["triggers"]:
        _check(trigger["triggerName"], trigger, arguments.FC3_TRIGGER)
        _check(trigger["triggerName"], trigger["triggerConfig"], arguments.FC3_TRIGGERS[trigger["triggerType"]])
        assert set(trigger["triggerConfig"].get("methods", ())) <= arguments.FC3_METHODS
        assert trigger["qualifier"] == "${env('ALIBABA_QUALIFIER', 'LATEST')}"


def test_tencent_http_requests_go_to_the_web_function_whose_responses_are_not_logged() -> None:
    """The platform writes an event function's return value into its log, and a web function's response nowhere."""
    local, variables, resources = read_terraform("tencent/main.tf")
    web, event = resources["tencentcloud_scf_function.web"], resources["tencentcloud_scf_function.function"]
    assert variables["http"]["default"] == "web" and web["count"] == '${var.http == "web" ? 1 : 0}'
    assert web["func_type"] == "HTTP" and "handler" not in web and "func_type" not in event
    assert resources["tencentcloud_scf_trigger.http"]["function_name"] == "${local.served_by}" and "scf_function.web[0].name" in local["served_by"]
    assert resources["tencentcloud_cls_topic.logs"]["period"] == '${var.http == "event" ? 1 : var.log_retention_days}'
    assert all("sensitive(" in local["settings"] for local in (local, read_terraform("huawei/main.tf")[0]))


def _check(where: str, given: dict[str, Any], known: Arguments) -> None:
    assert given.keys() <= known.all, f"{where}: {sorted(given.keys() - known.all)}"
    assert known.required <= given.keys(), f"{where}: {sorted(known.required - given.keys())} missing"
    for name, inner in known.blocks.items():
        for block in _blocks(given.get(name, [])):
            _check(f"{where}.{name}", block, inner)


def _blocks(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value]
