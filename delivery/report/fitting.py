"""Cutting a document to a length: whole blocks, the least important first, never in the middle of one.

GitHub refuses comments of more than 65,536 characters. Whether it counts characters, code units of UTF-16 or bytes is
not documented; the bytes of UTF-8 are never fewer than either, so bytes are counted here.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 64_000
"""What fits into a comment, whose limit is 65,536, beside what is added to it when it is published."""

_GAP = "\n\n"


@dataclass(frozen=True)
class Block:
    """A piece of Markdown that stands by itself."""

    variants: tuple[str, ...]
    """From the whole to the shortest that still helps; after it the block is left out."""
    rank: int
    """Blocks of a higher rank are cut first."""


@dataclass(frozen=True)
class Part:
    """A titled part of a document."""

    title: str
    """A headline in Markdown; empty for none."""
    blocks: tuple[Block, ...]
    joint: str = _GAP
    """What stands between two blocks: a line end in a list."""


@dataclass(frozen=True)
class Fitted:
    """A document that fits."""

    text: str
    is_cut: bool


def size(text: str) -> int:
    """Return the length as the limit counts it."""
    return len(text.encode())


def fit(head: str, parts: Sequence[Part], pointer: str, limit: int = LIMIT) -> Fitted:
    """Return the document; when it is longer than `limit`, it is cut and ends with `pointer`."""
    whole = _joined(head, parts, {}, "")
    if size(whole) <= limit:
        return Fitted(whole, is_cut=False)
    return Fitted(_joined(head, parts, _cut(head, parts, pointer, limit), pointer), is_cut=True)


def _joined(head: str, parts: Sequence[Part], cut: dict[tuple[int, int], int], pointer: str) -> str:
    texts = [head]
    for place, part in enumerate(parts):
        if not part.blocks:
            continue
        kept = [
            block.variants[cut.get((place, number), 0)]
            for number, block in enumerate(part.blocks)
            if cut.get((place, number), 0) < len(block.variants)
        ]
        lost = len(part.blocks) - len(kept)
        texts += [part.title] if part.title else []
        texts += [part.joint.join(kept)] if kept else []
        texts += [_left_out(lost, some=bool(kept))] if lost else []
    texts += [pointer] if pointer else []
    return _GAP.join(texts) + "\n"


def _left_out(count: int, *, some: bool) -> str:
    return f"_{count}{' more' if some else ''} {'is' if count == 1 else 'are'} left out here._"


def _cut(head: str, parts: Sequence[Part], pointer: str, limit: int) -> dict[tuple[int, int], int]:
    """Return, by part and block, which variant is shown: from the highest rank down, the largest block first."""
    gap = len(_GAP)
    total = size(head) + size(pointer) + 2 * gap
    heap: list[tuple[int, int, int, int]] = []  # what is cut next stands first: rank, size, place
    for place, part in enumerate(parts):
        total += size(part.title) + size(_left_out(len(part.blocks), some=True)) + 3 * gap
        for number, block in enumerate(part.blocks):
            length = size(block.variants[0]) + size(part.joint)
            total += length
            heap.append((-block.rank, -length, place, number))
    heapq.heapify(heap)
    cut: dict[tuple[int, int], int] = {}
    while total > limit and heap:
        negative_rank, negative_length, place, number = heapq.heappop(heap)
        variants = parts[place].blocks[number].variants
        shown = cut[place, number] = cut.get((place, number), 0) + 1
        total += negative_length
        if shown < len(variants):
            length = size(variants[shown]) + size(parts[place].joint)
            total += length
            heapq.heappush(heap, (negative_rank, -length, place, number))
    return cut
