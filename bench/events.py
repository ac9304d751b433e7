"""The measured events, in the format of an HTTP API of AWS, the only one that the baseline supports."""
from __future__ import annotations

import json
from typing import Any

PAGE = """
query Page {
  diaries(first: 20) {
    nodes {
      id date summary insights { activities emotions patterns timePreference decisionStyle }
      signals { slot value confidence evidence { quote } }
      conversationCount messageCount toolCallCount createdAt
    }
  }
}
"""
SEND = """
mutation Send($input: MessageSendInput!) {
  messageSend(input: $input) {
    __typename
    ... on MessageSendSuccess {
      question { id status }
      answer { id content createdAt model tokens { input output } }
      conversation { id title lastMessageAt }
    }
    ... on Error { code message }
  }
}
"""


def event(method: str, path: str, *, body: Any = None, bearer: str | None = None) -> dict[str, Any]:
    headers = {"host": "x", "content-type": "application/json", **({"authorization": f"Bearer {bearer}"} if bearer else {})}
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "x"}
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers, "isBase64Encoded": False,
        "body": None if body is None else json.dumps(body),
        "requestContext": {"http": http, "stage": "$default", "requestId": "1", "accountId": "1", "apiId": "1", "domainName": "x", "domainPrefix": "x",
                           "time": "x", "timeEpoch": 1},
    }
