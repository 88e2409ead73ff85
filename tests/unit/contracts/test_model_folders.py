"""Model folders of the kinds openapi and json-schema, which other tests deploy, compile without gaps."""

import pytest
from pydantic import JsonValue

from shared.contracts.contract import Contract
from shared.contracts.sources import compile_contract
from shared.contracts.validation import why_not
from shared.documents import parse_yaml
from shared.environments import REPOSITORY, Transport
from shared.model.description import described, resolved
from shared.model.folder import ModelFolder

_ROOT = REPOSITORY / "tests" / "support"
_ENVIRONMENTS = ("local", "dev", "staging", "prod")


def _contract(model: str, environment: str) -> Contract:
    source = f"tests/support/models/{model}/model.yaml"
    document = parse_yaml((REPOSITORY / source).read_bytes(), source)
    transport = Transport.LOOPBACK if environment == "local" else Transport.HTTPS
    description = described(resolved(document, environment, source, _ENVIRONMENTS), transport, source)
    return compile_contract(
        description.kind_of("v1"), description.versions["v1"].reference, ModelFolder(_ROOT, model)
    )


@pytest.mark.parametrize("environment", _ENVIRONMENTS)
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
    contract = _contract(model, environment)
    assert contract.gaps == ()
    assert why_not(fits, schema, contract) is None
    assert why_not(does_not, schema, contract) is not None
