"""Schemas of an API: those that come and go with it, and texts; what breaks is told of contracts."""

import pytest
from pydantic import JsonValue

from tests.unit.delivery.report.making import Inputs, told


def _inputs(schema: JsonValue, **more: JsonValue) -> Inputs:
    return {"apiId": "iris-v1", "components": {"schemas": {"In": schema}}, **more}


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (
            _inputs({"description": "a", "properties": {"x": {"title": "b"}}}),
            _inputs({"description": "c", "properties": {"x": {"title": "d"}}}),
            [
                "Descriptions | v1: schema In.description: a → c",
                "Descriptions | v1: schema In.x.title: b → d",
            ],
        ),
        (
            _inputs({"anyOf": [{"title": "a"}, {"title": "b"}]}),
            _inputs({"anyOf": [{"title": "a"}, {"title": "c"}]}),
            ["Descriptions | v1: schema In.anyOf(2).title: b → c"],
        ),
        (
            _inputs({}, contentType="a"),
            _inputs({}, contentType="b"),
            ["Schemas | v1: schemas, contentType: a → b"],
        ),
    ],
)
def test_texts_and_what_is_no_schema(before: Inputs, after: Inputs, sentences: list[str]) -> None:
    assert told("ApiSchema", before, after) == sentences


def test_a_property_that_is_called_like_a_text_is_a_schema() -> None:
    old, new = (_inputs({"properties": {"title": {"maxLength": most}}}) for most in (1, 2))

    assert told("ApiSchema", old, new) == [
        "Other | v1: ApiSchema iris-v1-thing: changed: properties that are not shown"
    ]
