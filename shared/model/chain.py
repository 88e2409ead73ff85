"""One write to the APIs of a model at a time.

API Management answers 409 (PessimisticConcurrencyConflict) when an API and its children are written at once, or
two links of a product, so each resource waits for the one before it, from version to version.
"""

from collections.abc import Sequence

import pulumi


class Chain:
    """The order in which the resources of one version are written."""

    def __init__(self, parent: pulumi.Resource, after: Sequence[pulumi.Resource]) -> None:
        """Begin a chain of children of ``parent``, the first of which waits for ``after``."""
        self._parent = parent
        self._last = after

    def next(self) -> pulumi.ResourceOptions:
        """Return the options of the next resource: a child of the parent, after the one before it."""
        return pulumi.ResourceOptions(parent=self._parent, depends_on=list(self._last))

    @property
    def last(self) -> pulumi.Resource:
        """Return the resource that was added last."""
        return self._last[-1]

    def add(self, resource: pulumi.Resource) -> None:
        """Let the next resource wait for this one."""
        self._last = (resource,)
