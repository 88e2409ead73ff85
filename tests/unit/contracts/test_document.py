import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from shared.contracts.contract import Contract, Parameter, ParameterPlace, Representation, Response
from shared.contracts.document import (
    Publication,
    call_example,
    curl,
    openapi_document,
    openapi_text,
    page,
    python,
)
from shared.contracts.sources import ContractKind, compile_contract
from shared.model import contracts, description
from shared.model.publication import publication
from tests.support import published
from tests.support.contract_files import InMemory
from tests.support.published import BY_HEADER, BY_QUERY, CONTRACT, PUBLICATION, RETIRED, WITH_TOKEN

_DOCUMENTS = Path(__file__).parent / "openapi_documents"
_ALL = {
    "segment": PUBLICATION,
    "header": BY_HEADER,
    "query": BY_QUERY,
    "token": WITH_TOKEN,
    "key and token": replace(PUBLICATION, token=published.TOKEN),
    "deprecated": published.ENDING,
    "retired": published.RETIRED,
}


def document(version: Publication = PUBLICATION, contract: Contract = CONTRACT) -> dict[str, Any]:
    return openapi_document(contract, version)


@pytest.mark.parametrize("version", _ALL.values(), ids=_ALL)
def test_the_document_is_valid(version: Publication) -> None:
    OpenAPIV30SpecValidator(document(version)).validate()


@pytest.mark.parametrize("model", description.names())
def test_the_documents_of_the_models_are_valid(model: str) -> None:
    described = description.load(model, "prod")
    for version, contract in contracts.load(model, described).items():
        made = document(publication(model, version, described, "https://gateway.example", "tenant"), contract)
        OpenAPIV30SpecValidator(made).validate()
        assert json.loads(openapi_text(contract, publication(model, version, described, "https://g", "t")))


@pytest.mark.parametrize("file", sorted(_DOCUMENTS.iterdir()), ids=lambda file: file.name)
def test_a_document_that_went_through_a_contract_is_valid_and_has_a_page(file: Path) -> None:
    contract = compile_contract(ContractKind.OPENAPI, file.name, InMemory({file.name: file.read_text()}))
    OpenAPIV30SpecValidator(document(contract=contract)).validate()
    said = page(contract, PUBLICATION)
    assert [each.summary for each in contract.operations if f"## {each.summary}\n" not in said] == []


def test_the_document_tells_what_where_and_whose() -> None:
    made = document()
    assert made["openapi"] == "3.0.3"
    assert made["info"] == {
        "title": "churn",
        "version": "v2",
        "description": "Tells who leaves.",
        "contact": {"email": "crm@contoso.example"},
    }
    assert made["servers"] == [{"url": "https://gateway.contoso.example/churn/v2"}]


def test_a_key_is_sent_in_the_header_of_api_management() -> None:
    made = document()
    assert made["security"] == [{"subscriptionKey": []}]
    scheme = made["components"]["securitySchemes"]["subscriptionKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Ocp-Apim-Subscription-Key")


def test_a_token_is_asked_of_the_tenant_for_the_audience() -> None:
    made = document(WITH_TOKEN)
    assert made["security"] == [{"entra": ["api://churn/.default"]}]
    (scheme,) = made["components"]["securitySchemes"].values()
    assert scheme["type"] == "openIdConnect"
    assert scheme["openIdConnectUrl"] == (
        "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000009/v2.0/.well-known/openid-configuration"
    )


def test_key_and_token_are_both_needed_where_both_are_asked_for() -> None:
    assert list(document(_ALL["key and token"])["security"][0]) == ["subscriptionKey", "entra"]


@pytest.mark.parametrize(
    ("version", "place", "name"), [(BY_HEADER, "header", "Api-Version"), (BY_QUERY, "query", "api-version")]
)
def test_the_version_is_a_parameter_where_the_path_does_not_tell_it(
    version: Publication, place: str, name: str
) -> None:
    made = document(version)
    assert made["servers"] == [{"url": "https://gateway.contoso.example/churn"}]
    parameter = made["components"]["parameters"]["version"]
    assert (parameter["in"], parameter["name"]) == (place, name)
    assert parameter["schema"] == {"type": "string", "enum": ["v2"]}
    assert made["paths"]["/tree"]["get"]["parameters"] == [{"$ref": "#/components/parameters/version"}]


