"""What is told to be taken is taken: jsonschema is the judge of values that hypothesis makes."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from jsonschema import Draft4Validator
from pydantic import JsonValue

from delivery.compat.contracts import compare
from shared.contracts.contract import Contract
from shared.contracts.validation import as_draft4
from tests.unit.delivery.compat.generating import NAMES, VALUES, contracts
from tests.unit.delivery.compat.making import contract

Schemas = Mapping[str, JsonValue]
BODY: JsonValue = {"$ref": "#/components/schemas/Body"}


def named(value: JsonValue, place: list[JsonValue], schemas: Schemas) -> bool:
    """Whether the value has no property that the schemas of its place do not name and another contract might."""
    flat = [part for schema in place for part in parts(schema, schemas)]
    if isinstance(value, list):
        return all(
            named(item, [part["items"] for part in flat if "items" in part], schemas) for item in value
        )
    if not isinstance(value, dict):
        return True
    closed = any(part.get("additionalProperties", True) is not True for part in flat)
    for name, each in value.items():
        inner = [part["properties"][name] for part in flat if name in part.get("properties", {})]
        if name in NAMES and not inner and not closed:
            return False
        others = [part["additionalProperties"] for part in flat if "additionalProperties" in part]
        if not named(each, inner or others, schemas):
            return False
    return True


def parts(schema: JsonValue, schemas: Schemas) -> Iterator[Any]:
    """Yield a schema and everything that it combines."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield from parts(schemas[str(schema["$ref"]).rpartition("/")[2]], schemas)
        return
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for inner in alternatives if isinstance(alternatives := schema.get(keyword), list) else []:
            yield from parts(inner, schemas)


def assert_taken(sent: Schemas, by: Schemas) -> None:
    """Assert that what fits one schema, and names what it names, fits the other."""
    fits, takes = (Draft4Validator(as_draft4("Body", Contract((), schemas))) for schemas in (sent, by))
    for value in VALUES:
        if not takes.is_valid(value) and fits.is_valid(value):
            assert not named(value, [BODY], sent), (value, sent, by)


@settings(
    max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(pair=contracts())
def test_a_request_that_was_taken_still_is_where_nothing_breaks(pair: tuple[Schemas, Schemas]) -> None:
    old, new = pair
    if not any(told.breaking for told in compare(contract(BODY, schemas=old), contract(BODY, schemas=new))):
        assert_taken(old, by=new)


@settings(
    max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(pair=contracts())
def test_a_response_that_may_come_was_expected_where_nothing_breaks(pair: tuple[Schemas, Schemas]) -> None:
    old, new = (contract(response=BODY, schemas=schemas) for schemas in pair)
    if not any(told.breaking for told in compare(old, new)):
        assert_taken(pair[1], by=pair[0])


@settings(
    max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(pair=contracts())
def test_a_schema_is_compatible_with_itself(pair: tuple[Schemas, Schemas]) -> None:
    same = contract(BODY, BODY, schemas=pair[0])

    assert compare(same, same) == ()
