"""The part of a conversation that the model is shown: its running summary, then the newest messages."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm import prompt_composition, tokens
from llm.chat import Turn
from persistence.database import Session
from persistence.models import Conversation, Message
from persistence.models.chat import MessageRole, MessageStatus
from persistence.queries import chat_reads as reading

MOST_MESSAGES = 400
"""Maximum messages of one conversation that are read for a question, besides those in its running summary."""
FULL = 0.75
"""Share of the token budget, and of `MOST_MESSAGES`, above which the older half is summarised, before the prompt would have to omit it."""


@dataclass(frozen=True)
class History:
    """The history of a question: `messages` in the order of their exchanges, the question last; `summary` covers the messages before them."""

    summary: str | None
    messages: Sequence[Message]

    @property
    def turns(self) -> list[Turn]:
        return [turn_of(message) for message in self.messages]

    def older_half(self, budget: int) -> Sequence[Message]:
        """Return the complete exchanges to summarise now, oldest first; none while the history fits (`budget` in tokens).

        Once their summary is stored, the history begins after them, so its start moves in large steps. `prompt_composition.window_start` moves
        it likewise where no summary was made in time.
        """
        costs = [tokens.count_message({"content": message.content}) for message in self.messages]
        if sum(costs) <= budget * FULL and len(costs) <= MOST_MESSAGES * FULL:
            return ()
        begins = [message.role is MessageRole.USER for message in self.messages]
        return self.messages[: prompt_composition.cut(costs, begins, min(sum(costs), budget) // 2)]


def turn_of(message: Message) -> Turn:
    return Turn("user" if message.role is MessageRole.USER else "assistant", message.content)


async def read_history(session: Session, conversation: Conversation, question: Message) -> History:
    """Return the conversation up to `question`.

    A summary that covers the question or later messages is not used, because a regenerated question must not know what followed it. Other
    questions without an answer are left out: whatever made a provider refuse one of them would make it refuse all later calls.
    """
    through = conversation.summary_through_message_id
    summed_up = conversation.summary is not None and through is not None and through < question.id
    found = await reading.list_history(
        session, question.user_id, conversation.id, after=through if summed_up else None, through=question.id, limit=MOST_MESSAGES)
    shown = [message for message in found if message.status is MessageStatus.COMPLETE and question.id not in (message.id, message.reply_to)]
    shown.sort(key=lambda message: (message.reply_to or message.id, message.id))
    return History(conversation.summary if summed_up else None, [*shown, question])
