"""Deploys a stack of the environment `local`, and takes over what an update that was cut off left half made.

Only the local Azure is treated so (docs/adr/0008-interrupted-updates.md): software that changes what it does not know
has no place in Azure.
"""

from collections import Counter
from dataclasses import replace

from delivery import engine
from delivery.errors import AlreadyExistsError, NameReservedError
from delivery.listener import Reports
from laptop.arm import Arm
from laptop.layout import Layout
from laptop.ports import DEFAULT_BASE, Ports, remembered
from local_azure.provider.service import TAKE_OVER
from shared import environments

_MOST_OBSTACLES = 2  # one of each kind below


def deploy(
    target: engine.Target, layout: Layout, reports: Reports, *, refresh: bool = False
) -> engine.Deployed:
    """Deploy; what an update that was cut off left in the local Azure alone becomes the stack's own.

    What `pulumi destroy` or somebody deleted is purged, all of it, when a name is needed that a deleted resource still
    has, and not before: until then it can be brought back. `refresh` lets the engine look first at what is there.

    Raises DeliveryError when the engine refuses or fails for another reason, LaptopError when the local Azure does.
    """
    changes: Counter[str] = Counter()
    for _ in range(_MOST_OBSTACLES):
        try:
            return _with(changes, engine.up(target, reports, refresh=refresh))
        except AlreadyExistsError as error:
            changes.update(error.changes)
            names = ", ".join(resource_id.rpartition("/")[2] for resource_id in error.resource_ids)
            reports.remarkable(f"taking over what a killed update left half made: {names}")
            target = replace(target, variables={**target.variables, TAKE_OVER: "yes"})
        except NameReservedError as error:
            changes.update(error.changes)
            subscription = environments.load("local", layout.root).azure.subscription_id
            arm = Arm((remembered(layout.run) or Ports(DEFAULT_BASE)).arm_url)
            purged = arm.purge_deleted(f"/subscriptions/{subscription}")
            if not purged:
                raise
            reports.remarkable(f"purged what was deleted and still had its name: {', '.join(purged)}")
    return _with(changes, engine.up(target, reports, refresh=refresh))


def _with(changes: Counter[str], deployed: engine.Deployed) -> engine.Deployed:
    """Return the result of all attempts together; `changes` are those of the attempts before."""
    return replace(deployed, changes=changes + Counter(deployed.changes))
