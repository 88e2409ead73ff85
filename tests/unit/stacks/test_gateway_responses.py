from pydantic import JsonValue

from shared.contracts.contract import Contract, Header, Operation, Representation, Request, Response
from shared.contracts.validation import why_not
from shared.model.access import Access
from shared.model.gateway_responses import with_gateway_responses

_JSON = "application/json"
_ACCESS = Access(products=("trial",))
_GATEWAYS: JsonValue = {"statusCode": 429, "message": "Rate limit is exceeded."}


def _operation(*responses: Response, asks: bool = True) -> Operation:
    request = Request("A body.", (Representation(_JSON, "Body"),)) if asks else None
    return Operation("score", "POST", "/score", "/score", "Score", "Scores.", request, responses)


def _answers(
    *responses: Response, asks: bool = True, serves: bool = True
) -> tuple[Contract, dict[int, Response]]:
    schemas: dict[str, JsonValue] = {
        "Body": {"type": "object"},
        "Problem": {"type": "object", "required": ["detail"]},
    }
    contract = Contract((_operation(*responses, asks=asks),), schemas)
    found = with_gateway_responses(contract, _ACCESS, serves=serves)
    (operation,) = found.operations
    statuses = [response.status for response in operation.responses]
    assert statuses == sorted(set(statuses))
    return found, {response.status: response for response in operation.responses}


def test_a_body_may_be_refused_although_the_contract_does_not_say_so() -> None:
    _, answers = _answers(Response(200, "Scores."))
    assert set(answers) == {200, 400, 401, 403, 429, 500, 503}


def test_what_takes_no_body_refuses_none() -> None:
    assert 400 not in _answers(Response(200, "Scores."), asks=False)[1]


def test_a_version_that_serves_no_more_checks_no_body() -> None:
    assert set(_answers(Response(410, "Gone."), serves=False)[1]) == {401, 403, 410, 429, 500}


def test_a_status_of_both_is_one_answer_of_either() -> None:
    own = Response(
        429, "Busy.", (Representation(_JSON, "Problem", {"detail": "busy"}),), (Header("X-Wait", "Seconds."),)
    )
    contract, answers = _answers(own)
    (body,) = answers[429].representations
    assert (answers[429].description, body.example) == ("Busy.", {"detail": "busy"})
    assert why_not({"detail": "busy"}, body.schema, contract) is None
    assert why_not(_GATEWAYS, body.schema, contract) is None
    assert why_not({}, body.schema, contract) is not None


def test_a_header_that_only_one_of_both_gives_is_not_promised() -> None:
    own = Response(
        429,
        "Busy.",
        (Representation(_JSON, "Problem"),),
        (Header("X-Wait", "Seconds."), Header("content-type", "What it is.", ("application/json",))),
    )
    headers = {header.name: header.required for header in _answers(own)[1][429].headers}
    assert headers == {"X-Wait": False, "content-type": True, "Retry-After": False}


def test_an_answer_that_is_no_json_stays_beside_that_of_the_gateway() -> None:
    contract, answers = _answers(Response(500, "Failed.", (Representation("text/plain", ""),)))
    assert [(body.media_type, body.schema) for body in answers[500].representations] == [
        ("text/plain", ""),
        (_JSON, "Gateway.Error"),
    ]
    assert not [name for name in contract.schemas if name.startswith(".or.")]
