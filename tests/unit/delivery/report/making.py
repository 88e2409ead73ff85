"""Records as tests need them: made by hand where the real ones in `records/` would be too long."""

from pydantic import JsonValue

from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from delivery.report.consumers import told_of
from delivery.report.hidden import hidden
from delivery.report.stacks import Stack
from delivery.report.words import plain

Inputs = dict[str, JsonValue]


def change(
    kind: str, before: Inputs | None, after: Inputs | None, name: str = "iris-v1-thing"
) -> ResourceChange:
    """Return a change of a resource of API Management: a creation, deletion or update."""
    action = Action.CREATE if before is None else Action.DELETE if after is None else Action.UPDATE
    module = "" if ":" in kind else "azure-native:apimanagement:"
    urn = f"urn:pulumi:iris.dev::model::model-gateway:model:VersionedApi${module}{kind}::{name}"
    return ResourceChange(urn=urn, action=action, before=before, after=after)


def replaced(made: ResourceChange, *forces: str) -> ResourceChange:
    return made.model_copy(update={"action": Action.REPLACE, "forces": forces})


def stack(*changes: ResourceChange, **fields: object) -> StackRecord:
    """Return the record of the model `iris` in `dev`, or of what the fields say."""
    usual = {"project": "model", "name": "iris.dev", "outcome": Outcome.DONE, "unchanged": 3}
    return StackRecord.model_validate({**usual, **fields, "changes": changes})


def record(
    *stacks: StackRecord, environment: str = "dev", operation: Operation = Operation.PREVIEW
) -> DeliveryRecord:
    return DeliveryRecord(environment=environment, operation=operation, stacks=stacks)


def told(kind: str, before: Inputs | None, after: Inputs | None, name: str = "iris-v1-thing") -> list[str]:
    """Return what is told of one change, each as `Topic | where: about: what`, with its excerpt below."""
    made = change(kind, before, after, name)
    sentences = []
    for each in told_of(in_environment(stack(made), "dev")):
        words = ": ".join(part for part in (plain(each.where), plain(each.about), plain(each.what)) if part)
        sentences.append(f"{each.topic} | {words}" + (f"\n{each.excerpt}" if each.excerpt else ""))
    return sentences


def policy(inbound: str = "", outbound: str = "<base />") -> Inputs:
    """Return the inputs of a policy with these statements."""
    value = f"<policies><inbound>{inbound}</inbound><outbound>{outbound}</outbound></policies>"
    return {"apiId": "iris-v1", "format": "rawxml", "value": value}


def in_environment(record_: StackRecord, environment: str) -> Stack:
    return Stack(environment, record_, tuple(hidden(each) for each in record_.changes))
