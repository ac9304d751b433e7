"""The function as its platform runs it, measured like the baseline: `cold` prints seconds, `warm N` the median milliseconds over N events."""
import time

STARTED = time.perf_counter()

import json  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402

from bench.events import PAGE, event  # noqa: E402
from handler import handler  # noqa: E402

TOKEN = os.environ["BENCH_TOKEN"]


def page() -> None:
    answer = handler(event("POST", "/graphql", body={"query": PAGE}, bearer=TOKEN), None)
    assert answer["statusCode"] == 200 and len(json.loads(answer["body"])["data"]["diaries"]["nodes"]) == 20, answer["body"][:500]


def who() -> None:
    answer = handler(event("POST", "/graphql", body={"query": "{ viewer { id nickname } }"}, bearer=TOKEN), None)
    assert json.loads(answer["body"])["data"]["viewer"]["nickname"] == "n7", answer["body"]


def empty() -> None:
    answer = handler(event("POST", "/graphql", body={"query": "{ __typename }"}), None)
    assert answer["statusCode"] == 200, answer["body"]


def health() -> None:
    answer = handler(event("GET", "/health"), None)
    assert answer["statusCode"] == 200, answer["body"]


def cold() -> None:
    health()
    first = time.perf_counter() - STARTED
    page()
    print(json.dumps({"health_s": round(first, 4), "page_s": round(time.perf_counter() - STARTED, 4)}), file=sys.stderr)


def warm(events: int) -> None:
    """Measure the page as the baseline's is measured, then the small events in turns, because their differences are compared."""
    spent: dict[str, list[float]] = {}
    for turn in ({"page_ms": page}, {"viewer_ms": who, "empty_ms": empty, "health_ms": health}):
        for _ in range(events + 20):
            for name, one in turn.items():
                began = time.perf_counter()
                one()
                spent.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    print(json.dumps({name: round(statistics.median(found[20:]), 3) for name, found in spent.items()}), file=sys.stderr)


cold() if sys.argv[1] == "cold" else warm(int(sys.argv[2]))
