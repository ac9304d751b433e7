"""Memory limit of a container or function."""
from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.memory import find_memory_limit

MIB = 1024 * 1024


@pytest.mark.parametrize(("environ", "texts", "found"), [
    ({}, ["134217728\n"], 128 * MIB),
    ({}, ["max\n", "67108864"], 64 * MIB),
    ({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "96"}, ["134217728"], 96 * MIB),
    ({"RUNTIME_MEMORY": "96"}, [], 96 * MIB),
    ({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "nonsense", "RUNTIME_MEMORY": "0"}, ["-1", "134217728"], 128 * MIB),
])  # fmt: skip
def test_find_memory_limit_several_sources_returns_the_smallest(tmp_path: Path, environ: dict[str, str], texts: list[str], found: int) -> None:
    files = tuple(str(tmp_path / str(number)) for number in range(len(texts)))
    for name, text in zip(files, texts):
        Path(name).write_text(text)
    assert find_memory_limit(environ, files) == found


@pytest.mark.parametrize("text", ["max", "9223372036854771712", "", "²"])
def test_find_memory_limit_without_a_limit_returns_the_machines_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / "limit").write_text(text)
    assert find_memory_limit({}, (str(tmp_path / "limit"), str(tmp_path / "nowhere"))) == find_memory_limit({}, ())
