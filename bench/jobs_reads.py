"""A frontend's requests, sent through the function's own entry point; prints the kinds of their statements as JSON."""
from __future__ import annotations

import json
import os
from typing import Any

from sqlalchemy import event

from bench.events import PAGE
from bench.events import event as http
from handler import handler

READS = (
    PAGE,
    "{ conversations(first: 20) { nodes { title lastMessageAt messages(first: 50) { nodes { content createdAt } } } } }",
    '{ messageSearch(query: "market") { nodes { content } } }',
    "{ profile { sections { name values { slot value confidence evidence { quote } } } } profileChanges(first: 20) { nodes { before after reason at } } }",
    "{ diaryStats { entryCount currentStreak } diaryCalendar(year: 2026, month: 11) { days { date } } viewer { nickname } }",
)


def main() -> None:
    token, statements = os.environ["BENCH_TOKEN"], set[str]()
    handler(http("GET", "/health"), None)
    from persistence import database, pool

    event.listen(database.engine().sync_engine, "before_cursor_execute", lambda c, cursor, statement, *_: statements.add(statement))
    straight = pool.ConnectionHolder.fetch

    async def fetch(link: pool.ConnectionHolder, statement: str, *given: Any) -> Any:
        statements.add(statement)
        return await straight(link, statement, *given)

    pool.ConnectionHolder.fetch = fetch  # type: ignore[method-assign]
    for query in READS:
        answer = handler(http("POST", "/graphql", body={"query": query}, bearer=token), None)
        if answer["statusCode"] != 200 or "errors" in json.loads(answer["body"]):
            raise SystemExit(answer["body"])
    print(json.dumps(sorted(statements)))


main()
