"""`return-response`: the call ends where it stands, with the response that it says."""

from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway

GONE = (
    '<return-response><set-status code="410" reason="Gone" />'
    + header("Content-Type", "application/json")
    + '<set-body>{"message": "use v2"}</set-body></return-response>'
)


def test_nothing_reaches_the_backend_and_no_other_section_runs(gateway: Gateway, backend: Backend) -> None:
    outbound = "<base />" + header("x-outbound", "ran")
    gateway.deploy(service(backend.url, policy=policy(inbound="<base />" + GONE, outbound=outbound)))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.json()) == (410, {"message": "use v2"})
    assert response.headers["content-type"] == "application/json"
    assert "x-outbound" not in response.headers
    assert backend.received == []


def test_its_headers_are_those_of_the_response_not_of_the_request(gateway: Gateway, backend: Backend) -> None:
    inbound = header("x-request", "1") + "<return-response>" + header("x-mine", "2") + "</return-response>"
    gateway.deploy(service(backend.url, policy=policy(inbound=inbound)))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["x-mine"] == "2"
    assert "x-request" not in response.headers


def test_its_values_may_be_expressions(gateway: Gateway, backend: Backend) -> None:
    inbound = (
        '<return-response><set-status code="@(400 + 10)" reason="Gone" />'
        '<set-body>@("no " + context.Api.Version)</set-body></return-response>'
    )
    gateway.deploy(service(backend.url, policy=policy(inbound=inbound)))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.text) == (410, "no v1")


def test_in_outbound_it_replaces_what_the_backend_answered(gateway: Gateway, backend: Backend) -> None:
    backend.headers = {"x-of-the-backend": "1"}
    gateway.deploy(service(backend.url, policy=policy(outbound="<base />" + GONE)))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, len(backend.received)) == (410, 1)
    assert "x-of-the-backend" not in response.headers


def test_in_outbound_it_lets_go_of_a_response_that_would_be_streamed(
    gateway: Gateway, backend: Backend
) -> None:
    stream = '<forward-request buffer-response="false" />'
    gateway.deploy(service(backend.url, policy=policy(backend=stream, outbound=GONE)))
    backend.body = b"x" * 1_000_000
    for _ in range(3):
        response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
        assert response.json() == {"message": "use v2"}


def test_on_error_it_replaces_the_error(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=policy(on_error="<base />" + GONE)))
    response = gateway.get("/species/v1/ready")
    assert (response.status_code, response.json()) == (410, {"message": "use v2"})


def test_a_missing_key_is_refused_before_it_runs(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=policy(inbound="<base />" + GONE)))
    assert gateway.get("/species/v1/ready").status_code == 401


def test_a_call_that_it_ends_counts(gateway: Gateway, backend: Backend) -> None:
    limit = (
        '<rate-limit-by-key calls="2" renewal-period="60" counter-key="all" '
        'increment-condition="@(context.Response.StatusCode == 410)" remaining-calls-header-name="x-left" />'
    )
    gateway.deploy(service(backend.url, policy=policy(inbound="<base />" + limit + GONE)))
    answers = [gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [410, 410, 429]
    assert answers[0].headers["x-left"] == "2"
