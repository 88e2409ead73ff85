"""Who may call an API, how calls are counted, and what the model server does not see of it."""

from dataclasses import dataclass

from shared.azure.subscription_keys import KEY_HEADER
from shared.model.access import Access
from shared.policies import (
    Audiences,
    ClientApplicationIds,
    Expression,
    SetHeader,
    Statement,
    ValidateAzureAdToken,
)

TOKEN_HEADER = "Authorization"  # noqa: S105 - the name of a header
"""The header that holds an access token, after the word Bearer."""

_TOKEN = "access-token"  # noqa: S105 - the name of a variable
"""The variable that holds the token once it is found valid."""

_CLAIMS = f'((Jwt)context.Variables["{_TOKEN}"]).Claims'
BY_SUBSCRIPTION = Expression('context.Api.Id + "/" + context.Subscription.Id')
"""What calls with a key are counted by."""
BY_APPLICATION = Expression(
    f'context.Api.Id + "/" + {_CLAIMS}.GetValueOrDefault("azp", {_CLAIMS}.GetValueOrDefault("appid", ""))'
)
"""What calls without a key are counted by: tokens v2.0 name the application in `azp`, v1.0 in `appid`.

Page: learn.microsoft.com/entra/identity-platform/access-token-claims-reference.
"""


@dataclass(frozen=True)
class Entrance:
    """How an API lets callers in."""

    check: tuple[Statement, ...]
    """What a call passes before it is counted. A required key is checked before any policy runs."""
    counter_key: Expression
    """What calls are counted by. A counter is one in all scopes, so its key names the API as well."""
    withheld: tuple[SetHeader, ...]
    """What takes away the means of access: who runs a model need not know its consumers' keys and tokens."""


def entrance(access: Access, tenant_id: str) -> Entrance:
    """Return the entrance of an API whose tokens ``tenant_id`` issues.

    With a key and a token calls are counted by the subscription, which a consumer has one of, else by the application.
    """
    tokens = () if access.entra is None else (SetHeader(TOKEN_HEADER, exists_action="delete"),)
    return Entrance(
        check=_check(access, tenant_id),
        counter_key=BY_SUBSCRIPTION if access.key else BY_APPLICATION,
        withheld=(SetHeader(KEY_HEADER, exists_action="delete"), *tokens),
    )


def _check(access: Access, tenant_id: str) -> tuple[Statement, ...]:
    if access.entra is None:
        return ()
    return (
        ValidateAzureAdToken(
            tenant_id=tenant_id,
            header_name=TOKEN_HEADER,
            output_token_variable_name=_TOKEN,
            client_application_ids=ClientApplicationIds(access.entra.client_applications),
            audiences=Audiences(access.entra.audiences),
        ),
    )
