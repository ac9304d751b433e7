"""Validated shapes of the model's answers. Imports pydantic: import this module only inside functions.

This module validates only the shape. The jobs' rules check whether a quote occurs, a slot exists or a value is allowed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from llm import json_text
from llm.printable_text import printable

MOST_LINES = 60
MOST_SIGNALS = 60
MOST_QUOTES = 20
MOST_MERGES = 60
LONGEST_TEXT = 1_000
LONGEST_PROBLEMS = 8

Model = TypeVar("Model", bound=BaseModel)


def _stripped(text: str) -> str:
    return printable(text).strip()


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _date_or_none(value: object) -> object:
    """Return the date, or None for an invalid one, so that the line with it is still accepted."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


Text = Annotated[str, AfterValidator(_stripped), Field(min_length=1, max_length=LONGEST_TEXT)]
Name = Annotated[str, AfterValidator(_stripped), Field(min_length=1, max_length=80)]
HappensOn = Annotated["date | None", BeforeValidator(_date_or_none)]
Polarity = Annotated[Literal["POSITIVE", "NEGATIVE"], BeforeValidator(_upper)]


class EvidenceOutput(BaseModel):
    message: int
    quote: Text


class LineOutput(BaseModel):
    kind: Annotated[Name, BeforeValidator(_upper)]
    text: Text
    happens_on: HappensOn = None
    evidence: Annotated[list[EvidenceOutput], Field(max_length=MOST_QUOTES)]


class SignalOutput(BaseModel):
    slot: Name
    value: Text
    polarity: Polarity = "POSITIVE"
    stated: bool = False
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    happens_on: HappensOn = None
    evidence: Annotated[list[EvidenceOutput], Field(max_length=MOST_QUOTES)]


class DiaryOutput(BaseModel):
    lines: Annotated[list[LineOutput], Field(max_length=MOST_LINES)]
    signals: Annotated[list[SignalOutput], Field(max_length=MOST_SIGNALS)]
    mood: Annotated[int, Field(ge=1, le=5)] | None = None


class MergeOutput(BaseModel):
    keep: int
    drop: int

    @model_validator(mode="after")
    def _two_values(self) -> MergeOutput:
        if self.keep == self.drop:
            raise ValueError("keep and drop are the same value")
        return self


class WeekOutput(BaseModel):
    signals: Annotated[list[SignalOutput], Field(max_length=MOST_SIGNALS)]
    merges: Annotated[list[MergeOutput], Field(max_length=MOST_MERGES)]


def parse(shape: type[Model], text: str) -> Model | str:
    """Return the validated output, also from inside a fence or other text.

    If there is none, return the errors in `text` for the model; they quote no value from it.
    """
    faults: list[Any] = []
    for candidate in json_text.candidates(text):
        try:
            return shape.model_validate_json(candidate)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            faults = found if not faults or faults[0]["type"] == "json_invalid" else faults
    problems = [f"- {'.'.join(map(str, fault['loc'])) or 'the reply'}: {fault['msg']}" for fault in faults]
    return "\n".join(problems[:LONGEST_PROBLEMS])
