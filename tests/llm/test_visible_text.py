"""Separation of visible text from thoughts and written tool calls, for text cut into any pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm import written_calls
from llm.visible_text import VisibleText, separate

QUERY = '{"query": "apple trees"}'
CALL = f'{{"name": "search_diary", "arguments": {QUERY}}}'
MARKED_CALLS = {
    "hermes": f"<tool_call>\n{CALL}\n</tool_call>",
    "unclosed": f"<tool_call>\n{CALL}",
    "qwen coder": "<tool_call>\n<function=search_diary>\n<parameter=query>\napple trees\n</parameter>\n</function>\n</tool_call>",
    "function": f"<function=search_diary>{QUERY}</function>",
    "glm": "<tool_call>search_diary\n<arg_key>query</arg_key>\n<arg_value>apple trees</arg_value>\n</tool_call>",
    "mistral": f"[TOOL_CALLS][{CALL}]",
    "mistral with a name": f"[TOOL_CALLS]search_diary[ARGS]{QUERY}",
    "deepseek": f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>search_diary<｜tool▁sep｜>{QUERY}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    "deepseek with a fence": "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>search_diary\n```json\n"
    f"{QUERY}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    "dsml": '<｜DSML｜function_calls>\n<｜DSML｜invoke name="search_diary">\n<｜DSML｜parameter name="query" string="true">apple trees</｜DSML｜parameter>\n'
    "</｜DSML｜invoke>\n</｜DSML｜function_calls>",
    "invoke": '<function_calls>\n<invoke name="search_diary">\n<parameter name="query">apple trees</parameter>\n</invoke>\n</function_calls>',
    "kimi": "<|tool_calls_section_begin|><|tool_call_begin|>functions.search_diary:0<|tool_call_argument_begin|>"
    f"{QUERY}<|tool_call_end|><|tool_calls_section_end|>",
    "llama": f'<|python_tag|>{{"name": "search_diary", "parameters": {QUERY}}}',
}
THOUGHTS = {
    "block": ("<think>\nI weigh it.\n</think>\n\nHello.", "Hello."),
    "other tag": ("<thinking>I weigh it.</thinking>Hello.", "Hello."),
    "upper case": ("<THINK>I weigh it.</THINK>Hello.", "Hello."),
    "closing only": ("I weigh it.\n</think>\n\nHello.", "Hello."),
    "unclosed": ("<think>\nI weigh it. Hello.", ""),
    "in between": ("Well.\n<think>I weigh it.</think>\nHello.", "Well.\n\nHello."),
    "harmony": ("<|channel|>analysis<|message|>I weigh it.<|end|><|start|>assistant<|channel|>final<|message|>Hello.", "Hello."),
    "reasoning": ("<reasoning>I weigh it.</reasoning>Hello.", "Hello."),
    "analysis": ("<analysis>I weigh it.</analysis>\nHello.", "Hello."),
    "antThinking": ("<antThinking>I weigh it.</antThinking>Hello.", "Hello."),
    "begin of thought": ("<|begin_of_thought|>I weigh it.<|end_of_thought|>Hello.", "Hello."),
    "start thinking": ("<|START_THINKING|>I weigh it.<|END_THINKING|>Hello.", "Hello."),
    "white space": ("<THINK >I weigh it.</THINK >Hello.", "Hello."),
    "nested": ("<think>I <think> weigh</think> it</think>Hello.", "Hello."),
    "its own mark": ("<think>I weigh the <think> mark.</think>Hello.", "Hello."),
    "none": (" Hello, a < b and [x] are fine.\n", "Hello, a < b and [x] are fine."),
    "quoted": ("The mark `<think>` begins a thought.", "The mark `<think>` begins a thought."),
    "code": ("```\n<tool_call>\n```\nis a mark.", "```\n<tool_call>\n```\nis a mark."),
}


def feed_in_pieces(text: str, size: int, *, tools: bool = False) -> tuple[list[str], VisibleText]:
    visible = VisibleText(tools=tools)
    pieces = [piece for start in range(0, len(text), size) for piece in visible.feed(text[start : start + size])]
    return [*pieces, *visible.end()], visible


@pytest.mark.parametrize("kind", THOUGHTS)
def test_separate_text_with_a_thought_returns_the_rest(kind: str) -> None:
    text, shown = THOUGHTS[kind]
    assert separate(text).text == shown
    assert ("weigh" in separate(text).thought) == ("weigh" in text)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("kind", [kind for kind in THOUGHTS if kind != "closing only"])
def test_visible_text_thought_in_pieces_shows_only_the_answer(kind: str, size: int) -> None:
    text, shown = THOUGHTS[kind]
    pieces, visible = feed_in_pieces(text, size)
    assert "".join(pieces) == visible.text == shown


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_visible_text_on_hold_thought_without_opening_tag_is_hidden(size: int) -> None:
    text, shown = THOUGHTS["closing only"]
    visible = VisibleText(hold=True)
    pieces = [piece for start in range(0, len(text), size) for piece in visible.feed(text[start : start + size])]
    assert "".join([*pieces, *visible.end()]) == visible.text == shown
    assert visible.unopened


def test_visible_text_no_longer_on_hold_shows_text_at_once() -> None:
    visible = VisibleText(hold=True)
    assert visible.feed("Hello ") == []
    visible.release_beginning()
    assert "".join(visible.feed("world")) == "Hello world"


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize("kind", MARKED_CALLS)
def test_visible_text_written_tool_call_is_parsed_and_hidden(kind: str, size: int) -> None:
    pieces, visible = feed_in_pieces("Let me look.\n" + MARKED_CALLS[kind], size, tools=True)
    assert "".join(pieces) == visible.text == "Let me look."
    assert [(call.name, json.loads(call.arguments)) for call in visible.calls] == [("search_diary", {"query": "apple trees"})]


@pytest.mark.parametrize("text", [CALL, f"```json\n{CALL}\n```", f"[{CALL}]"])
@pytest.mark.parametrize("size", [1, 1000])
def test_visible_text_bare_json_call_is_parsed_only_if_tools_are_offered(text: str, size: int) -> None:
    pieces, visible = feed_in_pieces(text, size, tools=True)
    assert pieces == [] and [call.name for call in visible.calls] == ["search_diary"]
    without, _ = feed_in_pieces(text, size)
    assert "".join(without) == text


MESSAGES = CALL.replace("diary", "messages")
UNMARKED_CALLS = {
    "words before": MESSAGES,
    "fence": f"```json\n{MESSAGES}\n```",
    "list in a fence": f"```json\n[\n{MESSAGES}\n]\n```",
    "protocol": f'{{"tool_calls": [{{"id": "x", "type": "function", "function": {MESSAGES}}}]}}',
    "arguments first": f'{{"arguments": {QUERY}, "name": "search_messages"}}',
    "parameters first": f'{{"id": "x", "parameters": {QUERY}, "name": "search_messages"}}',
    "key": f'{{"search_messages": {QUERY}}}',
    "program with an object": f"search_messages({QUERY})",
    "program": "[search_messages(query='apple trees')]",
    "printed": 'print(search_messages(query="apple trees"))',
    "element": f"<search_messages>{QUERY}</search_messages>",
    "elements": "<search_messages>\n<query>apple trees</query>\n</search_messages>",
    "action": f"Action: search_messages\nAction Input: {QUERY}",
    "qwen agent": f"✿FUNCTION✿: search_messages\n✿ARGS✿: {QUERY}",
    "tool code": "<tool_code>\nsearch_messages(query='apple trees')\n</tool_code>",
    "tool code in a fence": "```tool_code\nprint(search_messages(query='apple trees'))\n```",
    "kimi without a section": f"functions.search_messages:0<|tool_call_argument_begin|>{QUERY}<|tool_call_end|>",
}
TEXTS_WITHOUT_CALLS = [
    'JSON looks like {"name": "Anna", "list": [1, {"a": 2}]} or so.',
    '```json\n{"name": "Anna"}\n```\nThat is JSON.',
    "```python\nprint(1)\n```",
    "XML looks like <note><to>Anna</to></note>.",
    "I used search_messages to look (it is fine).",
    "An array [1, 2], a set {x} and {'a': 'b'}, `{\"a\": 1}` and f(x).",
    'It was {"open and never closed, "b',
    "A report has an <analysis>part</analysis> in it.",
]


@pytest.mark.parametrize("before", ["Let me look:\n", ""])
@pytest.mark.parametrize("kind", UNMARKED_CALLS)
def test_visible_text_unmarked_call_cut_anywhere_is_parsed_and_hidden(kind: str, before: str) -> None:
    text = before + UNMARKED_CALLS[kind]
    cuts = [[text], list(text), *([text[:cut], text[cut:]] for cut in range(1, len(text)))]
    for cut in cuts:
        visible = VisibleText(tools=True)
        pieces = [piece for part in cut for piece in visible.feed(part)]
        assert "".join([*pieces, *visible.end()]) == visible.text == before.strip(), cut
        assert [(call.name, json.loads(call.arguments)) for call in visible.calls] == [("search_messages", {"query": "apple trees"})], cut
    assert separate(text, tools=True).text == before.strip()


@pytest.mark.parametrize("text", TEXTS_WITHOUT_CALLS)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_visible_text_without_a_tool_call_is_shown_unchanged(text: str, size: int) -> None:
    pieces, visible = feed_in_pieces(text, size, tools=True)
    assert "".join(pieces) == visible.text == text
    assert visible.calls == [] and not visible.wrote_call


@pytest.mark.parametrize(
    "broken", ['{"name": "search_messages", "arguments": {"query', "{'name': 'search_messages', 'arguments': {}}", "search_diary({broken})"])
@pytest.mark.parametrize("size", [1, 1000])
def test_visible_text_invalid_unmarked_call_is_dropped(broken: str, size: int) -> None:
    pieces, visible = feed_in_pieces(f"Let me look: {broken}", size, tools=True)
    assert "".join(pieces) == "Let me look:" and visible.wrote_call


@pytest.mark.parametrize("broken", ["<tool_call>{broken</tool_call>", '<tool_call>{"name": "sea', "[TOOL_CALLS]", "<invoke name="])
def test_visible_text_invalid_marked_call_is_dropped(broken: str) -> None:
    pieces, visible = feed_in_pieces(f"Let me look.\n{broken}", 3, tools=True)
    assert "".join(pieces) == "Let me look." and visible.calls == [] and visible.wrote_call


def test_separate_several_written_calls_returns_all() -> None:
    text = "\n".join([MARKED_CALLS["hermes"], MARKED_CALLS["hermes"].replace("diary", "messages")])
    assert [call.name for call in separate(text).calls] == ["search_diary", "search_messages"]
    assert [call.name for call in written_calls.parse(f"[{CALL}, {CALL}]")] == ["search_diary", "search_diary"]


def test_visible_text_surrogate_halves_and_nul_are_joined_and_dropped() -> None:
    visible = VisibleText()
    pieces = [*visible.feed("a\ud83d"), *visible.feed("\ude00b\x00"), *visible.end()]
    assert "".join(pieces) == visible.text == "a😀b"


MARKS = st.sampled_from(
    ["<think>", "</think>", "<tool_call>", "</tool_call>", "```", "`", "\n", " ", "Hello", "{", "İ", '{"name": "search_diary"}', "<", "｜", "\ud83d"])


@given(st.lists(MARKS, max_size=12).map("".join), st.integers(1, 9), st.booleans())
def test_visible_text_random_tags_shows_exactly_its_text(text: str, size: int, tools: bool) -> None:
    pieces, visible = feed_in_pieces(text, size, tools=tools)
    assert "".join(pieces) == visible.text
    visible.text.encode()


@pytest.mark.parametrize("size", [1, 1000])
def test_visible_text_after_a_call_in_an_invalid_list_is_shown(size: int) -> None:
    pieces, visible = feed_in_pieces(f"[{MESSAGES}, {{x}}] and_not_a_call", size, tools=True)
    assert "".join(pieces) == visible.text == "{x}] and_not_a_call" and len(visible.calls) == 1


FORMS = st.sampled_from([*UNMARKED_CALLS.values(), *TEXTS_WITHOUT_CALLS, "{", "[", "```", "\n", " ", "search_messages", "functions.", "Hello"])


@given(st.lists(FORMS, max_size=5).map("".join), st.integers(1, 9))
def test_visible_text_in_pieces_equals_the_text_fed_whole(text: str, size: int) -> None:
    pieces, visible = feed_in_pieces(text, size, tools=True)
    _, whole = feed_in_pieces(text, max(len(text), 1), tools=True)
    assert "".join(pieces) == visible.text == whole.text
    assert visible.calls == whole.calls
