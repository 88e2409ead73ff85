"""How long a backtracking engine may take for a pattern.

The positions of a pattern are its characters, with repetitions written out. Where no two positions that may come next
share a character, an engine never has to go back ("one-unambiguous", Brüggemann-Klein and Wood, 1998).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from math import inf, prod

from shared.contracts.dialect.pattern_syntax import Branch, Characters, Choice, Part, Ranges, Repeat, Sequence

_MOST_WAYS = 256
"""Ways through a pattern without endless repetitions that an engine may have to try at each character."""
_MOST_POSITIONS = 400
"""Characters of a pattern with its repetitions written out; one that takes more is taken to have no end."""


def is_linear(branches: tuple[Branch, ...]) -> bool:
    """Return whether a text costs about as many steps as it has characters."""
    return len(branches) <= _MOST_WAYS and all(map(_is_linear, branches))


def _is_linear(branch: Branch) -> bool:
    if _longest(branch.part) <= _MOST_POSITIONS:
        return _ways(branch.part) <= _MOST_WAYS or _is_unambiguous(branch.part)
    if not branch.from_start and not _finds_at_once(branch):
        return False  # it is tried again from each character on
    return _is_unambiguous(branch.part)


def _finds_at_once(branch: Branch) -> bool:
    """Return whether only the last part has no end, so that its first character is enough."""
    *before, last = branch.part.parts
    is_run = isinstance(last, Repeat) and isinstance(last.part, Characters) and last.least <= 1
    return is_run and not branch.to_end and sum(map(_longest, before)) <= _MOST_POSITIONS


def _longest(part: Part) -> float:
    """Return how many characters a part takes at most."""
    match part:
        case Characters():
            return 1
        case Sequence():
            return sum(map(_longest, part.parts))
        case Choice():
            return max(map(_longest, part.parts))
        case Repeat():
            return (inf if part.most is None else part.most) * max(_longest(part.part), 1)


def _ways(part: Part) -> int:
    """Return how many ways lead through a part that has an end; one more than the limit stands for all beyond."""
    match part:
        case Characters():
            return 1
        case Sequence():
            return min(prod(map(_ways, part.parts)), _MOST_WAYS + 1)
        case Choice():
            return min(sum(map(_ways, part.parts)), _MOST_WAYS + 1)
        case Repeat():
            once, total = _ways(part.part), 0
            for times in range(part.least, (part.most or 0) + 1):
                total += once**times
                if total > _MOST_WAYS:
                    break
            return min(total, _MOST_WAYS + 1)


@dataclass(frozen=True)
class _Automaton:
    """What can begin and end a part, and what can follow what."""

    first: frozenset[int]
    last: frozenset[int]
    may_be_empty: bool


def _is_unambiguous(part: Part) -> bool:
    builder = _Builder(writes_out=_positions(part) <= _MOST_POSITIONS)
    whole = builder.build(part)
    choices = [whole.first, *builder.follow.values()]
    return all(builder.are_apart(choice) for choice in choices)


def _positions(part: Part) -> int:
    match part:
        case Characters():
            return 1
        case Sequence() | Choice():
            return sum(map(_positions, part.parts))
        case Repeat():
            return _positions(part.part) * max(part.least, part.most or part.least, 1)


class _Builder:
    """Makes an automaton of a pattern, after Glushkov."""

    def __init__(self, *, writes_out: bool) -> None:
        self._writes_out = writes_out
        self._ranges: list[Ranges] = []
        self.follow: dict[int, set[int]] = {}
        self._is_ambiguous = False

    def build(self, part: Part) -> _Automaton:
        match part:
            case Characters():
                self._ranges.append(part.ranges)
                position = len(self._ranges) - 1
                self.follow[position] = set()
                return _Automaton(frozenset({position}), frozenset({position}), may_be_empty=False)
            case Sequence():
                return self._joined([self.build(inner) for inner in part.parts])
            case Choice():
                return self._chosen([self.build(inner) for inner in part.parts])
            case Repeat():
                return self._repeated(part)

    def are_apart(self, positions: AbstractSet[int]) -> bool:
        """Return whether no character fits two of these positions."""
        if self._is_ambiguous:
            return False
        ranges = sorted(span for position in positions for span in _united(self._ranges[position]))
        return all(before[1] < after[0] for before, after in pairwise(ranges))

    def _joined(self, parts: list[_Automaton]) -> _Automaton:
        whole = _Automaton(frozenset(), frozenset(), may_be_empty=True)
        for part in parts:
            for position in whole.last:
                self.follow[position] |= part.first
            whole = _Automaton(
                whole.first | part.first if whole.may_be_empty else whole.first,
                whole.last | part.last if part.may_be_empty else part.last,
                whole.may_be_empty and part.may_be_empty,
            )
        return whole

    def _chosen(self, parts: list[_Automaton]) -> _Automaton:
        self._is_ambiguous |= sum(part.may_be_empty for part in parts) > 1
        return _Automaton(
            frozenset().union(*(part.first for part in parts)),
            frozenset().union(*(part.last for part in parts)),
            any(part.may_be_empty for part in parts),
        )

    def _repeated(self, part: Repeat) -> _Automaton:
        if self._writes_out and part.most is not None:
            return self._written_out(part, part.most)
        if self._writes_out and part.least > 1:
            endless = Repeat(part.part, 1, None)
            return self._joined(
                [*(self.build(part.part) for _ in range(part.least - 1)), self.build(endless)]
            )
        once = self.build(part.part)
        # A part that may be empty can be repeated in no characters at all, in endlessly many ways.
        self._is_ambiguous |= once.may_be_empty
        for position in once.last:
            # In `(a+)+` an `a` goes on as the next of the same group, or as the first of the next group.
            self._is_ambiguous |= not self.follow[position].isdisjoint(once.first)
            self.follow[position] |= once.first
        return _Automaton(once.first, once.last, once.may_be_empty or part.least == 0)

    def _written_out(self, part: Repeat, most: int) -> _Automaton:
        """Return `xx(x(x)?)?` for `x{2,4}`."""
        optional = _Automaton(frozenset(), frozenset(), may_be_empty=True)
        for _ in range(most - part.least):
            joined = self._joined([self.build(part.part), optional])
            optional = _Automaton(joined.first, joined.last, may_be_empty=True)
        return self._joined([*(self.build(part.part) for _ in range(part.least)), optional])


def _united(ranges: Ranges) -> list[tuple[int, int]]:
    """Return ranges without overlaps: one position may name a character twice."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
