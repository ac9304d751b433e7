"""A conversation title without a model: the beginning of the question."""
from __future__ import annotations

from jobs.rules.text.sentences import sentences

LONGEST = 40
"""Characters, including the ellipsis."""

_END_MARKS = " .。．;；,，"


def title_of(question: str) -> str:
    """Return the first sentence, cut between words where the script has spaces. The result is never empty."""
    first = next((sentence.text for sentence in sentences(question)), question)
    line = " ".join(first.split()).rstrip(_END_MARKS) or " ".join(question.split())
    if len(line) <= LONGEST:
        return line
    head = line[: LONGEST - 1]
    if line[LONGEST - 1] != " " and " " in head[LONGEST // 2 :]:
        head = head.rpartition(" ")[0]
    return head.rstrip(_END_MARKS) + "…"
