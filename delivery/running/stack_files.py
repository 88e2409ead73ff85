"""The settings files of model stacks: rendered before use (docs/adr/0003-model-stack-files-are-rendered.md)."""

from pathlib import Path

from delivery.context import Context
from delivery.files import write_whole
from delivery.stacks import StackId
from shared import environments
from shared.projects import MODEL, split_model_stack


def render(context: Context, stack: StackId) -> None:
    """Write the settings file of a model's stack; the layers below have theirs in the repository."""
    if stack.project != MODEL:
        return
    model, environment = split_model_stack(stack.name)
    described = environments.load(environment, context.root)
    text = environments.render_model_stack(described, endpoint=context.endpoint(environment, model))
    write_whole(_file(context, stack), text)


def forget(context: Context, stack: StackId) -> None:
    """Remove the settings file of a model's stack that is gone."""
    if stack.project == MODEL:
        _file(context, stack).unlink(missing_ok=True)


def _file(context: Context, stack: StackId) -> Path:
    return stack.directory(context.root) / f"Pulumi.{stack.name}.yaml"
