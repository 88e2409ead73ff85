"""Schemas that refer to themselves in such a way that checking a value never ends."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from shared.contracts.contract import referred
from shared.contracts.json_values import mapping, sequence
from shared.documents import DocumentError


def check_cycles(schemas: Mapping[str, JsonValue], source: str) -> None:
    """Raise DocumentError for a schema that comes back to itself without a step into a list or a map."""
    targets = {name: tuple(_targets(schema)) for name, schema in schemas.items()}
    done: set[str] = set()
    for name in schemas:
        cycle = _cycle(name, targets, done)
        if cycle is not None:
            way = " -> ".join(cycle)
            problem = (
                f"the schema {cycle[0]} refers to itself ({way}) without a property or an item in between"
            )
            raise DocumentError(
                [f"{source}: {problem}: no value can be checked against it. Correct the references."]
            )


def _cycle(start: str, targets: Mapping[str, tuple[str, ...]], done: set[str]) -> list[str] | None:
    """Return a way from a schema back to itself, or None. Schemas from which none leads back are remembered."""
    way: list[tuple[str, Iterator[str]]] = [(start, iter(targets[start]))]
    while way:
        name, rest = way[-1]
        following = next(rest, None)
        names = [step for step, _ in way]
        if following is None:
            done.add(name)
            way.pop()
        elif following in names:
            return [*names[names.index(following) :], following]
        elif following not in done:
            way.append((following, iter(targets[following])))
    return None


def _targets(schema: JsonValue) -> Iterator[str]:
    """Yield the components that a value is checked against when it is checked against a schema."""
    keywords = mapping(schema)
    if (name := referred(schema)) is not None:
        yield name
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in sequence(keywords.get(keyword)):
            yield from _targets(part)
    yield from _targets(keywords["not"]) if "not" in keywords else ()
