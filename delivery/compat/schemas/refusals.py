"""What one schema takes and another one refuses."""

from dataclasses import dataclass, replace

from pydantic import JsonValue

from delivery.compat.rules import Rule
from delivery.report.words import Words

ITEMS = "[]"
"""Stands in a path for every item of a list."""
OTHERS = "*"
"""Stands in a path for every property that is not named."""


@dataclass(frozen=True)
class Refusal:
    """Values that the first schema takes and the second refuses."""

    path: str
    """Where they stand in a body: `inputs[].datatype`; empty for the body itself."""
    rule: Rule
    """The constraint that refuses them."""
    what: Words
    """The values, as a noun: `texts of more than 5 characters`."""
    given: JsonValue = None
    """What the first schema says about it; None where it says nothing."""
    allowed: JsonValue = None
    """What the second schema says about it."""
    is_strict: bool = True
    """False where nothing is refused: the second schema merely does not name the field."""


def is_taken(refusals: list[Refusal]) -> bool:
    """Tell whether nothing is refused."""
    return not any(refusal.is_strict for refusal in refusals)


@dataclass(frozen=True)
class Alternative:
    """One of the schemas in `anyOf` or `oneOf`."""

    name: str | None
    """Of the schema; None where it is written out."""
    place: int
    of: int
    """How many there are."""


@dataclass(frozen=True)
class Spot:
    """Where in two bodies a comparison is."""

    path: str = ""
    """As in `Refusal`."""
    assumed: frozenset[str] = frozenset()
    """The pairs of schemas that are being compared around it, as text: recursion leads back to them."""
    origin: Alternative | None = None
    """The alternative of the first schema that the value follows."""
    depth: int = 0
    """Levels of schemas around it."""
    known: frozenset[str] = frozenset()
    """Properties that the second schema names here, in whatever alternative."""

    def below(self, name: str) -> "Spot":
        """Return the place of a property."""
        return replace(
            self, path=f"{self.path}.{name}" if self.path else name, origin=None, known=frozenset()
        )

    def items(self) -> "Spot":
        """Return the place of every item of a list."""
        return replace(self, path=f"{self.path}{ITEMS}", origin=None, known=frozenset())

    def follows(self, origin: Alternative) -> "Spot":
        """Return an alternative: known by the name of its schema, or else by its place, from 1."""
        path = f"{self.path}({origin.name or origin.place + 1})" if origin.of > 1 else self.path
        return replace(self, path=path, origin=origin, depth=self.depth + 1)

    def within(self, pair: str) -> "Spot":
        """Return the same place inside one more pair of schemas."""
        return replace(self, assumed=self.assumed | {pair})

    def deeper(self, known: frozenset[str]) -> "Spot":
        """Return the same place one level deeper, where the second schema names some properties."""
        return replace(self, depth=self.depth + 1, known=self.known | known)
