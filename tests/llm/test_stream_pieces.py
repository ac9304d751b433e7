"""Token counts, parsed outputs and checks of responses."""
from __future__ import annotations

import subprocess
import sys

import pytest

from llm import errors, outputs, responses, tokens
from llm.messages import ChatMessage
from llm.outputs import DiaryOutput, WeekOutput
from llm.usage import Usage

LINE = '{"kind": "summary", "text": "A day.", "evidence": [{"message": 1, "quote": "day"}]}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("a", 1), ("abcdefghij", 3), ("中", 1), ("一二三四五六七八九十", 6), ("中文and English", 5), ("！", 1)],
)
def test_count_tokens_of_each_script_follows_the_published_ratios(text: str, expected: int) -> None:
    assert tokens.count(text) == expected


@pytest.mark.parametrize("text", ["word " * 50, "今天天气很好。" * 20, "mixed 中文 text，好 " * 20])
@pytest.mark.parametrize("budget", [0, 1, 2, 7, 30])
def test_truncate_long_text_returns_a_beginning_within_the_budget(text: str, budget: int) -> None:
    trimmed = tokens.truncate(text, budget)
    assert tokens.count(trimmed) <= budget
    assert text.startswith(trimmed.removesuffix(tokens.CUT_MARK))
    assert (trimmed == "") or trimmed.endswith(tokens.CUT_MARK)


def test_truncate_text_within_the_budget_returns_it_unchanged() -> None:
    assert tokens.truncate("今天很好", 3) == "今天很好"


@pytest.mark.parametrize("text", ["word " * 50, "今天天气很好。" * 20, ""])
def test_split_any_text_returns_all_of_it_within_the_budget(text: str) -> None:
    pieces = list(tokens.split(text, 9))
    assert "".join(pieces) == text
    assert all(tokens.count(piece) <= 9 for piece in pieces)


def test_count_message_with_text_adds_the_overhead() -> None:
    message: ChatMessage = {"role": "user", "content": "中" * 10}
    assert tokens.count_message(message) == 6 + tokens.MESSAGE_OVERHEAD


def test_fit_to_budget_item_that_does_not_fit_ends_the_list() -> None:
    assert tokens.fit_to_budget(["a" * 10, "b" * 100, "c"], 10) == ["a" * 10]


def test_usage_added_to_another_sums_the_tokens() -> None:
    assert Usage(1, 2) + Usage(3, 4) + Usage.none() == Usage(4, 6)
    assert errors.ModelEmpty(usage=Usage(1, 1)).add_usage(Usage(2, 2)).usage == Usage(3, 3)


def test_parse_output_plain_or_fenced_json_returns_the_diary() -> None:
    plain = f'{{"lines": [{LINE}], "signals": [], "mood": null}}'
    for text in (plain, f"```json\n{plain}\n```", f"Here it is: {{not this}}\n```\n{plain}\n```\nAsk for more {{or less}}.", f"{plain} and so on"):
        output = outputs.parse(DiaryOutput, text)
        assert isinstance(output, DiaryOutput)
        assert output.lines[0].kind == "SUMMARY"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a fine day",
        "[]",
        '{"lines": []}',
        '{"lines": [], "signals": [], "mood": 6}',
        '{"lines": [], "signals": [], "mood": 0}',
        '{"lines": [{"kind": "SUMMARY", "text": "", "evidence": []}], "signals": []}',
        '{"lines": [], "signals": [{"slot": "a.b", "value": "v", "confidence": 1.1, "evidence": []}]}',
        '{"lines": [], "signals": [{"slot": "a.b", "value": "v", "confidence": NaN, "evidence": []}]}',
        '{"lines": [], "signals": [{"slot": "a.b", "value": "v", "polarity": "MAYBE", "evidence": []}]}',
        f'{{"lines": [{",".join([LINE] * (outputs.MOST_LINES + 1))}], "signals": []}}',
    ],
)
def test_parse_output_of_another_shape_returns_problems_without_quotes(text: str) -> None:
    problems = outputs.parse(DiaryOutput, text)
    assert isinstance(problems, str) and problems.startswith("- ")
    assert "MAYBE" not in problems


def test_parse_output_with_an_invalid_date_drops_only_the_date() -> None:
    line = LINE.replace('"text"', '"happens_on": "yesterday", "text"')
    output = outputs.parse(DiaryOutput, f'{{"lines": [{line}], "signals": []}}')
    assert isinstance(output, DiaryOutput) and output.lines[0].happens_on is None


def test_parse_output_with_unstorable_characters_removes_them() -> None:
    line = LINE.replace("A day", "A\\u0000 day")
    output = outputs.parse(DiaryOutput, f'{{"lines": [{line}], "signals": []}}')
    assert isinstance(output, DiaryOutput) and output.lines[0].text == "A day."
    assert responses.printable("a\x00b\ud800c\n\td") == "abc\n\td"


def test_parse_output_merge_of_a_value_with_itself_is_refused() -> None:
    assert isinstance(outputs.parse(WeekOutput, '{"signals": [], "merges": [{"keep": 1, "drop": 1}]}'), str)


@pytest.mark.parametrize(
    ("reason", "cut"),
    [("stop", None), (None, None), ("", None), ("eos", None), ("STOP", None), ("end_turn", None), (7, None), ("length", "LENGTH"), ("MAX_TOKENS", "LENGTH"),
     ("insufficient_system_resource", "LENGTH"), ("network_error", "LENGTH"), ("content_filter", "FILTER"), ("sensitive", "FILTER")],
)
def test_cut_off_each_finish_reason_returns_its_cause(reason: object, cut: str | None) -> None:
    assert responses.cut_off(reason) == cut
    responses.require_text("text", reason, Usage.none())


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("stop", errors.ModelEmpty), (None, errors.ModelEmpty), ("length", errors.ModelTruncated), ("content_filter", errors.ModelFiltered),
     ("insufficient_system_resource", errors.ModelUnavailable)],
)
def test_require_text_empty_text_raises_by_finish_reason(reason: object, expected: type[errors.ModelError]) -> None:
    with pytest.raises(errors.ModelError) as raised:
        responses.require_text(" \n", reason, Usage(5, 6))
    assert type(raised.value) is expected and raised.value.usage == Usage(5, 6)


def test_llm_package_on_import_loads_no_heavy_dependency() -> None:
    rooms = "llm.client, llm.chat, llm.diary, llm.week"
    program = f"import sys, {rooms}; print(*{{'openai', 'pydantic', 'httpx2'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == ""
