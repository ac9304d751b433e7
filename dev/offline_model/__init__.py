"""A language model for developers and tests: a real HTTP server that speaks the OpenAI chat-completions protocol.

It needs no key and no network, is deterministic, and is extractive: all that it says comes from the text that it was
given, in Chinese and English. Faults come by the header `x-fault` or by POST /faults: see `dev.offline_model.faults`.
"""

from dev.offline_model.server import create_app
from dev.offline_model.serving import serve

__all__ = ["app", "serve"]

app = create_app()
