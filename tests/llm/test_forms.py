"""Response formats of the providers: text parts, tool calls and usage, and the completions read from them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llm import endpoint_adjustments, errors, json_text, providers, responses, tools
from llm.providers import PROVIDERS, Endpoint
from llm.requests import Call
from llm.response_reader import Reading
from llm.responses import ToolCallBuilder
from llm.tools import ToolCall
from llm.usage import Usage

PLAIN = PROVIDERS[-1]


def reading(**values: Any) -> Reading:
    endpoint = Endpoint(PLAIN, "http://127.0.0.1:1/v1", "any", guessed=False)
    return Reading(Call(endpoint, [{"role": "user", "content": "Hello"}], 100, **values))


def delta(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"delta": fields}]}


def fragment(name: str | None = None, arguments: object = None, **fields: Any) -> dict[str, Any]:
    return {**fields, "function": {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}}


FIRST, SECOND = ("search_diary", '{"query": "a"}'), ("search_messages", '{"query": "b"}')


@pytest.mark.parametrize(
    "fragments",
    [
        [fragment("search_diary", '{"query": "a"}', index=0, id="x"), fragment("search_messages", '{"query": "b"}', index=1, id="y")],
        [fragment("search_diary", "", index=0, id="x"), fragment(arguments='{"query": ', index=0), fragment(arguments='"a"}', index=0),
         fragment("search_messages", '{"query": "b"}', index=1, id="y")],
        [fragment("search_diary", "", id="x"), fragment(arguments='{"query": "a"}'), fragment("search_messages", '{"query": "b"}', id="y")],
        [fragment("search_diary", '{"query": "a"}'), fragment("search_messages", '{"query": '), fragment(arguments='"b"}')],
        [fragment("search_diary", '{"query": ', index=0, id="x"), fragment("search_diary", '"a"}', index=0, id="x"),
         fragment("search_messages", '{"query": "b"}', index=0, id="y")],
        [fragment("search_diary", {"query": "a"}, index=0), fragment("search_messages", {"query": "b"}, index=1)],
        [fragment("search_diary", '{"query": "a"}', id="x"), fragment("search_messages", '{"query": "b"}', id="x", index=1)],
    ],
)
def test_tool_call_builder_fragments_in_any_form_builds_whole_calls_with_unique_ids(fragments: list[dict[str, Any]]) -> None:
    pieces = ToolCallBuilder()
    for item in fragments:
        pieces.add([item])
    found = pieces.build()
    assert [(call.name, call.arguments) for call in found] == [FIRST, SECOND]
    assert len({call.id for call in found}) == 2 and all(call.id for call in found)


def test_tool_call_builder_malformed_fragments_builds_nothing_and_many_are_bounded() -> None:
    pieces = ToolCallBuilder()
    pieces.add([None, 7, {}, {"function": None}, {"function": {"name": 3}}, fragment(arguments="x")])
    assert pieces.build() == ()
    pieces.add([fragment("search_diary", "x" * 10_000, index=number) for number in range(100)])
    assert len(pieces.build()) <= responses.MAX_CALLS


@pytest.mark.parametrize(("arguments", "sent"), [("", "{}"), ("{broken", "{}"), ("[1]", "{}"), ('{"query": "a"}', '{"query": "a"}')])
def test_to_sendable_invalid_arguments_become_an_empty_object(arguments: str, sent: str) -> None:
    assert tools.to_sendable(arguments) == sent
    if sent == "{}":
        with pytest.raises(tools.InvalidCall):
            tools.parse_call(ToolCall("x", "search_diary", arguments))


@pytest.mark.parametrize(
    ("message", "text", "thought"),
    [
        ({"content": "Hello"}, "Hello", ""),
        ({"content": None, "reasoning_content": "I weigh it."}, "", "I weigh it."),
        ({"content": [{"type": "text", "text": "Hel"}, {"type": "output_text", "text": "lo"}, "!"]}, "Hello!", ""),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "I weigh it."}]}, {"type": "text", "text": "Hello"}]}, "Hello", "I weigh it."),
        ({"content": "Hello", "reasoning": "I weigh it.", "reasoning_content": "I weigh it."}, "Hello", "I weigh it."),
        ({"content": "Hello", "thinking": "I weigh it."}, "Hello", "I weigh it."),
        ({"content": 7, "reasoning": {"x": 1}}, "", ""),
        (None, "", ""),
    ],
)
def test_part_of_message_in_any_form_returns_text_and_thought(message: object, text: str, thought: str) -> None:
    part = responses.part_of(message, PLAIN)
    assert (part.text, part.thought) == (text, thought)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 5}, Usage(9, 5)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4}}, Usage(9, 5, 4)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 5}, Usage(9, 5, 4)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "cached_tokens": 4}, Usage(9, 5, 4)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 3}}, Usage(9, 5, 0, 3)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": None, "completion_tokens_details": None}, Usage(9, 5)),
        ({"prompt_tokens": 9, "completion_tokens": 5, "cached_tokens": 99, "reasoning_tokens": 99}, Usage(9, 5, 9, 5)),
        ({"input_tokens": 9, "output_tokens": 5}, Usage(9, 5)),
        ({"prompt_tokens": 0, "completion_tokens": 0}, None),
        ({"prompt_tokens": -1, "completion_tokens": 5}, None),
        ({"prompt_tokens": True, "completion_tokens": "5"}, None),
        (None, None),
        ([], None),
    ],
)
def test_reported_usage_in_any_documented_field_is_read(usage: object, expected: Usage | None) -> None:
    for provider in PROVIDERS:
        assert responses.reported_usage({"usage": usage}, provider) == expected
        assert responses.reported_usage({"choices": [{"usage": usage}]}, provider) == expected


def test_reading_running_usage_totals_keeps_the_last() -> None:
    answer = reading()
    for number, text in enumerate(("Hel", "lo"), start=1):
        answer.add({**delta(content=text), "usage": {"prompt_tokens": 9, "completion_tokens": number}})
    answer.add({"choices": [], "usage": None})
    answer.end()
    answer.done = True
    assert answer.completion(1).usage == Usage(9, 2)


def test_reading_without_finish_reason_raises_truncated_with_estimated_usage() -> None:
    answer = reading()
    answer.add(delta(content="Hello there"))
    answer.end()
    with pytest.raises(errors.ModelTruncated) as raised:
        answer.completion(1)
    assert raised.value.usage.input_tokens > 0 and raised.value.usage.output_tokens > 0


def test_reading_thought_without_text_raises_truncated_with_thinking_tokens() -> None:
    answer = reading()
    answer.add({"choices": [{"message": {"content": "", "reasoning_content": "I weigh it for long."}, "finish_reason": "length"}]})
    answer.end()
    with pytest.raises(errors.ModelTruncated) as raised:
        answer.completion(1)
    assert raised.value.usage.thinking_tokens > 0
    assert raised.value.reply == errors.ProviderReply(200, "length")


@pytest.mark.parametrize("body", [[], 7, None, {}])
def test_reading_body_of_another_shape_raises_malformed(body: object) -> None:
    answer = reading()
    with pytest.raises(errors.ModelMalformed):
        answer.add(body)
        answer.end()
        answer.completion(1)


def test_reading_json_mode_tags_inside_quoted_text_are_kept() -> None:
    said = json.dumps({"text": "I wrote <think> and <tool_call> into my notes</think>."})
    for content in (said, f"<think>{{}} maybe</think>\n```json\n{said}\n```"):
        answer = reading(json_mode=True)
        answer.add({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]})
        answer.end()
        answer.done = True
        assert said in json_text.list_candidates(answer.completion(1).text)


def test_reading_json_mode_json_sent_as_thought_is_returned_as_text() -> None:
    answer = reading(json_mode=True)
    answer.add({"choices": [{"message": {"content": None, "reasoning_content": '{"lines": []}'}, "finish_reason": "stop"}]})
    answer.end()
    answer.done = True
    assert answer.completion(1).text == '{"lines": []}'


def test_json_candidates_text_of_many_braces_returns_a_bounded_number() -> None:
    assert len(json_text.list_candidates("{" * 50_000)) == 1
    assert len(json_text.list_candidates("{} " * 5_000)) <= json_text.MAX_OBJECTS + 1


def test_find_by_model_offline_model_returns_deepseek() -> None:
    assert providers.find_by_model(providers.OFFLINE_MODEL).name == "deepseek"


@pytest.mark.parametrize("base_url", ["https://gateway.example/v1", "https://openrouter.ai/api/v1"])
def test_reading_family_at_another_host_hides_a_thought_without_opening_tag(base_url: str) -> None:
    endpoint_adjustments.forget()
    endpoint = providers._endpoint(base_url, "deepseek-chat", "deepseek", "")  # pyright: ignore[reportPrivateUsage]
    answer = Reading(Call(endpoint, [{"role": "user", "content": "Hello"}], 100))
    shown = [piece for character in "I weigh it.</think>Hello" for piece in answer.add(delta(content=character))]
    assert "".join([*shown, *answer.end()]) == "Hello"
    endpoint_adjustments.forget()


def test_reading_family_at_its_own_host_returns_text_at_once() -> None:
    endpoint_adjustments.forget()
    endpoint = providers._endpoint("https://api.deepseek.com/v1", "deepseek-chat", "deepseek", "")  # pyright: ignore[reportPrivateUsage]
    answer = Reading(Call(endpoint, [{"role": "user", "content": "Hello"}], 100))
    assert answer.add(delta(content="Hello")) == ["Hello"]
    endpoint_adjustments.forget()
