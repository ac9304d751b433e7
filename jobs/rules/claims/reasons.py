"""The reasons for which a statement does not say what a claim says. A small module, so that the API can list them without the tables of the rules."""

from __future__ import annotations

from typing import Literal

StatementReason = Literal[
    "NEGATION",
    "OTHER_SUBJECT",
    "REPORTED",
    "FICTION",
    "QUESTION",
    "HYPOTHESIS",
    "PAST",
    "PLAN",
    "JOKE",
    "INSTRUCTION",
    "NUMBER",
    "UNIT",
    "DATE",
    "NAME",
]
