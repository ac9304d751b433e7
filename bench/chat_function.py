"""The function as its platform runs it, measured with the chat (bench/chat.py): `cold` or `warm N`."""
import time

STARTED = time.perf_counter()

import json  # noqa: E402
import os  # noqa: E402

from bench import chat_measure  # noqa: E402
from bench.events import SEND, event  # noqa: E402
from handler import handler  # noqa: E402


def send(text: str) -> None:
    body = {"query": SEND, "variables": {"input": {"content": text, "conversationId": os.environ["BENCH_CONVERSATION"]}}}
    answer = handler(event("POST", "/graphql", body=body, bearer=os.environ["BENCH_TOKEN"]), None)
    assert '"MessageSendSuccess"' in answer["body"] and json.loads(answer["body"])["data"], answer["body"][:500]


if __name__ == "__main__":
    chat_measure.count_driver_calls()
    chat_measure.main(send, STARTED)
