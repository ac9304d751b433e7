"""An operator's `{"job": "check_model"}`: the function itself checks its model, with the settings and the network that it has."""
from __future__ import annotations

from typing import Any

import logs
from jobs.deadline import Deadline
from llm.findings import Verdict
from llm.model_check import check_model

MARGIN_SECONDS = 2.0
"""Kept for answering before the platform ends the function."""


async def run_model_check(deadline: Deadline) -> dict[str, Any]:
    """Check the model and give the findings in plain values; `ok` is true where the main job works with it."""
    found = await check_model(deadline.remaining() - MARGIN_SECONDS)
    missing = [finding.check for finding in found.findings if finding.verdict is not Verdict.YES]
    logs.write(
        "model_checked", level="INFO" if found.works else "ERROR", endpoint=found.endpoint, model=found.model, works=found.works, not_confirmed=missing,
        action=None if found.works else "Send {\"job\": \"check_model\"}, or run `unilife check-model`, and follow the advice of each finding.",
    )
    return found.as_json()
