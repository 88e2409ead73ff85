"""From schemas of a document to named schemas in the subset."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from shared.contracts.contract import Gap, reference
from shared.contracts.dialect.annotations import annotations
from shared.contracts.dialect.arrays import arrays
from shared.contracts.dialect.cycles import check_cycles
from shared.contracts.dialect.discriminators import discriminator
from shared.contracts.dialect.documents import Documents, Node
from shared.contracts.dialect.logic import logic
from shared.contracts.dialect.nullable import with_null
from shared.contracts.dialect.objects import objects, required_by
from shared.contracts.dialect.references import component_name, dynamic, hint, tell_siblings
from shared.contracts.dialect.scalars import numbers, texts, types_and_values
from shared.contracts.dialect.scope import NOTHING, Piece, Scope, merged, with_annotations, with_items
from shared.contracts.dialect.unevaluated import unevaluated

_ONLY = {"request": "readOnly", "response": "writeOnly"}
"""What a property says that is not sent in a direction."""


class Direction(StrEnum):
    """Which way a body goes."""

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def absent(self) -> str:
        """The flag of properties that bodies in this direction need not have."""
        return _ONLY[self.value]


@dataclass(frozen=True)
class Wanted:
    """A schema that is needed under a name."""

    name: str
    """What it should be called; it gets a number where another one has that name."""
    node: Node
    """The schema."""
    direction: Direction
    """Which way a body of it goes."""


@dataclass(frozen=True)
class Translation:
    """Schemas in the subset."""

    names: tuple[str, ...]
    """What each wanted schema is called."""
    schemas: Mapping[str, JsonValue]
    """All schemas by name, those that the wanted ones refer to as well."""
    gaps: tuple[Gap, ...]
    """What is not checked, by place."""


_Key = tuple[int, Direction | None]
"""A schema of the source, which is one object, and the direction where that makes a difference."""


def translate(wanted: Sequence[Wanted], documents: Documents) -> Translation:
    """Return the wanted schemas in the subset.

    Raises DocumentError when a reference leads nowhere, or a schema refers to itself without end.
    """
    lossy: frozenset[_Key] = frozenset()
    while True:
        # A schema that refers to one that is wider than its source may be wider, too. So all are taken to be
        # exact, and what turns out not to be is known the next time.
        run = _Run(documents, lossy)
        names = tuple(run.component(item) for item in wanted)
        run.finish()
        if run.lossy == lossy and run.is_directed == documents.is_directed:
            check_cycles(run.schemas, documents.source)
            return Translation(names, run.schemas, run.sorted_gaps())
        lossy = run.lossy if run.is_directed == documents.is_directed else frozenset()


class _Run:
    """One pass over all schemas that are reached."""

    def __init__(self, documents: Documents, lossy: frozenset[_Key]) -> None:
        self._documents = documents
        self._known_lossy = lossy
        self._names: dict[_Key, str] = {}
        self._waiting: deque[tuple[_Key, Node, Direction]] = deque()
        self._gaps: dict[Gap, int] = {}
        self.is_directed = documents.is_directed
        self.lossy = lossy
        self.schemas: dict[str, JsonValue] = {}

    def component(self, wanted: Wanted) -> str:
        """Return the name of a schema among the components; it is translated later."""
        key = self._key(wanted.node, wanted.direction)
        if key not in self._names:
            self._names[key] = component_name(self._wanted_name(wanted), self._names.values())
            self._waiting.append((key, wanted.node, wanted.direction))
        return self._names[key]

    def _wanted_name(self, wanted: Wanted) -> str:
        """Return the name that a schema asks for, with the direction where the other one has it already."""
        is_in_both = any(key[0] == id(wanted.node.contents) for key in self._names)
        return f"{wanted.name}-{wanted.direction}" if is_in_both else wanted.name

    def finish(self) -> None:
        """Translate what is waiting, and what that refers to."""
        while self._waiting:
            key, node, direction = self._waiting.popleft()
            piece = self._translated(node, direction)
            self.schemas[self._names[key]] = piece.schema
            if not piece.exact:
                self.lossy |= {key}

    def sorted_gaps(self) -> tuple[Gap, ...]:
        """Return what was told, by place."""
        return tuple(sorted(self._gaps, key=self._gaps.__getitem__))

    def _key(self, node: Node, direction: Direction) -> _Key:
        return id(node.contents), direction if self.is_directed else None

    def _translated(self, node: Node, direction: Direction) -> Piece:
        if not isinstance(node.contents, dict):
            return Piece(NOTHING if node.contents is False else {})
        scope = Scope(
            node,
            translate=lambda inner: self._translated(inner, direction),
            follow=self._documents.resolve,
            name=lambda inner, name: self.component(Wanted(name, inner, direction)),
            absent=direction.absent,
            tell=self._tell,
        )
        if "$ref" in scope.schema and not node.dialect.has_ref_siblings:
            return self._referred(scope, direction)
        return self._with_keywords(scope, direction)

    def _with_keywords(self, scope: Scope, direction: Direction) -> Piece:
        pieces = [
            *([self._referred(scope, direction)] if "$ref" in scope.schema else ()),
            *dynamic(scope),
            *types_and_values(scope),
            *numbers(scope),
            *texts(scope),
            *arrays(scope),
            *objects(scope),
            required_by(scope),
            *logic(scope),
            *unevaluated(scope),
        ]
        together = merged(pieces)
        piece = with_null(scope, Piece(with_items(together.schema), together.exact))
        return with_annotations(piece, annotations(scope) | discriminator(scope, piece))

    def _referred(self, scope: Scope, direction: Direction) -> Piece:
        written = str(scope.schema["$ref"])
        node = self._documents.resolve(scope.node, written)
        if not isinstance(node.contents, dict):
            return self._translated(node, direction)
        name = self.component(Wanted(hint(written), node, direction))
        piece = Piece(reference(name), self._key(node, direction) not in self._known_lossy)
        if scope.dialect.has_ref_siblings:
            return piece
        tell_siblings(scope)
        return with_null(scope, piece)

    def _tell(self, schema: JsonValue, keys: tuple[str | int, ...], sentence: str) -> None:
        self._gaps.setdefault(
            Gap(self._documents.where(schema, *keys), sentence), self._documents.order(schema)
        )
