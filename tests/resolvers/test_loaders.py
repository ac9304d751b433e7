"""Loaders: one statement for all keys, and only rows of the user."""
import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from persistence.models.diary import LineKind
from persistence.queries.diary_reads import WantedDay
from resolvers.loaders import Loaders
from tests import seeds
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def test_loader_concurrent_keys_are_loaded_by_one_statement_in_order():
    ann = await seeds.person()
    days = [DAY + timedelta(days=number) for number in range(3)]
    stored = [await seeds.whole_day(ann, day) for day in days]
    loaders = Loaders(ann.id)
    with seeds.statements() as seen:
        found = await asyncio.gather(*(loaders.diary_by_day.load(WantedDay(day, ())) for day in [*days, DAY - timedelta(days=1)]))
    assert [entry and entry.id for entry in found] == [*stored, None]
    assert len(seen) == 1


async def test_lines_loader_of_many_diaries_loads_lines_and_quotes_in_one_statement():
    ann = await seeds.person()
    first, second = await seeds.whole_day(ann, DAY), await seeds.whole_day(ann, DAY + timedelta(days=1))
    loaders = Loaders(ann.id)
    with seeds.statements() as seen:
        found = await loaders.lines.load_many([(second, 1), (first, 1), (first, 2)])
    assert len(seen) == 1
    assert [len(lines) for lines in found] == [4, 4, 0]
    assert [line.kind for line in found[1]] == [LineKind.SUMMARY, LineKind.HIGHLIGHT, LineKind.ACTIVITY, LineKind.EMOTION]
    assert [[quote.quote for quote in line.evidence] for line in found[0]] == [
        ["ran 5 km"], ["I ran 5 km before work", "很开心"], ["ran"], ["开心"],
    ]  # fmt: skip
    assert {quote.message_id for line in found[0] for quote in line.evidence}.isdisjoint(
        quote.message_id for line in found[1] for quote in line.evidence
    )


async def test_signals_loader_withdrawn_quotes_and_unsupported_signals_are_omitted():
    ann = await seeds.person()
    kept, withdrawn = await seeds.said(ann, DAY, "I love tea", "I live in Hangzhou, with tea")
    signals = [
        seeds.signal("identity.home", "Hangzhou", seeds.quote(withdrawn)),
        seeds.signal("preferences.food", "tea", seeds.quote(withdrawn, "tea"), seeds.quote(kept)),
    ]
    diary_id = await seeds.diary(ann, DAY, signals=signals)
    await seeds.withdraw_quotes(withdrawn)
    [found] = await Loaders(ann.id).signals.load((diary_id, 1))
    assert (found.value, [quote.quote for quote in found.evidence]) == ("tea", ["I love tea"])


@pytest.mark.parametrize("loader", ["diary", "message", "conversation", "profile_value", "change", "versions", "lines", "signals"])
async def test_loader_row_of_another_user_is_missing_like_an_unknown_key(loader: str):
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    diary_id = await seeds.whole_day(ann, DAY)
    [message] = await seeds.said(ann, DAY, "I live in Hangzhou")
    value = await seeds.value(ann, "identity.home", "Hangzhou", message)
    change = await seeds.change(ann, "identity.home", "Hangzhou")
    key = {
        "diary": diary_id, "versions": diary_id, "lines": (diary_id, 1), "signals": (diary_id, 1), "message": message.id,
        "conversation": message.conversation_id, "profile_value": value.id, "change": change.id,
    }[loader]  # fmt: skip
    never = (uuid4(), 1) if isinstance(key, tuple) else uuid4()
    theirs, nobodys = await getattr(Loaders(bob.id), loader).load_many([key, never])
    assert not theirs and theirs == nobodys
    assert await getattr(Loaders(ann.id), loader).load(key)


@pytest.mark.parametrize("loader", ["quotes", "changes", "profile_value_by_key"])
async def test_loader_by_slot_and_value_of_another_user_returns_nothing(loader: str):
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await seeds.whole_day(ann, DAY)
    await seeds.value(ann, "identity.home", "Hangzhou")
    await seeds.change(ann, "identity.home", "Hangzhou")
    assert await getattr(Loaders(ann.id), loader).load(("identity.home", "hangzhou"))
    assert not await getattr(Loaders(bob.id), loader).load(("identity.home", "hangzhou"))
