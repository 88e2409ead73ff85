"""The Key Vault and its key, by which Pulumi encrypts what is secret in the state."""

import json

from delivery.bootstrap.plan import Plan
from delivery.bootstrap.things import Thing, flag

_API = "2023-07-01"
_KEY = {"properties": {"kty": "RSA", "keySize": 3072, "keyOps": ["encrypt", "decrypt"]}}


def things(plan: Plan) -> tuple[Thing, ...]:
    """Return them, each after what it is in."""
    return (_vault(plan), _key(plan))


def _vault(plan: Plan) -> Thing:
    of = ("--name", plan.vault, "--resource-group", plan.group)
    return Thing(
        f"Key Vault {plan.vault}",
        show=("keyvault", "show", *of),
        create=("keyvault", "create", *of, "--location", plan.location, "--retention-days", "90"),
        update=("keyvault", "update", *of),
        properties=(
            flag("properties.enableRbacAuthorization", "--enable-rbac-authorization", wanted=True),
            # A state whose key is purged is lost.
            flag("properties.enablePurgeProtection", "--enable-purge-protection", wanted=True),
        ),
    )


def _key(plan: Plan) -> Thing:
    # By Azure Resource Manager ("Keys - Create If Not Exist"), which leaves a key that exists as it is, and for which
    # whoever bootstraps needs no role on the vault's data.
    request = ("--url", f"{plan.key_scope}?api-version={_API}")
    return Thing(
        f"Key {plan.key}",
        show=("rest", "--method", "get", *request),
        create=("rest", "--method", "put", *request, "--body", json.dumps(_KEY)),
    )
