"""What no other keyword has looked at."""

from collections.abc import Iterator

from shared.contracts.dialect import arrays, objects
from shared.contracts.dialect.scope import Piece, Scope


def unevaluated(scope: Scope) -> Iterator[Piece]:
    """Leave out `unevaluatedItems` and `unevaluatedProperties` where other keywords do not stand for them."""
    if not scope.dialect.has_ref_siblings:
        return
    for keyword, is_translated, noun in (
        ("unevaluatedItems", arrays.is_rest(scope), "items"),
        ("unevaluatedProperties", objects.is_rest(scope), "properties"),
    ):
        if scope.schema.get(keyword, True) is not True and not is_translated:
            scope.gap(keyword, f"Other {noun} than those that the schemas name are not refused.")
            yield Piece({}, exact=False)
