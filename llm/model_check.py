"""Check of the configured endpoint by a few small calls: whether the product works with it, and what to change if not.

The calls are the product's own: a chat, the same chat streamed, a search by tools, a title and one day's diary, about 7,000 tokens together.
Nothing is stored, and no text of a user is sent.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from urllib.parse import urlsplit

import settings
from llm import chat, check_results, client, model_list, providers, tool_loop
from llm.call_log import name_caller
from llm.check_results import NoTimeLeft, Result, judge_answer, judge_cache, judge_json, judge_key, judge_model, judge_thinking, judge_tools
from llm.diary import DayMessage, DayRequest, SlotGuide, write_diary
from llm.errors import ModelError
from llm.findings import Finding, ModelCheck, Verdict
from llm.messages import ChatMessage, Completion
from llm.reachability import CONNECT_SECONDS, explain_unreachable
from llm.tools import Call
from llm.usage import Usage

PURPOSE = "CHECK"
ANSWER_TOKENS = 300
MIN_SECONDS = 1.0
"""Minimum seconds for a call; with less time left it is not made."""
REMEMBERED = "2026-05-20: I wrote that the lighthouse in Hirtshals has the number 7341."
NUMBER = "7341"
SEED = b"model check"
"""Seed of the delimiters; a constant is safe, because the check sends no personal data."""
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
    """Check the endpoint of the settings within `seconds`. Checks without enough time are reported as NOT_TRIED."""
    name_caller(purpose=PURPOSE)
    check = _Check(time.monotonic() + seconds)
    await check.run()
    current = settings.current()
    provider = providers.current().provider.name
    return ModelCheck(_host(current.deepseek_base_url), provider, current.deepseek_model, tuple(check.findings), check.offered, check.spent)


@dataclass
class _Check:
    """A running check with its findings so far. `offered` is empty if the endpoint returns no list of models."""

    ends: float
    findings: list[Finding] = field(default_factory=list[Finding])
    offered: tuple[str, ...] = ()
    spent: Usage = field(default_factory=Usage.none)
    _listing_failed: ModelError | None = None

    async def run(self) -> None:
        await self._list_models()
        first = await self._try(self._chat)
        self.findings += [await self._reached(first), judge_key(first), judge_model(first, self.offered), judge_answer("answers", first)]
        if isinstance(first, ModelError) and (first.affects_all_users or not check_results.has_responded(first) or check_results.is_missing_path(first)):
            self._skip_rest()
            return
        self.findings.append(judge_answer("streams", await self._try(self._stream)))
        self.findings.append(judge_tools(await self._try(self._look_back), NUMBER))
        self.findings.append(judge_json(await self._try(self._diary)))
        self.findings.append(judge_thinking(first, await self._try(self._title)))
        self.findings.append(judge_cache(await self._try(self._chat)))

    async def _list_models(self) -> None:
        if self._left() < MIN_SECONDS:
            return
        try:
            self.offered = await model_list.list_models(self._left())
        except ModelError as error:
            self._listing_failed = error

    async def _try(self, call: Callable[[float], Awaitable[Completion]]) -> Result:
        """Make one call and add its usage to `spent`. Return its error instead of raising it."""
        left = self._left()
        if left < MIN_SECONDS:
            return NoTimeLeft()
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
        return await tool_loop.complete(_messages(LOOK_BACK, prefix=""), max_tokens=ANSWER_TOKENS, timeout=seconds, retries=0, recall=_recall, seed=SEED)

    async def _diary(self, seconds: float) -> Completion:
        draft = await write_diary(DIARY_DAY, seed=SEED, timeout=seconds)
        return Completion(str(len(draft.lines)), draft.model, "stop", draft.usage, 0)

    async def _title(self, seconds: float) -> Completion:
        return await chat.generate_title("I moved to Leeds last week and I like the canal there.", seed=SEED, locale="en", timeout=seconds)

    async def _reached(self, first: Result) -> Finding:
        if isinstance(first, ModelError) and check_results.is_missing_path(first):
            return check_results.judge_path(first)
        tried = [found for found in (first, self._listing_failed) if isinstance(found, ModelError)]
        if isinstance(first, Completion) or self.offered or any(check_results.has_responded(error) for error in tried):
            return Finding("reached", Verdict.YES, "the endpoint responds")
        if isinstance(first, NoTimeLeft):
            return check_results.to_finding("reached", first)
        why = await explain_unreachable(settings.current().deepseek_base_url, min(CONNECT_SECONDS, max(self._left(), MIN_SECONDS)))
        return Finding("reached", Verdict.NO, f"{tried[0].code} · {why}", "Check DEEPSEEK_BASE_URL, and that this machine's network allows connections to it.")

    def _skip_rest(self) -> None:
        rest = ("streams", "tools", "json", "thinking_off", "cache")
        self.findings += [Finding(name, Verdict.NOT_TRIED, "the first call failed") for name in rest]


def _messages(question: str, prefix: str = PREFIX) -> list[ChatMessage]:
    return [{"role": "system", "content": prefix or "Answer in one short sentence."}, {"role": "user", "content": question}]


async def _recall(search: Call) -> list[str]:
    return [REMEMBERED]


def _host(base_url: str) -> str:
    """Return only the host name: the URL may contain a password."""
    try:
        return urlsplit(base_url).hostname or "unknown"
    except ValueError:
        return "unknown"
