"""Validated shapes of the model's answers. Imports pydantic: import this module only inside functions.

This module validates only the shape. The jobs' rules check whether a quote occurs, a slot exists or a value is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from llm import json_text
from llm.printable_text import remove_unprintable

MAX_LINES = 60
MAX_SIGNALS = 60
MAX_QUOTES = 20
MAX_MERGES = 60
MAX_VALUES = 120
MAX_ANSWERS = 1_000
MAX_TEXT_LENGTH = 1_000
MAX_NAME_LENGTH = 80
MAX_PROBLEMS = 8

Model = TypeVar("Model", bound=BaseModel)


def _text(text: str) -> str:
    return remove_unprintable(text).strip()[:MAX_TEXT_LENGTH].rstrip()


def _name(text: str) -> str:
    return remove_unprintable(text).strip()[:MAX_NAME_LENGTH].rstrip()


def _trimmed(data: object, bounds: Mapping[str, int]) -> object:
    """Return an object with each list cut to its bound and `trimmed`, the number of entries that were cut off."""
    if not isinstance(data, dict):
        return data
    over = {name: len(data[name]) - most for name, most in bounds.items() if isinstance(data.get(name), list) and len(data[name]) > most}
    return {**data, **{name: data[name][: bounds[name]] for name in over}, "trimmed": sum(over.values())}


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _code(value: object) -> object:
    return re.sub(r"[\s-]+", "_", value.strip().upper()) if isinstance(value, str) else value


def _date_or_none(value: object) -> object:
    """Return the date, or None for an invalid one, so that the line with it is still accepted."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


Text = Annotated[str, AfterValidator(_text)]
"""At most `MAX_TEXT_LENGTH` characters; the rest is cut off. It may be empty: such an entry is dropped by the jobs' rules, not the whole draft."""
Name = Annotated[str, AfterValidator(_name)]
HappensOn = Annotated["date | None", BeforeValidator(_date_or_none)]
ClaimAnswer = Annotated[
    Literal["SAYS", "DOES_NOT_SAY", "SAYS_THE_OPPOSITE", "ABOUT_SOMEBODY_ELSE", "NOT_SERIOUS"], BeforeValidator(_code)
]
Polarity = Annotated[Literal["POSITIVE", "NEGATIVE"], BeforeValidator(_upper)]


class EvidenceOutput(BaseModel):
    message: int
    quote: Text


class TrimmedOutput(BaseModel):
    """A shape whose lists are kept up to their bounds: too much of a right thing is no malformed answer."""

    bounds: ClassVar[Mapping[str, int]] = {}
    trimmed: int = 0

    @model_validator(mode="before")
    @classmethod
    def _keep_the_first(cls, data: object) -> object:
        return _trimmed(data, cls.bounds)

    def count_trimmed(self) -> int:
        """Return the number of entries that were cut off here and in the entries of this shape."""
        below = [item for name in self.bounds for item in getattr(self, name) if isinstance(item, TrimmedOutput)]
        return self.trimmed + sum(item.count_trimmed() for item in below)


class LineOutput(TrimmedOutput):
    bounds = {"evidence": MAX_QUOTES}

    kind: Annotated[Name, BeforeValidator(_upper)]
    text: Text
    happens_on: HappensOn = None
    evidence: list[EvidenceOutput]


class SignalOutput(TrimmedOutput):
    bounds = {"evidence": MAX_QUOTES}

    slot: Name
    value: Text
    polarity: Polarity = "POSITIVE"
    stated: bool = False
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    happens_on: HappensOn = None
    evidence: list[EvidenceOutput]


class DiaryOutput(TrimmedOutput):
    bounds = {"lines": MAX_LINES, "signals": MAX_SIGNALS}

    lines: list[LineOutput]
    signals: list[SignalOutput]
    mood: Annotated[int, Field(ge=1, le=5)] | None = None


class MergeOutput(BaseModel):
    keep: int
    drop: int

    @model_validator(mode="after")
    def _two_values(self) -> MergeOutput:
        if self.keep == self.drop:
            raise ValueError("keep and drop are the same value")
        return self


class WeekOutput(TrimmedOutput):
    bounds = {"signals": MAX_SIGNALS, "merges": MAX_MERGES}

    signals: list[SignalOutput]
    merges: list[MergeOutput]


class MemoryValueOutput(BaseModel):
    line: int
    slot: Name
    value: Text
    polarity: Polarity = "POSITIVE"


class MemoryOutput(TrimmedOutput):
    bounds = {"values": MAX_VALUES}

    values: list[MemoryValueOutput]


class CheckOutput(BaseModel):
    """Answers by the claims' numbers."""

    answers: Annotated[dict[Annotated[str, Field(max_length=20)], ClaimAnswer], Field(max_length=MAX_ANSWERS)]


def parse(shape: type[Model], text: str) -> Model | str:
    """Return the validated output, also from inside a fence or other text.

    If there is none, return the errors in `text` for the model; they quote no value from it.
    """
    faults: list[Any] = []
    for candidate in json_text.list_candidates(text):
        try:
            return shape.model_validate_json(candidate)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            faults = found if not faults or faults[0]["type"] == "json_invalid" else faults
    problems = [f"- {'.'.join(map(str, fault['loc'])) or 'the reply'}: {fault['msg']}" for fault in faults]
    return "\n".join(problems[:MAX_PROBLEMS])
