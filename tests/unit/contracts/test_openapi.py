"""Contracts from OpenAPI documents in the shape of those that model servers have."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from shared.contracts.contract import Contract, Operation, Parameter, ParameterPlace, Representation
from shared.contracts.files import SchemaFiles
from shared.contracts.openapi import compile_contract
from shared.contracts.validation import why_not
from shared.documents import DocumentError
from tests.support.contract_files import InMemory

_DOCUMENTS = Path(__file__).parent / "openapi_documents"
_SOURCE = "models/iris-species/contracts/v1.json"


def _of_file(name: str) -> Contract:
    path = f"contracts/{name}"
    return compile_contract(path, InMemory({path: (_DOCUMENTS / name).read_text()}))


def _compiled(document: JsonValue, **others: str) -> Contract:
    files = {"contracts/v1.json": json.dumps(document), **others}
    return compile_contract("contracts/v1.json", InMemory(files))


def _problems(document: JsonValue, **others: str) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as error:
        _compiled(document, **others)
    return error.value.problems


def _document(
    operation: Mapping[str, JsonValue] | None = None, version: str = "3.1.0"
) -> dict[str, JsonValue]:
    described: JsonValue = {"responses": {"200": {"description": "Scores."}}, **(operation or {})}
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/score": {"post": described}},
    }


def _body(schema: JsonValue, **media: JsonValue) -> dict[str, JsonValue]:
    return {"requestBody": {"content": {"application/json": {"schema": schema, **media}}}}


def _request(contract: Contract, index: int = 0) -> Representation:
    request = contract.operations[index].request
    assert request is not None
    return request.representations[0]


def _gaps(contract: Contract) -> Mapping[str, str]:
    return {gap.path: gap.sentence for gap in contract.gaps}


def _refused(contract: Contract, body: JsonValue, index: int = 0) -> bool:
    return why_not(body, _request(contract, index).schema, contract) is not None


@pytest.mark.parametrize("path", sorted(_DOCUMENTS.iterdir()), ids=lambda path: path.stem)
def test_examples_fit_their_schemas(path: Path) -> None:
    contract = _of_file(path.name)
    for operation in contract.operations:
        bodies = [*(operation.request.representations if operation.request else ())]
        bodies += [body for response in operation.responses for body in response.representations]
        for body in bodies:
            if body.media_type == "application/json":
                assert body.example is not None, (operation.name, body)
                assert why_not(body.example, body.schema, contract) is None


def test_an_inference_protocol_in_openapi_3_0() -> None:
    contract = _of_file("kserve.yaml")
    live, infer = contract.operations
    assert (live.name, live.method, live.url_template) == ("server-live", "GET", "/v2/health/live")
    assert (infer.url_template, infer.backend_path) == (
        "/v2/models/{model_name}/infer",
        "/serving/v2/models/{model_name}/infer",
    )
    assert infer.parameters == (
        Parameter(
            "model_name", ParameterPlace.PATH, "", required=True, schema={"type": "string"}, example="string"
        ),
    )
    assert infer.request is not None
    assert [body.media_type for body in infer.request.representations] == [
        "application/json",
        "application/octet-stream",
    ]
    (header,) = infer.responses[0].headers
    assert (header.name, header.values, header.required) == ("x-model-version", ("1", "2"), True)
    tensor: dict[str, JsonValue] = {"name": "x", "shape": [2], "datatype": "FP32", "data": [[1, 2], [3, 4]]}
    assert not _refused(contract, {"inputs": [tensor], "id": None}, 1)
    wrong: list[dict[str, JsonValue]] = [{"data": [["a"]]}, {"shape": [0]}, {"datatype": "FP31"}]
    for change in wrong:
        assert _refused(contract, {"inputs": [tensor | change]}, 1)
    assert list(_gaps(contract)) == [
        "#/paths/~1v2~1health~1live/get/responses/4XX",
        "#/paths/~1v2~1models~1{model_name}~1infer/post/responses/default",
    ]


def test_a_server_that_takes_anything_is_not_checked() -> None:
    contract = _of_file("torchserve.json")
    predict, ping = contract.operations
    assert predict.request is None
    assert [each.name for each in predict.parameters] == ["model_name", "model_version"]
    assert predict.responses[0].representations[0].media_type == "text/plain"
    assert [response.status for response in ping.responses] == [200]
    sentences = list(_gaps(contract).values())
    assert sentences == [
        "The cookie session is not part of the contract.",
        "API Management has no ranges of media types: the body is not checked.",
        "API Management asks for a number: default is told as 200.",
    ]


def test_what_is_read_only_is_not_asked_of_requests() -> None:
    contract = _of_file("azure_ml.json")
    assert _request(contract, 1).example == {"data": [{"age": 59, "taken": "2026-01-31T12:00:00"}]}
    assert not _refused(contract, {"data": [{"age": 1}]}, 1)
    response = contract.operations[1].responses[0].representations[0]
    assert why_not({"rows": {"data": [{"age": 1, "id": "a"}]}}, response.schema, contract) is None
    assert why_not({"rows": {"data": [{"age": 1}]}}, response.schema, contract) is not None


def test_what_openapi_3_1_added() -> None:
    contract = _of_file("text_generation.yaml")
    generate, chat = contract.operations
    assert generate.request is not None
    assert generate.request.required
    assert chat.description == "Deprecated: it may be gone in a later version."
    fitting: list[JsonValue] = [{"best_of": None}, {"best_of": 2.0}, {"temperature": None}, {"grammar": None}]
    for parameters in fitting:
        assert not _refused(contract, {"inputs": "a", "parameters": parameters})
    wrong: list[JsonValue] = [{"best_of": 0}, {"best_of": 1.5}, {"grammar": {"type": "regex", "value": 1}}]
    for parameters in wrong:
        assert _refused(contract, {"inputs": "a", "parameters": parameters})
    user: JsonValue = {"role": "user"}
    assert not _refused(contract, {"messages": [user], "tools": [], "tool_choice": 1}, 1)
    assert _refused(contract, {"messages": [user], "tools": []}, 1)
    assert _refused(contract, {"messages": [{"role": "user", "replies": [{}]}]}, 1)
    assert list(_gaps(contract)) == [
        "#/webhooks",
        "#/paths/~1v1~1chat~1completions/post/callbacks",
        "#/components/schemas/Message/patternProperties",
    ]


def _named(document: dict[str, JsonValue]) -> list[str]:
    return [operation.name for operation in _compiled(document).operations]


def test_names_are_identifiers_of_api_management() -> None:
    assert _named(_document()) == ["post-score"]
    assert _named(_document({"operationId": "score_v1.plants/run"})) == ["score-v1-plants-run"]
    assert _named(_document({"operationId": "x" * 100})) == ["x" * 80]
    two = _document({"operationId": "a_b"})
    two["paths"] = {
        **_paths(two),
        "/other": {"get": {"operationId": "a.B", "responses": {"200": {"description": ""}}}},
    }
    assert _named(two) == ["a-b", "a-B-2"]


def _paths(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    paths = document["paths"]
    assert isinstance(paths, dict)
    return paths


def test_parameters_of_an_operation_replace_those_of_its_path() -> None:
    document = _document(
        {
            "parameters": [
                {
                    "name": "top",
                    "in": "query",
                    "required": True,
                    "schema": {"$ref": "#/components/schemas/Top"},
                },
                {"name": "x-trace", "in": "header", "schema": {"type": "string"}, "example": "abc"},
                {"name": "Accept", "in": "header", "schema": {"type": "string"}},
                {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
                {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
            ]
        }
    )
    document["components"] = {
        "schemas": {"Top": {"type": "integer", "minimum": 3, "description": "How many."}}
    }
    item = _paths(document)["/score"]
    assert isinstance(item, dict)
    item["parameters"] = [
        {"name": "top", "in": "query", "schema": {"type": "string"}},
        {"name": "lang", "in": "query", "schema": {"enum": ["de", "en"]}},
    ]
    contract = _compiled(document)
    known = {each.name: each for each in contract.operations[0].parameters}
    assert list(known) == ["top", "lang", "x-trace", "tags"]
    assert known["top"] == Parameter(
        "top",
        ParameterPlace.QUERY,
        "",
        required=True,
        schema={"type": "number", "multipleOf": 1, "minimum": 3, "description": "How many."},
        example=3,
    )
    assert (known["lang"].example, known["x-trace"].example) == ("de", "abc")
    assert known["tags"].schema == {"type": "string"}
    assert [path.rpartition("/post/")[2] for path in _gaps(contract)] == [
        "parameters/3/style",
        "parameters/4/schema",
        "parameters/4/explode",
    ]


def test_examples_of_the_document_come_first_and_have_to_fit() -> None:
    schema: JsonValue = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
    shown: JsonValue = {"one": {"value": {"a": 7}}, "two": {"value": {"a": 8}}}
    assert _request(_compiled(_document(_body(schema, examples=shown)))).example == {"a": 7}
    contract = _compiled(_document(_body(schema, example={"a": "x"})))
    assert _request(contract).example == {"a": 0}
    assert "at $.a, 'x' is not of type" in next(iter(_gaps(contract).values()))


def test_references_to_other_files() -> None:
    document = _document(_body({"$ref": "schemas/plant.yaml#/Plant"}))
    text = "Plant: {type: object, required: [leaf], properties: {leaf: {$ref: '#/Leaf'}}}\nLeaf: {type: number}\n"
    contract = _compiled(document, **{"contracts/schemas/plant.yaml": text})
    assert _request(contract).schema == "Plant"
    assert not _refused(contract, {"leaf": 1})
    assert _refused(contract, {"leaf": "x"})


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("https://fabrikam.example/plant.json", "which is not in the model's folder, and nothing is fetched"),
        ("file:///etc/passwd", "which is not in the model's folder, and nothing is fetched"),
        ("../../../../etc/passwd", 'a reference to "etc/passwd" leads out of the model\'s folder'),
        ("../../rose/plant.json", 'a reference to "rose/plant.json" leads out of the model\'s folder'),
        ("/etc/passwd", 'a reference to "etc/passwd" leads out of the model\'s folder'),
        ("../plant.json", "models/iris-species/plant.json: is not there"),
        ("plant.json", "models/iris-species/contracts/plant.json: is not there"),
        ("#/components/schemas/Plant", 'refers to "#/components/schemas/Plant", and nothing stands there'),
    ],
)
def test_references_that_lead_nowhere(reference: str, says: str) -> None:
    (problem,) = _problems(_document(_body({"$ref": reference})))
    assert says in problem


def test_a_schema_that_is_nothing_but_itself() -> None:
    document = _document(_body({"$ref": "#/components/schemas/A"}))
    document["components"] = {
        "schemas": {
            "A": {"allOf": [{"$ref": "#/components/schemas/B"}]},
            "B": {"$ref": "#/components/schemas/A"},
        }
    }
    (problem,) = _problems(document)
    assert problem.startswith(f"{_SOURCE}: the schema A refers to itself (A -> B -> A)")


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"swagger": "2.0", "paths": {}}, '`swagger` is "2.0"; OpenAPI 3.0 and 3.1 are read. Convert it'),
        ({"openapi": "3.2.0"}, '`openapi` is "3.2.0"; it must be 3.0.x or 3.1.x in quotes'),
        ({"openapi": 3.1}, "`openapi` is 3.1; it must be 3.0.x or 3.1.x in quotes"),
        ({"name": "iris", "inputs": []}, "is no OpenAPI document: it has no key `openapi`"),
        ([], "is no OpenAPI document: it has no key `openapi`"),
        (_document() | {"paths": {}}, "`paths` has no operation"),
        (_document() | {"jsonSchemaDialect": "https://fabrikam.example/d"}, "`jsonSchemaDialect` is"),
        (_document(_body({"type": "objekt"})), "'objekt' is not"),
        (_document(_body({"type": "objekt"}), "3.0.3"), "'objekt' is not one of"),
    ],
)
def test_documents_of_another_kind(document: JsonValue, says: str) -> None:
    (problem,) = _problems(document)
    assert problem.startswith(f"{_SOURCE}: ")
    assert says in problem


def test_all_problems_are_told_at_once_with_their_place() -> None:
    document = _document({"responses": {"banana": {"description": "x"}}})
    document["info"] = {"title": "t"}
    document["paths"] = {**_paths(document), "/a/{id}": {"get": {"responses": {"200": {"description": "x"}}}}}
    problems = _problems(document)
    assert any("`#/info`: 'version' is a required property" in problem for problem in problems)
    assert any("`#/paths/~1score/post/responses`:" in problem and "banana" in problem for problem in problems)
    assert any("'id' for 'get' operation in '/a/{id}' was not resolved" in problem for problem in problems)


def test_a_pair_of_files_is_not_an_openapi_document() -> None:
    pair = SchemaFiles("contracts/a.json", "contracts/b.json", "/score")
    with pytest.raises(DocumentError, match="is one file"):
        compile_contract(pair, InMemory({}))


def test_a_document_that_is_nested_too_deeply() -> None:
    schema: JsonValue = {}
    for _ in range(900):
        schema = {"items": schema}
    (problem,) = _problems(_document(_body(schema)))
    assert "inside of each other" in problem


def test_a_list_of_lists_of_itself() -> None:
    document = _document(_body({"allOf": [{"$ref": "#/components/schemas/Nested"}]}))
    nested: JsonValue = {
        "anyOf": [{"type": "number"}, {"type": "array", "items": {"$ref": "#/components/schemas/Nested"}}]
    }
    contract = _compiled(document | {"components": {"schemas": {"Nested": nested}}})
    assert not _refused(contract, [[1, [2]]])
    assert _refused(contract, [[1, ["x"]]])


def test_servers_tell_the_path_before_that_of_the_operation() -> None:
    def path(*urls: str) -> tuple[Operation, Contract]:
        servers: list[JsonValue] = [{"url": url} for url in urls]
        contract = _compiled(_document() | {"servers": servers})
        return contract.operations[0], contract

    assert path("/api/")[0].backend_path == "/api/score"
    assert path("https://fabrikam.example")[0].backend_path == "/score"
    assert path("https://fabrikam.example/v1/x", "/v1/x")[0].backend_path == "/v1/x/score"
    operation, contract = path("/a", "/b")
    assert (operation.backend_path, list(_gaps(contract))) == ("/a/score", ["#/servers"])


@pytest.mark.parametrize(
    "broken",
    [
        {"paths": {"/score/{customer": {"get": {"responses": {"200": {"description": "Scores."}}}}}},
        {"paths": {"/score": {"get": {"responses": "none"}}}},
        {"components": {"schemas": {"A": {"type": ["integer", 1.5], "default": None}}}},
        {"servers": [{"url": "http://[::1/models"}]},
    ],
)
def test_documents_that_validators_fail_at_are_told(broken: dict[str, JsonValue]) -> None:
    problems = _problems({**_document(), **broken})
    assert problems
    assert all(problem.startswith(_SOURCE) for problem in problems)


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": "#/components/schemas/Stored"}], "required": ["id", "age"]},
        {
            "type": "object",
            "required": ["id", "age"],
            "properties": {"id": {"allOf": [{"$ref": "#/components/schemas/Id"}]}},
        },
    ],
)
def test_a_required_property_that_is_read_only_by_reference_is_not_asked_for(schema: JsonValue) -> None:
    components: JsonValue = {
        "schemas": {
            "Id": {"type": "string", "readOnly": True},
            "Stored": {"type": "object", "properties": {"id": {"$ref": "#/components/schemas/Id"}}},
        }
    }
    contract = _compiled({**_document(_body(schema), "3.0.3"), "components": components})
    assert not _refused(contract, {"age": 42})
    assert _refused(contract, {"id": "c-1"})
