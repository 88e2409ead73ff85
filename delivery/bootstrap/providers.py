"""The resource providers that a subscription must know before the stacks can be deployed."""

from delivery.bootstrap.things import Thing, equal

NAMESPACES = (
    "Microsoft.ApiManagement",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Storage",
)


def things() -> tuple[Thing, ...]:
    """Return them; a registration takes a minute or two, once for each subscription."""
    return tuple(_provider(namespace) for namespace in NAMESPACES)


def _provider(namespace: str) -> Thing:
    of = ("--namespace", namespace)
    register = ("provider", "register", *of, "--wait")
    return Thing(
        f"Resource provider {namespace}",
        show=("provider", "show", *of),
        create=register,
        update=register,
        properties=(equal("registrationState", "Registered"),),
    )
