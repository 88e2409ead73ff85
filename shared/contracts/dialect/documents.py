"""The files that a contract is made from, and what the references in them lead to.

References are resolved by `referencing`. They lead to other places of the file, and to other files of the model's
folder; nothing is fetched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pydantic import JsonValue
from referencing import Registry, Resource
from referencing._core import Resolver
from referencing.exceptions import Unresolvable

from shared.contracts.dialect.dialects import Dialect, named
from shared.documents import DocumentError, shown

_HOST = "http://model.invalid/"
_FOLDER = f"{_HOST}folder/"
"""Where the files stand, so that relative references have something to be relative to. Nothing answers there.

It is no root: `..` at a root leads nowhere else, and a reference out of the folder would lead into it.
"""


@dataclass(frozen=True)
class Node:
    """A part of a document, with what is needed to follow its references."""

    contents: JsonValue
    """What stands there."""
    resolver: Resolver[Any]
    """What follows references; Any because a schema is a map or a boolean."""
    dialect: Dialect
    """What its keywords mean."""

    def below(self, contents: JsonValue) -> "Node":
        """Return a part of this part; one with an identifier of its own changes what is relative to it."""
        keyword = self.dialect.identifier
        if keyword is not None and isinstance(contents, dict) and isinstance(contents.get(keyword), str):
            resource = self.dialect.specification.create_resource(contents)
            return Node(contents, self.resolver.in_subresource(resource), self.dialect)
        return Node(contents, self.resolver, self.dialect)


class Documents:
    """The files of one contract, each read once."""

    def __init__(self, read: Callable[[str], JsonValue], source: str) -> None:
        """Keep how a file of the folder is read; ``source`` is how sentences name the first file.

        ``read`` gets a path relative to the folder, and raises DocumentError when there is no such file.
        """
        self._read = read
        self.source = source
        self.is_directed = False
        """Whether a property is sent in one direction alone, as far as the files have been read."""
        self._places: dict[int, tuple[str, str]] = {}
        self._order: dict[int, int] = {}
        self._dialects: dict[str, Dialect] = {}
        self._resources: dict[str, Resource[Any]] = {}
        self._registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg] # its attrs field has an alias that mypy does not see

    def root(self, path: str, contents: JsonValue, dialect: Dialect) -> Node:
        """Return the whole of a file that has been read."""
        resource = self._remember(path, contents, dialect)
        uri = self.uri(path)
        self._registry = self._registry.with_resource(uri, resource)
        return Node(contents, self._registry.resolver(uri), dialect).below(contents)

    def uri(self, path: str) -> str:
        """Return where a file of the folder stands for references."""
        return _FOLDER + path

    @property
    def files(self) -> tuple[Node, ...]:
        """The files that have been read, whole."""
        return tuple(
            Node(resource.contents, self._registry.resolver(self.uri(path)), self._dialects[path])
            for path, resource in self._resources.items()
        )

    def contents(self, uri: str) -> JsonValue:
        """Return the file that stands there. Raises DocumentError when it is not one of the folder."""
        contents: JsonValue = self._retrieve(uri).contents
        return contents

    def place(self, contents: JsonValue) -> tuple[str, str]:
        """Return the file and the JSON pointer of a map or list. Raises KeyError for one from no file."""
        return self._places[id(contents)]

    def order(self, contents: JsonValue) -> int:
        """Return a number by which places sort as they are written."""
        return self._order[id(contents)]

    def where(self, contents: JsonValue, *parts: str | int) -> str:
        """Return a place as gaps and sentences write it: `#` and the pointer, after the file if not the first."""
        path, pointer = self.place(contents)
        whole = f"#{pointer}{pointer_of(*parts)}"
        return whole if path == self._first else f"{path}{whole}"

    @property
    def _first(self) -> str:
        return next(iter(self._resources))

    def resolve(self, node: Node, reference: str) -> Node:
        """Return what a reference leads to. Raises DocumentError when it leads nowhere, or out of the folder."""
        try:
            resolved = node.resolver.lookup(reference)
        except (Unresolvable, AttributeError, LookupError, TypeError, ValueError) as error:
            # The library takes what it goes through for a schema, and fails in its own ways where something else is.
            raise _explained(error) or DocumentError([self._nowhere(node, reference)]) from error
        contents: JsonValue = resolved.contents
        dialect = self._dialects.get(self._places[id(contents)][0]) if id(contents) in self._places else None
        return Node(contents, resolved.resolver, dialect or node.dialect)

    def _nowhere(self, node: Node, reference: str) -> str:
        return (
            f"{self.source}: `{self.where(node.contents)}` refers to {shown(reference)}, and nothing stands there. "
            "Correct the reference."
        )

    def _retrieve(self, uri: str) -> Resource[Any]:
        remedy = "Put the file into the folder, and refer to it by its relative path."
        if uri.startswith(_HOST) and not uri.startswith(_FOLDER):
            problem = (
                f"a reference to {shown(unquote(uri.removeprefix(_HOST)))} leads out of the model's folder"
            )
            raise DocumentError([f"{self.source}: {problem}. {remedy}"])
        if not uri.startswith(_FOLDER):
            problem = f"refers to {shown(uri)}, which is not in the model's folder, and nothing is fetched"
            raise DocumentError([f"{self.source}: {problem}. {remedy}"])
        path = unquote(uri.removeprefix(_FOLDER))
        if path not in self._resources:
            contents = self._read(path)
            self._remember(path, contents, _dialect(contents) or next(iter(self._dialects.values())))
        return self._resources[path]

    def _remember(self, path: str, contents: JsonValue, dialect: Dialect) -> Resource[Any]:
        for pointer, part in _parts(contents):
            self._places.setdefault(id(part), (path, pointer))
            self._order.setdefault(id(part), len(self._order))
            self.is_directed |= isinstance(part, dict) and bool(part.keys() & {"readOnly", "writeOnly"})
        self._dialects[path] = dialect
        self._resources[path] = dialect.specification.create_resource(contents)
        return self._resources[path]


def _dialect(contents: JsonValue) -> Dialect | None:
    """Return the dialect that a file says it is written in."""
    return named(contents.get("$schema")) if isinstance(contents, dict) else None


def _explained(error: BaseException | None) -> DocumentError | None:
    """Return what reading a file said, which the library has wrapped."""
    while error is not None and not isinstance(error, DocumentError):
        error = error.__cause__ or error.__context__
    return error


def _parts(contents: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    """Yield each map and list of a document with its JSON pointer."""
    waiting: list[tuple[str, JsonValue]] = [("", contents)]
    while waiting:
        pointer, part = waiting.pop()
        if isinstance(part, dict):
            yield pointer, part
            waiting += [(pointer + pointer_of(key), value) for key, value in reversed(part.items())]
        elif isinstance(part, list):
            yield pointer, part
            waiting += [(f"{pointer}/{index}", part[index]) for index in reversed(range(len(part)))]


def pointer_of(*parts: str | int) -> str:
    """Return the JSON pointer (RFC 6901) that leads through these keys and positions."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
