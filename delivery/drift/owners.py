"""Who should look at a stack that has drifted."""

from pathlib import Path

from delivery import layer_settings
from delivery.planning.inputs import environment_of
from delivery.stacks import StackId
from shared.documents import DocumentError
from shared.model import description
from shared.projects import MODEL, split_model_stack


def owner(stack: StackId, root: Path) -> str:
    """Return the e-mail address of the team that owns a stack; empty where the tree at `root` does not say.

    A model's is in its description, a layer's is the setting `owner` of its stack file.
    """
    if stack.project == MODEL:
        return _of_model(stack, root)
    try:
        found = layer_settings.written(stack, "owner", root)
    except DocumentError:
        return ""
    return found if isinstance(found, str) else ""


def _of_model(stack: StackId, root: Path) -> str:
    model, _ = split_model_stack(stack.name)
    try:
        return description.load(model, environment_of(stack), root=root).owner
    except DocumentError:
        return ""
