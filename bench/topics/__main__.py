"""Measure the rules for topics that are never kept: the share of statements that they find, and of other texts that they take for one by mistake.

Each topic has a hundred statements in each language, written for this measurement. The rules were made with every other one at hand; the others were held out.
Further sets were each run once before the rules were widened by what they missed. From the fifth on they also have names and texts of no topic.

    python -m bench.topics
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobs.rules.memory import TOPICS
from jobs.rules.topics.topic_filter import TopicFilter, make_topic_filter

FOLDER = Path(__file__).parent
SAMPLES = FOLDER.parent.parent / "dev" / "samples"
LANGUAGES = ("en", "zh")
FURTHER = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
"""Sets that were each run once before what they missed widened the rules."""


def read(kind: str, language: str) -> list[str]:
    """Return the statements of a kind: a topic, `name` or `neutral`."""
    return (FOLDER / f"{kind.lower()}_{language}.txt").read_text(encoding="utf-8").splitlines()


def is_found(kind: str, statement: str) -> bool:
    """Return whether the rules find a statement, a line of the files."""
    if kind == "NAME":
        name, text = statement.split("\t")
        names = make_topic_filter((), (name,))
        return names is not None and names.touches(text)
    return kind in find_topics(statement)


def find_topics(text: str) -> frozenset[str]:
    """Return the topics that a text is about."""
    return frozenset(topic for topic in TOPICS if TopicFilter([topic], None).touches(text))


def halves(kind: str, language: str) -> tuple[list[str], list[str]]:
    """Return the statements that the rules were made with, and those that were held out."""
    statements = read(kind, language)
    return statements[::2], statements[1::2]


def further(name: str, language: str) -> list[tuple[str, str]]:
    """Return the kinds (a topic, `NAME` or `NEUTRAL`) and statements of a further set."""
    lines = (FOLDER / f"{name}_{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(topic, text) for topic, _, text in (line.partition("\t") for line in lines)]


def measure(kind: str, language: str) -> Iterator[tuple[str, int, Sequence[str]]]:
    """Yield for each half its name, its size and the statements that are not found."""
    for name, half in zip(("tuned", "held out"), halves(kind, language)):
        yield name, len(half), [statement for statement in half if not is_found(kind, statement)]


def mistaken(language: str) -> list[tuple[str, list[str]]]:
    """Return the neutral statements of all sets that are taken for one of a topic, with these topics."""
    return [(text, sorted(found)) for text in neutral(language) if (found := find_topics(text))]


def neutral(language: str) -> list[str]:
    """Return the statements of no topic, of all sets."""
    return read("neutral", language) + [text for name in FURTHER for kind, text in further(name, language) if kind == "NEUTRAL"]


def missed_of(name: str, language: str) -> Iterator[tuple[str, int, Sequence[str]]]:
    """Yield for each kind of a further set but `NEUTRAL` its name, its size and the statements that are not found."""
    statements = further(name, language)
    for kind in (*TOPICS, "NAME"):
        if texts := [text for topic, text in statements if topic == kind]:
            yield kind, len(texts), [text for text in texts if not is_found(kind, text)]


def sample_texts() -> list[str]:
    """Return the sentences that users say in the sample chats."""
    found: list[str] = []
    for path in sorted(SAMPLES.glob("*.json")):
        found += _texts(json.loads(path.read_text(encoding="utf-8")))
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print the statements that are not found, without the held-out ones")
    parser.add_argument("--held-out", action="store_true", help="print those of the held-out half as well")
    options = parser.parse_args()
    for kind in (*TOPICS, "NAME"):
        for language in LANGUAGES:
            for half, size, missed in measure(kind, language):
                print(f"{kind:8} {language} {half:8} {size - len(missed)}/{size}")
                if options.misses and (half == "tuned" or options.held_out):
                    print(*(f"    {text}" for text in missed), sep="\n" if missed else "", end="\n" if missed else "")
    for name in FURTHER:
        for language in LANGUAGES:
            results = list(missed_of(name, language))
            print(f"{name} set, {language}:", ", ".join(f"{kind} {size - len(missed)}/{size}" for kind, size, missed in results))
            if options.misses:
                for _, _, missed in results:
                    print(*(f"    {text}" for text in missed), sep="\n" if missed else "", end="\n" if missed else "")
    for language in LANGUAGES:
        found = mistaken(language)
        print(f"neutral  {language} taken for a topic by mistake: {len(found)}/{len(neutral(language))}")
        if options.misses:
            print(*(f"    {text} {topics}" for text, topics in found), sep="\n")
    samples = sample_texts()
    found_topics = [(text, sorted(topics)) for text in samples if (topics := find_topics(text))]
    print(f"sample chats: {len(found_topics)}/{len(samples)} texts have a topic")
    if options.misses:
        print(*(f"    {topics} {text[:150]}" for text, topics in found_topics), sep="\n")


if __name__ == "__main__":
    main()
