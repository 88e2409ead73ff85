"""The place where the statements of the broader scope run."""

from dataclasses import dataclass
from typing import ClassVar

from shared.policies.statement import Statement


@dataclass(frozen=True)
class Base(Statement):
    """`<base />`: run what the same section of the next broader scope holds.

    Without it the broader scopes do not run; at global scope it has no effect.
    Page: learn.microsoft.com/azure/api-management/api-management-howto-policies.
    """

    element: ClassVar[str] = "base"
