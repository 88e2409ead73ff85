"""Which statement of the old policy is which of the new one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from delivery.report.telling.statements import Item

# A statement of these is another one when the attribute differs: a header renamed is one removed and one added.
_NAMED_BY: Mapping[str, str] = {
    "include-fragment": "fragment-id",
    "set-header": "name",
    "set-query-parameter": "name",
    "set-variable": "name",
    "check-header": "name",
}
# Of several in one section these tell them apart, but one may well get another.
_USUALLY_BY: Mapping[str, str] = {
    "rate-limit-by-key": "counter-key",
    "quota-by-key": "counter-key",
    "llm-token-limit": "counter-key",
    "azure-openai-token-limit": "counter-key",
    "limit-concurrency": "key",
}


@dataclass(frozen=True)
class Aligned:
    """What became of the statements of one section."""

    pairs: tuple[tuple[int, int], ...]
    """Places of the same statement before and after, by the place after."""
    moved: frozenset[int]
    """Places after of those that run in another order than before, as few as explain the order."""
    removed: tuple[int, ...]
    added: tuple[int, ...]


def aligned(before: Sequence[Item], after: Sequence[Item]) -> Aligned:
    """Pair equal statements first, in their order if they can, then those of one identity, then those of one kind."""
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        pairs |= {block.a + step: block.b + step for step in range(block.size)}
    for key in (_itself, _identity, _kind):
        _pair(pairs, before, after, key)
    by_place_after = tuple(sorted(pairs.items(), key=lambda pair: pair[1]))
    taken = set(pairs.values())
    return Aligned(
        by_place_after,
        _out_of_order(by_place_after),
        tuple(place for place in range(len(before)) if place not in pairs),
        tuple(place for place in range(len(after)) if place not in taken),
    )


def _itself(item: Item) -> Hashable:
    return item


def _identity(item: Item) -> Hashable:
    attribute = _NAMED_BY.get(item.tag) or _USUALLY_BY.get(item.tag)
    return (item.tag, item.get(attribute) if attribute else "")


def _kind(item: Item) -> Hashable:
    """Return what makes two statements worth comparing; names that differ do not."""
    return (item.tag, item.get(_NAMED_BY[item.tag]) if item.tag in _NAMED_BY else "")


def _pair(
    pairs: dict[int, int], before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]
) -> None:
    """Add pairs of statements that are not in one yet and have the same key, first with first."""
    free: dict[Hashable, list[int]] = defaultdict(list)
    taken = set(pairs.values())
    for place, item in enumerate(after):
        if place not in taken:
            free[key(item)].append(place)
    for place, item in enumerate(before):
        if place not in pairs and free[key(item)]:
            pairs[place] = free[key(item)].pop(0)


def _out_of_order(pairs: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the places after of the pairs outside the longest run whose order is as before."""
    tails: list[int] = []  # the smallest place before at which a run of each length ends
    lengths: list[int] = []
    for place_before, _ in pairs:
        length = bisect_left(tails, place_before)
        tails[length : length + 1] = [place_before]
        lengths.append(length)
    kept: set[int] = set()
    wanted = len(tails) - 1
    limit = float("inf")
    for (place_before, place_after), length in zip(reversed(pairs), reversed(lengths), strict=True):
        if length == wanted and place_before < limit:
            kept.add(place_after)
            wanted, limit = wanted - 1, place_before
    return frozenset(place_after for _, place_after in pairs) - kept
