"""Reader of one answer, from a whole reply or event by event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from llm import endpoint_adjustments, error_bodies, responses, tokens
from llm.errors import ModelError, ModelMalformed, ModelTruncated
from llm.messages import Completion, CutOff
from llm.printable_text import remove_unprintable
from llm.provider_errors import ErrorReply, NotTheProtocol, reply_with
from llm.requests import Call
from llm.responses import ToolCallBuilder
from llm.tools import ToolCall
from llm.usage import Usage
from llm.visible_text import VisibleText


class Reading:
    """The state of an answer that is being read. `done`: the stream signalled its end. `begun`: part of an answer has arrived."""

    def __init__(self, call: Call) -> None:
        self.begun = False
        self.done = False
        self._call = call
        self._visible = VisibleText(hold=_is_held_back(call), tools=call.offer is not None)
        self._calls = ToolCallBuilder()
        self._raw: list[str] = []
        self._thought: list[str] = []
        self._size = 0
        self._usage: Usage | None = None
        self._model = ""
        self._finish_reason: object = None

    def add(self, body: object) -> list[str]:
        """Add a reply or one event of a stream; return the chunks that may be shown now.

        Raises ErrorReply, NotTheProtocol and ModelMalformed.
        """
        if isinstance(body, str):
            raise NotTheProtocol(body)
        if error_bodies.is_error(body):
            raise ErrorReply(error_bodies.read(body, 200))
        if not isinstance(body, Mapping):
            raise ModelMalformed
        fields = cast("Mapping[str, Any]", body)
        provider, choice = self._call.endpoint.provider, responses.choice_of(fields)
        self.begun = self.begun or isinstance(fields.get("choices"), list)
        if isinstance(choice.get("error"), Mapping):
            raise ErrorReply(error_bodies.read(choice, 200))
        self._model = str(fields.get("model") or "")[:200] or self._model
        self._usage = responses.reported_usage(fields, provider) or self._usage
        self._finish_reason = choice.get("finish_reason") or self._finish_reason
        part = responses.part_of(choice.get("delta", choice.get("message")), provider)
        self._calls.add(part.calls)
        self._size += len(part.text) + len(part.thought)
        if part.thought:
            self._thought.append(part.thought)
        if part.thought or not _is_held_back(self._call):
            self._visible.release_beginning()
        self._raw.append(part.text)
        return self._visible.feed(part.text) if part.text else []

    def end(self) -> list[str]:
        """Return the remaining chunks that may be shown."""
        pieces = self._visible.end()
        self._learn()
        return pieces

    @property
    def too_long(self) -> bool:
        """Return whether the endpoint ignores the token limit, in which case the rest is not awaited."""
        return self._size > self._call.limit * responses.CHARACTERS_PER_TOKEN

    @property
    def leading(self) -> str:
        """Return the white space that was removed before the text, which a continuation needs; "" if the answer has a thought."""
        return "" if self._thought else self._visible.leading

    @property
    def model(self) -> str:
        """Return the model's name as the provider gives it; "" before its first event."""
        return self._model

    @property
    def spent(self) -> Usage | None:
        """Return the usage of a broken answer; None before its first event."""
        return self._counted() if self.begun else None

    def completion(self, latency_ms: int) -> Completion:
        """Return the completion. Raises ModelError if it has neither text nor a call, or if the stream broke off."""
        if not self.begun:
            raise ModelMalformed
        usage = self._counted()
        if not self.done and self._finish_reason is None and self._usage is None and not self.too_long:
            raise ModelTruncated(usage=usage)  # the stream broke off: no event marked the end
        text = self._json() if self._call.json_mode else self._visible.text
        found = self._tool_calls()
        calls = found if self._call.offer is not None and not self._call.offer.closed else ()
        if not calls:
            try:
                responses.require_text(text, self._finish_reason, usage, wrote_call=bool(found) or self._visible.wrote_call)
            except ModelError as error:
                error.reply = reply_with(self._finish_reason)
                raise
        cut: CutOff | None = None if calls else "LENGTH" if self.too_long else responses.cut_off(self._finish_reason)
        reason = "tool_calls" if calls else self._finish_reason if isinstance(self._finish_reason, str) else "stop"
        return Completion(text, self._model, reason, usage, latency_ms, calls, cut_off=cut, thought=self._all_thought, leading=self.leading)

    def _json(self) -> str:
        """Return the JSON text, taken from the thought if the server put the whole answer there."""
        return responses.json_text("".join(self._raw)) or (remove_unprintable(self._all_thought) if "{" in self._all_thought else "")

    @property
    def _all_thought(self) -> str:
        return "".join(self._thought) + self._visible.thought

    def _tool_calls(self) -> tuple[ToolCall, ...]:
        """Return the calls in the protocol's own field, else those that are written in the text."""
        written = [ToolCall("", remove_unprintable(call.name), remove_unprintable(call.arguments)[: responses.MAX_CALL_LENGTH]) for call in self._visible.calls]
        return self._calls.build() or responses.with_ids(written)

    def _counted(self) -> Usage:
        """Return the reported usage, else an estimate. A visible thought without reported tokens is estimated, as a part of the answer."""
        thought, told = self._all_thought, self._usage
        if told is None:
            return responses.estimate_usage(self._call.messages, "".join(self._raw), "".join(self._thought))
        if thought and not told.thinking_tokens:
            return replace(told, thinking_tokens=min(tokens.count(thought), told.output_tokens))
        return told

    def _learn(self) -> None:
        known = endpoint_adjustments.about(self._call.endpoint)
        if self._visible.unopened:
            known.thought_unopened = True
        elif self._thought or self._visible.text:
            known.thought_apart = True
        told = self._usage
        if not self._call.leaves_room and (self._all_thought or told is not None and told.thinking_tokens):
            known.thinks_unasked = True


def _is_held_back(call: Call) -> bool:
    """Return whether text is held back until it is known not to be a thought, as the endpoint may omit the opening marker.

    For an unknown endpoint, the first answer in this process decides, whichever user's call it was.
    """
    known = endpoint_adjustments.about(call.endpoint)
    return known.thought_unopened or not known.thought_apart and (call.endpoint.guessed or call.endpoint.provider.thought_in_text)
