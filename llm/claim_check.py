"""Second readings: the model says for each claim of a draft whether the statements that it was made from say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from llm import delimiters, prices, prompts, providers, tokens
from llm.errors import ModelCallCancelled, ModelError
from llm.messages import ChatMessage
from llm.structured import complete_structured
from llm.usage import Usage

PROMPT_VERSION: Final = "check/1"
MAX_OUTPUT_TOKENS: Final = 2_000
"""Twice the tokens of the answers to as many claims as fit into `MAX_CLAIM_TOKENS`."""
MAX_CLAIM_TOKENS: Final = 12_000
"""Tokens of the claims and their statements in one call. Claims beyond are not sent, so they get no answer."""


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A statement of the user, with the sentences before and after it; "" without any."""

    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineClaim:
    """A line of a diary, under a number that is unique in its request."""

    number: int
    kind: str
    text: str
    statements: tuple[ReadStatement, ...]


@dataclass(frozen=True, slots=True)
class ValueClaim:
    """A value of a profile, under a number that is unique in its request. `holds` is false for a value that is said not to hold (any more)."""

    number: int
    slot: str
    guide: str
    value: str
    holds: bool
    statements: tuple[ReadStatement, ...]


Claim = LineClaim | ValueClaim


@dataclass(frozen=True, slots=True)
class ClaimAnswers:
    """The answers by the claims' numbers; a claim that the model left out has none."""

    answers: Mapping[int, str]
    prompt_version: str
    model: str
    usage: Usage


async def check_claims(claims: Sequence[Claim], *, seed: bytes, timeout: float) -> ClaimAnswers:
    """Return the model's answers about the claims, in one call and at most one repair. `timeout` bounds both, in seconds.

    `seed` is the seed of the delimiters of this prompt version. Raises ModelError and ModelCallCancelled, whose usage includes both calls; ValueError
    without claims.
    """
    if not claims:
        raise ValueError("a second reading needs at least one claim")
    from llm.outputs import CheckOutput  # imports pydantic, which no chat needs

    kept, messages = compose(claims, seed=seed)
    try:
        found = await complete_structured(messages, CheckOutput, max_tokens=MAX_OUTPUT_TOKENS, timeout=timeout, purpose="check")
    except (ModelError, ModelCallCancelled) as error:
        error.usage = _priced(error.usage)
        raise
    known = {str(claim.number): claim.number for claim in kept}
    answers = {known[name]: answer for name, answer in found.output.answers.items() if name in known}
    return ClaimAnswers(answers, PROMPT_VERSION, found.model, _priced(found.usage))


def compose(claims: Sequence[Claim], *, seed: bytes) -> tuple[Sequence[Claim], list[ChatMessage]]:
    """Return the claims that fit into one call, at least one, and its prompt: instructions that are the same for all users, then the data."""
    kept, statements, items = _fitting(claims)
    guides = {claim.slot: claim.guide for claim in kept if isinstance(claim, ValueClaim)}
    border, block = delimiters.fence_sections(
        seed,
        {
            "statements": [_statement(number, statement) for statement, number in statements.items()],
            "slots": [f"{slot}: {guide}" for slot, guide in guides.items()],
            "claims": items,
        },
    )
    prompt = prompts.load(PROMPT_VERSION)
    data = prompt.data.substitute(border=border, block=block, count=len(kept))
    return kept, [{"role": "system", "content": prompt.instructions.substitute()}, {"role": "user", "content": data}]


def _fitting(claims: Sequence[Claim]) -> tuple[list[Claim], dict[ReadStatement, int], list[object]]:
    kept: list[Claim] = []
    statements: dict[ReadStatement, int] = {}
    items: list[object] = []
    left = MAX_CLAIM_TOKENS
    for claim in claims:
        fresh = [statement for statement in dict.fromkeys(claim.statements) if statement not in statements]
        numbered = {statement: len(statements) + number for number, statement in enumerate(fresh, start=1)}
        item = _item(claim, {**statements, **numbered})
        left -= sum(tokens.count(delimiters.line(_statement(number, statement))) for statement, number in numbered.items())
        left -= tokens.count(delimiters.line(item))
        if left < 0 and kept:
            break
        statements.update(numbered)
        kept.append(claim)
        items.append(item)
    return kept, statements, items


def _item(claim: Claim, statements: Mapping[ReadStatement, int]) -> dict[str, object]:
    by = [statements[statement] for statement in dict.fromkeys(claim.statements)]
    if isinstance(claim, LineClaim):
        return {"id": claim.number, "in": by, "line": claim.kind, "says": claim.text}
    return {"id": claim.number, "in": by, "slot": claim.slot, "says": claim.value, "holds": claim.holds}


def _statement(number: int, statement: ReadStatement) -> dict[str, object]:
    around = {"before": statement.before, "text": statement.text, "after": statement.after}
    return {"id": number, **{name: text for name, text in around.items() if text}}


def _priced(usage: Usage) -> Usage:
    """Return the usage with its cost at the price of the model that checks, which may be another one than that of all other calls."""
    return prices.add_cost(usage, endpoint=providers.current("check"))
