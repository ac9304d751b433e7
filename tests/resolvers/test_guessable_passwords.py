"""Guessable passwords: recognised with the reason, while phrases of words are accepted."""
from __future__ import annotations

import subprocess
import sys

import pytest

from dev.workspace import ROOT
from resolvers.guessable_passwords import LIST, find_reason

EMAIL = "ann.lovelace@mill-house.example.org"
NAMES = ["Ann", "李小明明"]

REPEATED = ["a" * 15, "ab" * 8, "abcabcabcabcabca", "passwordpassword", "k7Qm k7Qm k7Qm k7Qm", "我爱你" * 5, "-" * 20 + "a", "5201314520131452", "x9q!kM2p" * 2]
ROWS = [
    "abcdefghijklmnop", "zyxwvutsrqponmlk", "ABCDEFGHabcdefgh1", "123456789012345", "098765432109876", "qwertyuiopasdfgh", "poiuytrewqlkjhgf",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i", "qazwsxedcrfvtgb", "1122334455667788", "aaabbbcccdddeee", "１２３４５６７８９０１２３４５", "!@#$%^&*()_+!@#",
    "一二三四五六七八九十一二三四五", "1234-5678-9012-3456",
]  # fmt: skip
COMMON = [
    "password12345678", "Password1234567!", "PASSWORD 20262026", "p@ssw0rd12345678", "P@$$w0rd!2026!!!", "p.a.s.s.w.o.r.d", "2026password2026",
    "iloveyou12345678",
    "letmeinletmein1", "administrator2026", "qwertyPassword1", "sunshine princess", "monkeydragon1234", "superman19840607", "changeme!changeit",
    "woaini1314woaini", "woaini1314520520",
    "WoAiNi5201314520", "5201314woaini99", "wodemima12345678", "zhongguo20261001", "shengrikuaile2026", "qq123456789qq12",
    "ｐａｓｓｗｏｒｄ１２３４５６７８", "床前明月光疑是地上霜20260101", "iamyourfather2026",
]  # fmt: skip
OWN = [
    "unilifeunilife1", "UniLife-2026-2026", "my.unilife.2026.", "ann.lovelace1815", "AnnLovelace12345", "lovelace lovelace 1", "ecalevol.nna2026",
    "millhouse20262026", "example mill house",
    "mill-house.example", "ann.lovelace@mill-house.example.org", "Ann@unilife 2026", "李小明明20261128unilife", "4nn.l0vel4ce.1815",
]  # fmt: skip
TAKEN = [
    "correct horse battery", "a kettle sings at dawn", "x7Kq92mVb3LpWz0", "monkey dragon sunshine river", "ann loves long walks on the beach",
    "my password is a heron",
    "unilife keeps what I told it", "wombat-turnip-glacier", "woaichiyuxihuanpashan", "今天下雨我在家里喝茶看书听音乐", "847261950374825",
    "~%&}{[]^*?<>;:/", "qA9$kd!2mZ#x8Lp@",
    "never-Again-1815-Bicycles", "пять зелёных чайников",
]  # fmt: skip


@pytest.mark.parametrize(("passwords", "reason"), [(REPEATED, "repeats"), (ROWS, "neighbouring keys"), (COMMON, "common"), (OWN, "the e-mail address")])
def test_find_reason_guessable_password_returns_the_reason(passwords: list[str], reason: str):
    found = {password: find_reason(password, email=EMAIL, names=NAMES) for password in passwords}
    assert {password: said for password, said in found.items() if said is None or reason not in said} == {}


@pytest.mark.parametrize("password", TAKEN)
def test_find_reason_phrase_or_random_characters_returns_none(password: str):
    assert find_reason(password, email=EMAIL, names=NAMES) is None


@pytest.mark.parametrize("password", ["ann.lovelace1815", "millhouse20262026"])
def test_find_reason_name_of_another_user_returns_none(password: str):
    assert find_reason(password, email="bob@elsewhere.example") is None


def test_find_reason_listed_password_with_a_year_returns_a_reason():
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) > 5000 and len([line for line in lines if len(line) >= 8]) > 3000
    assert [line for line in lines[::25] if find_reason(f"{line.title()} 2026!", email="bob@elsewhere.example") is None] == []


def test_common_passwords_list_on_import_is_not_read():
    script = (
        "import sys; from resolvers import account, passwords; before = 'resolvers.guessable_passwords' in sys.modules\n"
        "import resolvers.guessable_passwords as found; print(before, found._common.cache_info().currsize)"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.split() == ["False", "0"]
