"""What a document or a policy fragment needs from its service, beside named values."""

from shared.policies.control_flow import IncludeFragment
from shared.policies.document import PolicyDocument
from shared.policies.routing import SetBackendService
from shared.policies.statement import Statement
from shared.policies.traversal import document_elements


def references(document: PolicyDocument | tuple[Statement, ...]) -> frozenset[str]:
    """Return the ids of the backends that a document, or the statements of a fragment, name.

    A backend that an expression chooses for each request is not among them, and one whose id comes from a
    named value appears as `{{name}}` until named values are substituted.
    """
    return frozenset(
        element.backend_id
        for element in document_elements(document)
        if isinstance(element, SetBackendService) and isinstance(element.backend_id, str)
    )


def included_fragments(document: PolicyDocument | tuple[Statement, ...]) -> frozenset[str]:
    """Return the ids of the policy fragments that a document includes; a fragment includes none."""
    return frozenset(
        element.fragment_id for element in document_elements(document) if isinstance(element, IncludeFragment)
    )
