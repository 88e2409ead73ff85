"""Schemas of OpenAPI 3.0's subset as jsonschema reads them."""

from shared.contracts.contract import Contract
from shared.contracts.validation import why_not


def test_a_property_may_be_called_nullable() -> None:
    contract = Contract((), {"Body": {"type": "object", "properties": {"nullable": {"type": "integer"}}}})

    assert why_not({"nullable": "a"}, "Body", contract) is not None


def test_without_a_type_nullable_says_nothing() -> None:
    contract = Contract((), {"Body": {"nullable": True, "minimum": 1}})

    assert why_not(2, "Body", contract) is None
    assert why_not(0, "Body", contract) is not None
