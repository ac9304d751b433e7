"""The operator's event `{"job": "check_model"}`: the function checks its model itself, with its own settings and network."""
from __future__ import annotations

from typing import Any

import logs
from jobs.deadline import Deadline
from llm.findings import Verdict
from llm.model_check import check_model

MARGIN_SECONDS = 2.0
"""Seconds reserved for responding before the platform ends the function."""


async def run_model_check(deadline: Deadline) -> dict[str, Any]:
    """Check the model and return the findings in plain JSON values; `ok` is true when the main job works with the model."""
    found = await check_model(deadline.remaining() - MARGIN_SECONDS)
    missing = [finding.check for finding in found.findings if finding.verdict is not Verdict.YES]
    logs.write(
        "model_checked", level="INFO" if found.works else "ERROR", endpoint=found.endpoint, model=found.model, works=found.works, not_confirmed=missing,
        action=None if found.works else "Send {\"job\": \"check_model\"}, or run `unilife check-model`, and follow the advice of each finding.",
    )
    return found.as_json()
