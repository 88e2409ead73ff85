"""The policy that every call of the gateway goes through."""

from pulumi_azure_native import apimanagement

from shared.place import ServicePlace
from shared.policies import PolicyContentFormat


def set_global_policy(service: ServicePlace, text: str) -> apimanagement.Policy:
    """Register the global policy; ``text`` is `rawxml`.

    A service has one, which Azure restores when this is deleted.
    """
    return apimanagement.Policy(
        "global-policy",
        apimanagement.PolicyArgs(
            resource_group_name=service.resource_group_name,
            service_name=service.service_name,
            policy_id="policy",
            format=PolicyContentFormat.RAWXML.value,
            value=text,
        ),
    )
