"""A check of the configured endpoint by a few small calls: whether the main job works with it, and what to change where it does not.

The calls are the product's own: a chat, the same chat streamed, a look-back by tools, a title and one day's diary, some 7,000 tokens
together. Nothing is stored, and nobody's words are sent.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from urllib.parse import urlsplit

import logs
import settings
from llm import chat, client, model_list, providers, recalling, thinking
from llm.call_log import name_caller
from llm.client import ChatMessage, Completion
from llm.diary import DayMessage, DayRequest, SlotGuide, write_diary
from llm.errors import ModelError, ModelNotFound, ModelTimeout, ModelUnauthorized, ModelUnavailable
from llm.findings import Finding, ModelCheck, Verdict
from llm.reachability import CONNECT_SECONDS, explain_unreachable
from llm.retired import find_retirement
from llm.tools import Search
from llm.usage import Usage

PURPOSE = "CHECK"
ANSWER_TOKENS = 300
MIN_SECONDS = 1.0
"""With less time left than this a call is not made."""
REMEMBERED = "2026-05-20: I wrote that the lighthouse in Hirtshals has the number 7341."
NUMBER = "7341"
LOOK_BACK = "What did I say about the lighthouse? Look it up with search_messages, and name the number that I wrote."
PREFIX = "You are being tested. " + " ".join(f"Rule {number}: answer rule {number} of the test with one short plain sentence." for number in range(1, 91))
"""Equal in two calls and longer than the 1,024 tokens below which some providers cache nothing."""
DAY = date(2026, 5, 20)
DIARY_DAY = DayRequest(
    day=DAY, time_zone="UTC", starts_at=datetime(2026, 5, 20, tzinfo=timezone.utc), ends_at=datetime(2026, 5, 21, tzinfo=timezone.utc), locale="en",
    nickname="Ann", slots=(SlotGuide("identity.location", many=False, guide="Where the person lives now."),),
    messages=(
        DayMessage(1, "user", datetime(2026, 5, 20, 9, 30, tzinfo=timezone.utc), "I moved to Leeds last week and I like the canal there."),
        DayMessage(2, "assistant", datetime(2026, 5, 20, 9, 31, tzinfo=timezone.utc), "That sounds like a good start."),
    ),
)


async def check_model(seconds: float) -> ModelCheck:
    """Check the endpoint of the settings within `seconds`. What there was no time for is said not to have been tried."""
    name_caller(purpose=PURPOSE)
    check = _Check(time.monotonic() + seconds)
    await check.run()
    present = settings.current()
    provider = providers.current().provider.name
    return ModelCheck(_host(present.deepseek_base_url), provider, present.deepseek_model, tuple(check.findings), check.offered or (), check.spent)


@dataclass
class _Check:
    """The findings so far. `offered` is None where the endpoint gives no list of models."""

    ends: float
    findings: list[Finding] = field(default_factory=list[Finding])
    offered: tuple[str, ...] | None = None
    spent: Usage = field(default_factory=Usage.none)
    _listing_failed: ModelError | None = None

    async def run(self) -> None:
        await self._list_models()
        first = await self._try(self._chat)
        self.findings += [await self._reached(first), self._key(first), self._model(first), _answers(first)]
        if isinstance(first, ModelError) and (first.concerns_everyone or not _came_through(first)):
            self._skip_rest()
            return
        self.findings.append(_streams(await self._try(self._stream)))
        self.findings.append(_calls_tools(await self._try(self._look_back)))
        self.findings.append(_keeps_to_json(await self._try(self._diary)))
        self.findings.append(self._thinking_off(first, await self._try(self._title)))
        self.findings.append(_reports_cache(await self._try(self._chat)))

    async def _list_models(self) -> None:
        if self._left() < MIN_SECONDS:
            return
        try:
            self.offered = await model_list.list_models(self._left()) or None
        except ModelError as error:
            self._listing_failed = error

    async def _try(self, call: Callable[[float], Awaitable[Completion]]) -> Completion | ModelError:
        """Make one call, and add what it took to `spent`. Return its failure instead of raising it."""
        left = self._left()
        if left < MIN_SECONDS:
            return _NoTimeLeft()
        try:
            completion = await call(min(left, settings.current().model_timeout_seconds))
        except ModelError as error:
            self.spent += error.usage
            return error
        self.spent += completion.usage
        return completion

    def _left(self) -> float:
        return self.ends - time.monotonic()

    async def _chat(self, seconds: float) -> Completion:
        return await client.complete(_messages("Say hello."), max_tokens=ANSWER_TOKENS, timeout=seconds, retries=1)

    async def _stream(self, seconds: float) -> Completion:
        completion: Completion | None = None
        async for piece in client.stream(_messages("Say hello."), max_tokens=ANSWER_TOKENS, timeout=seconds):
            completion = piece if isinstance(piece, Completion) else completion
        assert completion is not None, "a stream without an end raises"
        return completion

    async def _look_back(self, seconds: float) -> Completion:
        return await recalling.complete(_messages(LOOK_BACK, prefix=""), max_tokens=ANSWER_TOKENS, timeout=seconds, retries=0, recall=_recall)

    async def _diary(self, seconds: float) -> Completion:
        draft = await write_diary(DIARY_DAY, timeout=seconds)
        return Completion(str(len(draft.lines)), draft.model, "stop", draft.usage, 0)

    async def _title(self, seconds: float) -> Completion:
        return await chat.title("I moved to Leeds last week and I like the canal there.", locale="en", timeout=seconds)

    async def _reached(self, first: Completion | ModelError) -> Finding:
        tried = [found for found in (first, self._listing_failed) if isinstance(found, ModelError)]
        if isinstance(first, Completion) or self.offered or any(_came_through(error) for error in tried):
            return Finding("reached", Verdict.YES, "it answers")
        if isinstance(first, _NoTimeLeft):
            return _failed("reached", first)
        why = await explain_unreachable(settings.current().deepseek_base_url, min(CONNECT_SECONDS, max(self._left(), MIN_SECONDS)))
        return Finding("reached", Verdict.NO, f"{tried[0].code} · {why}", "Check DEEPSEEK_BASE_URL, and that this machine may open connections to it.")

    def _key(self, first: Completion | ModelError) -> Finding:
        if isinstance(first, ModelUnauthorized):
            return _failed("key", first)
        if isinstance(first, ModelError) and not _came_through(first):
            return Finding("key", Verdict.NOT_TRIED, "the endpoint was not reached")
        return Finding("key", Verdict.YES, "it is accepted")

    def _model(self, first: Completion | ModelError) -> Finding:
        name, retirement = settings.current().deepseek_model, find_retirement()
        nearest = self._advise_on_name(name, retirement and retirement.successor)
        if isinstance(first, ModelNotFound):
            return _failed("model", first, nearest)
        if retirement is not None:
            return Finding("model", Verdict.UNCERTAIN, f"the provider retires {name}, on {retirement.on}", nearest)
        if self.offered and name in self.offered:
            return Finding("model", Verdict.YES, f"{name} is one of the {len(self.offered)} that GET /models lists")
        if isinstance(first, Completion):
            if self.offered is None:
                return Finding("model", Verdict.YES, f"{name} answers; GET /models gives no list")
            return Finding("model", Verdict.UNCERTAIN, f"{name} answers, but GET /models does not list it: it may be an alias, or about to be retired", nearest)
        if self.offered:
            return Finding("model", Verdict.UNCERTAIN, f"GET /models does not list {name}", nearest)
        return Finding("model", Verdict.NOT_TRIED, "no call came far enough to tell")

    def _advise_on_name(self, name: str, successor: str | None) -> str | None:
        nearest = model_list.find_nearest(name, [offered for offered in self.offered or () if offered not in (name, successor)])
        names = [successor, *nearest] if successor else nearest
        return f"Set DEEPSEEK_MODEL to {' or '.join(names)}." if names else None

    def _thinking_off(self, first: Completion | ModelError, title: Completion | ModelError) -> Finding:
        """A title has a few tokens: a thought that was not switched off eats them. Chats count where MODEL_THINKING leaves them without a thought."""
        if isinstance(title, ModelError):
            return _failed("thinking_off", title, verdict=Verdict.UNCERTAIN)
        silent = [made for made in (title, None if thinking.wanted("chat") else first) if isinstance(made, Completion)]
        thought = sum(made.usage.thinking_tokens for made in silent)
        if not thought and not any(made.thought for made in silent):
            return Finding("thinking_off", Verdict.YES, "no thought came with a call that should have none")
        seen = f"{thought:,} tokens of thought were paid for" if thought else "a thought came with the answer"
        if providers.current().provider.thinks_always:
            advice = "Nothing to do, unless cost or time matter: then try another DEEPSEEK_MODEL."
            return Finding("thinking_off", Verdict.UNCERTAIN, f"{seen}: this model always thinks", advice)
        advice = "Set MODEL_PROVIDER to the family that this endpoint belongs to, or the switch in MODEL_OPTIONS."
        return Finding("thinking_off", Verdict.UNCERTAIN, seen, advice)

    def _skip_rest(self) -> None:
        rest = ("streams", "tools", "json", "thinking_off", "cache")
        self.findings += [Finding(name, Verdict.NOT_TRIED, "the first call failed") for name in rest]


class _NoTimeLeft(ModelTimeout):
    summary = "there was no time left to try it"


def _answers(first: Completion | ModelError) -> Finding:
    return _failed("answers", first) if isinstance(first, ModelError) else Finding("answers", Verdict.YES, f"in {first.latency_ms:,} ms, as {first.model}")


def _streams(made: Completion | ModelError) -> Finding:
    return _failed("streams", made) if isinstance(made, ModelError) else Finding("streams", Verdict.YES, f"in {made.latency_ms:,} ms")


def _calls_tools(made: Completion | ModelError) -> Finding:
    if isinstance(made, ModelError):
        return _failed("tools", made, verdict=Verdict.UNCERTAIN)
    advice = "Chats work, and do not look back by themselves; try another DEEPSEEK_MODEL if they should."
    if not made.tools_used:
        return Finding("tools", Verdict.UNCERTAIN, "it answered without calling the tool that it was asked to call", advice)
    if NUMBER not in made.text:
        return Finding("tools", Verdict.UNCERTAIN, "it called the tool, and did not use the result", advice)
    return Finding("tools", Verdict.YES, "it called one and used its result")


def _keeps_to_json(made: Completion | ModelError) -> Finding:
    if isinstance(made, ModelError):
        return _failed("json", made)
    return Finding("json", Verdict.YES, f"it wrote a diary of {made.text} lines for a day that was made up")


def _reports_cache(made: Completion | ModelError) -> Finding:
    if isinstance(made, ModelError):
        return _failed("cache", made, verdict=Verdict.UNCERTAIN)
    if made.usage.cached_tokens:
        return Finding("cache", Verdict.YES, f"{made.usage.cached_tokens:,} of {made.usage.input_tokens:,} prompt tokens came from the cache")
    advice = "Nothing to do: each prompt token may cost the full price, or the cache was not ready yet."
    return Finding("cache", Verdict.UNCERTAIN, "a repeated prompt showed no cached tokens", advice)


def _failed(name: str, error: ModelError, advice: str | None = None, *, verdict: Verdict = Verdict.NO) -> Finding:
    if isinstance(error, _NoTimeLeft):
        return Finding(name, Verdict.NOT_TRIED, error.summary, "Allow the function more time, or run `unilife check-model` on a machine.")
    reply = error.reply
    said = [str(part) for part in (reply.status, reply.code, reply.message) if part] if reply else []
    return Finding(name, verdict, " · ".join([error.code, *said]), advice or logs.advice({"code": error.code}))


def _came_through(error: ModelError) -> bool:
    """True where something at the endpoint answered, if only with a refusal."""
    answered = error.reply is not None and error.reply.status is not None
    return answered or not isinstance(error, (ModelUnavailable, ModelTimeout))


def _messages(question: str, prefix: str = PREFIX) -> list[ChatMessage]:
    return [{"role": "system", "content": prefix or "Answer in one short sentence."}, {"role": "user", "content": question}]


async def _recall(search: Search) -> list[str]:
    return [REMEMBERED]


def _host(base_url: str) -> str:
    """The host's name alone: an address may hold a password."""
    try:
        return urlsplit(base_url).hostname or "unknown"
    except ValueError:
        return "unknown"
