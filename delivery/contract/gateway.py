"""Where the gateway of an environment answers, from its settings alone."""

from pathlib import Path

from delivery import layer_settings, stacks
from delivery.errors import DeliveryError
from shared import environments
from shared.naming import Names

_DOMAIN = "azure-api.net"
"""The domain of API Management in the global Azure.

Page: learn.microsoft.com/azure/api-management/configure-custom-domain.
"""


def default_url(environment: str, root: Path) -> str:
    """Return the address that Azure gives the gateway of an environment, without a slash at its end.

    Raises DeliveryError or DocumentError when the settings of the environment do not say it.
    """
    platform = stacks.platform(environment)
    workload = layer_settings.written(platform, "workload", root)
    if not isinstance(workload, str):
        source = layer_settings.source(platform)
        raise DeliveryError(
            f"{source}: `platform:workload` is missing. Set it, such as models, or name the gateway with --gateway."
        )
    place = environments.load(environment, root).azure
    return f"https://{Names(workload, environment, place.subscription_id).api_management}.{_DOMAIN}"
