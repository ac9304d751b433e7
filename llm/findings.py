"""Findings of a model check, which a table or JSON can show."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from llm.usage import Usage

QUESTIONS = {
    "reached": "Can the endpoint be reached?",
    "key": "Is the API key accepted?",
    "model": "Does the provider have the model?",
    "answers": "Does the model answer?",
    "streams": "Does the model stream answers?",
    "tools": "Does the model call a tool and use its result?",
    "json": "Does the model return the required JSON?",
    "thinking_off": "Can thinking be switched off?",
    "cache": "Are cached tokens reported?",
}
NEEDED = frozenset({"reached", "key", "model", "answers", "streams", "json"})
"""Checks without which the main job (chats, diaries, the profile) does not work; the others affect cost or convenience."""
MAX_MODELS = 100
"""Maximum number of model names in a result: some endpoints offer hundreds."""


class Verdict(enum.Enum):
    YES = "YES"
    NO = "NO"
    UNCERTAIN = "UNCERTAIN"
    """The check may pass in practice, but costs or lacks something."""
    NOT_TRIED = "NOT_TRIED"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one of `QUESTIONS`: the observation, and what to do if it is not YES."""

    check: str
    verdict: Verdict
    found: str
    advice: str | None = None

    @property
    def needed(self) -> bool:
        return self.check in NEEDED


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """The result of a model check. `endpoint` is only the host name, `provider` the family in use, `offered` the model names that the endpoint lists."""

    endpoint: str
    provider: str
    model: str
    findings: tuple[Finding, ...]
    offered: tuple[str, ...]
    usage: Usage

    @property
    def works(self) -> bool:
        """Return whether the main job works with this endpoint."""
        return all(finding.verdict in (Verdict.YES, Verdict.UNCERTAIN) for finding in self.findings if finding.needed)

    def as_json(self) -> dict[str, Any]:
        checks = [
            {"check": found.check, "verdict": found.verdict.value, "needed": found.needed, "found": found.found, "advice": found.advice}
            for found in self.findings
        ]
        return {
            "job": "CHECK_MODEL", "ok": self.works, "endpoint": self.endpoint, "provider": self.provider, "model": self.model, "checks": checks,
            "models": list(self.offered[:MAX_MODELS]), "tokens": self.usage.input_tokens + self.usage.output_tokens,
        }
