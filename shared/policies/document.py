"""A policy document: four sections of statements."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.azure.policy_statements import Section
from shared.policies.statement import Statement


@dataclass(frozen=True)
class PolicyDocument:
    """What is attached to one scope; sections run in the order of the fields.

    A section that is None is absent from the XML; an empty tuple is an empty section, which runs nothing and
    inherits nothing. Page: learn.microsoft.com/azure/api-management/api-management-howto-policies.
    """

    inbound: tuple[Statement, ...] | None = None
    """Runs on the request."""

    backend: tuple[Statement, ...] | None = None
    """Sends the request to the backend; holds one statement at most."""

    outbound: tuple[Statement, ...] | None = None
    """Runs on the response."""

    on_error: tuple[Statement, ...] | None = None
    """Runs when a statement of another section fails."""

    def sections(self) -> Iterator[tuple[Section, tuple[Statement, ...]]]:
        """Yield the sections that are present, in order."""
        present = (self.inbound, self.backend, self.outbound, self.on_error)
        for section, statements in zip(Section, present, strict=True):
            if statements is not None:
                yield section, statements
