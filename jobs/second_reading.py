"""The second reading of a draft: one model call about the claims that the rules can neither accept nor reject, for the diary, its rewrite and the week.

An answer other than SAYS, and none, drops a claim. When the call fails, the claims wait for the next attempt, and everything else is stored.
"""
from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar, cast

import settings
from jobs.delimiter_seeds import prompt_seed
from jobs.retries import outcome_after_failure
from jobs.rules.claims.reasons import NO_ANSWER, WAITING, Answer
from jobs.rules.diary.draft_check import CheckedDraft, DraftCheck
from jobs.rules.diary.drafts import CheckedLine, UndecidedClaim
from jobs.run_context import RunContext
from llm.call_log import name_caller
from llm.claim_check import PROMPT_VERSION, Claim, LineClaim, ReadStatement, ValueClaim, check_claims
from llm.errors import ModelCallCancelled, ModelContextTooLong, ModelError, ModelFiltered, ModelPaused, ModelTimeout
from llm.usage import Usage
from persistence.queries.job_attempts import Outcome
from persistence.queries.job_queue import Claim as JobClaim

MIN_SECONDS: Final = 1.0
"""The least time left for a call: a later one would be billed and end without an answer."""
FINAL: Final = (ModelFiltered, ModelContextTooLong)
"""Errors that the claims' own text causes: a repeated call would fail too, so the claims do not wait for one."""


@dataclass(frozen=True)
class SecondReading:
    """The outcome of the second reading of one draft. `error` is that of a call that failed, after which its claims wait."""

    answers: Mapping[int, Answer] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    """Number of claims by answer, and those with NO_ANSWER or WAITING."""
    model: str = ""
    usage: Usage = field(default_factory=Usage.none)
    error: ModelError | None = None

    @property
    def is_account_wide(self) -> bool:
        """Return whether the error affects all calls. What the provider refuses for a model that only MODEL_CHECK names says nothing about the others."""
        if self.error is None or (settings.current().model_check and not isinstance(self.error, ModelPaused)):
            return False
        return self.error.affects_all_users

    @property
    def calls(self) -> int:
        return 1 if self.usage.input_tokens else 0

    @property
    def record(self) -> Mapping[str, object] | None:
        """The verdicts as they are stored with the attempt: counts, model and prompt version, no text. None if nothing had to be read."""
        return {"model": self.model, "prompt_version": PROMPT_VERSION, "answers": dict(self.counts)} if self.counts else None

    def finish(self, check: DraftCheck) -> CheckedDraft:
        return check.finish(self.answers, waiting=self.error is not None)


async def read_again(check: DraftCheck, seconds: float, *, blocked: ModelError | None = None) -> SecondReading:
    """Return the model's answers about the claims that the rules left undecided, within `seconds`; none when there are no such claims or MODEL_CHECK is off.

    A model error is returned, not raised, because the rest of the draft does not need this call. `blocked` is the error of a call that must not be
    made. Raises `ModelCallCancelled`.
    """
    claims = check.undecided
    if not claims or not settings.current().checks_claims:
        return SecondReading()
    name_caller(purpose="check")
    try:
        if blocked is not None or seconds < MIN_SECONDS:
            raise blocked or ModelTimeout()
        found = await check_claims([to_claim(claim) for claim in claims], seed=prompt_seed(PROMPT_VERSION), timeout=seconds)
    except ModelError as error:
        is_final = isinstance(error, FINAL)
        counts = {NO_ANSWER if is_final else WAITING: len(claims)}
        return SecondReading(counts=counts, model=settings.current().checking_model, usage=error.usage, error=None if is_final else error)
    answers = cast("Mapping[int, Answer]", found.answers)
    return SecondReading(answers, _counts(claims, answers), found.model, found.usage)


def _counts(claims: Sequence[UndecidedClaim], answers: Mapping[int, Answer]) -> Mapping[str, int]:
    return dict(Counter(answers.get(claim.number, NO_ANSWER) for claim in claims))


def to_claim(undecided: UndecidedClaim) -> Claim:
    """Return the claim in the form in which a prompt has it."""
    made = undecided.claim
    statements = tuple(ReadStatement(statement.text, statement.before, statement.after) for statement in undecided.statements)
    if isinstance(made, CheckedLine):
        return LineClaim(undecided.number, made.kind, made.text, statements)
    return ValueClaim(undecided.number, undecided.slot, undecided.guide, made.value, made.polarity == "POSITIVE", statements)


class _Draft(Protocol):
    @property
    def usage(self) -> Usage: ...


Draft = TypeVar("Draft", bound=_Draft)


@dataclass(frozen=True)
class ReadDraft(Generic[Draft]):
    """A draft with its check and second reading. `fault` is an exception of the check: the draft was billed all the same."""

    draft: Draft
    checked: CheckedDraft | None
    reading: SecondReading
    fault: Exception | None = None

    @property
    def usage(self) -> Usage:
        return self.draft.usage + self.reading.usage

    @property
    def calls(self) -> int:
        return (1 if self.draft.usage.input_tokens else 0) + self.reading.calls

    def require_checked(self) -> CheckedDraft:
        """Return the checked draft. Raises the exception that ended the check."""
        if self.checked is None:
            raise self.fault or AssertionError("a draft without a check has the exception that ended it")
        return self.checked


async def check_draft_twice(
    draft: Draft, judge: Callable[[], DraftCheck], *, seconds: Callable[[], float], find_block: Callable[[], ModelError | None] = lambda: None,
    is_short: bool = False,
) -> ReadDraft[Draft]:
    """Return the draft as the rules, which `judge` applies in a thread unless its messages are short, and the second reading leave it.

    `seconds` is the time for the second reading, asked for once the rules are done. Raises only `ModelCallCancelled`, with the usage of the draft.
    """
    reading = SecondReading()
    try:
        check = judge() if is_short else await asyncio.to_thread(judge)
        reading = await read_again(check, seconds(), blocked=find_block())
        return ReadDraft(draft, reading.finish(check) if is_short else await asyncio.to_thread(reading.finish, check), reading)
    except ModelCallCancelled as cut:
        raise cut.add_usage(draft.usage) from None
    except asyncio.CancelledError:
        raise ModelCallCancelled(draft.usage + reading.usage) from None
    except Exception as fault:
        return ReadDraft(draft, None, reading, fault)


def outcome_of_reading(claim: JobClaim, reading: SecondReading, context: RunContext) -> Outcome | None:
    """Return the outcome of an attempt whose claims wait for their second reading, as after any failed call; None if none waits."""
    if reading.error is None:
        return None
    if reading.is_account_wide:
        context.note_error(reading.error)
    error = reading.error
    return outcome_after_failure(claim, error.code, retry_after=error.retry_after, affects_all_users=reading.is_account_wide, reply=error.reply)
