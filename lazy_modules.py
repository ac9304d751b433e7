"""Lazy imports: the listed modules are executed at their first attribute access instead of at import.

One list replaces imports inside functions: `from resolvers import admin` stays at the top of its module and returns a module that is executed at its first
attribute access. Only whole modules can be lazy, so a listed one is imported as a module, and its classes are quoted in annotations. The packages graph and
llm install the lazy imports when they are imported, so requests and nightly jobs have them. docs/decisions/0012-import-lazily.md has the time saved.
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
    "graph.mutations.account", "graph.mutations.admin", "graph.mutations.api_tokens", "graph.mutations.companion",
    "graph.mutations.conversation", "graph.mutations.diary", "graph.mutations.imports",
    "graph.mutations.memory", "graph.mutations.message", "graph.mutations.sources",
    "graph.mutations.portability", "graph.mutations.profile", "graph.mutations.slots", "graph.queries.account", "graph.queries.admin",
    "graph.queries.api_tokens", "graph.queries.changes", "graph.queries.chat", "graph.queries.companion",
    "graph.queries.diary", "graph.queries.health", "graph.queries.profile", "graph.queries.sessions", "graph.types.sources", "graph.types.receipt_contents",
    "jobs.run", "llm.error_meanings", "llm.leak_check",
    "llm.suggested_replies", "jobs.rules.search.repetition",
    "persistence.queries.account", "persistence.queries.branches",
    "persistence.queries.chat_reads", "persistence.queries.diary_statistics", "persistence.queries.job_monitoring",
    "persistence.queries.chat_pages", "persistence.queries.companions",
    "persistence.queries.own_slots", "persistence.queries.profile_reads", "persistence.queries.source_verdicts",
    "persistence.queries.storage",
    "persistence.queries.usage", "persistence.orm",
    "resolvers.account", "resolvers.admin", "resolvers.api_tokens", "resolvers.chat", "resolvers.companion",
    "resolvers.diary_editing", "resolvers.diary_rewriting", "resolvers.erasure",
    "resolvers.memory_erasure", "resolvers.memory_settings",
    "resolvers.model_refusals", "resolvers.profile", "resolvers.profile_history", "resolvers.profile_slots",
    "resolvers.profile_verdicts", "resolvers.search_matches", "resolvers.sessions", "resolvers.source_judging", "resolvers.throttling", "resolvers.tool_undo",
)  # fmt: skip
"""Modules of lower layers and of the schema that only some requests need."""

LAZY_DEPENDENCIES: Mapping[str, Sequence[str]] = {
    "configparser": [],  # asyncpg, for PostgreSQL's service file
    "dateutil.parser": ["isoparse"],  # Strawberry's DateTime; this API has its own
    "getpass": [],  # asyncpg, for a URL without a user
    # graphql-core's tools for schemas as texts, which its packages import
    "graphql.utilities.ast_to_dict": ["ast_to_dict"],
    "graphql.utilities.build_ast_schema": ["build_ast_schema", "build_schema"],
    "graphql.utilities.build_client_schema": ["build_client_schema"],
    "graphql.utilities.concat_ast": ["concat_ast"],
    "graphql.utilities.extend_schema": ["extend_schema"],
    "graphql.utilities.introspection_from_schema": ["introspection_from_schema"],
    "graphql.utilities.lexicographic_sort_schema": ["lexicographic_sort_schema"],
    "graphql.utilities.separate_operations": ["separate_operations"],
    "graphql.utilities.strip_ignored_characters": ["strip_ignored_characters"],
    "html": [],  # Starlette, for its error pages
    "httpcore2._sync": ["ConnectionInterface", "ConnectionPool", "HTTP11Connection", "HTTP2Connection", "HTTPConnection", "HTTPProxy", "SOCKSProxy"],
    "httpcore2._sync.connection_pool": ["ConnectionPool"],  # the blocking half of the HTTP client; every call here is asynchronous
    "http.client": [],  # Starlette, for the reason phrase of a status; imports the whole of email
    "importlib.metadata": [],  # SQLAlchemy, for plugins' entry points
    "jwt.jwks_client": ["PyJWKClient"],  # imports urllib.request; keys are never fetched here
    # The types of all endpoints, which are nine tenths of openai's modules; llm/ reads the JSON itself
    "openai.lib._parsing": ["ResponseFormatT", "type_to_response_format_param"],  # the first is a type variable, which only annotations use
    "openai.lib._tools": ["pydantic_function_tool", "pydantic_responses_function_tool"],
    "mimetypes": ["guess_type"],  # Starlette, for files
    "openai.types": [],
    "openai.types.shared": [],
    # Strawberry's own extensions, which its package imports; this API has its own (graph/document_cache.py)
    "strawberry.extensions.add_validation_rules": ["AddValidationRules"],
    "strawberry.extensions.disable_introspection": ["DisableIntrospection"],
    "strawberry.extensions.disable_validation": ["DisableValidation"],
    "strawberry.extensions.mask_errors": ["MaskErrors"],
    "strawberry.extensions.max_aliases": ["MaxAliasesLimiter"],
    "strawberry.extensions.max_tokens": ["MaxTokensLimiter"],
    "strawberry.extensions.parser_cache": ["ParserCache"],
    "strawberry.extensions.pydantic_error_extension": ["PydanticErrorExtension"],
    "strawberry.extensions.query_depth_limiter": ["IgnoreContext", "QueryDepthLimiter"],
    "strawberry.extensions.validation_cache": ["ValidationCache"],
    "strawberry.federation": [],
    "strawberry.printer": ["print_schema"],
}
"""Modules that libraries import for features that are not used here, with the names of the functions and classes that the libraries import from them. Such a
name is a function that makes the call later, so a class that a library derives from, or asks `isinstance` of, cannot be listed."""

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
        if name in self.__dict__:
            return self.__dict__[name]
        if "__getattr__" in self.__dict__:  # a package that imports its modules by need
            return self.__dict__["__getattr__"](name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class _LazyLoader(Loader):
    """A loader that delays a module's own loader."""

    def __init__(self, loader: Loader, handed_out: Sequence[str]) -> None:
        self._loader, self.proxied_functions = loader, handed_out

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LazyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__later__"] = self

    def execute(self, module: ModuleType) -> None:
        """Execute the module after its own lazy submodules: it may derive a class from one of theirs, which must not be a function by then."""
        assert module.__spec__ is not None
        for name, part in [*sys.modules.items()]:
            waiting: _LazyLoader | None = part.__dict__.get("__later__") if isinstance(part, LazyModule) else None
            if waiting is not None and name.startswith(f"{module.__name__}."):
                waiting.execute(part)
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
