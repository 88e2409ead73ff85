import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from shared import environments
from shared.environments import REPOSITORY
from shared.model import description, schema

_MODELS = description.names()


def _schema() -> Any:
    return json.loads((REPOSITORY / schema.PATH).read_text())


def _model(**changes: Any) -> dict[str, Any]:
    text = (REPOSITORY / "models" / "iris-species" / "model.yaml").read_text()
    return {**yaml.safe_load(text), **changes}


def test_the_schema_in_the_repository_is_current() -> None:
    written = (REPOSITORY / schema.PATH).read_text()
    assert written == schema.rendered(environments.load_all()), "write it anew: ./dev check --write"


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(_schema())


@pytest.mark.parametrize("model", _MODELS)
def test_each_model_fits_the_schema(model: str) -> None:
    document = yaml.safe_load((REPOSITORY / "models" / model / "model.yaml").read_text())
    assert list(Draft7Validator(_schema()).iter_errors(document)) == []


@pytest.mark.parametrize("model", _MODELS)
def test_each_model_names_the_schema_to_editors(model: str) -> None:
    folder = REPOSITORY / "models" / model
    line, *_ = (folder / "model.yaml").read_text().splitlines()
    assert line == schema.LINE
    assert (folder / line.rpartition("=")[2]).resolve() == REPOSITORY / schema.PATH


@pytest.mark.parametrize(
    "changes",
    [
        {"lifecycle": "retired"},
        {"lifecycle": {"stage": "deprecated", "since": "2026-11-24", "sunset": "2027-05-31"}},
        {"versioning": "segment"},
        {"versioning": {"header": "Api-Version"}},
        {"versions": {"v1": {"contract": {"request": "a.json", "response": "b.json", "path": "/score"}}}},
        {"versions": {"v1": {"contract": "a.json", "deployments": {"main": {"weight": 100}}}}},
        {"environments": {"dev": {"limits": {"calls": 1}, "team": None}}},
        {"environments": {"dev": {"versions": {"v2": None, "v1": {"example": None, "lifecycle": "active"}}}}},
        {
            "environments": {
                "dev": {"access": {"entra": None}, "lifecycle": None, "versioning": {"query": "v"}}
            }
        },
        {"environments": {"dev": {"versions": {"v1": {"contract": {"path": "/other"}}}}}},
    ],
)
def test_what_people_may_write_fits(changes: dict[str, Any]) -> None:
    assert list(Draft7Validator(_schema()).iter_errors(_model(**changes))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"ownr": "x@contoso.example"},
        {"owner": "x"},
        {"kind": "onnx"},
        {"versions": {}},
        {"versions": {"1": {"contract": "a.json"}}},
        {"versions": {"v1": {}}},
        {"versions": {"v1": {"contract": "../a.json"}}},
        {"versions": {"v1": {"contract": {"request": "a.json"}}}},
        {"lifecycle": "deprecated"},
        {"limits": {"calls": 0, "renewal-period": 60}},
        {"limits": None},
        {"access": {"products": ["Not A Name"]}},
        {"environments": {"production": {}}},
        {"environments": {"dev": {"limits": {"call": 1}}}},
        {"environments": {"dev": {"versions": {"v1": {"deployments": {"main": {"endpoint": "iris"}}}}}}},
        {"environments": {"dev": {"environments": {}}}},
    ],
)
def test_what_the_check_refuses_does_not_fit(changes: dict[str, Any]) -> None:
    assert list(Draft7Validator(_schema()).iter_errors(_model(**changes)))


def test_every_key_has_a_description_for_editors() -> None:
    whole = _schema()
    maps = {"": whole, **whole["$defs"]}
    bare = [
        f"{name}.{key}"
        for name, each in maps.items()
        for key, value in each.get("properties", {}).items()
        if "description" not in value and name != "" and key not in {"local", "dev", "staging", "prod"}
    ]
    assert bare == []
