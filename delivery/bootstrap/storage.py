"""The storage account and the container that hold the state."""

from pydantic import JsonValue

from delivery.bootstrap.az import member
from delivery.bootstrap.plan import Plan
from delivery.bootstrap.things import Property, Thing, equal, flag

_KEPT_DAYS = 30
"""How long deleted blobs, deleted containers and thus lost checkpoints can be brought back."""


def things(plan: Plan) -> tuple[Thing, ...]:
    """Return them, each after what it is in."""
    return (_group(plan), _account(plan), _blob_service(plan), _container(plan))


def lock(plan: Plan) -> Thing:
    """Return the lock that keeps the group from being deleted, also by who deploys: a contributor lifts no locks."""
    of = ("--name", "keep-state", "--resource-group", plan.group)
    return Thing(
        f"Lock against deletion on {plan.group}",
        show=("lock", "show", *of),
        create=("lock", "create", *of, "--notes", "Holds the state of Pulumi and the key to its secrets."),
        update=("lock", "update", *of),
        properties=(equal("level", "CanNotDelete", "--lock-type", "CanNotDelete"),),
    )


def _group(plan: Plan) -> Thing:
    of = ("--name", plan.group)
    return Thing(
        f"Resource group {plan.group}",
        show=("group", "show", *of),
        create=("group", "create", *of, "--location", plan.location),
    )


def _account(plan: Plan) -> Thing:
    of = ("--name", plan.account, "--resource-group", plan.group)
    kind = ("--location", plan.location, "--kind", "StorageV2", "--sku", "Standard_ZRS")
    return Thing(
        f"Storage account {plan.account}",
        show=("storage", "account", "show", *of),
        create=("storage", "account", "create", *of, *kind),
        update=("storage", "account", "update", *of),
        properties=(
            flag("allowBlobPublicAccess", "--allow-blob-public-access", wanted=False),
            flag("allowSharedKeyAccess", "--allow-shared-key-access", wanted=False),
            flag("allowCrossTenantReplication", "--allow-cross-tenant-replication", wanted=False),
            flag("enableHttpsTrafficOnly", "--https-only", wanted=True),
            # 1.3 is stricter, and fine.
            Property(
                "minimumTlsVersion",
                ("--min-tls-version", "TLS1_2"),
                lambda found: found in ("TLS1_2", "TLS1_3"),
            ),
        ),
    )


def _blob_service(plan: Plan) -> Thing:
    of = ("--account-name", plan.account, "--resource-group", plan.group)
    service = ("storage", "account", "blob-service-properties")
    return Thing(
        f"Versions and soft delete of {plan.account}",
        show=(*service, "show", *of),
        create=(
            *service,
            "update",
            *of,
        ),  # an account has them from its beginning; in a dry run there is none yet
        update=(*service, "update", *of),
        properties=(
            flag("isVersioningEnabled", "--enable-versioning", wanted=True),
            _keeps("deleteRetentionPolicy", "delete-retention"),
            _keeps("containerDeleteRetentionPolicy", "container-delete-retention"),
        ),
    )


def _keeps(path: str, option: str) -> Property:
    def accepts(found: JsonValue) -> bool:
        days = member(found, "days")
        return member(found, "enabled") is True and isinstance(days, int) and days >= _KEPT_DAYS

    return Property(path, (f"--enable-{option}", "true", f"--{option}-days", str(_KEPT_DAYS)), accepts)


def _container(plan: Plan) -> Thing:
    # By Azure Resource Manager, not by the blob service, so that whoever bootstraps needs no role on the data.
    of = ("--name", plan.container, "--storage-account", plan.account, "--resource-group", plan.group)
    return Thing(
        f"Container {plan.container}",
        show=("storage", "container-rm", "show", *of),
        create=("storage", "container-rm", "create", *of),
        update=("storage", "container-rm", "update", *of),
        properties=(
            Property("publicAccess", ("--public-access", "off"), lambda found: found in (None, "None")),
        ),
    )
