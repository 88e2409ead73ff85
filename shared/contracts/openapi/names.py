"""Names of operations, as API Management takes them."""

import re
from collections.abc import Collection

from shared.azure.limits import LONGEST_IDENTIFIER


def operation_name(operation_id: str, method: str, path: str, taken: Collection[str]) -> str:
    """Return an identifier of letters, digits and hyphens that is not taken: the document's own, if it has one."""
    wanted = operation_id or f"{method} {path}"
    plain = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-")[:LONGEST_IDENTIFIER].rstrip("-") or method
    folded = {name.casefold() for name in taken}
    name, number = plain, 1
    while name.casefold() in folded:
        number += 1
        ending = f"-{number}"
        name = plain[: LONGEST_IDENTIFIER - len(ending)].rstrip("-") + ending
    return name
