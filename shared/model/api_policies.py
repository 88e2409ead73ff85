"""The policies of an API and its operations, as resources."""

import pulumi
from pulumi_azure_native import apimanagement

from shared.model.chain import Chain
from shared.model.policies import ApiPolicies
from shared.place import ServicePlace
from shared.policies import PolicyContentFormat

_POLICY_ID = "policy"
"""The only identifier that the service knows for a policy."""


def attach_policies(
    name: str, service: ServicePlace, api_id: pulumi.Input[str], policies: ApiPolicies, chain: Chain
) -> None:
    """Register the policy of the API, then that of each operation."""
    chain.add(
        apimanagement.ApiPolicy(
            f"{name}-policy",
            apimanagement.ApiPolicyArgs(
                resource_group_name=service.resource_group_name,
                service_name=service.service_name,
                api_id=api_id,
                policy_id=_POLICY_ID,
                format=PolicyContentFormat.RAWXML.value,
                value=policies.api,
            ),
            opts=chain.next(),
        )
    )
    for operation, text in policies.operations.items():
        chain.add(
            apimanagement.ApiOperationPolicy(
                f"{name}-{operation}-policy",
                apimanagement.ApiOperationPolicyArgs(
                    resource_group_name=service.resource_group_name,
                    service_name=service.service_name,
                    api_id=api_id,
                    operation_id=operation,
                    policy_id=_POLICY_ID,
                    format=PolicyContentFormat.RAWXML.value,
                    value=text,
                ),
                opts=chain.next(),
            )
        )
