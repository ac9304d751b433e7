"""From a command's plain function into asynchronous code."""
from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end on a loop of its own, and close the connections that were opened on it."""

    async def run_and_close() -> Result:
        from llm.client import close
        from persistence.database import dispose

        try:
            return await work
        finally:
            await close()
            await dispose()

    return asyncio.run(run_and_close())
