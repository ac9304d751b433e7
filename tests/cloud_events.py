"""The sample events of tests/events, by cloud and name: `load_event("aws/alb.json")`."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parent / "events"


def load_event(path: str, directory: Path = EVENTS) -> dict[str, Any]:
    """Load the event, or the context, that a file of `directory` holds."""
    loaded: dict[str, Any] = json.loads((directory / path).read_text(encoding="utf-8"))
    return loaded
