"""From the dialects of JSON Schema to the subset that OpenAPI 3.0 has, which API Management holds.

The subset is JSON Schema draft 4 with `nullable`, without much of what came later. What it can say in another way is
said so, exactly. What it cannot say makes the schema wider and is told as a gap; a schema never gets narrower, so
that no body is refused which the source allows.
"""

from shared.contracts.dialect.dialects import Dialect
from shared.contracts.dialect.documents import Documents, Node
from shared.contracts.dialect.translation import Direction, Translation, Wanted, translate

__all__ = ["Dialect", "Direction", "Documents", "Node", "Translation", "Wanted", "translate"]
