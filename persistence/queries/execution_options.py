"""Execution options of ORM statements that several query modules share."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

FRESH: Final[Mapping[str, Any]] = {"populate_existing": True}
"""Overwrite objects that the session has loaded already: another transaction may have changed their rows since."""
QUIET: Final[Mapping[str, Any]] = {"synchronize_session": False}
"""Leave loaded objects as they are: the session does not apply the statement's changes to them, which may cost a query."""
