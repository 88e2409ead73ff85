"""Who is logged in to the Azure CLI, and where: checked before anything is changed."""

from dataclasses import dataclass

from delivery.bootstrap.az import Az, member
from delivery.bootstrap.plan import Plan
from delivery.errors import DeliveryError


@dataclass(frozen=True)
class Operator:
    """Who runs the bootstrap."""

    name: str
    is_person: bool
    """Or an application, which logs in with a secret or a certificate of its own."""


def check(az: Az, plan: Plan) -> Operator:
    """Return who is logged in.

    Raises DeliveryError when nobody is, or when subscription or tenant are not those of the environment.
    """
    account = az.read("account", "show")
    source = f"environments/{plan.environment}.yaml"
    wanted = {"tenantId": ("tenant", plan.tenant), "id": ("subscription", plan.subscription)}
    for key, (what, value) in wanted.items():
        found = str(member(account, key)).lower()
        if found != value:
            raise DeliveryError(
                f"The Azure CLI is logged in to the {what} {found}, but {source} says {value}: run `az login --tenant "
                f"{plan.tenant}` and `az account set --subscription {plan.subscription}`, or correct the file."
            )
    return Operator(str(member(account, "user.name")), member(account, "user.type") == "user")


def object_id(az: Az, operator: Operator) -> str:
    """Return the id by which role assignments name the operator.

    Raises DeliveryError when the directory does not tell it.
    """
    words = ("signed-in-user", "show") if operator.is_person else ("sp", "show", "--id", operator.name)
    found = member(az.read("ad", *words), "id")
    if not isinstance(found, str):
        raise DeliveryError(
            f"The directory does not know {operator.name}: log in with an account of this tenant."
        )
    return found
