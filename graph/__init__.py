"""The GraphQL surface: types, operations, permissions, limits and the HTTP application. No SQL, no model calls, no rules."""
from graph import later

later.install()
