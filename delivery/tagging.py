"""Writes on a stack what is deployed: the tags that the next delivery compares with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from delivery import engine
from delivery.tags import FOLDER, HELD, INPUTS, PREVIOUS, REVISION, UNDER_WAY


@dataclass(frozen=True)
class Tags:
    """What to write on one stack."""

    values: Mapping[str, str]
    """By name, once the update has succeeded, in this order."""
    takes_back_inputs: bool = False
    """Whether the stack says that something is deployed, which is not so any more once the update begins."""
    removed: tuple[str, ...] = ()
    """Tags that hold no longer, once the update has succeeded."""
    first: Mapping[str, str] = field(default_factory=dict)
    """By name, before the update begins: what is so however it ends."""
    removed_first: tuple[str, ...] = ()
    """Tags that hold no longer, however the update ends."""


def after_update(deployed: Mapping[str, str], inputs: str, revision: str, folder: str | None = None) -> Tags:
    """Return what to write on a stack that has the tags `deployed`, and is updated to `inputs` of `revision`.

    `folder` is the digest of a model's folder. What was deployed before it changed is where a rollback goes: code that
    all models share changes often, and going back to before that would bring the same folder.
    """
    values = {REVISION: revision}
    if folder is not None:
        values[FOLDER] = folder
        if REVISION in deployed and deployed.get(FOLDER) not in {None, folder}:
            values[PREVIOUS] = deployed[REVISION]
    written = {name: value for name, value in values.items() if deployed.get(name) != value}
    written[INPUTS] = inputs  # the last one: it says that the others are there
    return Tags(
        values=written,
        takes_back_inputs=deployed.get(INPUTS) not in {None, UNDER_WAY},
        # Whoever deploys has ended the hold: an update that fails is not left alone as a rollback is.
        removed_first=(HELD,) if HELD in deployed else (),
    )


def while_destroyed(deployed: Mapping[str, str]) -> Tags:
    """Return what to write on a stack that has the tags `deployed`, and is destroyed: with it, its tags go.

    One that stays, as its destruction failed, has lost some of what it says is deployed.
    """
    return Tags({}, takes_back_inputs=deployed.get(INPUTS) not in {None, UNDER_WAY})


@contextmanager
def tagged(target: engine.Target, tags: Tags) -> Iterator[None]:
    """Write the tags after the body, when it succeeds.

    Before it, `inputs` is taken back: an update that ends in its middle leaves neither the old nor the new, and a
    change that is reverted then must not be taken for deployed; nor what was to be deployed once more.
    """
    for name in tags.removed_first:
        engine.remove_tag(target, name)
    for name, value in tags.first.items():
        engine.set_tag(target, name, value)
    if tags.takes_back_inputs:
        engine.set_tag(target, INPUTS, UNDER_WAY)
    yield
    for name in tags.removed:
        engine.remove_tag(target, name)
    for name, value in tags.values.items():
        engine.set_tag(target, name, value)
