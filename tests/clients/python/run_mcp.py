"""Calls the tools of `/mcp` with the official client, which compares each result with the schema that the tool declares.

Arguments: the endpoint's address, a token with every scope, one with READ_DIARY alone, and the arguments of each tool as JSON.
"""
from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import httpx2
from mcp import Client  # type: ignore[import-not-found] # installed by the test
from mcp.client.streamable_http import streamable_http_client  # type: ignore[import-not-found] # installed by the test


async def call_all(address: str, token: str, mode: str, calls: dict[str, Any]) -> dict[str, Any]:
    """Return the version that was agreed on, the tools that the token may call, and what each tool answered: its result, or its refusal as a text."""
    async with httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60) as http:
        async with Client(streamable_http_client(address, http_client=http), mode=mode) as client:
            listed = (await client.list_tools()).tools
            assert all(tool.output_schema for tool in listed), "or no result is compared with a schema"
            answers = {}
            for name, arguments in calls.items():
                result = await client.call_tool(name, arguments)
                answers[name] = result.content[0].text if result.is_error else result.structured_content
            return {"version": client.protocol_version, "tools": [tool.name for tool in listed], "answers": answers}


async def main(address: str, everything: str, diary: str, calls: str) -> None:
    found = {f"{mode} {name}": await call_all(address, token, mode, json.loads(calls))
             for mode in ("auto", "legacy") for name, token in (("everything", everything), ("diary", diary))}
    print(json.dumps(found))


asyncio.run(main(*sys.argv[1:]))
