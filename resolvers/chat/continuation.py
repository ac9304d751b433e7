"""Continuations of answers: the turns that ask the model to go on, and how its text joins the text that is there."""
from __future__ import annotations

from typing import TYPE_CHECKING

from llm.chat import Turn

if TYPE_CHECKING:
    from resolvers.chat.questions import StoredQuestion

REQUEST = (
    "Your last answer was cut off. Write only what is missing: go on exactly where it stops, in the middle of a word if it stops there. "
    "Repeat nothing of it, and do not comment on the interruption."
)
_SENTENCE_ENDS = ".!?:;,)"


def continuation_turns(asked: StoredQuestion) -> list[Turn]:
    """Return the turns after the question of an answer that is continued; none for a new answer."""
    if not asked.continues or asked.answer is None:
        return []
    return [Turn("assistant", asked.answer.content), Turn("user", REQUEST)]


def find_joint(asked: StoredQuestion, beginning: str, leading: str) -> str:
    """Return the text between the answer and its continuation: the white space that the model sent before `beginning`.

    Where it sent none and a sentence or a clause has ended, it is a space before Latin letters: white space at the end of an answer is not stored.
    """
    if not asked.continues or asked.answer is None:
        return ""
    written = asked.answer.content
    if leading:
        return leading
    return " " if written.endswith(tuple(_SENTENCE_ENDS)) and beginning[:1].isalpha() and beginning[:1].isascii() else ""