@pytest.mark.parametrize(
    ("version", "place"), [(BY_HEADER, ParameterPlace.HEADER), (BY_QUERY, ParameterPlace.QUERY)]
)
def test_the_version_stands_once_where_the_model_server_has_a_parameter_of_that_name(
    version: Publication, place: ParameterPlace
) -> None:
    own = Parameter(version.mark.name.upper(), place, "", required=True, schema={"type": "string"})
    (operation, *_) = CONTRACT.operations
    made = document(version, replace(CONTRACT, operations=(replace(operation, parameters=(own,)),)))
    (described,) = made["paths"].values()
    assert described["post"]["parameters"] == [{"$ref": "#/components/parameters/version"}]


def test_an_operation_has_its_parameters_bodies_and_headers() -> None:
    made = document()["paths"]["/customers/{customer}/score"]["post"]
    assert [each["name"] for each in made["parameters"]] == ["customer", "limit", "X-Trace", "verbose"]
    assert made["parameters"][1] == {
        "name": "limit",
        "in": "query",
        "description": "How many.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
        "example": 3,
    }
    assert made["requestBody"]["content"]["application/json"] == {
        "schema": {"$ref": "#/components/schemas/Customer"},
        "example": {"age": 42, "tags": ["a|b"]},
    }
    answer = made["responses"]["200"]
    assert list(answer["headers"]) == ["x-correlation-id", "X-Model"]
    assert answer["headers"]["X-Model"]["schema"] == {"type": "string", "enum": ["a", "b"]}


def test_operations_of_a_version_that_ends_are_deprecated() -> None:
    assert document(published.ENDING)["paths"]["/tree"]["get"]["deprecated"] is True
    assert "deprecated" not in document()["paths"]["/tree"]["get"]


def test_operations_of_one_path_stand_side_by_side() -> None:
    score, tree = CONTRACT.operations
    both = replace(CONTRACT, operations=(score, replace(tree, url_template=score.url_template)))
    assert list(document(contract=both)["paths"][score.url_template]) == ["post", "get"]


def test_large_numbers_stay_as_they_are() -> None:
    large = replace(CONTRACT, schemas={**CONTRACT.schemas, "Text": {"maximum": 2**63 - 1}})
    assert "9223372036854775807" in openapi_text(large, PUBLICATION)


def lines(version: Publication = PUBLICATION, contract: Contract = CONTRACT) -> list[str]:
    return page(contract, version).splitlines()


def test_the_page_tells_where_how_and_how_much() -> None:
    said = page(CONTRACT, PUBLICATION)
    assert said.startswith("# churn v2\n\nTells who leaves.\n")
    assert "`https://gateway.contoso.example/churn/v2`" in said
    assert "a subscription to `trial` or `standard`, in the header `Ocp-Apim-Subscription-Key`" in said
    assert "3,000 calls in 60 seconds" in said
    assert "crm@contoso.example" in said


@pytest.mark.parametrize(
    "row",
    [
        "| `age` | integer | yes | 0 to 150. In years |",
        "| `tags` | array of string or null |  | at most 3 items; each matches `a\\|b` |",
        "| `home` | object |  |  |",
        "| `home.city` | string | yes |  |",
        "| `home.zip` | string |  |  |",
        "| `shape` | array of integer |  | holds `4` |",
        "| `either` | number (more than 0) or string |  |  |",
        "| `others.*` | number |  |  |",
        "| `body` | object | yes | no other fields |",
        "| `children` | array of object |  |  |",
        "| `limit` | query | integer | yes | at least 1. How many |",
        "| `verbose` | query | boolean |  | More |",
        "| 200 | The score. | `X-Model` |",
    ],
)
def test_the_page_has_a_row_for_each_field_and_parameter(row: str) -> None:
    assert row in lines()


def test_fields_that_differ_in_their_names_alone_share_a_row() -> None:
    measure: dict[str, Any] = {"type": "number", "description": "In mm."}
    properties: dict[str, Any] = {"a": measure, "b": measure, "c": measure}
    row: dict[str, Any] = {"type": "object", "required": ["a", "b"], "properties": properties}
    node: dict[str, Any] = {"type": "object", "properties": {"rows": {"type": "array", "items": row}}}
    schemas: dict[str, Any] = {**CONTRACT.schemas, "Node": node}
    said = page(replace(CONTRACT, schemas=schemas), PUBLICATION)
    assert "| `rows[].a`, `b` | number | yes | In mm |\n| `rows[].c` | number |  | In mm |" in said


