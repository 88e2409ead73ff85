"""A contract that uses everything a contract can have, and a version that offers it."""

from dataclasses import replace
from datetime import date

from shared.contracts.contract import (
    Contract,
    Gap,
    Header,
    Operation,
    Parameter,
    ParameterPlace,
    Representation,
    Request,
    Response,
)
from shared.contracts.document import Ending, Publication, Token, VersionMark
from shared.contracts.version_place import VersionPlace

UNAUTHORIZED = Response(401, "The key is wrong.", (Representation("application/json", "Error", {"code": 1}),))

CONTRACT = Contract(
    operations=(
        Operation(
            name="score",
            method="POST",
            url_template="/customers/{customer}/score",
            backend_path="/score",
            summary="Score",
            description="Scores a customer.",
            request=Request(
                "What is known of the customer.",
                (
                    Representation("application/json", "Customer", {"age": 42, "tags": ["a|b"]}),
                    Representation("text/csv", "Text", "age\n42"),
                ),
            ),
            responses=(
                Response(
                    200,
                    "The score.",
                    (Representation("application/json", "Score", {"score": 0.5}),),
                    (
                        Header("Content-Type", "The media type.", values=("application/json",)),
                        Header("X-Model", "Which model answered.", values=("a", "b")),
                    ),
                ),
                UNAUTHORIZED,
            ),
            parameters=(
                Parameter(
                    "customer",
                    ParameterPlace.PATH,
                    "Who.",
                    required=True,
                    schema={"type": "string"},
                    example="c 1",
                ),
                Parameter(
                    "limit",
                    ParameterPlace.QUERY,
                    "How many.",
                    required=True,
                    schema={"type": "integer", "minimum": 1},
                    example=3,
                ),
                Parameter(
                    "X-Trace", ParameterPlace.HEADER, "For whom.", required=True, schema={"type": "string"}
                ),
                Parameter(
                    "verbose", ParameterPlace.QUERY, "More.", required=False, schema={"type": "boolean"}
                ),
            ),
        ),
        Operation(
            "tree",
            "GET",
            "/tree",
            "/tree",
            "Tree",
            "",
            None,
            (
                Response(200, "The tree.", (Representation("application/json", "Node"),)),
                UNAUTHORIZED,
            ),
        ),
    ),
    schemas={
        "Text": {"type": "string"},
        "Score": {"type": "object", "required": ["score"], "properties": {"score": {"type": "number"}}},
        "Error": {"type": "object", "properties": {"code": {"type": "integer"}}},
        "Node": {
            "type": "object",
            "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}},
        },
        "Customer": {
            "type": "object",
            "required": ["age"],
            "additionalProperties": False,
            "properties": {
                "age": {"type": "integer", "minimum": 0, "maximum": 150, "description": "In years."},
                "tags": {
                    "type": "array",
                    "nullable": True,
                    "maxItems": 3,
                    "items": {"type": "string", "pattern": "a|b"},
                },
                "home": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Place"},
                        {"properties": {"zip": {"type": "string"}}},
                    ]
                },
                "shape": {
                    "type": "array",
                    "items": {"type": "integer"},
                    "not": {"items": {"not": {"enum": [4]}}},
                },
                "either": {
                    "anyOf": [{"type": "number", "minimum": 0, "exclusiveMinimum": True}, {"type": "string"}]
                },
                "others": {"type": "object", "additionalProperties": {"type": "number"}},
            },
        },
        "Place": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
    },
    gaps=(Gap("#/paths/~1score/post", "Whether the city exists is not checked."),),
)

PUBLICATION = Publication(
    model="churn",
    version="v2",
    summary="Tells who leaves.",
    owner="crm@contoso.example",
    gateway_url="https://gateway.contoso.example",
    mark=VersionMark(VersionPlace.SEGMENT),
    products=("trial", "standard"),
    key_header="Ocp-Apim-Subscription-Key",
    token=None,
    calls=3000,
    renewal_period=60,
    largest_checked=102_400,
    larger_pass=False,
    headers=(Header("x-correlation-id", "The id of the call."),),
)

TOKEN = Token(("api://churn",), "00000000-0000-0000-0000-000000000009")
WITH_TOKEN = replace(PUBLICATION, key_header=None, token=TOKEN)
BY_HEADER = replace(PUBLICATION, mark=VersionMark(VersionPlace.HEADER, "Api-Version"))
BY_QUERY = replace(PUBLICATION, mark=VersionMark(VersionPlace.QUERY, "api-version"))
ENDING = replace(PUBLICATION, ending=Ending(False, date(2026, 11, 24), date(2027, 5, 31), "v3"))  # noqa: FBT003
RETIRED = replace(PUBLICATION, ending=Ending(True, None, None, "v3"))  # noqa: FBT003
