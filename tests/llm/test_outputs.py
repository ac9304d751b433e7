"""Outputs of the model parsed from its text."""
from __future__ import annotations

import json

import pytest

from llm import outputs, responses
from llm.outputs import DiaryOutput, WeekOutput

LINE = '{"kind": "summary", "text": "A day.", "evidence": [{"message": 1, "quote": "day"}]}'


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
        '{"lines": [], "signals": [{"slot": "a.b", "value": "v", "confidence": 1.1, "evidence": []}]}',
        '{"lines": [], "signals": [{"slot": "a.b", "value": "v", "confidence": NaN, "evidence": []}]}',
        '{"lines": [], "signals": [{"slot": "a.b", "value": "v", "polarity": "MAYBE", "evidence": []}]}',
    ],
)
def test_parse_output_of_another_shape_returns_problems_without_quotes(text: str) -> None:
    problems = outputs.parse(DiaryOutput, text)
    assert isinstance(problems, str) and problems.startswith("- ")
    assert "MAYBE" not in problems


@pytest.mark.parametrize("over", [1, 500])
def test_parse_output_with_too_much_keeps_the_first_and_counts_the_rest(over: int) -> None:
    quotes = [{"message": number, "quote": f"q{number}"} for number in range(outputs.MAX_QUOTES + over)]
    line = {"kind": "HIGHLIGHT", "text": "t" * (outputs.MAX_TEXT_LENGTH + over), "evidence": quotes}
    signal = {"slot": "s" * (outputs.MAX_NAME_LENGTH + over), "value": "v", "confidence": 0.5, "evidence": quotes}
    given = {"lines": [line] * (outputs.MAX_LINES + over), "signals": [signal] * (outputs.MAX_SIGNALS + over), "trimmed": -5}
    output = outputs.parse(DiaryOutput, json.dumps(given))
    assert isinstance(output, DiaryOutput)
    assert (len(output.lines), len(output.signals)) == (outputs.MAX_LINES, outputs.MAX_SIGNALS)
    for item in (output.lines[0], output.signals[0]):
        assert [quote.message for quote in item.evidence] == list(range(outputs.MAX_QUOTES))
    assert (len(output.lines[0].text), len(output.signals[0].slot)) == (outputs.MAX_TEXT_LENGTH, outputs.MAX_NAME_LENGTH)
    assert output.count_trimmed() == over * (2 + outputs.MAX_LINES + outputs.MAX_SIGNALS)


def test_parse_output_of_a_week_with_too_much_keeps_the_first() -> None:
    merges = [{"keep": number, "drop": number + 1} for number in range(outputs.MAX_MERGES + 3)]
    output = outputs.parse(WeekOutput, json.dumps({"signals": [], "merges": merges}))
    assert isinstance(output, WeekOutput) and len(output.merges) == outputs.MAX_MERGES and output.count_trimmed() == 3


def test_parse_output_with_an_empty_text_keeps_the_rest() -> None:
    given = f'{{"lines": [{{"kind": "SUMMARY", "text": "", "evidence": []}}, {LINE}], "signals": []}}'
    output = outputs.parse(DiaryOutput, given)
    assert isinstance(output, DiaryOutput) and [line.text for line in output.lines] == ["", "A day."]


def test_parse_output_with_an_invalid_date_drops_only_the_date() -> None:
    line = LINE.replace('"text"', '"happens_on": "yesterday", "text"')
    output = outputs.parse(DiaryOutput, f'{{"lines": [{line}], "signals": []}}')
    assert isinstance(output, DiaryOutput) and output.lines[0].happens_on is None


def test_parse_output_with_unstorable_characters_removes_them() -> None:
    line = LINE.replace("A day", "A\\u0000 day")
    output = outputs.parse(DiaryOutput, f'{{"lines": [{line}], "signals": []}}')
    assert isinstance(output, DiaryOutput) and output.lines[0].text == "A day."
    assert responses.remove_unprintable("a\x00b\ud800c\n\td") == "abc\n\td"


def test_parse_output_merge_of_a_value_with_itself_is_refused() -> None:
    assert isinstance(outputs.parse(WeekOutput, '{"signals": [], "merges": [{"keep": 1, "drop": 1}]}'), str)
