"""How products are named, by the platform that has them and by the models that they offer."""

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

_PRODUCT_ID = re.compile(r"[a-z][a-z0-9-]{0,62}")
_ALLOWED = "1 to 63 lower-case letters, digits and hyphens, beginning with a letter"


def _product_id(value: str) -> str:
    if not _PRODUCT_ID.fullmatch(value):
        raise ValueError(f"a product is named with {_ALLOWED}. Rename it.")
    return value


ProductId = Annotated[
    str,
    AfterValidator(_product_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_PRODUCT_ID.pattern}$"}),
]
"""The identifier of a product; it fits into a path, and with an ending into the identifier of a link."""
