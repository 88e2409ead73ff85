"""https://learn.microsoft.com/azure/api-management/validate-azure-ad-token-policy."""

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local_azure.entra.issuing import Issuer
from local_azure.entra.signing import key_id
from local_azure.gateway.policies import check_policy
from shared.azure.policy_statements import Scope
from shared.policies import PolicyError
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error

PATH = "/species/v1/ready"
TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
APPLICATION = "aaaaaaaa-0000-0000-0000-000000000001"
STRANGER = "bbbbbbbb-0000-0000-0000-000000000002"
AUDIENCE = "api://species"
AUDIENCE_ID = "cccccccc-0000-0000-0000-000000000003"
MISSING = (401, "Azure AD JWT not present")
INVALID = (401, "Invalid Azure AD JWT")
CALLER = (
    '((Jwt)context.Variables["token"]).Claims.GetValueOrDefault("azp", '
    '((Jwt)context.Variables["token"]).Claims.GetValueOrDefault("appid", ""))'
)


def guarded(attributes: str = "", inside: str = "") -> str:
    check = (
        f'<validate-azure-ad-token tenant-id="{TENANT}" output-token-variable-name="token" {attributes}>'
        f"<client-application-ids><application-id>{APPLICATION}</application-id></client-application-ids>"
        f"<audiences><audience>{AUDIENCE}</audience><audience>{AUDIENCE_ID}</audience></audiences>"
        f"{inside}</validate-azure-ad-token>"
    )
    reason = header("x-reason", "@(context.LastError.Reason)")
    return policy(
        inbound=f"<base />{check}{header('x-caller', f'@({CALLER})')}", on_error="<base />" + reason
    )


@pytest.fixture
def entra(gateway: Gateway, backend: Backend) -> Issuer:
    """A gateway with an API that takes tokens instead of keys; return who issues them."""
    gateway.deploy(service(backend.url, policy=guarded(), subscription_required=False))
    return gateway.issuer


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())  # noqa: TID251 - a moment in a token
    claims = {
        "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
        "aud": AUDIENCE,
        "azp": APPLICATION,
        "exp": now + 60,
        "nbf": now - 60,
    }
    changed = {**claims, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def _signed(issuer: Issuer, **changes: Any) -> str:
    return jwt.encode(_claims(**changes), issuer.key, "RS256", headers={"kid": key_id(issuer.key)})


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("audience", [AUDIENCE, AUDIENCE_ID])
def test_a_valid_token_lets_its_application_in(
    gateway: Gateway, backend: Backend, entra: Issuer, audience: str
) -> None:
    token = entra.token(TENANT, APPLICATION, audience)
    assert gateway.get(PATH, **_bearer(token)).status_code == 200
    assert backend.last.values("x-caller") == [APPLICATION]


@pytest.mark.parametrize("scheme", ["bearer", "BEARER "])
def test_the_scheme_is_compared_without_case(gateway: Gateway, entra: Issuer, scheme: str) -> None:
    token = entra.token(TENANT, APPLICATION, AUDIENCE)
    assert gateway.get(PATH, authorization=f"{scheme} {token}").status_code == 200


def test_an_audience_by_its_uri_gets_a_token_v1_and_one_by_its_id_a_token_v2(entra: Issuer) -> None:
    first, second = (
        jwt.decode(entra.token(TENANT, APPLICATION, audience), options={"verify_signature": False})
        for audience in (AUDIENCE, AUDIENCE_ID)
    )
    assert (first["ver"], first["iss"], first["appid"]) == (
        "1.0",
        f"https://sts.windows.net/{TENANT}/",
        APPLICATION,
    )
    assert (second["ver"], second["azp"]) == ("2.0", APPLICATION)


@pytest.mark.parametrize("sent", [{}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer"}])
@pytest.mark.usefixtures("entra")
def test_no_token(gateway: Gateway, backend: Backend, sent: dict[str, str]) -> None:
    answer = gateway.get(PATH, **sent)
    assert error(answer) == MISSING
    assert answer.headers["x-reason"] == "TokenNotFound"
    assert backend.received == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1}, "TokenExpired"),
        ({"exp": None}, "TokenClaimNotFound"),
        ({"nbf": 4_000_000_000, "exp": 5_000_000_000}, "JwtInvalid"),
        ({"aud": "api://others"}, "TokenAudienceNotAllowed"),
        ({"aud": None}, "TokenClaimNotFound"),
        ({"iss": f"https://sts.windows.net/{OTHER_TENANT}/"}, "TokenIssuerNotAllowed"),
        ({"iss": "https://evil.example"}, "TokenIssuerNotAllowed"),
        ({"azp": STRANGER}, "TokenClaimValueNotAllowed"),
        ({"azp": None}, "TokenClaimValueNotAllowed"),
        ({"azp": [], "appid": ""}, "TokenClaimValueNotAllowed"),
    ],
)
def test_a_token_that_does_not_open_this_api(
    gateway: Gateway, backend: Backend, entra: Issuer, changes: dict[str, Any], reason: str
) -> None:
    answer = gateway.get(PATH, **_bearer(_signed(entra, **changes)))
    assert error(answer) == INVALID
    assert answer.headers["x-reason"] == reason
    assert backend.received == []


def _unsigned(issuer: Issuer) -> str:
    return jwt.encode(_claims(), "", "none", headers={"kid": key_id(issuer.key)})


