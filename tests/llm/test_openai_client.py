"""The openai library behind the lazy imports: how little of it a client loads, and that its types are loaded when something uses them."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.llm.conftest import OfflineModel

ROOT = Path(__file__).parents[2]

LOADED = """
import asyncio, json, sys
import llm
from openai import AsyncOpenAI

def loaded():
    return sorted(name for name, module in sys.modules.items() if name.startswith("openai") and type(module).__name__ != "LazyModule")

async def main():
    seen = {}
    async with AsyncOpenAI(api_key="x", base_url=sys.argv[1], max_retries=0) as client:
        found = await client.post("/chat/completions", cast_to=object, body={"model": "unilife-offline", "messages": MESSAGES})
        seen["plain"], seen["after_plain"] = found["choices"][0]["message"]["content"], loaded()
        seen.update(await typed(client))
    print(json.dumps(seen))

MESSAGES = [{"role": "user", "content": "I went hiking in the hills today."}]

async def typed(client):
    import openai
    from openai.types.chat import ChatCompletion, ChatCompletionChunk
    from pydantic import BaseModel

    class Look(BaseModel):
        words: str

    given = {"model": "unilife-offline", "messages": MESSAGES}
    whole = await client.chat.completions.create(**given)
    assert type(whole) is ChatCompletion
    pieces = [piece async for piece in await client.chat.completions.create(**given, stream=True)]
    assert {type(piece) for piece in pieces} == {ChatCompletionChunk}
    parsed = await client.chat.completions.parse(**given, tools=[openai.pydantic_function_tool(Look)])
    tool = openai.pydantic_function_tool(Look)
    return {"whole": whole.choices[0].message.content, "parsed": parsed.choices[0].message.content, "tool": tool["function"]["name"],
            "streamed": "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)}

asyncio.run(main())
"""


def run(base_url: str) -> dict[str, Any]:
    command = [sys.executable, "-c", LOADED, base_url]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_openai_client_loads_types_only_for_callers_that_use_them(offline_model: OfflineModel) -> None:
    """The library's own calls, which the project does not use, return its own classes also after the lazy import."""
    offline_model.reset()
    found = run(offline_model.base_url)
    assert not [name for name in found["after_plain"] if name.startswith(("openai.types.chat", "openai.types.responses", "openai.resources"))]
    assert "hiking in the hills" in found["plain"]
    assert found["whole"] == found["parsed"] == found["streamed"] == found["plain"] and found["tool"] == "Look"
