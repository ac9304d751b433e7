"""The deployment files as values, as their tools would read them."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import hcl2
import yaml
from hcl2.utils import SerializationOptions

from dev.workspace import ROOT

DEPLOY = ROOT / "deploy"


@dataclass(frozen=True)
class Timer:
    """A timer: `payload` is the text in its event; `zone` is the time zone given beside the expression."""

    expression: str
    payload: str
    is_open: bool
    zone: str | None = None


@dataclass(frozen=True)
class Deployment:
    cloud: str
    runtime: str
    handler: str
    package: str
    timeout: int
    memory: int
    environment: dict[str, str]
    retries: int
    http_trigger: Any
    timers: dict[str, Timer]


class _Tolerant(yaml.SafeLoader):
    """A YAML loader that reads each tag of CloudFormation as a mapping of its name to its value."""


def _tagged(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    deep = loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)  # type: ignore[arg-type]
    return {tag: deep}


_Tolerant.add_multi_constructor("!", _tagged)


@lru_cache(maxsize=1)
def deployments() -> dict[str, Deployment]:
    """Return every file that deploys the function, by its path below deploy/."""
    return {
        "tencent/main.tf": _tencent_terraform(), "aliyun/s.yaml": _serverless_devs(),
        "huawei/main.tf": _huawei_terraform(), "aws/template.yaml": _sam(),
    }  # fmt: skip


def read_yaml(name: str) -> Any:
    return yaml.load((DEPLOY / name).read_text(encoding="utf-8"), Loader=_Tolerant)


def read_terraform(name: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return locals, variables and resources (`type.name`)."""
    options = SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)
    with open(DEPLOY / name, encoding="utf-8") as file:
        read = hcl2.load(file, serialization_options=options)
    resources = {f"{kind}.{name}": body for block in read["resource"] for kind, named in block.items() for name, body in named.items()}
    variables = {name: body for block in read["variable"] for name, body in block.items()}
    return read["locals"][0], variables, resources


def _tencent_terraform() -> Deployment:
    local, variables, resources = read_terraform("tencent/main.tf")
    function, trigger = resources["tencentcloud_scf_function.function"], resources["tencentcloud_scf_trigger.timer"]
    assert trigger["for_each"] == "${local.timers}" and trigger["custom_argument"] == "${each.value.job}"
    assert trigger["trigger_desc"] == "${each.value.cron}" and trigger["enable"] == '${each.value.open ? "OPEN" : "CLOSE"}'
    retries = resources["tencentcloud_scf_function_event_invoke_config.retries"]["async_trigger_config"][0]["retry_config"][0]["retry_num"]
    zipped = {name: re.fullmatch(r'\$\{var\.image == null \? "(.+)" : null\}', function[name]) for name in ("runtime", "handler")}
    runtime, entry = (found[1] if found else "" for found in zipped.values())
    return Deployment("tencent", runtime, entry, variables["package"]["default"], function["timeout"],
                      variables["memory_mb"]["default"], {}, retries, resources["tencentcloud_scf_trigger.http"], _local_timers(local, variables))  # fmt: skip


def _huawei_terraform() -> Deployment:
    local, variables, resources = read_terraform("huawei/main.tf")
    function, trigger = resources["huaweicloud_fgs_function.function"], resources["huaweicloud_fgs_function_trigger.timer"]
    assert trigger["for_each"] == "${local.timers}" and trigger["status"] == '${each.value.open ? "ACTIVE" : "DISABLED"}'
    assert "schedule = each.value.cron" in trigger["event_data"] and "user_event = each.value.job" in trigger["event_data"]
    retries = resources["huaweicloud_fgs_async_invoke_configuration.retries"]["max_async_retry_attempts"]
    return Deployment("huawei", function["runtime"], function["handler"], variables["package"]["default"], function["timeout"],
                      variables["memory_mb"]["default"], {}, retries, resources["huaweicloud_fgs_function_trigger.http"],
                      _local_timers(local, variables))  # fmt: skip


def _local_timers(local: dict[str, Any], variables: dict[str, Any]) -> dict[str, Timer]:
    opened = {"${var.tick}": variables["tick"]["default"]}
    return {name: Timer(found["cron"], found["job"], opened.get(found["open"], found["open"])) for name, found in local["timers"].items()}


def _serverless_devs() -> Deployment:
    given = read_yaml("aliyun/s.yaml")["resources"]["function"]["props"]
    [http_trigger] = [found for found in given["triggers"] if found["triggerType"] == "http"]
    timers = {
        found["triggerName"]: Timer(found["triggerConfig"]["cronExpression"], found["triggerConfig"]["payload"], found["triggerConfig"]["enable"])
        for found in given["triggers"] if found["triggerType"] == "timer"
    }  # fmt: skip
    [package] = re.findall(r"^\$\{env\('UNILIFE_PACKAGE', '([^']+)'\)\}$", given["code"])
    return Deployment("aliyun", given["runtime"], given["handler"], package, given["timeout"], given["memorySize"],
                      given["environmentVariables"], given["asyncInvokeConfig"]["maxAsyncRetryAttempts"], http_trigger, timers)  # fmt: skip


def _sam() -> Deployment:
    template = read_yaml("aws/template.yaml")
    given, parameters = template["Resources"]["Function"]["Properties"], template["Parameters"]
    timers = {}
    for name, event in given["Events"].items():
        found, dashed = event["Properties"], "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
        state = found["State"] if isinstance(found["State"], str) else parameters[found["State"]["Ref"]]["Default"]
        timers[dashed] = Timer(found["ScheduleExpression"], found["Input"], state == "ENABLED", found["ScheduleExpressionTimezone"])
    memory = parameters[given["MemorySize"]["Ref"]]["Default"]
    return Deployment("aws", given["Runtime"], given["Handler"], given["CodeUri"], given["Timeout"], memory, given["Environment"]["Variables"],
                      given["EventInvokeConfig"]["MaximumRetryAttempts"], given["FunctionUrlConfig"], timers)  # fmt: skip


def timer_event(deployment: Deployment, name: str) -> Any:
    """Return the timer's event as that cloud passes it."""
    timer = deployment.timers[name]
    return {
        "tencent": {"Type": "Timer", "TriggerName": name, "Time": "2026-01-01T00:00:00Z", "Message": timer.payload},
        "aliyun": {"triggerTime": "2026-01-01T00:00:00Z", "triggerName": name, "payload": timer.payload},
        "huawei": {"version": "v1.0", "time": "2026-01-01T00:00:00+08:00", "trigger_type": "TIMER", "trigger_name": name, "user_event": timer.payload},
        "aws": json.loads(timer.payload) if timer.payload.startswith("{") else None,
    }[deployment.cloud]
