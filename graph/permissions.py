"""Permissions of root fields. Each field declares exactly one of these in `permission_classes`; otherwise the schema is not built.

The schema shows the permission as a directive. Fields below the root check nothing: objects are loaded by their owner's id.
"""
from collections.abc import Iterable
from typing import Any, TypeVar

import strawberry
from strawberry.permission import BasePermission
from strawberry.schema_directive import Location
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from persistence.models.enums import Role
from resolvers.errors import Forbidden


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="public", description="May be called without an access token.")
class PublicDirective:
    pass


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="signedIn", description="Requires an access token; returns UNAUTHENTICATED without one."
)
class SignedInDirective:
    pass


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="admin",
    description="Requires the access token of an administrator; returns FORBIDDEN to other users. The role is read from the database for each request.",
)
class AdminDirective:
    pass


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="semanticNonNull",
    description="Null only together with an error of the field in `errors`, never as a value, so that code generators can give the field a type without null. "
    "`levels` are the list levels of which this is true, 0 for the field itself.",
)
class SemanticNonNullDirective:
    levels: list[int] = strawberry.field(default_factory=lambda: [0])


NULL_WITHOUT_ERROR = frozenset({"viewer", "diary", "node"})
"""The nullable root fields, by their names in Python, for which null is also a value: there is none."""


class Public(BasePermission):
    _schema_directive = PublicDirective()

    async def has_permission(self, source: Any, info: strawberry.Info, **arguments: Any) -> bool:
        return True


class SignedIn(BasePermission):
    """The permission for signed-in users. Raises `Unauthenticated`. Afterwards `info.context.user_id` is the caller's."""

    _schema_directive = SignedInDirective()

    async def has_permission(self, source: Any, info: strawberry.Info, **arguments: Any) -> bool:
        await info.context.require_viewer()
        return True


class Admin(BasePermission):
    """The permission for administrators. Raises `Unauthenticated`, and `Forbidden` for users whose role is not ADMIN."""

    _schema_directive = AdminDirective()

    async def has_permission(self, source: Any, info: strawberry.Info, **arguments: Any) -> bool:
        viewer = await info.context.require_viewer()
        if viewer.role is not Role.ADMIN:
            raise Forbidden("this field requires the role ADMIN")
        return True


PERMISSIONS = frozenset({Public, SignedIn, Admin})

RootT = TypeVar("RootT", bound=type)


def with_permissions(root: RootT) -> RootT:
    """Add each field's permission to the root type as a directive, and return the type. Raises `TypeError` for a field that does not declare exactly one.

    Fields that are nullable for the sake of errors alone say so by a directive, too.
    """
    for field in fields_of(root):
        only_errors = isinstance(field.type, StrawberryOptional) and field.python_name not in NULL_WITHOUT_ERROR
        field.directives = [permission_of(field)._schema_directive, *([SemanticNonNullDirective()] if only_errors else [])]
    return root


def permission_of(field: StrawberryField) -> type[BasePermission]:
    """Return the permission of a root field. Raises `TypeError` unless it declares one of the three."""
    declared = field.permission_classes
    if len(declared) != 1 or declared[0] not in PERMISSIONS:
        raise TypeError(f"the root field {field.name} must declare permission_classes=[Public], [SignedIn] or [Admin]")
    return declared[0]


def fields_of(root: type) -> Iterable[StrawberryField]:
    """Return the fields of a Strawberry type, in order of definition."""
    return root.__strawberry_definition__.fields  # type: ignore[attr-defined, no-any-return] # set by strawberry.type
