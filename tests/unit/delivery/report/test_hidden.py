"""Whatever Azure calls a credential is never shown, even where no program marked it."""

import pytest
from pydantic import JsonValue

from delivery.records import SECRET, UNKNOWN
from delivery.report.hidden import hidden
from delivery.report.render import report
from tests.unit.delivery.report.making import Inputs, change, policy, record, stack, told

_KEY = "c29tZXRoaW5nLXNlY3JldC1oZXJl"
_OTHER = "YW5vdGhlci1zZWNyZXQtdGhpbmc9"


def _policy(statement: str) -> Inputs:
    return policy(statement)


_SECRETS: list[tuple[str, Inputs]] = [
    ("Subscription", {"sid": "a", "primaryKey": _KEY}),
    ("Subscription", {"sid": "a", "secondaryKey": _KEY}),
    ("WorkspaceSubscription", {"sid": "a", "primaryKey": _KEY}),
    ("NamedValue", {"namedValueId": "a", "secret": True, "value": _KEY}),
    ("WorkspaceNamedValue", {"namedValueId": "a", "secret": True, "value": _KEY}),
    ("Backend", {"backendId": "a", "credentials": {"authorization": {"scheme": "Basic", "parameter": _KEY}}}),
    ("Backend", {"backendId": "a", "credentials": {"header": {"x-functions-key": [_KEY]}}}),
    ("Backend", {"backendId": "a", "credentials": {"query": {"code": [_KEY]}}}),
    ("Backend", {"backendId": "a", "proxy": {"url": "https://p.example", "username": "u", "password": _KEY}}),
    ("Certificate", {"certificateId": "a", "data": _KEY}),
    ("Certificate", {"certificateId": "a", "password": _KEY}),
    ("ApiManagementService", {"hostnameConfigurations": [{"encodedCertificate": _KEY}]}),
    ("ApiManagementService", {"certificates": [{"certificatePassword": _KEY}]}),
    ("IdentityProvider", {"clientId": "a", "clientSecret": _KEY}),
    ("OpenIdConnectProvider", {"clientSecret": _KEY}),
    ("AuthorizationServer", {"resourceOwnerPassword": _KEY}),
    ("Logger", {"credentials": {"instrumentationKey": _KEY}}),
    ("Logger", {"credentials": {"connectionString": _KEY}}),
    ("Cache", {"connectionString": _KEY}),
    ("Backend", {"backendId": "a", "url": f"https://user:{_KEY}@m.contoso.example/v1"}),
    ("Api", {"serviceUrl": f"https://m.contoso.example/v1?version=2&code={_KEY}"}),
    ("Backend", {"backendId": "a", "url": f"https://m.contoso.example/v1?sv=2022&sig={_KEY}#x"}),
    ("User", {"password": _KEY}),
    ("azure-native:keyvault:Secret", {"properties": {"value": _KEY}}),
    (
        "Api",
        {"x": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": _KEY}},
    ),
    ("ApiPolicy", _policy(f'<authentication-basic username="u" password="{_KEY}" />')),
    ("ApiPolicy", _policy(f"<authentication-basic username='u' password='{_KEY}' />")),
    (
        "Policy",
        _policy(f"<validate-jwt><issuer-signing-keys><key>{_KEY}</key></issuer-signing-keys></validate-jwt>"),
    ),
    (
        "Policy",
        _policy(f'<validate-jwt><decryption-keys><key id="a">{_KEY}</key></decryption-keys></validate-jwt>'),
    ),
    ("ApiPolicy", _policy(f'<set-header name="Authorization"><value>Bearer {_KEY}</value></set-header>')),
    (
        "ApiPolicy",
        _policy(f'<set-header name="Authorization"><value>@("Bearer" + "{_KEY}")</value></set-header>'),
    ),
    (
        "ApiOperationPolicy",
        _policy(f'<set-header exists-action="skip" name="api-key"><value>{_KEY}</value></set-header>'),
    ),
    ("ApiPolicy", _policy(f'<set-header name="x-key"><value>@("<a/>" + "{_KEY}")</value></set-header>')),
    (
        "ApiPolicy",
        _policy(f'<set-header exists-action="@(1 > 0)" name="x-key"><value>{_KEY}</value></set-header>'),
    ),
    ("ApiPolicy", _policy(f"<validate-jwt><key><![CDATA[{_KEY}]]></key></validate-jwt>")),
    (
        "ApiPolicy",
        _policy(f'<validate-jwt><key certificate-id="a" /><key id="b">{_KEY}</key></validate-jwt>'),
    ),
    ("ApiPolicy", _policy(f'<set-variable name="apiKey" value="{_KEY}" />')),
    ("ApiPolicy", _policy(f'<authentication-certificate body="{_KEY}" password="x" />')),
    (
        "PolicyFragment",
        {
            "id": "a",
            "value": '<fragment><set-query-parameter name="subscription-key">'
            f"<value>{_KEY}</value></set-query-parameter></fragment>",
        },
    ),
]


def _with(value: JsonValue, key: str) -> JsonValue:
    if isinstance(value, dict):
        return {name: _with(item, key) for name, item in value.items()}
    if isinstance(value, list):
        return [_with(item, key) for item in value]
    return value.replace(_KEY, key) if isinstance(value, str) else value


@pytest.mark.parametrize(("kind", "inputs"), _SECRETS)
def test_a_credential_is_hidden_wherever_it_stands(kind: str, inputs: Inputs) -> None:
    other = _with(inputs, _OTHER)
    assert isinstance(other, dict)
    for before, after in ((None, inputs), (inputs, None), (inputs, other)):
        made = report([record(stack(change(kind, before, after)))]).text
        assert _KEY not in made
        assert _OTHER not in made
    assert SECRET in str(hidden(change(kind, None, inputs)).change.after)


@pytest.mark.parametrize(("kind", "inputs"), _SECRETS)
def test_that_a_credential_changes_is_told(kind: str, inputs: Inputs) -> None:
    other = _with(inputs, _OTHER)
    assert isinstance(other, dict)
    assert told(kind, inputs, other)


def test_a_policy_whose_credential_changes_says_so() -> None:
    statement = '<authentication-basic username="u" password="{}" />'
    assert told("ApiPolicy", policy(statement.format(_KEY)), policy(statement.format(_OTHER))) == [
        "Other | v1: ApiPolicy iris-v1-thing: a secret in it changes"
    ]


@pytest.mark.parametrize(("kind", "inputs"), _SECRETS)
def test_what_is_hidden_already_still_tells_that_a_credential_changes(kind: str, inputs: Inputs) -> None:
    other = _with(inputs, _OTHER)
    assert isinstance(other, dict)
    once = hidden(change(kind, inputs, other))
    assert hidden(once.change) == once


def test_a_value_that_becomes_a_secret_is_hidden_on_both_sides() -> None:
    before: Inputs = {"namedValueId": "a", "secret": False, "value": _KEY}
    after: Inputs = {"namedValueId": "a", "secret": True, "value": _OTHER}
    shown = hidden(change("NamedValue", before, after)).change
    assert (shown.before or {})["value"] == (shown.after or {})["value"] == SECRET


@pytest.mark.parametrize(
    "value",
    [
        "{{model-backend-secret}}",
        "Bearer {{token}}",
        '@("Bearer " + (string)context.Variables["managed-identity-token"])',
        '@(context.Request.Headers.GetValueOrDefault("Authorization","").Split(\' \').Last())',
    ],
)
def test_references_to_credentials_stay_readable(value: str) -> None:
    inputs = _policy(f'<set-header name="Authorization"><value>{value}</value></set-header>')
    assert value in str((hidden(change("ApiPolicy", None, inputs)).change.after or {})["value"])


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("NamedValue", {"namedValueId": "environment", "secret": False, "value": "dev"}),
        ("Backend", {"backendId": "a", "url": "https://m.contoso.example/v1/@me?key-size=&version=2"}),
        ("ApiOperation", {"urlTemplate": "/search?key={key}"}),
        (
            "Backend",
            {"backendId": "a", "credentials": {"authorization": {"scheme": "Basic", "parameter": UNKNOWN}}},
        ),
        (
            "ApiPolicy",
            _policy(
                '<set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />'
                '<set-header name="x-a"><value>plain-enough-to-see</value></set-header>'
            ),
        ),
        (
            "ApiPolicy",
            _policy('<set-header name="x-correlation-id"><value>plain-enough-to-see</value></set-header>'),
        ),
    ],
)
def test_what_is_no_credential_stays(kind: str, inputs: Inputs) -> None:
    safe = hidden(change(kind, None, inputs))
    assert safe.change.after == inputs
    assert not safe.secrets_differ
