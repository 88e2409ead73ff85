"""The policies of a model's API: one for the API, and one for each operation."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.azure.skus import Sku
from shared.azure.subscription_keys import KEY_HEADER
from shared.contracts.contract import Contract, Operation
from shared.model.description import LargerBodies, Limits
from shared.model.validation import validation
from shared.platform.headers import CORRELATION_HEADER
from shared.platform.named_values import BACKEND_SECRET
from shared.platform.policies import GATEWAY_SECRET_HEADER
from shared.policies import (
    Base,
    Expression,
    PolicyDocument,
    RateLimitByKey,
    RewriteUri,
    Scope,
    SetBackendService,
    SetHeader,
    SetVariable,
    check,
    named_values,
    render,
)

CORRELATION_VARIABLE = "correlation-id"
"""The variable that holds the id by which a call is found again."""

_CORRELATION_ID = Expression(
    f'context.Request.Headers.GetValueOrDefault("{CORRELATION_HEADER}", context.RequestId.ToString())'
)
_REMEMBERED = Expression(f'(string)context.Variables["{CORRELATION_VARIABLE}"]')
_CALLER_OF_THIS_API = Expression('context.Api.Id + "/" + context.Subscription.Id')
"""What calls are counted by. A key has one counter in all scopes, so it names the API as well."""


@dataclass(frozen=True)
class ApiPolicies:
    """The text of each policy of one API, in the format `rawxml`."""

    api: str
    """The policy of the API."""
    operations: Mapping[str, str]
    """The policy of each operation."""
    named_values: frozenset[str]
    """The named values that they use."""


def compiled(
    limits: Limits, contract: Contract, backend_id: str, larger_bodies: LargerBodies, sku: Sku | None
) -> ApiPolicies:
    """Return the policies of one version.

    Raises PolicyError for what a service of that tier cannot run; without a tier only what none can run is
    refused.
    """
    api = api_policy(limits, backend_id)
    operations = {
        operation.name: operation_policy(operation, larger_bodies) for operation in contract.operations
    }
    check(api, Scope.API, sku)
    for document in operations.values():
        check(document, Scope.OPERATION, sku)
    return ApiPolicies(
        api=render(api),
        operations={name: render(document) for name, document in operations.items()},
        named_values=frozenset().union(*map(named_values, (api, *operations.values()))),
    )


def api_policy(limits: Limits, backend_id: str) -> PolicyDocument:
    """Return the policy of an API: correlation, rate, the gateway's secret, and backend."""
    return PolicyDocument(
        inbound=(
            Base(),
            SetVariable(CORRELATION_VARIABLE, _CORRELATION_ID),
            RateLimitByKey(
                calls=limits.calls, renewal_period=limits.renewal_period, counter_key=_CALLER_OF_THIS_API
            ),
            # Who runs a model need not know its consumers' keys.
            SetHeader(KEY_HEADER, exists_action="delete"),
            SetHeader(CORRELATION_HEADER, (_REMEMBERED,)),
            SetHeader(GATEWAY_SECRET_HEADER, (f"{{{{{BACKEND_SECRET}}}}}",)),
            SetBackendService(backend_id=backend_id),
        ),
        backend=(Base(),),
        outbound=(Base(), SetHeader(CORRELATION_HEADER, (_REMEMBERED,))),
        on_error=(Base(), SetHeader(CORRELATION_HEADER, (_CORRELATION_ID,))),
    )


def operation_policy(operation: Operation, larger_bodies: LargerBodies) -> PolicyDocument:
    """Return the policy of an operation: its body is checked, its path becomes that of the model server."""
    return PolicyDocument(
        inbound=(Base(), *validation(operation, larger_bodies), _path(operation)),
        backend=(Base(),),
        outbound=(Base(),),
        on_error=(Base(),),
    )


def _path(operation: Operation) -> RewriteUri:
    """Return the path on the model server. No query goes along: it is not in the contract, and may hold a key."""
    return RewriteUri(operation.backend_path, copy_unmatched_params=False)
