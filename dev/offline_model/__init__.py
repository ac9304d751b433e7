"""A language model for developers and tests: a real HTTP server that implements the chat-completions protocol as DeepSeek does.

It needs no key and no network, is deterministic, and is extractive: all its answers consist of the text that it was given, in Chinese and English. It returns
a thought before the answer if the request or the model's name asks for it (`unilife-offline` does not by itself), counts the prompt cache by real prefixes,
and refuses retired and unknown names. Faults, unusual answers and other providers are selected by the header `x-fault` or by POST /faults: see
`dev.offline_model.faults`. GET /stats counts the calls and their tokens, GET /requests (`?task=chat`) returns the last requests byte for byte, POST /reset
deletes all of that.
"""

from dev.offline_model.server import create_app
from dev.offline_model.thread_server import serve

__all__ = ["app", "serve"]

app = create_app()
