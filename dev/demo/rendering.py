"""The terminal output of the demonstration."""
from __future__ import annotations

from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Column, Table
from rich.text import Text

from dev.demo.script import Person
from dev.slot_names import COLUMNS, NAMES, STATUSES, TITLE, pick

MAX_ANSWER_LENGTH = 160
"""Maximum characters of an answer that are shown while the days run."""


def show_heading(console: Console, text: str) -> None:
    console.print()
    console.rule(f"[bold]{text}")


def show_words(console: Console, person: Person, when: str, words: str, answer: str, *, whole: bool = False) -> None:
    short = answer if whole or len(answer) <= MAX_ANSWER_LENGTH else answer[:MAX_ANSWER_LENGTH].rstrip() + " …"
    console.print(Text.assemble((f"{when}  ", "dim"), (f"{person.nickname}: ", "bold cyan"), words))
    console.print(Text.assemble((" " * (len(when) + 2)), ("UniLife: ", "bold green"), short))


def show_diaries(console: Console, person: Person, diaries: list[dict[str, Any]]) -> None:
    """Show the newest day in full, with the quotes that support each line, and the summaries of the others."""
    for number, diary in enumerate(diaries):
        lines = [_line(line) for line in diary["lines"] if number == 0 or line["kind"] == "SUMMARY"]
        mood = f", mood {diary['mood']} of 5" if diary["mood"] else ""
        console.print(Panel(Group(*lines), title=f"{person.nickname}, {diary['date']}{mood}", title_align="left"))


def _line(line: dict[str, Any]) -> Text:
    quotes = "  ".join(f"“{found['quote']}”" for found in line["evidence"])
    return Text.assemble((f"{line['kind'].lower().replace('_', ' ')}: ", "bold"), line["text"], "\n  ", (quotes, "dim italic"))


def show_events(console: Console, events: list[dict[str, Any]]) -> None:
    """Show each event with its day, and the quotes that tell of it with theirs."""
    for event in events:
        quotes = "  ".join(f"“{found['quote']}”" for found in event["evidence"])
        console.print(Text.assemble((f"{event['date']}  ", "bold"), event["text"], "\n  ", (f"{event['saidOn']} {quotes}", "dim italic")))


def show_sources(console: Console, person: Person, items: list[dict[str, Any]]) -> None:
    """Show each source with the reasons why the prompt contained it, except the fields of the account."""
    for item in items:
        if "ACCOUNT" not in item["reasons"]:
            reasons = ", ".join(reason.lower() for reason in item["reasons"])
            console.print(Text.assemble((f"{reasons}: ", "bold"), _source(person, item)))


def show_verdict(console: Console, person: Person, item: dict[str, Any]) -> None:
    """Show a source with the verdict on it."""
    status = pick(STATUSES[item["value"]["status"]], person.locale)
    console.print(Text.assemble((f"{item['verdict'].lower()}: ", "bold red"), _source(person, item), (f"  → {status}", "bold")))


def show_tool_call(console: Console, person: Person, call: dict[str, Any]) -> None:
    """Show a tool call with the value that it changed, and the status of that now."""
    item = call["source"]
    done, status = "undone" if call["undone"] else call["outcome"].lower(), pick(STATUSES[item["value"]["status"]], person.locale)
    console.print(Text.assemble((f"{call['tool'].lower()}, {done}: ", "bold magenta"), _source(person, item), (f"  → {status}", "bold")))


def _source(person: Person, item: dict[str, Any]) -> str:
    if value := item.get("value"):
        quote = next((f" “{found['quote']}”" for found in value["evidence"]), "")
        return f"{pick(NAMES[value['slot']], person.locale)}: {value['value']}{quote}"
    if message := item.get("message"):
        return f"{message['day']} “{message['content']}”"
    return f"{item['date']} {(item.get('diary') or {}).get('summary')}"


def show_profile(console: Console, person: Person, sections: list[dict[str, Any]]) -> None:
    """Show the profile in the user's language, with the names of slots and statuses."""
    columns = [Column(pick(names, person.locale), overflow="fold") for names in COLUMNS]
    table = Table(*columns, title=pick(TITLE, person.locale).format(person.nickname), title_justify="left")
    for section in sections:
        for value in section["values"]:
            quotes = "\n".join(f"{found['date']} “{found['quote']}”" for found in value["evidence"])
            slot, status = pick(NAMES[value["slot"]], person.locale), pick(STATUSES[value["status"]], person.locale)
            table.add_row(slot, value["value"], f"{value['confidence']:.2f}", status, Text(quotes, "dim italic"))
    console.print(table)
