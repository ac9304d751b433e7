"""The part of a conversation that the model is shown: its running summary, then the newest messages."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llm import prompt_composition, tokens
from llm.chat import Turn
from persistence.models.enums import MessageRole
from persistence.queries.prompt_inputs import MAX_MESSAGES, HistoryMessage

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyConversation, AnyMessage

FULL = 0.75
"""Share of the token budget, and of `MAX_MESSAGES`, above which the older half is summarised, before the prompt would have to omit it."""


@dataclass(frozen=True)
class History:
    """The history of a question: `messages` in the order of their exchanges, the question last; `summary` covers the messages before them."""

    summary: str | None
    messages: Sequence[HistoryMessage]

    @property
    def turns(self) -> list[Turn]:
        return [turn_of(message) for message in self.messages]

    def older_half(self, budget: int) -> Sequence[HistoryMessage]:
        """Return the complete exchanges to summarise now, oldest first; none while the history fits (`budget` in tokens).

        Once their summary is stored, the history begins after them, so its start moves in large steps. `prompt_composition.window_start` moves
        it likewise where no summary was made in time.
        """
        costs = [tokens.count_message({"content": message.content}) for message in self.messages]
        if sum(costs) <= budget * FULL and len(costs) <= MAX_MESSAGES * FULL:
            return ()
        begins = [message.role is MessageRole.USER for message in self.messages]
        return self.messages[: prompt_composition.cut(costs, begins, min(sum(costs), budget) // 2)]


def turn_of(message: HistoryMessage) -> Turn:
    return Turn("user" if message.role is MessageRole.USER else "assistant", message.content, message.said_at)


def arrange_history(conversation: AnyConversation, question: AnyMessage, earlier: Sequence[HistoryMessage], *, told: bool = True) -> History:
    """Return the conversation up to `question`, from the earlier messages that its summary does not cover.

    A summary that covers the question or later messages is not used, because a regenerated question must not know what followed it. Other questions without
    an answer are not among `earlier`: whatever made a provider refuse one of them would make it refuse all later calls. Unless the prompt may contain facts
    about the user (`told`), no summary is used: it may repeat those that earlier prompts contained.
    """
    through = conversation.summary_through_message_id
    summed_up = told and conversation.summary is not None and through is not None and through < question.id
    shown = sorted(earlier, key=lambda message: ((message.reply_to or message.id).int, message.id.int))
    asked = HistoryMessage(question.id, question.role, None, question.content)
    return History(conversation.summary if summed_up else None, [*shown, asked])
