"""What a YAML document would be if its aliases were written out, known before anything is built from it.

An alias stands for a whole tree, and trees of aliases grow exponentially ("a billion laughs"). A parser also keeps
the last of two equal keys, and libyaml's takes the process with it when lists nest some ten thousands deep. So the
parser's events are looked at first: they are a stream, and nothing in it depends on what an alias stands for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

# libyaml's takes a tenth of the time; a PyYAML that was built without it has the other one alone.
FAST_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 200
"""Lists and maps inside of each other; what reads documents goes down with them, and Python down to 1000 calls."""


@dataclass(frozen=True)
class Finding:
    """What a document must not hold."""

    line: int
    """Counted from 1."""
    sentence: str
    """What is wrong and what would be right, worded to follow the name of the file."""


@dataclass
class _Tree:
    """A part of a document, or what it was when it ended."""

    anchor: str | None
    is_map: bool = False
    characters: int = 1
    depth: int = 1
    """Itself, and the lists and maps inside of each other below it."""
    parts: int = 0
    """Keys and values of a map, counted each; entries of a list."""
    key: str = ""
    """The last key of a map."""
    keys: set[str] = field(default_factory=set)

    def add(self, part: "_Tree", key: str | None = None) -> bool:
        """Count a part that has ended. Return whether it is a key that the map has already."""
        self.characters += part.characters
        self.depth = max(self.depth, part.depth + 1)
        is_key = self.is_map and self.parts % 2 == 0
        self.parts += 1
        if not is_key or key is None:
            return False
        known = key in self.keys
        self.key = key
        self.keys.add(key)
        return known


def findings(text: str, longest: int) -> Iterator[Finding]:
    """Yield every equal key, and what forbids to build the document; after the latter nothing more is yielded.

    ``longest`` is in characters, with every alias written out. Raises yaml.YAMLError when the text is not YAML.
    """
    walk = _Walk(longest)
    for event in yaml.parse(text, Loader=FAST_LOADER):
        yield from walk.see(event)
        if walk.is_over:
            return


class _Walk:
    """The way through one document's events."""

    def __init__(self, longest: int) -> None:
        self.is_over = False
        self._longest = longest
        self._total = 0
        self._open: list[_Tree] = []
        self._anchored: dict[str, _Tree] = {}

    def see(self, event: yaml.Event) -> Iterator[Finding]:
        """Take the next event."""
        if isinstance(event, yaml.ScalarEvent):
            yield from self._ended(_Tree(event.anchor, characters=max(1, len(event.value)), depth=0), event)
        elif isinstance(event, yaml.AliasEvent):
            yield from self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open.append(_Tree(event.anchor, is_map=isinstance(event, yaml.MappingStartEvent)))
            yield from self._measured(1, len(self._open), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            yield from self._ended(self._open.pop(), event, counted=True)

    def _alias(self, event: yaml.AliasEvent) -> Iterator[Finding]:
        name = str(event.anchor)
        if any(tree.anchor == name for tree in self._open):
            yield self._last(event, f"`*{name}` stands for a part that holds it. Write out what is meant.")
        elif (meant := self._anchored.get(name)) is not None:  # else the parser tells
            alias = _Tree(None, characters=meant.characters, depth=meant.depth)
            yield from self._measured(alias.characters, len(self._open) + alias.depth, event)
            yield from self._ended(alias, event, counted=True)

    def _ended(self, part: _Tree, event: yaml.Event, *, counted: bool = False) -> Iterator[Finding]:
        """Add a part to the one that it is in. What was ``counted`` when it began is not measured again."""
        if not counted:
            yield from self._measured(part.characters, len(self._open), event)
        if part.anchor is not None:
            self._anchored[part.anchor] = part
        key = event.value if isinstance(event, yaml.ScalarEvent) else None
        if self._open and self._open[-1].add(part, key):
            yield Finding(_line(event), f"the key `{self._path()}` is there already. Remove one of the two.")

    def _measured(self, characters: int, depth: int, event: yaml.Event) -> Iterator[Finding]:
        """Count what begins here, and end the walk where it is too much."""
        self._total += characters
        if self._total > self._longest:
            yield self._last(
                event,
                f"with its aliases written out the document has more than {self._longest:,} characters, and no more "
                "are read. Write out what is needed, and remove the aliases.",
            )
        elif depth > DEEPEST:
            yield self._last(event, f"{TOO_DEEP}. Flatten it.")

    def _last(self, event: yaml.Event, sentence: str) -> Finding:
        self.is_over = True
        return Finding(_line(event), sentence)

    def _path(self) -> str:
        """Return the keys down to the one that was read last."""
        return ".".join(tree.key if tree.is_map else str(tree.parts) for tree in self._open)


TOO_DEEP = f"has more than {DEEPEST} lists and maps inside of each other"
"""What is wrong with a document that is too deep."""


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return 1 if mark is None else int(mark.line) + 1
