"""Contracts as the stacks deploy them, at the gateway under test."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from local_azure.gateway.configuration import Operation, Representation, Service
from shared.contracts import contract as of
from shared.contracts.contract import Contract
from shared.contracts.files import SchemaFiles
from shared.contracts.sources import ContractKind, compile_contract
from shared.documents import parse_yaml
from shared.environments import REPOSITORY, Transport
from shared.model import contracts, description
from shared.model.description import LargerBodies
from shared.model.folder import ModelFolder
from shared.model.operations import SCHEMA_ID
from shared.model.policies import operation_policy
from shared.policies import render
from tests.gateway.documents import service
from tests.support.contract_files import InMemory

ENVIRONMENTS = ("local", "dev", "staging", "prod")


def deployed(contract: Contract, url: str, larger: LargerBodies = LargerBodies.REFUSE) -> Service:
    """Return a service whose API `species` of version v1 has the contract."""
    operations = tuple(_operation(each, larger) for each in contract.operations)
    schemas = {SCHEMA_ID: {"components": {"schemas": dict(contract.schemas)}}}
    return service(url, operations=operations, schemas=schemas)


def _operation(operation: of.Operation, larger: LargerBodies) -> Operation:
    bodies = () if operation.request is None else operation.request.representations
    return Operation(
        operation.name,
        operation.method,
        operation.url_template,
        policy=render(operation_policy(operation, larger)),
        request_representations=tuple(
            Representation(body.media_type, SCHEMA_ID, body.schema) for body in bodies
        ),
    )


def of_models() -> Mapping[str, Contract]:
    """Return the contract of each version of the repository's models."""
    return {
        f"{model} {version}": contract
        for model in description.names()
        for version, contract in contracts.load(model, description.load(model, "local")).items()
    }


def of_folder(model: str, environment: str = "local") -> Contract:
    """Return the contract of a model that only tests have."""
    root = REPOSITORY / "tests" / "support"
    source = f"tests/support/models/{model}/model.yaml"
    document = parse_yaml((REPOSITORY / source).read_bytes(), source)
    transport = Transport.LOOPBACK if environment == "local" else Transport.HTTPS
    resolved = description.resolved(document, environment, source, ENVIRONMENTS)
    described = description.described(resolved, transport, source)
    return compile_contract(
        described.kind_of("v1"), described.versions["v1"].reference, ModelFolder(root, model)
    )


def open_inference(*inputs: tuple[str, list[int]]) -> Contract:
    """Return the contract of a model with inputs `t0`, `t1` of these datatypes and shapes."""
    tensors: list[JsonValue] = [
        {"name": f"t{position}", "datatype": datatype, "shape": list[JsonValue](shape)}
        for position, (datatype, shape) in enumerate(inputs)
    ]
    metadata: JsonValue = {
        "name": "m",
        "inputs": tensors,
        "outputs": [{"name": "out", "datatype": "FP32", "shape": [-1]}],
    }
    files = InMemory({"contracts/v1.json": json.dumps(metadata)})
    return compile_contract(ContractKind.OPEN_INFERENCE_PROTOCOL, "contracts/v1.json", files)


def mlflow(inputs: JsonValue, params: JsonValue = None) -> Contract:
    """Return the contract of an MLflow model whose signature has these inputs and parameters."""
    texts: dict[str, JsonValue] = {"inputs": inputs, "outputs": None, "params": params}
    document = {
        "mlflow_version": "3.17.2",
        "signature": {key: text and json.dumps(text) for key, text in texts.items()},
    }
    files = InMemory({"contracts/v1/MLmodel": json.dumps(document)})
    return compile_contract(ContractKind.MLFLOW, "contracts/v1/MLmodel", files)


def json_schema(request: Mapping[str, JsonValue]) -> Contract:
    """Return the contract of one operation whose request has this JSON Schema."""
    files = InMemory({"request.json": json.dumps(request), "response.json": "{}"})
    reference = SchemaFiles("request.json", "response.json", "/score")
    return compile_contract(ContractKind.JSON_SCHEMA, reference, files)


def openapi(schema: Mapping[str, JsonValue]) -> Contract:
    """Return the contract of an OpenAPI 3.1 document with one operation whose request has this schema."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "churn", "version": "1"},
        "paths": {
            "/predict": {
                "post": {
                    "operationId": "predict",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
                    "responses": {"200": {"description": "The score."}},
                }
            }
        },
    }
    files = InMemory({"openapi.json": json.dumps(document)})
    return compile_contract(ContractKind.OPENAPI, "openapi.json", files)
