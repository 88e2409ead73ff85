"""Parameters of operations: in the path, the query and headers. Cookies are the gateway's to drop."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from shared.contracts.contract import Contract, Parameter, ParameterPlace, referred
from shared.contracts.dialect import Direction, Node, Wanted, translate
from shared.contracts.examples import example
from shared.contracts.json_values import mapping, sequence
from shared.contracts.openapi.reading import Reading, text
from shared.contracts.validation import why_not

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""OpenAPI: a parameter in a header of this name "SHALL be ignored"."""
_STYLES = {"path": "simple", "query": "form", "header": "simple"}
"""The style of each place that a value has as it is."""
_TEXT: dict[str, JsonValue] = {"type": "string"}
_DEEPEST = 20


def parameters(reading: Reading, path_item: Node, operation: Node) -> tuple[Parameter, ...]:
    """Return the parameters of an operation: its own, and those of its path that it does not replace."""
    found: dict[tuple[str, str], Node] = {}
    for holder in (path_item, operation):
        for node in reading.items(holder, "parameters"):
            found[text(node, "in"), text(node, "name")] = node
    kept = [parameter for node in found.values() if (parameter := _parameter(reading, node)) is not None]
    return tuple(kept)


def _parameter(reading: Reading, node: Node) -> Parameter | None:
    place, name = text(node, "in"), text(node, "name")
    if place == "cookie":
        reading.gap(node, (), f"The cookie {name} is not part of the contract.")
        return None
    if place == "header" and name.lower() in _IGNORED_HEADERS:
        return None
    if text(node, "style") == "deepObject":
        reading.gap(
            node,
            ("style",),
            f"The parameter {name} has many names (deepObject), and reaches no model server.",
        )
        return None
    schema = _schema(reading, node, place)
    return Parameter(
        name=name,
        place=ParameterPlace(place),
        description=text(node, "description"),
        required=place == "path" or mapping(node.contents).get("required") is True,
        schema=schema,
        example=_example(reading, node, schema),
    )


def _schema(reading: Reading, node: Node, place: str) -> Mapping[str, JsonValue]:
    contents = mapping(node.contents)
    if "content" in contents:
        reading.gap(
            node, ("content",), "What is in this parameter is not checked: it is a text to the gateway."
        )
        return _TEXT
    if contents.get("style", _STYLES[place]) != _STYLES[place]:
        reading.gap(
            node, ("style",), "What is in this parameter is not checked: it is a text to the gateway."
        )
        return _TEXT
    schema = _inline(reading, node)
    kinds = _kinds(schema)
    if kinds & {"array", "object"}:
        reading.gap(
            node, ("schema",), "What is in this parameter is not checked: it is a text to the gateway."
        )
        if place == "query" and "array" in kinds and contents.get("explode", True) is True:
            reading.gap(
                node,
                ("explode",),
                "Values of several parameters of this name reach the model server joined by commas.",
            )
        return {**_TEXT, **{key: schema[key] for key in ("description",) if key in schema}}
    return schema


def _kinds(schema: Mapping[str, JsonValue]) -> set[str]:
    """Return the types that a value may have."""
    found = {str(schema["type"])} if "type" in schema else set()
    for keyword in ("anyOf", "oneOf", "allOf"):
        for part in sequence(schema.get(keyword)):
            found |= _kinds(mapping(part))
    return found


def _inline(reading: Reading, node: Node) -> dict[str, JsonValue]:
    """Return the schema of a parameter, with what it refers to written out."""
    contents = mapping(node.contents).get("schema")
    if contents is None:
        return {}
    wanted = Wanted("parameter", node.below(contents), Direction.REQUEST)
    translation = translate([wanted], reading.documents)
    reading.gaps += [gap for gap in translation.gaps if gap not in reading.gaps]
    return mapping(_written_out(translation.schemas[translation.names[0]], translation.schemas, 0))


def _written_out(schema: JsonValue, schemas: Mapping[str, JsonValue], depth: int) -> JsonValue:
    """Return a schema without references; one that refers to itself may be anything from some depth on."""
    if isinstance(schema, list):
        return [_written_out(item, schemas, depth) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if (name := referred(schema)) is not None:
        return {} if depth > _DEEPEST else _written_out(schemas[name], schemas, depth + 1)
    return {key: _written_out(value, schemas, depth) for key, value in schema.items()}


@dataclass(frozen=True)
class Shown:
    """An example of the document."""

    value: JsonValue
    """The example."""
    keys: tuple[str | int, ...]
    """Where it stands below what it is an example of."""


def shown_examples(reading: Reading, node: Node) -> Iterator[Shown]:
    """Yield the examples of a parameter or a body, in the order in which they are written."""
    contents = mapping(node.contents)
    if "example" in contents:
        yield Shown(contents["example"], ("example",))
    for name, entry in reading.entries(node, "examples"):
        if "value" in mapping(entry.contents):
            yield Shown(mapping(entry.contents)["value"], ("examples", name))


def _example(reading: Reading, node: Node, schema: Mapping[str, JsonValue]) -> JsonValue:
    contract = Contract((), {"Value": dict(schema)})
    for shown in shown_examples(reading, node):
        if why_not(shown.value, "Value", contract) is None:
            return shown.value
    return example("Value", contract)
