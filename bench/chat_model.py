"""A model that gives one short answer at once, so that a comparison measures what stands around the call."""
from __future__ import annotations

import asyncio
import json
import sys

from bench.jobs_model import Repeater

ANSWER = json.dumps({
    "id": "bench", "object": "chat.completion", "created": 0, "model": "unilife-offline",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "That sounds like a full day. What was its best part?"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 400, "completion_tokens": 16, "total_tokens": 416},
}).encode()  # fmt: skip


async def _main() -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Repeater(0.0, lambda _: ANSWER), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
