"""The reasons for which a statement does not say what a claim says, and the relations that one can give.

A small module, so that the API can list them without the tables of the rules.
"""

from __future__ import annotations

from typing import Final, Literal

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

Relation = Literal["LIKES", "DISLIKES", "IS_NOT", "ENDED", "CORRECTED"]
"""The relation that one statement gives between the user and a value. None stands for the plain one.

ENDED: it held and holds no longer. CORRECTED: the user took back having said it. Both only count against the value; neither makes a negated one,
and nor does negative evidence without a relation, which was stored before relations were.
"""

Answer = Literal["SAYS", "DOES_NOT_SAY", "SAYS_THE_OPPOSITE", "ABOUT_SOMEBODY_ELSE", "NOT_SERIOUS"]
"""The answers of a second reading to a claim."""
NO_ANSWER: Final = "NO_ANSWER"
WAITING: Final = "WAITING"
UNREAD: Final = (NO_ANSWER, WAITING)
"""The counts of claims that got no answer: the model left them out, or its call failed and they wait for the next attempt."""