@pytest.mark.parametrize(
    ("schema", "row"),
    [
        (
            {
                "type": "array",
                "minItems": 1,
                "anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "string"}],
            },
            "| `of` | array of number or string |  | at least 1 item |",
        ),
        (
            {"type": "array", "items": {"type": "string", "nullable": True}, "nullable": True},
            "| `of` | array of (string or null) or null |  |  |",
        ),
        (
            {
                "anyOf": [
                    {"type": "number", "nullable": True},
                    {"type": "string", "pattern": "a" * 60},
                    {"type": "boolean"},
                ]
            },
            "| `of` | number, string, boolean or null |  |  |",
        ),
        (
            {"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "a" * 60}]},
            "| `of` | string |  |  |",
        ),
        (
            {"type": "string", "pattern": "a" * 60},
            "| `of` | string |  | of a form that the OpenAPI document tells |",
        ),
        (
            {"type": "object", "properties": {"x": {}}, "anyOf": [{"required": ["x"]}, {"required": ["y"]}]},
            "| `of` | object |  |  |",
        ),
        (
            {
                "type": "array",
                "items": {"type": "string"},
                "allOf": [
                    {"not": {"items": {"not": {"enum": ["a"]}}}},
                    {"not": {"items": {"not": {"enum": ["b"]}}}},
                ],
            },
            "| `of` | array of string |  | holds `a`, `b` |",
        ),
        (
            {"type": "number", "multipleOf": 1, "minimum": 0},
            "| `of` | integer |  | at least 0 |",
        ),
        (
            {"type": "integer", "not": {"enum": [1]}},
            "| `of` | integer |  | with exceptions that the OpenAPI document tells |",
        ),
        (
            {"anyOf": [{"type": "object", "properties": {"x": {"type": "number"}}}, {"type": "string"}]},
            "| `of (form 1).x` | number |  |  |",
        ),
    ],
)
def test_a_type_reads_in_words(schema: dict[str, Any], row: str) -> None:
    node: dict[str, Any] = {"type": "object", "properties": {"of": schema}}
    assert row in lines(contract=replace(CONTRACT, schemas={**CONTRACT.schemas, "Node": node}))


def test_what_every_operation_answers_stands_once() -> None:
    assert sum(line.startswith("| 401 |") for line in lines()) == 1
    assert '401  {"code": 1}' in lines()


def test_an_operation_says_nothing_twice_and_has_no_empty_table() -> None:
    first, *_ = CONTRACT.operations
    silent = replace(first, description=first.summary, responses=(published.UNAUTHORIZED,))
    said = page(replace(CONTRACT, operations=(silent, replace(silent, name="again"))), PUBLICATION)
    assert "### Answers\n\n[What every operation may answer](#what-every-operation-may-answer)." in said
    assert f"\n\n{first.summary}\n\n" not in said


def test_examples_stand_as_they_are_sent() -> None:
    assert '{"age": 42, "tags": ["a|b"]}' in lines()
    assert "age\n42" in page(CONTRACT, PUBLICATION)


def test_texts_of_a_contract_do_not_leave_their_place_on_the_page() -> None:
    operation = CONTRACT.operations[1]
    text = Representation("text/plain", "Text", "\n```\n# Out")
    changed = replace(operation, summary="Tree\n# Out\x1b[2J", responses=(Response(200, "It.", (text,)),))
    said = lines(contract=replace(CONTRACT, operations=(changed,)))
    assert r"## Tree # Out\x1b[2J" in said
    begin = said.index("````")
    assert said[begin : begin + 5] == ["````", "", "```", "# Out", "````"]


def test_the_page_tells_what_is_left_to_the_model() -> None:
    assert "- Whether the city exists is not checked. (`#/paths/~1score/post`)" in lines()
    assert "What is left to the model:" not in lines(contract=replace(CONTRACT, gaps=()))


@pytest.mark.parametrize(
    ("passes", "says"), [(True, "goes to the model as it is"), (False, "is refused, with 400")]
)
def test_the_page_tells_what_happens_to_larger_bodies(says: str, *, passes: bool) -> None:
    assert (
        f"102,400 bytes is compared with the tables above before the model is asked; a larger one {says}"
        in page(CONTRACT, replace(PUBLICATION, larger_pass=passes))
    )


def test_the_page_of_a_version_that_ends_says_so_first() -> None:
    assert lines(published.ENDING)[2] == (
        "> **Deprecated** since 2026-11-24: it serves until 2027-05-31. Use v3 instead."
    )
    assert lines(published.RETIRED)[2] == "> **Retired.** Every call is answered 410. Use v3 instead."


def test_a_schema_that_refers_to_itself_ends() -> None:
    loop: dict[str, Any] = {
        "type": "object",
        "required": ["of"],
        "properties": {"of": {"$ref": "#/components/schemas/Node"}},
    }
    said = page(replace(CONTRACT, schemas={**CONTRACT.schemas, "Node": loop}), PUBLICATION)
    assert "| `of` | Node, as above | yes |  |" in said


def test_a_call_carries_parameters_version_and_secrets() -> None:
    call = call_example(CONTRACT.operations[0], BY_HEADER)
    assert call.url == "https://gateway.contoso.example/churn/customers/c%201/score?limit=3"
    assert call.headers == {"X-Trace": "<X-Trace>", "Api-Version": "v2"}
    assert curl(call).splitlines() == [
        "curl -sS 'https://gateway.contoso.example/churn/customers/c%201/score?limit=3' \\",
        '  -H "Ocp-Apim-Subscription-Key: $GATEWAY_KEY" \\',
        "  -H 'X-Trace: <X-Trace>' \\",
        "  -H 'Api-Version: v2' \\",
        "  -H 'Content-Type: application/json' \\",
        '  -d \'{"age": 42, "tags": ["a|b"]}\'',
    ]
    assert call_example(CONTRACT.operations[1], BY_QUERY).url.endswith("/churn/tree?api-version=v2")


def test_a_text_that_curl_would_take_for_a_file_is_sent_as_it_is() -> None:
    call = replace(
        call_example(CONTRACT.operations[0], PUBLICATION), media_type="text/plain", body="@/etc/passwd"
    )
    assert curl(call).endswith("--data-raw @/etc/passwd")


def test_a_token_is_sent_as_a_bearer() -> None:
    assert '-H "Authorization: Bearer $GATEWAY_TOKEN"' in curl(
        call_example(CONTRACT.operations[1], WITH_TOKEN)
    )


@pytest.mark.parametrize("version", _ALL.values(), ids=_ALL)
@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda each: each.name)
def test_the_program_makes_the_call(
    operation: Any, version: Publication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[httpx.Request] = []

    def request(*arguments: Any, **names: Any) -> httpx.Response:
        sent.append(httpx.Request(*arguments, **names))
        return httpx.Response(200, text="done", request=sent[0])

    monkeypatch.setattr(httpx, "request", request)
    monkeypatch.setenv("GATEWAY_KEY", "k")
    monkeypatch.setenv("GATEWAY_TOKEN", "t")
    call = call_example(operation, version)
    exec(python(call), {})  # noqa: S102 - the program is what is tested
    assert (sent[0].method, str(sent[0].url)) == (call.method, call.url)
    expected = {"Ocp-Apim-Subscription-Key": "k"} if version.key_header else {}
    expected |= {"Authorization": "Bearer t"} if version.token else {}
    assert {name: sent[0].headers[name] for name in (*expected, *call.headers)} == {
        **expected,
        **call.headers,
    }
    assert (json.loads(sent[0].content) if call.media_type else None) == call.body
    assert capsys.readouterr().out == "done\n"


def test_the_command_needs_no_engine() -> None:
    """Importing Pulumi would take most of its time."""
    program = "import sys, laptop.contracting; sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_gateways_errors_stand_once_where_there_is_one_operation() -> None:
    error = Representation("application/json", "Place", {"statusCode": 429})
    (operation, *_) = CONTRACT.operations
    answers = (
        *operation.responses,
        Response(429, "Too many calls.", (error,)),
        Response(503, "Away.", (error,)),
    )
    contract = replace(CONTRACT, operations=(replace(operation, responses=answers),))
    said = page(contract, replace(PUBLICATION, gateway_error="Place"))
    everywhere = said.index("## What every operation may answer")
    assert "The body of 429" not in said
    assert said.index("| 429 | Too many calls.") > everywhere
    assert said.index('503  {"statusCode": 429}') > everywhere


def test_the_page_of_a_retired_version_shows_no_call_and_no_checks() -> None:
    said = page(CONTRACT, RETIRED)
    assert "> **Retired.** Every call is answered 410. Use v3 instead." in said
    assert "## A call" not in said
    assert "## What the gateway checks" not in said
