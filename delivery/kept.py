"""The parts of a contract that stay, of APIs of which other parts change.

A schema that changes means something to consumers by the operations that use it, and these stay as they are.
"""

from collections.abc import Iterable, Iterator, Mapping

from pulumi.automation.events import OpType, StepEventMetadata
from pydantic import JsonValue, TypeAdapter

from delivery.records import UNKNOWN, KeptResource, ResourceChange

CONTRACT_TYPES = frozenset({f"azure-native:apimanagement:{kind}" for kind in ("ApiOperation", "ApiSchema")})
"""The resources that hold the contract of an API."""

_INPUTS: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


def kept(step: StepEventMetadata) -> KeptResource | None:
    """Return the part of a contract that a step leaves as it is; None where it does something else."""
    if step.op != OpType.SAME or step.type not in CONTRACT_TYPES or step.new is None:
        return None
    return KeptResource(urn=step.urn, inputs=_INPUTS.validate_python(step.new.inputs or {}))


def beside(changes: Iterable[ResourceChange], found: Iterable[KeptResource]) -> tuple[KeptResource, ...]:
    """Return those of APIs whose contracts change, by their URNs."""
    changing = {api for change in changes if change.type in CONTRACT_TYPES for api in _apis(change)}
    chosen = (each for each in found if each.inputs.get("apiId") in changing)
    return tuple(sorted(chosen, key=lambda each: each.urn))


def _apis(change: ResourceChange) -> Iterator[str]:
    sides: tuple[Mapping[str, JsonValue] | None, ...] = (change.before, change.after)
    for side in sides:
        api = (side or {}).get("apiId")
        if isinstance(api, str) and api != UNKNOWN:
            yield api
