"""Sample chats for tests, benchmarks and trials: one JSON file per language, in the layout that `unilife import-chats` reads (README.md)."""
from pathlib import Path

SAMPLE = Path(__file__).parent
"""The directory of `en.json` and `zh-CN.json`."""
