"""Parser of tool calls that a model wrote into its text, in the notations of the models' own chat templates.

These are Hermes and Qwen (`<tool_call>{…}</tool_call>`), Qwen coder (`<function=…>`), GLM (`<arg_key>`), Mistral (`[TOOL_CALLS]`), DeepSeek
(`<｜tool▁calls▁begin｜>`, `<｜DSML｜invoke …>`), Kimi (`<|tool_calls_section_begin|>`), Llama (`<|python_tag|>`), MiniMax and others (`<invoke
name=…>`). The templates are those published with the models on huggingface.co, read on 2026-11-28.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from llm import json_text
from llm.tools import NAMES, ToolCall

MAX_PART_LENGTH = 8_000
"""Characters of a marked part that are read: a call holds a query, and the patterns take quadratic time."""
MAX_CALLS = 16
"""Maximum calls that are read from one text."""

_INVOKE: Final = re.compile(
    r"<(?:[|｜]DSML[|｜])?(?:invoke|function|tool)(?:\s+name\s*=\s*\"?([\w.-]+)\"?[^>]*|=\s*\"?([\w.-]+)\"?)>(.*?)(?=</(?:[|｜]DSML[|｜])?(?:invoke|function|tool)>|\Z)",
    re.DOTALL,
)
_PARAMETER: Final = re.compile(
    r"<(?:[|｜]DSML[|｜])?parameter(?:\s+name\s*=\s*\"?([\w.-]+)\"?[^>]*|=\s*\"?([\w.-]+)\"?)>(.*?)(?:</(?:[|｜]DSML[|｜])?parameter>|\Z)", re.DOTALL
)
_ARGUMENT: Final = re.compile(r"<arg_key>(.*?)</arg_key>\s*<arg_value>(.*?)(?:</arg_value>|\Z)", re.DOTALL)
_NAME: Final = re.compile("|".join(sorted(map(re.escape, NAMES))))
_QUOTED: Final = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_KEYWORD: Final = re.compile(rf"(?:(\w{{1,20}})\s*[=:]\s*)?({_QUOTED})")
_PYTHON: Final = re.compile(rf"({_NAME.pattern})\(((?:\s*(?:\w{{1,20}}\s*[=:]\s*)?(?:{_QUOTED}|[\w.-]{{1,20}})\s*,?){{1,8}})")
_NAME_KEYS: Final = ("name", "tool_name", "function_name", "recipient_name", "tool", "action")
_ARGUMENT_KEYS: Final = ("arguments", "parameters", "args", "input", "action_input", "params")


def parse(text: str) -> list[ToolCall]:
    """Return the calls in a marked part of the text; an empty list if it is no call. Their ids are empty."""
    text = text[:MAX_PART_LENGTH]
    return (list(_invoked(text)) or list(_keyed(text)) or list(_in_json(text)) or list(_in_python(text)) or list(_in_elements(text)))[:MAX_CALLS]


def _invoked(text: str) -> Iterator[ToolCall]:
    for match in _INVOKE.finditer(text):
        body = match[3]
        given = {found[1] or found[2]: found[3].strip() for found in _PARAMETER.finditer(body)}
        if not given:
            found_values: Iterator[Any] = (value for _, _, value in json_text.iterate_values(body))
            given = next(found_values, {})
        yield _call(match[1] or match[2], given)


def _keyed(text: str) -> Iterator[ToolCall]:
    given = {found[1].strip(): found[2].strip() for found in _ARGUMENT.finditer(text)}
    name = re.search(r"[\w.-]+", re.sub(r"</?tool_call>", " ", text.partition("<arg_key>")[0]))
    if given and name:
        yield _call(name[0], given)


def _in_json(text: str) -> Iterator[ToolCall]:
    """Yield calls from objects that name a tool or follow a tool's name."""
    before = 0
    for start, end, value in json_text.iterate_values(text, "{["):
        for item in _objects(value):
            fields = item
            inner: object = fields.get("function")
            if isinstance(inner, Mapping):
                fields = cast("Mapping[str, Any]", inner)
            name: object = next((fields[key] for key in _NAME_KEYS if fields.get(key)), inner)
            if isinstance(name, str) and re.fullmatch(r"[\w.:-]{1,80}", name):
                yield _call(name, next((fields[key] for key in _ARGUMENT_KEYS if key in fields), {}))
            elif len(fields) == 1 and NAMES.issuperset(fields):
                yield from (_call(key, arguments) for key, arguments in fields.items())
            elif named := _NAME.findall(text[before:start]):
                yield _call(named[-1], fields)
        before = end


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects that may be calls: the value, its items, or the calls that it lists."""
    for item in cast("list[object]", value) if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            fields = cast("Mapping[str, Any]", item)
            listed: object = next((fields[key] for key in ("tool_calls", "function_calls", "calls", "tool_call", "function_call") if key in fields), None)
            for inner in cast("list[object]", listed) if isinstance(listed, list) else [listed]:
                if isinstance(inner, Mapping):
                    yield cast("Mapping[str, Any]", inner)
            if listed is None:
                yield fields


def _in_python(text: str) -> Iterator[ToolCall]:
    """Yield calls in program notation: `search_diary(query="apple trees")`."""
    for found in _PYTHON.finditer(text):
        given = {key.strip("_") or "query": _unquoted(value) for key, value in _KEYWORD.findall(found[2])}
        if given:
            yield _call(found[1], given)


def _unquoted(value: str) -> str:
    return re.sub(r"\\([\"'\\])", r"\1", value[1:-1])


def _in_elements(text: str) -> Iterator[ToolCall]:
    """Yield calls in the form of an element with the tool's name and one child element per argument."""
    for found in re.finditer(rf"<({_NAME.pattern})>(.*?)</\1>", text, re.DOTALL):
        given = {key: value.strip() for key, value in re.findall(r"<(\w{1,20})>([^<]*)</\1>", found[2])}
        if given:
            yield _call(found[1], given)


def _call(name: str, given: object) -> ToolCall:
    arguments = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return ToolCall("", name.removeprefix("functions.").partition(":")[0], arguments)
