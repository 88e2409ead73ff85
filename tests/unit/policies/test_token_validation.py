"""`validate-azure-ad-token`, as its reference page writes it."""

import pytest

from shared.azure.skus import Sku
from shared.policies import (
    Audiences,
    Claim,
    ClientApplicationIds,
    Expression,
    PolicyDocument,
    PolicyError,
    RequiredClaims,
    Scope,
    ValidateAzureAdToken,
    check,
    parse,
    render,
)

_PAGE = """
<policies>
  <inbound>
    <validate-azure-ad-token tenant-id="{{aad-tenant-id}}" output-token-variable-name="jwt">
      <client-application-ids>
        <application-id>{{aad-client-application-id}}</application-id>
      </client-application-ids>
      <audiences>
        <audience>@(context.Request.OriginalUrl.Host)</audience>
      </audiences>
      <required-claims>
        <claim name="ctry" match="any">
          <value>US</value>
        </claim>
      </required-claims>
    </validate-azure-ad-token>
  </inbound>
</policies>
"""
_MINIMAL = ValidateAzureAdToken("tenant", client_application_ids=ClientApplicationIds(("app",)))


def _checked(statement: ValidateAzureAdToken, sku: Sku | None = None) -> None:
    check(PolicyDocument(inbound=(statement,)), Scope.API, sku)


def test_the_example_of_the_page_is_read_and_written_as_it_stands() -> None:
    document = parse(_PAGE)
    assert document.inbound == (
        ValidateAzureAdToken(
            "{{aad-tenant-id}}",
            output_token_variable_name="jwt",  # noqa: S106 - the name of a variable
            client_application_ids=ClientApplicationIds(("{{aad-client-application-id}}",)),
            audiences=Audiences((Expression("context.Request.OriginalUrl.Host"),)),
            required_claims=RequiredClaims((Claim("ctry", ("US",), match="any"),)),
        ),
    )
    check(document, Scope.API, Sku.CONSUMPTION)  # every gateway runs it
    assert render(document).strip() == _PAGE.strip()


def test_status_401_is_meant_when_none_is_written() -> None:
    assert "failed-validation-httpcode" not in render(PolicyDocument(inbound=(_MINIMAL,)))


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (ValidateAzureAdToken("tenant"), "names no client application"),
        (
            ValidateAzureAdToken(
                "tenant",
                header_name="x",
                token_value="y",  # noqa: S106 - no password
                client_application_ids=ClientApplicationIds(("app",)),
            ),
            "takes the token from several places",
        ),
        (
            ValidateAzureAdToken("tenant", client_application_ids=ClientApplicationIds()),
            "names no application",
        ),
        (
            ValidateAzureAdToken("t", client_application_ids=ClientApplicationIds((Expression("a"),))),
            "holds the expression @(a), which it does not take",
        ),
        (
            ValidateAzureAdToken(
                "t", client_application_ids=ClientApplicationIds(("app",)), audiences=Audiences()
            ),
            "names no audience",
        ),
    ],
)
def test_what_the_page_does_not_allow_is_refused(statement: ValidateAzureAdToken, problem: str) -> None:
    with pytest.raises(PolicyError) as caught:
        _checked(statement)
    assert problem in str(caught.value)


def test_a_list_of_audiences_stands_once() -> None:
    audiences = "<audiences><audience>a</audience></audiences>"
    xml = (
        f'<policies><inbound><validate-azure-ad-token tenant-id="t">{audiences * 2}</validate-azure-ad-token>'
    )
    with pytest.raises(PolicyError, match="<audiences> appears twice"):
        parse(f"{xml}</inbound></policies>")


def test_it_stands_in_inbound_alone() -> None:
    with pytest.raises(PolicyError, match="not allowed in <outbound>"):
        check(PolicyDocument(outbound=(_MINIMAL,)), Scope.API)
