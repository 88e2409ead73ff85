"""The policies of a model's API: one for the API, and one for each operation."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.azure.skus import Sku
from shared.contracts.contract import Contract, Operation
from shared.model.announcement import Announcement, announcement
from shared.model.backend_ids import pool_id
from shared.model.backend_paths import rewriting
from shared.model.description import LargerBodies, Limits, ModelDescription
from shared.model.entrance import Entrance, entrance
from shared.model.lifecycle_policies import announcing, refusing
from shared.model.validation import validation
from shared.platform.headers import BACKEND_SECRET, CORRELATION_HEADER, GATEWAY_SECRET_HEADER
from shared.policies import (
    Base,
    Expression,
    PolicyDocument,
    RateLimitByKey,
    Scope,
    SetBackendService,
    SetHeader,
    SetVariable,
    Statement,
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


@dataclass(frozen=True)
class ApiPolicies:
    """The text of each policy of one API, in the format `rawxml`."""

    api: str
    """The policy of the API."""
    operations: Mapping[str, str]
    """The policy of each operation."""
    named_values: frozenset[str]
    """The named values that they use."""


@dataclass(frozen=True)
class PolicyArgs:
    """What the policies of one version depend on, beside its contract."""

    entrance: Entrance
    """Who may call."""
    limits: Limits
    """The calls that one caller may make."""
    backend_id: str
    """What answers the calls of a version that serves."""
    larger_bodies: LargerBodies
    """What happens to a body that is too large to be validated."""
    announced: Announcement | None
    """The end of the version; None for an active one."""


def policy_args(model: str, description: ModelDescription, version: str, tenant_id: str) -> PolicyArgs:
    """Return what the policies of a version depend on, where ``tenant_id`` issues access tokens."""
    return PolicyArgs(
        entrance=entrance(description.access, tenant_id),
        limits=description.limits,
        backend_id=pool_id(model, version),
        larger_bodies=description.versions[version].larger_bodies,
        announced=announcement(model, description, version),
    )


def compiled(args: PolicyArgs, contract: Contract, sku: Sku | None) -> ApiPolicies:
    """Return the policies of one version. The operations of a retired one have none: its API's ends every call.

    Raises PolicyError for what a service of that tier cannot run; without a tier only what none can run is
    refused.
    """
    serves = args.announced is None or not args.announced.is_retired
    api = api_policy(args)
    operations = {
        each.name: operation_policy(each, args.larger_bodies) for each in contract.operations if serves
    }
    check(api, Scope.API, sku)
    for document in operations.values():
        check(document, Scope.OPERATION, sku)
    return ApiPolicies(
        api=render(api),
        operations={name: render(document) for name, document in operations.items()},
        named_values=frozenset().union(*map(named_values, (api, *operations.values()))),
    )


def api_policy(args: PolicyArgs) -> PolicyDocument:
    """Return the policy of an API: correlation, access, rate; then how calls reach the model, or that they do not."""
    return PolicyDocument(
        inbound=(
            Base(),
            SetVariable(CORRELATION_VARIABLE, _CORRELATION_ID),
            *args.entrance.check,
            RateLimitByKey(
                calls=args.limits.calls,
                renewal_period=args.limits.renewal_period,
                counter_key=args.entrance.counter_key,
            ),
            *_end(args),
        ),
        backend=(Base(),),
        outbound=(Base(), SetHeader(CORRELATION_HEADER, (_REMEMBERED,)), *announcing(args.announced)),
        on_error=(Base(), SetHeader(CORRELATION_HEADER, (_CORRELATION_ID,)), *announcing(args.announced)),
    )


def _end(args: PolicyArgs) -> tuple[Statement, ...]:
    """Return what a call that was let in comes to: the model server, or the refusal of a retired version."""
    if args.announced is not None and args.announced.is_retired:
        return (refusing(args.announced, SetHeader(CORRELATION_HEADER, (_REMEMBERED,))),)
    return (
        *args.entrance.withheld,
        SetHeader(CORRELATION_HEADER, (_REMEMBERED,)),
        SetHeader(GATEWAY_SECRET_HEADER, (f"{{{{{BACKEND_SECRET}}}}}",)),
        SetBackendService(backend_id=args.backend_id),
    )


def operation_policy(operation: Operation, larger_bodies: LargerBodies) -> PolicyDocument:
    """Return the policy of an operation: its body is checked, its path becomes that of the model server."""
    return PolicyDocument(
        inbound=(Base(), *validation(operation, larger_bodies), rewriting(operation)),
        backend=(Base(),),
        outbound=(Base(),),
        on_error=(Base(),),
    )
