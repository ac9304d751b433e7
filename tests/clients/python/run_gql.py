"""Runs two screens with gql, which checks each document against the schema first.

Arguments: the API's address, an access token, and the files of the schema and of the screens of chat and settings.
"""
from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from gql import Client, gql  # type: ignore[import-not-found] # installed by the test
from gql.transport.httpx import HTTPXAsyncTransport  # type: ignore[import-not-found] # installed by the test
from graphql import GraphQLError


async def main(address: str, token: str, schema: str, chat: str, settings: str) -> None:
    transport = HTTPXAsyncTransport(url=address, headers={"authorization": f"Bearer {token}"})
    async with Client(transport=transport, schema=schema, parse_results=True) as session:

        async def run(document: str, operation: str, **variables: object) -> dict[str, object]:
            found: dict[str, object] = await session.execute(gql(document), variable_values=variables, operation_name=operation)
            return found

        sent = (await run(chat, "Send", input={"content": "I moved to Hangzhou. 我喜欢爬山。"}))["messageSend"]
        shown = (await run(chat, "Chat", id=sent["conversation"]["id"]))["conversation"]["messages"]["nodes"]  # type: ignore[index] # JSON
        refused = (await run(settings, "Save", input={"timeZone": "Nowhere/None"}))["accountUpdate"]
        me = (await run(settings, "Settings"))["viewer"]
        checked = False
        try:
            await run("query Wrong { viewer { nothing } }", "Wrong")
        except GraphQLError as error:
            checked = "nothing" in str(error)
    result = {"newest": shown[0] == sent["answer"], "messages": len(shown), "field": refused["field"], "email": me["email"], "checked": checked}  # type: ignore[index] # JSON
    print(json.dumps(result))


address, token, *files = sys.argv[1:]
asyncio.run(main(address, token, *(Path(file).read_text(encoding="utf-8") for file in files)))
