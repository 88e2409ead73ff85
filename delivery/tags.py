"""What is written on the stacks of an environment, read from a copy of its backend.

A backend in files or blobs keeps a stack as `.pulumi/stacks/<project>/<stack>.json`, or `.json.gz`, and its tags beside
it, as `<stack>.pulumi-tags`. Who deploys a stack writes its tags afterwards, by `pulumi stack tag set`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from delivery import checkpoint
from delivery.errors import DeliveryError
from delivery.stacks import StackId
from shared.projects import FOUNDATION, MODEL, PLATFORM

REVISION = "revision"
"""The commit whose model, settings and code are deployed; `UNCOMMITTED` on a laptop."""
PREVIOUS = "previous-revision"
"""Of a model: the commit that was deployed before its folder last changed, which is where a rollback goes."""
INPUTS = "inputs"
"""`delivery.planning.inputs.Inputs.digest` of what is deployed. Missing or another: the stack is to be deployed."""
FOLDER = "folder"
"""Of a model: `delivery.planning.inputs.own_digest` of the folder that is deployed."""
HELD = "held"
"""Set by a rollback: `own_digest`, as above, of the folder that is not to be deployed again until it differs."""

UNDER_WAY = "under way"
"""In the place of `inputs` while an update runs, and afterwards when it failed."""
UNCOMMITTED = "uncommitted"
"""The revision of a tree that differs from its commit: only the environment `local` is deployed from one."""

_CHECKPOINT = re.compile(r"(?P<stack>.+)\.json(\.gz)?")


@dataclass(frozen=True)
class Deployed:
    """One stack, as its backend knows it."""

    stack: StackId
    tags: Mapping[str, str]
    """By name; see above for those that deliveries write."""
    is_empty: bool = False
    """Whether it holds no resource: it was made or destroyed, and never deployed since."""
    is_damaged: bool = False
    """Whether its state cannot be read; whoever works on it gets the sentence that tells the way out."""

    @property
    def revision(self) -> str | None:
        """Return from which commit it was deployed; None when nothing tells it."""
        return self.tags.get(REVISION)


class _Tags(BaseModel):
    version: int
    tags: dict[str, str]


def deployed(folder: Path, damaged: Iterable[StackId] = ()) -> dict[StackId, Deployed]:
    """Return the stacks of this repository's projects in the copy of a backend at `folder`, by their names.

    `damaged` are stacks whose files could not be copied. Raises DeliveryError when the tags of one cannot be read.
    """
    found = {stack: Deployed(stack, {}, is_damaged=True) for stack in damaged}
    for project in (FOUNDATION, PLATFORM, MODEL):
        for file in sorted((folder / ".pulumi" / "stacks" / project).glob("*.json*")):
            name = _CHECKPOINT.fullmatch(file.name)
            if name and (stack := StackId(project, name["stack"])) not in found:
                found[stack] = _deployed(stack, file)
    return found


def _deployed(stack: StackId, file: Path) -> Deployed:
    tags = _tags(stack, file.with_name(f"{stack.name}.pulumi-tags"))
    try:
        return Deployed(stack, tags, is_empty=not checkpoint.resources(file.read_bytes()))
    except ValueError:
        return Deployed(stack, tags, is_damaged=True)


def _tags(stack: StackId, file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        return _Tags.model_validate_json(file.read_bytes()).tags
    except ValidationError as error:
        raise DeliveryError(
            f"The tags of {stack} are damaged: .pulumi/stacks/{stack}.pulumi-tags of its backend is not what "
            "`pulumi stack tag set` writes. Remove that file: the stack is deployed again, which changes only what "
            "differs, and writes it anew."
        ) from error
