"""Numbers and texts: what the second of two schemas refuses of the first one's."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from delivery.compat.rules import Rule
from delivery.compat.schemas.atoms import NUMBERS, Atom
from delivery.compat.schemas.normal import Bound, Normal, Span
from delivery.compat.schemas.refusals import Refusal
from delivery.report.words import Quoted, counted, say

_IMPLIED = {"int64": "int32", "double": "float"}
"""By format: one that only holds values which it holds too (OpenAPI 3.0, "Data Types")."""


@dataclass(frozen=True)
class Measure:
    """What has a length."""

    wholes: str
    part: str
    fewest: Rule
    most: Rule


CHARACTERS = Measure("texts", "character", Rule.SHORTEST, Rule.LONGEST)
ITEMS = Measure("lists", "item", Rule.FEWEST_ITEMS, Rule.MOST_ITEMS)
FIELDS = Measure("maps", "field", Rule.FEWEST_FIELDS, Rule.MOST_FIELDS)


def number_refusals(path: str, one: Normal, other: Normal) -> Iterator[Refusal]:
    """Yield which numbers are refused."""
    is_whole = not one.types & {Atom.FRACTION}
    lower, upper = _lowest(one.lower, is_whole=is_whole), _highest(one.upper, is_whole=is_whole)
    if other.lower is not None and (lower is None or _rank(lower) < _rank(other.lower)):
        what = say(f"numbers {'up to' if other.lower.is_excluded else 'below'} {shown(other.lower.value)}")
        yield Refusal(path, Rule.MINIMUM, what, _value(one.lower), _value(other.lower))
    if other.upper is not None and (upper is None or _rank(upper, sign=-1) < _rank(other.upper, sign=-1)):
        what = say(f"numbers {'from' if other.upper.is_excluded else 'above'} {shown(other.upper.value)}")
        yield Refusal(path, Rule.MAXIMUM, what, _value(one.upper), _value(other.upper))
    known = one.multiples | ({Fraction(1)} if is_whole else frozenset())
    for multiple in sorted(other.multiples):
        if not any((each / multiple).denominator == 1 for each in known):
            what = say(f"numbers that are no multiple of {shown(multiple)}")
            yield Refusal(path, Rule.MULTIPLE, what, None, float(multiple))


def text_refusals(path: str, one: Normal, other: Normal) -> Iterator[Refusal]:
    """Yield which texts are refused. Whether a pattern takes what another one does cannot be told."""
    yield from span_refusals(path, one.length, other.length, CHARACTERS)
    for pattern in sorted(other.patterns - one.patterns):
        before = min(one.patterns, default=None)
        which = say("texts that do not match ", Quoted(pattern))
        if before is not None:
            which = say(which, " (what that leaves of ", Quoted(before), " cannot be told)")
        yield Refusal(path, Rule.PATTERN, which, before, pattern)


def format_refusals(path: str, one: Normal, other: Normal) -> Iterator[Refusal]:
    """Yield the formats that are demanded of numbers and texts and were not."""
    if not one.types & (NUMBERS | {Atom.STRING}):
        return
    for demanded in sorted(other.formats - one.formats):
        if _IMPLIED.get(demanded) not in one.formats:
            what = say("values that are no ", Quoted(demanded))
            yield Refusal(path, Rule.FORMAT, what, min(one.formats, default=None), demanded)


def span_refusals(path: str, one: Span, other: Span, measure: Measure) -> Iterator[Refusal]:
    """Yield what is too short or too long: `texts of more than 5 characters`."""
    if other.least > one.least:
        what = say(f"{measure.wholes} of fewer than {counted(other.least, measure.part)}")
        yield Refusal(path, measure.fewest, what, one.least, other.least)
    if other.most is not None and (one.most is None or one.most > other.most):
        what = say(f"{measure.wholes} of more than {counted(other.most, measure.part)}")
        yield Refusal(path, measure.most, what, one.most, other.most)


def shown(number: Fraction) -> str:
    """Return a number as people write it."""
    return str(number.numerator) if number.denominator == 1 else repr(float(number))


def _value(bound: Bound | None) -> float | None:
    return None if bound is None else float(bound.value)


def _rank(bound: Bound, sign: int = 1) -> tuple[Fraction, bool]:
    return sign * bound.value, bound.is_excluded


def _lowest(bound: Bound | None, *, is_whole: bool) -> Bound | None:
    """Return the smallest whole number that a bound leaves, as a bound."""
    if bound is None or not is_whole:
        return bound
    least = floor(bound.value) + 1 if bound.is_excluded else ceil(bound.value)
    return Bound(Fraction(least))


def _highest(bound: Bound | None, *, is_whole: bool) -> Bound | None:
    if bound is None or not is_whole:
        return bound
    most = ceil(bound.value) - 1 if bound.is_excluded else floor(bound.value)
    return Bound(Fraction(most))
