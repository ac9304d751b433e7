"""A shortcut for plain fields: fields that only return an attribute of their object, or data that was prefetched with it (graph/prefetch.py).

A page of diaries has some 700 fields, of which 650 are plain. The standard executor makes a path, an info object and half a dozen calls for each; this
executor reads them by columns (graph/column_readers.py), with readers that are made once for a document and kept with it (graph/document_cache.py). Any
irregularity (an exception, a null in a non-null field, a value of another type) sends the objects to the standard executor, which reports the error.
"""
from __future__ import annotations

from typing import Any, NamedTuple

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graph.column_readers import PlainField, ReadColumn, fields_reader, leaf_reader, list_reader, object_reader, type_name_field
from graph.document_cache import kept_readers
from graph.prefetch import PREFETCH_KEY


class Selection(NamedTuple):
    """The fields selected on an object: a reader of the plain ones, and the response names of the `others`."""

    read: ReadColumn
    others: frozenset[str]


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor with the shortcut. One instance executes one operation."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._has_field_extensions = bool(self.middleware_manager and self.middleware_manager.middlewares)  # an extension has to see each field
        self._readers = {} if self._has_field_extensions else kept_readers(self.operation, self.variable_values.coerced)
        self._selections: dict[tuple[GraphQLObjectType, int], tuple[Selection, Any]] = {}

    def execute_fields(self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any) -> Any:
        selection = self._selection_of(parent_type, grouped_field_set)
        try:
            [data] = selection.read([source_value])
        except Exception:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        if not selection.others:
            return data
        others = {name: details for name, details in grouped_field_set.items() if name in selection.others}
        rest: Any = super().execute_fields(parent_type, source_value, path, others, position_context)
        return _ordered_later(grouped_field_set, data, rest) if self.is_awaitable(rest) else _ordered(grouped_field_set, data, rest)

    def complete_value(self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any) -> Any:
        """Complete a resolver's result, which is often a list of objects with only plain fields selected."""
        key = (return_type, *_nodes(field_details_list))
        if key not in self._readers:
            self._readers[key] = self._reader(return_type, field_details_list)
        read = self._readers[key]
        if read is not None:
            try:
                return read([result])[0]
            except Exception:
                read = None
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _selection_of(self, parent_type: Any, fields: Any) -> Selection:
        """Return the selection, looked up once for all objects of a list: graphql-core passes the same `fields` for each. A reference to them is kept, so that
        their id cannot be reused."""
        key = (parent_type, id(fields))
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = (self._selection(parent_type, fields), fields)
        return found[0]

    def _selection(self, parent_type: Any, fields: Any) -> Selection:
        key = (parent_type, *(node for details in fields.values() for node in _nodes(details)))
        if key not in self._readers:
            asked = {name: self._plain_field(parent_type, details) for name, details in fields.items()}
            plain = {name: field for name, field in asked.items() if field is not None}
            self._readers[key] = Selection(fields_reader(plain), frozenset(asked.keys() - plain.keys()))
        found: Selection = self._readers[key]
        return found

    def _plain_field(self, parent_type: Any, details: Any) -> PlainField | None:
        """Return the plain field, or None if the field needs its resolver."""
        node = details[0].node
        if self._has_field_extensions:
            return None
        if node.name.value == "__typename":
            return type_name_field(parent_type.name)
        field = parent_type.fields.get(node.name.value)
        definition = field and field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not definition or definition.extensions:
            return None
        if definition.base_resolver is None and definition.default_resolver is getattr:
            attribute = definition.python_name
        else:
            attribute = None if node.arguments else definition.metadata.get(PREFETCH_KEY)
        read = attribute and self._reader(field.type, details)
        return PlainField(attribute, read) if read else None

    def _reader(self, kind: Any, details: Any) -> ReadColumn | None:
        """Return the reader of a type, or None if a field below needs its resolver."""
        required = isinstance(kind, GraphQLNonNull)
        kind = kind.of_type if required else kind
        if isinstance(kind, GraphQLList):
            read = self._reader(kind.of_type, details)
            return read and list_reader(read, required)
        if is_leaf_type(kind):
            return leaf_reader(kind, required)
        if isinstance(kind, GraphQLObjectType):
            selection = self._selection(kind, self.collect_subfields(kind, details).grouped_field_set)
            return None if selection.others else object_reader(selection.read, kind.is_type_of, required)
        return None


def _nodes(details: Any) -> list[int]:
    """Return the identities of a field's nodes in the document, which lives as long as the readers that are kept with it."""
    return [id(found.node) for found in details]


async def _ordered_later(fields: Any, data: dict[str, Any], rest: Any) -> dict[str, Any]:
    return _ordered(fields, data, await rest)


def _ordered(fields: Any, data: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    """Return the fields in the order of the selection. A field that does not exist is in neither mapping."""
    return {name: data[name] if name in data else rest[name] for name in fields if name in data or name in rest}
