"""The memory that this process may use, as its container or function platform says."""
from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

LIMIT_FILES = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Control groups' limits, version 2 and version 1, as a container sees its own. Version 2 says `max` where there is no limit, version 1 a number that no
machine has (how others read both: github.com/dask/distributed/issues/6894, read 2026-11-28)."""

FUNCTION_VARIABLES = ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "RUNTIME_MEMORY")
"""Names under which AWS (its list of reserved variables) and Huawei (support.huaweicloud.com, functiongraph_01_0154, 2026-01-13) tell a function its memory
in MB. Alibaba and Tencent document none; there the control group decides."""

_LARGEST = 1 << 50


def find_memory_limit(environ: Mapping[str, str] = os.environ, files: tuple[str, ...] = LIMIT_FILES) -> int:
    """Return the smallest limit that is told, in bytes; the machine's memory where none is."""
    told = [_number(environ.get(name, "")) * 1024 * 1024 for name in FUNCTION_VARIABLES] + [_number(_read(name)) for name in files]
    return min([limit for limit in told if 0 < limit < _LARGEST] + [_machine()])


def _machine() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return ""


def _number(text: str) -> int:
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 20 else 0
