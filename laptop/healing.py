"""Deploys a stack of the environment `local`, and takes back what an update that was cut off left half made.

Only the local Azure is treated so (docs/adr/0008-interrupted-updates.md): software that deletes what it does not know
has no place in Azure.
"""

from collections.abc import Mapping

from delivery import engine, stacks
from delivery.errors import AlreadyExistsError, NameReservedError
from laptop.arm import Arm
from laptop.layout import Layout
from laptop.ports import DEFAULT_BASE, Ports, remembered
from laptop.progress import Step
from shared import environments

# A kill cuts off one creation of each that ran at once; a chain of kills without a run between leaves a few.
_MOST_CUT_OFF = 5


def deploy(
    stack: stacks.StackId, layout: Layout, variables: Mapping[str, str], step: Step
) -> engine.Deployed:
    """Deploy; what an update that was cut off left in the local Azure alone is removed and made anew.

    What `pulumi destroy` or somebody deleted is purged when a name is needed that it still has, and not before: until
    then it can be brought back.

    Raises DeliveryError when the engine refuses or fails for another reason, LaptopError when the local Azure does.
    """
    reports = engine.Reports(step.report, step.tell)
    arm = Arm((remembered(layout.run) or Ports(DEFAULT_BASE)).arm_url)
    for _ in range(_MOST_CUT_OFF):
        try:
            return engine.up(stack, layout.root, variables, reports)
        except AlreadyExistsError as error:
            for resource_id in error.resource_ids:
                step.tell(
                    f"making anew what a killed update left half made: {resource_id.rpartition('/')[2]}"
                )
                arm.delete(resource_id)
                arm.purge_deleted(resource_id)
        except NameReservedError:
            subscription = environments.load("local", layout.root).azure.subscription_id
            purged = arm.purge_deleted(f"/subscriptions/{subscription}")
            if not purged:
                raise
            step.tell(f"purged what was deleted and still had its name: {', '.join(purged)}")
    return engine.up(stack, layout.root, variables, reports)
