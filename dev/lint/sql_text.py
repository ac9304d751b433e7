"""The structure of a SQL statement as far as its checks need it: words in lower case, and what stands in parentheses as a group of its own."""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|/\*.*?\*/) | (?P<string>[eE]?'(?:[^'\\]|''|\\.)*') | "(?P<quoted>(?:[^"]|"")*)"
    | (?P<word>\$\d+|[^\W\d]\w*) | (?P<number>\d[\w.]*) | (?P<mark>::|<=|>=|<>|!=|\|\||->>|->|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass
class Group:
    """The contents of a pair of parentheses, or of a whole statement."""

    items: list[str | Group] = field(default_factory=list)

    @property
    def words(self) -> Iterator[str]:
        """All words and marks, also those of the groups inside."""
        for item in self.items:
            if isinstance(item, Group):
                yield from item.words
            else:
                yield item

    def groups(self) -> Iterator[Group]:
        """Yield this group and all groups inside."""
        yield self
        for item in self.items:
            if isinstance(item, Group):
                yield from item.groups()

    def find(self, *words: str, start: int = 0) -> int:
        """Return the position of the first of these words in this order, or -1."""
        return next((at for at in range(start, len(self.items) - len(words) + 1) if tuple(self.items[at : at + len(words)]) == words), -1)

    def split(self, marks: Sequence[str]) -> Iterator[Group]:
        """Yield the parts between words of this group itself that are in `marks`."""
        part = Group()
        for item in self.items:
            if item in marks:
                yield part
                part = Group()
            else:
                part.items.append(item)
        yield part

    def calls(self) -> Iterator[tuple[str, Group]]:
        """Yield the name and the arguments of everything in this group itself that is written like a function's call."""
        for name, item in zip(self.items, self.items[1:]):
            if isinstance(name, str) and isinstance(item, Group) and re.fullmatch(r"[^\W\d]\w*", name):
                yield name, item


def parse(statement: str) -> Group:
    """Return a statement as a group. Strings become `''`."""
    open_groups = [Group()]
    for match in _TOKEN.finditer(statement):
        if match["skip"]:
            continue
        if match[0] == "(":
            open_groups.append(Group())
            open_groups[-2].items.append(open_groups[-1])
        elif match[0] == ")" and len(open_groups) > 1:
            open_groups.pop()
        else:
            open_groups[-1].items.append("''" if match["string"] else match["quoted"] if match["quoted"] is not None else match[0].lower())
    return open_groups[0]
