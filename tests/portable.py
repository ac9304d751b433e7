"""The part of an export that an import must restore unchanged: all but the columns that only an installation writes."""
from __future__ import annotations

import json
from typing import Any

from persistence.queries.portable_columns import NEVER_IMPORTED, is_read


def portable(file: str) -> dict[str, Any]:
    tables = {name: rows for name, rows in json.loads(file).items() if name not in NEVER_IMPORTED}
    return {
        name: [{column: value for column, value in row.items() if is_read(name, column)} for row in rows] if isinstance(rows, list) else rows
        for name, rows in tables.items()
    }
