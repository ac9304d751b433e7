"""The GraphQL API: types, operations, permissions, limits and the HTTP application. Contains no SQL, no model calls and no business rules."""
import lazy_modules

lazy_modules.install()
