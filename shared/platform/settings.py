"""The settings of the platform, `stacks/platform/Pulumi.<environment>.yaml`."""

from pydantic import Field

from shared.api_tags import ApiTags
from shared.azure.capabilities import VirtualNetworkMode
from shared.azure.policy_statements import QUOTA_MIN_RENEWAL_PERIOD, RATE_LIMIT_MAX_RENEWAL_PERIOD
from shared.azure.skus import Sku
from shared.documents import Section
from shared.products import ProductId
from shared.settings import Flag, Ownership, Whole


class PublisherSettings(Section):
    """Whom the service names as its publisher, and where it sends its notifications."""

    name: str = Field(
        min_length=1, max_length=100, description="the organization's name, 1 to 100 characters"
    )
    email: str = Field(pattern=r"^\S+@\S+\.\S+$", max_length=100, description="an e-mail address")


class ServiceSettings(Section):
    """The API Management service."""

    sku: Sku = Field(description=f"one of {', '.join(Sku)}")
    units: Whole = Field(ge=0, description="a whole number of units from 1, or 0 for Consumption")
    virtual_network: VirtualNetworkMode = Field(description=f"one of {', '.join(VirtualNetworkMode)}")


class RateSettings(Section):
    """The calls that one subscription may make in a short time."""

    calls: Whole = Field(ge=1, description="a whole number of calls from 1")
    renewal_period: Whole = Field(
        ge=1,
        le=RATE_LIMIT_MAX_RENEWAL_PERIOD,
        description=f"a whole number of seconds from 1 to {RATE_LIMIT_MAX_RENEWAL_PERIOD}",
    )


class QuotaSettings(Section):
    """The calls that one subscription may make in a long time."""

    calls: Whole = Field(ge=1, description="a whole number of calls from 1")
    renewal_period: Whole = Field(
        ge=QUOTA_MIN_RENEWAL_PERIOD,
        description=f"a whole number of seconds from {QUOTA_MIN_RENEWAL_PERIOD}",
    )


class ProductSettings(Section):
    """A product: what a consumer subscribes to, and how much it may call."""

    display_name: str = Field(min_length=1, max_length=300, description="a name of 1 to 300 characters")
    description: str = Field(min_length=1, max_length=1000, description="a text of 1 to 1000 characters")
    approval_required: Flag = Field(
        description="true when an administrator approves each subscription, else false"
    )
    rate: RateSettings = Field(description="a map with calls and renewalPeriod")
    quota: QuotaSettings = Field(description="a map with calls and renewalPeriod")


class PlatformSettings(Ownership):
    """Everything that may differ between the platforms of two environments."""

    publisher: PublisherSettings = Field(description="a map with name and email")
    service: ServiceSettings = Field(description="a map with sku, units and virtualNetwork")
    sampling_percentage: float = Field(
        ge=0,
        le=100,
        description="a number from 0 to 100: the share of calls that are traced; errors always are",
    )
    products: dict[ProductId, ProductSettings] = Field(
        min_length=1, description="a map from product to its settings"
    )
    tags: ApiTags = Field(
        default=(), description="a list of tags that models may carry, such as [tabular, image]"
    )
    protect: Flag = Field(
        description="true where Pulumi must refuse to delete the service and its products, else false"
    )
