"""Limits on the size and cost of one document, checked before GraphQL's own rules.

The complexity of each fragment is computed once, so the check is linear in the document however fragments are nested. The numbers are those of the expanded
document: a fragment's fields count at every place that spreads it.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValidationRule,
    ValueNode,
    VariableNode,
    get_named_type,
)

from graph.field_costs import weight_of
from graph.relay import DEFAULT_PAGE_SIZE, MAX_NODES, MAX_PAGE_SIZE

MAX_DEPTH = 12
"""Maximum levels of fields. The longest useful path has eight: diaries, edges, node, signals, evidence, message, conversation, title."""
MAX_FIELDS = 500
"""Maximum fields in total. A page of diaries with all their fields has about 70, GraphiQL's introspection 230."""
MAX_ALIASES = 30
"""Maximum aliases in total: enough to compare a few periods, too few to try a list of passwords or dates."""
MAX_DIRECTIVES = 50
"""Maximum directives in total: each is evaluated, and repeated ones are the cheapest way to make a document long."""
MAX_COST = 20_000
"""Maximum cost: fields times page sizes, plus the extra costs of fields (graph/field_costs.py). A hundred diaries with all their fields cost 7,000, a
hundred conversations of twenty messages with five fields 10,000."""
MAX_ROOT_MUTATIONS = 5
"""Maximum mutations in one request: they run one after another, and each may hash a password or call the model."""
MAX_INTROSPECTION_DEPTH = 16
"""Maximum levels below `__schema` or `__type`. GraphiQL's query has 14."""


class Complexity(NamedTuple):
    """The size of a selection set with its fragments expanded. `width` counts its own fields, without those below them."""

    depth: int = 0
    width: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0

    def __add__(self, other: tuple[int, ...]) -> Complexity:  # type: ignore[override] # complexities add up by field
        added = Complexity(*other)
        return Complexity(max(self.depth, added.depth), *(a + b for a, b in zip(self[1:], added[1:])))


class DependsOnVariables(GraphQLError):
    """An error that applies if the variables request the largest pages; a request's variables decide (see `QueryLimits.with_variables`)."""


