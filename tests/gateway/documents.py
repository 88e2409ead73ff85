"""Services and policy documents that several tests start from."""

from dataclasses import replace

from local_azure.gateway.configuration import Api, Operation, Product, Representation, Service, Subscription

KEY = "key-of-the-api"
PRODUCT_KEY = "key-of-the-product"


def policy(
    inbound: str = "<base />",
    backend: str = "<base />",
    outbound: str = "<base />",
    on_error: str = "<base />",
) -> str:
    return (
        f"<policies><inbound>{inbound}</inbound><backend>{backend}</backend>"
        f"<outbound>{outbound}</outbound><on-error>{on_error}</on-error></policies>"
    )


def header(name: str, value: str, action: str = "override") -> str:
    return f'<set-header name="{name}" exists-action="{action}"><value>{value}</value></set-header>'


def service(url: str | None, **api: object) -> Service:
    """Return a service `contoso` with one API `species` of version v1, one product and a key for each."""
    species = Api(
        name="species-v1",
        path="species",
        version="v1",
        version_scheme="Segment",
        service_url=url,
        operations=(
            Operation(
                "predict", "POST", "/predict", request_representations=(Representation("application/json"),)
            ),
            Operation("ready", "GET", "/ready"),
        ),
    )
    return Service(
        name="contoso",
        apis=(replace(species, **api),),  # type: ignore[arg-type] # the caller names fields of Api
        products=(Product("standard", api_names=frozenset({"species-v1"})),),
        subscriptions=(
            Subscription("smoke", "/apis/species-v1", primary_key=KEY, secondary_key="second"),
            Subscription("fabrikam", "/products/standard", primary_key=PRODUCT_KEY),
        ),
    )
