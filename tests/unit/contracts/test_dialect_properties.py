"""No translation refuses what its source allows, and one without gaps refuses all that its source refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import (
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
)
from jsonschema.protocols import Validator
from openapi_schema_validator import OAS30Validator, OAS31Validator
from pydantic import JsonValue

from local_azure.gateway.schemas import SchemaStore, fault
from shared.contracts.dialect import Dialect, Direction, Documents, Translation, Wanted, translate
from shared.documents import DocumentError
from tests.unit.contracts.schema_strategies import VALUES, documents

_VALIDATORS: dict[Dialect, type[Validator]] = {
    Dialect.DRAFT_4: Draft4Validator,
    Dialect.DRAFT_6: Draft6Validator,
    Dialect.DRAFT_7: Draft7Validator,
    Dialect.DRAFT_2019_09: Draft201909Validator,
    Dialect.DRAFT_2020_12: Draft202012Validator,
    Dialect.OPENAPI_3_0: OAS30Validator,
    Dialect.OPENAPI_3_1: OAS31Validator,
}


def _nothing(path: str) -> JsonValue:
    raise DocumentError([f"there is no {path}"])


def translated(document: JsonValue, dialect: Dialect) -> Translation:
    files = Documents(_nothing, "contracts/v1.json")
    node = files.root("contracts/v1.json", document, dialect)
    return translate([Wanted("Body", node, Direction.REQUEST)], files)


def gateway(translation: Translation) -> Validator:
    store = SchemaStore({"components": {"components": {"schemas": dict(translation.schemas)}}})
    return store.validator("components", translation.names[0], allow_additional_properties=None)


@pytest.mark.parametrize("dialect", _VALIDATORS, ids=lambda dialect: dialect.name.lower())
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_translations_are_as_wide_as_their_sources(dialect: Dialect, data: st.DataObject) -> None:
    document = data.draw(documents(dialect))
    assert isinstance(document, dict)
    translation = translated(document, dialect)
    target, source = gateway(translation), _VALIDATORS[dialect](document)
    assert fault({"components": {"schemas": dict(translation.schemas)}}) is None
    for value in data.draw(st.lists(VALUES, min_size=5, max_size=10)):
        body = {"a": value}
        fits = source.is_valid(body)
        assert target.is_valid(body) or not fits, (body, translation.schemas)
        if not translation.gaps:
            assert fits or not target.is_valid(body), (body, translation.schemas)