class QueryLimits(ValidationRule):
    """The validation rule for production, which refuses introspection."""

    introspection = False
    variables: ClassVar[Mapping[str, Any] | None] = None
    """The request's variables. None while a document is checked for all requests: then a page size given by a variable counts as the largest."""

    @classmethod
    def with_variables(cls, variables: Mapping[str, Any]) -> type[QueryLimits]:
        """Return the rule for one request's variables."""
        return type(cls.__name__, (cls,), {"variables": variables})

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._fragments: dict[str, Complexity] = {}
        self._given: dict[str, Any] = {}
        self._depends_on_variables = False

    def enter_document(self, node: DocumentNode, *_: Any) -> None:
        """Check all operations at the document node, because graphql-core aborts at the first operation if fragments are nested too deeply."""
        operations = [definition for definition in node.definitions if isinstance(definition, OperationDefinitionNode)]
        if self.variables is not None:
            self._given = {**_defaults(operations), **self.variables}
        for operation in operations:
            self._check_operation(operation)

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\0" in node.value:
            self._refuse("has a string with a NUL character, which cannot be stored", node)

    def _check_operation(self, node: OperationDefinitionNode) -> None:
        root = self.context.schema.get_root_type(node.operation)
        try:
            complexity = self._selections(node.selection_set, root) + Complexity(directives=len(node.directives or ()))
        except RecursionError:
            return self._refuse("nests fragments too deeply", node)
        self._bound("depth", complexity.depth, MAX_DEPTH, node)
        self._bound("number of fields", complexity.fields, MAX_FIELDS, node)
        self._bound("number of aliases", complexity.aliases, MAX_ALIASES, node)
        self._bound("number of directives", complexity.directives, MAX_DIRECTIVES, node)
        self._bound("cost (fields times page sizes)", complexity.cost, MAX_COST, node, DependsOnVariables if self._depends_on_variables else GraphQLError)
        if node.operation is OperationType.MUTATION:
            self._bound("number of mutations", complexity.width, MAX_ROOT_MUTATIONS, node)

    def _selections(self, selections: SelectionSetNode, parent: Any) -> Complexity:
        total = Complexity()
        for node in selections.selections:
            if isinstance(node, FieldNode):
                complexity = self._field(node, parent)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                complexity = self._selections(node.selection_set, self.context.schema.get_type(condition.name.value) if condition else parent)
            else:
                complexity = self._fragment(cast(FragmentSpreadNode, node).name.value)
            total += complexity
            total += Complexity(directives=len(node.directives or ()))
        return total

    def _fragment(self, name: str) -> Complexity:
        """Return the fragment's complexity. A cycle counts as empty here: another rule reports it."""
        if name not in self._fragments:
            self._fragments[name] = Complexity()
            fragment = self.context.get_fragment(name)
            if fragment:
                on = self.context.schema.get_type(fragment.type_condition.name.value)
                self._fragments[name] = self._selections(fragment.selection_set, on) + Complexity(directives=len(fragment.directives or ()))
        return self._fragments[name]

    def _field(self, node: FieldNode, parent: Any) -> Complexity:
        field: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        of_type = get_named_type(field.type) if field else None
        below = self._selections(node.selection_set, of_type) if node.selection_set else Complexity()
        aliases = below.aliases + (node.alias is not None)
        if node.name.value in ("__schema", "__type"):
            self._introspect(node, below.depth)
            return Complexity(1, 1, 1 + below.fields, aliases, below.directives, 1)
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        cost = 1 + weight_of(field, arguments) + self._max_objects(arguments, field) * below.cost
        return Complexity(1 + below.depth, 1, 1 + below.fields, aliases, below.directives, cost)

    def _max_objects(self, arguments: Mapping[str, ValueNode], field: GraphQLField | None) -> int:
        """Return the maximum number of objects that the field returns: its page size, or the number of ids it is given."""
        ids = arguments.get("ids")
        if ids is not None:
            return len(ids.values) if isinstance(ids, ListValueNode) else self._size_of_variable(ids, MAX_NODES)
        sizes = [self._page_size(arguments[name]) for name in ("first", "last") if name in arguments and not isinstance(arguments[name], NullValueNode)]
        return max(sizes, default=DEFAULT_PAGE_SIZE if field and "first" in field.args else 1)

    def _page_size(self, node: ValueNode) -> int:
        if isinstance(node, IntValueNode):
            return min(int(node.value[:4]), MAX_PAGE_SIZE) if node.value.isdigit() else 1
        return self._size_of_variable(node, MAX_PAGE_SIZE)

    def _size_of_variable(self, node: ValueNode, most: int) -> int:
        """Return the size that a variable requests; `most` if the variable's value is not known or has the wrong type."""
        if not isinstance(node, VariableNode) or self.variables is None:
            self._depends_on_variables = self._depends_on_variables or isinstance(node, VariableNode)
            return most
        value = self._given.get(node.name.value)
        size = len(value) if isinstance(value, list) else DEFAULT_PAGE_SIZE if value is None else value
        return min(size, most) if type(size) is int and size >= 0 else most

    def _introspect(self, node: FieldNode, depth: int) -> None:
        if not self.introspection:
            self._refuse("uses introspection, which is enabled only in development (DEBUG); use schema.graphql instead", node)
        self._bound("depth of introspection", depth, MAX_INTROSPECTION_DEPTH, node)

    def _bound(self, what: str, asked: int, limit: int, node: Any, kind: type[GraphQLError] = GraphQLError) -> None:
        if asked > limit:
            shown = asked if asked < 10**9 else "more than a billion"
            self._refuse(f"exceeds a limit: its {what} is {shown}, the limit is {limit}", node, kind)

    def _refuse(self, why: str, node: Any, kind: type[GraphQLError] = GraphQLError) -> None:
        self.report_error(kind(f"The document {why}.", [node]))


class DevelopmentQueryLimits(QueryLimits):
    introspection = True


def _defaults(operations: Iterable[OperationDefinitionNode]) -> dict[str, Any]:
    """Return the whole-number defaults of variables; if several operations declare one, the largest."""
    found: dict[str, Any] = {}
    for definition in (definition for operation in operations for definition in operation.variable_definitions or ()):
        name, default = definition.variable.name.value, definition.default_value
        if isinstance(default, IntValueNode) and default.value.isdigit():
            found[name] = max(found.get(name, 0), int(default.value[:4]))
    return found
