"""Takes into a stack's state what its own update had made in Azure when it was cut off.

The engine writes its checkpoint after Azure has answered. An update that ends between the two leaves a resource that
the state does not know, and azure-native refuses to create what exists. What that update had set out to create, and
nothing else, is imported (docs/adr/0008-interrupted-updates.md): it is read, and the next attempt changes what differs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from pydantic import BaseModel, JsonValue

from delivery.stacks import StackId
from delivery.workspace import Workspace

_CREATING = "creating"


class Creation(BaseModel):
    """A resource that an update set out to create: what an import has to say of it."""

    urn: str
    type: str
    parent: str = ""
    provider: str = ""

    @property
    def name(self) -> str:
        """Return the resource's name in its program, the last part of its URN."""
        return self.urn.split("::", maxsplit=3)[3]

    @property
    def provider_urn(self) -> str:
        """Return the URN of the provider; a reference to it ends with its id, which an import finds by itself."""
        return self.provider.rpartition("::")[0]


class _Operation(BaseModel):
    type: str
    resource: Creation


class _Known(BaseModel):
    urn: str


class _Deployment(BaseModel):
    pending_operations: tuple[_Operation, ...] | None = None
    resources: tuple[_Known, ...] | None = None


Found = tuple[tuple[Creation, str], ...]
"""Resources that are there already, each with its ARM id."""


@dataclass(frozen=True)
class Unfinished:
    """What an update that was killed had set out to create, by URN."""

    creations: Mapping[str, Creation]
    known: frozenset[str]
    """Those of them that the state has all the same: a later update has made or imported them."""

    @property
    def lost(self) -> tuple[Creation, ...]:
        """Return those of which nobody knows whether they are there."""
        return tuple(creation for urn, creation in self.creations.items() if urn not in self.known)


def unfinished(deployment: Mapping[str, JsonValue]) -> Unfinished:
    """Read what was being created when an update was killed out of a stack's exported deployment."""
    read = _Deployment.model_validate(deployment)
    found = {
        each.resource.urn: each.resource for each in read.pending_operations or () if each.type == _CREATING
    }
    return Unfinished(found, frozenset(found) & {resource.urn for resource in read.resources or ()})


def adopt(workspace: Workspace, stack: StackId, found: Found, report: Callable[[str], None]) -> None:
    """Import resources into the stack's state, each with its ARM id; `report` takes a line for each.

    Raises CommandError when the engine refuses.
    """
    names: dict[str, str] = {}
    resources: list[JsonValue] = []
    for creation, arm_id in found:
        resource: dict[str, JsonValue] = {"type": creation.type, "name": creation.name, "id": arm_id}
        if creation.parent:
            resource["parent"] = _named(creation.parent, names)
        if creation.provider:
            resource["provider"] = _named(creation.provider_urn, names)
        resources.append(resource)
        report(f"taking over {creation.name}, which an update that was cut off had made: {arm_id}")
    workspace.import_resources(stack.name, {"nameTable": {**names}, "resources": resources})


def _named(urn: str, names: dict[str, str]) -> str:
    """Return the name by which an import calls a URN; `names` is its table of them, which grows."""
    name = f"urn-{sha256(urn.encode()).hexdigest()[:12]}"
    names[name] = urn
    return name


def command(stack: StackId, creation: Creation, arm_id: str) -> str:
    """Return the command that does the same by hand, in the folder of the stack's project."""
    return " ".join(
        (
            f"pulumi import '{creation.type}' '{creation.name}' '{arm_id}' -s {stack.name}",
            *([f"--parent 'parent={creation.parent}'"] if creation.parent else []),
            *([f"--provider 'provider={creation.provider_urn}'"] if creation.provider else []),
            "--generate-code=false --protect=false --yes",
        )
    )


def to_find_out(stack: StackId, lost: Iterable[Creation]) -> str:
    """Return what a person does about creations that an update does not repeat, as the program changed."""
    return f"An update of {stack} was cut off while it created {_names(lost)}, {_see(stack)}"


def before_destroying(stack: StackId, lost: Iterable[Creation]) -> str:
    """Return why a stack is not destroyed, and what comes first."""
    return (
        f"An update of {stack} was cut off while it created {_names(lost)}, which a destruction would leave behind in "
        "Azure, if it is there. `./dev up` of the stack takes it over; then destroy. If it cannot be deployed any "
        f"more, {_see(stack)}"
    )


def _names(creations: Iterable[Creation]) -> str:
    return ", ".join(creation.name for creation in creations)


def _see(stack: StackId) -> str:
    return (
        "see whether it is in Azure, delete it there, and let the state forget it: "
        f"`pulumi refresh --clear-pending-creates --yes -s {stack.name}` in stacks/{stack.project}."
    )
