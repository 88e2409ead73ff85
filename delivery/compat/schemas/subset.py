"""Whether a schema takes all that another one takes; and if not, what it refuses.

The answer is on the safe side: where nothing is told, every value that fits the first schema fits the second, but for
one convention: a property that neither the first schema nor an alternative beside it names is not sent, unless the
schema says what such properties are. Without it no field could ever be added, as any name might have been sent before.

Where it cannot be told (two patterns, say), something is told as refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from jsonschema import Draft4Validator
from pydantic import JsonValue

from delivery.compat.rules import Rule
from delivery.compat.schemas.absences import denied
from delivery.compat.schemas.atoms import FINITE, NUMBERS, Atom, spoken, type_of
from delivery.compat.schemas.disjoint import are_disjoint
from delivery.compat.schemas.normal import (
    Choice,
    Components,
    Normal,
    Schema,
    Span,
    both,
    names_of,
    normal,
    reference_of,
    target,
    text,
)
from delivery.compat.schemas.refusals import OTHERS, Alternative, Refusal, Spot, is_taken
from delivery.compat.schemas.scalars import (
    FIELDS,
    ITEMS,
    format_refusals,
    number_refusals,
    span_refusals,
    text_refusals,
)
from delivery.compat.schemas.unchanged import referred, unchanged
from delivery.report.words import Quoted, Words, listed, say
from shared.contracts.contract import Contract
from shared.contracts.validation import as_draft4

_MOST_STEPS = 4_000
"""Pairs of schemas that are compared before it is given up: alternatives in alternatives multiply."""
_DEEPEST = 60
"""Levels of schemas in each other; more are made by one that leads to itself without a property or item between."""
_SHOWN_VALUES = 8
_JUDGED = "Judged"


def refusals(
    sub: Schema, sup: Schema, components: tuple[Components, Components], *, is_by_name: bool = False
) -> tuple[Refusal, ...]:
    """Return what the schema `sup` refuses of what `sub` takes; `components` are those of each.

    With `is_by_name`, what follows an alternative has to fit the one of the same name, where there is one: that another
    one takes it too is no help to who knows the name.
    """
    found = Comparison(*components, is_by_name=is_by_name).refused(sub, sup, Spot())
    return tuple({(refusal.path, refusal.what): refusal for refusal in found}.values())


@dataclass
class Comparison:
    """A comparison of two contracts' schemas that is under way."""

    one: Components
    other: Components
    is_anything_sent: bool = False
    """Whether also properties are sent that no schema names."""
    is_by_name: bool = False
    """Whether what follows an alternative has to fit the one of the same name, where there is one."""
    steps: int = 0

    @cached_property
    def same(self) -> frozenset[str]:
        """Return the named schemas that mean the same in both: they need not be compared."""
        return unchanged(self.one, self.other)

    def refused(self, sub: Schema, sup: Schema, at: Spot) -> list[Refusal]:
        """Return what `sup` refuses of `sub`."""
        pair = f"{text(target(sub, self.one))}\n{text(target(sup, self.other))}"
        if sup is True or pair in at.assumed or self._is_same(sub, sup):
            return []
        return self._against(normal(sub, self.one), sup, at.within(pair))

    def _is_same(self, sub: Schema, sup: Schema) -> bool:
        return text(sub) == text(sup) and self.same.issuperset(referred(sub))

    def _against(self, one: Normal, sup: Schema, at: Spot) -> list[Refusal]:
        self.steps += 1
        if self.steps > _MOST_STEPS or at.depth > _DEEPEST:
            what = say("values that cannot be told: the schemas are too entangled to be compared")
            return [Refusal(at.path, Rule.TOO_LARGE, what)]
        if one.choices:
            return self._each_alternative(one, sup, at)
        if one.values is not None or one.types <= FINITE:
            return list(self._values(one, sup, at.path))
        other = normal(sup, self.other)
        return list(self._constraints(one, other, at.deeper(names_of(other, self.other))))

    def _each_alternative(self, one: Normal, sup: Schema, at: Spot) -> list[Refusal]:
        """Return what is refused of any alternative of the first choice."""
        choice, *others = one.choices
        rest = replace(one, choices=tuple(others))
        branches = [both(rest, normal(schema, self.one)) for schema in choice.schemas]
        named = frozenset(name for branch in branches for name in branch.properties)
        found: list[Refusal] = []
        for place, (schema, branch) in enumerate(zip(choice.schemas, branches, strict=True)):
            here = at.follows(Alternative(reference_of(schema), place, len(branches)))
            found += self._against(
                replace(_apart(branch, choice, place), beside=named | one.beside), sup, here
            )
        return found

    def _values(self, one: Normal, sup: Schema, path: str) -> Iterator[Refusal]:
        """Yield the values that are refused, where there are so few that each can be tried."""
        judge = Draft4Validator(as_draft4(_JUDGED, Contract((), {**self.other, _JUDGED: sup})))
        possible: Sequence[JsonValue] = (None, False, True) if one.values is None else one.values
        taken = [value for value in possible if type_of(value) in one.types]
        refused = [value for value in taken if not judge.is_valid(value)]
        if refused:
            rule = Rule.NULL if refused == [None] else Rule.VALUES
            yield Refusal(path, rule, _spoken(refused), refused)

    def _constraints(self, one: Normal, other: Normal, at: Spot) -> Iterator[Refusal]:
        missing = one.types - other.types
        if missing:
            rule = Rule.NULL if missing == {Atom.NULL} else Rule.TYPE
            given, allowed = (sorted(types) for types in (one.types, other.types))
            yield Refusal(at.path, rule, say(spoken(missing)), [*given], [*allowed])
        left = replace(one, types=one.types & other.types)
        if not left.types or (missing and one == Normal()):
            return
        if other.values is not None:
            what = say("values other than ", _spoken(other.values))
            yield Refusal(at.path, Rule.VALUES, what, None, list(other.values))
            return
        yield from self._by_type(left, other, at)
        for choice in other.choices:
            yield from self._one_of(left, choice, at)
        for schema in other.forbidden:
            if not self._is_apart(left, schema):
                yield Refusal(at.path, Rule.FORBIDDEN, denied(schema), None, schema)

    def _by_type(self, one: Normal, other: Normal, at: Spot) -> Iterator[Refusal]:
        yield from format_refusals(at.path, one, other)
        if one.types & NUMBERS:
            yield from number_refusals(at.path, one, other)
        if Atom.STRING in one.types:
            yield from text_refusals(at.path, one, other)
        if Atom.ARRAY in one.types:
            yield from self._lists(one, other, at)
        if Atom.OBJECT in one.types:
            yield from self._maps(one, other, at)

    def _lists(self, one: Normal, other: Normal, at: Spot) -> Iterator[Refusal]:
        yield from span_refusals(at.path, one.count, other.count, ITEMS)
        most = one.count.most
        if other.is_unique and not one.is_unique and (most is None or most > 1):
            yield Refusal(at.path, Rule.UNIQUE_ITEMS, say("lists that hold an item twice"))
        if most != 0:
            yield from self.refused(one.items, other.items, at.items())

    def _maps(self, one: Normal, other: Normal, at: Spot) -> Iterator[Refusal]:
        yield from span_refusals(at.path, _size(one), other.size, FIELDS)
        for name in sorted(other.required - one.required):
            yield Refusal(at.below(name).path, Rule.REQUIRED, say("maps without it"))
        for name in sorted(one.properties.keys() | other.properties.keys()):
            yield from self._property(one, other, name, at)
        if one.others is False:
            return
        if other.others is False:
            yield Refusal(at.path, Rule.OTHER_FIELDS, say("fields that it does not name"))
        else:
            yield from self.refused(one.others, other.others, at.below(OTHERS))

    def _property(self, one: Normal, other: Normal, name: str, at: Spot) -> Iterator[Refusal]:
        is_named = name in one.properties
        is_sent = is_named or name in one.beside or self.is_anything_sent or not one.is_open
        if not is_sent or one.of(name) is False:
            return
        is_refused, here = other.of(name) is False, at.below(name)
        if is_refused or (is_named and name not in at.known):
            yield Refusal(here.path, Rule.FIELD, say("it"), one.of(name), is_strict=is_refused)
        if not is_refused:
            yield from self.refused(one.of(name), other.of(name), here)

    def _one_of(self, one: Normal, choice: Choice, at: Spot) -> Iterator[Refusal]:
        """Yield what fits no alternative, or of a `oneOf` perhaps several."""
        attempts = [self._against(one, schema, at) for schema in choice.schemas]
        namesake = self._namesake(choice, at.origin)
        fitting = [
            place for place, attempt in enumerate(attempts) if is_taken(attempt) and namesake in {None, place}
        ]
        if not fitting:
            yield from self._misfits(one, choice, attempts, at)
            return
        alone = [place for place in fitting if not choice.is_exclusive or self._is_alone(one, choice, place)]
        if alone:
            yield from min((attempts[place] for place in alone), key=len)
        else:
            what = say("values that may fit several alternatives of a `oneOf`; which ones cannot be told")
            yield Refusal(at.path, Rule.ONE_ALTERNATIVE, what)

    def _namesake(self, choice: Choice, origin: Alternative | None) -> int | None:
        """Return the alternative of the same name, where it has to be the one that fits; None where any may."""
        names = [reference_of(schema) for schema in choice.schemas]
        if not self.is_by_name or origin is None or origin.name not in names or origin.name is None:
            return None
        return names.index(origin.name)

    def _misfits(
        self, one: Normal, choice: Choice, attempts: Sequence[list[Refusal]], at: Spot
    ) -> Iterator[Refusal]:
        """Yield what keeps values out of every alternative: type by type, as seen from the likeliest alternative."""
        if len(one.types) > 1:
            for atom in (each for each in Atom if each in one.types):
                yield from self._one_of(replace(one, types=frozenset({atom})), choice, at)
            return
        likely = [
            (*_unlikeness(choice, place, at.origin), len(attempts[place]), place)
            for place, schema in enumerate(choice.schemas)
            if normal(schema, self.other).types & one.types
        ]
        if likely:
            yield from attempts[min(likely)[-1]]
        else:
            yield Refusal(at.path, Rule.TYPE, say(spoken(one.types)), [*one.types])

    def _is_alone(self, one: Normal, choice: Choice, place: int) -> bool:
        """Tell whether what fits one alternative fits no other."""
        others = (schema for other, schema in enumerate(choice.schemas) if other != place)
        return all(self._is_apart(one, schema) for schema in others)

    def _is_apart(self, one: Normal, schema: Schema) -> bool:
        """Tell whether nothing that fits `one` fits a schema of the other contract, as far as that is certain."""
        if any(self._is_same(each, schema) for each in one.forbidden):
            return True  # without a step: each of many columns is forbidden to be absent
        if are_disjoint(one, normal(schema, self.other), (self.one, self.other)):
            return True
        back = Comparison(self.other, self.one, is_anything_sent=True, steps=self.steps)
        is_forbidden = any(is_taken(back.refused(schema, each, Spot())) for each in one.forbidden)
        self.steps = back.steps
        return is_forbidden or self._has_an_item_that_is_apart(one, schema)

    def _has_an_item_that_is_apart(self, one: Normal, schema: Schema) -> bool:
        """Tell whether lists that fit `one` have an item, and each of their items fits what no item may fit."""
        if one.types != {Atom.ARRAY} or not one.count.least:
            return False
        items = normal(normal(schema, self.other).items, self.other)
        forth = Comparison(self.one, self.other, is_anything_sent=True, steps=self.steps)
        found = any(is_taken(forth.refused(one.items, each, Spot())) for each in items.forbidden)
        self.steps = forth.steps
        return found


