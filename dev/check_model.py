"""The command `unilife check-model`: shows the capabilities of the configured model endpoint as a table with advice."""
from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import settings
from dev import environment
from dev.async_runner import run_async
from llm.findings import QUESTIONS, Finding, ModelCheck, Verdict
from llm.model_check import check_model

SECONDS = 300.0
WIDTH = 160
SHOWN_MODELS = 40
COLORS = {Verdict.YES: "green", Verdict.NO: "bold red", Verdict.UNCERTAIN: "yellow", Verdict.NOT_TRIED: "dim"}
WORDS = {Verdict.YES: "yes", Verdict.NO: "no", Verdict.UNCERTAIN: "perhaps", Verdict.NOT_TRIED: "not tried"}


def check() -> int:
    """Print the findings and return the exit status, 1 when the main job would not work. Raises `SettingsError`."""
    environment.only_model()
    found = run_async(check_model(SECONDS))
    console = Console()
    console = console if console.is_terminal else Console(width=WIDTH)
    for doubt in settings.current_doubts():
        console.print(doubt, style="yellow", markup=False, highlight=False, soft_wrap=True)
    console.print(_table(found))
    if found.offered:
        more = f" … and {len(found.offered) - SHOWN_MODELS} more" if len(found.offered) > SHOWN_MODELS else ""
        console.print(f"Models that the endpoint lists: {', '.join(found.offered[:SHOWN_MODELS])}{more}", markup=False, highlight=False, soft_wrap=True)
    spent = found.usage
    console.print(f"The check used {spent.input_tokens:,} prompt tokens and {spent.output_tokens:,} answer tokens.", highlight=False)
    verdict = "[green]The main job works with this model.[/]" if found.works else "[bold red]The main job does not work with this model.[/]"
    console.print(f"{verdict} Prices and what to set for each provider: docs/providers.md", highlight=False)
    return 0 if found.works else 1


def _table(found: ModelCheck) -> Table:
    table = Table("", "holds", "result", "what to do", title=escape(f"{found.model} at {found.endpoint}, provider {found.provider}"))
    for finding in found.findings:
        table.add_row(QUESTIONS[finding.check], _verdict(finding), escape(finding.found), escape(finding.advice or ""))
    return table


def _verdict(finding: Finding) -> str:
    optional = "" if finding.needed or finding.verdict is Verdict.YES else " (optional)"
    return f"[{COLORS[finding.verdict]}]{WORDS[finding.verdict]}[/]{optional}"
