from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields

from dev.demo.script import PEOPLE
from dev.slot_names import NAMES, STATUSES
from dev.workspace import ROOT
from graph.types.profile_slots import ProfileSlot
from jobs.rules.slots import SLOTS
from persistence.models.profile import ValueStatus
from settings import Settings


def test_slot_names_cover_the_declared_slots_and_statuses_in_both_languages() -> None:
    assert set(NAMES) == {slot.name for slot in ProfileSlot} and set(STATUSES) == {status.value for status in ValueStatus}
    for language in (0, 1):
        names = [pair[language] for pair in NAMES.values()]
        assert len(set(names)) == len(names) and all(names)


def test_demo_without_settings_or_terminal_shows_diaries_profiles_and_answers_and_ends() -> None:
    """Run in a shell without settings and without a terminal."""
    ours = {field.name.upper() for field in fields(Settings)}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    outcome = subprocess.run(
        [sys.executable, "-m", "dev", "demo"], cwd=ROOT, env={**environment, "COLUMNS": "200"}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    shown = outcome.stdout
    assert [int(failed) for failed in re.findall(r"items succeeded, (\d+) failed", shown)] == [0] * len(PEOPLE[0].days)
    for person in PEOPLE:
        for day in person.days:
            assert all(said.words in shown for said in day)
    assert re.search(r"“I live in Bristol and I work as a nurse at the children's hospital.”", shown)
    assert re.search(r"\d{4}-\d\d-\d\d  I have my driving test in two weeks\.", shown) and re.search(r"\d{4}-\d\d-\d\d  两周后我要参加摄影比赛", shown)
    assert re.search(r"Lives in\s*│ Bath\s*│ 0\.\d+\s*│ active", shown) and re.search(r"Lives in\s*│ Bristol\s*│ 0\.\d+\s*│ superseded", shown)
    assert not [key for key in SLOTS if key in shown or key.replace(".", " ").replace("_", " ") in shown or key.upper().replace(".", "_") in shown]
    assert re.search(r"居住地\s*│ 杭州\s*│ 0\.\d+\s*│ 成立\s*│ \d{4}-\d\d-\d\d “我住在杭州", shown)
    told = {person.nickname: shown.rpartition(person.question)[2].partition("───")[0] for person in PEOPLE}
    assert "Bath" in told["Emma"] and "Bristol" not in told["Emma"] and "杭州" in told["李伟"]
    assert "profile: Occupation: nurse “I live in Bristol" in shown and re.search(r"search: \d{4}-\d\d-\d\d “I decided to talk to my manager", shown)
    assert re.search(r"outdated: Occupation: nurse .*→ superseded", shown) and re.search(r"outdated: 职业: 软件工程师 .*→ 已被取代", shown)
    for wish, remembered, active, rejected in (
        (PEOPLE[0].wish, "Languages: Portuguese", "active", "rejected"), (PEOPLE[1].wish, "语言: 粤语", "成立", "已否定")
    ):
        assert re.search(rf"{wish}\n.*\nremember, done: {remembered}\s+→ {active}\nremember, undone: {remembered}\s+→ {rejected}", shown)
    assert not re.search(r"^- \[", shown, re.MULTILINE), "a time is shown as if it were a sentence of the user's"
    assert "Occupation: nurse" not in told["Emma"] and "职业: 软件工程师" not in told["李伟"]
