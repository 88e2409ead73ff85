"""What every element of a policy document has in common.

A statement is a frozen dataclass whose fields are the attributes and children of its element, under the names
of the reference in snake_case. The annotation of a field says how it is written (see `schema`), so a
statement needs no rendering or parsing code of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shared.azure.policy_statements import POLICY_STATEMENTS, StatementFacts


@dataclass(frozen=True)
class Element:
    """An element inside a policy document, for example `<content>` in `<validate-content>`."""

    element: ClassVar[str]
    """The name of the element in XML."""

    refused: ClassVar[Mapping[str, str]] = {}
    """Documented attributes and children that are not supported here, each with what to do instead."""

    line: int | None = field(default=None, kw_only=True, compare=False, repr=False)
    """Where the element was parsed, counted from 1; None when it was built in Python. Not compared."""

    def problems(self) -> Iterable[str]:
        """Name, as sentences, what the reference forbids of these values wherever the element stands."""
        return ()


@dataclass(frozen=True)
class Statement(Element):
    """An element that may stand in a section of a policy document."""

    @classmethod
    def facts(cls) -> StatementFacts:
        """Where the statement may stand."""
        return POLICY_STATEMENTS[cls.element]
