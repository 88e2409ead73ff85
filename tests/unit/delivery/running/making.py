"""Jobs and records for tests of what runs them."""

from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from delivery.running.jobs import Job
from delivery.stacks import StackId, foundation, model, platform

FOUNDATION, PLATFORM = Job(foundation("dev")), Job(platform("dev"))
IRIS, ROSE = Job(model("iris", "dev")), Job(model("rose", "dev"))


def change(action: Action, name: str = "policy") -> ResourceChange:
    return ResourceChange(
        urn=f"urn:pulumi:dev::model::azure-native:apimanagement:ApiPolicy::{name}", action=action
    )


def ended(
    stack: StackId, outcome: Outcome = Outcome.DONE, *changes: Action, error: str = "", seconds: float = 0.0
) -> StackRecord:
    return StackRecord(
        project=stack.project,
        name=stack.name,
        outcome=outcome,
        changes=tuple(change(action, f"resource-{number}") for number, action in enumerate(changes)),
        error=error,
        seconds=seconds,
    )


def delivery(
    *stacks: StackRecord, operation: Operation = Operation.UP, notes: tuple[str, ...] = ()
) -> DeliveryRecord:
    return DeliveryRecord(environment="dev", operation=operation, stacks=stacks, notes=notes)
