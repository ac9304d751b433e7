"""The runner of asynchronous code for commands."""
from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_async(work: Coroutine[Any, Any, Result], *, interruptible: bool = False) -> Result:
    """Run `work` to its end on a new event loop, and close the connections that were opened on it.

    With `interruptible`, Ctrl-C cancels the work, which may still clean up, and then raises `KeyboardInterrupt`. Python itself does so only from 3.11 on.
    """

    async def run_and_close() -> Result:
        from llm.client import close
        from persistence.database import dispose

        try:
            return await (_interruptible(work) if interruptible else work)
        finally:
            await close()
            await dispose()

    return asyncio.run(run_and_close())


async def _interruptible(work: Coroutine[Any, Any, Result]) -> Result:
    """Run the work so that Ctrl-C cancels it; only on the main thread of a system with signals, elsewhere the work runs unchanged."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    interrupted = asyncio.Event()

    def interrupt() -> None:
        interrupted.set()
        task.cancel()

    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        return await task
    except asyncio.CancelledError:
        if interrupted.is_set():
            raise KeyboardInterrupt from None
        raise
    finally:
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGINT)
