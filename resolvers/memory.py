"""The memory limit of this process, as set by its container or function platform."""
from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

LIMIT_FILES = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Files with the limits of control groups, version 2 and version 1, as seen from inside a container.

Version 2 says `max` where there is no limit, version 1 a number that no machine has (how others read both:
github.com/dask/distributed/issues/6894, read 2026-11-28).
"""

FUNCTION_VARIABLES = ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "RUNTIME_MEMORY")
"""Variables in which AWS (its list of reserved variables) and Huawei (support.huaweicloud.com, functiongraph_01_0154, 2026-01-13) pass a function its memory.

They are in MB. Alibaba and Tencent document none; the control group decides there.
"""

_LARGEST = 1 << 50


def find_memory_limit(environ: Mapping[str, str] = os.environ, files: tuple[str, ...] = LIMIT_FILES) -> int:
    """Return the smallest limit found, in bytes; the machine's memory if there is none."""
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
