"""Model folders of the kinds openapi and json-schema, which other tests deploy, compile without gaps."""

import pytest
from pydantic import JsonValue

from shared.contracts.validation import why_not
from tests.gateway.contract_services import ENVIRONMENTS, of_folder


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize(
    ("model", "schema", "fits", "does_not"),
    [
        (
            "plant-scores",
            "Batch",
            {"plants": [{"leaves": 3.0, "size": [1, 2], "colour": None, "parts": [{"leaves": 0}]}]},
            {"plants": [{"leaves": 3, "size": [1]}]},
        ),
        (
            "leaf-area",
            "Request",
            {"outlines": [[[0, 0], [0, 1], [1, 0.5]]], "unit": "mm", "scale": 2},
            {"outlines": [[[0, 0], [0, 1], [1, 0.5]]], "unit": "mm"},
        ),
    ],
)
def test_folders(model: str, schema: str, fits: JsonValue, does_not: JsonValue, environment: str) -> None:
    contract = of_folder(model, environment)
    assert contract.gaps == ()
    assert why_not(fits, schema, contract) is None
    assert why_not(does_not, schema, contract) is not None
