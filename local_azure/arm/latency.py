"""How long API Management and its neighbours take for a write, for those who want to wait on a laptop too.

Only the creation of a service is documented: 30 to 40 minutes in the Developer tier
(learn.microsoft.com/azure/api-management/powershell-create-service-instance); a minute stands for it here. All other
figures are estimates, good for telling a deployment that chains its writes from one that runs them side by side, and
no measurement of Azure. Reads take no time. Different entities are written side by side, as many as are asked for.
"""

from local_azure.arm.addresses import RESOURCE_GROUP, parse
from local_azure.arm.messages import ArmRequest
from local_azure.arm.types.apimanagement.names import API, API_SCHEMA, NAMED_VALUE, SERVICE
from local_azure.arm.types.common import SUBNET
from local_azure.arm.types.keyvault import VAULT
from local_azure.arm.types.network import SECURITY_GROUP, VIRTUAL_NETWORK

# Seconds by method and type; what is long-running takes them after its answer, the rest before it.
_SECONDS: dict[tuple[str, str], float] = {
    ("PUT", SERVICE): 60.0,
    ("PATCH", SERVICE): 30.0,
    ("DELETE", SERVICE): 30.0,
    ("PUT", API): 4.0,
    ("DELETE", API): 3.0,
    ("PUT", API_SCHEMA): 3.0,
    ("PUT", NAMED_VALUE): 3.0,
    ("PUT", VAULT): 15.0,
    ("DELETE", VAULT): 5.0,
    ("PUT", VIRTUAL_NETWORK): 5.0,
    ("DELETE", VIRTUAL_NETWORK): 8.0,
    ("PUT", SUBNET): 4.0,
    ("DELETE", SUBNET): 8.0,
    ("PUT", SECURITY_GROUP): 4.0,
    ("DELETE", SECURITY_GROUP): 5.0,
    ("PUT", RESOURCE_GROUP): 1.0,
    ("DELETE", RESOURCE_GROUP): 15.0,
}
_ENTITY_SECONDS = 1.5  # any other write of an entity of API Management
_OTHER_SECONDS = 2.0  # any other write
_BY_KEY = {(method, name.lower()): seconds for (method, name), seconds in _SECONDS.items()}


def seconds(request: ArmRequest) -> float:
    """Return how long the service takes to carry out a request, in seconds."""
    address = parse(request.path)
    if request.method not in {"PUT", "PATCH", "DELETE"} or address is None:
        return 0.0
    kind = address.type.lower()
    is_entity = kind.startswith(f"{SERVICE.lower()}/")
    return _BY_KEY.get((request.method, kind), _ENTITY_SECONDS if is_entity else _OTHER_SECONDS)
