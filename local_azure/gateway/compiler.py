"""Compiles a service's configuration to what requests run through. `check_policy` is the check of one PUT."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from local_azure.gateway.authorization import Keys
from local_azure.gateway.configuration import Api, Operation, Product, Service
from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.policies import DEFAULT_GLOBAL_POLICY, CompiledPolicy, check_policy, compile_policy
from local_azure.gateway.routing import Router
from local_azure.gateway.schemas import SchemaStore
from local_azure.gateway.statements.step import Step
from shared.azure.policy_statements import Scope, Section
from shared.policies import PolicyError

logger = logging.getLogger(__name__)

__all__ = ["CompiledService", "Plan", "check_policy", "compile_service"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one kind of request, section by section, with every `<base />` in its place."""

    inbound: tuple[Step, ...]
    backend: tuple[Step, ...]
    outbound: tuple[Step, ...]
    on_error: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class CompiledService:
    """One service, ready to serve."""

    service: Service
    router: Router
    keys: Keys
    schemas: Mapping[str, SchemaStore]
    """By API name."""
    plans: Mapping[tuple[str, str, str | None], Plan]
    """By API, operation, and the product in whose context the request comes."""
    unmatched: Plan
    """For a request that fits no operation: the global policy alone."""

    def plan(self, api: Api, operation: Operation, product: Product | None) -> Plan:
        """Return the steps of a request."""
        return self.plans[api.name, operation.name, product.name if product else None]


def compile_service(service: Service) -> CompiledService:
    """Compile a service.

    A policy is checked when it is written, but a secret in a vault may change after that: requests that need
    a policy which cannot be executed are answered with 500, and the log says why. All others are served.
    """
    policies = _Policies(service)
    plans: dict[tuple[str, str, str | None], Plan] = {}
    for api in service.apis:
        products = (product for product in service.products if product.holds(api))
        for product in (None, *products):
            for operation in api.operations:
                key = (api.name, operation.name, product.name if product else None)
                plans[key] = policies.plan(api, operation, product)
    return CompiledService(
        service=service,
        router=Router(service.apis),
        keys=Keys(service),
        schemas={api.name: SchemaStore(api.schemas) for api in service.apis},
        plans=plans,
        unmatched=policies.plan(None, None, None),
    )


class _Policies:
    """The policies of one service, from broad to narrow scope, each compiled once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._compiled: dict[tuple[str, Scope], CompiledPolicy] = {}
        self._told: set[str] = set()

    def plan(self, api: Api | None, operation: Operation | None, product: Product | None) -> Plan:
        entities = ((product, Scope.PRODUCT), (api, Scope.API), (operation, Scope.OPERATION))
        try:
            chain = [self._policy(self._service.policy or DEFAULT_GLOBAL_POLICY, Scope.GLOBAL)]
            for entity, scope in entities:
                if entity and entity.policy is not None:  # without one, as with one of `<base />` alone
                    chain.append(self._policy(entity.policy, scope))
        except PolicyError as error:
            return self._refusal(error, api)
        inbound, backend, outbound, on_error = (_spliced(chain, section) for section in Section)
        return Plan(inbound, backend, outbound, on_error)

    def _policy(self, xml: str, scope: Scope) -> CompiledPolicy:
        key = (xml, scope)
        if key not in self._compiled:
            self._compiled[key] = compile_policy(
                xml, scope, self._service.named_values, self._service.fragments
            )
        return self._compiled[key]

    def _refusal(self, error: PolicyError, api: Api | None) -> Plan:
        """Return a plan that fails each request with the reason, which is logged once for each API."""
        where = f"the API '{api.name}'" if api else "the service"
        reason = f"A policy of {where} cannot be run: {error}"
        if reason not in self._told:
            self._told.add(reason)
            logger.error("%s: %s", self._service.name, reason)

        def run(_: Context) -> None:
            raise GatewayError(INTERNAL, "PolicyInvalid", reason)

        return Plan((Step(error.element or "policies", Scope.API, Section.INBOUND, run),), (), (), ())


def _spliced(chain: list[CompiledPolicy], section: Section) -> tuple[Step, ...]:
    nothing: tuple[Step, ...] = ()
    return reduce(lambda outer, policy: policy.splice(section, outer), chain, nothing)
