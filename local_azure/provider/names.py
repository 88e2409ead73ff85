"""The name of a resource whose program gives none: the rules of azure-native's "Auto-naming" page."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from local_azure.metadata import ResourceType

_SUFFIX_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """What `pulumi:autonaming` in the stack's configuration asks for: prefer a name, take it, or none."""

    mode: Literal["propose", "enforce", "disable"]
    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and whether it is random: then the old resource can stay until its replacement exists."""

    name: str
    random: bool


def generate(
    resource: ResourceType, logical_name: str, seed: bytes, proposal: Proposal | None
) -> Name | None:
    """Return a name, the same for the same seed; None when names are required or auto-naming is disabled."""
    if resource.auto_name is None or (proposal is not None and proposal.mode == "disable"):
        return None
    if proposal is not None and (proposal.mode == "enforce" or resource.auto_name != "uuid"):
        return Name(proposal.name, random=True)
    digest = hashlib.sha256(seed).hexdigest()
    match resource.auto_name:
        case "random":
            return Name(logical_name + digest[:_SUFFIX_LENGTH], random=True)
        case "uuid":
            return Name(str(uuid.UUID(digest[:32])), random=True)
        case "copy":
            return Name(logical_name, random=False)
