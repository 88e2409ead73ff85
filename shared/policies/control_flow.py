"""Policy control and flow.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Policy control and flow).
"""

from dataclasses import dataclass
from typing import ClassVar

from shared.policies.statement import Statement


@dataclass(frozen=True)
class IncludeFragment(Statement):
    """`<include-fragment>`: run here what a policy fragment of the service holds.

    Page: learn.microsoft.com/azure/api-management/include-fragment-policy.
    """

    element: ClassVar[str] = "include-fragment"

    fragment_id: str
    """The name of the fragment; no policy expression can choose it."""
