"""An OpenAPI document while it is read: references are followed, schemas are collected, gaps are noted."""

from collections.abc import Iterator

from shared.contracts.contract import Gap
from shared.contracts.dialect import Direction, Documents, Node, Translation, Wanted, translate
from shared.contracts.dialect.checking import schema_problems
from shared.contracts.json_values import mapping, sequence
from shared.documents import DocumentError


class Reading:
    """What is known of a document. Schemas are translated once all are known, so that each has one name."""

    def __init__(self, documents: Documents, root: Node) -> None:
        """Begin with the whole document."""
        self.documents = documents
        self.root = root
        self.gaps: list[Gap] = []
        self._wanted: list[Wanted] = []

    def gap(self, node: Node, keys: tuple[str | int, ...], sentence: str) -> None:
        """Note what the contract does not hold."""
        gap = Gap(self.documents.where(node.contents, *keys), sentence)
        if gap not in self.gaps:
            self.gaps.append(gap)

    def at(self, node: Node, *keys: str) -> Node:
        """Return what stands at a place, with references followed; an empty map where nothing does."""
        for key in keys:
            node = self.followed(node.below(mapping(node.contents).get(key)))
        return node

    def entries(self, node: Node, key: str) -> Iterator[tuple[str, Node]]:
        """Yield the entries of a map, with references followed."""
        for name, value in mapping(mapping(node.contents).get(key)).items():
            yield name, self.followed(node.below(value))

    def items(self, node: Node, key: str) -> Iterator[Node]:
        """Yield the items of a list, with references followed."""
        for value in sequence(mapping(node.contents).get(key)):
            yield self.followed(node.below(value))

    def followed(self, node: Node) -> Node:
        """Return what a reference leads to, and anything else as it is."""
        seen: set[int] = set()
        while isinstance(node.contents, dict) and isinstance(reference := node.contents.get("$ref"), str):
            if id(node.contents) in seen:
                return node.below({})
            seen.add(id(node.contents))
            node = self.documents.resolve(node, reference)
        return node

    def want(self, name: str, schema: Node, direction: Direction) -> int:
        """Ask for a schema; the number tells later what it is called."""
        contents = schema.contents
        reference = contents.get("$ref") if isinstance(contents, dict) else None
        if isinstance(reference, str) and set(mapping(contents)) == {"$ref"}:
            # The document's own name for it is better known than one that is made here.
            target = self.documents.resolve(schema, reference)
            return self.want(reference.rpartition("/")[2], target, direction)
        self._wanted.append(Wanted(name, schema, direction))
        return len(self._wanted) - 1

    def translated(self) -> Translation:
        """Return all schemas that were asked for. Raises DocumentError for what is no schema."""
        problems = [
            problem
            for wanted in self._wanted
            for problem in schema_problems(self.documents, wanted.node.contents, wanted.node.dialect)
        ]
        if problems:
            raise DocumentError(dict.fromkeys(problems))
        return translate(self._wanted, self.documents)


def text(node: Node, key: str) -> str:
    """Return a text, or an empty one."""
    value = mapping(node.contents).get(key)
    return value if isinstance(value, str) else ""
