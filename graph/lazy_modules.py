"""Lazy imports: the listed modules are executed at their first attribute access instead of at import.

One list replaces imports inside functions: `from resolvers import admin` stays at the top of its module and returns a module that is executed at its first
attribute access. Only whole modules can be lazy, so a listed one is imported as a module, and its classes are quoted in annotations.
docs/decisions/0012-import-lazily.md has the time saved.
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
"""Modules of lower layers and of the schema that only some requests need."""

LAZY_DEPENDENCIES: Mapping[str, Sequence[str]] = {
    "dateutil.parser": ["isoparse"],  # Strawberry's DateTime; this API has its own
    "html": [],  # Starlette, for its error pages
    "http.client": [],  # Starlette, for the reason phrase of a status; imports the whole of email
    "importlib.metadata": [],  # SQLAlchemy, for plugins' entry points
    "jwt.jwks_client": ["PyJWKClient"],  # imports urllib.request; keys are never fetched here
    "strawberry.federation": [],
}
"""Modules that libraries import for features that are not used here, with the functions that the libraries import from them by name."""

_executing = RLock()


class LazyModule(ModuleType):
    """A module that is found but not executed. It becomes an ordinary module at its first attribute access."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # the import system reads it from every module; packages have it already
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
    """A loader that delays a module's own loader."""

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
    """Return a function that executes the lazy module at its first call and forwards to the module's function."""

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
    """Install the lazy imports. Modules that are loaded already are not changed; a second call does nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
