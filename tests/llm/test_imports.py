"""The imports of the package."""
from __future__ import annotations

import subprocess
import sys


def test_llm_package_on_import_loads_no_heavy_dependency() -> None:
    modules = "llm.client, llm.chat, llm.diary, llm.week"
    program = f"import sys, {modules}; print(*{{'openai', 'pydantic', 'httpx2'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == ""
