"""What a first request may never need is executed when it is first touched, instead of when it is imported.

One list, and no import inside a function: `from resolvers import admin` stays where it belongs, and gives a module that runs at its first
attribute. Only whole modules can wait, so what is listed here is imported as a module, and named in quotes in annotations. What it
saves is written in docs/decisions/0012-a-cold-start-loads-little.md.
"""
from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any

LAZY_MODULES = (
    "graph.endpoint", "graph.schema",
    "persistence.queries.account", "persistence.queries.chat_reads", "persistence.queries.diary_statistics", "persistence.queries.job_monitoring", "persistence.queries.profile_reads",
    "persistence.queries.usage", "persistence.orm",
    "resolvers.account", "resolvers.admin", "resolvers.chat", "resolvers.diary_editing", "resolvers.diary_rewriting", "resolvers.erasure",
    "resolvers.profile", "resolvers.profile_verdicts", "resolvers.throttling",
)  # fmt: skip
"""Of a floor below or the schema: what only some requests need."""

LAZY_DEPENDENCIES: Mapping[str, Sequence[str]] = {
    "dateutil.parser": ["isoparse"],  # Strawberry's DateTime; this surface has its own
    "html": [],  # Starlette, for its pages of errors
    "http.client": [],  # Starlette, for words that go with a status; brings the whole of e-mail
    "importlib.metadata": [],  # SQLAlchemy, for a plugin's entry points
    "jwt.jwks_client": ["PyJWKClient"],  # brings urllib.request; keys are never fetched here
    "strawberry.federation": [],
}
"""What libraries import for features that are not used here, with the functions that they take out of it at once."""

_executing = RLock()


class LazyModule(ModuleType):
    """A module that is found but not executed. It becomes an ordinary one at its first attribute."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # what the import system asks of every module; packages have it already
            raise AttributeError(name)
        with _executing:
            waiting: _LazyLoader | None = self.__dict__.get("__later__")
            if waiting is not None and name in waiting.proxied_functions:
                return _proxy(self, name)
            if waiting is not None:
                waiting.execute(self)
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None


class _LazyLoader(Loader):
    """Stands before a module's own loader."""

    def __init__(self, loader: Loader, handed_out: Sequence[str]) -> None:
        self._loader, self.proxied_functions = loader, handed_out

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LazyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__later__"] = self

    def execute(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        del module.__dict__["__later__"]
        try:
            self._loader.exec_module(module)
        except BaseException:
            module.__dict__["__later__"] = self
            raise
        module.__class__ = ModuleType


def _proxy(module: ModuleType, name: str) -> Callable[..., Any]:
    """Stands for a function of a module that waits."""

    def call(*given: Any, **named: Any) -> Any:
        waiting: _LazyLoader | None = module.__dict__.get("__later__")
        if waiting is not None:
            waiting.execute(module)
        return module.__dict__[name](*given, **named)

    return call


class _Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in LAZY_MODULES or fullname in LAZY_DEPENDENCIES else None
        if spec is not None and spec.loader is not None:
            spec.loader = _LazyLoader(spec.loader, LAZY_DEPENDENCIES.get(fullname, ()))
        return spec


def install() -> None:
    """From now on. What is loaded already stays as it is; a second call does nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
