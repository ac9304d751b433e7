"""`python -m bench.check_tokens [PATH …]`: the tokens that second readings add to a night, over every day of sample chats (default: dev/samples).

Each day's diary is drafted by the offline model and checked by the rules. A PATH is a file in MemoryBank's format, as those of dev/samples are.
The offline model writes the user's own sentences, so the rules decide nearly all of its claims. A model that paraphrases leaves more of them undecided:
the further rows count the days as if a share of each draft's claims, chosen by a fixed seed, were undecided. Tokens are counted by `llm.tokens`, of
prompts and answers; a provider's prompt cache serves the instructions of both prompts at a lower price.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from rich.console import Console
from rich.table import Table

import llm.client
from bench.truth.second_reading import endpoint
from dev.samples import SAMPLE
from jobs.prompt_slots import slot_guides
from jobs.rules.diary.draft_check import DraftCheck
from jobs.rules.diary.drafts import CheckedLine, CheckedSignal, SourceMessage, Statement, UndecidedClaim
from jobs.second_reading import to_claim
from llm import claim_check, tokens
from llm.diary import DayMessage, DayRequest, DiaryDraft, write_diary

SHARES: Final = (0.1, 0.25, 0.5, 1.0)
ANSWER_TOKENS: Final = 8
"""Tokens of one claim's answer, such as `"12": "ABOUT_SOMEBODY_ELSE", `, rounded up."""
DAY: Final = date(2026, 3, 2)


@dataclass(frozen=True)
class Night:
    """A day's draft, with the tokens of its prompt and answer, its claims for a second reading, and all that could be such claims."""

    draft: int
    undecided: Sequence[UndecidedClaim]
    claims: Sequence[UndecidedClaim]

    def check(self, share: float | None) -> int:
        """Return the tokens of the second reading; of a share of all claims instead of those that the rules left undecided."""
        asked = self.undecided if share is None else [claim for claim in self.claims if random.Random(f"{self.draft} {claim.number}").random() < share]
        if not asked:
            return 0
        kept, prompt = claim_check.compose([to_claim(claim) for claim in asked], seed=b"bench")
        return sum(map(tokens.count_message, prompt)) + ANSWER_TOKENS * len(kept) + ANSWER_TOKENS


async def _nights(document: Mapping[str, Mapping[str, Sequence[Any]]]) -> list[Night]:
    return [await _night(exchanges) for person in document.values() for exchanges in person.values() if any(exchange.get("query") for exchange in exchanges)]


async def _night(exchanges: Sequence[Any]) -> Night:
    told = [(role, str(text)) for exchange in exchanges for role, text in (("user", exchange.get("query")), ("assistant", exchange.get("response"))) if text]
    starts = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=timezone.utc)
    said = [DayMessage(number, "user" if role == "user" else "assistant", starts, text) for number, (role, text) in enumerate(told, start=1)]
    sources = [SourceMessage(message.number, UUID(int=message.number), message.role == "user", DAY, message.content) for message in said]
    draft = await write_diary(DayRequest(DAY, "UTC", starts, starts + timedelta(days=1), "en", "Ann", said, slot_guides()), seed=b"bench", timeout=120)
    check = await asyncio.to_thread(DraftCheck, draft.lines, draft.signals, sources, DAY)
    return Night(draft.usage.input_tokens + draft.usage.output_tokens, check.undecided, _all_claims(check, draft))


def _all_claims(check: DraftCheck, draft: DiaryDraft) -> list[UndecidedClaim]:
    kept = check.finish()
    made: list[CheckedLine | CheckedSignal] = [*kept.lines, *kept.signals]
    statements = [tuple(Statement(quote.text, quote.text[:100], quote.text[:100]) for quote in claim.evidence) for claim in made]
    return [UndecidedClaim(number, claim, told) for number, (claim, told) in enumerate(zip(made, statements), start=1)]


def main(paths: Sequence[str]) -> None:
    files = [Path(path) for path in paths] or [SAMPLE / f"{locale}.json" for locale in ("en", "zh-CN")]
    headings = ("chats", "days", "claims a day", "undecided", "days with a second reading", "more tokens")
    table = Table(*headings, *(f"if {share:.0%} were undecided" for share in SHARES))
    for file in files:
        with endpoint("offline"):
            nights = asyncio.run(_closing(json.loads(file.read_text(encoding="utf-8"))))
        claims = sum(len(night.claims) for night in nights)
        undecided = sum(len(night.undecided) for night in nights)
        read = sum(bool(night.undecided) for night in nights)
        shown = [f"{sum(night.check(share) for night in nights) / sum(night.draft for night in nights):.1%}" for share in (None, *SHARES)]
        table.add_row(file.stem, str(len(nights)), f"{claims / len(nights):.1f}", f"{undecided / claims:.1%}", f"{read / len(nights):.1%}", *shown)
    Console(width=200).print(table)


async def _closing(document: Mapping[str, Mapping[str, Sequence[Any]]]) -> list[Night]:
    try:
        return await _nights(document)
    finally:
        await llm.client.close()


if __name__ == "__main__":
    main(sys.argv[1:])