def _unlikeness(choice: Choice, place: int, origin: Alternative | None) -> tuple[bool, bool]:
    """Return whether an alternative differs by its name, and by its place among as many, from the one that it was."""
    if origin is None:
        return True, True
    is_named = origin.name is not None and reference_of(choice.schemas[place]) == origin.name
    return not is_named, len(choice.schemas) != origin.of or place != origin.place


def _apart(branch: Normal, choice: Choice, place: int) -> Normal:
    """Return an alternative of a choice; of an exclusive one, what fits it fits no other."""
    if not choice.is_exclusive:
        return branch
    others = (schema for other, schema in enumerate(choice.schemas) if other != place)
    return replace(branch, forbidden=(*branch.forbidden, *others))


def _spoken(values: Sequence[JsonValue]) -> Words:
    """Return some values as a phrase."""
    names = [
        "null" if value is None else Quoted(value if isinstance(value, str) else text(value))
        for value in values
    ]
    more = [f"{len(names) - _SHOWN_VALUES} more"] if len(names) > _SHOWN_VALUES else []
    return listed([*names[:_SHOWN_VALUES], *more])


def _size(one: Normal) -> Span:
    """Return how many properties there may be, as far as their names tell it."""
    return one.size.within(Span(len(one.required), len(one.properties) if one.others is False else None))
