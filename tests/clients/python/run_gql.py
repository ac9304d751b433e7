"""Runs operations of the web app with gql, which checks each against the schema first.

Arguments: the API's address, an access token, the file of the schema, and the directory of the documents.
"""
from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from gql import Client, gql  # type: ignore[import-not-found] # installed by the test
from gql.transport.httpx import HTTPXAsyncTransport  # type: ignore[import-not-found] # installed by the test
from graphql import GraphQLError, parse, print_ast
from graphql.utilities import separate_operations


async def main(address: str, token: str, schema: str, documents: str) -> None:
    operations = {name: print_ast(document) for name, document in separate_operations(parse(documents)).items()}
    transport = HTTPXAsyncTransport(url=address, headers={"authorization": f"Bearer {token}"})
    async with Client(transport=transport, schema=schema, parse_results=True) as session:

        async def run(document: str, **variables: object) -> dict[str, object]:
            found: dict[str, object] = await session.execute(gql(document), variable_values=variables)
            return found

        sent = (await run(operations["Send"], input={"content": "I moved to Hangzhou. 我喜欢爬山。"}))["messageSend"]
        shown = (await run(operations["Chat"], id=sent["conversation"]["id"], isOpen=True, last=50))["conversation"]["messages"]["nodes"]  # type: ignore[index] # JSON
        refused = (await run(operations["UpdateAccount"], input={"timeZone": "Nowhere/None"}))["accountUpdate"]
        me = (await run(operations["Settings"]))["viewer"]
        checked = False
        try:
            await run("query Wrong { viewer { nothing } }")
        except GraphQLError as error:
            checked = "nothing" in str(error)
    result = {"newest": shown[-1] == sent["answer"], "messages": len(shown), "field": refused["field"], "email": me["email"], "checked": checked}  # type: ignore[index] # JSON
    print(json.dumps(result))


address, token, schema, directory = sys.argv[1:]
texts = [path.read_text(encoding="utf-8") for path in sorted(Path(directory).glob("*.graphql"))]
asyncio.run(main(address, token, Path(schema).read_text(encoding="utf-8"), "\n".join(texts)))
