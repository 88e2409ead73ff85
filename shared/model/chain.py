"""One write to an API at a time.

API Management answers 409 (PessimisticConcurrencyConflict) when an API and its children are written at once,
so each resource waits for the one before it.
"""

import pulumi


class Chain:
    """The order in which the resources of one API are written."""

    def __init__(self, parent: pulumi.Resource, after: pulumi.Resource) -> None:
        """Begin a chain of children of ``parent``, the first of which waits for ``after``."""
        self._parent = parent
        self._last = after

    def next(self) -> pulumi.ResourceOptions:
        """Return the options of the next resource: a child of the parent, after the one before it."""
        return pulumi.ResourceOptions(parent=self._parent, depends_on=[self._last])

    def add(self, resource: pulumi.Resource) -> None:
        """Let the next resource wait for this one."""
        self._last = resource
