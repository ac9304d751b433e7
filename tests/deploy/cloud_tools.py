#!/usr/bin/env python3
"""Substitute for `aws`, `tccli`, `s` and `terraform` in tests of deploy/ci: a function with versions and an alias, in a file.

Each version is served at an address; an invocation is answered from there, in the format of its tool. Commands and options are those that the
tools themselves accept: aws-cli 1.46.3 and tccli 3.1.189.1 were run against them, `s` 3.1.10 has its fc3 component's help of May 2026. Others fail.
"""
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

STATE = Path(os.environ["CLOUD_TOOLS_STATE"])
COMMANDS = {
    "aws lambda update-function-code": {"--function-name", "--zip-file", "--query", "--output"},
    "aws lambda wait function-updated-v2": {"--function-name"},
    "aws lambda wait published-version-active": {"--function-name", "--qualifier"},
    "aws lambda publish-version": {"--function-name", "--query", "--output"},
    "aws lambda get-alias": {"--function-name", "--name", "--query", "--output"},
    "aws lambda update-alias": {"--function-name", "--name", "--function-version", "--query", "--output"},
    "aws lambda invoke": {"--function-name", "--qualifier", "--payload"},
    "tccli scf UpdateFunctionCode": {"--FunctionName", "--CosBucketName", "--CosObjectName", "--CosBucketRegion", "--output"},
    "tccli scf GetFunction": {"--FunctionName", "--output"},
    "tccli scf PublishVersion": {"--FunctionName", "--output"},
    "tccli scf GetAlias": {"--FunctionName", "--Name", "--output"},
    "tccli scf UpdateAlias": {"--FunctionName", "--Name", "--FunctionVersion", "--output"},
    "tccli scf Invoke": {"--FunctionName", "--Qualifier", "--ClientContext", "--output"},
    "s deploy": {"--function", "-y"},
    "s version publish": {"--silent", "-o"},
    "s alias get": {"--alias-name", "--silent", "-o"},
    "s alias publish": {"--alias-name", "--version-id"},
    "s invoke": {"--qualifier", "--event-file"},
    "terraform apply": {"-chdir", "-input", "-auto-approve", "-var"},
}
ALIASES = {"aws": "live", "tccli": "$DEFAULT", "s": "live"}


def main(tool: str, words: list[str]) -> None:
    state = json.loads(STATE.read_text())
    command, options, loose = _read(tool, words)
    state["calls"].append(command)
    STATE.write_text(json.dumps(state))
    if command in state["failing"]:
        sys.exit(f"{command} failed")
    alias = options.get("--name") or options.get("--Name") or options.get("--alias-name")
    assert alias in (None, ALIASES.get(tool)), alias
    said = _run_command(tool, command, options, loose, state)
    STATE.write_text(json.dumps(state))
    print(said)


def _read(tool: str, words: list[str]) -> tuple[str, dict[str, str], list[str]]:
    """Return the command, its options and its other arguments. Exits at an option that the tool does not have."""
    split = [part for word in words for part in (word.split("=", 1) if word.startswith("-") and "=" in word else [word])]
    options, loose = {}, []
    while split:
        word = split.pop(0)
        if word.startswith("-"):
            takes = split and not split[0].startswith("-") and word not in ("-y", "--silent", "-auto-approve")
            options[word] = split.pop(0) if takes else ""
        else:
            loose.append(word)
    command = next((known for known in COMMANDS if [tool, *loose][: known.count(" ") + 1] == known.split()), None)
    if command is None or not options.keys() <= COMMANDS[command]:
        sys.exit(f"{tool}: {words} is unknown")
    return command, options, loose[command.count(" ") :]


def _run_command(tool: str, command: str, options: dict[str, str], loose: list[str], state: dict[str, Any]) -> str:
    if command in ("aws lambda update-function-code", "s deploy", "tccli scf UpdateFunctionCode"):
        _check_upload(command, options, state)
        state["uploaded"] = True
    elif command == "tccli scf GetFunction":
        return json.dumps({"Status": "Active"})
    elif "publish-version" in command or "PublishVersion" in command or command == "s version publish":
        assert state["uploaded"], "published before it was uploaded"
        return _version(tool, state["new"])
    elif "get-alias" in command or "GetAlias" in command or command == "s alias get":
        return _version(tool, state[_alias_of(options)])
    elif "update-alias" in command or "UpdateAlias" in command or command == "s alias publish":
        state[_alias_of(options)] = options.get("--function-version") or options.get("--FunctionVersion") or options["--version-id"]
    elif command == "terraform apply" and Path(options["-chdir"]).name == "tencent":
        state["uploaded"] = options["-var"] in (f"package={state['package']}", f"image={state['image']}")
    elif command == "terraform apply":
        state["in_service"] = options["-var"].partition("=")[2]
    elif "nvoke" in command:
        return _invoke(tool, options, loose, state)
    return ""


def _alias_of(options: dict[str, str]) -> str:
    """Return the key of the version in service: HTTP requests reach Tencent's web function; its event function runs the timers."""
    is_web = options.get("--FunctionName", "").endswith("-web")
    return "in_service" if is_web or "--FunctionName" not in options or os.environ.get("TF_VAR_http") == "event" else "timers_in_service"


def _check_upload(command: str, options: dict[str, str], state: dict[str, Any]) -> None:
    if command.startswith("aws"):
        assert Path(options["--zip-file"].removeprefix("fileb://")).is_file()
    elif command.startswith("tccli"):
        assert (options["--CosBucketName"], options["--CosObjectName"]) == ("unilife-1250000000", "unilife.zip")
    else:
        assert options == {"--function": "", "-y": ""} and Path("s.yaml").is_file() and os.environ["UNILIFE_PACKAGE"] == state["package"]


def _version(tool: str, version: str) -> str:
    return {"aws": version, "tccli": json.dumps({"FunctionVersion": version}), "s": json.dumps({"versionId": version})}[tool]


def _invoke(tool: str, options: dict[str, str], loose: list[str], state: dict[str, Any]) -> str:
    if tool == "aws":
        json.loads(Path(options["--payload"].removeprefix("fileb://")).read_text())
        Path(loose[0]).write_text(json.dumps(_answer(state["addresses"][options["--qualifier"]])))
        return json.dumps({"StatusCode": 200, "ExecutedVersion": options["--qualifier"]})
    if tool == "tccli":
        json.loads(options["--ClientContext"])
        returned = json.dumps(_answer(state["addresses"][options["--Qualifier"]]))
        return json.dumps({"Result": {"Log": "{not json}", "RetMsg": returned, "InvokeResult": 0}, "RequestId": "1"})
    json.loads(Path(options["--event-file"]).read_text())
    answer = json.dumps(_answer(state["addresses"][options["--qualifier"]]))
    return f"\x1b[33m===== FC invoke Logs begin =====\x1b[39m\n{{'a': 1}}\n\x1b[1mInvoke Result:\x1b[22m\n\x1b[32m{answer}\x1b[39m"


def _answer(address: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(address + "/health", timeout=30) as answer:
            return {"statusCode": answer.status, "headers": {}, "body": answer.read().decode(), "isBase64Encoded": False}
    except urllib.error.HTTPError as error:
        return {"statusCode": error.code, "headers": {}, "body": error.read().decode(), "isBase64Encoded": False}


if __name__ == "__main__":
    main(Path(sys.argv[0]).name, sys.argv[1:])
