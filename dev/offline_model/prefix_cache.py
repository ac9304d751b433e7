"""The prompt cache: counts how many tokens of a prompt repeat the beginning of earlier requests.

As DeepSeek documents it (api-docs.deepseek.com/guides/kv_cache, November 2026): a request hits the longest stored prefix that it repeats in full. Stored
prefixes end at the end of each request's input, at the end of its answer, where two requests diverge (so the third of them hits), and in long inputs at fixed
intervals. Counts are in blocks of 64 tokens, as reported usage is; the interval is not published, here it is `INTERVAL` blocks. The first byte that differs
ends a prefix: tools and messages are chained block by block.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from dev.offline_model.protocol import ChatRequest
from llm import tokens

BLOCK = 64
"""Tokens."""
INTERVAL = 64
"""Blocks."""
MAX_BLOCKS = 200_000


@dataclass(slots=True)
class PrefixCache:
    """Chained digests of blocks, the most recently used last; the value is true if a stored prefix ends with the block."""

    _blocks: OrderedDict[bytes, bool] = field(default_factory=OrderedDict[bytes, bool])

    def hit(self, chain: Sequence[bytes]) -> int:
        """Return the tokens of a request with this chain that the cache serves."""
        return BLOCK * next((index + 1 for index in reversed(range(len(chain))) if self._blocks.get(chain[index])), 0)

    def store(self, chain: Sequence[bytes], with_answer: Sequence[bytes]) -> None:
        """Store a request's input and its answer; the chain `with_answer` continues the input's."""
        shared = next((index for index in reversed(range(len(chain))) if chain[index] in self._blocks), -1)
        ends = {shared, len(chain) - 1, len(with_answer) - 1, *range(INTERVAL - 1, len(chain), INTERVAL)}
        for index, block in enumerate(with_answer):
            self._blocks[block] = self._blocks.get(block, False) or index in ends
            self._blocks.move_to_end(block)
        while len(self._blocks) > MAX_BLOCKS:
            self._blocks.popitem(last=False)


def chains(request: ChatRequest, answer: str, calls: Sequence[object] = ()) -> tuple[list[bytes], list[bytes]]:
    """Return the chain of a request's input, and the one that its answer continues. Tools come first and count no tokens."""
    written = "".join(f"<{message.role}>{message.content}{message.reasoning or ''}{message.calls}\n" for message in request.messages)
    said = f"<assistant>{answer}{json.dumps(calls, ensure_ascii=False) if calls else ''}\n"
    digest, left = blake2b(request.offered.encode("utf-8", "surrogatepass"), digest_size=16).digest(), len(written)
    asked, whole = list[bytes](), list[bytes]()
    for piece in tokens.split(written + said, BLOCK):
        digest = blake2b(digest + piece.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        left -= len(piece)
        whole.append(digest)
        if left >= 0:
            asked.append(digest)
    return asked, whole[:-1]  # the last block is rarely full
