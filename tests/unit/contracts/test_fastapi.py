"""A real server and its own document or schemas: what both allow, the gateway lets through.

FastAPI writes the document, and pydantic the schemas, from the same types by which pydantic judges bodies.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import httpx
import pytest
from fastapi import FastAPI, Path, Query
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from local_azure.gateway.schemas import SchemaStore
from shared.contracts.contract import Contract
from shared.contracts.files import SchemaFiles
from shared.contracts.sources import ContractKind, compile_contract
from shared.contracts.validation import why_not
from tests.gateway.servers import served
from tests.support.contract_files import InMemory


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class _Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["leaf"]
    length: float = Field(gt=0, le=10)


class _Petal(BaseModel):
    kind: Literal["petal"]
    colour: _Colour | None = None


class _Plant(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=3, pattern="^[a-z]+$")]
    age: int | None = Field(default=None, ge=0)
    seen: datetime | None = None
    at: tuple[float, float] | None = None
    parts: list[Annotated[_Leaf | _Petal, Field(discriminator="kind")]] = Field(default=[], max_length=2)
    counts: dict[str, int] = {}
    children: list["_Plant"] = []


class _Batch(BaseModel):
    instances: list[_Plant] = Field(min_length=1)
    threshold: float = 0.5


class _Predictions(BaseModel):
    predictions: list[float]


def _app() -> FastAPI:
    app = FastAPI(title="Plants")

    @app.post("/score/{tenant}")
    def score(
        tenant: Annotated[str, Path(pattern="^[a-z]+$")], batch: _Batch, top: Annotated[int, Query(ge=1)] = 1
    ) -> _Predictions:
        return _Predictions(predictions=[float(len(tenant) * top)] * len(batch.instances))

    return app


_LEAF_VALUES: st.SearchStrategy[JsonValue] = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        -1,
        2.0,
        0.5,
        "a",
        "abc",
        "abcd",
        "A",
        "",
        "leaf",
        "petal",
        "red",
        "2026-01-31T12:00:00",
    ]
)
_PAIR: JsonValue = [1.5, 2]
_PAIRS: st.SearchStrategy[JsonValue] = st.lists(_LEAF_VALUES, min_size=1, max_size=3)
_KINDS: st.SearchStrategy[JsonValue] = st.sampled_from(["leaf", "petal", "root"])
_LENGTHS: st.SearchStrategy[JsonValue] = st.sampled_from([1, 0, 10.5, "1"])
_PARTS: st.SearchStrategy[JsonValue] = st.lists(
    st.fixed_dictionaries(
        {"kind": _KINDS},
        optional={"length": _LENGTHS, "colour": _LEAF_VALUES, "more": _LEAF_VALUES},
    ),
    max_size=3,
)


def _plants(children: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    names: st.SearchStrategy[JsonValue] = st.sampled_from(["a", "abc", "abcd", "", "A", 1])
    return st.fixed_dictionaries(
        {"name": names},
        optional={
            "age": _LEAF_VALUES,
            "seen": st.sampled_from([None, "2026-01-31T12:00:00", "2026-01-31 12:00", "later"]),
            "at": st.just(_PAIR) | _PAIRS | st.none(),
            "parts": _PARTS,
            "counts": st.dictionaries(st.sampled_from(["a", "b"]), _LEAF_VALUES, max_size=2),
            "children": st.lists(children, max_size=2),
            "more": _LEAF_VALUES,
        },
    )


_BODIES: st.SearchStrategy[JsonValue] = st.fixed_dictionaries(
    {"instances": st.lists(st.recursive(_plants(_LEAF_VALUES), _plants, max_leaves=3), max_size=2)},
    optional={"threshold": _LEAF_VALUES},
)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return _app()


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with served(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module", params=[ContractKind.OPENAPI, ContractKind.JSON_SCHEMA])
def contract(app: FastAPI, request: pytest.FixtureRequest) -> Contract:
    if request.param is ContractKind.OPENAPI:
        return compile_contract(request.param, "v1.json", InMemory({"v1.json": json.dumps(app.openapi())}))
    pair = {
        "in.json": json.dumps(_Batch.model_json_schema()),
        "out.json": json.dumps(_Predictions.model_json_schema(mode="serialization")),
    }
    return compile_contract(request.param, SchemaFiles("in.json", "out.json", "/score/abc"), InMemory(pair))


def test_the_example_is_what_the_server_takes(client: httpx.Client, contract: Contract) -> None:
    (operation,) = contract.operations
    assert operation.request is not None
    path = operation.backend_path
    for parameter in operation.parameters:
        path = path.replace(f"{{{parameter.name}}}", str(parameter.example))
    response = client.post(path, json=operation.request.representations[0].example)
    assert response.status_code == 200
    (prediction,) = response.json()["predictions"]
    assert prediction > 0
    assert why_not(response.json(), operation.responses[0].representations[0].schema, contract) is None


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(body=_BODIES)
def test_what_document_and_server_allow_is_never_refused(
    app: FastAPI, client: httpx.Client, contract: Contract, body: JsonValue
) -> None:
    document = app.openapi()
    schema = {"$ref": "#/components/schemas/_Batch", "components": document["components"]}
    request = contract.operations[0].request
    assert request is not None
    store = SchemaStore({"components": {"components": {"schemas": dict(contract.schemas)}}})
    gateway = store.validator(
        "components", request.representations[0].schema, allow_additional_properties=None
    )
    fits_document = Draft202012Validator(schema).is_valid(body)
    if client.post("/score/abc", json=body).status_code == 200 and fits_document:
        assert gateway.is_valid(body)
    if not contract.gaps and not fits_document:
        assert not gateway.is_valid(body)
