"""The GraphQL surface: types, operations, permissions, limits and the HTTP application. No SQL, no model calls, no rules."""
from graph import lazy_modules

lazy_modules.install()