def _by_another_key(issuer: Issuer) -> str:
    return jwt.encode(
        _claims(), generate_private_key(65_537, 2_048), "RS256", headers={"kid": key_id(issuer.key)}
    )


def _by_a_key_of_its_own(_: Issuer) -> str:
    key = generate_private_key(65_537, 2_048)
    return jwt.encode(_claims(), key, "RS256", headers={"kid": key_id(key)})


def _by_the_public_key_as_a_secret(issuer: Issuer) -> str:
    """Return a token that is valid for who lets the token choose its algorithm."""
    secret = issuer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = {"alg": "HS256", "typ": "JWT", "kid": key_id(issuer.key)}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in (head, _claims()))
    return f"{signed}.{_encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _changed_after_it_was_signed(issuer: Issuer) -> str:
    head, _, signature = _signed(issuer, azp=STRANGER).split(".")
    return f"{head}.{_encoded(json.dumps(_claims()).encode())}.{signature}"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_unsigned, "JwtInvalid"),
        (_by_another_key, "TokenSignatureInvalid"),
        (_by_a_key_of_its_own, "TokenSignatureKeyNotFound"),
        (_by_the_public_key_as_a_secret, "JwtInvalid"),
        (_changed_after_it_was_signed, "TokenSignatureInvalid"),
        (lambda _: "no.token.atall", "JwtInvalid"),
        (lambda _: "a", "JwtInvalid"),
    ],
)
def test_a_token_that_the_tenant_did_not_sign(
    gateway: Gateway, backend: Backend, entra: Issuer, make: Any, reason: str
) -> None:
    answer = gateway.get(PATH, **_bearer(make(entra)))
    assert error(answer) == INVALID
    assert answer.headers["x-reason"] == reason
    assert backend.received == []


def test_with_a_required_key_both_are_needed(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=guarded()))
    token = gateway.issuer.token(TENANT, APPLICATION, AUDIENCE)
    assert "subscription key" in error(gateway.get(PATH, **_bearer(token)))[1]
    assert error(gateway.get(PATH, ocp_apim_subscription_key=KEY)) == MISSING
    assert gateway.get(PATH, ocp_apim_subscription_key=KEY, **_bearer(token)).status_code == 200


def test_status_and_message_are_the_policys(gateway: Gateway, backend: Backend) -> None:
    attributes = 'failed-validation-httpcode="403" failed-validation-error-message="Ask us."'
    gateway.deploy(service(backend.url, policy=guarded(attributes), subscription_required=False))
    assert error(gateway.get(PATH)) == (403, "Ask us.")


def test_a_token_may_come_in_another_header_in_the_query_or_by_an_expression(
    gateway: Gateway, backend: Backend
) -> None:
    token = gateway.issuer.token(TENANT, APPLICATION, AUDIENCE)
    for attribute, path, sent in (
        ('header-name="x-token"', PATH, {"x-token": f"Bearer {token}"}),
        ('query-parameter-name="token"', f"{PATH}?token={token}", {}),
        ('token-value="@(context.Request.Headers.GetValueOrDefault("x-raw"))"', PATH, {"x-raw": token}),
    ):
        gateway.deploy(service(backend.url, policy=guarded(attribute), subscription_required=False))
        assert gateway.get(path, **sent).status_code == 200
        assert error(gateway.get(PATH)) == MISSING


@pytest.mark.parametrize(
    ("claim", "values", "opens"),
    [
        ('name="roles"', ["Models.Read", "Models.Call"], True),
        ('name="roles"', ["Models.Call"], False),
        ('name="roles" match="any"', ["Models.Call"], True),
        ('name="roles" match="any"', ["Others"], False),
        ('name="roles" match="any"', None, False),
        ('name="roles" separator=" "', "Models.Call Models.Read", True),
    ],
)
def test_claims_that_a_token_must_have(
    gateway: Gateway, backend: Backend, claim: str, values: object, *, opens: bool
) -> None:
    wanted = "<value>Models.Read</value><value>Models.Call</value>"
    inside = f"<required-claims><claim {claim}>{wanted}</claim></required-claims>"
    gateway.deploy(service(backend.url, policy=guarded(inside=inside), subscription_required=False))
    answer = gateway.get(PATH, **_bearer(_signed(gateway.issuer, roles=values)))
    assert answer.status_code == (200 if opens else 401)


@pytest.mark.parametrize("tenant", ["contoso.onmicrosoft.com", "organizations", "@(context.Api.Id)"])
def test_the_local_gateway_knows_tenants_by_their_guid(tenant: str) -> None:
    with pytest.raises(PolicyError, match="knows a tenant by its GUID"):
        check_policy(guarded().replace(TENANT, tenant), Scope.API)


def test_a_tenant_may_be_named_by_its_url(gateway: Gateway, backend: Backend) -> None:
    named = guarded().replace(TENANT, f"https://login.microsoftonline.com/{TENANT.upper()}/")
    gateway.deploy(service(backend.url, policy=named, subscription_required=False))
    assert gateway.get(PATH, **_bearer(_signed(gateway.issuer))).status_code == 200


def test_no_token_is_in_a_log(gateway: Gateway, entra: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for token in (_signed(entra), _signed(entra, aud="api://others"), _by_another_key(entra)):
        gateway.get(PATH, **_bearer(token))
        for part in token.split("."):
            assert part not in caplog.text
