"""Whether no value fits both of two schemas, as far as that can be told."""

from delivery.compat.schemas.atoms import NUMBERS, Atom
from delivery.compat.schemas.normal import Bound, Components, Normal, normal, text

_DEPTH = 4
"""Levels of properties that are looked into: what tells alternatives apart stands near the top."""


def are_disjoint(
    one: Normal, other: Normal, components: tuple[Components, Components], depth: int = _DEPTH
) -> bool:
    """Tell whether it is certain that no value fits both; `components` are those of each."""
    common = one.types & other.types
    if not common or _values_differ(one, other):
        return True
    if common <= NUMBERS:
        return _is_above(one.lower, other.upper) or _is_above(other.lower, one.upper)
    if common != {Atom.OBJECT} or depth == 0:
        return False
    return any(
        are_disjoint(
            normal(one.of(name), components[0]), normal(other.of(name), components[1]), components, depth - 1
        )
        for name in one.required | other.required
    )


def _values_differ(one: Normal, other: Normal) -> bool:
    if one.values is None or other.values is None:
        return False
    return {text(value) for value in one.values}.isdisjoint(text(value) for value in other.values)


def _is_above(lower: Bound | None, upper: Bound | None) -> bool:
    if lower is None or upper is None:
        return False
    return lower.value > upper.value or (
        lower.value == upper.value and (lower.is_excluded or upper.is_excluded)
    )
