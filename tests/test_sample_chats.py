"""Sample chats of several users, ten days each, in Chinese and English, from the import through the nightly jobs.

The repository's own sample is always tested; a larger one beside the repository only where it exists.
"""
from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from dev.imports.command import import_for, language
from dev.samples import SAMPLE
from persistence import database
from persistence.ids import uuid7
from persistence.models import (
    ActiveDay,
    Diary,
    DiaryLine,
    DiaryVersion,
    LineEvidence,
    Message,
    ProfileValue,
    Signal,
    SignalEvidence,
    User,
)
from persistence.models.chat import MessageRole
from persistence.models.diary import Origin
from persistence.queries.account import delete_user
from resolvers import portability
from resolvers.imports import memorybank
from resolvers.imports.records import ParsedConversation
from resolvers.profile import get_profile
from tests.jobs.job_setup import ModelServer, everything, night, rows
from tests.portable import portable

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

Chats = dict[str, dict[str, list[dict[str, str]]]]
SAMPLES = [("sample", "何敏"), ("sample", "Nora"), ("extra_samples", "张曼婷"), ("extra_samples", "Henry")]
"""Pairs of a sample and a user in it."""


@pytest.fixture
async def model(model_server: str) -> ModelServer:
    server = ModelServer(model_server)
    await server.reset()
    return server


@pytest.fixture
def chats(request: pytest.FixtureRequest) -> Chats:
    """Return the chats of the sample that is the parameter: by user, then by day."""
    folder = SAMPLE if request.param == "sample" else request.getfixturevalue("extra_samples") / "data" / "memorybank"
    paths = sorted(folder.glob("*.json"))
    return {person: days for path in paths for person, days in json.loads(path.read_text(encoding="utf-8")).items()}


def read(chats: Chats, person: str) -> list[ParsedConversation]:
    return list(memorybank.read(chats, memorybank.choose_person(chats, person)))


async def _import_all_users(chats: Chats) -> None:
    for person in chats:
        reading = read(chats, person)
        user = User(id=uuid7(), email=f"{uuid7()}@example.org", password_hash="-", nickname=person.strip(), time_zone="Asia/Shanghai",
                    locale=language(record for parsed in reading for record in parsed.records))
        async with database.transaction() as session:
            session.add(user)
        await import_for(user, reading)


def test_sample_files_contain_three_users_or_more_with_ten_days_each_in_one_language() -> None:
    for path in SAMPLE.glob("*.json"):
        people: Chats = json.loads(path.read_text(encoding="utf-8"))
        assert len(people) >= 3 and {language(record for parsed in read(people, person) for record in parsed.records) for person in people} == {path.stem}
        assert all(len(days) == 10 and all(exchange["query"] and exchange["response"] for day in days.values() for exchange in day) for days in people.values())


@pytest.mark.parametrize("chats", ["sample", "extra_samples"], indirect=True)
async def test_nightly_jobs_of_imported_samples_write_every_active_day_with_exact_quotes(model: ModelServer, chats: Chats) -> None:
    await _import_all_users(chats)
    summary = await night(seconds=600.0)
    assert (summary.failed, summary.pending, summary.stopped_because) == (0, 0, None)

    messages = {message.id: message for message in await rows(Message)}
    wrote = {(message.user_id, message.day) for message in messages.values() if message.role is MessageRole.USER}
    diaries = {diary.id: diary for diary in await rows(Diary)}
    assert len({user_id for user_id, _ in wrote}) == len(chats)
    assert len(wrote) == sum(any((exchange.get("query") or "").strip() for exchange in day) for days in chats.values() for day in days.values())
    assert {(diary.user_id, diary.day) for diary in diaries.values()} == wrote
    assert {version.origin for version in await rows(DiaryVersion)} == {Origin.MODEL}
    assert all(day.diary_revision == day.revision for day in await rows(ActiveDay))

    lines = {line.id: line for line in await rows(DiaryLine)}
    evidence = await rows(LineEvidence)
    assert {item.line_id for item in evidence} == set(lines)
    for item in evidence:
        message, line = messages[item.message_id], lines[item.line_id]
        assert message.role is MessageRole.USER and message.user_id == item.user_id == line.user_id
        assert message.content[item.start : item.start + len(item.quote)] == item.quote
        assert message.day == diaries[line.diary_id].day
    signals = {signal.id: signal for signal in await rows(Signal)}
    proofs = await rows(SignalEvidence)
    assert {proof.signal_id for proof in proofs} == set(signals)
    for proof in proofs:
        message = messages[proof.message_id]
        assert message.role is MessageRole.USER and message.content[proof.start : proof.start + len(proof.quote)] == proof.quote
    values = await rows(ProfileValue)
    assert len({value.user_id for value in values}) >= len(chats) * 3 / 4
    assert all(messages[message_id].user_id == value.user_id for value in values for message_id in value.evidence)

    before, calls = {**await everything(), "search_states": None}, await model.calls()
    assert (await night()).run_id is None
    assert {**await everything(), "search_states": None} == before and await model.calls() == calls


@pytest.mark.parametrize(("chats", "person"), SAMPLES, indirect=["chats"])
async def test_account_export_import_and_delete_move_all_data_and_leave_no_row(model: ModelServer, chats: Chats, person: str) -> None:
    """The second export equals the first, the profile of every day is the same, and the deleted account leaves no row."""
    here, there = [
        User(id=uuid7(), email=f"{which}@example.org", password_hash="-", nickname=which, time_zone="Asia/Shanghai", locale="en") for which in ("here", "there")
    ]
    async with database.transaction() as session:
        session.add_all([here, there])
    await import_for(here, read(chats, person))
    assert (await night(seconds=600.0)).failed == 0
    while (await night(seconds=600.0)).run_id is not None:
        pass
    file = await portability.export_json(here)
    assert json.loads(file)["profile_values"] and len(json.loads(file)["diaries"]) == 10
    await portability.import_json(there, file)
    [arrived] = await rows(User, User.id == there.id)
    assert portable(await portability.export_json(arrived)) == portable(file)
    first = date.fromisoformat(min(chats[person]))
    for day in [None, *(first + timedelta(days=number) for number in range(11))]:
        was, now = [(await get_profile(user, day)).values for user in (here, arrived)]
        assert [value._replace(id=None) for value in now] == [value._replace(id=None) for value in was]  # the id of a past value belongs to its user
    async with database.transaction() as session:
        assert await delete_user(session, here.id, here.password_hash)
    left = {table: [row for row in kept if any(str(here.id) in cell for cell in row)] for table, kept in (await everything()).items()}
    assert not any(left.values()), left
    assert portable(await portability.export_json(arrived)) == portable(file)


@pytest.mark.parametrize("chats", ["sample"], indirect=True)
async def test_import_chats_of_the_same_file_again_adds_nothing(model: ModelServer, chats: Chats) -> None:
    user = User(id=uuid7(), email="again@example.org", password_hash="-", nickname="Priya", time_zone="UTC", locale="en")
    async with database.transaction() as session:
        session.add(user)
    first = await import_for(user, read(chats, "Priya"))
    before = {**await everything(), "search_states": None}  # the second import makes sure of the search terms, up to another message
    second = await import_for(user, read(chats, "Priya"))
    assert (second.messages, second.already_there) == (0, first.messages) and first.messages > 0
    assert {**await everything(), "search_states": None} == before
