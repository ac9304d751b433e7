"""Neighbours of messages, as one statement finds them and as the conversations have them."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from persistence import database
from persistence.models import Message, User
from persistence.queries.search import SearchRange, find_neighbors
from tests import seeds
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

REACH = 2


async def _conversations(user: User) -> list[list[Message]]:
    """Store conversations of 1, 2 and 7 messages on the same day, and one on the next; two of the third may not be recalled."""
    talks = [await seeds.said(user, DAY, *(f"{size} {number}" for number in range(size))) for size in (1, 2, 7)]
    talks.append(await seeds.said(user, DAY + timedelta(days=1), "next day", "and its end"))
    async with database.transaction() as session:
        for message in talks[2][3:5]:
            (await session.merge(message)).withdrawn = True
    return talks


def _expected(talks: Sequence[Sequence[Message]], seeds: Sequence[Message]) -> set[tuple[str, int, str]]:
    found = set()
    for talk in talks:
        shown = [message for message in talk if message.content not in ("7 3", "7 4")]
        for place, message in enumerate(shown):
            around = range(max(place - REACH, 0), min(place + REACH + 1, len(shown)))
            found |= {(str(message.id), other - place, str(shown[other].id)) for other in around if other != place}
    return {item for item in found if item[0] in {str(seed.id) for seed in seeds}}


async def test_find_neighbours_finds_those_of_each_seed_within_its_conversation() -> None:
    ann, other = await seeds.person("ann"), await seeds.person("other")
    talks = await _conversations(ann)
    await seeds.said(other, DAY, "another's", "words")
    asked = [talks[0][0], talks[1][0], talks[2][2], talks[2][6], talks[3][0]]
    async with database.connection() as connection:
        found = await find_neighbors(connection, ann.id, [str(seed.id) for seed in asked], span=SearchRange(), reach=REACH)
    assert {(seed, step, id) for seed, step, id in found.steps} == _expected(talks, asked)
    assert len(found.steps) == len(_expected(talks, asked))
    told = {message.id: message.content for message in found.messages}
    assert told == {str(message.id): message.content for talk in talks for message in talk if str(message.id) in
                    {id for _, _, id in _expected(talks, asked)} - {str(seed.id) for seed in asked}}  # fmt: skip


async def test_find_neighbours_with_a_range_finds_only_older_messages_and_those_of_its_days() -> None:
    ann = await seeds.person()
    talks = await _conversations(ann)
    last, first = talks[2][6], talks[2][5]
    async with database.connection() as connection:
        older = await find_neighbors(connection, ann.id, [str(first.id)], span=SearchRange(before=last.id), reach=REACH)
        outside = await find_neighbors(connection, ann.id, [str(first.id)], span=SearchRange(first=DAY + timedelta(days=1)), reach=REACH)
    assert [(step, id) for _, step, id in sorted(older.steps)] == [(-2, str(talks[2][1].id)), (-1, str(talks[2][2].id))]
    assert (outside.steps, outside.messages) == ([], [])
