"""The SKUs of API Management and what differs between them for a policy document.

Pages: learn.microsoft.com/azure/api-management/api-management-features and
learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits (API Management
limits).
"""

from enum import StrEnum


class Gateway(StrEnum):
    """The kind of managed gateway that runs the policies of a SKU.

    Page: learn.microsoft.com/azure/api-management/api-management-gateways-overview.
    """

    CLASSIC = "classic"
    V2 = "v2"
    CONSUMPTION = "consumption"


class Sku(StrEnum):
    """The SKU names of a service, as ARM spells them in `sku.name`."""

    CONSUMPTION = "Consumption"
    DEVELOPER = "Developer"
    BASIC = "Basic"
    STANDARD = "Standard"
    PREMIUM = "Premium"
    BASIC_V2 = "BasicV2"
    STANDARD_V2 = "StandardV2"
    PREMIUM_V2 = "PremiumV2"

    @property
    def gateway(self) -> Gateway:
        """The kind of gateway of this SKU."""
        if self is Sku.CONSUMPTION:
            return Gateway.CONSUMPTION
        return Gateway.V2 if self.value.endswith("V2") else Gateway.CLASSIC

    @property
    def policy_document_bytes(self) -> int:
        """The largest policy document that a service of this SKU accepts, in bytes."""
        return CONSUMPTION_POLICY_DOCUMENT_BYTES if self is Sku.CONSUMPTION else POLICY_DOCUMENT_BYTES

    @property
    def operations_per_api(self) -> int | None:
        """The most operations that one API may have; None where only those of the service are counted.

        The service's refusal on BasicV2 names it: "You've reached the maximum number of Operations (100) in API"
        (learn.microsoft.com/answers/questions/5859937).
        """
        return _BASIC_V2_OPERATIONS_PER_API if self is Sku.BASIC_V2 else None


_BASIC_V2_OPERATIONS_PER_API = 100

POLICY_DOCUMENT_BYTES = 512 * 1024
"""The largest policy document on every SKU but Consumption, in bytes."""

CONSUMPTION_POLICY_DOCUMENT_BYTES = 16 * 1024
"""The largest policy document on Consumption, in bytes."""
