# ruff: noqa: E501 - cases are one line each
"""Export and import of users' own and sensitive slots: the same state in another account, older files, and files that name slots which are not open."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from jobs.profile_update import update_profile
from jobs.rules.own_slots import MAX_OWN_SLOTS, own_key
from persistence import database
from persistence.models import OwnSlot, ProfileValue, Signal, User
from resolvers import account, portability, profile_slots, profile_verdicts
from resolvers.errors import InvalidInput
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.portable import portable
from tests.resolvers.chat.chat_setup import context_of
from tests.seeds import DAY, quote, said, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def user_with_slots(name: str = "ann") -> User:
    """Create a user with an own slot and a sensitive slot, each with a learned value and the own one with a value that was set."""
    ann = await seeds.person(name)
    ann = await account.update(ann, {"sensitive_slots": ["identity.allergies"]})  # type: ignore[assignment] # the row of the user
    made = await profile_slots.create_slot(await context_of(ann), name="鞋码", many=True, half_life_days=None, guide="What I wear")
    shoes, nuts = await said(ann, DAY, "我的鞋码是42。", "I'm allergic to nuts.")
    signals = [signal(own_key(made.id), "42", quote(shoes)), signal("identity.allergies", "nuts", quote(nuts))]
    await seeds.diary(ann, DAY, [], signals, messages=2)
    async with database.transaction() as session:
        await update_profile(session, ann.id, reason="NIGHT")
    await profile_verdicts.set_value(await context_of(ann), own_key(made.id), "43")
    return ann


async def values_of(user: User) -> set[tuple[str, str]]:
    return {(row.slot, row.value) for row in await rows(ProfileValue, ProfileValue.user_id == user.id)}


async def test_import_of_an_export_restores_own_and_sensitive_slots():
    ann, bob = await user_with_slots(), await seeds.person("bob")
    file = await portability.export_json(ann)
    await portability.import_json(bob, file)
    [bob] = await rows(User, User.id == bob.id)
    assert portable(await portability.export_json(bob)) == portable(file)
    assert await values_of(bob) == await values_of(ann) and len(await values_of(ann)) == 3
    [slot] = await rows(OwnSlot, OwnSlot.user_id == bob.id)
    assert (slot.name, slot.many, slot.half_life_days, slot.guide, bob.sensitive_slots) == ("鞋码", True, None, "What I wear", ["identity.allergies"])
    receipt = await profile_slots.delete_slot(await context_of(bob), slot.id)
    assert (receipt.values_removed, receipt.signals_removed) == (2, 1) and len(await values_of(ann)) == 3


async def test_markdown_export_names_an_own_slot():
    markdown = await portability.export_markdown(await user_with_slots())
    assert "- **鞋码**: 42" in markdown and "own." not in markdown


async def test_import_json_of_a_file_from_before_slots_of_users_leaves_them_empty():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.whole_day(ann, DAY)
    file = json.loads(await portability.export_json(ann))
    del file["own_slots"], file["account"]["sensitive_slots"]
    await portability.import_json(bob, json.dumps({**file, "format": "unilife/4"}))
    assert await rows(OwnSlot, OwnSlot.user_id == bob.id) == [] and len(await rows(Signal, Signal.user_id == bob.id)) == 2


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(("change", "says"), [
    (lambda file: file["account"].update(sensitive_slots=[]), "signals[1].slot is neither on"),
    (lambda file: file.update(own_slots=[]), "signals[0].slot is neither on in account.sensitive_slots nor among own_slots"),
    (lambda file: file["account"].update(sensitive_slots=["identity.allergies", "identity.home"]), "sensitiveSlots must be"),
    (lambda file: file["account"].update(sensitive_slots="identity.health"), "account.sensitive_slots is"),
    (lambda file: file["account"].update(sensitive_slots=[["identity.health"]]), "account.sensitive_slots[0] is"),
    (lambda file: file["account"].pop("sensitive_slots"), "account lacks the members sensitive_slots"),
    (lambda file: file["own_slots"][0].update(name="a\u200bb"), "own_slots[0].name is invalid: name has the character U+200B"),
    (lambda file: file["own_slots"][0].update(name="Birthday"), "own_slots[0].name"),
    (lambda file: file["own_slots"][0].update(name="x" * 41), "own_slots[0].name"),
    (lambda file: file["own_slots"][0].update(guide="x" * 201), "own_slots[0].guide"),
    (lambda file: file["own_slots"][0].update(half_life_days=0), "own_slots[0].half_life_days"),
    (lambda file: file["own_slots"].append({**file["own_slots"][0], "id": "01900000-0000-7000-8000-000000000001"}), "own_slots[1] has the same name as an earlier row"),
    (lambda file: file["own_slots"].extend({**file["own_slots"][0], "id": f"01900000-0000-7000-8000-0000000000{number:02}", "name": f"Slot {number}"} for number in range(MAX_OWN_SLOTS)), "the limit is 20"),
    (lambda file: file["signals"][0].update(slot="own.1"), "is not a profile slot"),
])  # fmt: skip
async def test_import_json_of_a_file_with_a_slot_that_is_not_open_or_not_valid_changes_nothing(change: Change, says: str):
    ann, bob = await user_with_slots(), await seeds.person("bob")
    file = json.loads(await portability.export_json(ann))
    file["signals"].sort(key=lambda row: not row["slot"].startswith("own."))
    change(file)
    before = await everything()
    with pytest.raises(InvalidInput) as refusal:
        await portability.import_json(bob, json.dumps(file))
    assert says in refusal.value.message and await everything() == before
